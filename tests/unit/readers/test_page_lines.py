"""The lines of a page as they are seen, its cells, and which of its lines are the report."""

from collections.abc import Iterable

import pytest

from worker.readers.page_blocks import Page, find_blocks
from worker.readers.page_body import BodyLine, Item, TableItem, find_body, leading_label

LONG = "全市审结行政复议案件十二件，有关情况已经按照规定向社会公开，接受监督。"


def lines(page: str) -> list[str]:
    return [block.text(page) for block in find_blocks(page).blocks]


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("甲<br>乙", ["甲", "乙"]), ("甲<b>乙</b>丙", ["甲乙丙"]), ("<p>甲<p>乙", ["甲", "乙"]), ("<div>甲<div>乙</div>丙</div>", ["甲", "乙", "丙"]),
        (" 甲  乙 ", ["甲 乙"]), ("甲\n乙", ["甲乙"]), ("甲\n b", ["甲 b"]), ("a\n乙", ["a 乙"]), ("甲\t乙", ["甲 乙"]), ("甲 \n”", ["甲”"]), ("<pre>甲\n乙</pre>丙\n丁", ["甲", "乙", "丙丁"]),
        ("<pre>甲  乙</pre>", ["甲 乙"]), ("&nbsp;甲&nbsp;", ["甲"]), ("甲&amp;乙&lt;", ["甲&乙<"]), ("甲&乙&nosuch;", ["甲&乙&nosuch;"]), ("&#30002;&#x4E59;", ["甲乙"]),
        ("<script>甲</script>乙", ["乙"]), ("<p hidden>甲</p>乙", ["乙"]), ('<p style="display:none">甲</p>乙', ["乙"]), ("<p hidden><b>甲</p>乙</b>", ["乙"]),
        ('<span style="color:#fff">甲</span>乙', ["乙"]), ('<font style="color: white">甲</font>乙', ["乙"]), ('<span style="background-color:#fff">甲</span>', ["甲"]),
        ('<span style="color:#fff;background:red">甲</span>', ["甲"]), ('<p style="color:#fff">甲</p>', ["甲"]), ('<table><tr><td><span style="color:#ffffff">甲</span>', ["甲"]),
        ("3<sup>2</sup>件", ["3²件"]), ("H<sub>2</sub>O", ["H²O"]), ("3<sup>甲</sup>", ["3甲"]), ("<head><title>甲</title><p>乙", ["乙"]), ("<ul><li>甲<li>乙</ul>", ["甲", "乙"]),
        ("<dl><dt>甲<dd>乙<dt>丙</dl>", ["甲", "乙", "丙"]), ("", []), ("<p> \n </p>", []),
    ],
)  # fmt: skip
def test_lines_as_they_are_seen(page: str, seen: list[str]) -> None:
    assert lines(page) == seen


@pytest.mark.parametrize(
    ("page", "about"),
    [
        ("<p>甲</p>", (0, False, False, False)), ("<a>甲乙</a>丙", (2, False, False, False)), ("<h1>甲</h1>", (0, False, False, True)), ("<h2>甲</h2>", (0, False, False, True)),
        ("<h3>甲</h3>", (0, False, False, False)), ("<ucaptitle>甲</ucaptitle>", (0, False, False, True)), ("<ucapcontent>甲</ucapcontent>", (0, False, True, False)),
        ("<nav>甲</nav>", (0, True, False, False)), ("<footer><b>甲</b></footer>", (0, True, False, False)), ("<nav></nav>甲", (0, False, False, False)),
        ('<div class="nav x">甲</div>', (0, True, False, False)), ('<div id="footer">甲</div>', (0, True, False, False)), ('<div class="甲">甲</div>', (0, False, False, False)),
        ("<a>甲 &amp; 乙</a>", (9, False, False, False)), ("<a>甲</a><p>乙", (1, False, False, False)),
    ],
)  # fmt: skip
def test_what_is_known_of_a_line(page: str, about: tuple[int, bool, bool, bool]) -> None:
    """How much of it is linked, in characters of the page; whether it stands around the report, in the article, is a heading."""
    block = find_blocks(page).blocks[0]

    assert (block.linked, block.is_around, block.is_article, block.is_heading) == about


