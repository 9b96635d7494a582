"""``zhibiao codebook``: the codebooks that come along, and a draft of one from what recurs in a folder."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import click

from exports.columns import Row, rows_of
from exports.units import base_of, measures
from worker.facts import load_facts
from zhibiao import terminal
from zhibiao.commands.export import Source
from zhibiao.commands.panel import codebook_of, shipped
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings

#: A name that so many documents have recurs.
LEAST_DOCUMENTS = 2
_KEPT = ("level", "rate_of_change", "share")


def show() -> None:
    """Print the codebooks that come along."""
    for name in shipped():
        book = codebook_of(name)
        click.echo(f"{name}: {book.title}, {len(book.series)} series")


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


def draft(settings: ServiceSettings, folder: Path | None, jobs: int) -> None:
    """Print a codebook of what recurs in a folder, the most frequent first, for a person to cut and complete.

    Raises:
        Failed: there is no such folder, or nothing recurs in it.
    """
    place = folder or settings.processed
    if not place.is_dir():
        raise Failed(f"{place}: there is no such folder; name one with reports, or with what zhibiao extract -o wrote")
    source = Source.of(place, settings, every_revision=False, apart_from=None)
    documents: dict[Recurring, set[str]] = defaultdict(set)
    units: dict[Recurring, Counter[str]] = defaultdict(Counter)
    planned: set[Recurring] = set()
    kinds: Counter[str] = Counter()
    for report in source.reports(settings.max_file_bytes, jobs):
        kinds[report.document.kind or ""] += 1
        for row in rows_of(report):
            if (series := Recurring.of(row)) is not None:
                documents[series].add(report.id)
                units[series][str(row["unit"] or "")] += 1
                if row["status"] == "planned":
                    planned.add(series)
    found = sorted(
        (series for series in documents if len(documents[series]) >= LEAST_DOCUMENTS),
        key=lambda series: (-len(documents[series]), series.id_ or "", series.name, series.measure),
    )
    if not found:
        raise Failed(
            f"{place}: no indicator stands in {LEAST_DOCUMENTS} documents or more; a codebook needs some that do"
        )
    click.echo("\n".join(_head(kinds, place)))
    names = {entry["id"]: entry["name"] for entry in load_facts("catalogue")["indicator"]}
    for number, series in enumerate(found, 1):
        click.echo(
            "\n".join(_series(series, number, len(documents[series]), units[series], names, planned=series in planned))
        )
    terminal.err().print(f"{len(found)} series that recur; cut what you do not compare, and complete names and words")


def _head(kinds: Counter[str], place: Path) -> list[str]:
    told = sorted(kind for kind in kinds if kind)
    return [
        'title = "..."',
        f"kinds = {_text(told)}",
        "next_year = false",
        f"source = {_text(f'what recurs in {place.name}')}",
        "",
    ]


def _series(
    series: Recurring, number: int, count: int, units: Counter[str], names: dict[str, str], *, planned: bool
) -> list[str]:
    title = names.get(series.id_ or "", series.name) + (" 增长" if series.measure == "rate_of_change" else "")
    usual = units.most_common(1)[0][0]
    alike = [
        unit
        for unit, _ in units.most_common()
        if base_of(unit) == base_of(usual) or not (measures(unit) or measures(usual))
    ]
    which = f"ids = {_text([series.id_])}" if series.id_ else f"names = {_text([series.name])}"
    about = [f'key = "s{number}"', f"title = {_text(title)}", which, f"units = {_text(alike)}"]
    lines = ["[[series]]", f"# in {count} documents", *about]
    if series.measure != "level":
        lines.append(f'measures = ["{series.measure}"]')
    if planned:
        lines.append('statuses = ["achieved", "planned"]')
    return [*lines, ""]


def _text(value: str | list[str]) -> str:
    """Text, or a list of it, as TOML: what JSON writes is that."""
    return json.dumps(value, ensure_ascii=False)
