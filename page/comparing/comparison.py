"""What of an indicator's figures can be held against each other, place by place and year by year.

Only figures of one measure in one base unit, of whole places and whole years, share a table. A gap stays a gap, two different
figures of one cell both stand in it, and what is left out is told with the reason.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from exports.columns import Row
from exports.signs import SIGNED
from exports.units import in_base
from page.shown.reviewed import is_struck, review_of
from panels.cells import told_apart
from panels.filling import is_of_year
from panels.series import is_whole
from store.known import place_key
from store.tables import Found, row_of

SURE = 0.8
_LEVELS = ("national", "province", "city", "county", "other")
STATUSES = ("achieved", "planned")
#: Lines that a table shows; more want places to be chosen.
MOST_LINES = 60
_MOST_EMPTY = 10  # columns that may be there for the gaps between stated years


class Quantity(NamedTuple):
    """What is measured, and the unit that it is compared in."""

    measure: str
    base_unit: str


@dataclass(frozen=True)
class Point:
    """A figure of the table: ``value`` and ``high`` in the base unit, a fall below 0; ``notes`` stand against comparing it."""

    found: Found
    value: Fraction
    high: Fraction | None
    notes: tuple[str, ...]

    @cached_property
    def row(self) -> Row:
        """The figure as exports have it."""
        return row_of(self.found)

    @property
    def key(self) -> str:
        """Its name on the page."""
        return f"{self.found['id']}-{self.found['revision']}-{self.found['number']}"


@dataclass(frozen=True)
class Cell:
    """The figures of a place and a year: different ones both, with those that say again what one of them says."""

    points: tuple[Point, ...] = ()
    also: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Line:
    """A place with its cells, by year and status."""

    key: str
    place: str
    level: str
    cells: dict[tuple[str, str], Cell]

    def cell(self, year: str, status: str) -> Cell:
        """That of a year; an empty one where nothing is stated."""
        return self.cells.get((year, status), Cell())


@dataclass(frozen=True)
class Wanted:
    """What is asked for; None and empty where it is left open."""

    places: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    measure: str | None = None
    unit: str | None = None
    level: str | None = None


@dataclass(frozen=True)
class Comparison:
    """A table of places and years. ``quantities`` and ``levels`` are those that there are, each with how many figures it has.

    ``left_out`` has the figures of the chosen quantity that are in no cell, by the reason. ``hidden`` counts places beyond
    :data:`MOST_LINES`.
    """

    quantity: Quantity | None
    quantities: list[tuple[Quantity, int]]
    level: str | None
    levels: list[tuple[str, int]]
    years: list[str]
    lines: list[Line]
    left_out: dict[str, list[Found]]
    places: list[tuple[str, str]]
    hidden: int = 0

    def points(self) -> Iterable[Point]:
        """All figures of the table, line by line."""
        for line in self.lines:
            for cell in line.cells.values():
                yield from cell.points


def comparison_of(
    rows: Iterable[Found], wanted: Wanted, contradicted: frozenset[tuple[int, int]] = frozenset()
) -> Comparison:
    """The table of an indicator's figures."""
    rows = list(rows)
    quantity = _chosen_quantity(rows, wanted)
    fit, left_out = _sifted([row for row in rows if quantity_of(row) == quantity])
    places = sorted({(_key(row), str(row["place"])) for row in fit})
    if wanted.places:
        fit = [row for row in fit if _key(row) in wanted.places or row["place"] in wanted.places]
    levels = _levels(fit)
    level = wanted.level or (None if wanted.places or not levels else levels[0][0])
    fit = [row for row in fit if level in (None, _level(row)) and (not wanted.years or row["year"] in wanted.years)]
    kept, hidden = _kept(fit)
    return Comparison(
        quantity,
        Counter(map(quantity_of, rows)).most_common(),
        level,
        levels,
        _years({row["year"] for of in kept.values() for row in of}),
        [_line(key, of, contradicted) for key, of in kept.items()],
        left_out,
        places,
        hidden,
    )


def _years(stated: set[str]) -> list[str]:
    """The years of the columns: those between, too, as a gap is to be seen, unless that would be most of them.

    >>> _years({"2020", "2023"}), _years({"1956", "2024"})
    (['2020', '2021', '2022', '2023'], ['1956', '2024'])
    """
    if not stated:
        return []
    every = [str(year) for year in range(int(min(stated)), int(max(stated)) + 1)]
    return every if len(every) <= max(_MOST_EMPTY, 2 * len(stated)) else sorted(stated)


