"""The reports that a panel is made from: whose and of which year each is, and which of them are one document."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from panels.corrections import Corrections
from schemas.report import Report

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
    """A report as the panel sees it.

    ``report`` is what people say it is, ``title_read`` its title as it was read. ``place_key`` tells places apart; ``why_not``
    says why it is left out, "" for one that is used.
    """

    report: Report
    place: str
    place_key: str
    year: str
    title: str
    title_read: str | None = None
    why_not: str = ""

    @property
    def read_whole(self) -> bool:
        """Whether nothing warns that a part of it was not read."""
        return not any(warning.code in _UNREAD for warning in self.report.warnings)


def sources_of(reports: Iterable[Report], said: Corrections, kinds: tuple[str, ...]) -> list[Source]:
    """The reports with their places and years, corrected; of the same document in several files one is used.

    Raises:
        DocumentsError: what people say of a document cannot be.
    """
    found = [_checked(_source(report, said), kinds) for report in reports]
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


def _source(read: Report, said: Corrections) -> Source:
    report = said.applied(read)
    document = report.document
    place, year = document.region or "", document.period or ""
    key = document.region_code or _named(report, place)
    # Without a code the name is all a reader has to tell two places apart: it is shown with those above it.
    shown = place if document.region_code else key.replace("/", "")
    return Source(report, shown, key, year, document.title or report.source.name, read.document.title)


def _named(report: Report, place: str) -> str:
    """What tells a place without a code apart from others of its name: 朝阳区 of two cities."""
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
