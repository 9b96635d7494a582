"""DOCX, OFD, spreadsheets and older Office formats; archives that are traps."""

import os
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest

from worker.errors import BadReport, Exhausted
from worker.readers import office
from worker.readers.reading import Reading
from worker.stages.decode import read

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
SENTENCE = "全年共受理行政复议申请七百余宗，其中立案受理"


def code_of(data: bytes) -> str:
    with pytest.raises(BadReport) as caught:
        read(data)
    return caught.value.code


def figures(reading: Reading) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(reading.text.raw[c.start : c.end], c.column, c.row) for c in reading.cells if c.column or c.row]


def test_docx_with_tracked_changes_and_a_table(packages: ModuleType) -> None:
    """Insertions kept, deletions and hidden text dropped; a table stays between its paragraphs."""
    changed = (
        "<w:p><w:r><w:t>办件</w:t></w:r><w:ins><w:r><w:t>300</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>200</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>77</w:t></w:r>"
        "<w:r><w:t>件。</w:t></w:r></w:p>"
    )
    table = packages.table([["地区", "2022年", "2023年", "增长"], ["赤坎区", "120", "135", "98.5"]])

    reading = read(packages.docx(changed + table + packages.paragraph("以上。")))

    assert reading.text.raw == "办件300件。\n地区\t2022年\t2023年\t增长\n赤坎区\t120\t135\t98.5\n以上。\n"
    assert figures(reading) == [
        ("120", ("2022年",), ("赤坎区",)),
        ("135", ("2023年",), ("赤坎区",)),
        ("98.5", ("增长",), ("赤坎区",)),
    ]


def test_docx_with_merged_cells(packages: ModuleType) -> None:
    """Across and down."""
    rows = [["类别v", "收入|2"], ["^", "2022年", "2023年"], ["税收", "120", "135"]]

    reading = read(packages.docx(packages.table(rows)))

    assert reading.text.raw == "类别\t收入\n2022年\t2023年\n税收\t120\t135\n"
    assert figures(reading) == [("120", ("收入", "2022年"), ("税收",)), ("135", ("收入", "2023年"), ("税收",))]


def test_docx_numbers_its_headings(packages: ModuleType) -> None:
    """一、 is often in no text: Word counts."""
    place = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = packages.paragraph("总体情况", place) + packages.paragraph("正文。") + packages.paragraph("存在问题", place)

    reading = read(packages.docx(body, word__numbering=packages.numbering("chineseCountingThousand", "%1、")))

    assert reading.text.raw == "一、总体情况\n正文。\n二、存在问题\n"


def test_docx_reads_a_text_box_once(packages: ModuleType) -> None:
    """Word writes it twice, for programs old and new."""
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent>{packages.paragraph('附注：共12件。')}</w:txbxContent>"
    both = f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'

    reading = read(packages.docx(f"<w:p><w:r><w:t>正文。</w:t></w:r><w:r>{both}</w:r></w:p>"))

    assert reading.text.raw == "正文。\n附注：共12件。\n"


def test_xlsx(packages: ModuleType) -> None:
    """A sheet is a page and a table; its numbers are free of binary noise."""
    cells = {"A1": "收入情况表", "A2": "项目", "B2": "金额", "A3": "税收", "B3": 0.1 + 0.2, "A4": "非税", "B4": 1204.0}

    reading = read(packages.xlsx(cells, ["A1:B1"]))

    assert reading.text.raw == "表1\n收入情况表\n项目\t金额\n税收\t0.3\n非税\t1204\n"
    assert figures(reading) == [("0.3", ("金额",), ("税收",)), ("1204", ("金额",), ("非税",))]
    assert (reading.cells[-1].caption, reading.page_starts, reading.warnings) == ("表1\n收入情况表", (0,), ())


def test_xlsx_cells_shown_as_per_cent(packages: ModuleType) -> None:
    """0.985 is stored; the format, built in or the file's own, makes 98.5% of it."""
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>'
        '<numFmt numFmtId="170" formatCode="0.0%;-0.0%"/><numFmt numFmtId="171" formatCode="0.0&quot;%&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>'
    )
    rows = {"A1": "项目", "B1": "率", "A2": "甲", "B2": 0.985, "A3": "乙", "B3": -0.07, "A4": "丙", "B4": 0.5}

    reading = read(packages.xlsx(rows, styles=styles, shown={"B2": 1, "B3": 2, "B4": 3}))

    assert (reading.text.raw, reading.warnings) == ("表1\n项目\t率\n甲\t98.5%\n乙\t-7%\n丙\t0.5\n", ())


