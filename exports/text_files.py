"""CSV, JSON and NDJSON."""

import csv
import json
from collections.abc import Iterable
from typing import TextIO

from exports.columns import COLUMNS, NAMES, Cell, Row
from exports.folder import Unread
from schemas.report import Report

#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class CsvTable:
    """Comma-separated values as RFC 4180 has them.

    For a file CRLF and a byte order mark, without which Excel takes Chinese for another encoding; for a pipe neither.
    Numbers are plain decimals, and text that a spreadsheet would run as a formula has an apostrophe before it.
    """

    def __init__(self, out: TextIO, *, for_spreadsheets: bool) -> None:
        if for_spreadsheets:
            out.write("\ufeff")
        self._rows = csv.writer(out, lineterminator="\r\n" if for_spreadsheets else "\n")
        self._rows.writerow(NAMES)

    def report(self, report: Report, rows: Iterable[Row]) -> None:
        """Write the rows of a report."""
        for row in rows:
            self._rows.writerow([guarded(column.kind, row[column.name]) for column in COLUMNS])

    def close(self, unread: Iterable[Unread], method: dict[str, str]) -> None:
        """Nothing is left to write."""

    def discard(self) -> None:
        """Nothing is open."""


class JsonLines:
    """One JSON object a line (NDJSON), or all of them in one array; numbers of the text stay text, exact."""

    def __init__(self, out: TextIO, *, as_array: bool) -> None:
        self._out, self._as_array, self._before = out, as_array, "\n"
        if as_array:
            out.write("[")

    def report(self, report: Report, rows: Iterable[Row]) -> None:
        """Write the rows of a report."""
        for row in rows:
            line = json.dumps(row, ensure_ascii=False)
            self._out.write(f"{self._before}{line}" if self._as_array else f"{line}\n")
            self._before = ",\n"

    def close(self, unread: Iterable[Unread], method: dict[str, str]) -> None:
        """Close the array."""
        if self._as_array:
            self._out.write("\n]\n")

    def discard(self) -> None:
        """Nothing is open."""


def guarded(kind: str, cell: Cell) -> Cell:
    """A cell of a column of that kind as CSV has it: text that a spreadsheet would run has an apostrophe before it.

    >>> guarded("text", "=1+1"), guarded("decimal", "-3")
    ("'=1+1", '-3')
    """
    if kind == "text" and isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
