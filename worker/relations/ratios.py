"""Shares: ``受理2647件,结案1807件,结案率68.27%``, ``占总数的40%``; and what fell away: ``压缩比为70%``.

The name of the rate tells the formula. A share that fails is a contradiction only where each word of that name stands
at one of the two counts, or where the numbers are long and one wrong digit explains the difference.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from worker.figure import LONGEST_CLAUSE
from worker.relations.arithmetic import Finding, Judge, complement_of, is_one_digit_lost, is_one_digit_off, ratio_of
from worker.relations.grammar import Grammar
from worker.relations.sums import SURE_DIGITS, is_additive
from worker.relations.terms import Row, Term

#: Two digits agree by chance once in a hundred pairs, four once in ten thousand.
NEAR_DIGITS, FAR_DIGITS = 2, 3
NEAR, FAR = 4, 8  # how many figures of the same unit are looked back on: in the paragraph, in the report

_SHARE_OF = re.compile(r"占(?:了|到|达)?([^,;:。]*?)的?(?:总数|总量|总额)?的?(?:比例|比重|比率)?(?:为|达|达到|约)?$")
_RATE_END = re.compile("率(?:为|达|达到|是)?$")
_NO_COUNT = re.compile(r"个百分点|增长|增速|增幅|降幅|涨幅")


@dataclass(frozen=True)
class _Pair:
    part: Term
    whole: Term
    near: bool  # nothing of the same unit, and no other share, stands between the two and the share


class RecentFigures:
    """The last few additive figures of each unit, in the paragraph and in the report."""

    def __init__(self) -> None:
        self._by_family: dict[str, list[Term]] = {}
        self._largest: dict[str, Term] = {}

    def add(self, figure: Term) -> None:
        """Remember one more."""
        recent = self._by_family.setdefault(figure.family, [])
        recent.append(figure)
        del recent[:-FAR]
        largest = self._largest.setdefault(figure.family, figure)
        if largest is not figure and figure.amount > largest.amount:
            self._largest[figure.family] = figure

    def of(self, family: str) -> Sequence[Term]:
        """Those of a family, oldest first."""
        return self._by_family.get(family, ())

    def wholes(self, family: str) -> Iterator[Term]:
        """Those that a share of the report's total can refer to: the latest first, the largest of all last."""
        yield from reversed(self.of(family))
        if family in self._largest and self._largest[family] not in self.of(family):
            yield self._largest[family]

    def last(self) -> Term | None:
        """The latest of all."""
        latest = [recent[-1] for recent in self._by_family.values()]
        return max(latest, key=lambda figure: figure.start, default=None)


def find_ratios(rows: Sequence[Row], sums: Sequence[Finding], grammar: Grammar) -> Iterator[Finding]:
    """The shares of a report, each explained once at most. Members of a sum are known to be whole and part."""
    recent = RecentFigures()
    known = {(part.start, found.members[0].start) for found in sums if found.holds for part in found.members[1:]}
    for row in rows:
        share_before: Term | None = None
        for figure in row:
            if figure.family != "%":
                if is_countable(figure, grammar):
                    recent.add(figure)
            elif figure.unit == "%" and figure.qualifier in ("exact", "about"):
                finding = _explained(figure, recent, share_before, known, grammar)
                if finding:
                    yield finding
                share_before = figure


def is_countable(figure: Term, grammar: Grammar) -> bool:
    """Whether it can be part or whole of a share."""
    return figure.value is not None and figure.value.numerator > 0 and is_additive(figure, grammar)


def _explained(
    share: Term, recent: RecentFigures, before: Term | None, known: Set[tuple[int, int]], grammar: Grammar
) -> Finding | None:
    name = share.clause.whole if share.clause.before else share.clause.gap
    if grammar.complements.search(name) and share.change in (None, "decrease"):
        return _complement(share, recent, grammar)
    if (
        share.change in ("increase", "decrease")
        or _NO_COUNT.search(name)
        or not grammar.shares.search(share.clause.before)
    ):
        return None
    last = recent.last()
    if last is None:
        return None
    pairs = list(_pairs(share, last, recent, before, known))
    for pair in pairs:
        finding = ratio_of([share, pair.part, pair.whole])
        if finding and finding.holds and _is_believable(share, pair, finding):
            return finding
    if pairs and pairs[0].near:
        if _has_lost_digit(share, pairs[0], grammar):
            return ratio_of([share, pairs[0].whole, pairs[0].part])
        finding = ratio_of([share, pairs[0].part, pairs[0].whole])
        if finding and not finding.holds and _must_hold(share, pairs[0], ratio_of, grammar):
            return finding
    return None


