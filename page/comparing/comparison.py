"""What of an indicator's figures can be held against each other, place by place and year by year.

Only figures of one measure in one base unit, of whole places and whole years, share a table. A gap stays a gap, two different
figures of one cell both stand in it, and what is left out is told with the reason.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from exports.columns import Row
from exports.units import in_base
from panels.cells import told_apart
from panels.filling import is_of_year
from panels.series import is_whole
from store.known import place_key
from store.tables import FigureRow, row_of

SURE = 0.8
STATUSES = ("achieved", "planned")
#: Lines that a table shows; more want places to be chosen.
MOST_LINES = 60
_MOST_EMPTY = 10  # columns that may be there for the gaps between stated years
_SIGNED = ("rate_of_change", "difference", "yearly_mean")


class Quantity(NamedTuple):
    """What is measured, and the unit that it is compared in."""

    measure: str
    base_unit: str


@dataclass(frozen=True)
class Point:
    """A figure of the table: ``value`` and ``high`` in the base unit, a fall below 0; ``notes`` stand against comparing it."""

    found: FigureRow
    row: Row
    value: Fraction
    high: Fraction | None
    notes: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name on the page."""
        return f"{self.row['id']}-{self.row['revision']}-{self.found['number']}"


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
    left_out: dict[str, list[FigureRow]]
    places: list[tuple[str, str]]
    hidden: int = 0

    def points(self) -> Iterable[Point]:
        """All figures of the table, line by line."""
        for line in self.lines:
            for cell in line.cells.values():
                yield from cell.points


@dataclass
class _Sifted:
    fit: list[Point] = field(default_factory=list)
    left_out: dict[str, list[FigureRow]] = field(default_factory=lambda: defaultdict(list))


def comparison_of(
    rows: Iterable[FigureRow], wanted: Wanted, contradicted: frozenset[tuple[int, int]] = frozenset()
) -> Comparison:
    """The table of an indicator's figures."""
    rows = list(rows)
    quantities = Counter(quantity_of(row) for row in rows)
    quantity = _chosen_quantity(rows, wanted)
    sifted = _sifted([row for row in rows if quantity_of(row) == quantity], contradicted)
    places = sorted({(_key(point.found), str(point.row["place"])) for point in sifted.fit})
    if wanted.places:
        sifted.fit = [point for point in sifted.fit if wanted.places and _is_named(point.found, wanted.places)]
    levels = _levels(sifted.fit)
    level = wanted.level or (None if wanted.places or not levels else levels[0][0])
    fit = [point for point in sifted.fit if level in (None, _level(point.found))]
    fit = [point for point in fit if not wanted.years or point.row["year"] in wanted.years]
    years = _years({str(point.row["year"]) for point in fit})
    lines = _lines(fit)
    return Comparison(
        quantity,
        quantities.most_common(),
        level,
        levels,
        years,
        lines[:MOST_LINES],
        dict(sifted.left_out),
        places,
        max(0, len(lines) - MOST_LINES),
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


def quantity_of(row: FigureRow) -> Quantity:
    """What a figure measures. The mean of one year is its level; only one over several years is another quantity."""
    of_a_year = row["measure"] == "yearly_mean" and row["year"] is not None
    return Quantity("level" if of_a_year else row["measure"], row["base_unit"])


def _chosen_quantity(rows: list[FigureRow], wanted: Wanted) -> Quantity | None:
    """The one that is asked for; else the one that most places and years have, a level before others."""
    cells: dict[Quantity, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        quantity = quantity_of(row)
        if wanted.measure in (None, quantity.measure) and wanted.unit in (None, quantity.base_unit):
            cells[quantity].add((_key(row), row["year"] or ""))
    return max(cells, key=lambda one: (len(cells[one]), one.measure == "level", one), default=None)


def _sifted(rows: list[FigureRow], contradicted: frozenset[tuple[int, int]]) -> _Sifted:
    found = _Sifted()
    for row in rows:
        reason = next((reason for reason, holds in _AGAINST.items() if holds(row)), None)
        if reason is not None:
            found.left_out[reason].append(row)
            continue
        found.fit.append(_point(row, is_contradicted=(row["reading"], row["number"]) in contradicted))
    return found


def _reaches_ahead(row: FigureRow) -> bool:
    """Nothing was reached after the year that is reported on."""
    return row["status"] == "achieved" and bool(row["document_year"]) and row["year"] > row["document_year"]


#: Why a figure is in no cell: the first that holds.
_AGAINST: dict[str, Callable[[FigureRow], bool]] = {
    "place": lambda row: not row["place"],
    "status": lambda row: row["status"] not in STATUSES,
    "scope": lambda row: not is_whole(row["scope"]),
    "period": lambda row: row["year"] is None or not is_of_year(row["period"], row["year"]),
    "ahead": _reaches_ahead,
}


def _point(found: FigureRow, *, is_contradicted: bool) -> Point:
    row = row_of(found)
    sign = -1 if found["measure"] in _SIGNED and found["change"] == "decrease" else 1
    high = found["value_high"]
    notes = {
        "not_exact": found["qualifier"] != "exact",
        "as_at": str(found["period"]).startswith(".."),
        "unsure": found["confidence"] is None or found["confidence"] < SURE,
        "contradicted": is_contradicted,
        "other_year": found["status"] == "achieved" and found["document_year"] not in (None, found["year"]),
        "converted": found["unit"] != found["base_unit"],
    }
    return Point(
        found,
        row,
        sign * in_base(found["value"], found["unit"]),
        None if high is None else sign * in_base(high, found["unit"]),
        tuple(note for note, holds in notes.items() if holds),
    )


def _lines(points: list[Point]) -> list[Line]:
    cells: dict[str, dict[tuple[str, str], list[Point]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        cells[_key(point.found)][str(point.row["year"]), str(point.row["status"])].append(point)
    named = {_key(point.found): point for point in points}
    lines = [
        Line(key, str(named[key].row["place"]), _level(named[key].found), {at: _cell(some) for at, some in of.items()})
        for key, of in cells.items()
    ]
    # Those of most years first where not all are shown, then by code as every list of places.
    kept = sorted(lines, key=lambda line: (-len(line.cells), line.key))
    return sorted(kept[:MOST_LINES], key=lambda line: (not line.key.isdecimal(), line.key)) + kept[MOST_LINES:]


def _cell(points: list[Point]) -> Cell:
    apart, also = told_apart(points)
    return Cell(apart, also)


def _levels(points: list[Point]) -> list[tuple[str, int]]:
    """The administrative levels by how many places are of each."""
    places = {(_level(point.found), _key(point.found)) for point in points}
    order = ("national", "province", "city", "county", "other")
    counted = Counter(level for level, _ in places)
    return sorted(counted.items(), key=lambda item: (-item[1], order.index(item[0])))


def _level(row: FigureRow) -> str:
    return row["level"] or "other"


def _key(row: FigureRow) -> str:
    return place_key(row["place"], row["region_code"], row["province"])


def _is_named(row: FigureRow, places: tuple[str, ...]) -> bool:
    return _key(row) in places or row["place"] in places