def grid(page: Page) -> list[list[tuple[int, int, int, int, bool]]]:
    return [
        [(c.row, c.column, c.rows, c.columns, c.is_header) for c in page.cells[table]] for table in sorted(page.cells)
    ]


@pytest.mark.parametrize(
    ("page", "cells"),
    [
        ("<table><tr><th>甲<td>乙<tr><td>丙", [[(0, 0, 1, 1, True), (0, 1, 1, 1, False), (1, 0, 1, 1, False)]]),
        ("<table><td>甲<td>乙", [[(0, 0, 1, 1, False), (0, 1, 1, 1, False)]]),
        ("<table><tr><td rowspan=2>甲<td>乙<tr><td>丙<tr><td>丁", [[(0, 0, 2, 1, False), (0, 1, 1, 1, False), (1, 1, 1, 1, False), (2, 0, 1, 1, False)]]),
        ("<table><tr><td colspan=2>甲<td>乙", [[(0, 0, 1, 2, False), (0, 2, 1, 1, False)]]),
        ("<table><tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙", [[(0, 0, 2, 2, False), (0, 2, 1, 1, False), (1, 2, 1, 1, False)]]),
        ("<table><tr><td rowspan=0>甲<td colspan=x>乙<td colspan=' 2px'>丙", [[(0, 0, 1, 1, False), (0, 1, 1, 1, False), (0, 2, 1, 2, False)]]),
        ("<table><tr><td rowspan=1001>甲", [[(0, 0, 1000, 1, False)]]),
        ("<table><tr><td>甲<table><tr><td>乙</table><td>丙</table>", [[(0, 0, 1, 1, False), (0, 1, 1, 1, False)], [(0, 0, 1, 1, False)]]),
        ("<td>甲</td>", []),
    ],
)  # fmt: skip
def test_cells_stand_in_a_grid(page: str, cells: list[list[tuple[int, int, int, int, bool]]]) -> None:
    assert grid(find_blocks(page)) == cells


def test_lines_know_their_cell_and_tables_that_hold_others_are_told() -> None:
    page = "<meta name=a><title> 甲 &amp;\n乙 </title><table><tr><td>一<table><tr><td>二</table>三<td>四</table>五"
    found = find_blocks(page)

    assert [block.text(page) for block in found.blocks] == ["一", "二", "三", "四", "五"]
    assert [block.cell and (block.cell.table, block.cell.column) for block in found.blocks] == [
        (0, 0),
        (1, 0),
        (0, 0),
        (0, 1),
        None,
    ]
    assert (found.nesting, found.title, found.metas) == ({0}, "甲 & 乙", [(0, 13)])


@pytest.mark.parametrize(
    ("text", "label"),
    [("来源：市政府", ("来源", 3)), ("来 源 ：  市政府", ("来源", 7)), ("来源: 市", ("来源", 4)), ("来源市政府", None), ("甲乙：丙", None), ("", None), ("源：市", None)],
)  # fmt: skip
def test_a_cell_that_begins_with_a_label(text: str, label: tuple[str, int] | None) -> None:
    assert leading_label(text) == label


def told(items: Iterable[Item]) -> list[str]:
    return [item.text if isinstance(item, BodyLine) else "|".join(item.texts) for item in items]


def body(*parts: str, title: str = "") -> list[str]:
    page = f"<title>{title}</title>" + "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    return told(find_body(find_blocks(page), page).items)


