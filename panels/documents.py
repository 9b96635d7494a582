"""The reports that a panel is made from: whose and of which year each is, and which of them are one document."""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from panels.corrections import Corrections
from panels.whose import organ_of
from schemas.gaps import has_gaps
from schemas.report import Report

#: So much of the figures of the shorter of two files are the other's where they are one document.
_ALIKE = 0.6


#: Reason -> what is said of it, in English and in Chinese.
_WHY = {
    "same": ("it is the same document as {}, which is used", "与 {} 是同一文档，已采用后者"),
    "kind": ("it is of another kind: {}", "文种不同：{}"),
    "place": ("its place is not known; a line in documents.csv would say it", "地区不明；可在 documents.csv 中写明"),
    "year": ("its year is not known; a line in documents.csv would say it", "年份不明；可在 documents.csv 中写明"),
    "strange": (
        "its kind is not known, and it has none of the codebook's series",
        "文种不明，且没有编码本中的任何一项",
    ),
    "organ": (
        "it is of {}, whose figures are not the place's; they are candidates only, unless a line in documents.csv names its place",
        "是 {} 的报告，其数字不是全地区的；只作候选，除非在 documents.csv 中写明地区",
    ),
    "unknown": (
        "its kind is not known; its figures are candidates only, unless a line in documents.csv names its place",
        "文种不明；其数字只作候选，除非在 documents.csv 中写明地区",
    ),
}
#: Reasons that leave a report's figures among the candidates: a person may take one.
_ASIDE = ("organ", "unknown")


class LeftOut(NamedTuple):
    """Why a report is left out: one of the reasons of ``_WHY``, with what it is about."""

    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Source:
    """A report as the panel sees it.

    ``report`` is what people say it is, and may have no more of its figures than the panel needs, ``title_read`` its title as it
    was read. ``figures`` is how many it has in all, ``amounts`` what tells them apart as numbers, ``contradicted`` the places of
    those that a relation says cannot be right. ``read_whole``: nothing warns that a part of it was not read. ``place_key`` tells
    places apart; ``left_out`` says why it is, None for one that is used.
    """

    report: Report
    place: str
    place_key: str
    year: str
    title: str
    title_read: str | None
    figures: int
    amounts: "array[int]"
    contradicted: frozenset[tuple[int, int]]
    read_whole: bool
    left_out: LeftOut | None = None

    @property
    def is_aside(self) -> bool:
        """Whether its figures fill no cell, but may be what one wants."""
        return self.left_out is not None and self.left_out.reason in _ASIDE

    @property
    def why_not(self) -> str:
        """Why it is left out, "" for one that is used."""
        return _WHY[self.left_out.reason][0].format(self.left_out.detail) if self.left_out else ""

    def why_not_shown(self, name_of_kind: Callable[[str], str] = str) -> str:
        """The same in Chinese; a kind is named as it is in the table, or as ``name_of_kind`` has it."""
        if self.left_out is None:
            return ""
        reason, detail = self.left_out
        return _WHY[reason][1].format(name_of_kind(detail) if reason == "kind" else detail)


def _as_it_is(report: Report, _: str | None) -> Report:
    return report


def sources_of(
    reports: Iterable[Report],
    said: Corrections,
    kinds: tuple[str, ...],
    needed: Callable[[Report, str | None], Report] = _as_it_is,
) -> list[Source]:
    """The reports with their places and years, corrected; of the same document in several files one is used.

    ``needed`` gives a report, with its title as it was read, without what a panel does not need: of many that is most.

    Raises:
        DocumentsError: what people say of a document cannot be.
    """
    found = [_checked(_source(report, said, needed), kinds, said) for report in reports]
    used: list[Source] = []
    placed = []
    for source in sorted(found, key=_worth, reverse=True):
        twin = None if source.why_not else next((other for other in used if _is_same(source, other)), None)
        if twin is not None:
            source = replace(source, left_out=LeftOut("same", twin.report.source.path))
        elif not source.why_not:
            used.append(source)
        placed.append(source)
    return sorted(placed, key=lambda source: source.report.source.path)


def _source(read: Report, said: Corrections, needed: Callable[[Report, str | None], Report]) -> Source:
    report = said.applied(read)
    document = report.document
    place, year = document.region or "", document.period or ""
    key = document.region_code or _named(report, place)
    # Without a code the name is all a reader has to tell two places apart: it is shown with those above it.
    shown = place if document.region_code else key.replace("/", "")
    amounts = array("q", (hash((metric.value, metric.unit)) for metric in report.metrics))
    whole = not has_gaps(warning.code for warning in report.warnings)
    title = document.title or report.source.name
    told = (title, read.document.title, len(report.metrics), amounts, frozenset(_contradicted(report)), whole)
    return Source(needed(report, read.document.title), shown, key, year, *told)


def _contradicted(report: Report) -> Iterator[tuple[int, int]]:
    """The places of figures that a relation of the report says cannot be right, they or one beside them."""
    for relation in report.relations:
        for member in relation.members if relation.verdict == "contradicts" else ():
            if member.metric is not None:
                source = report.metrics[member.metric].source
                yield source.start, source.end


def _named(report: Report, place: str) -> str:
    """What tells a place without a code apart from others of its name: 朝阳区 of two cities."""
    above = (report.document.province, report.document.city)
    return "/".join([*(name for name in dict.fromkeys(above) if name and name != place), place])


def _checked(source: Source, kinds: tuple[str, ...], said: Corrections) -> Source:
    document = source.report.document
    kind = document.kind
    if kinds and kind is not None and kind not in kinds:
        return replace(source, left_out=LeftOut("kind", kind))
    if not source.place:
        return replace(source, left_out=LeftOut("place"))
    if not re.fullmatch(r"\d{4}", source.year):
        return replace(source, left_out=LeftOut("year"))
    if said.of(source.report.source.path).keys() & {"place", "region_code"}:
        return source  # somebody has said that it is the place's
    if organ := organ_of(document):
        return replace(source, left_out=LeftOut("organ", organ))
    if kinds and kind is None:
        return replace(source, left_out=LeftOut("unknown"))
    return source


def _is_same(one: Source, other: Source) -> bool:
    """Whether two files are one document: of one place, year and kind, and most of the figures of the shorter are the other's.

    A department's report beside its government's, or two reports on different matters, are two.
    """
    if (one.place_key, one.year, one.report.document.kind) != (other.place_key, other.year, other.report.document.kind):
        return False
    first, second = Counter(one.amounts), Counter(other.amounts)
    fewer = min(first.total(), second.total())
    return (first & second).total() >= _ALIKE * fewer


def _worth(source: Source) -> tuple[int, int, str]:
    """Which of several files of one document to use: the one that was read whole, then the one with more figures."""
    return int(source.read_whole), source.figures, source.report.source.path