def test_xlsb(packages: ModuleType) -> None:
    """Records instead of XML; the same table."""
    reading = read(packages.xlsb({0: {0: "项目", 1: "件数"}, 1: {0: "调解", 1: 1204.0}}))

    assert (reading.text.raw, figures(reading)) == ("表1\n项目\t件数\n调解\t1204\n", [("1204", ("件数",), ("调解",))])


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        ({4_000_000_000: {0: "far down"}}, "4000000001 rows and 1 columns"),
        ({0: {0: "a"}, 9: {3_000_000_000: "far right"}}, "10 rows and 3000000001 columns"),
        ({400_000: {0: "a"}, 400_001: {16_000: "b"}}, "400002 rows and 16001 columns"),
    ],
)
@pytest.mark.parametrize("sheet", ["worksheets/sheet1.bin", "Other/名.BIN"])
def test_an_xlsb_that_spans_too_much_is_refused_before_it_is_read(
    packages: ModuleType, rows: dict[int, dict[int, str]], seen: str, sheet: str
) -> None:
    """calamine asks for memory for each place between its first and its last cell."""
    with pytest.raises(BadReport, match=f"xl/{sheet} spans {seen}; 4000000 cells are allowed") as caught:
        read(packages.xlsb(rows, sheet))

    assert caught.value.code == "too_complex"


def test_ods(packages: ModuleType) -> None:
    """As LibreOffice writes it."""
    row = (
        "<table:table-row><table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
        "<table:table-cell office:value-type='{}'{}><text:p>{}</text:p></table:table-cell></table:table-row>"
    )

    reading = read(
        packages.ods(
            row.format("项目", "string", "", "金额") + row.format("税收", "float", " office:value='12.5'", "12.50")
        )
    )

    assert (reading.text.raw, figures(reading)) == ("表1\n项目\t金额\n税收\t12.5\n", [("12.5", ("金额",), ("税收",))])


def test_ods_with_fractions_is_warned_of(packages: ModuleType) -> None:
    """They may be shown as per cent, which the reader cannot tell."""
    cell = "<table:table-cell office:value-type='percentage' office:value='0.985'><text:p>98.5%</text:p></table:table-cell>"

    reading = read(packages.ods(f"<table:table-row>{cell}</table:table-row>"))

    assert [warning.code for warning in reading.warnings] == ["number_formats"]


def test_ofd(packages: ModuleType) -> None:
    """Pieces of a line joined, wrapped lines joined, page numbers dropped."""
    pages = [
        [(30, 20, 60, "工作报告"), (40, 40, 140, SENTENCE[:12]), (90, 40, 90, SENTENCE[12:]), (30, 50, 50, "623宗。"), (100, 280, 3, "1")],
        [(30, 20, 60, "二、存在问题"), (100, 280, 3, "2")],
    ]  # fmt: skip

    reading = read(packages.ofd(pages))

    assert reading.text.raw == f"工作报告\n{SENTENCE}623宗。\n二、存在问题\n"
    assert (reading.media_type, reading.page_starts) == ("application/ofd", (0, len(f"工作报告\n{SENTENCE}623宗。\n")))


def test_ofd_of_images_needs_ocr(packages: ModuleType) -> None:
    """Pages without a piece of text."""
    assert code_of(packages.ofd([[], []])) == "needs_ocr"


def test_archives_that_are_traps(packages: ModuleType) -> None:
    """Each ends in an error that names the limit."""
    entity = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><w:document xmlns:w="x">&c;</w:document>'
    codes = {
        "bomb": code_of(packages.package({"word/document.xml": b" " * 60_000_000})),
        "entities": code_of(packages.package({"word/document.xml": entity})),
        "entities in UTF-16": code_of(packages.package({"word/document.xml": entity.encode("utf-16")})),
        "depth": code_of(packages.package({"word/document.xml": "<a>" * 100_000})),
        "entries": code_of(packages.package({f"{number}": "" for number in range(10_001)})),
        "an archive inside": code_of(packages.package({"word/document.xml": packages.package({"a": "b"})})),
        "another archive": code_of(packages.package({"a.txt": "办件300件。"})),
        # calamine would look for the end of the table for ever.
        "a tag not closed": code_of(packages.ods("</tcelable:table>")),
        "entities in a sheet": code_of(
            packages.package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": entity})
        ),
        "wide sheet": code_of(packages.xlsx({"A1": "甲", "XFD1048576": "乙"})),
        "no such cell": code_of(packages.xlsx({"C" + "9" * 300: "甲"})),
        "no such column": code_of(packages.xlsx({"AAAA1": "甲"})),
        "no such row": code_of(packages.xlsx({"A10485760": "甲"})),
        "wide sheet under another name": code_of(
            packages.package(
                {"xl/workbook.xml": "<a/>", "xl/a.xml": "<w><c s='>' r='A1'/><c s='>' r='XFD1048576'/></w>"}
            )
        ),
        "filled cells behind blank ones": code_of(
            packages.ods(
                "<table:table-row table:number-rows-repeated='100000'><table:table-cell "
                "table:number-columns-repeated='16000'/><table:table-cell><text:p>1</text:p></table:table-cell>"
                "</table:table-row>"
            )
        ),
        "repeated cells": code_of(
            packages.ods(
                "<table:table-row table:number-rows-repeated='1048576'><table:table-cell "
                "table:number-columns-repeated='1024' office:value-type='float' office:value='1'><text:p>1</text:p>"
                "</table:table-cell></table:table-row>"
            )
        ),
        "cut off": code_of(packages.docx(packages.paragraph("办件300件。"))[:120]),
        "no text": code_of(packages.docx(packages.paragraph(""))),
    }

    assert codes == {
        "bomb": "too_complex",
        "entities": "too_complex",
        "entities in UTF-16": "too_complex",
        "depth": "too_complex",
        "entries": "too_complex",
        "an archive inside": "damaged_file",
        "another archive": "unsupported_format",
        "a tag not closed": "damaged_file",
        "entities in a sheet": "too_complex",
        "wide sheet": "too_complex",
        "no such cell": "too_complex",
        "no such column": "too_complex",
        "no such row": "too_complex",
        "wide sheet under another name": "too_complex",
        "filled cells behind blank ones": "too_complex",
        "repeated cells": "too_complex",
        "cut off": "damaged_archive",
        "no text": "empty",
    }


