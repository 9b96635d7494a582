"""From an event and its reading alone: each quote, figure, label and change of the text is found."""

import gzip
import hashlib
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.reading import FigureReading, ReadEdit, Reading
from schemas.report import Report
from tests.fixtures import packages
from tests.reading_check import problems
from worker.errors import BadReport
from worker.extract.rule_list import catalogue
from worker.pipeline import Result, read
from worker.report_writer import Origin
from worker.tools import load_tools

ROOT = Path(__file__).parents[2]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
FOLDER = os.environ.get("ZHIBIAO_REPORTS")

PAGE = """<html><head><title>某市2023年度财政报告</title><script>var a = "1";</script></head><body><div class="nav">首页</div>
<h1>某市2023年度财政报告</h1><p>全市&nbsp;审结行政复议案件<b>1,234</b>件，同比增长12.5%。现将有关情况报告如下，请予审议。</p>
<p>单位：万元</p><table><tr><td rowspan=2>项目</td><td colspan=2>2023年</td></tr><tr><td>收入</td><td>支出</td></tr>
<tr><td>教育</td><td>9746.50</td><td>120</td></tr><tr><td>卫生</td><td>88</td><td>95</td></tr></table>
<p>表2 各县情况表</p><table><tr><td>县</td><td>案件（件）</td></tr><tr><td>甲县</td><td>31</td></tr><tr><td>乙县</td><td>42</td></tr>
</table></body></html>"""
TRADITIONAL = """某市2023年度工作報告

全市審結行政復議案件1,234件，增長12.5%。發放補貼3萬元，惠及羣衆500人。報告期內開展培訓12場。

地區    案件（件）    罰款（元）
甲縣    31    20.5
乙縣    42    18
"""
CUT = (
    "某市2023年度工作报告\n\n全市审结\x01行政复议案件1,234\n件，其中办理\x02民事案件31件。\n\n"
    + "各级机关依法履行职责，稳步推进各项工作。\n" * 20
)


def read_text(data: bytes, name: str = "a.txt") -> Result:
    return read(data, Origin("x", name, name, hashlib.sha256(data).hexdigest()), load_tools(), lambda: 0.0)


def kept(result: Result) -> tuple[Report, Reading]:
    """Both as a consumer gets them."""
    return Report.model_validate_json(result.report.model_dump_json()), Reading.unpacked(result.reading.packed())


def found(data: bytes, counts: Counter[str] | None = None) -> list[str]:
    return list(problems(*kept(read_text(data)), Counter() if counts is None else counts))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_everything_of_a_seed_is_found(path: Path) -> None:
    counts: Counter[str] = Counter()

    assert found(path.read_bytes(), counts) == []
    assert counts["figures"] > 30
    assert counts["rejected"] > 30


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_every_rule_that_is_told_is_in_the_list(path: Path) -> None:
    reading = read_text(path.read_bytes()).reading
    told = {why.rule for figure in reading.figures for why in figure.decided} | {one.rule for one in reading.rejected}

    assert told - {name for _, rules in catalogue() for name, _ in rules} == set()


