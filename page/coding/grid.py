"""A panel laid out: a line for a place and a year, a column for a series; and one cell opened, with all that stands behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from exports.columns import Row
from exports.signs import SIGNS
from page.shown.figures import ONLY, Shown, shown
from page.shown.numbers import scale_of, scaled, unit_text
from page.shown.seen import visible
from page.wording import Wording
from panels.cells import Cell, Key, Panel, Stated
from panels.long import doubts, lines
from panels.series import Series, unit_of
from schemas.report import Report
from schemas.review import Review
from store.known import Turn

#: Lines of one screen.
PAGE = 60
_SEPARATOR = "|"


@dataclass(frozen=True)
class Column:
    """A series with one of its statuses; ``power`` and ``units`` are what its values are written in: by base unit, "" for none."""

    series: Series
    status: str
    title: str
    units: dict[str, str]
    power: int


@dataclass(frozen=True)
class Square:
    """A cell in the grid."""

    name: str
    state: str
    text: str
    marks: tuple[str, ...]
    tone: str
    is_doubtful: bool
    units: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A place and a year, with a square for each column."""

    place: str
    place_key: str
    year: str
    squares: list[Square | None]


@dataclass(frozen=True)
class Behind:
    """A figure behind an open cell, with the review that holds for it.

    ``differs`` says why one was read as something else, "" for others; ``can_stand``: a person may say that it is the cell's;
    ``of`` is the organ, or the report of unknown kind, that a candidate is of; ``also_for`` are other series that are offered it.
    """

    one: Shown
    value: str
    row: Row
    review: Review | None
    is_candidate: bool
    differs: str = ""
    can_stand: bool = True
    of: str = ""
    also_for: tuple[str, ...] = ()


def name_of(key: Key) -> str:
    """A cell's name in an address."""
    return _SEPARATOR.join(key)


def key_of(name: str) -> Key | None:
    """The cell of a name."""
    parts = name.split(_SEPARATOR)
    return Key(*parts) if len(parts) == len(Key._fields) else None


def only(panel: Panel, place: str, year: str) -> Panel:
    """The panel of one place, or one year, or both; of all where both are empty."""
    cells = {
        key: cell
        for key, cell in panel.cells.items()
        if place in ("", key.place_key) and year in ("", key.year)
    }  # fmt: skip
    return replace(panel, cells=cells)


def columns_of(panel: Panel, t: Wording) -> list[Column]:
    """The columns; those of money and the like with a multiplier that their values have in common."""
    found = []
    for series, status in panel.columns():
        cells = [cell for key, cell in panel.cells.items() if (key.series, key.status) == (series.key, status)]
        power, multiplier = scale_of([figure.value for cell in cells for figure in cell.figures], t.language)
        units = {unit: unit_text(multiplier, visible(unit), t.language) for unit in panel.units(series.key, status)}
        found.append(Column(series, status, visible(series.title), units, power))
    return found


def grid_of(panel: Panel, columns: list[Column], start: int) -> list[Line]:
    """The lines of one screen."""
    doubtful = {cell.key for cell in doubts(panel)}
    return [
        Line(visible(place), place_key, year, [_square(panel, Key(place_key, year, column.series.key, column.status), column, doubtful) for column in columns])
        for place, place_key, year in panel.lines()[start : start + PAGE]
    ]  # fmt: skip


def _square(panel: Panel, key: Key, column: Column, doubtful: set[Key]) -> Square | None:
    cell = panel.cells.get(key)
    if cell is None:
        return None
    text = " | ".join(written(figure, column.power) for figure in cell.figures)
    units = tuple(column.units[unit] for unit in cell.units) if len(column.units) > 1 else ()
    return Square(name_of(key), cell.state, text, cell.marks, cell.tone or "", key in doubtful, units)


def written(figure: Stated, power: int) -> str:
    """A figure's value over a power of ten, with what qualifies it."""
    sign = "" if figure.review else SIGNS.get(str(figure.row["qualifier"]), "")
    high = "" if figure.high is None else f"–{_number(figure.high, power)}"
    return f"{sign}{_number(figure.value, power)}{high}"


def _number(value: Fraction, power: int) -> str:
    return scaled(value, power).replace("-", "−")


def behind(cell: Cell, column: Column, t: Wording) -> list[Behind]:
    """The figures of a cell, those that say the same again, the candidate of an empty one, and what was read as something else."""
    stated: Iterable[Stated] = (*cell.figures, *cell.also, *([cell.candidate] if cell.candidate else []))
    akin = [
        _behind(figure, column, t, is_candidate=True, differs=cell.series.differs(figure.row)) for figure in cell.akin
    ]
    return [*(_behind(figure, column, t, is_candidate=not cell.figures) for figure in stated), *akin]


def _behind(figure: Stated, column: Column, t: Wording, *, is_candidate: bool, differs: str = "") -> Behind:
    left_out = figure.source.left_out
    return Behind(
        _shown(figure, t),
        written(figure, column.power),
        figure.as_read,
        figure.review,
        is_candidate,
        differs,
        column.series.takes(unit_of(figure.row)),
        left_out.reason if left_out else "",
        tuple(map(visible, figure.also_for)),
    )


def _shown(figure: Stated, t: Wording) -> Shown:
    row, report = figure.as_read, figure.source.report
    places = [(metric.source.start, metric.source.end) for metric in report.metrics]
    at = (row["start"], row["end"])
    number = places.index(at) if at in places else 0
    named = {"sentence_text": row["sentence"] or "", "number": number, "section": row["section"] or ""}
    turn = _turn(report, number) if at in places else ONLY
    return shown({**row, **named, "unit": row["unit"] or "", "place": figure.source.place}, t, turn)


def _turn(report: Report, number: int) -> Turn:
    """Which of the figures of the same words in its sentence a figure is."""
    this = report.metrics[number]
    alike = sorted(
        metric.source.start
        for metric in report.metrics
        if (metric.sentence, metric.source.quote) == (this.sentence, this.source.quote)
    )
    return Turn(alike.index(this.source.start), len(alike))


def next_doubt(panel: Panel, opened: Key | None) -> str:
    """The name of the doubtful cell to look at after the open one; empty for none."""
    doubtful = {cell.key for cell in doubts(panel)}
    ordered = [cell.key for cell in lines(panel)]
    after = ordered.index(opened) + 1 if opened in ordered else 0
    return next((name_of(key) for key in [*ordered[after:], *ordered[:after]] if key in doubtful and key != opened), "")
