"""What the words before a figure say of growth, means, multiples, gaps and shares."""

import pytest

from worker.extract.language.growth import (
    Growth,
    Share,
    fulfilment_in,
    gap_in,
    is_multiple_of_earlier,
    mean_before,
    mean_in,
    more_or_fewer,
    share_in,
)
from worker.tools import load_tools

GROWTH = Growth(load_tools().lexicon.changes)


@pytest.mark.parametrize(
    ("text", "is_growth"),
    [
        ("同比增长", True), ("比1954年增加", True), ("较上年下降", True), ("与去年同期相比提高", True), ("5年提升", True), ("三年来增长", True),
        ("由", False), ("从低位上升", False), ("由增长", True), ("增", True), ("降至", True), ("增值税", False), ("增长值", False), ("案件增长", False),
        (",环比下降", True), ("、增长", True), ("", False), ("办结", False),
    ],
)  # fmt: skip
def test_words_of_growth_that_name_nothing(text: str, *, is_growth: bool) -> None:
    assert GROWTH.is_all_of(text) is is_growth


def test_the_longer_word_of_two_that_begin_alike_is_meant() -> None:
    """Whatever the order of the list."""
    for changes in (["增", "增长", "增长了", "降"], ["降", "增长了", "增长", "增"]):
        assert Growth(changes).named("产值", "同比增长了") == "产值同比增长了"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("甜菜比1954年增长", "甜菜增长"), ("产量较上年下降", "产量下降"), ("产值同比增长", "产值同比增长"), ("案件与上年相比减少", "案件减少"),
        ("产量增长", "产量增长"), ("对比数据核查", "对比数据核查"),
    ],
)  # fmt: skip
def test_words_without_what_they_are_measured_from(text: str, bare: str) -> None:
    assert GROWTH.without_base(text) == bare


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("产值", "同比增长", "产值同比增长"), ("产值增长", "增长", "产值增长"), ("产值", "办结", "产值"), ("产值", "降幅", "产值降幅"), ("产值", "增速", "产值增速"),
        ("收入", "翻", "收入翻"), ("产值", "下降", "产值下降"),
    ],
)  # fmt: skip
def test_a_name_with_the_change_that_is_spoken_of(name: str, text: str, told: str) -> None:
    assert GROWTH.named(name, text) == told


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("较上年多", "increase"), ("比上年同期少", "decrease"), (",同比多", "increase"), ("环比少", "decrease"), ("、比2022年多", "increase"),
        ("较上年增加", ""), ("多", ""), ("案件较上年多", ""),
    ],
)  # fmt: skip
def test_more_or_fewer_than_before(text: str, change: str) -> None:
    assert more_or_fewer(text) == change


@pytest.mark.parametrize(
    ("text", "mean", "before"),
    [
        ("年均", "年均", "年均"), (",其中户均", "户均", ""), ("人均", "人均", "人均"), ("年人均提高", "", "年人均"), ("户均增收", "", "户均"), ("人均收入", "", "人均"),
        ("收入人均", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_what_a_mean_refers_to(text: str, mean: str, before: str) -> None:
    assert (mean_in(text), mean_before(text)) == (mean, before)


@pytest.mark.parametrize(
    ("text", "is_multiple"),
    [
        ("是2010年的", True),
        ("为上年同期的", True),
        ("相当于2010年的", True),
        ("2010年的", True),
        ("的", False),
        ("是全国的", False),
        ("产量和各项产值是2010年的", False),
    ],
)
def test_a_multiple_of_what_it_was(text: str, *, is_multiple: bool) -> None:
    assert is_multiple_of_earlier(text) is is_multiple


@pytest.mark.parametrize(
    ("text", "own", "gap"),
    [
        ("增幅高于全省平均水平", "增幅", "高于全省平均水平"), ("增速比全省平均快", "增速", "比全省平均快"), ("增幅,低于全市", "增幅", "低于全市"),
        ("覆盖率比上年提高", "", ""), ("合格率不低于", "", ""), ("合格率应高于", "", ""), ("办结", "", ""), ("增速比全国高出", "增速", "比全国高出"),
    ],
)  # fmt: skip
def test_what_is_set_against_another(text: str, own: str, gap: str) -> None:
    """A bound alone sets nothing against anything, nor does a change."""
    assert gap_in(text) == (own, gap)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("女性占", Share("女性", "占比")), ("女性占总数的", Share("女性", "占总数比例")), ("女性占比", Share("女性", "占比")), ("女性占总数比重", Share("女性", "占总数比例")),
        ("女性所占比重", Share("女性", "占比")), ("占", Share("", "占比")), ("女性", None), ("占地", None),
    ],
)  # fmt: skip
def test_the_share_that_words_speak_of(text: str, share: Share | None) -> None:
    assert share_in(text) == share


@pytest.mark.parametrize(
    ("text", "unit", "share"),
    [
        ("收入完成预算的", "%", Share("收入", "完成预算")), ("收入完成预算的", "‰", Share("收入", "完成预算")), ("收入完成预算的", "万元", None),
        ("收入完成预算", "%", None), ("收入的", "%", None),
    ],
)  # fmt: skip
def test_what_a_proportion_is_reached_of(text: str, unit: str, share: Share | None) -> None:
    assert fulfilment_in(text, unit) == share