def _pairs(
    share: Term, last: Term, recent: RecentFigures, before: Term | None, known: Set[tuple[int, int]]
) -> Iterator[_Pair]:
    """Pairs of part and whole, the likeliest first: the larger of two counts is the whole."""
    counts = recent.of(last.family)
    same_paragraph = [figure for figure in counts if figure.sentence.paragraph == share.sentence.paragraph][-NEAR:]
    latest = list(reversed(same_paragraph))
    for at, one in enumerate(latest):
        for far, other in enumerate(latest[at + 1 :], at + 1):
            part, whole = sorted((one, other), key=lambda figure: (figure.amount, -figure.start))
            parted = before is not None and before.start > other.start
            next_to = (at == 0 and far == 1) or (part.start, whole.start) in known
            yield _Pair(part, whole, next_to and not parted and other.sentence == share.sentence)
    if _SHARE_OF.search(share.clause.before[-LONGEST_CLAUSE:]) and last.sentence == share.sentence:
        for whole in recent.wholes(last.family):
            if whole not in latest and whole.amount > last.amount:
                yield _Pair(last, whole, near=False)


def _is_believable(share: Term, pair: _Pair, finding: Finding) -> bool:
    """Whether agreement is more than chance, by how many digits agree and how far one had to look."""
    if pair.part.amount == pair.whole.amount:
        return pair.near and share.amount == 100
    if share.amount >= 100:
        return False
    if finding.verdict == "holds_within_rounding" and not pair.near:
        return False
    digits = share.digits
    if pair.near:
        return digits >= NEAR_DIGITS
    named = _SHARE_OF.search(share.clause.before[-LONGEST_CLAUSE:])
    of = named[1] if named else ""
    same_sentence = pair.part.sentence == pair.whole.sentence == share.sentence
    return digits >= FAR_DIGITS + (not same_sentence and not _has_a_word_of(of, pair.whole)) or (
        digits >= NEAR_DIGITS and pair.part.sentence == share.sentence and _has_a_word_of(of, pair.whole)
    )


def _has_lost_digit(share: Term, pair: _Pair, grammar: Grammar) -> bool:
    """Whether more have the outcome than there are, and one digit that is lost explains it: 482件，成功4798件，成功率98.5%."""
    outcome, whole = pair.whole, pair.part
    if whole.start > outcome.start or share.amount >= 100 or share.digits < FAR_DIGITS:
        return False
    if grammar.own_base.search(share.clause.before + whole.clause.tail + outcome.clause.whole):
        return False  # 受理482件(含上年旧存): what is done may be of more than came in
    stem, *rest = _RATE_END.split(share.clause.gap.rpartition(",")[2])
    return (
        len(stem) > 1
        and bool(rest)
        and stem in outcome.clause.whole
        and is_one_digit_lost(ratio_of, [share, outcome, whole])
    )


def _must_hold(share: Term, pair: _Pair, judge: Judge, grammar: Grammar) -> bool:
    if pair.part.start < pair.whole.start or share.qualifier != "exact" or ";" in share.clause.gap:
        return False
    # 100% is all of what was due, which seldom is all that was counted.
    if share.amount == 100 or grammar.own_base.search(share.clause.before + pair.whole.clause.whole):
        return False
    figures = [share, pair.part, pair.whole]
    counted = set(pair.part.clause.whole + pair.whole.clause.whole)
    own = grammar.neutral.sub("", share.clause.before)
    if (
        share.clause.before.endswith(("率", "率为", "率达", "率达到"))
        and own.rstrip("率为达到")
        and not pair.part.clause.after
    ):
        stem = re.sub("率(为|达|达到)?$", "", own)
        if stem and set(stem) <= counted and set(stem) & set(pair.part.clause.whole):
            return True
    agree = _has_a_word_of(share.clause.before, pair.part)
    return agree and share.digits >= SURE_DIGITS and is_one_digit_off(judge, figures)


def _complement(share: Term, recent: RecentFigures, grammar: Grammar) -> Finding | None:
    last = recent.last()
    if last is None:
        return None
    known = [figure for figure in recent.of(last.family) if figure.sentence.paragraph == share.sentence.paragraph]
    if len(known) < 2 or last.sentence != share.sentence:
        return None
    old, new = known[-2:]
    finding = complement_of([share, new, old])
    if finding is None or new.amount > old.amount:
        return None
    said = grammar.old.search(old.clause.whole) and grammar.new.search(new.clause.whole)
    return finding if said or (finding.verdict == "holds" and share.digits >= FAR_DIGITS) else None


def _has_a_word_of(words: str, figure: Term) -> bool:
    """Whether two neighbouring characters of ``words`` stand at the figure."""
    own, words = figure.clause.whole, words[-LONGEST_CLAUSE:]
    return any(words[at : at + 2] in own for at in range(len(words) - 1))
