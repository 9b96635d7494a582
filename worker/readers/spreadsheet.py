"""XLSX, XLSB, XLS and ODS: each sheet a table."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from schemas.report import ReportWarning
from worker.readers import archive
from worker.readers.linear import Linear
from worker.readers.reading import Reading, refusal
from worker.readers.tables import MOST_COLUMNS, GridCell

_MEDIA_TYPES = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "content.xml": "application/vnd.oasis.opendocument.spreadsheet",
}
_OLE2 = "application/vnd.ms-excel"
MOST_PLACES = 4_000_000  # rows x columns of a sheet, empty ones too: they are all held in memory
_REFERENCE = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\br=["']([A-Z]{0,3})(\d{1,7})["']""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["'](\d{1,9})["']""")
_PERCENT_FORMATS = re.compile(rb'numFmtId="(?:9|10)"|formatCode="[^"]*%')
_MOST_REPEATED = 200_000


def read(data: bytes) -> Reading:
    """The sheets of a workbook, a line a row; merged cells once.

    Numbers are read as they are stored. What a cell's format adds (a per cent sign, rounding) is not known: a workbook
    with per cent formats gets the warning ``number_formats``.

    Raises:
        BadReport: ``missing_reader``, ``damaged_archive``, ``too_complex``, ``encrypted``, ``damaged_file``, ``empty``.
    """
    try:
        import python_calamine
    except ImportError as error:
        raise refusal(
            "missing_reader", "reading spreadsheets needs python-calamine: install zhibiao[formats]"
        ) from error
    media_type, warnings = _checked(data) if zipfile.is_zipfile(io.BytesIO(data)) else (_OLE2, ())
    linear = Linear()
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in workbook.sheet_names:
            _write(linear, name, workbook.get_sheet_by_name(name))
    except python_calamine.PasswordError as error:
        raise refusal("encrypted", "the workbook asks for a password; one without would be right") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise refusal("damaged_file", f"the workbook cannot be read: {error}") from error
    reading = linear.reading(media_type)
    return Reading(media_type, None, reading.text, reading.page_starts, reading.cells, (), warnings)


def _checked(data: bytes) -> tuple[str, tuple[ReportWarning, ...]]:
    """The media type, once every entry was unpacked within the limits and no sheet claims too many places."""
    percent = False
    with archive.opened(data) as entries:
        for name in sorted(entries.names):
            content = entries.read(name)
            if name.startswith("xl/worksheets/"):
                _refuse_wide(name, content)
            elif name == "content.xml":
                _refuse_repeated(content)
            percent = percent or (name == "xl/styles.xml" and bool(_PERCENT_FORMATS.search(content)))
        media_type = next((media_type for name, media_type in _MEDIA_TYPES.items() if name in entries.names), None)
        if media_type is None:
            raise refusal("damaged_archive", "the spreadsheet has no content.xml; it may be cut off")
    message = "some cells may be shown as per cent; their numbers were read as stored, 0.985 for 98.5%"
    return media_type, (ReportWarning(code="number_formats", message=message),) if percent else ()


def _refuse_wide(name: str, content: bytes) -> None:
    columns = rows = 1
    for match in _REFERENCE.finditer(content):
        columns = max(columns, _column(match.group(1)))
        rows = max(rows, int(match.group(2)))
    if columns * rows > MOST_PLACES:
        raise refusal(
            "too_complex", f"{name} spans {rows} rows and {columns} columns; {MOST_PLACES} cells are allowed", name
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_repeated(content: bytes) -> None:
    """ODS writes equal cells once. Blank ones to the sheet's end are usual, long runs of filled ones are a bomb."""
    for match in re.finditer(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", content, re.DOTALL):
        if b"office:value" not in match.group(2) and b"<text:p" not in match.group(2):
            continue
        rows = _repeats(match.group(1))
        filled = re.findall(
            rb"<table:table-cell\b[^>]*?[^/]>|<table:table-cell\b[^>]*office:value[^>]*>", match.group(2)
        )
        if rows * sum(_repeats(cell) for cell in filled) > _MOST_REPEATED:
            raise refusal("too_complex", f"a row of content.xml repeats filled cells more than {_MOST_REPEATED} times")


def _repeats(tag: bytes) -> int:
    match = _REPEATED.search(tag)
    return int(match.group(1)) if match else 1


def _write(linear: Linear, name: str, sheet: Any) -> None:
    if sheet.height * sheet.width > MOST_PLACES:
        raise refusal(
            "too_complex", f"sheet {name} spans {sheet.height} rows and {sheet.width} columns", f"sheet {name}"
        )
    cells = list(_grid(sheet))
    if cells:
        linear.begin_page()
        linear.line(name)
        linear.table(cells)


def _grid(sheet: Any) -> Iterator[GridCell]:
    spans = {first: (last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in sheet.merged_cell_ranges or ()}
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        texts = [in_text(value) for value in values[:MOST_COLUMNS]]
        if not any(texts):
            continue
        yield from _row(row, texts, spans)


def _row(row: int, texts: Sequence[str], spans: dict[tuple[int, int], tuple[int, int]]) -> Iterator[GridCell]:
    column = 0
    while column < len(texts):
        rows, columns = spans.get((row, column), (1, 1))
        yield GridCell(texts[column], row, column, rows, columns)
        column += columns


def in_text(value: Any) -> str:
    """A cell's value as text: numbers in full, without the noise of binary fractions.

    >>> [in_text(value) for value in (1204.0, 0.1 + 0.2, 1e21, True, "调解 ", date(2023, 5, 1))]
    ['1204', '0.3', '1000000000000000000000', '', '调解', '2023-05-01']
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return _number(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value) if isinstance(value, (date, time, timedelta)) else ""


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = f"{value:.15g}"
    return text if "e" not in text else f"{value:.20f}".rstrip("0")
