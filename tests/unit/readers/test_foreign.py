"""Readers of other packages: asked for what ours do not read, and never believed without a look."""

import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from delivery import plugins
from schemas.report import ReportWarning
from tests.plugin_rig import install, install_example
from worker.edits import Applied, Flaw, OffsetMap, Text
from worker.errors import BadReport, Unavailable
from worker.foreign_readers import installed_readers, tools_with_plugins
from worker.parts import Cell, Label
from worker.pipeline import read_report
from worker.readers.foreign import ForeignReader
from worker.readers.reading import Reading, refusal
from worker.report_writer import Origin
from worker.stages.decode import read

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
TEXT = "湛江市2023年法治政府建设报告\n2023年，全市共调解纠纷513件。\n"
TELEX = b"\x16TELEX" + zlib.compress(TEXT.encode("gb18030"))


def reader(given: Any, name: str = "ours") -> ForeignReader:
    """One that gives, or raises, the same for every file."""

    def act(_data: bytes) -> Any:
        if isinstance(given, BaseException):
            raise given
        return given

    return ForeignReader(name, "zhibiao-other 2.1", lambda: act)


def reading(text: str = TEXT, encoding: str | None = None, **places: Any) -> Reading:
    return Reading("image/png", encoding, Text.of(text), **places)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages can be installed into; what was imported from it is forgotten."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for module in tmp_path.glob("*.py"):
        sys.modules.pop(module.stem, None)


def test_the_example_of_the_page_reads_its_format(path: Path) -> None:
    """Found by the package's entry point, as it is installed; ten lines or so, and the report says who read it."""
    code = install_example(path, plugins.READERS)
    tools = tools_with_plugins(wanted=True)

    report = read_report(TELEX, Origin("id", "a.tlx", "a.tlx", "0" * 64), tools, lambda: 0.0)

    assert len(code.splitlines()) <= 14
    assert [(metric.indicator, metric.value) for metric in report.metrics] == [("调解纠纷", "513")]
    assert report.source.media_type == "application/x-telex"
    said = "read by the reader 'telex' of zhibiao-telex 1.0, which is no part of Zhibiao"
    assert ReportWarning(code="foreign_reader", message=said) in report.warnings
    with pytest.raises(BadReport, match=r"reader 'telex' of zhibiao-telex 1[.]0: the message is cut off"):
        read(TELEX[:-1], tools.readers)
    with pytest.raises(BadReport, match="PNG image"):
        read(PICTURE, tools.readers)


def test_none_is_used_where_they_are_turned_off(path: Path) -> None:
    install_example(path, plugins.READERS)

    assert [one.name for one in tools_with_plugins(wanted=True).readers] == ["telex"]
    assert tools_with_plugins(wanted=False).readers == ()


def test_none_is_imported_before_it_is_needed(path: Path) -> None:
    """And one that cannot be is named, for only whoever runs the service can mend it."""
    install(path, "broken_reader", "raise OSError('no such library: libocr.so')", plugins.READERS, "ocr", "read")
    (found,) = installed_readers()

    assert read(TEXT.encode(), [found]).text.raw == TEXT
    with pytest.raises(BadReport) as refused:
        read(PICTURE, [found])
    assert (refused.value.code, refused.value.message) == (
        "missing_reader",
        "the reader 'ocr' of broken-reader 1.0 cannot be imported: OSError: no such library: libocr.so; "
        "install it anew, or take it away",
    )


def test_what_ours_read_is_not_asked_for(pdfs: ModuleType) -> None:
    """Nor what is damaged, empty or encrypted; a scan is."""
    other = reader(AssertionError("was asked"))

    assert read(TEXT.encode(), [other]).media_type == "text/plain"
    assert read(b"<html><body><p>" + TEXT.encode() + b"</p></body></html>", [other]).media_type == "text/html"
    for data, code in ((b" \n", "empty"), (b"PK\x03\x04cut off", "damaged_archive")):
        with pytest.raises(BadReport) as refused:
            read(data, [other])
        assert refused.value.code == code
    scan = pdfs.pdf([pdfs.PdfPage()])
    with pytest.raises(BadReport, match="page"):
        read(scan)
    assert read(scan, [reader(reading())]).text.raw == TEXT


def test_the_first_that_knows_the_file_has_it() -> None:
    found = read(PICTURE, [reader(None, "a"), reader(reading("乙"), "b"), reader(reading("丙"), "c")])

    assert found.text.raw == "乙"
    assert [warning.message for warning in found.warnings] == [
        "read by the reader 'b' of zhibiao-other 2.1, which is no part of Zhibiao"
    ]


