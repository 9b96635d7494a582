"""Each word that tells of a relation, by itself, and the nearest that does not."""

import re

import pytest

from worker.facts import load_facts
from worker.relations import changes, ratios, sums, table_sums
from worker.relations.grammar import Pair, load_grammar

GRAMMAR = load_grammar()
FACTS = load_facts("relations")


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        (changes._FROM, ["时限由", "从去年的"], ["由去年,", "自"]),
        (changes._TO, ["压缩到", "增至", "变为", "增至目前大约"], ["至目前的大约", "到,", "成"]),
        (
            changes._THAN,
            ["比", "比上年的", "较上年"],
            ["比重", "比例", "比率", "同比", "环比", "占比", "同较", "比,", "占上年"],
        ),
        (ratios._NO_COUNT, ["个百分点", "增长", "增速", "增幅", "降幅", "涨幅"], ["增加", "百分点", "增"]),
        (
            ratios._SHARE_OF,
            [
                *("占", "占了", "占到", "占达", "占总数", "占全市总量的", "占总额", "占比例", "占总数的比重", "占比率"),
                *("占总数为", "占总数达", "占总数达到", "占总数约"),
            ],
            ["总数", "占总数,", "全市"],
        ),
        (sums._JOINED, ["、", "和", "与", "及", "甲类和", "、乙类"], ["或", ",和", "和,", "甲类"]),
        (
            sums._ORDINAL,
            [*(f"第{one}类" for one in "一二三四五六七八九"), *(f"第一{word}单位" for word in "类档组等种批")],
            ["第十类", "第1类", "第一名", "第一类,", "一类"],
        ),
        (table_sums._PARTIAL, ["其中", "#"], ["其他", "中"]),
        (
            GRAMMAR.table_total,
            ["计", *FACTS["table_totals"], *(f"某县全部收入支出{word}" for word in FACTS["table_totals"])],
            ["某县全部收入支出的计", "甲计", *(f"某县本年全部收入支出{word}" for word in FACTS["table_totals"] if len(word) > 1)],
        ),
    ],
)  # fmt: skip
def test_words_of_relations(pattern: re.Pattern[str], found: list[str], not_found: list[str]) -> None:
    find = pattern.fullmatch if pattern in (sums._JOINED, GRAMMAR.table_total) else pattern.search

    assert [text for text in found if not find(text)] == []
    assert [text for text in not_found if find(text)] == []


@pytest.mark.parametrize(
    ("share", "of"),
    [
        ("占全市总数的", "全市"),
        ("占了全市采购额总量的比重为", "全市采购额"),
        ("占到全市总额的", "全市"),
        ("占达全市的比率约", "全市"),
        ("占全市总数达", "全市"),
        ("占全市总数为", "全市"),
        ("占全市采购额的比例达到", "全市采购额"),
        ("占全市采购额的", "全市采购额"),
        ("占", ""),
    ],
)
def test_a_share_says_of_what(share: str, of: str) -> None:
    match = ratios._SHARE_OF.search(share)

    assert match is not None
    assert match[1] == of


@pytest.mark.parametrize("row", FACTS["pairs"], ids=lambda row: f"{row['one'][0]}-{row['other'][0]}")
def test_a_pair_is_one_in_either_order(row: dict[str, list[str]]) -> None:
    for one in row["one"]:
        for other in row["other"]:
            assert GRAMMAR.pair_of(one, other) is not None
            assert GRAMMAR.pair_of(other, one) is not None
    assert GRAMMAR.pair_of(row["one"][0], "玄黄") is None
    assert GRAMMAR.pair_of("玄黄", row["one"][0]) is None


@pytest.mark.parametrize(
    ("one", "other", "of_all", "of_tasks"),
    [
        ("行政编制", "事业编制", True, True), ("市直单位", "各区", True, True), ("部门内抽查", "跨部门抽查", True, True), ("政府规范性文件", "部门规范性文件", True, True),
        ("专职调解员", "兼职调解员", True, True), ("男性", "女性", True, True), ("城镇人口", "乡村人口", True, True), ("中央支出", "地方支出", True, True),
        ("线上办理", "线下办理", True, True), ("新开工项目", "续建项目", True, True), ("已完成", "正在推进", False, True), ("优秀等次", "良好等次", False, False),
        ("成功化解", "引导进入程序", False, False),
    ],
)  # fmt: skip
def test_two_kinds_make_up_the_whole_or_may_have_a_third_beside_them(
    one: str, other: str, *, of_all: bool, of_tasks: bool
) -> None:
    """Of tasks that were dealt out what is not done is under way."""
    pair = GRAMMAR.pair_of(one, other)

    assert pair is not None
    assert (pair.is_closed("案件"), pair.is_closed("分解任务")) == (of_all, of_tasks)


def test_a_closed_pair_comes_before_one_that_is_not() -> None:
    assert GRAMMAR.pair_of("男", "女") is not None
    assert [pair.closed for pair in GRAMMAR.pairs] == [row["closed"] for row in FACTS["pairs"]]


@pytest.mark.parametrize(
    ("closed", "whole", "is_closed"),
    [(True, "", True), (True, "任务", True), (False, "任务", True), (False, "", False), (False, "项目", False)],
)
def test_a_pair_is_closed_by_itself_or_for_what_it_divides(closed: bool, whole: str, is_closed: bool) -> None:  # noqa: FBT001
    pair = Pair(re.compile("甲"), re.compile("乙"), closed, re.compile("任务"))

    assert pair.is_closed(whole) is is_closed
    assert (pair.parts("甲", "乙"), pair.parts("乙", "甲")) == (True, True)
    assert (pair.parts("甲", "甲"), pair.parts("乙", "乙"), pair.parts("甲", "")) == (False, False, False)


@pytest.mark.parametrize(
    ("words", "is_total"),
    [
        ("共", True), ("总数", True), ("总计", True), ("共有各类单", True), ("共有各类单位", False), ("共,", False),
        *[(f"{before}共", False) for before in FACTS["total_not_before"]],
        *[(f"共{after}", False) for after in FACTS["total_not_after"]],
    ],
)  # fmt: skip
def test_a_total_says_so_right_before_its_number(words: str, is_total: bool) -> None:  # noqa: FBT001
    assert bool(GRAMMAR.total.search(words)) is is_total


@pytest.mark.parametrize(
    ("words", "adds"),
    [
        *[(f"{mark}{FACTS['plus'][0]}补助", True) for mark in ("", ",", "、", ";")],
        *[(f"加{after}", False) for after in FACTS["plus_not_after"]],
        (f"甲{FACTS['plus'][0]}补助", False),
        (f"{FACTS['plus'][0]}补助,甲", False),
    ],
)
def test_what_adds_begins_its_clause(words: str, adds: bool) -> None:  # noqa: FBT001
    assert bool(GRAMMAR.plus.search(words)) is adds
