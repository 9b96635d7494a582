"""Which figures belong to a series, which may, and with which sign they stand in it."""

from fractions import Fraction
from typing import Any

import pytest

from exports.columns import Row, rows_of
from tests.unit.panels.made import ENERGY, GRAIN, GROWTH, growth, metric, report


def row(of: Any) -> Row:
    [found] = rows_of(report(of))
    return found


@pytest.mark.parametrize(
    ("series", "figure", "has", "may_be"),
    [
        (GROWTH, growth("5"), True, True),
        (GROWTH, growth("5", indicator_id=None, indicator="经济增长"), False, True),
        (GROWTH, growth("5", indicator_id="finance.revenue", indicator="经济增长"), False, False),
        (GROWTH, growth("5", measure="share"), False, False),
        (GROWTH, growth("5", measure="level"), False, True),
        (GROWTH, growth("5", measure="yearly_mean"), False, True),
        (GROWTH, growth("5", scope="城镇"), False, True),
        (GROWTH, metric("生产总值", "5", "吨"), False, False),
        (GRAIN, metric("粮食产量", "5", "吨"), True, True),
        (GRAIN, metric("粮食产量", "5", "斤"), True, True),
        (GRAIN, metric("粮食产量", "5", "亩"), False, False),
        (GRAIN, metric("粮食总产", "5", "吨"), False, True),
        (GRAIN, metric("产量", "5", "吨", sentence="粮食，产量5吨。"), False, False),
        (ENERGY, metric("单位能耗", "5", "%", measure="rate_of_change"), True, True),
        (ENERGY, metric("单位电耗", "5", "%", measure="rate_of_change"), False, False),
    ],
)
def test_a_figure_belongs_by_its_name_its_measure_and_the_whole(
    series: Any, figure: Any, *, has: bool, may_be: bool
) -> None:
    """What is of another indicator of the catalogue is never one of it; what was named or measured otherwise may be."""
    assert (series.has(row(figure)), series.may_be(row(figure))) == (has, may_be)


@pytest.mark.parametrize(("confidence", "may_be"), [(None, True), (0.3, True), (0.99, False)])
def test_of_what_is_not_sure_the_words_before_it_count_as_its_name(confidence: float | None, *, may_be: bool) -> None:
    figure = metric("产量", "5", "吨", at=4, sentence="粮食产量5吨。", confidence=confidence)
    assert GRAIN.may_be(row(figure)) is may_be


@pytest.mark.parametrize(
    ("series", "unit", "change", "value"),
    [
        (GROWTH, "%", "increase", 5), (GROWTH, "%", "decrease", -5), (GROWTH, "%", None, 5), (GROWTH, "%", "to", 5),
        (ENERGY, "%", "decrease", 5), (ENERGY, "%", "increase", -5), (ENERGY, "%", None, 5),
        (GRAIN, "吨", None, 5), (GRAIN, "斤", None, Fraction(5, 2000)),
    ],
)  # fmt: skip
def test_a_value_has_the_sign_that_the_title_gives_it(series: Any, unit: str, change: Any, value: Any) -> None:
    """In the base of its unit."""
    assert series.signed("5", unit, change) == value
    assert (series.takes(unit), series.takes("亩")) == (True, False)
