"""Small files that ask for a great deal are refused for what they ask, before it is there."""

import io
import random
import zipfile
from types import ModuleType

import pytest

from worker.errors import BadReport
from worker.readers import docx, reading, spreadsheet

NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def changed(data: bytes, names: dict[str, str], texts: dict[str, tuple[str, str]], **more: str) -> bytes:
    """A package with entries renamed, pieces of their text replaced, and more entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(names.get(name, name), old.read(name).decode().replace(*texts.get(name, ("", ""))))
        for name, text in more.items():
            new.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize("name", ["sheet1.dat", "sheet1.XML", "deep/er/一.sheet"])
def test_a_sheet_of_any_name_is_weighed(packages: ModuleType, name: str) -> None:
    """The workbook says where it is; its last place asks for half a terabyte."""
    wide = packages.xlsx({"A1": "甲", "XFD1048576": "乙"})
    path, target = f"xl/worksheets/{name}", f"worksheets/{name}"
    relations = {"xl/_rels/workbook.xml.rels": ("worksheets/sheet1.xml", target)}
    with pytest.raises(BadReport) as caught:
        spreadsheet.read(changed(wide, {"xl/worksheets/sheet1.xml": path}, relations))
    assert caught.value.code == "too_complex"
    narrow = packages.xlsx({"A1": "指标", "B1": "件", "A2": "案件", "B2": 7.0})
    assert "案件\t7" in spreadsheet.read(changed(narrow, {"xl/worksheets/sheet1.xml": path}, relations)).text.raw


@pytest.mark.parametrize(("length", "cells"), [(1_000, 101), (50, 2001), (50, 1900)])
def test_copies_of_shared_strings_are_counted(
    packages: ModuleType, monkeypatch: pytest.MonkeyPatch, length: int, cells: int
) -> None:
    """Where a hundred thousand characters are the most, as more of them take long to make."""
    monkeypatch.setattr(reading, "MOST_TEXT", 100_000)
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, cells + 2))
    words = "".join(random.Random(1).choices("调解行政复议案件办结", k=length))
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{words}</t></si></sst>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="r9" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    book = packages.xlsx({"A1": "甲"})
    edits = {"xl/_rels/workbook.xml.rels": ("</Relationships>", relation)}
    book = changed(
        book,
        {},
        {**edits, "xl/worksheets/sheet1.xml": ("<sheetData>", f"<sheetData>{rows}")},
        **{"xl/sharedStrings.xml": strings},
    )
    if length * cells < 100_000:
        assert spreadsheet.read(book).text.raw.count(words) == cells
        return
    with pytest.raises(BadReport, match="the strings that cells share") as caught:
        spreadsheet.read(book)
    assert caught.value.code == "too_complex"


@pytest.mark.parametrize("pattern", ["一" * 300_000, "%1" * 100_000])
def test_a_number_before_a_paragraph_is_as_long_as_word_makes_it(packages: ModuleType, pattern: str) -> None:
    body = packages.paragraph("共办结12件。", NUMBERED) * 50
    read = docx.read(packages.docx(body, word__numbering=packages.numbering("decimal", pattern)))
    assert len(read.text.raw) < 50 * 1000


def test_text_is_counted_while_it_is_built(packages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every format that has no text of its own."""
    monkeypatch.setattr(reading, "MOST_TEXT", 1000)
    cells = {f"A{row}": "调解纠纷" * 10 for row in range(1, 60)}
    for read, data in (
        (docx.read, packages.docx(packages.paragraph("办结12件。") * 300)),
        (spreadsheet.read, packages.xlsx(cells)),
    ):
        with pytest.raises(BadReport, match="more than 1000 characters") as caught:
            read(data)
        assert caught.value.code == "too_complex"
