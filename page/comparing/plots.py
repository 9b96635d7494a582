"""The plots of a comparison as places on a sheet, for SVG: years as lines, one year as a rank of dots.

Nothing is drawn that no report says: lines join years that follow each other and have one figure each, a gap stays a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10
from typing import Literal

from page.comparing.comparison import Cell, Line, Point

#: Lines that a plot can tell apart.
MOST_LINES = 8
FEWEST_YEARS = 3
_LABEL_PX = 17
_ROW_PX = 26

Shape = Literal["exact", "about", "over", "under"]


@dataclass(frozen=True)
class Tick:
    """A line of the grid: where, and the value that it stands for."""

    at: float
    value: Fraction


@dataclass(frozen=True)
class Mark:
    """A figure on the sheet; ``low`` and ``high`` are where a range ends, on the axis of values."""

    x: float
    y: float
    point: Point
    is_planned: bool
    shape: str
    low: float
    high: float


@dataclass(frozen=True)
class Drawn:
    """One place: its number among the colours, the joined stretches of its line as points for SVG, its marks and its label."""

    line: Line
    colour: int
    stretches: list[str]
    marks: list[Mark]
    label_y: float


@dataclass(frozen=True)
class Plot:
    """A sheet of a size, with what stands on it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    ticks: list[Tick]
    years: list[tuple[float, str]]
    drawn: list[Drawn]


def plot_of_years(lines: Sequence[Line], years: Sequence[str]) -> Plot | None:
    """The lines over the years; None where there are fewer than :data:`FEWEST_YEARS`."""
    achieved = {year for line in lines for (year, status), _ in line.cells.items() if status == "achieved"}
    if len(achieved) < FEWEST_YEARS:
        return None
    width, height, left, right, top, bottom = 960, 380, 76, 800, 16, 340
    # Those of most years, and then those of the largest values, can be told apart; the table has all.
    chosen = sorted(lines, key=lambda line: (-_years_of(line), -_last(line)))[:MOST_LINES]
    low, high, ticks = axis_of([value for line in chosen for value in _values(line)])
    first, final = int(years[0]), int(years[-1])

    def x_of(year: str) -> float:
        return left + (int(year) - first) / max(1, final - first) * (right - left)

    def y_of(value: Fraction) -> float:
        return float(bottom - (value - low) / (high - low) * (bottom - top))

    drawn = []
    for colour, line in enumerate(chosen):
        marks = [
            _mark(x_of(year), y_of(point.value), point, status, y_of(point.value), y_of(_high(point)))
            for (year, status), cell in sorted(line.cells.items())
            for point in cell.points
        ]
        stretches = [
            " ".join(f"{x_of(year):.1f},{y_of(value):.1f}" for year, value in stretch) for stretch in _stretches(line)
        ]
        # A name stands beside what was reached last; beside a target where nothing was.
        last = [mark for mark in marks if not mark.is_planned] or marks
        drawn.append(Drawn(line, colour, stretches, marks, last[-1].y))
    shown_years = [(x_of(str(year)), str(year)) for year in _some(range(first, final + 1))]
    return Plot(
        width, height, left, right, top, bottom, [Tick(y_of(value), value) for value in ticks], shown_years,
        _labels_apart(drawn, top, bottom),
    )  # fmt: skip


def plot_of_rank(lines: Sequence[Line], year: str) -> Plot | None:
    """One year's figures, the largest first; None where fewer than two places have one."""
    ranked = [line for line in lines if line.cell(year, "achieved").points]
    if len(ranked) < 2:
        return None
    ranked.sort(key=lambda line: line.cell(year, "achieved").points[0].value, reverse=True)
    width, left, right, top = 960, 190, 860, 30
    bottom = top + _ROW_PX * len(ranked)
    cells = {line.key: [(status, line.cell(year, status)) for status in ("achieved", "planned")] for line in ranked}
    low, high, ticks = axis_of([value for of in cells.values() for _, cell in of for value in _of_cell(cell)])

    def x_of(value: Fraction) -> float:
        return float(left + (value - low) / (high - low) * (right - left))

    drawn = []
    for at, line in enumerate(ranked):
        y = top + _ROW_PX * (at + 0.5)
        marks = [
            _mark(x_of(point.value), y, point, status, x_of(point.value), x_of(_high(point)))
            for status, cell in cells[line.key]
            for point in cell.points
        ]
        drawn.append(Drawn(line, 0, [], marks, y))
    return Plot(width, bottom + 10, left, right, top, bottom, [Tick(x_of(value), value) for value in ticks], [], drawn)


