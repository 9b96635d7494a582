"""A workbook: its sheets, how they look, what Excel bears, and what is in them that is no cell."""

import re
import tomllib
import zipfile
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

from exports import xlsx_file
from exports.columns import COLUMNS
from exports.words import WORDS
from schemas.metric import Change, Measure, Qualifier, Status
from schemas.report import RelationKind, Verdict
from tests.unit.exports.test_formats import write

OF_PAGE = tomllib.loads((Path(__file__).parents[3] / "page" / "wording" / "zh-Hans.words.toml").read_text("utf-8"))


def test_a_workbook_tells_what_is_beside_the_figures(tmp_path: Path) -> None:
    """Reports with a link to the file, relations, warnings, what was not read, and how it was made."""
    book = openpyxl.load_workbook(write("xlsx", tmp_path))

    assert book.sheetnames == ["数字", "报告", "关系", "警告", "未读", "说明"]
    folder = tmp_path.as_uri().replace("file:", "File:")
    assert book["报告"]["A2"].hyperlink.target == f"{folder}/2023/%E6%8A%A5%E5%91%8A%2C%20%E4%B8%80.txt"
    assert [cell.value for cell in book["关系"][2]][1:7] == ["合计", "a = b", 1, 1, "吻合", "12; ?"]
    assert book["警告"]["C2"].value == "=lost"
    assert [cell.value for cell in book["未读"][2]] == ["坏.pdf", "it is damaged"]
    assert [cell.value for cell in book["说明"][2]] == ["生成时间", "today"]
    assert book["数字"].freeze_panes == "A2"
    assert book["数字"].auto_filter.ref is not None


def test_a_workbook_speaks_one_language(tmp_path: Path) -> None:
    """Its sheets, their headings, and what it says of its columns."""
    book = openpyxl.load_workbook(write("xlsx", tmp_path))

    for sheet in book:
        assert [
            cell.value for cell in sheet[1] if not re.search(r"[\u4e00-\u9fff]", cell.value) and cell.value != "sha256"
        ] == []
    said = [row[1].value for row in book["说明"].iter_rows(min_row=3)]
    assert len(said) == len(COLUMNS)
    assert all(re.fullmatch(r"\w+：.*[\u4e00-\u9fff].*", text) for text in said)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("qualifier", get_args(Qualifier)), ("change", get_args(Change)), ("measure", get_args(Measure)), ("status", get_args(Status)),
        ("review", ("confirmed", "corrected", "added", "struck")), ("level", ("national", "province", "city", "county")),
        ("relation", get_args(RelationKind)), ("verdict", get_args(Verdict)), ("kind", tuple(OF_PAGE["kind"])),
    ],
)  # fmt: skip
def test_a_workbook_has_a_word_for_each_of_a_few_things(column: str, values: tuple[str, ...]) -> None:
    """That which its sheet 说明 gives; of kinds that which the page has."""
    about = next((one.said for one in COLUMNS if one.name == column), "")

    assert tuple(WORDS[column]) == values
    assert len({*WORDS[column].values()}) == len(values)
    if column == "kind":
        assert WORDS[column] == OF_PAGE["kind"]
    elif about:
        assert [value for value, word in WORDS[column].items() if f"{value} {word}" not in about] == []


def test_a_workbook_is_fit_to_be_read(tmp_path: Path) -> None:
    """Long columns are wide, headers are bold and stay, each sheet has a filter over all its rows, and no number an exponent."""
    book = openpyxl.load_workbook(write("xlsx", tmp_path))
    wide = {
        "数字": {"原句": 60, "指标": 28, "章节": 24, "标题": 30, "文件": 30, "可信度依据": 24},
        "报告": {"文件": 30, "标题": 30},
        "关系": {"文件": 30, "算式": 24},
        "警告": {"文件": 30, "内容": 60},
        "未读": {"文件": 30, "内容": 60},
        "说明": {"内容": 60},
    }

    for sheet in book:
        spans = sheet.column_dimensions.values()
        widths = [int(span.width) for span in spans for _ in range(span.min, span.max + 1)]
        assert widths == [wide[sheet.title].get(cell.value, 12) for cell in sheet[1]]
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)
        assert {(cell.font.bold, cell.border.bottom.style) for cell in sheet[1]} == {(True, "thin")}
    values = next([*column] for column in book["数字"].iter_cols() if column[0].value == "数值")
    assert [cell.number_format for cell in values[1:4]] == ["0", "0.0###########", "General"]


def test_a_sheet_holds_what_excel_bears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row more, no longer text; numbers of more digits than a cell keeps are text."""
    limits = Worksheet()
    assert (limits.xls_rowmax - 1, limits.xls_strmax) == (xlsx_file.MOST_ROWS, xlsx_file.LONGEST_CELL)
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 1)
    monkeypatch.setattr(xlsx_file, "LONGEST_CELL", 3)
    book = xlsx_file.Book(tmp_path / "t.xlsx")
    sheet = book.sheet("甲", [("a", "text"), ("b", "decimal")])
    sheet.add(["一二三四", "5"])
    with pytest.raises(xlsx_file.TooManyRows, match=r"^a sheet holds 1 rows, there are more; "):
        sheet.add(["五", "6"])
    book.close()

    [header, row] = openpyxl.load_workbook(tmp_path / "t.xlsx")["甲"].iter_rows(values_only=True)
    assert (header, row) == (("a", "b"), ("一二三", 5))
    exact = {
        "999999999999999": True,
        "1000000000000000": False,
        "-0.00000000000000123": True,
        "0": True,
        "": False,
        "1e3": False,
    }
    assert {number: xlsx_file.is_exact(number) for number in exact} == exact


@pytest.mark.parametrize("flat", [True, False])
def test_a_workbook_is_written_beside_its_place(tmp_path: Path, *, flat: bool) -> None:
    """With flat memory unless rows are gone back to, and nothing of a report is a formula or a link by itself."""
    book = xlsx_file.Book(tmp_path / "t.xlsx", flat=flat) if not flat else xlsx_file.Book(tmp_path / "t.xlsx")
    made = book._book
    assert (bool(made.constant_memory), made.tmpdir) == (flat, str(tmp_path))
    assert (made.strings_to_formulas, made.strings_to_urls) == (False, False)
    sheet = book.sheet("甲", [("a", "decimal"), ("path", "text")])
    sheet.add(["1.5", "x.txt"], link="https://example.org/x")
    sheet.put(0, "=2", note="说明", link=None if flat else "internal:'甲'!A1")
    book.close()

    read = openpyxl.load_workbook(tmp_path / "t.xlsx")["甲"]
    assert [(cell.value, cell.data_type) for cell in read[2]] == [("=2", "s"), ("x.txt", "s")]
    assert [cell.hyperlink and (cell.hyperlink.location or cell.hyperlink.target) for cell in read[2]] == [
        None if flat else "'甲'!A1",
        "https://example.org/x",
    ]
    assert read["A2"].comment.text == "说明"
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        shape = parts.read("xl/drawings/vmlDrawing1.vml").decode()
    assert re.findall(r";(?:width|height):([\d.]+)pt", shape) == ["288", "111"]
