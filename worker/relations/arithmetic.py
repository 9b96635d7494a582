"""Whether a stated figure is what others make it, exactly: no binary fractions anywhere."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal

from worker.relations.terms import Term

Verdict = Literal["holds", "holds_truncated", "holds_within_rounding", "contradicts"]
Kind = Literal["sum", "difference", "ratio", "complement", "growth", "subset", "threshold", "repetition"]

LONGEST = 15  # digits; no figure of a report has more, and trying each digit of a longer one costs time


@dataclass(frozen=True)
class Finding:
    """A relation between figures: ``members`` are a, b, c ... of the formula."""

    kind: Kind
    members: tuple[Term, ...]
    formula: str
    stated: Fraction
    computed: Fraction
    verdict: Verdict

    @property
    def holds(self) -> bool:
        """Whether the report is right about it."""
        return self.verdict != "contradicts"


Judge = Callable[[Sequence[Term]], Finding | None]


def sum_of(figures: Sequence[Term]) -> Finding:
    """a = b + c + ...: the first is the sum of the others."""
    total, *parts = figures
    computed = sum((part.amount for part in parts), Fraction(0))
    verdict: Verdict = "holds"
    if total.amount != computed:
        loose = not all(figure.exact for figure in figures)
        low, high = sum(part.low for part in parts), sum(part.high for part in parts)
        near = low <= total.high and total.low <= high
        verdict = "holds_within_rounding" if loose and near else "contradicts"
    letters = " + ".join(letter(at) for at in range(1, len(figures)))
    return Finding("sum", tuple(figures), f"a = {letters}", total.amount, computed, verdict)


def balance_of(figures: Sequence[Term]) -> Finding:
    """a + b = c + d: what came in and was there before is what went out and is left."""
    new, old, done, left = figures
    stated, computed = new.amount + old.amount, done.amount + left.amount
    verdict: Verdict = "holds" if stated == computed else "contradicts"
    return Finding("sum", tuple(figures), "a + b = c + d", stated, computed, verdict)


def difference_of(figures: Sequence[Term], sign: int) -> Finding:
    """a = b + c where ``sign`` is 1, a = b - c where it is -1."""
    result, base, step = figures
    computed = base.amount + sign * step.amount
    margin = result.step + base.step + step.step
    loose = not all(figure.exact for figure in figures)
    verdict: Verdict = "holds"
    if result.amount != computed:
        verdict = "holds_within_rounding" if loose and abs(result.amount - computed) < margin else "contradicts"
    mark = "+" if sign > 0 else "-"
    return Finding("difference", tuple(figures), f"a = b {mark} c", result.amount, computed, verdict)


def ratio_of(figures: Sequence[Term]) -> Finding | None:
    """a % = b / c."""
    return _share("ratio", "a = b / c * 100", figures, lambda part, whole: 100 * part / whole)


def complement_of(figures: Sequence[Term]) -> Finding | None:
    """a % = 1 - b / c: what fell away when c became b."""
    return _share("complement", "a = (1 - b / c) * 100", figures, lambda part, whole: 100 - 100 * part / whole)


def growth_of(figures: Sequence[Term]) -> Finding | None:
    """a % is the growth from c to b, or the fall where ``a`` is a decrease."""
    if figures[0].change == "decrease":
        return _share("growth", "a = (1 - b / c) * 100", figures, lambda new, old: 100 - 100 * new / old)
    return _share("growth", "a = (b / c - 1) * 100", figures, lambda new, old: 100 * new / old - 100)


def step_growth_of(figures: Sequence[Term]) -> Finding | None:
    """a % is the change that made c out of what it was before it grew or fell by b."""
    if figures[0].change == "decrease":
        return _share("growth", "a = b / (c + b) * 100", figures, lambda step, new: 100 * step / (new + step))
    return _share("growth", "a = b / (c - b) * 100", figures, lambda step, new: 100 * step / (new - step))


def step_over_base_of(figures: Sequence[Term]) -> Finding | None:
    """a % is the change b of what was c before, which the text gives itself."""
    return _share("growth", "a = b / c * 100", figures, lambda step, base: 100 * step / base)


def _share(
    kind: Kind, formula: str, figures: Sequence[Term], compute: Callable[[Fraction, Fraction], Fraction]
) -> Finding | None:
    stated, one, other = figures
    try:
        computed = compute(one.amount, other.amount)
        corners = [computed]
        if not (one.exact and other.exact):
            corners = [compute(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    except ZeroDivisionError:
        return None
    return Finding(kind, tuple(figures), formula, stated.amount, computed, _rounding(stated, computed, corners))


def _rounding(stated: Term, computed: Fraction, corners: Sequence[Fraction]) -> Verdict:
    step = stated.step
    if abs(computed - stated.amount) < step:
        if floor(computed / step + Fraction(1, 2)) * step == stated.amount:
            return "holds"
        if floor(computed / step) * step == stated.amount:
            return "holds_truncated"
    loose = min(corners) < max(corners) or stated.qualifier != "exact"
    if loose and min(corners) - step < stated.amount < max(corners) + step:
        return "holds_within_rounding"
    return "contradicts"


def bound_of(kind: Kind, figures: Sequence[Term], *, above: bool) -> Finding:
    """a >= b where ``above``, else a <= b."""
    one, other = figures
    fits = one.amount >= other.amount if above else one.amount <= other.amount
    return Finding(
        kind,
        tuple(figures),
        f"a {'>=' if above else '<='} b",
        one.amount,
        other.amount,
        "holds" if fits else "contradicts",
    )


def is_one_digit_off(judge: Judge, figures: Sequence[Term]) -> bool:
    """Whether changing one digit of one figure would make the relation hold exactly: the mark of a slip.

    Where a figure has few digits that is also the mark of chance; the caller says how many are enough.
    """
    return _would_hold(judge, figures, _slips)


def is_one_digit_lost(judge: Judge, figures: Sequence[Term]) -> bool:
    """Whether one more digit in one figure would make the relation hold exactly: 482 that was 4872."""
    return _would_hold(judge, figures, _fuller)


def _would_hold(judge: Judge, figures: Sequence[Term], others: Callable[[Term], Iterator[Fraction]]) -> bool:
    for at, figure in enumerate(figures):
        for value in others(figure):
            changed = [*figures[:at], figure.having_value(value), *figures[at + 1 :]]
            finding = judge(changed)
            if finding and finding.verdict in ("holds", "holds_truncated"):
                return True
    return False


def _slips(figure: Term) -> Iterator[Fraction]:
    written = str(int(figure.amount / figure.step))
    if len(written) > LONGEST:
        return
    for place, digit in enumerate(written):
        for other in "0123456789":
            if other != digit:
                yield int(written[:place] + other + written[place + 1 :]) * figure.step


def _fuller(figure: Term) -> Iterator[Fraction]:
    written = str(int(figure.amount / figure.step))
    if len(written) > LONGEST:
        return
    for place in range(len(written) + 1):
        for digit in "0123456789" if place else "123456789":
            yield int(written[:place] + digit + written[place:]) * figure.step


def letter(place: int) -> str:
    """The name of a member in a formula."""
    return "abcdefghijklmnopqrstuvwxyz"[place]
