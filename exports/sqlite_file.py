"""A SQLite database with tables figures, reports, relations, warnings and unread; for SQL, Datasette and DuckDB."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from exports.columns import COLUMNS, Row
from exports.folder import Unread
from exports.sides import RELATION_COLUMNS, REPORT_COLUMNS, WARNING_COLUMNS, relation_rows, report_row, warning_rows
from schemas.report import Report

_TYPES = {"text": "TEXT", "decimal": "TEXT", "real": "REAL", "whole": "INTEGER"}
_INDEXES = ("indicator_id, year", "place, year", "id, revision")


class SqliteTable:
    """The database; a decimal is text, exact, and ``number`` and ``base_number`` are it to sort and to plot by."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file)
        self._database.execute("PRAGMA journal_mode = OFF")  # a file that is not finished is thrown away whole
        figures = [(column.name, column.kind) for column in COLUMNS]
        self._create("figures", [*figures, ("number", "real"), ("base_number", "real")])
        self._create("reports", REPORT_COLUMNS)
        self._create("relations", RELATION_COLUMNS)
        self._create("warnings", WARNING_COLUMNS)
        self._create("unread", [("path", "text"), ("reason", "text")])
        self._create("method", [("name", "text"), ("value", "text")])

    def report(self, report: Report, rows: Iterable[Row]) -> None:
        """Write a report's figures, its own data, its relations and its warnings."""
        for row in rows:
            numbers = (as_real(str(row["value"])), as_real(str(row["base"])))
            self._insert("figures", (*row.values(), *numbers))
        self._insert("reports", report_row(report))
        for cells in relation_rows(report):
            self._insert("relations", cells)
        for cells in warning_rows(report):
            self._insert("warnings", cells)

    def close(self, unread: Iterable[Unread], method: dict[str, str]) -> None:
        """Write which files gave no report, how the table was made, and the indexes."""
        for file in unread:
            self._insert("unread", (file.path, file.reason))
        for item in method.items():
            self._insert("method", item)
        for columns in _INDEXES:
            name = columns.replace(", ", "_")
            self._database.execute(f"CREATE INDEX figures_{name} ON figures ({columns})")
        self._database.commit()
        self._database.close()

    def discard(self) -> None:
        """Close the database, which is thrown away."""
        self._database.close()

    def _create(self, table: str, columns: Sequence[tuple[str, str]]) -> None:
        listed = ", ".join(f'"{name}" {_TYPES[kind]}' for name, kind in columns)
        self._database.execute(f"CREATE TABLE {table} ({listed})")

    def _insert(self, table: str, cells: Sequence[object]) -> None:
        marks = ", ".join("?" * len(cells))
        self._database.execute(f"INSERT INTO {table} VALUES ({marks})", cells)  # noqa: S608 - our own names


def as_real(number: str) -> float:
    """A decimal or a fraction as a floating-point number.

    >>> as_real("2/4"), as_real("-1.5")
    (0.5, -1.5)
    """
    above, _, below = number.partition("/")
    return float(above) / float(below or 1)


#: How Datasette shows the database: `datasette figures.sqlite -m figures.metadata.json`.
METADATA = {
    "tables": {
        "figures": {
            "label_column": "indicator",
            "facets": ["place", "year", "indicator_id", "status"],
            "columns": {column.name: column.about for column in COLUMNS},
        },
        "reports": {"label_column": "title"},
    }
}
