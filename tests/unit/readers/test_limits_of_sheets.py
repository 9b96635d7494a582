"""How much a workbook may claim: cells that a sheet spans, strings that cells share, rows that stand for many."""

import io
import struct
import zipfile
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from worker.errors import BadReport
from worker.readers import archive, reading, sheet_limits, spreadsheet, xlsb_limits
from worker.readers.archive import opened, rewritten
from worker.readers.sheet_limits import MOST_PLACES, MOST_REPEATED, OdsRepeats, SharedStrings, XlsxExtent
from worker.readers.tables import GridCell
from worker.readers.xlsb_limits import refuse_wide
from worker.readers.xlsx_formats import column_number, percent_cells

MOST = 100  # characters, in place of 64 million


def refused(run: Callable[[], object]) -> str:
    """The code that something is refused with, "" where it is not."""
    try:
        run()
    except BadReport as error:
        return error.code
    return ""


def extent(*cells: str, shared: SharedStrings | None = None) -> XlsxExtent:
    told = XlsxExtent("sheet1", shared or SharedStrings())
    for cell in cells:
        told.start("{ns}c", {"r": cell} if cell else {})
        told.end("{ns}c")
    return told


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("A1", "XFD1"), ""), (("A1", "A1048576"), ""), (("A2000000", "B1"), ""), (("A2000001", "B1"), "too_complex"), (("B2000000", "c3"), "too_complex"),
        (("XFD244",), ""), (("XFD245",), "too_complex"), (("AAAA1",), "too_complex"), (("A10000000",), "too_complex"), (("A9999999",), "too_complex"),
        (("", ""), ""), (("?1",), ""), (("A",), ""),
    ],
)  # fmt: skip
def test_a_sheet_spans_no_more_places_than_are_held(cells: tuple[str, ...], code: str) -> None:
    assert MOST_PLACES == 4_000_000
    assert refused(lambda: extent(*cells)) == code


def test_rows_say_how_far_a_sheet_goes_too() -> None:
    told = XlsxExtent("sheet1", SharedStrings())
    told.start("c", {"r": "B1"})

    assert refused(lambda: told.start("row", {"r": "2000000"})) == ""
    assert refused(lambda: told.start("row", {"r": "2000001"})) == "too_complex"
    assert refused(lambda: told.start("cols", {"r": "AAAA1"})) == ""


def test_cells_that_do_not_say_where_they_are_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_limits, "MOST_PLACES", 3)

    assert refused(lambda: extent("", "", "")) == ""
    assert refused(lambda: extent("", "", "", "")) == "too_complex"


