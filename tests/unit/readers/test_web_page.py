"""Web pages: what is read, what is left out, and where in the source it stands."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.growth import assert_linear
from worker.errors import BadReport
from worker.parts import Cell, Label
from worker.readers.markup import attributes, find_tokens
from worker.readers.reading import Reading
from worker.stages.decode import read

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "pages.toml").read_text(encoding="utf-8"))["case"]
SENTENCE = "全年共受理行政复议申请七百余宗，其中立案受理623宗，按时办结。"


def page(body: str, head: str = "<title>年度报告</title>") -> Reading:
    return read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def figures(reading: Reading) -> list[tuple[str, tuple[str, ...], tuple[str, ...], str | None]]:
    """Text, column, row and caption of the cells that have headers."""
    raw = reading.text.raw
    return [(raw[c.start : c.end], c.column, c.row, c.caption) for c in reading.cells if c.column or c.row]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in CASES])
def test_page_is_read(row: dict[str, Any]) -> None:
    """The report's lines, and nothing around them."""
    assert page(row["page"]).text.now == row["now"]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in CASES])
def test_every_character_is_found_in_the_source(row: dict[str, Any]) -> None:
    """Copied characters map to themselves; the map's length is the text's."""
    text = page(row["page"]).text

    assert text.origin.now_length == len(text.now)
    for match in re.finditer(r"[\u4e00-\u9fff]|\d+(?:\.\d+)?", text.now):
        start, end = text.span(*match.span())
        assert text.raw[start:end].startswith((match.group(), "&#")), match.group()


def test_offsets_count_characters_of_the_decoded_page() -> None:
    """Also in a page in GBK, whose bytes are others."""
    source = f'<meta charset="gb2312"><p>{SENTENCE}</p>'

    reading = read(source.encode("gbk"))

    assert (reading.media_type, reading.encoding, reading.text.raw) == ("text/html", "gb18030", source)
    at = reading.text.now.index("623")
    assert reading.text.span(at, at + 3) == (source.index("623"), source.index("623") + 3)


def test_broken_bytes_are_flaws_in_the_source() -> None:
    """As in plain text."""
    data = f"<p>{SENTENCE}</p><p>{SENTENCE * 9}</p>".encode().replace("立".encode(), b"\xe7\xab", 1)

    reading = read(data)

    assert [(flaw.start, flaw.code) for flaw in reading.text.flaws] == [
        (reading.text.raw.index("\ufffd"), "decode_damage")
    ]


def test_metadata_table_becomes_labels() -> None:
    """Label and value in two cells or in one; nothing of it is left in the text."""
    reading = page(
        "<table><tr><td>索 引 号：</td><td>00825398-5/2021-00026</td><td>发文机关：</td><td>市政府办公室</td></tr>"
        "<tr><td>文&nbsp;&nbsp;号：东府〔2021〕4号</td><td>主 题 词：</td><td></td></tr></table>"
        f"<h1>年度报告</h1><p>{SENTENCE}</p>"
    )

    raw = reading.text.raw
    assert [(label.name, label.value) for label in reading.labels] == [
        ("索引号", "00825398-5/2021-00026"),
        ("发文机关", "市政府办公室"),
        ("文号", "东府〔2021〕4号"),
    ]
    assert raw[reading.labels[0].start : reading.labels[0].end] == "00825398-5/2021-00026"
    assert reading.text.now == f"年度报告\n{SENTENCE}"


def test_page_labels_are_read() -> None:
    """The <meta> elements that the guide for government sites asks for, in either kind of quotes; what is empty is none."""
    head = (
        '<meta name="PubDate" content="2024-04-11 09:19"><meta content="市司法局" name=ContentSource>'
        "<meta name='ArticleTitle' CONTENT = '\"普法\"与\n依法&amp;治理'><meta name=PubDate content=' '><meta name=Other content='甲'>"
    )

    reading = page(f"<p>{SENTENCE}</p>", head)

    raw = reading.text.raw
    title = raw.index('"普法')
    at, by = raw.index("2024"), raw.index("市司法局")
    assert reading.labels == (
        Label("发布日期", "2024-04-11 09:19", at, at + 16),
        Label("来源", "市司法局", by, by + 4),
        Label("名称", '"普法"与\n依法&治理', title, title + 15),
    )


