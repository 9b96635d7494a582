"""A time limit or a full memory is never a result: what is read, and what is refused, is the file's own doing."""

import errno
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import nullcontext
from types import ModuleType
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import pdfplumber.page
import pypdfium2
import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFKeyError
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from worker.errors import BadReport
from worker.readers import damage, pdf, pdf_tables, spreadsheet, xml_tree
from worker.stages.decode import read


class OfAnotherPool(Exception):
    """A time limit that nobody here has heard of."""


LIMITS = [SoftTimeLimitExceeded(120), MemoryError(), OfAnotherPool("time is up")]
NAMES = [type(limit).__name__ for limit in LIMITS]

PLACES = [
    (pypdfium2.PdfDocument, "__getitem__"),
    (pypdfium2.PdfPage, "get_textpage"),
    (pypdfium2.PdfDocument, "import_pages"),
    (PDFDocument, "__init__"),  # pdfplumber wraps what comes out of these two
    (PDFPageInterpreter, "process_page"),
    (pdfplumber.page.Page, "extract_text_lines"),
    (pdf_tables, "find_tables"),
]


def raising(error: Exception) -> Callable[..., Any]:
    def stand_in(*_arguments: Any, **_named: Any) -> Any:
        raise error

    return stand_in


@pytest.fixture
def ruled(pdfs: ModuleType) -> bytes:
    rows = [["地区", "2022年", "2023年"], ["赤坎区", "120", "135.5"], ["霞山区", "98", "77"]]
    return pdfs.pdf([pdfs.PdfPage().lines(60, 60, ["收入情况表"]).table(60, 110, rows)])


@pytest.mark.parametrize("limit", LIMITS, ids=NAMES)
@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[name for _, name in PLACES])
def test_a_limit_inside_a_pdf_comes_out(
    limit: Exception, owner: Any, name: str, ruled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it strikes: no report without the table, and no sound file refused."""
    monkeypatch.setattr(owner, name, raising(limit))

    with pytest.raises(type(limit)) as caught:
        read(ruled)

    # It has come out of another process.
    assert caught.value.args == limit.args or isinstance(limit, MemoryError)


@pytest.mark.parametrize("limit", LIMITS, ids=NAMES)
def test_a_limit_inside_a_callback_from_c_comes_out(
    limit: Exception, ruled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PDFium goes on as if all were written."""
    monkeypatch.setattr(pdf.io, "BytesIO", type("Full", (io.BytesIO,), {"write": raising(limit)}))

    with pytest.raises(type(limit)):
        read(ruled)


@pytest.mark.parametrize(
    "error",
    [
        KeyError("Length"),
        ZeroDivisionError(),
        struct.error("unpack requires a buffer of 4 bytes"),
        RecursionError(),
        PDFSyntaxError("no /Root"),
        AssertionError(),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize(("owner", "name"), PLACES[3:7], ids=[name for _, name in PLACES[3:7]])
def test_what_pdfminer_stumbles_over_leaves_the_lines_and_a_warning(
    error: Exception, owner: Any, name: str, ruled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, raising(error))

    reading = read(ruled)

    assert "赤坎区 120 135.5" in reading.text.raw
    assert [warning.code for warning in reading.warnings] == ["table_not_read"]


def test_what_pdfium_refuses_is_a_damaged_file(ruled: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pypdfium2.PdfPage, "get_textpage", raising(pypdfium2.PdfiumError("Failed to load text page")))

    with pytest.raises(BadReport) as caught:
        read(ruled)

    assert (caught.value.code, caught.value.place) == ("damaged_file", "page 1")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def while_handling(error: Exception, first: Exception) -> Exception:
    error.__context__ = first
    return error


@pytest.mark.parametrize(
    ("error", "comes_out"),
    [
        (PdfminerException(SoftTimeLimitExceeded(3)), SoftTimeLimitExceeded),
        (caused(ValueError("no number"), MemoryError()), MemoryError),
        (while_handling(PDFKeyError("Font"), OfAnotherPool()), OfAnotherPool),
        (while_handling(KeyError("a"), while_handling(KeyError("b"), SoftTimeLimitExceeded(3))), SoftTimeLimitExceeded),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), MemoryError),
        (TimeoutError("timed out"), TimeoutError),
        (zlib.error("Error -4 while decompressing data"), MemoryError),
        (PdfminerException(PDFKeyError("Length")), None),
        (while_handling(ValueError("no number"), StopIteration()), None),
        (OSError("Invalid data stream"), None),
        (zlib.error("Error -3 while decompressing data: invalid block type"), None),
        (UnicodeDecodeError("gb18030", b"\xff", 0, 1, "illegal multibyte sequence"), None),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else type(value).__name__,
)
def test_what_is_behind_an_error(error: Exception, comes_out: type[Exception] | None) -> None:
    """Full memory and what is unknown pass; what damage leads to stays."""
    with pytest.raises(comes_out) if comes_out else nullcontext():
        damage.pass_on(error, *pdf._errors_of_pdfminer())


def test_errors_that_refer_to_each_other_end() -> None:
    one, other = KeyError("a"), ValueError("b")
    one.__context__, other.__context__ = other, one

    damage.pass_on(one)


def without_memory(error: Any) -> Any:
    error.code = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
    return error


@pytest.mark.parametrize("error", [without_memory(ElementTree.ParseError("out of memory"))])
def test_xml_without_memory_is_no_damaged_xml(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = type("Parser", (), {"__init__": lambda self, target: None, "feed": raising(error)})
    monkeypatch.setattr(xml_tree.ElementTree, "XMLParser", parser)

    with pytest.raises(MemoryError):
        xml_tree.parse(b"<a/>", "a.xml")


@pytest.mark.parametrize("limit", [*LIMITS, OSError(errno.ENOMEM, "Cannot allocate memory"), TimeoutError()])
def test_a_limit_inside_an_archive_comes_out(
    limit: Exception, packages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile.ZipExtFile, "read", raising(limit))

    with pytest.raises(MemoryError if isinstance(limit, MemoryError) or type(limit) is OSError else type(limit)):
        read(packages.docx(packages.paragraph("办件300件。")))


@pytest.mark.parametrize("limit", LIMITS, ids=NAMES)
@pytest.mark.parametrize("name", ["_write", "_shown", "in_text"])
def test_a_limit_inside_a_workbook_comes_out(
    limit: Exception, name: str, packages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, name, raising(limit))

    with pytest.raises(type(limit)):
        read(packages.xlsx({"A1": "项目", "B2": 7.0}))


def test_damaged_archives_are_still_damaged(packages: ModuleType) -> None:
    """A byte changed inside the packed data, and an end that is cut off."""
    data = packages.docx(packages.paragraph("办件300件。" * 50))
    at = data.index(b"word/document.xml") + 40
    codes = []
    for broken in (data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :], data[: len(data) // 2]):
        with pytest.raises(BadReport) as caught:
            read(broken)
        codes.append(caught.value.code)

    assert codes == ["damaged_archive", "damaged_archive"]
