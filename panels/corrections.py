"""What people say of documents: ``documents.csv``, and a pattern over their paths. It sets place, year and title."""

import csv
import fcntl
import io
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panels.errors import CodebookError, DocumentsError
from schemas.report import Report

FILE_NAME = "documents.csv"
COLUMNS = ("path", "place", "year", "title", "region_code")
_RIGHT = {
    "year": (re.compile(r"\d{4}"), "four digits"),
    "region_code": (re.compile(r"\d{6}"), "six digits of GB/T 2260"),
}


@dataclass(frozen=True)
class Place:
    """A place by its full name, with its code and the places above it where they are known.

    ``several``: the name alone does not tell which of several places is meant.
    """

    name: str | None
    code: str | None = None
    province: str | None = None
    city: str | None = None
    several: bool = False


#: A name, "" for none, a code, "" for none, and a year, None for none -> the place that is meant.
Locate = Callable[[str, str, int | None], Place]


def as_said(name: str, code: str, _: int | None) -> Place:
    """The place as a person says it, where nobody knows more."""
    return Place(name or None, code or None)


@dataclass(frozen=True)
class Corrections:
    """Path -> place, year, title, region_code; a pattern says it of every path that it fits. ``locate`` knows places."""

    rows: tuple[dict[str, str], ...] = ()
    pattern: re.Pattern[str] | None = None
    locate: Locate = as_said

    def of(self, path: str) -> dict[str, str]:
        """What is said of the document at a path; a row says more than the pattern.

        Raises:
            DocumentsError: the pattern finds a year or a code that is none.
        """
        said: dict[str, str] = {}
        if self.pattern and (match := self.pattern.search(path)):
            said |= {name: value for name, value in match.groupdict().items() if value}
            for name, value in said.items():
                if name in _RIGHT and not _RIGHT[name][0].fullmatch(value):
                    seen = f"the pattern gives the {name} {value!r}"
                    raise DocumentsError(f"{path}: {seen}; {_RIGHT[name][1]} would be right")
        for row in self.rows:
            if row["path"] == path:
                said |= {name: value for name, value in row.items() if value and name != "path"}
        return said

    def applied(self, report: Report) -> Report:
        """The report with its document as people say it is; the same one where they say nothing.

        Raises:
            DocumentsError: what is said cannot be.
        """
        said = self.of(report.source.path)
        document = report.document
        changed: dict[str, Any] = {}
        if year := said.get("year"):
            changed["period"] = year
        if title := said.get("title"):
            changed["title"] = title
        if "place" in said or "region_code" in said:
            changed |= self._place(report, said)
        return report.model_copy(update={"document": document.model_copy(update=changed)}) if changed else report

    def _place(self, report: Report, said: dict[str, str]) -> dict[str, str | None]:
        year = said.get("year") or report.document.period or ""
        name, code = said.get("place", ""), said.get("region_code", "")
        found = self.locate(name, code, int(year) if year.isdecimal() else None)
        if found.several:
            right = f"with the place above it, as 北京市朝阳区, or with its region_code, {name} would be clear"
            raise DocumentsError(f"{report.source.path}: {name} is the name of several places; {right}")
        region = found.name or report.document.region
        return {"region": region, "region_code": found.code, "province": found.province, "city": found.city}

    def unused(self, paths: Iterable[str]) -> list[str]:
        """Paths of rows that no document has."""
        known = set(paths)
        return [row["path"] for row in self.rows if row["path"] not in known]


def corrections(data: bytes, name: str) -> tuple[dict[str, str], ...]:
    """The rows of a ``documents.csv``.

    Raises:
        CodebookError: it cannot be used; says the line and what would be right.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CodebookError(name, data[: error.start].count(b"\n") + 1, "it is not UTF-8", "save it as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = reader.fieldnames or []
    if "path" not in header or not set(header) <= set(COLUMNS):
        raise CodebookError(
            name, 1, f"the columns are {', '.join(header)}", f"path and any of {', '.join(COLUMNS[1:])}"
        )
    rows = []
    for row in reader:
        clean: dict[str, Any] = {key: (value or "").strip() for key, value in row.items() if key}
        if not clean["path"]:
            raise CodebookError(name, reader.line_num, "a row has no path", "the file's path below the folder")
        for column, (form, right) in _RIGHT.items():
            if clean.get(column) and not form.fullmatch(clean[column]):
                raise CodebookError(name, reader.line_num, f"the {column} is {clean[column]!r}", right)
        rows.append(clean)
    return tuple(rows)


def write_row(file: Path, path: str, **said: str) -> None:
    """Say of the document at ``path`` what ``said`` holds (place, year, title, region_code), in place of what was said before.

    Nothing said takes its row out. The other rows stay; writers wait for each other, and the file is there whole or as it was.

    Raises:
        CodebookError: the file, or what is to be said, cannot be used.
        OSError: it cannot be written.
    """
    with file.with_name(f".{file.name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = corrections(file.read_bytes(), file.name) if file.exists() else ()
        rows = [row for row in before if row["path"] != path]
        rows += [{"path": path, **said}] if any(said.values()) else []
        out = io.StringIO()
        table = csv.DictWriter(out, COLUMNS, restval="")
        table.writeheader()
        table.writerows(rows)
        data = b"\xef\xbb\xbf" + out.getvalue().encode()
        corrections(data, file.name)
        rough = file.with_name(f".{file.name}.part")
        rough.write_bytes(data)
        os.replace(rough, file)
