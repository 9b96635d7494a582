"""A workbook: sheets 数字, 报告, 关系, 警告, 未读 and 说明, written row by row with flat memory."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.columns import COLUMNS, Cell, Row
from exports.folder import Unread
from exports.own_tables import MARK
from exports.sides import (
    RELATION_COLUMNS,
    REPORT_COLUMNS,
    TITLES,
    WARNING_COLUMNS,
    relation_rows,
    report_row,
    warning_rows,
)
from exports.words import said
from schemas import paths
from schemas.report import Report

MOST_ROWS = 1_048_575  # a sheet's, below the header: Excel's limit
LONGEST_CELL = 32_767  # characters: Excel's limit
EXACT_DIGITS = 15  # that a floating-point cell keeps
_WIDTHS = {
    "sentence": 60,
    "message": 60,
    "indicator": 28,
    "section": 24,
    "title": 30,
    "path": 30,
    "confidence_reasons": 24,
    "formula": 24,
}


class TooManyRows(ValueError):
    """More rows than a sheet of a workbook holds."""


@dataclass
class Sheet:
    """A sheet with a frozen header and a filter, filled from the top."""

    sheet: Worksheet
    columns: tuple[tuple[str, str], ...]  # name and kind
    formats: "Formats"
    rows: int = 0

    def start(self, titles: Sequence[str]) -> None:
        """Write the header."""
        self.sheet.freeze_panes(1, 0)
        for index, (title, (name, _)) in enumerate(zip(titles, self.columns, strict=True)):
            self.sheet.set_column(index, index, _WIDTHS.get(name, 12))
            self.sheet.write_string(0, index, title, self.formats.header)

    def add(self, cells: Sequence[Cell], link: str | None = None) -> None:
        """Write one row, from the first column on; ``link`` lies under its ``path``.

        Raises:
            TooManyRows: the sheet is full.
        """
        if self.rows == MOST_ROWS:
            raise TooManyRows(f"a sheet holds {MOST_ROWS} rows, there are more; CSV, SQLite or Parquet hold them all")
        self.rows += 1
        for index, (cell, (name, kind)) in enumerate(zip(cells, self.columns, strict=False)):
            if link and name == "path":
                self.sheet.write_url(self.rows, index, link, string=str(cell))
            elif cell is not None:
                self._write(index, cell, kind)

    def put(self, column: int, cell: Cell, note: str = "", link: str | None = None) -> None:
        """Write into the row that was added last; only where rows are kept."""
        if link:
            self.sheet.write_url(self.rows, column, link, self.formats.plain, string=str(cell))
        self._write(column, cell, self.columns[column][1])
        if note:
            self.sheet.write_comment(self.rows, column, note, {"x_scale": 3, "y_scale": 2})

    def end(self) -> None:
        """Put the filter over all rows."""
        self.sheet.autofilter(0, 0, self.rows, len(self.columns) - 1)

    def _write(self, index: int, cell: Cell, kind: str) -> None:
        text = str(cell)
        if kind != "text" and is_exact(text):
            decimals = "." in text
            self.sheet.write_number(
                self.rows, index, float(text), self.formats.decimal if decimals else self.formats.whole
            )
        else:
            self.sheet.write_string(self.rows, index, text[:LONGEST_CELL])


@dataclass(frozen=True)
class Formats:
    """How cells look."""

    plain: Format
    header: Format
    whole: Format
    decimal: Format

    @classmethod
    def of(cls, book: Workbook) -> "Formats":
        """Those of a workbook. Numbers are never shown with an exponent."""
        plain = book.add_format({})
        header = book.add_format({"bold": True, "bottom": 1})
        return cls(
            plain, header, book.add_format({"num_format": "0"}), book.add_format({"num_format": "0.0###########"})
        )


class Book:
    """A workbook in the making; nothing in it is a formula."""

    def __init__(self, file: Path, *, flat: bool = True) -> None:
        """``flat``: rows leave memory once they are written, and none is gone back to."""
        options = {
            "constant_memory": flat,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": str(file.parent),
        }
        self._book = Workbook(str(file), options)
        self._book.set_custom_property(MARK, "table", "text")
        self._formats = Formats.of(self._book)
        self._sheets: list[Sheet] = []

    def sheet(self, title: str, columns: Sequence[tuple[str, str]], titles: Sequence[str] | None = None) -> Sheet:
        """A new sheet with its header; ``columns`` are name and kind, ``titles`` what people see."""
        sheet = Sheet(self._book.add_worksheet(title), tuple(columns), self._formats)
        sheet.start(titles or [name for name, _ in columns])
        self._sheets.append(sheet)
        return sheet

    def close(self) -> None:
        """Put the filters, and write the file."""
        for sheet in self._sheets:
            sheet.end()
        self._book.close()


class XlsxTable:
    """A workbook that Excel, WPS and LibreOffice open."""

    def __init__(self, file: Path, reports_below: Path | None) -> None:
        """``reports_below`` is the folder that the reports' paths are in, for links to them; None for no links."""
        self._book = Book(file)
        self._below = reports_below
        figures = [(column.name, column.kind) for column in COLUMNS]
        self._figures = self._book.sheet("数字", figures, [column.title for column in COLUMNS])
        self._reports = self._side("报告", REPORT_COLUMNS)
        self._relations = self._side("关系", RELATION_COLUMNS)
        self._warnings = self._side("警告", WARNING_COLUMNS)

    def report(self, report: Report, rows: Iterable[Row]) -> None:
        """Write a report's figures, its own data, its relations and its warnings."""
        for row in rows:
            self._figures.add([said(name, cell) for name, cell in row.items()])
        of_report = zip(REPORT_COLUMNS, report_row(report), strict=True)
        self._reports.add([said(name, cell) for (name, _), cell in of_report], self._link(report))
        for cells in relation_rows(report):
            told = zip(RELATION_COLUMNS, cells, strict=True)
            self._relations.add([said("relation" if name == "kind" else name, cell) for (name, _), cell in told])
        for cells in warning_rows(report):
            self._warnings.add(cells)

    def close(self, unread: Iterable[Unread], method: dict[str, str]) -> None:
        """Write which files gave no report and how the table was made, and the file."""
        refused = self._side("未读", [("path", "text"), ("message", "text")])
        for file in unread:
            refused.add((file.path, file.reason))
        about = self._side("说明", [("name", "text"), ("message", "text")])
        for name, text in method.items():
            about.add((TITLES.get(name, name), text))
        for column in COLUMNS:
            about.add((column.title, f"{column.name}：{column.said}"))
        self._book.close()

    def discard(self) -> None:
        """Close the workbook, which is thrown away: XlsxWriter knows no other way to let go of its files."""
        self._book.close()

    def _side(self, title: str, columns: Sequence[tuple[str, str]]) -> Sheet:
        return self._book.sheet(title, columns, [TITLES[name] for name, _ in columns])

    def _link(self, report: Report) -> str | None:
        if self._below is None:
            return None
        place = self._below / os.fsdecode(paths.from_wire(report.source.path))
        return place.as_uri().replace("file:", "File:", 1)  # XlsxWriter turns "file:" into a path of Windows


def is_exact(number: str) -> bool:
    """Whether a floating-point cell keeps a plain decimal as it is.

    >>> is_exact("-12.50"), is_exact("2/3"), is_exact("12345678901234567")
    (True, False, False)
    """
    digits = number.lstrip("-").replace(".", "")
    return digits.isdecimal() and len(digits.lstrip("0")) <= EXACT_DIGITS
