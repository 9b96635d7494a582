"""The formats that a table is written in, by name, and the one way to write one: whole or not at all."""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from exports.columns import Row
from exports.folder import Unread
from schemas.report import Report


class Writer(Protocol):
    """Writes a table; memory stays flat however many reports come."""

    def report(self, report: Report, rows: Iterable[Row]) -> None:
        """Write a report, and of its figures those that are wanted."""

    def close(self, unread: Iterable[Unread], method: dict[str, str]) -> None:
        """Write what comes last: files that gave no report, and how the table was made."""

    def discard(self) -> None:
        """Let go of what is open, in place of :meth:`close`."""


class MissingExtra(Exception):
    """A format needs a package that is not installed; says which extra brings it."""


#: Format -> the ends of file names that mean it; the first is the usual one.
SUFFIXES = {
    "csv": (".csv",),
    "xlsx": (".xlsx",),
    "json": (".json",),
    "ndjson": (".ndjson", ".jsonl"),
    "sqlite": (".sqlite", ".db", ".sqlite3"),
    "parquet": (".parquet",),
}
FORMATS = tuple(SUFFIXES)
#: Those that can be written to a pipe.
STREAMED = ("csv", "json", "ndjson")
#: Those that a table can be laid wide in.
WIDE = ("csv", "xlsx")


def format_of(name: str) -> str | None:
    """The format that a file's name means.

    >>> format_of("out/figures.xlsx"), format_of("figures")
    ('xlsx', None)
    """
    return next((kind for kind, suffixes in SUFFIXES.items() if name.lower().endswith(suffixes)), None)


def piped(kind: str, out: TextIO, *, wide: bool) -> Writer:
    """A writer to a pipe: no byte order mark, lines end with LF."""
    return _text_writer(kind, out, for_spreadsheets=False, wide=wide)


@contextmanager
def written(kind: str, file: Path, reports_below: Path | None = None, *, wide: bool = False) -> Iterator[Writer]:
    """A writer to ``file``, which is there, or replaced, only when all is written; nothing is left of what was interrupted.

    Raises:
        MissingExtra: the format needs a package that is not installed.
        OSError: the file cannot be written.
    """
    # Beside the file, so that it can be moved into its place; it holds what writers lay aside, too.
    with tempfile.TemporaryDirectory(prefix=".zhibiao-", dir=file.parent) as folder:
        rough = Path(folder) / "table.part"
        with _open(kind, rough, reports_below, wide=wide) as writer:
            try:
                yield writer
            except BaseException:
                writer.discard()
                raise
        os.replace(rough, file)
    if kind == "sqlite":
        _describe(file)


@contextmanager
def _open(kind: str, rough: Path, reports_below: Path | None, *, wide: bool) -> Iterator[Writer]:
    if kind in STREAMED:
        with rough.open("w", encoding="utf-8", newline="") as out:
            yield _text_writer(kind, out, for_spreadsheets=True, wide=wide)
    elif wide:
        yield _wide(rough)
    else:
        yield _BINARY[kind](rough, reports_below)


def _text_writer(kind: str, out: TextIO, *, for_spreadsheets: bool, wide: bool) -> Writer:
    from exports.text_files import CsvTable, JsonLines

    if wide:
        return _wide(out, for_spreadsheets=for_spreadsheets)
    if kind == "csv":
        return CsvTable(out, for_spreadsheets=for_spreadsheets)
    return JsonLines(out, as_array=kind == "json")


def _wide(out: TextIO | Path, *, for_spreadsheets: bool = True) -> Writer:
    from exports.wide import WideTable

    return WideTable(out, for_spreadsheets=for_spreadsheets)


def _xlsx(rough: Path, reports_below: Path | None) -> Writer:
    from exports.xlsx_file import XlsxTable

    return XlsxTable(rough, reports_below)


def _sqlite(rough: Path, _: Path | None) -> Writer:
    from exports.sqlite_file import SqliteTable

    return SqliteTable(rough)


def _parquet(rough: Path, _: Path | None) -> Writer:
    from exports.parquet_file import ParquetTable

    try:
        return ParquetTable(rough)
    except ImportError as error:
        raise MissingExtra("Parquet needs the extra parquet: pip install 'zhibiao[parquet]'") from error


_BINARY: dict[str, Callable[[Path, Path | None], Writer]] = {"xlsx": _xlsx, "sqlite": _sqlite, "parquet": _parquet}


def _describe(file: Path) -> None:
    """Lay Datasette's description beside a database."""
    from exports.sqlite_file import METADATA

    described = {"databases": {file.stem: METADATA}}
    file.with_suffix(".metadata.json").write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", "utf-8")
