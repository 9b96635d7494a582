"""Tables to take along: the rows that a room shows, all of them, in the formats of every export."""

import csv
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from exports.columns import COLUMNS, Cell, Row
from exports.text_files import guarded
from exports.words import said
from exports.xlsx_file import Book

FORMATS = ("csv", "xlsx", "json")
#: Figures that one file may have: more are for the command line, which writes them without a browser that waits.
MOST = 100_000
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
#: A column: its name for programs, its name for people, the kind of its cells.
Columns = Sequence[tuple[str, str, str]]
FIGURES: Columns = tuple((column.name, column.title, column.kind) for column in COLUMNS)


@dataclass(frozen=True)
class Sheet:
    """A table: its title in a workbook, its columns, its rows."""

    title: str
    columns: Columns
    rows: Iterable[Row]


def download(kind: str, name: str, sheets: Sequence[Sheet], method: Mapping[str, str]) -> FileResponse:
    """A file of the first sheet, of all of them for a workbook, which is gone once it is sent.

    ``method`` says in a workbook what was asked for.
    """
    folder = tempfile.TemporaryDirectory(prefix="zhibiao-")
    file = Path(folder.name) / f"table.{kind}"
    if kind == "xlsx":
        _xlsx(file, sheets, method)
    else:
        {"csv": _csv, "json": _json}[kind](file, sheets[0])
    when = datetime.now(UTC).strftime("%Y%m%d-%H%M")
    return FileResponse(
        file,
        media_type=_TYPES[kind],
        filename=f"zhibiao-{name}-{when}.{kind}",
        background=BackgroundTask(folder.cleanup),
    )


def _csv(file: Path, sheet: Sheet) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow([guarded("text", name) for name, _, _ in sheet.columns])
        for row in sheet.rows:
            table.writerow([guarded(kind, row[name]) for name, _, kind in sheet.columns])


def _json(file: Path, sheet: Sheet) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write("[")
        for at, row in enumerate(sheet.rows):
            cells = {name: row[name] for name, _, _ in sheet.columns}
            out.write((",\n" if at else "\n") + json.dumps(cells, ensure_ascii=False))
        out.write("\n]\n")


def _xlsx(file: Path, sheets: Sequence[Sheet], method: Mapping[str, str]) -> None:
    book = Book(file)
    reports: dict[Cell, tuple[Cell, ...]] = {}
    for each in sheets:
        sheet = book.sheet(
            each.title,
            [(name, kind) for name, _, kind in each.columns],
            [title for _, title, _ in each.columns],
        )
        for row in each.rows:
            sheet.add([said(name, row[name]) for name, _, _ in each.columns])
            if "event_id" in row:
                reports.setdefault(row["event_id"], tuple(said(name, row[name]) for name, _ in _REPORTS))
    if reports:
        sources = book.sheet("报告", _REPORTS)
        for cells in reports.values():
            sources.add(cells)
    about = book.sheet("说明", [("name", "text"), ("message", "text")])
    for item in ({"made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} | dict(method)).items():
        about.add(item)
    book.close()


_REPORTS = (
    ("path", "text"),
    ("title", "text"),
    ("place", "text"),
    ("region_code", "text"),
    ("document_year", "text"),
    ("kind", "text"),
    ("issuer", "text"),
    ("id", "text"),
    ("revision", "whole"),
    ("event_id", "text"),
    ("pipeline_version", "text"),
)