def test_encrypted_office_document() -> None:
    """Word and Excel keep one as a stream of an OLE2 file."""
    assert code_of(OLE2 + "EncryptedPackage\0".encode("utf-16-le")) == "encrypted"


def test_damaged_workbook() -> None:
    """The directory names a workbook, and nothing of it is there."""
    assert code_of(OLE2 + "Workbook\0".encode("utf-16-le")) == "damaged_file"


def test_without_the_libraries_the_refusal_says_so(
    packages: ModuleType, pdfs: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text, HTML, DOCX and OFD need none of them."""
    for name in ("pypdfium2", "pdfplumber", "python_calamine"):
        monkeypatch.setitem(sys.modules, name, None)

    for data in (packages.xlsx({"A1": "甲"}), pdfs.pdf([pdfs.PdfPage()])):
        with pytest.raises(BadReport, match=r"install 'zhibiao\[formats\]'") as caught:
            read(data)
        assert caught.value.code == "missing_reader"
    assert read(packages.docx(packages.paragraph("办件300件。"))).text.raw == "办件300件。\n"


@pytest.mark.parametrize("data", [OLE2 + "WordDocument\0".encode("utf-16-le"), b"{\\rtf1 x}"])
def test_without_libreoffice_the_refusal_says_so(data: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And what would help."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BadReport, match="LibreOffice, which is not installed; install it, or save the report as DOCX"):
        read(data)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "soffice"
    program.write_text("#!/bin/sh\nwhile [ $# -gt 1 ]; do [ $1 = --outdir ] && out=$2; shift; done\n" + script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_rtf_through_libreoffice(packages: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it makes is read as DOCX; the media type stays the file's own."""
    (tmp_path / "made.docx").write_bytes(packages.docx(packages.paragraph("办件300件。")))
    stand_in(tmp_path, monkeypatch, f'cp {tmp_path}/made.docx "$out/report.docx"')

    reading = read(b"{\\rtf1 x}")

    assert (reading.media_type, reading.text.raw) == ("application/rtf", "办件300件。\n")


@pytest.mark.parametrize("script", ["exit 3", "exit 77", "kill -SEGV $$"])
def test_libreoffice_that_fails(script: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file's fault."""
    stand_in(tmp_path, monkeypatch, script)

    assert code_of(b"{\\rtf1 x}") == "damaged_file"


@pytest.mark.parametrize(
    ("script", "code"),
    [("exec sleep 30", "out_of_time"), ("kill -KILL $$", "killed"), ("sh -c 'kill -KILL $$'; exit $?", "killed")],
)
def test_libreoffice_without_time_or_memory(
    script: str, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """That says nothing of the file: the attempt counts, and another is made."""
    stand_in(tmp_path, monkeypatch, script)
    monkeypatch.setattr(office, "TIMEOUT_S", 0.2 if code == "out_of_time" else 60)

    with pytest.raises(Exhausted) as caught:
        read(b"{\\rtf1 x}")

    assert caught.value.code == code


def test_what_libreoffice_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """soffice is a launcher, and the program that it starts holds the file."""
    stand_in(tmp_path, monkeypatch, f"sleep 30 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(office, "TIMEOUT_S", 0.5)

    with pytest.raises(Exhausted):
        read(b"{\\rtf1 x}")

    child = int((tmp_path / "child").read_text())
    ended = any(_has_ended(child) for _ in range(100_000))
    assert ended


def _has_ended(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True