def test_table_has_header_paths() -> None:
    """Headers over two rows and several columns, labels over several rows, the units above."""
    reading = page(
        f"<p>{SENTENCE}</p><p>单位：万元</p><table>"
        "<tr><th rowspan=2>地区</th><th rowspan=2>类别</th><th colspan=2>收入</th></tr><tr><th>2022年</th><th>2023年</th></tr>"
        "<tr><td rowspan=2>赤坎区</td><td>税收</td><td>120</td><td><b>135</b>.5</td></tr>"
        "<tr><td>非税</td><td>1,098.5</td><td>—</td></tr></table>"
    )

    assert reading.text.now.splitlines()[2:] == [
        "地区\t类别\t收入",
        "2022年\t2023年",
        "赤坎区\t税收\t120\t135.5",
        "非税\t1,098.5\t—",
    ]
    assert figures(reading) == [
        ("120", ("收入", "2022年"), ("赤坎区", "税收"), "单位：万元"),
        ("135</b>.5", ("收入", "2023年"), ("赤坎区", "税收"), "单位：万元"),
        ("1,098.5", ("收入", "2022年"), ("赤坎区", "非税"), "单位：万元"),
    ]


def test_sentences_in_a_table_stay_prose() -> None:
    """A cell that holds sentences is no figure of a table."""
    reading = page(f"<table><tr><td>任务</td><td>进展</td></tr><tr><td>调解</td><td>{SENTENCE}</td></tr></table>")

    raw = reading.text.raw
    assert [raw[cell.start : cell.end] for cell in reading.cells] == ["任务", "进展", "调解"]
    assert SENTENCE in reading.text.now


def test_page_without_text_is_refused() -> None:
    """Scripts load the report when the page is shown."""
    with pytest.raises(BadReport) as caught:
        page("<div id=app></div><script>load('report')</script>")

    assert caught.value.code == "empty"


@pytest.mark.growth
@pytest.mark.parametrize(
    "opening",
    [
        "<div>",
        "<p>",
        "<table><tr><td>",
        "<ul><li>",
        "<b>",
        "<!--",
        "<a x='",
        '<a x=">"',
        "<script>",
        "</",
        "<%",
        "</b>",
        "<td>一",
    ],
)
def test_hostile_page_takes_linear_time(opening: str) -> None:
    """20 000 openings, nested or never closed: no recursion, no search to the end for each."""
    assert_linear(lambda times: read(f"<p>{SENTENCE}</p>{opening * times}".encode()), 20_000)


def test_tokens() -> None:
    """A > in quotes ends no tag, and a script holds none."""
    source = 'a<b c="x>y">t<script>if(a<b)</script>z<3'

    assert [source[token.start : token.end] for token in find_tokens(source)] == [
        "a", '<b c="x>y">', "t", "<script>", "</script>", "z<3"
    ]  # fmt: skip
    assert attributes("<td COLSPAN = '2' x=1 x=3 nowrap>") == {"colspan": "2", "x": "1", "nowrap": ""}


def test_cell_is_a_value() -> None:
    """Cells compare as a whole, so that tests can name them."""
    reading = page("<table><tr><td>项目</td><td>数量</td></tr><tr><td>许可</td><td>9</td></tr></table>")

    at = reading.text.raw.index("9</td>")
    table = reading.text.raw.index("项目")
    header, label = reading.text.raw.index("数量"), reading.text.raw.index("许可")
    assert reading.cells[-1] == Cell(
        at, at + 1, ("数量",), ("许可",), None, table, ((header, header + 2),), ((label, label + 2),)
    )


def test_lines_around_the_report_are_told_as_left_out() -> None:
    """Those of the way there, of other reports and of the foot; none of what is hidden, and none of a page that is all report."""
    told = {row["id"]: page(row["page"]) for row in CASES}
    around = {
        id_: [one.text.raw[start:end] for start, end in one.left_out] for id_, one in told.items() if one.left_out
    }

    assert around["layout-table"] == ["栏目一", "栏目二"]
    assert [words[:6] for words in around["navigation-and-footer"]] == [
        "首页",
        "当前位置：首",
        "关于2022",
        "关于2021",
        "主办单位：某",
    ]
    assert {*around} == {"layout-table", "navigation-and-footer"}