@pytest.mark.parametrize("text", [PAGE, TRADITIONAL, CUT], ids=["page", "traditional", "cut"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_everything_of_other_files_is_found(text: str, encoding: str) -> None:
    """Markup, conversion and control characters all have a kind."""
    counts: Counter[str] = Counter()

    assert found(text.encode(encoding), counts) == []
    assert counts["figures"] >= 2
    assert counts["changed characters"] >= 2


def reports() -> list[Path]:
    return sorted(path for path in Path(FOLDER).rglob("*") if path.is_file()) if FOLDER else []


@pytest.mark.skipif(FOLDER is None, reason="ZHIBIAO_REPORTS names no folder")
@pytest.mark.parametrize("path", reports(), ids=lambda path: path.name)
def test_everything_of_a_file_of_others_is_found(path: Path) -> None:
    try:
        assert found(path.read_bytes()) == []
    except BadReport as refused:
        pytest.skip(str(refused))


def there(reading: Reading, place: tuple[int, int] | None) -> str:
    return reading.raw[slice(*place)] if place else ""


def figure_of(result: Result, value: str) -> tuple[FigureReading, Reading]:
    report, reading = kept(result)
    index = next(index for index, metric in enumerate(report.metrics) if metric.value == value)
    return reading.figures[index], reading


@pytest.mark.parametrize(
    ("value", "row", "column", "unit", "period"),
    [
        ("97465000", ["教育"], ["2023年", "收入"], "单位：万元", "2023年"),
        ("950000", ["卫生"], ["2023年", "支出"], "单位：万元", "2023年"),
        ("31", ["甲县"], ["案件（件）"], "案件（件）", "某市2023年度财政报告"),
    ],
)
def test_a_cell_names_what_made_its_name_its_unit_and_its_period(
    value: str, row: list[str], column: list[str], unit: str, period: str
) -> None:
    """The multiplier of a bare number is a source: the header or note that said 万元."""
    figure, reading = figure_of(read_text(PAGE.encode(), "a.html"), value)
    cell = reading.cell_of(figure)

    assert cell is not None
    assert [there(reading, place) for place in cell.row] == row
    assert [there(reading, place) for place in cell.column] == column
    assert there(reading, figure.unit) == unit
    assert there(reading, figure.period) == period


@pytest.mark.parametrize(("value", "label", "header"), [("31", "甲縣", "案件（件）"), ("18", "乙縣", "罰款（元）")])
def test_labels_are_found_in_the_script_of_the_file(value: str, label: str, header: str) -> None:
    figure, reading = figure_of(read_text(TRADITIONAL.encode()), value)
    cell = reading.cell_of(figure)

    assert cell is not None
    assert (there(reading, cell.row[-1]), there(reading, cell.column[-1])) == (label, header)
    assert there(reading, figure.unit) == header


@pytest.mark.parametrize(
    ("value", "label", "header"), [("31", "甲县", "行政复议案件（件）"), ("185000", "乙县", "罚没收入（万元）")]
)
def test_labels_of_a_file_that_is_read_in_a_process_of_its_own_are_found(value: str, label: str, header: str) -> None:
    rows = [
        ["某市2023年度行政复议情况表"],
        ["地区", "行政复议案件（件）", "罚没收入（万元）"],
        ["甲县", 31.0, 20.5],
        ["乙县", 42.0, 18.5],
    ]
    cells = {f"{'ABC'[column]}{row}": cell for row, line in enumerate(rows, 1) for column, cell in enumerate(line)}
    result = read_text(packages.xlsx(cells), "a.xlsx")
    assert list(problems(*kept(result), Counter())) == []
    figure, reading = figure_of(result, value)
    cell = reading.cell_of(figure)

    assert cell is not None
    assert (there(reading, cell.row[-1]), there(reading, cell.column[-1])) == (label, header)
    assert there(reading, figure.unit) == header


def test_a_figure_of_prose_has_its_rules_and_words() -> None:
    figure, _ = figure_of(read_text(PAGE.encode(), "a.html"), "12.5")

    assert figure.cell is None
    assert figure.why("change").rule.startswith("change.")
    assert figure.why("change").words == "增长"


def kinds(data: str, name: str = "a.txt") -> dict[str, list[str]]:
    _, reading = kept(read_text(data.encode(), name))
    told: dict[str, list[str]] = {}
    for edit in reading.edits:
        told.setdefault(edit.kind, []).append(reading.raw[edit.start : edit.end])
    return told


def test_kinds_of_edits() -> None:
    """Markup is told apart from repairs, and conversion is told at all."""
    assert "&nbsp;" in kinds(PAGE, "a.html")["markup"]
    assert any("<script>" in text for text in kinds(PAGE, "a.html")["markup"])
    assert {"復議", "報"} & {part for text in kinds(TRADITIONAL)["script"] for part in ("復議", "報") if part in text}
    assert len(kinds(SEEDS[3].read_text("utf-8"))["gloss"]) == 662
    assert kinds(CUT)["control_character"] == ["\x01", "\x02"]
    assert "markup" not in kinds(CUT)


@pytest.mark.parametrize("words", ["首页", "分享到微博", "版权所有 某市政府"])
def test_what_stands_around_the_report_is_told_apart(words: str) -> None:
    """By its words: what was left out of a page is not only tags."""
    long = "全市审结行政复议案件12件，同比增长5%，有关情况已经按照规定向社会公开，接受各方面的监督。"
    page = f'<html><body><div class="nav"><a href="/">{words}</a></div><h1>工作情况</h1><p>{long}</p><p>{long}</p></body></html>'

    assert kinds(page, "a.html")["around"] == [words]


def test_a_text_that_needed_nothing_is_kept_once() -> None:
    _, reading = kept(read_text("某市2023年度工作报告\n全市审结行政复议案件1234件。\n".encode()))

    assert reading.now is None
    assert reading.text == reading.raw
    assert reading.edits == ()


def test_why_a_number_is_no_figure() -> None:
    _, reading = kept(read_text("某市2023年度工作报告\n依据第12号令，于2023年5月1日办结案件31件。\n".encode()))

    told = {reading.raw[number.start : number.end]: number.number_class for number in reading.rejected}
    assert "12" in "".join(told)
    assert set(told.values()) <= {"date", "ordinal", "identifier", "name", "word", "marker", "bare", "vague"}
    assert not any("31" in text for text in told)


@pytest.mark.parametrize(
    "text",
    [
        "商品名称：手机\n价格：1999元\n库存300件，包邮。下单即送20元优惠券。\n",
        "他有3个苹果，她买了5斤梨。\n他们走了两公里。\n",
    ],
)
def test_of_a_file_that_is_no_report_every_number_is_rejected(text: str) -> None:
    result = read_text(text.encode() * 10)
    report, reading = kept(result)

    assert [warning.code for warning in report.warnings][:1] == ["not_a_report"]
    assert list(problems(report, reading, Counter())) == []
    assert reading.figures == ()
    assert "metric" in {number.number_class for number in reading.rejected}


def without_an_edit(reading: Reading) -> Reading:
    longest = max(reading.edits, key=lambda edit: edit.end - edit.start)
    return reading.model_copy(update={"edits": tuple(edit for edit in reading.edits if edit != longest)})


def with_figures_in_another_order(reading: Reading) -> Reading:
    return reading.model_copy(update={"figures": reading.figures[::-1]})


def with_another_text(reading: Reading) -> Reading:
    return reading.model_copy(update={"raw": reading.raw[1:] + " "})


def without_units(reading: Reading) -> Reading:
    return reading.model_copy(
        update={"figures": tuple(figure.model_copy(update={"unit": None}) for figure in reading.figures)}
    )


def without_labels(reading: Reading) -> Reading:
    tables = [
        table.model_copy(update={"cells": tuple(cell._replace(row=(), column=()) for cell in table.cells)})
        for table in reading.tables
    ]
    return reading.model_copy(update={"tables": tuple(tables)})


def without_kinds(reading: Reading) -> Reading:
    return reading.model_copy(update={"edits": tuple(ReadEdit(*edit[:3], "") for edit in reading.edits)})


@pytest.mark.parametrize(
    "spoil",
    [
        without_an_edit,
        with_figures_in_another_order,
        with_another_text,
        without_units,
        without_labels,
        without_kinds,
    ],
)
def test_the_look_up_notices_what_is_wrong(spoil: Callable[[Reading], Reading]) -> None:
    report, reading = kept(read_text(PAGE.encode(), "a.html"))

    assert list(problems(report, spoil(reading), Counter()))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\x1f\x8b\x08\x00", gzip.compress(b"{}", mtime=0), gzip.compress(b"{}" * 99, mtime=0)[:-9]]
)
def test_what_is_no_reading_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"gzip|validation"):
        Reading.unpacked(content)
