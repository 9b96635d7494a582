"""XLSX, XLSB, XLS and ODS: each sheet a table."""

import io
import posixpath
import re
import zipfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from schemas.report import ReportWarning
from worker.readers import archive, damage, xlsb_limits
from worker.readers.linear import Linear
from worker.readers.reading import Reading, refusal
from worker.readers.sheet_limits import MOST_PLACES, OdsRepeats, SharedStrings, XlsxExtent
from worker.readers.tables import MOST_COLUMNS, GridCell
from worker.readers.xlsx_formats import percent_cells
from worker.readers.xml_tree import XmlGauge, parse, refuse_malformed

_MEDIA_TYPES = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "content.xml": "application/vnd.oasis.opendocument.spreadsheet",
}
_Place = tuple[int, int]  # row and column, from 0
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ZIP = b"PK"
_OLE2 = "application/vnd.ms-excel"
_FRACTION = re.compile(r"(?:^|\t)-?0\.\d", re.MULTILINE)
_PERCENT_WARNING = ReportWarning(
    code="number_formats",
    message="some cells may be shown as per cent; their numbers were read as stored, 0.985 for 98.5%",
)


def read(data: bytes) -> Reading:
    """The sheets of a workbook, a line a row; merged cells once.

    Numbers are read as they are stored, per cent cells of an XLSX as they are shown. What else a format adds, rounding
    and units, is not known. Where per cent cells cannot be told there is a warning, ``number_formats``.

    Raises:
        BadReport: ``missing_reader``, ``damaged_archive``, ``too_complex``, ``encrypted``, ``damaged_file``, ``empty``.
    """
    try:
        import python_calamine
    except ImportError as error:
        raise refusal(
            "missing_reader", "reading spreadsheets needs python-calamine: pip install 'zhibiao[formats]'"
        ) from error
    linear = Linear()
    try:
        package = _checked(data) if data.startswith(_ZIP) else _old(data)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(package.data))
        for name in _shown(python_calamine, workbook):
            _write(linear, name, workbook.get_sheet_by_name(name), package.percent.get(name, set()))
    except python_calamine.PasswordError as error:
        raise refusal("encrypted", "the workbook asks for a password; one without would be right") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        damage.pass_on(error, python_calamine.CalamineError)
        raise refusal(
            "damaged_file", f"the workbook cannot be read: {error}; save it anew as XLSX where it opens"
        ) from error
    reading = linear.reading(package.media_type)
    warnings = (_PERCENT_WARNING,) if package.may_hide_percent and _FRACTION.search(reading.text.raw) else ()
    return Reading(package.media_type, None, reading.text, reading.page_starts, reading.cells, (), warnings)


@dataclass(frozen=True)
class _Package:
    """The workbook as it is to be read, and what it says of its cells before: those shown as per cent, by sheet, if that is known."""

    data: bytes
    media_type: str
    percent: Mapping[str, set[tuple[int, int]]] = field(default_factory=dict)
    may_hide_percent: bool = False


