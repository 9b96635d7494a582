"""The list of cells: each column, for a cell that is filled, one that is empty, one that was struck; and which cells are in doubt."""

from typing import Any

import pytest

from panels.cells import Cell, Key, Panel
from panels.codebook import Codebook
from panels.corrections import Corrections
from panels.documents import sources_of
from panels.filling import panel_of
from panels.long import ACTIONS, COLUMNS, MARKS, STATES, STATUSES, doubts
from panels.series import Series
from schemas.report import Report
from schemas.review import Review
from tests.unit.panels.made import BOOK, growth, metric, report, review

HEAD = """place 地区 text|region_code 区划代码 text|year 年份 text|series 指标 text|title 指标名称 text|status 目标或实绩 text|state 状态 text|value 数值 decimal
base_unit 单位 text|tone 语气 text|marks 注意 text|sentence 原句 text|quote 原文 text|candidate 候选 text|read_as 读作他项 text|also 另见 text|note 复核说明 text
report_value 报告中的数值 decimal|report_unit 报告中的单位 text|period 时期 text|indicator 报告中的名称 text|indicator_id 指标编号 text|qualifier 程度 text
confidence 可信度 real|report 报告 text|path 文件 text|page 页 whole|start 起 whole|end 止 whole|id 文档编号 text|revision 版次 whole|event_id 事件编号 text
pipeline_version 规则版本 text"""


def made(*reports: Report, reviews: tuple[Review, ...] = ()) -> Panel:
    return panel_of(BOOK, sources_of(reports, Corrections(()), BOOK.kinds), reviews)


def cell(panel: Panel, series: str, year: str = "2025", status: str = "achieved") -> Cell:
    return panel.cells[Key("440000", year, series, status)]


def row(cell: Cell) -> dict[str, Any]:
    """What the list has of a cell, without what it has not."""
    return {column.name: value for column in COLUMNS if (value := column.of(cell)) is not None}


def test_the_columns_of_the_list() -> None:
    told = [f"{column.name} {column.title} {column.kind}" for column in COLUMNS]
    assert told == HEAD.replace("\n", "|").split("|")


def test_a_cell_that_is_filled_has_its_figure_with_all_that_is_known_of_it() -> None:
    """What a person has put right, beside what was read; what says the same elsewhere."""
    figures = (
        growth("5.2", qualifier="over", at=3),
        growth("5.2", at=40, confidence=0.9),
        growth("6", at=60, value_high="7", period="2026", status="planned"),
    )
    panel = made(report(*figures), reviews=(review("correct", 3, "5.2%", value="5.3", by="甲", note="见正文"),))
    own = panel.sources[0].report

    origin = {
        "place": "广东省", "region_code": "440000", "series": "growth", "title": "地区生产总值增长", "state": "已载明", "base_unit": "%",
        "report_unit": "%", "indicator": "地区生产总值增长", "indicator_id": "economy.gdp",
        "report": "报告", "path": "a.txt", "id": own.id, "revision": 1, "pipeline_version": "4",
    }  # fmt: skip
    found = row(cell(panel, "growth"))
    assert found.pop("event_id")
    assert found == {
        **origin, "year": "2025", "status": "实绩", "value": "5.2 | 5.3", "marks": "已人工复核；有多个数值", "sentence": "地区生产总值增长5.2%。",
        "quote": "5.2%", "note": "更正 甲 2026-01-01 见正文", "report_value": "5.2", "period": "2025", "qualifier": "确数", "confidence": 0.9,
        "start": 40, "end": 44,
    }  # fmt: skip
    planned = row(cell(panel, "growth", "2026", "planned"))
    assert planned.pop("event_id")
    assert planned == {
        **origin, "year": "2026", "status": "目标", "value": "6~7", "tone": "软", "sentence": "地区生产总值增长6%。", "quote": "6%",
        "report_value": "6", "period": "2026", "qualifier": "确数", "confidence": 0.95, "start": 60, "end": 62,
    }  # fmt: skip


def test_a_cell_that_is_empty_has_its_candidate_or_nothing() -> None:
    grain = metric("", "7", "吨", period=None, confidence=0.4, sentence="粮食产量7吨。")
    panel = made(report(grain, metric("粮食产量", "9", "吨", at=20, period=None)))

    found = row(cell(panel, "grain"))
    assert (found["state"], found["candidate"], found["quote"], found["report_value"]) == (
        "未找到",
        "粮食产量 9吨（时期不明）",
        "9吨",
        "9",
    )
    assert not {"value", "base_unit", "marks", "tone", "also", "note"} & {*found}
    nameless = made(report(grain.model_copy(update={"period": "2024"})))
    assert row(cell(made(report(grain)), "grain"))["candidate"] == "（无名称） 7吨（时期不明）"
    assert row(cell(nameless, "grain"))["state"] == "未载明"
    assert row(cell(panel, "energy")) == {
        "place": "广东省", "region_code": "440000", "year": "2025", "series": "energy", "title": "能耗下降", "status": "实绩", "state": "未载明",
    }  # fmt: skip


def test_a_cell_of_what_was_read_as_something_else_names_it() -> None:
    """With its sentence; it is looked at before what nothing speaks against."""
    income = metric("经济增长", "4.1", "%", measure="rate_of_change", indicator_id="finance.revenue")
    panel = made(report(income))

    found = row(cell(panel, "growth"))
    assert (found["state"], found["read_as"], found["sentence"]) == (
        "读作他项",
        "经济增长 4.1%（2025）",
        "经济增长4.1%。",
    )
    assert "candidate" not in found
    assert [one.key.series for one in doubts(panel)] == ["growth"]


