"""The same figure given again: ``我区共639项政务服务事项`` in one sentence and ``639项政务服务事项`` in the next."""

from collections.abc import Iterator, Sequence

from worker.relations.arithmetic import Finding, is_one_digit_off
from worker.relations.terms import Row, Term

#: Shorter numbers are the same by chance too often.
SURE_DIGITS = 3
SHORTEST_NAME = 4


def find_repetitions(rows: Sequence[Row]) -> Iterator[Finding]:
    """Each later mention with the first one; changes are left alone, for their names seldom say of what.

    One that differs from at least two that agree, in the same paragraph and by one digit, contradicts.
    """
    groups: dict[tuple[str, str, str | None], list[Term]] = {}
    for row in rows:
        for figure in row:
            if figure.change is None and len(_name(figure)) >= SHORTEST_NAME and _is_distinct(figure):
                groups.setdefault((_name(figure), figure.unit, figure.period), []).append(figure)
    for group in groups.values():
        yield from _of_group(group)


def _is_distinct(figure: Term) -> bool:
    value = figure.value
    return value is not None and len(str(value.numerator).rstrip("0")) >= SURE_DIGITS


def _name(figure: Term) -> str:
    """What the number stands before, else what the figure is called."""
    return figure.clause.after if len(figure.clause.after) >= SHORTEST_NAME else figure.name


def _of_group(group: Sequence[Term]) -> Iterator[Finding]:
    by_value: dict[object, list[Term]] = {}
    for figure in group:
        by_value.setdefault((figure.value, figure.qualifier), []).append(figure)
    common = max(by_value.values(), key=len)
    for figures in by_value.values():
        first = figures[0]
        for again in figures[1:]:
            yield _same([again, first])
    if len(common) < 2 or len(by_value) != 2 or len(group) != len(common) + 1:
        return
    odd = next(figures[0] for figures in by_value.values() if figures is not common)
    near = all(figure.sentence.paragraph == odd.sentence.paragraph for figure in common)
    if near and odd.qualifier == common[0].qualifier and is_one_digit_off(_same, [odd, common[0]]):
        yield _same([odd, common[0]])


def _same(figures: Sequence[Term]) -> Finding:
    again, first = figures
    verdict = "holds" if again.amount == first.amount else "contradicts"
    return Finding("repetition", tuple(figures), "a = b", again.amount, first.amount, verdict)  # type: ignore[arg-type]
