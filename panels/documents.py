"""The reports that a panel is made from: whose and of which year each is, and which of them are one document."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from panels.errors import CodebookError
from schemas.report import Report

_COLUMNS = ("path", "place", "year", "title", "region_code")
#: So much of the figures of the shorter of two files are the other's where they are one document.
_ALIKE = 0.6
#: Warnings that say a part of a report was not read: what is not found there may be stated all the same.
_UNREAD = frozenset(
    [
        "bytes_lost",
        "decode_damage",
        "damaged_bytes",
        "table_not_read",
        "page_not_read",
        "part_not_read",
        "text_cut",
        "crowded_figures",
    ]
)


@dataclass(frozen=True)
class Source:
    """A report as the panel sees it. ``place_key`` tells places apart; ``why_not`` says why it is left out, "" for one that is used."""

    report: Report
    place: str
    place_key: str
    year: str
    title: str
    why_not: str = ""

    @property
    def read_whole(self) -> bool:
        """Whether nothing warns that a part of it was not read."""
        return not any(warning.code in _UNREAD for warning in self.report.warnings)


def sources_of(reports: Iterable[Report], said: "Corrections", kinds: tuple[str, ...]) -> list[Source]:
    """The reports with their places and years, corrected; of the same document in several files one is used."""
    found = [_source(report, said.of(report.source.path)) for report in reports]
    found = [_checked(source, kinds) for source in found]
    used: list[Source] = []
    placed = []
    for source in sorted(found, key=_worth, reverse=True):
        twin = None if source.why_not else next((other for other in used if _is_same(source, other)), None)
        if twin is not None:
            source = replace(source, why_not=f"it is the same document as {twin.report.source.path}, which is used")
        elif not source.why_not:
            used.append(source)
        placed.append(source)
    return sorted(placed, key=lambda source: source.report.source.path)


def _source(report: Report, said: dict[str, str]) -> Source:
    document = report.document
    place = said.get("place") or document.region or ""
    code = said.get("region_code") or ("" if said.get("place") else document.region_code or "")
    year = said.get("year") or document.period or ""
    key = code or _named(report, place, said)
    # Without a code the name is all a reader has to tell two places apart: it is shown with those above it.
    shown = place if code else key.replace("/", "")
    return Source(report, shown, key, year, said.get("title") or document.title or report.source.name)


def _named(report: Report, place: str, said: dict[str, str]) -> str:
    """What tells a place without a code apart from others of its name: 朝阳区 of two cities."""
    if said.get("place"):
        return place
    above = (report.document.province, report.document.city)
    return "/".join([*(name for name in dict.fromkeys(above) if name and name != place), place])


def _checked(source: Source, kinds: tuple[str, ...]) -> Source:
    kind = source.report.document.kind
    if kinds and kind is not None and kind not in kinds:
        return replace(source, why_not=f"it is of another kind: {kind}")
    if not source.place:
        return replace(source, why_not="its place is not known; a line in documents.csv would say it")
    if not re.fullmatch(r"\d{4}", source.year):
        return replace(source, why_not="its year is not known; a line in documents.csv would say it")
    return source


def _is_same(one: Source, other: Source) -> bool:
    """Whether two files are one document: of one place, year and kind, and most of the figures of the shorter are the other's.

    A department's report beside its government's, or two reports on different matters, are two.
    """
    if (one.place_key, one.year, one.report.document.kind) != (other.place_key, other.year, other.report.document.kind):
        return False
    first, second = (
        Counter((metric.value, metric.unit) for metric in source.report.metrics) for source in (one, other)
    )
    fewer = min(first.total(), second.total())
    return (first & second).total() >= _ALIKE * fewer


def _worth(source: Source) -> tuple[int, int, str]:
    """Which of several files of one document to use: the one that was read whole, then the one with more figures."""
    return int(source.read_whole), len(source.report.metrics), source.report.source.path


@dataclass(frozen=True)
class Corrections:
    """What people say of documents: path -> place, year, title, region_code; a pattern says it of every path that it fits."""

    rows: tuple[dict[str, str], ...] = ()
    pattern: re.Pattern[str] | None = None

    def of(self, path: str) -> dict[str, str]:
        """What is said of the document at a path; a row says more than the pattern."""
        said: dict[str, str] = {}
        if self.pattern and (match := self.pattern.search(path)):
            said |= {name: value for name, value in match.groupdict().items() if value}
        for row in self.rows:
            if row["path"] == path:
                said |= {name: value for name, value in row.items() if value and name != "path"}
        return said


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
    if "path" not in header or not set(header) <= set(_COLUMNS):
        raise CodebookError(
            name, 1, f"the columns are {', '.join(header)}", f"path and any of {', '.join(_COLUMNS[1:])}"
        )
    rows = []
    for row in reader:
        clean: dict[str, Any] = {key: (value or "").strip() for key, value in row.items() if key}
        if not clean["path"]:
            raise CodebookError(name, reader.line_num, "a row has no path", "the file's path below the folder")
        if clean.get("year") and not re.fullmatch(r"\d{4}", clean["year"]):
            raise CodebookError(name, reader.line_num, f"the year is {clean['year']!r}", "four digits")
        if clean.get("region_code") and not re.fullmatch(r"\d{6}", clean["region_code"]):
            raise CodebookError(
                name, reader.line_num, f"the code is {clean['region_code']!r}", "six digits of GB/T 2260"
            )
        rows.append(clean)
    return tuple(rows)
