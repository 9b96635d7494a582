"""A Parquet file, for polars, pandas, R and DuckDB; written by DuckDB, which the extra ``parquet`` brings."""

from collections.abc import Iterable
from pathlib import Path

from exports.columns import COLUMNS, Row
from exports.folder import Unread
from exports.text_files import JsonLines
from schemas.report import Report

_TYPES = {"text": "VARCHAR", "decimal": "VARCHAR", "real": "DOUBLE", "whole": "BIGINT"}


class ParquetTable:
    """The rows as NDJSON first, which DuckDB then turns: it needs no more memory than it is given."""

    def __init__(self, file: Path) -> None:
        import duckdb

        self._duckdb = duckdb
        self._file = file
        self._lines = file.with_name("rows.ndjson")
        self._out = self._lines.open("w", encoding="utf-8")
        self._rows = JsonLines(self._out, as_array=False)

    def report(self, report: Report, rows: Iterable[Row]) -> None:
        """Write the rows of a report."""
        self._rows.report(report, rows)

    def close(self, unread: Iterable[Unread], method: dict[str, str]) -> None:
        """Turn the rows into the file."""
        self._out.close()
        columns = ", ".join(f"'{column.name}': '{_TYPES[column.kind]}'" for column in COLUMNS)
        rows = f"SELECT * FROM read_json(?, format = 'newline_delimited', columns = {{{columns}}})"  # noqa: S608 - our own names
        with self._duckdb.connect(config={"memory_limit": "512MB", "threads": 1}) as database:
            database.execute(f"COPY ({rows}) TO ? (FORMAT parquet)", [str(self._lines), str(self._file)])
        self._lines.unlink()

    def discard(self) -> None:
        """Close the rows, which are thrown away."""
        self._out.close()
