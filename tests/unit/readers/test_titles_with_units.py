"""The title of a table and the note on its units in one line: both count, whoever wrote them in which way."""

import pytest

from worker.pipeline import read_draft
from worker.tools import load_tools

HEAD = "<html><head><meta charset=utf-8><title>青山县2021年财政报告</title></head><body><h1>青山县2021年财政报告</h1><p>2021年工作完成。</p>"
ROWS = "<tr><th>{corner}</th><th>金额</th></tr><tr><td>公路养护</td><td>1200</td></tr><tr><td>水库加固</td><td>1350.5</td></tr></table>"
TABLE = "<table>{caption}" + ROWS


def found(html: str) -> list[tuple[str, str, str | None]]:
    """Value, unit and period of the figures of tables."""
    draft = read_draft(f"{HEAD}{html}</body></html>".encode(), "a.html", load_tools())
    return [(figure.value, figure.unit, figure.period.value) for figure in draft.figures if figure.cell]


def captioned(caption: str, corner: str = "项目") -> str:
    return TABLE.format(caption=f"<caption>{caption}</caption>", corner=corner)


@pytest.mark.parametrize(
    "html",
    [
        captioned("2018年交通水利支出表(单位:万元)"),
        captioned("2018年交通水利支出明细表（单位：万元）"),
        captioned("2018年交通水利支出情况&nbsp;&nbsp;单位:万元"),
        captioned("2018年交通水利支出表(万元)"),
        captioned("2018年交通水利支出表<br>单位:万元"),
        captioned("表3 2018年交通水利支出情况(单位:万元)"),
        captioned("2018年交通水利支出表", "项目(单位:万元)"),
        captioned("2018年交通水利支出表", "单位:万元"),
        "<p>2018年支出情况如下(单位:万元):</p>" + TABLE.format(caption="", corner="项目"),
        "<p>2018年交通水利支出表（单位：万元）</p>" + TABLE.format(caption="", corner="项目"),
        "<h2>附表2 2018年交通水利支出一览（万元）</h2>" + TABLE.format(caption="", corner="项目"),
        "<table><tr><th colspan=2>2018年交通水利支出表(单位:万元)</th></tr>" + ROWS.format(corner="项目"),
    ],
)
def test_both_the_year_and_the_unit_are_the_figures(html: str) -> None:
    assert found(html) == [("12000000", "元", "2018"), ("13505000", "元", "2018")]


@pytest.mark.parametrize(
    "note", ["编制单位:交通局&nbsp;&nbsp;单位:万元", "填报日期:2018年3月 单位:万元", "(单位:万元)"]
)
def test_who_made_a_table_and_when_is_no_title(note: str) -> None:
    """The figures are of the report's year."""
    assert found(captioned(note)) == [("12000000", "元", "2021"), ("13505000", "元", "2021")]


def test_a_table_does_not_take_the_title_of_the_one_above() -> None:
    """Two tables stand one below the other, the second without a title."""
    html = (
        captioned("2018年交通水利支出表(单位:万元)")
        + "<table><tr><th>税种</th><th>金额</th></tr><tr><td>契税</td><td>500</td></tr></table>"
    )

    assert found(html)[-1] == ("500", "", "2021")


def test_the_number_of_a_table_and_its_year_are_two_numbers() -> None:
    draft = read_draft(
        f"{HEAD}{captioned('表3 2018年交通水利支出情况')}</body></html>".encode(), "a.html", load_tools()
    )

    assert [warning.code for warning in draft.warnings if warning.code == "torn_number"] == []
    assert [flaw.code for flaw in draft.text.flaws] == []
