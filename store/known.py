"""What the store knows of places and indicators: which there are, and what there is of each."""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from store import bigrams
from store.views import OF_READINGS, WITH_SENTENCES, Count, Views

_AT_ONCE = 500  # values of one statement
_MOST = 5000  # figures that are looked at for one place, or one name


class Place(NamedTuple):
    """A place that reports are of: by its code, or by its name with those above it where it has none."""

    name: str
    code: str | None
    province: str | None
    city: str | None
    level: str | None
    reports: int
    figures: int
    first_year: str | None
    last_year: str | None

    @property
    def key(self) -> str:
        """What tells it from other places."""
        return place_key(self.name, self.code, self.province)


def place_key(name: str | None, code: str | None, province: str | None) -> str:
    """A place's code; without one its name, below its province: there are several 朝阳区.

    >>> place_key("湛江市", "440800", "广东省"), place_key("金石镇", None, "广东省"), place_key("金石镇", None, None)
    ('440800', '广东省/金石镇', '金石镇')
    >>> place_key("广东省", None, "广东省"), place_key(None, None, None)
    ('广东省', '')
    """
    if code:
        return code
    return f"{province}/{name}" if province and province != name else name or ""


def places(views: Views) -> list[Place]:
    """All places of the newest readings, by code, then by name."""
    found = views.rows(
        "SELECT place, region_code, province, city, level, count(*), sum(figures), min(year), max(year) FROM readings"
        " WHERE is_newest AND place IS NOT NULL GROUP BY place, region_code, province"
        " ORDER BY region_code IS NULL, region_code, province, place"
    )
    return [Place(*row) for row in found]


def place(views: Views, key: str) -> Place | None:
    """The place of a key, or None where nothing is of it; the name alone does where only one place has it."""
    known = places(views)
    named = [one for one in known if one.name == key]
    return next((one for one in known if one.key == key), named[0] if len(named) == 1 else None)


def reports_of(views: Views, of: Place) -> list[sqlite3.Row]:
    """The newest readings of a place, the last years first."""
    return views.rows(
        "SELECT * FROM readings WHERE is_newest AND place = ? AND region_code IS ? AND province IS ?"
        " ORDER BY year DESC, reading DESC",
        [of.name, of.code, of.province],
    )


def named_figures(views: Views, of: Place) -> list[sqlite3.Row]:
    """The newest figures of a place that have an id, by id and period."""
    return views.rows(
        f"{OF_READINGS} WHERE readings.place = ? AND readings.is_newest = 1 AND readings.region_code IS ?"
        f" AND readings.province IS ? AND +figures.indicator_id IS NOT NULL"
        f" ORDER BY figures.indicator_id, figures.period LIMIT {_MOST}",
        [of.name, of.code, of.province],
    )


def indicators(views: Views) -> list[Count]:
    """How many of the newest figures have each id, by id."""
    return [
        Count(row[0], row[1])
        for row in views.rows("SELECT value, figures FROM counts WHERE field = 'indicator_id' ORDER BY value")
    ]


def of_name(views: Views, name: str) -> list[sqlite3.Row]:
    """The newest figures whose whole name this is, whether or not they have an id, by place and period."""
    phrases = bigrams.of_search(name)[0]
    found = "figures.sentence IN (SELECT rowid FROM search WHERE search MATCH ?) AND" if phrases else ""
    return views.rows(
        f"{WITH_SENTENCES} WHERE {found} +figures.is_newest = 1 AND figures.indicator = ?"
        f" ORDER BY figures.place, figures.period LIMIT {_MOST}",
        [*([phrases] if phrases else []), name],
    )


class Turn(NamedTuple):
    """Which of several figures of the same words in one sentence one is, from 0, and of how many."""

    place: int
    of: int


def turns(views: Views, sentences: Iterable[int]) -> dict[int, Turn]:
    """Of the figures of some sentences, by ``figure``, which of those of its own words each is, in reading order."""
    found: dict[tuple[int, str], list[int]] = {}
    wanted = sorted(set(sentences))
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        alike = "SELECT figure, sentence, quote FROM figures WHERE sentence IN"
        for row in views.rows(f"{alike} ({marks}) ORDER BY place_start", some):
            found.setdefault((row["sentence"], row["quote"]), []).append(row["figure"])
    return {figure: Turn(place, len(of)) for of in found.values() for place, figure in enumerate(of)}


def contradicted(views: Views, readings: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Reading and number of the figures that a relation of their report contradicts."""
    wanted = sorted(set(readings))
    found: set[tuple[int, int]] = set()
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        contradicting = "SELECT reading, relations FROM readings WHERE instr(relations, 'contradicts') AND reading IN"
        rows = views.rows(f"{contradicting} ({marks})", some)
        for row in rows:
            for relation in json.loads(row["relations"]):
                if relation["verdict"] == "contradicts":
                    found |= {(row["reading"], member["metric"]) for member in relation["members"]}
    return frozenset(found)