def quantity_of(row: Found) -> Quantity:
    """What a figure measures. The mean of one year is its level; only one over several years is another quantity."""
    of_a_year = row["measure"] == "yearly_mean" and row["year"] is not None
    return Quantity("level" if of_a_year else row["measure"], row["base_unit"])


def _chosen_quantity(rows: list[Found], wanted: Wanted) -> Quantity | None:
    """The one that is asked for; else the one that most places and years have, a level before others."""
    cells: dict[Quantity, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        quantity = quantity_of(row)
        if wanted.measure in (None, quantity.measure) and wanted.unit in (None, quantity.base_unit):
            cells[quantity].add((_key(row), row["year"] or ""))
    return max(cells, key=lambda one: (len(cells[one]), one.measure == "level", one), default=None)


def _sifted(rows: list[Found]) -> tuple[list[Found], dict[str, list[Found]]]:
    """The figures that fit into a table, and the others by the reason."""
    fit: list[Found] = []
    left_out: dict[str, list[Found]] = defaultdict(list)
    for row in rows:
        reason = next((reason for reason, holds in _AGAINST.items() if holds(row)), None)
        (fit if reason is None else left_out[reason]).append(row)
    return fit, dict(left_out)


def _reaches_ahead(row: Found) -> bool:
    """Nothing was reached after the year that is reported on."""
    return row["status"] == "achieved" and bool(row["document_year"]) and row["year"] > row["document_year"]


#: Why a figure is in no cell: the first that holds.
_AGAINST: dict[str, Callable[[Found], bool]] = {
    "struck": is_struck,
    "place": lambda row: not row["place"],
    "status": lambda row: row["status"] not in STATUSES,
    "scope": lambda row: not is_whole(row["scope"]),
    "period": lambda row: row["year"] is None or not is_of_year(row["period"], row["year"]),
    "ahead": _reaches_ahead,
}


def _kept(fit: list[Found]) -> tuple[dict[str, list[Found]], int]:
    """The figures of each place, by code as every list of places; of too many places those of most years. And how many are left."""
    of: dict[str, list[Found]] = defaultdict(list)
    for row in fit:
        of[_key(row)].append(row)
    most = sorted(of, key=lambda key: (-len({(row["year"], row["status"]) for row in of[key]}), key))[:MOST_LINES]
    return {key: of[key] for key in sorted(most, key=lambda key: (not key.isdecimal(), key))}, len(of) - len(most)


def _line(key: str, rows: list[Found], contradicted: frozenset[tuple[int, int]]) -> Line:
    cells: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for row in rows:
        is_contradicted = (row["reading"], row["number"]) in contradicted
        cells[row["year"], row["status"]].append(_point(row, is_contradicted=is_contradicted))
    return Line(key, rows[0]["place"], _level(rows[0]), {at: _cell(points) for at, points in cells.items()})


def _cell(points: list[Point]) -> Cell:
    return Cell(*told_apart(points)) if len(points) > 1 else Cell((points[0],))


def _point(found: Found, *, is_contradicted: bool) -> Point:
    sign = -1 if found["measure"] in SIGNED and found["change"] == "decrease" else 1
    high = found["value_high"]
    notes = {
        "reviewed": bool(review_of(found)),
        "not_exact": found["qualifier"] != "exact",
        "as_at": found["period"].startswith(".."),
        "unsure": not review_of(found) and (found["confidence"] is None or found["confidence"] < SURE),
        "contradicted": is_contradicted,
        "other_year": found["status"] == "achieved" and found["document_year"] not in (None, found["year"]),
        "converted": found["unit"] != found["base_unit"],
    }
    return Point(
        found,
        sign * in_base(found["value"], found["unit"]),
        None if high is None else sign * in_base(high, found["unit"]),
        tuple(note for note, holds in notes.items() if holds),
    )


def _levels(rows: list[Found]) -> list[tuple[str, int]]:
    """The administrative levels by how many places are of each."""
    counted = Counter(level for level, _ in {(_level(row), _key(row)) for row in rows})
    return sorted(counted.items(), key=lambda item: (-item[1], _LEVELS.index(item[0])))


def _level(row: Found) -> str:
    return row["level"] or "other"


def _key(row: Found) -> str:
    return place_key(row["place"], row["region_code"], row["province"])
