"""Parts that are no larger than their whole, and demands that are met."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.relations.arithmetic import Finding, bound_of
from worker.relations.grammar import Grammar
from worker.relations.sums import is_additive, whole_of
from worker.relations.terms import Row, Term

_SHORT = 16  # characters between 其中 and its figure that leave no room for another matter


def find_subsets(rows: Sequence[Row], grammar: Grammar) -> Iterator[Finding]:
    """``其中`` x of y, and steps that follow each other: ``受理991件,审结970件``.

    Only what 其中 opens can contradict; a later step may hold what was left over from the year before.
    """
    for at, row in enumerate(rows):
        previous = rows[at - 1] if at and rows[at - 1][-1].sentence.paragraph == row[0].sentence.paragraph else ()
        for place, part in enumerate(row):
            if not part.value or not is_additive(part, grammar):
                continue
            whole = whole_of(row, previous, place, grammar)
            if whole is None or whole.value is None or not is_additive(whole, grammar):
                continue
            if opener := grammar.among.search(part.clause.gap):
                yield from _among(part, whole, part.clause.gap[opener.end() :], grammar)
            elif whole in row[max(0, place - 2) : place] and _is_later_step(whole, part, grammar):
                finding = bound_of("subset", [part, whole], above=False)
                if finding.holds:
                    yield finding


def _among(part: Term, whole: Term, between: str, grammar: Grammar) -> Iterator[Finding]:
    if len(between) > _SHORT:
        return
    finding = bound_of("subset", [part, whole], above=False)
    generic = part.family in grammar.generic_units or part.sentence != whole.sentence
    # 3个园区,其中A园区企业20个: what anything is counted in need not count the same thing.
    if finding.holds or (not generic and part.exact and whole.exact and part.unit == whole.unit):
        yield finding


def _is_later_step(whole: Term, part: Term, grammar: Grammar) -> bool:
    if re.search("[;。]|其余|其他", part.clause.gap):  # 受理171件，不予受理9件，其余6件作其他处理
        return False
    for steps in grammar.steps:
        of_whole = [at for at, step in enumerate(steps) if step.search(whole.clause.whole)]
        if of_whole and any(step.search(part.clause.whole) for step in steps[of_whole[-1] + 1 :]):
            return True
    return False


def find_thresholds(rows: Sequence[Row], grammar: Grammar) -> Iterator[Finding]:
    """``41.67%,达到上级要求的30%以上的目标``."""
    for row in rows:
        for figure, limit in pairwise(row):
            if (
                figure.value is None
                or limit.value is None
                or figure.unit != limit.unit
                or figure.change
                or limit.change
            ):
                continue
            _, comma, clause = limit.clause.gap.rpartition(",")
            if not grammar.demands.search(clause + limit.clause.tail[:6]) or not comma:
                continue
            if grammar.reached_above.match(clause):
                yield bound_of("threshold", [figure, limit], above=True)
            elif grammar.reached_below.match(clause):
                yield bound_of("threshold", [figure, limit], above=False)
