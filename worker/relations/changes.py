"""Growth and differences: ``由45天压缩至18天``, ``20件,同比增加5件、增长33.3%``, ``比上年的66.83%高1.48个百分点``."""

import re
from collections.abc import Iterator, Sequence

from worker.relations.arithmetic import Finding, difference_of, growth_of, step_growth_of, step_over_base_of
from worker.relations.grammar import Grammar
from worker.relations.terms import Row, Term

_FROM = re.compile(r"(?:由|从)[^,;:。]*$")
_TO = re.compile(r"(?:到|至|为)[^,;:。]{0,4}$")
_THAN = re.compile(r"(?<![同环占])(?:比(?![重例率])|较)[^,;:。]*$")
_STEP = re.compile(r"[^,;:。]{0,6}")
LOOK_BACK = 4
SURE_DIGITS = 3


def find_changes(rows: Sequence[Row], grammar: Grammar) -> Iterator[Finding]:
    """Growth and differences of a report."""
    earlier: list[Term] = []
    for row in rows:
        for at, figure in enumerate(row):
            if figure.value is not None:
                yield from _growth(row, at, grammar)
                yield from _difference(row, at, earlier, grammar)
            earlier.append(figure)
            del earlier[: -2 * LOOK_BACK]


def _is_change(figure: Term, grammar: Grammar) -> bool:
    """Whether its clause says only that the figure before has changed."""
    return (
        figure.value is not None
        and figure.change in ("increase", "decrease")
        and bool(grammar.change_clause.fullmatch(figure.clause.gap))
    )


def _growth(row: Row, at: int, grammar: Grammar) -> Iterator[Finding]:
    rate = row[at]
    if at < 2 or not _is_change(rate, grammar):
        return
    one, other = row[at - 2], row[at - 1]
    if one.family != other.family or not one.value or not other.value:
        return
    finding = None
    if other.change in ("increase", "decrease"):
        if rate.unit == "%" and other.change == rate.change and _is_change(other, grammar) and one.change is None:
            # 比上年决算数3560万元增加191万元，增长5.4%; a rate that does not fit may be of another year
            is_base = bool(_THAN.search(one.clause.lead) and _STEP.fullmatch(other.clause.gap))
            finding = (step_over_base_of if is_base else step_growth_of)([rate, other, one])
            finding = None if is_base and finding and not finding.holds else finding
    elif _is_from_to(one, other, grammar) and (rate.change == "increase") == (other.value > one.value):
        if rate.unit == "%" and one.family != "%":
            finding = growth_of([rate, other, one])
        elif rate.family == one.family and rate.unit != "%":
            finding = difference_of([other, one, rate], 1 if rate.change == "increase" else -1)
    if finding and (finding.holds or not grammar.constant_prices.search(one.name + one.clause.whole)):
        yield finding


def _is_from_to(one: Term, other: Term, grammar: Grammar) -> bool:
    """Whether the one is what it was and the other what it became: 由45天压缩至18天, 去年45件,今年60件."""
    if _FROM.search(one.clause.lead) and _TO.search(other.clause.lead):
        return True
    return bool(grammar.last_year.search(one.clause.whole) and grammar.this_year.search(other.clause.whole))


def _difference(row: Row, at: int, earlier: Sequence[Term], grammar: Grammar) -> Iterator[Finding]:
    """x, 比 a 高 d: the base stands right before the difference, the result before both."""
    step = row[at]
    if not at or not _STEP.fullmatch(step.clause.gap) or not _THAN.search(row[at - 1].clause.lead):
        return
    base = row[at - 1]
    sign = 1 if grammar.more.search(step.clause.gap) else -1 if grammar.less.search(step.clause.gap) else 0
    if not sign or base.family != step.family or base.value is None or (step.unit == "%" and base.unit == "%"):
        return
    before = [
        figure
        for figure in earlier
        if figure.start < base.start and figure.sentence.paragraph == step.sentence.paragraph
    ]
    results = [figure for figure in before if figure.unit == base.unit and not _THAN.search(figure.clause.lead)]
    results = [figure for figure in results if figure.value is not None][-LOOK_BACK:]
    for result in reversed(results):
        finding = difference_of([result, base, step], sign)
        if finding.verdict == "holds" and step.digits >= 2:
            yield finding
            return
    if results and at >= 2 and results[-1] is row[at - 2]:
        yield difference_of([results[-1], base, step], sign)