@pytest.mark.parametrize(
    ("length", "uses", "code"),
    [
        (MOST, ["1"], ""), (MOST // 2 + 1, ["1", "1"], "too_complex"), (MOST // 2 + 1, ["1", "0"], ""),
        (MOST + 1, ["1"], "too_complex"), (MOST + 1, ["2", "x", "00000001", "-1"], ""), (MOST + 1, [" 1 "], "too_complex"),
    ],
)  # fmt: skip
def test_every_use_of_a_shared_string_is_a_copy(
    monkeypatch: pytest.MonkeyPatch, length: int, uses: list[str], code: str
) -> None:
    monkeypatch.setattr(reading, "MOST_TEXT", MOST)
    shared = SharedStrings()
    table = XlsxExtent("sharedStrings", shared)
    for tag, text in (
        ("sst", ""),
        ("si", ""),
        ("t", "甲"),
        ("si", ""),
        ("t", "甲" * (length // 2)),
        ("t", "甲" * (length - length // 2)),
    ):
        table.start(tag, {})
        table.text(text)
        table.end(tag)
    sheet = XlsxExtent("sheet1", shared)
    for index in uses:
        sheet.start("c", {"t": "s"})
        sheet.start("v", {})
        for piece in index:
            sheet.text(piece)
        sheet.end("v")
    for attributes in ({}, {"t": "n"}):  # numbers, no places of strings
        sheet.start("c", attributes)
        sheet.start("v", {})
        sheet.text("1")
        sheet.end("v")

    assert refused(shared.refuse_copies) == code


def ods(*rows: tuple[int, list[tuple[int, bool]]]) -> str:
    """The code that rows are refused with: how often each repeats, and its cells with how often and whether filled."""
    told = OdsRepeats("content.xml")

    def run() -> None:
        for times, cells in rows:
            told.start("{t}table-row", {"{t}number-rows-repeated": str(times)} if times > 1 else {})
            for count, is_filled in cells:
                repeated = {"{t}number-columns-repeated": str(count)} if count > 1 else {}
                told.start(
                    "{t}table-cell", repeated | ({"{o}value-type": "float", "{o}value": "1"} if is_filled else {})
                )
                if is_filled:
                    told.start("{x}p", {})
                    told.text("1")
                told.end("{t}table-cell")
            told.end("{t}table-row")

    return refused(run)


@pytest.mark.parametrize(
    ("told", "is_filled"),
    [({"{o}value": "1"}, True), ({"{o}value-type": "string"}, True), ({"{o}style-name": "a"}, False), ({}, False)],
)
@pytest.mark.parametrize("has_text", [False, True])
def test_what_fills_a_cell_of_an_ods(told: dict[str, str], *, is_filled: bool, has_text: bool) -> None:
    """A value, a type, a paragraph: each by itself, and once; one that another covers is a cell as well."""
    for name in ("table-cell", "covered-table-cell", "other"):
        rows = OdsRepeats("content.xml")
        rows.start("{t}table-row", {})
        rows.start(f"{{t}}{name}", told)
        if has_text:
            rows.start("{x}p", {})
        assert rows._filled == int((is_filled and name != "other") or has_text)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(1, [(1, True)])], ""), ([(1_048_576, [(16_384, False)])], ""), ([(1, [(MOST_REPEATED, True)])], ""), ([(1, [(MOST_REPEATED + 1, True)])], "too_complex"),
        ([(MOST_REPEATED, [(1, True)])], ""), ([(MOST_REPEATED // 2 + 1, [(2, True)])], "too_complex"), ([(MOST_REPEATED // 2, [(1, True), (1, True)])], ""),
        ([(40_000, [(99, False), (1, True)])], ""), ([(40_000, [(100, False), (1, True)])], "too_complex"), ([(40_000, [(1, True), (9999, False)])], ""),
        ([(20_000, [(99, False), (1, True)])] * 2, ""), ([(20_000, [(99, False), (1, True)])] * 2 + [(1, [(1, True)])], "too_complex"),
    ],
)  # fmt: skip
def test_what_a_row_of_an_ods_stands_for(rows: list[tuple[int, list[tuple[int, bool]]]], code: str) -> None:
    """Filled cells, and the places up to the last filled one; blank ones to the end of a sheet are usual."""
    assert ods(*rows) == code


def record(kind: int, content: bytes) -> bytes:
    def seven_bits(number: int, most: int) -> bytes:
        out = []
        while True:
            byte, number = number & 0x7F, number >> 7
            out.append(byte | (0x80 if number else 0))
            if not number or len(out) == most:
                return bytes(out)

    return seven_bits(kind, 2) + seven_bits(len(content), 4) + content


def xlsb(rows: int, columns: int, *, target: str = "worksheets/Sheet1.bin", cell: int = 2) -> bytes:
    sheet = (
        record(129, b"")
        + record(0, struct.pack("<I", rows - 1) + b"\0" * 200)
        + record(cell, struct.pack("<I", columns - 1))
    )
    name = "rId1".encode("utf-16-le")
    book = record(156, struct.pack("<III", 0, 1, 4) + name + b"\0\0")
    relations = f'<Relationships><Relationship Id="rId1" Target="{target}"/></Relationships>'
    return rewritten(
        {"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations.encode(), "xl/worksheets/sheet1.bin": sheet}
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (xlsb(2000, 2000), ""), (xlsb(2000, 2001), "too_complex"), (xlsb(2001, 2000), "too_complex"), (xlsb(4_000_000, 1), ""), (xlsb(4_000_001, 1), "too_complex"),
        (xlsb(2000, 2001, target="/xl/worksheets/sheet1.bin"), "too_complex"), (xlsb(2000, 2001, target="other.bin"), ""),
        (xlsb(2000, 2001, cell=1), "too_complex"), (xlsb(2000, 2001, cell=11), "too_complex"), (xlsb(2000, 2001, cell=12), ""),
    ],
)  # fmt: skip
def test_the_records_of_an_xlsb_say_how_far_a_sheet_goes(data: bytes, code: str) -> None:
    with opened(data) as entries:
        assert refused(lambda: refuse_wide(entries)) == code


def test_records_are_read_as_far_as_they_are_whole() -> None:
    found = list(xlsb_limits._records(record(0, b"abcd") + record(300, b"e" * 130) + record(1, b"abcd")[:-1]))

    assert [(kind, length) for kind, _, length in found] == [(0, 4), (300, 130)]
    assert list(xlsb_limits._records(b"")) == []


def test_strings_outside_the_table_of_strings_count_for_nothing() -> None:
    told = XlsxExtent("sheet1", SharedStrings())
    for tag in ("si", "t"):
        told.start(tag, {})
    told.text("甲" * 9)
    told.end("t")
    told.start("c", {"t": "s"})

    assert told._table is None
    assert refused(told._shared.refuse_copies) == ""


def test_merged_cells_are_one_from_whichever_corner() -> None:
    spans = spreadsheet._spans([((1, 0), (0, 2)), ((3, 3), (3, 3))])

    assert spans == {(0, 0): (2, 3), (3, 3): (1, 1)}
    assert [*spreadsheet._row(0, ["甲", "", "", "乙"], spans)] == [
        GridCell("甲", 0, 0, 2, 3),
        GridCell("乙", 0, 3, 1, 1),
    ]
    assert [*spreadsheet._row(3, ["甲", "乙"], spans)] == [GridCell("甲", 3, 0), GridCell("乙", 3, 1)]


@pytest.mark.parametrize(
    ("sheets", "shown"),
    [("1+ 2- 3+", "1 3"), ("1- 2-", "1 2"), ("1+ c+", "1"), ("c+", ""), ("1- c+ 2-", "1 2"), ("", "")],
)
def test_the_sheets_that_people_see_are_read(sheets: str, shown: str) -> None:
    """All, where none is seen; a chart is no sheet."""
    library = SimpleNamespace(
        SheetTypeEnum=SimpleNamespace(WorkSheet="w"), SheetVisibleEnum=SimpleNamespace(Visible="+")
    )
    told = [
        SimpleNamespace(name=name, typ="w" if name.isdigit() else "c", visible=sign) for name, sign in sheets.split()
    ]

    assert spreadsheet._shown(library, SimpleNamespace(sheets_metadata=told)) == shown.split()


def styled(code: str, *, style: str = "1", builtin: str = "164") -> bytes:
    styles = f'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="{builtin}"/></cellXfs></styleSheet>'
    sheet = f'<worksheet><c r="B3" s="{style}"><v>1</v></c><c r="C3"><v>1</v></c></worksheet>'
    return rewritten(
        {
            "xl/workbook.xml": b'<workbook xmlns:r="r"><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": b'<R><Relationship Id="rId1" Target="worksheets/s.xml"/></R>',
            "xl/styles.xml": styles.encode(),
            "xl/worksheets/s.xml": sheet.encode(),
        }
    )


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (styled("0.0%"), {(2, 1)}), (styled("0.0"), set()), (styled("0&quot;%&quot;"), set()), (styled(r"0\%"), set()), (styled("0", builtin="9"), {(2, 1)}),
        (styled("0", builtin="10"), {(2, 1)}), (styled("0", builtin="11"), set()), (styled("0.0%", style="0"), set()), (styled("0.0%", style="x"), set()),
    ],
)  # fmt: skip
def test_cells_that_are_shown_as_per_cent(data: bytes, cells: set[tuple[int, int]]) -> None:
    with opened(data) as entries:
        found = percent_cells(entries)
    assert found.get("S", set()) == cells


def test_columns_count_from_nothing() -> None:
    assert [column_number(letters) for letters in ("A", "Z", "AA", "AZ", "BA", "XFD", "")] == [
        0,
        25,
        26,
        51,
        52,
        16383,
        -1,
    ]


def test_an_archive_is_opened_within_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 2)
    monkeypatch.setattr(archive, "MOST_BYTES", 20)

    def read(*names: str, contents: dict[str, bytes]) -> str:
        def run() -> None:
            with opened(rewritten(contents)) as entries:
                assert entries.names == set(contents)
                assert [entries.read(name) for name in names] == [contents[name] for name in names]

        return refused(run)

    two = {"a": b"1" * 10, "b": b"2" * 10}
    assert read("a", "b", contents=two) == ""
    assert read("a", "b", "a", contents=two) == "too_complex"
    assert read("a", contents={"a": b"1" * 21}) == "too_complex"
    assert read(contents=two | {"c": b""}) == "too_complex"
    with opened(rewritten(two)) as entries:
        assert refused(lambda: entries.read("c")) == "damaged_archive"
    assert refused(lambda: opened(b"PK\x03\x04").__enter__()) == "damaged_archive"


def test_what_unpacks_to_far_more_than_it_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small entries harm nobody."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a", b"\0" * 3_000_000)
        file.writestr("b", b"\0" * 1_000_000)
    with opened(made.getvalue()) as entries:
        assert refused(lambda: entries.read("a")) == "too_complex"
        assert len(entries.read("b")) == 1_000_000
    monkeypatch.setattr(archive, "MOST_RATIO", 1100)
    with opened(made.getvalue()) as entries:
        assert len(entries.read("a")) == 3_000_000