def _stretches(line: Line) -> list[list[tuple[str, Fraction]]]:
    """Achieved figures of years that follow each other; a cell with two figures is joined to nothing."""
    found: list[list[tuple[str, Fraction]]] = []
    before = None
    for (year, status), cell in sorted(line.cells.items()):
        if status != "achieved" or len(cell.points) != 1:
            continue
        if before is None or int(year) != before + 1:
            found.append([])
        found[-1].append((year, cell.points[0].value))
        before = int(year)
    return [stretch for stretch in found if len(stretch) > 1]


def _mark(x: float, y: float, point: Point, status: str, low: float, high: float) -> Mark:
    return Mark(x, y, point, status == "planned", str(point.row["qualifier"]), low, high)


def axis_of(values: list[Fraction]) -> tuple[Fraction, Fraction, list[Fraction]]:
    """Both ends of an axis and its ticks, at round numbers; 0 is on it unless all values are far from it.

    >>> [float(tick) for tick in axis_of([Fraction(52, 10), Fraction(7)])[2]]
    [5.0, 5.5, 6.0, 6.5, 7.0]
    """
    low, high = min(values), max(values)
    if 0 < low < high / 2:
        low = Fraction(0)
    if low / 2 < high < 0:
        high = Fraction(0)
    if low == high:
        low, high = low - abs(low) / 2 - 1, high + abs(high) / 2 + 1
    step = _round_step((high - low) / 4)
    first, last = floor(low / step), -floor(-high / step)
    return first * step, last * step, [at * step for at in range(first, last + 1)]


def _round_step(step: Fraction) -> Fraction:
    power = Fraction(10) ** floor(log10(step))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= step)


def _labels_apart(drawn: list[Drawn], top: int, bottom: int) -> list[Drawn]:
    """Labels so far from each other that each can be read, and none beyond the sheet, which has room for :data:`MOST_LINES`."""
    ordered = sorted(drawn, key=lambda one: one.label_y)
    places: list[float] = []
    for one in ordered:
        places.append(max(one.label_y, places[-1] + _LABEL_PX if places else top))
    # From below, those that would stand beneath the sheet push up only as many above them as are in their way.
    lowest: float = bottom
    for at in reversed(range(len(places))):
        places[at] = min(places[at], lowest)
        lowest = places[at] - _LABEL_PX
    at_y = {id(one): place for one, place in zip(ordered, places, strict=True)}
    return [Drawn(one.line, one.colour, one.stretches, one.marks, at_y[id(one)]) for one in drawn]


def _some(years: range) -> range:
    """So many years that their labels stand apart."""
    return years[:: max(1, -(-len(years) // 12))]


def _years_of(line: Line) -> int:
    return sum(status == "achieved" for _, status in line.cells)


def _last(line: Line) -> Fraction:
    values = [cell.points[0].value for (_, status), cell in sorted(line.cells.items()) if status == "achieved"]
    return values[-1] if values else Fraction(0)


def _values(line: Line) -> list[Fraction]:
    return [value for cell in line.cells.values() for value in _of_cell(cell)]


def _of_cell(cell: Cell) -> list[Fraction]:
    return [value for point in cell.points for value in (point.value, _high(point))]


def _high(point: Point) -> Fraction:
    return point.value if point.high is None else point.high