DATA = "<table><tr><td>地区<td>案件<tr><td>甲县<td>31</table>"


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (("一", "二", "三", "四", LONG), ["二", "三", "四", LONG]), ((LONG, "一", "二", "三", "四"), [LONG, "一", "二", "三"]),
        (("来源：市政府", "一", "二", "三", LONG), ["来源：市政府", "一", "二", "三", LONG]), (("一", "<h1>情况</h1>", "二", "三", "四", "五", LONG), ["情况", "二", "三", "四", "五", LONG]),
        (("来源：市政府", "一", "<h1>情况</h1>", "二", LONG), ["来源：市政府", "情况", "二", LONG]), (("一", "二"), ["一", "二"]), ((LONG, "一", LONG, "二"), [LONG, "一", LONG, "二"]),
        (("<nav>首页</nav>", LONG), [LONG]), ((f"<nav>{LONG * 5}</nav>", "一、情况"), [LONG * 5, "一、情况"]), ((f"<nav>{LONG * 4}</nav>", LONG), [LONG]),
        (("<a>一二三四</a>甲", LONG), [LONG]), (("<a>一</a>甲", LONG), ["一甲", LONG]), (("<h1><a>情况报告</a></h1>", LONG), ["情况报告", LONG]),
        ((LONG, DATA), [LONG, "地区|案件|甲县|31"]), ((LONG, "<table><tr><td>地区<td>案件</table>"), [LONG, "地区", "案件"]),
        ((LONG, f"<table><tr><td>{'甲' * 401}<td>乙<tr><td>丙<td>丁</table>"), [LONG, "甲" * 401, "乙", "丙", "丁"]),
        ((LONG, f"<table><tr><td>{'甲' * 400}<td>乙<tr><td>丙<td>丁</table>"), [LONG, f"{'甲' * 400}|乙|丙|丁"]),
        ((LONG, "<table><tr><td><a>一二</a><td>丙<tr><td><a>三四</a><td>丁</table>"), [LONG]), ((LONG, "<table><tr><td><a>一二</a><td>丙<tr><td>三四<td>丁</table>"), [LONG, "一二|丙|三四|丁"]),
        ((LONG, "<table><tr><td>来源：<td>市政府<tr><td>索引号：<td>0123</table>"), [LONG]),
        (("一", f"<ucapcontent>{LONG}</ucapcontent>", "二"), ["一", LONG]), ((LONG * 3, f"<ucapcontent>{LONG}</ucapcontent>", "二"), [LONG * 3, LONG, "二"]),
        ((LONG, f"<ucapcontent>{LONG}</ucapcontent>", "二"), [LONG, LONG, "二"]),
    ],
)  # fmt: skip
def test_which_lines_are_the_report(parts: tuple[str, ...], kept: list[str]) -> None:
    """From its heading or three lines above its text to three below; without what stands around it, links and metadata."""
    assert body(*parts) == kept


@pytest.mark.parametrize(
    ("line", "title", "is_title"),
    [("某市情况报告", "某市情况报告-政府网", True), ("某市 情况报告", "某市情况 报告", True), ("某市情况报", "某市情况报告", False), ("某市情况报告", "政府网-某市情况报告", False)],
)  # fmt: skip
def test_a_line_that_the_title_of_the_page_begins_with_heads_the_report(
    line: str, title: str, *, is_title: bool
) -> None:
    assert (body(line, "一", "二", "三", "四", LONG, title=title)[0] == line) is is_title


def test_metadata_is_told_apart() -> None:
    """Two labels, one in four cells at least, and no more figures than labels."""

    def are_labels(*rows: str) -> bool:
        cells = "".join(f"<tr><td>{row}" for row in rows).replace("|", "<td>")
        page = f"<p>{LONG}</p><table>{cells}</table>"
        found = find_body(find_blocks(page), page)
        assert all(isinstance(one, TableItem) for one in found.metadata)
        return bool(found.metadata)

    assert are_labels("来源：|市政府", "索引号：|0123")
    assert are_labels("来源：市政府|甲", "索引号：0123|乙")
    assert not are_labels("来源：|市政府", "甲|乙")
    assert are_labels("来源：|索引号：|甲|乙", "丙|丁|戊|己")
    assert not are_labels("来源：|索引号：|甲|乙", "丙|丁|戊|己|庚")
    assert are_labels("来源：|索引号：|12件", "丙|丁|13件")
    assert not are_labels("来源：|索引号：|12件", "丙|14件|13件")