def test_a_figure_that_several_series_are_offered_says_that_it_is_of_one() -> None:
    """What is taken for one of them is offered to no other."""
    ended, mediated = (
        Series(key, title, ids=(f"r.{key}",), hints=(("复议",), (word,)), units=("件",))
        for key, title, word in (("ended", "终止", "终止"), ("mediated", "调解", "调解"))
    )
    book = Codebook("t", (ended, mediated))
    sources = sources_of((report(metric("复议调解终止", "28", "件")),), Corrections(()), ())
    taken = review("confirm", 0, "28件", series="ended")

    offered, left = panel_of(book, sources, ()), panel_of(book, sources, (taken,))
    assert [
        (row(cell(offered, key))["state"], row(cell(offered, key))["candidate"]) for key in ("ended", "mediated")
    ] == [
        ("未找到", "复议调解终止 28件（2025）［也可能是“调解”，只能属于其中一项］"),
        ("未找到", "复议调解终止 28件（2025）［也可能是“终止”，只能属于其中一项］"),
    ]
    assert [row(cell(left, key))["state"] for key in ("ended", "mediated")] == ["已载明", "未载明"]


def test_a_figure_behind_another_may_be_meant_and_comes_before_what_was_read_as_another() -> None:
    between = metric("总产", "5", "吨", sentence="粮食播种9亩，总产5吨。", confidence=0.4)
    grain = Series("grain", "粮食", ids=("g",), names=("粮食产量",), words=(("粮食",),), units=("吨",))
    panel = panel_of(
        Codebook("t", (grain,)),
        sources_of((report(metric("粮食产量", "8", "公顷", at=30, indicator_id="g"), between),), Corrections(()), ()),
        (),
    )

    found = row(cell(panel, "grain"))
    assert (found["state"], found["candidate"], found.get("read_as"), found["quote"]) == (
        "未找到",
        "总产 5吨（2025）",
        "粮食产量 8公顷（2025）",
        "5吨",
    )


def test_a_cell_that_was_struck_says_by_whom() -> None:
    panel = made(report(growth("5.2")), reviews=(review("strike", 0, "5.2%", by="乙", note="另一口径"),))

    found = row(cell(panel, "growth"))
    assert (found["state"], found["marks"], found["note"]) == ("已剔除", "已人工复核", "剔除 乙 2026-01-01 另一口径")
    assert "value" not in found


def test_what_says_the_same_elsewhere_is_named() -> None:
    figures = (
        growth("5.2"),
        growth("5.2", at=9, sentence="全年增长5.2%。", confidence=0.9),
        growth("5.2", at=30, sentence="又增长5.2%。", confidence=0.85),
    )

    assert row(cell(made(report(*figures)), "growth"))["also"] == "全年增长5.2%。；又增长5.2%。"


@pytest.mark.parametrize(
    ("figures", "reviews", "doubt"),
    [
        ((growth("5.2"),), (), False), ((growth("5.2"), growth("5.3", at=9)), (), True), ((growth("5.2", confidence=0.5),), (), True),
        ((growth("5.2", period=None),), (), True), ((growth("5.2", period=None),), (review("confirm", 0, "5.2%"),), False),
        ((growth("5.2", confidence=0.5),), (review("confirm", 0, "5.2%"),), False), ((growth("5.2"), growth("5.3", at=9)), (review("confirm", 0, "5.2%"),), False),
        ((), (), False),
    ],
)  # fmt: skip
def test_a_cell_is_in_doubt_until_a_person_has_looked_at_it(figures: Any, reviews: Any, *, doubt: bool) -> None:
    assert (
        "growth"
        in {one.key.series for one in doubts(made(report(*figures), reviews=reviews)) if one.key.year == "2025"}
    ) is doubt


def test_words_for_people() -> None:
    assert STATES == {
        "stated": "已载明",
        "not_found": "未找到",
        "other": "读作他项",
        "not_stated": "未载明",
        "struck": "已剔除",
    }
    assert [*MARKS.values()] == [
        "有多个数值",
        "非精确值",
        "截至年末",
        "可信度低",
        "与其他数字矛盾",
        "出自其他年份的报告",
        "已人工复核",
    ]
    assert (STATUSES, ACTIONS) == (
        {"planned": "目标", "achieved": "实绩"},
        {"confirm": "确认", "correct": "更正", "strike": "剔除", "add": "补录"},
    )


@pytest.mark.parametrize(("action", "state"), [(None, "未找到"), ("confirm", "未找到"), ("strike", "未载明")])
def test_a_figure_that_was_struck_as_such_may_not_be_meant(action: Any, state: str) -> None:
    """One that a person has looked at and let stand may."""
    own = {"series": None, "year": None, "status": None}
    reviews = (review(action, 0, "5.2%", **own),) if action else ()

    assert row(cell(made(report(growth("5.2", period=None)), reviews=reviews), "growth"))["state"] == state


@pytest.mark.parametrize(
    ("units", "read", "shown"),
    [
        (("件", ""), [""], "件"), (("", "件"), [""], None), (("%", ""), [""], None), (("件", "次"), ["次"], "次"),
        (("件", "次"), ["件", "次"], "件 | 次"), (("件", "次"), ["件", "件"], "件"), (("", "件"), ["", "件"], "不带单位 | 件"),
    ],
)  # fmt: skip
def test_what_is_counted_without_a_unit_has_the_one_of_its_series(
    units: tuple[str, ...], read: list[str], shown: str | None
) -> None:
    """As under a head 件数; a measure is not guessed. Values of one cell in several units have each its own."""
    series = Series("s", "甲", names=("文件制发",), units=units)
    figures = [metric("文件制发", str(3 + at), unit, at=9 * at) for at, unit in enumerate(read)]
    sources = sources_of((report(*figures),), Corrections(()), ())
    panel = panel_of(Codebook("t", (series,)), sources, ())

    assert row(cell(panel, "s")).get("base_unit") == shown
