"""The same figures laid wide: a row for a place and a period, a column for what was counted."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, TextIO

from exports.columns import Cell, Row
from exports.folder import Unread
from exports.text_files import guarded
from exports.words import said
from schemas.report import Report

_FIXED = ("place", "region_code", "period")
#: Values of a field that go without saying in a column's heading.
_PLAIN = {"measure": "level", "status": "achieved"}
_TITLES = ("地区", "区划代码", "时期")


class Series(NamedTuple):
    """What one column holds: figures that differ in any of these never share one."""

    indicator: str
    unit: str
    measure: str
    change: str
    status: str
    scope: str

    @classmethod
    def of(cls, row: Row) -> "Series":
        """The column of a figure: by its id, or by its name where it has none."""
        name = row["indicator_id"] or row["indicator"]
        return cls(*(str(cell or "") for cell in (name, row["base_unit"], *(row[part] for part in cls._fields[2:]))))

    @property
    def heading(self) -> str:
        """The column's heading, as ``economy.gdp (%, rate_of_change, increase)``."""
        parts = [text for name, text in self._asdict().items() if name != "indicator" and text != _PLAIN.get(name, "")]
        return f"{self.indicator} ({', '.join(parts)})" if parts else self.indicator

    @property
    def title(self) -> str:
        """The same for people, as ``economy.gdp（%，变化率，增加）``."""
        parts = {
            name: text for name, text in self._asdict().items() if name != "indicator" and text != _PLAIN.get(name, "")
        }
        words = "，".join(str(said(name, text)) for name, text in parts.items())
        return f"{self.indicator}（{words}）" if parts else self.indicator


class WideTable:
    """Collects the figures, and lays them out at the end. Two different figures of one cell both stand in it, never a mean."""

    def __init__(self, out: TextIO | Path, *, for_spreadsheets: bool) -> None:
        """``out``: text to write CSV to, or the file of a workbook."""
        self._out, self._for_spreadsheets = out, for_spreadsheets
        self._cells: dict[tuple[str, ...], dict[Series, list[str]]] = {}
        self._series: dict[Series, None] = {}

    def report(self, report: Report, rows: Iterable[Row]) -> None:
        """Take the rows of a report."""
        for row in rows:
            series = Series.of(row)
            self._series.setdefault(series)
            # Reports of unknown places have nothing in common.
            place = {**row, "place": row["place"] or f"({row['path']})"}
            cells = self._cells.setdefault(tuple(str(place[name] or "") for name in _FIXED), {})
            value = str(row["base"]) + (f"~{row['value_high']}" if row["value_high"] else "")
            if value not in (here := cells.setdefault(series, [])):
                here.append(value)

    def close(self, unread: Iterable[Unread], method: dict[str, str]) -> None:
        """Lay the table out."""
        series = sorted(self._series)
        header = [*_FIXED, *(column.heading for column in series)]
        lines: list[list[Cell]] = [
            [*place, *(" | ".join(cells.get(column, ())) or None for column in series)]
            for place, cells in sorted(self._cells.items())
        ]
        if isinstance(self._out, Path):
            _workbook(self._out, [column.title for column in series], lines)
            return
        if self._for_spreadsheets:
            self._out.write("\ufeff")
        rows = csv.writer(self._out, lineterminator="\r\n" if self._for_spreadsheets else "\n")
        rows.writerow([guarded("text", cell) for cell in header])
        rows.writerows(
            [
                [guarded("text" if at < len(_FIXED) else "decimal", cell) for at, cell in enumerate(line)]
                for line in lines
            ]
        )

    def discard(self) -> None:
        """Nothing is open."""


def _workbook(file: Path, titles: list[str], lines: list[list[Cell]]) -> None:
    from exports.xlsx_file import Book

    book = Book(file)
    columns = [*((name, "text") for name in _FIXED), *((title, "decimal") for title in titles)]
    sheet = book.sheet("数字", columns, [*_TITLES, *titles])
    for line in lines:
        sheet.add(line)
    book.close()
