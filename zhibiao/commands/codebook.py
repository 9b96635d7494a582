"""``zhibiao codebook``: the codebooks that come along, and a draft of one from what recurs in a folder."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import click

from exports.columns import Row, rows_of
from exports.units import base_of, measures
from panels.series import STATUSES
from schemas.report import Report
from worker.facts import load_facts
from zhibiao import terminal
from zhibiao.commands.export import Source, folder_of
from zhibiao.commands.panel import codebook_of, shipped
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings
from zhibiao.wording import say

#: A name that so many documents have recurs.
LEAST_DOCUMENTS = 2
_KEPT = ("level", "rate_of_change", "share")


def show() -> None:
    """Print the codebooks that come along."""
    for name in shipped():
        book = codebook_of(name)
        click.echo(say("read.series", name=name, title=book.title, count=len(book.series)))


@dataclass(frozen=True)
class Recurring:
    """Figures of several documents that are one series: by id, or by name, with one kind of unit and one measure."""

    id_: str | None
    name: str
    measure: str

    @classmethod
    def of(cls, row: Row) -> "Recurring | None":
        """The series that a figure would be of; None for one without a name, or of a kind that is not compared over years."""
        name, measure = str(row["indicator"] or ""), str(row["measure"])
        if not name or measure not in _KEPT:
            return None
        id_ = None if row["indicator_id"] is None else str(row["indicator_id"])
        return cls(id_, "" if id_ else name, measure)


@dataclass
class _Seen:
    """What stands in the reports of a folder, by what would be a series."""

    documents: dict[Recurring, set[str]] = field(default_factory=lambda: defaultdict(set))
    units: dict[Recurring, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    statuses: dict[Recurring, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: Counter[str] = field(default_factory=Counter)
    planned_for: Counter[int] = field(default_factory=Counter)  # years after the one reported on

    def take(self, report: Report) -> None:
        """Count a report's figures."""
        self.kinds[report.document.kind or ""] += 1
        for row in rows_of(report):
            if row["status"] == "planned" and row["year"] and (report.document.period or "").isdecimal():
                self.planned_for[int(str(row["year"])) - int(str(report.document.period))] += 1
            if (series := Recurring.of(row)) is not None:
                self.documents[series].add(report.id)
                self.units[series][str(row["unit"] or "")] += 1
                self.statuses[series][str(row["status"])] += 1

    @property
    def plans_next_year(self) -> bool:
        """Whether more of the plans are for the year after the one reported on than for that year itself."""
        return self.planned_for[1] > self.planned_for[0]

    def recurring(self) -> list[Recurring]:
        """What stands in several documents, the most frequent first."""
        return sorted(
            (series for series, documents in self.documents.items() if len(documents) >= LEAST_DOCUMENTS),
            key=lambda series: (-len(self.documents[series]), series.id_ or "", series.name, series.measure),
        )


def draft(settings: ServiceSettings, folder: Path | None, jobs: int) -> None:
    """Print a codebook of what recurs in a folder, the most frequent first, for a person to cut and complete.

    Raises:
        Failed: there is no such folder, or nothing recurs in it.
    """
    place = folder_of(settings, folder)
    source = Source.of(place, settings, every_revision=False, apart_from=None)
    seen = _Seen()
    for report in source.reports(settings.max_file_bytes, jobs):
        seen.take(report)
    if not seen.kinds:
        raise Failed(say("why_not.no_codebook", folder=place, why=say("why_not.no_report")))
    found = seen.recurring()
    if not found:
        raise Failed(say("why_not.nothing_recurs", folder=place, count=LEAST_DOCUMENTS))
    click.echo("\n".join(_head(seen, place)))
    names = {entry["id"]: entry["name"] for entry in load_facts("catalogue")["indicator"]}
    for number, series in enumerate(found, 1):
        click.echo("\n".join(_series(series, number, seen, names)))
    terminal.err().print(say("read.recurring", count=len(found)))


def _head(seen: _Seen, place: Path) -> list[str]:
    told = sorted(kind for kind in seen.kinds if kind)
    return [
        'title = "..."',
        f"kinds = {_text(told)}",
        f"next_year = {str(seen.plans_next_year).lower()}",
        f"source = {_text(f'what recurs in {place.name}')}",
        "",
    ]


def _series(series: Recurring, number: int, seen: _Seen, names: dict[str, str]) -> list[str]:
    title = names.get(series.id_ or "", series.name) + (" 增长" if series.measure == "rate_of_change" else "")
    units = seen.units[series]
    usual = units.most_common(1)[0][0]
    alike = [
        unit
        for unit, _ in units.most_common()
        if base_of(unit) == base_of(usual) or not (measures(unit) or measures(usual))
    ]
    which = f"ids = {_text([series.id_])}" if series.id_ else f"names = {_text([series.name])}"
    about = [f'key = "s{number}"', f"title = {_text(title)}", which, f"units = {_text(alike)}"]
    lines = ["[[series]]", f"# in {len(seen.documents[series])} documents", *about]
    if series.measure != "level":
        lines.append(f'measures = ["{series.measure}"]')
    statuses = [status for status in STATUSES if seen.statuses[series][status]]
    if statuses and statuses != ["achieved"]:
        lines.append(f"statuses = {_text(statuses)}")
    return [*lines, ""]


def _text(value: str | list[str]) -> str:
    """Text, or a list of it, as TOML: what JSON writes is that."""
    return json.dumps(value, ensure_ascii=False)
