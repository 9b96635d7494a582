"""Which figures belong to a series, which may, and with which sign they stand in it."""

from fractions import Fraction
from typing import Any

import pytest

from exports.columns import Row, rows_of
from panels.series import Series, is_whole, own_words, unit_of
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
    ("sentence", "words"),
    [
        ("粮食产量5吨。", "粮食产量"),
        ("2025年，粮食方面，产量5吨。", "2025年，粮食方面，产量"),
        ("粮食播种9亩，单产4吨，总产5吨。", "总产"),
        ("粮食、油料播种9亩，其中，总产5吨。", "其中，总产"),
        ("粮食丰收；总产5吨。", "总产"),
    ],
)
def test_own_words_have_no_other_figure_behind_them(sentence: str, words: str) -> None:
    """A year is no figure."""
    assert own_words(row(metric("总产", "5", "吨", sentence=sentence))) == words


@pytest.mark.parametrize(
    ("series", "figure", "may_be", "akin", "differs"),
    [
        (GROWTH, growth("5", indicator_id="finance.revenue", indicator="经济增长"), False, True, "indicator"),
        (GROWTH, growth("5", indicator_id="finance.revenue", indicator="收入增长"), False, False, "indicator"),
        (GROWTH, metric("生产总值", "5", "吨", indicator_id="economy.gdp"), False, True, "unit"),
        (GROWTH, growth("5", measure="share"), False, True, "measure"),
        (GRAIN, metric("总产", "5", "吨", sentence="粮食播种9亩，总产5吨。", confidence=0.4), False, True, "words"),
        (GRAIN, metric("总产", "5", "吨", sentence="粮食播种9亩，总产5吨。"), False, False, "words"),
        (GRAIN, metric("粮食总产", "5", "亩"), False, False, "unit"),
    ],
)
def test_what_was_read_as_something_else_is_akin_and_no_candidate(
    series: Any, figure: Any, differs: str, *, may_be: bool, akin: bool
) -> None:
    """By its name or its id; of what is not sure, by words that another figure stands behind."""
    found = row(figure)

    assert (series.may_be(found), series.is_akin(found), series.differs(found)) == (may_be, akin, differs)


def test_what_a_name_must_not_have_keeps_it_from_being_akin() -> None:
    dry = Series("d", "节水", ids=("water.saved",), words=(("节",),), without=("率",), units=("吨",))

    assert [dry.is_akin(row(metric(name, "5", "%", indicator_id="water.saved"))) for name in ("节水", "节水率")] == [
        True,
        False,
    ]


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


def test_a_rise_is_positive_where_the_title_counts_rises() -> None:
    rises = Series("rises", "增长", units=("%",), direction="increase")

    assert [rises.signed("5", "%", change) for change in ("increase", "decrease", "to")] == [5, -5, 5]


@pytest.mark.parametrize(
    "scope", ["国", "省", "自治区", "区", "市", "州", "盟", "县", "旗", "镇", "乡", "街道", "域", "社会", "境"]
)
def test_a_scope_is_the_whole_place_s_whatever_its_level(scope: str) -> None:
    assert (is_whole(f"全{scope}"), is_whole(scope), is_whole(f"全{scope}级"), is_whole(f"各{scope}")) == (
        True,
        True,
        False,
        False,
    )


@pytest.mark.parametrize("scope", ["国", "省", "区", "市", "县"])
def test_a_scope_is_the_whole_place_s_as_its_own_people_say_it(scope: str) -> None:
    assert (is_whole(f"我{scope}"), is_whole(f"我{scope}南部")) == (True, False)


def test_a_bare_number_belongs_where_a_series_lets_it_through() -> None:
    bare = row(metric("制度", "5", ""))
    lets, counts = (Series("n", "制度", names=("制度",), units=units) for units in (("项", ""), ("项",)))

    assert (unit_of(bare), unit_of(row(metric("制度", "5", "项")))) == ("", "项")
    assert (lets.has(bare), lets.may_be(bare), lets.takes("项")) == (True, True, True)
    assert (counts.has(bare), counts.may_be(bare)) == (False, False)
    assert Series("n", "制度", names=("制度",)).has(bare)


@pytest.mark.parametrize(
    ("name", "has"),
    [("农村贫困人口减少", True), ("农村贫困人口脱贫", True), ("农村贫困人口", False), ("贫困县减少", False), ("农村贫困人口减少率", False)],
)  # fmt: skip
def test_words_of_every_group_and_none_that_must_not_be_there_make_a_name(name: str, *, has: bool) -> None:
    lifted = Series("l", "脱贫", words=(("农村贫困人口",), ("减少", "脱贫")), without=("率",), units=("人",))

    assert lifted.has(row(metric(name, "5", "人"))) is has
