"""What people say of documents: whose each is, and of which year; written by one hand at a time."""

import multiprocessing
import re
from pathlib import Path

import pytest

from panels.corrections import COLUMNS, Corrections, Place, corrections, write_row
from panels.errors import CodebookError, DocumentsError
from schemas.report import Report
from tests.unit.panels.made import report
from zhibiao.commands.documents import locate


def said(**row: str) -> Report:
    return Corrections(({"path": "a.txt", **row},), locate=locate).applied(report())


@pytest.mark.parametrize(
    ("row", "region", "code", "province", "city"),
    [
        ({"place": "湛江市"}, "湛江市", "440800", "广东省", "湛江市"),
        ({"place": "苏州"}, "苏州市", "320500", "江苏省", "苏州市"),
        ({"place": "长春市朝阳区"}, "朝阳区", "220104", "吉林省", "长春市"),
        ({"place": "北京市朝阳区"}, "朝阳区", "110105", "北京市", None),
        ({"place": "全国"}, "全国", None, None, None),
        ({"place": "某某街道"}, "某某街道", None, None, None),
        ({"region_code": "320509"}, "吴江区", "320509", "江苏省", "苏州市"),
        ({"region_code": "320509", "place": "吴江"}, "吴江", "320509", "江苏省", "苏州市"),
        ({"title": "新标题"}, "广东省", "440000", None, None),
    ],
)
def test_a_place_is_known_by_its_name_or_its_code(
    row: dict[str, str], region: str, code: str | None, province: str | None, city: str | None
) -> None:
    """Short or in full, with the places above it or without."""
    document = said(**row).document

    assert (document.region, document.region_code, document.province, document.city) == (region, code, province, city)


@pytest.mark.parametrize("name", ["朝阳区", "鼓楼区"])
def test_a_name_of_several_places_is_asked_about(name: str) -> None:
    """Two of them would share a row."""
    with pytest.raises(DocumentsError, match=f"a.txt: {name} is the name of several places; "):
        said(place=name)


def test_year_and_title_are_set_and_the_rest_stays() -> None:
    """As is a report of which nothing is said."""
    changed = said(year="2019", title="新标题")

    assert (changed.document.period, changed.document.title, changed.document.region) == ("2019", "新标题", "广东省")
    assert Corrections().applied(report()) == report()


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        (r"(?P<year>\d+)/", "23/a.txt: the pattern gives the year '23'; four digits would be right"),
        (r"(?P<region_code>\d+)/", "23/a.txt: the pattern gives the region_code '23'; six digits of GB/T 2260"),
    ],
)
def test_what_a_pattern_finds_is_looked_at(pattern: str, complaint: str) -> None:
    """As what stands in a row is."""
    with pytest.raises(DocumentsError, match=re.escape(complaint)):
        Corrections((), re.compile(pattern)).applied(report(path="23/a.txt"))


def test_rows_of_no_document_are_told() -> None:
    """A path that was mistyped."""
    rows = ({"path": "a.txt"}, {"path": "b.txt"})

    assert Corrections(rows).unused(["a.txt", "c.txt"]) == ["b.txt"]


def test_a_row_is_written_replaced_and_taken_out(tmp_path: Path) -> None:
    """The others stay, and a spreadsheet reads it."""
    file = tmp_path / "documents.csv"
    file.write_text("path,year\nb.txt,2020\n", "utf-8")
    write_row(file, "湛江/a.txt", place="湛江市", year="2023")
    write_row(file, "湛江/a.txt", place="茂名市")

    empty = dict.fromkeys(COLUMNS, "")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfpath,")
    assert corrections(file.read_bytes(), file.name) == (
        {**empty, "path": "b.txt", "year": "2020"},
        {**empty, "path": "湛江/a.txt", "place": "茂名市"},
    )
    write_row(file, "b.txt")
    assert [row["path"] for row in corrections(file.read_bytes(), file.name)] == ["湛江/a.txt"]


def test_what_cannot_be_said_is_not_written(tmp_path: Path) -> None:
    """The file stays as it was."""
    file = tmp_path / "documents.csv"
    write_row(file, "a.txt", year="2023")
    before = file.read_bytes()

    with pytest.raises(CodebookError, match="the year is '23'; right would be: four digits"):
        write_row(file, "a.txt", year="23")
    assert (file.read_bytes(), sorted(one.name for one in tmp_path.iterdir())) == (
        before,
        [".documents.csv.lock", "documents.csv"],
    )


def _write(file: Path, numbers: range) -> None:
    for number in numbers:
        write_row(file, f"{number}.txt", year="2023")


def test_writers_of_rows_wait_for_each_other(tmp_path: Path) -> None:
    """No row is lost."""
    file = tmp_path / "documents.csv"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(file, range(first, first + 20))) for first in (0, 20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert len(corrections(file.read_bytes(), file.name)) == 40


def test_a_place_as_a_person_says_it() -> None:
    """Where nobody knows more."""
    document = Corrections(({"path": "a.txt", "place": "某市"},)).applied(report()).document

    assert (document.region, document.region_code) == ("某市", None)
    assert Place("某市") == Place("某市", None, None, None)


@pytest.mark.parametrize(("before", "line"), [("", 1), ("path,year\n", 2), ("path,year\na.txt,2020\n\n", 4)])
def test_the_line_that_is_not_utf_8_is_told(before: str, line: int) -> None:
    data = before.encode() + "湛江市".encode("gbk")

    with pytest.raises(CodebookError, match=f"documents.csv, line {line}: it is not UTF-8"):
        corrections(data, "documents.csv")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("path,jahr\na,1\n", "d.csv, line 1: the columns are path, jahr; right would be: path and any of place, "),
        ("year\n2023\n", "d.csv, line 1: the columns are year; right would be: path and any of "),
        ("", "d.csv, line 1: the columns are ; right would be: path and any of "),
        ("path,year\na,2023\n ,2024\n", "d.csv, line 3: a row has no path; right would be: the file's path below the"),
        ("path,year\na,23\n", "d.csv, line 2: the year is '23'; right would be: four digits"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(CodebookError) as caught:
        corrections(text.encode(), "d.csv")
    assert str(caught.value).startswith(complaint)


def test_blanks_and_cells_too_many_are_none_of_a_row() -> None:
    """As spreadsheets leave them."""
    assert corrections(b"path,year\n a ,\nb\nc,2023,more\n", "d.csv") == (
        {"path": "a", "year": ""}, {"path": "b", "year": ""}, {"path": "c", "year": "2023"},
    )  # fmt: skip