def _old(data: bytes) -> _Package:
    """An XLS. The library looks for a workbook of any kind, also for one behind the file, whose limits nobody has checked."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise refusal("damaged_file", "a ZIP archive lies behind the old workbook; one of the two would be right")
    return _Package(data, _OLE2, may_hide_percent=True)


def _checked(data: bytes) -> _Package:
    """What the archive says, once every entry was unpacked within the limits and no sheet claims too many places."""
    shared = SharedStrings()
    with archive.opened(data) as entries:
        contents = {name: entries.read(name) for name in sorted(entries.names)}
        named = _related(contents)
        for name, content in contents.items():
            if content and (name.lower().endswith((".xml", ".rels")) or name.lower() in named):
                refuse_malformed(content, name, _limits(name, shared))
        shared.refuse_copies()
        media_type = next((media_type for name, media_type in _MEDIA_TYPES.items() if name in entries.names), None)
        if media_type is None:
            raise refusal("damaged_archive", "the spreadsheet has no content.xml; it may be cut off")
        _refuse_twins(contents)
    with archive.opened(data) as entries:
        if xlsb_limits.WORKBOOK in entries.names:
            xlsb_limits.refuse_wide(entries)
        is_xlsx = media_type == _MEDIA_TYPES["xl/workbook.xml"]
        return _Package(archive.rewritten(contents), media_type, percent_cells(entries) if is_xlsx else {}, not is_xlsx)


def _refuse_twins(contents: Mapping[str, bytes]) -> None:
    """Names that differ in case alone are one to some readers, and which of the two is open to chance."""
    seen: dict[str, str] = {}
    for name in contents:
        if other := seen.get(name.lower()):
            message = f"the entries {other} and {name} differ in case alone; one of them would be right"
            raise refusal("damaged_archive", message, name)
        seen[name.lower()] = name


def _related(contents: Mapping[str, bytes]) -> set[str]:
    """Names, in lower case, of the XML that the workbook's relations lead to: a sheet may have any name."""
    found = set()
    for name, content in contents.items():
        if name.lower() != _RELATIONS or not content:
            continue
        for relation in parse(content, name):
            target = relation.get("Target", "").replace("\\", "/").lower()
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found.add(posixpath.normpath(path))
    return {name for name in found if not name.endswith(".bin")}


def _limits(name: str, shared: SharedStrings) -> XmlGauge:
    return OdsRepeats(name) if name == "content.xml" else XlsxExtent(name, shared)


def _shown(python_calamine: Any, workbook: Any) -> list[str]:
    """The names of the worksheets that are not hidden; of all, where that leaves none."""
    sheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
    shown = python_calamine.SheetVisibleEnum.Visible
    hidden = {sheet.name for sheet in workbook.sheets_metadata if sheet.visible != shown}
    return [name for name in sheets if name not in hidden] or sheets


def _write(linear: Linear, name: str, sheet: Any, percent: Container[tuple[int, int]]) -> None:
    if sheet.height * sheet.width > MOST_PLACES:
        raise refusal(
            "too_complex",
            f"sheet {name} spans {sheet.height} rows and {sheet.width} columns; {MOST_PLACES} cells are allowed",
            f"sheet {name}",
        )
    cells = list(_grid(sheet, percent))
    if cells:
        linear.begin_page()
        linear.line(name)
        linear.table(cells)


def _grid(sheet: Any, percent: Container[tuple[int, int]]) -> Iterator[GridCell]:
    spans = _spans(sheet.merged_cell_ranges or ())
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        texts = [
            in_text(value, is_percent=(row, column) in percent) for column, value in enumerate(values[:MOST_COLUMNS])
        ]
        if not any(texts):
            continue
        yield from _row(row, texts, spans)


def _spans(ranges: Iterable[tuple[_Place, _Place]]) -> dict[_Place, tuple[int, int]]:
    """Rows and columns of each merged range by its first cell; its corners may come in any order."""
    spans: dict[_Place, tuple[int, int]] = {}
    for one, other in ranges:
        rows, columns = sorted((one[0], other[0])), sorted((one[1], other[1]))
        spans[rows[0], columns[0]] = (rows[1] - rows[0] + 1, columns[1] - columns[0] + 1)
    return spans


def _row(row: int, texts: Sequence[str], spans: Mapping[_Place, tuple[int, int]]) -> Iterator[GridCell]:
    column = 0
    while column < len(texts):
        rows, columns = spans.get((row, column), (1, 1))
        yield GridCell(texts[column], row, column, rows, columns)
        column += columns


def in_text(value: Any, *, is_percent: bool = False) -> str:
    """A cell's value as text: numbers in full, without the noise of binary fractions.

    >>> in_text(0.985, is_percent=True)
    '98.5%'

    >>> [in_text(value) for value in (1204.0, 0.1 + 0.2, 1e21, True, "调解 ", date(2023, 5, 1))]
    ['1204', '0.3', '1000000000000000000000', '', '调解', '2023-05-01']
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return _number(float(value) * 100) + "%" if is_percent else _number(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value) if isinstance(value, (date, time, timedelta)) else ""


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = f"{value:.15g}"
    return text if "e" not in text else f"{value:.20f}".rstrip("0")