CELL = Cell(0, 1, ("2023年",), ("收入",))
NONSENSE = {
    "no reading": TEXT,
    "no media type": Reading("picture", None, Text.of(TEXT)),
    "no text": Reading("image/png", None, TEXT),  # type: ignore[arg-type]
    "half a character": reading(TEXT + "\ud800"),
    "no such encoding": reading(encoding="klingon"),
    "another encoding": reading(encoding="utf-8"),
    "pages out of order": reading(page_starts=(0, 9, 4)),
    "a page after the end": reading(page_starts=(0, 400)),
    "pages that are none": reading(page_starts=(True, "9")),
    "a cell after the end": reading(cells=(CELL, Cell(30, 100, (), ()))),
    "a cell that ends before it begins": reading(cells=(Cell(5, 3, ("a",), ("b",)),)),
    "a cell with odd headers": reading(cells=(Cell(0, 1, (2023,), ()),)),  # type: ignore[arg-type]
    "a label after the end": reading(cells=(replace(CELL, row_at=((0, 400),)),)),
    "a label that ends before it begins": reading(cells=(replace(CELL, column_at=((3, 1),)),)),
    "a label whose place is none": reading(cells=(replace(CELL, column_at=(("0", 1),)),)),  # type: ignore[arg-type]
    "fewer places than labels": reading(cells=(Cell(0, 1, ("a", "b"), ("c",), column_at=((0, 1),)),)),
    "a line left out after the end": reading(left_out=((0, 400),)),
    "a line left out that is no place": reading(left_out=(7,)),
    "cells that are none": reading(cells=((0, 1),)),
    "a label that is none": reading(labels=(Label("发文日期", None, 0, 1),)),  # type: ignore[arg-type]
    "a flaw outside": Reading("image/png", None, Text(TEXT, TEXT, OffsetMap.identity(len(TEXT)), (), (Flaw(-1, 2, "a", "b"),))),
    "an edit outside": Reading(
        "image/png", None, Text(TEXT, TEXT, OffsetMap.identity(len(TEXT)), (Applied(0, 999, "", "", "", 1.0),))
    ),
    "a map of another text": Reading("image/png", None, Text(TEXT, TEXT, OffsetMap.identity(3))),
    "a warning that is none": reading(warnings=("careful",)),
    "no list": reading(cells=None),
}  # fmt: skip


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_is_a_damaged_file(what: str) -> None:
    """And none of it comes to a stage that trusts places."""
    with pytest.raises(BadReport) as refused:
        read(PICTURE, [reader(NONSENSE[what])])

    assert refused.value.code == "damaged_file"
    assert "reader 'ours' of zhibiao-other 2.1" in refused.value.message
    refused.value.message.encode()


@pytest.mark.parametrize(
    ("text", "code"), [(" \n", "empty"), ("\x01\x02报\x03", "unsupported_format")], ids=["blank", "binary"]
)
def test_text_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadReport) as refused:
        read(PICTURE, [reader(reading(text))])

    assert refused.value.code == code


class OfItsLibrary(Exception):
    """What nobody here has heard of."""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OfItsLibrary("cut off\nat 12"), "damaged_file", "OfItsLibrary: cut off at 12; a file"),
        (KeyError("\ud800"), "damaged_file", "KeyError: '\\ud800'"),
        (SystemExit(3), "damaged_file", "SystemExit: 3"),
        (Unavailable("away", "decode", "its server is away"), "damaged_file", "Unavailable: "),
        (refusal("page_torn", "page 3 is torn; a whole one would be right"), "page_torn", "page 3 is torn"),
        (BadReport("Page torn!", "fetch", "page 3 is torn", "3"), "damaged_file", "page 3 is torn"),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, BaseException) else None,
)
def test_what_it_raises_is_the_file_s(error: BaseException, code: str, said: str) -> None:
    """Whatever it is, the reason names the reader, in one line."""
    with pytest.raises(BadReport) as refused:
        read(PICTURE, [reader(error)])

    assert (refused.value.code, refused.value.stage) == (code, "decode")
    assert "reader 'ours' of zhibiao-other 2.1" in refused.value.message
    assert said in refused.value.message
    assert "\n" not in refused.value.message
    refused.value.message.encode()


@pytest.mark.parametrize("limit", [MemoryError(), TimeoutError("no answer")])
def test_what_has_run_out_is_not_the_file_s(limit: Exception) -> None:
    """Also where its library has wrapped it: another attempt may do better."""
    wrapped = OfItsLibrary("failed")
    wrapped.__cause__ = limit
    for error in (limit, wrapped):
        with pytest.raises(type(limit)):
            read(PICTURE, [reader(error)])


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(40), b"PK\x03\x04 cut off"])
def test_what_nobody_else_reads_has_the_trace_of_its_own_refusal(data: bytes) -> None:
    """A failure tells of a few places only: those that were asked besides are none of them."""
    with pytest.raises(BadReport) as caught:
        read(data)

    names = [entry.name for entry in caught.traceback]
    assert names[1:3] == ["read", "_read_own"]
    assert "read_by_others" not in names
