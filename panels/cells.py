"""The cells of a panel: one for each place, year, series and status. None is ever a mean, and an empty one says why."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, NamedTuple, Protocol, TypeVar

from exports.columns import Row
from exports.units import decimal_text, measures
from panels.codebook import Codebook
from panels.documents import Source
from panels.series import Series, is_whole
from panels.tones import Tone, tone_of
from schemas.review import Review

#: ``stated``; or why there is nothing: ``not_found`` where a figure may be it or a part was not read, ``other`` where the document was
#: read whole and has something like it, which was read as another indicator, measure or unit, ``not_stated`` where nothing could be it.
#: ``struck``: a person has taken out what was there.
State = Literal["stated", "not_found", "other", "not_stated", "struck"]
_MOST_AKIN = 3
SURE = 0.8


class Key(NamedTuple):
    """Which cell."""

    place_key: str
    year: str
    series: str
    status: str

    @property
    def code(self) -> str | None:
        """The place's code, where it has one; else the key is its name with those above it."""
        return self.place_key if self.place_key.isdecimal() else None


@dataclass(frozen=True)
class Stated:
    """One figure of a cell: its row as people have reviewed it, and its value in the base unit with the series' sign.

    ``read`` is the row as the report was read, where a review has changed it. ``also_for`` are titles of other series that are
    offered it as well, though it can belong to one alone.
    """

    row: Row
    source: Source
    value: Fraction
    high: Fraction | None = None
    review: Review | None = None
    read: Row | None = None
    also_for: tuple[str, ...] = ()

    @property
    def as_read(self) -> Row:
        """The row before any review."""
        return self.read or self.row

    @property
    def spot(self) -> tuple[object, ...]:
        """Which figure of which report it is."""
        return self.source.report.id, self.as_read["start"], self.as_read["end"]

    @property
    def text(self) -> str:
        """The value as it is shown: exact, a range with both ends."""
        low = decimal_text(self.value)
        return low if self.high is None else f"{low}~{decimal_text(self.high)}"


@dataclass(frozen=True)
class Cell:
    """One cell.

    ``figures`` are those of different values, the surest first; ``also`` say the same elsewhere. ``marks`` are what a referee
    should know before it is compared; ``candidate`` is the nearest figure of an empty cell, ``akin`` are others that a reader may
    look for here: first those of which nothing but the place of their words speaks against it, then what was read as something else.
    """

    key: Key
    place: str
    series: Series
    state: State
    figures: tuple[Stated, ...] = ()
    also: tuple[Stated, ...] = ()
    marks: tuple[str, ...] = ()
    tone: Tone | None = None
    candidate: Stated | None = None
    akin: tuple[Stated, ...] = ()
    review: Review | None = None

    @property
    def text(self) -> str:
        """What stands in the cell: both values where a report, or two, give two."""
        return " | ".join(figure.text for figure in self.figures)

    @property
    def units(self) -> tuple[str, ...]:
        """The base units of its figures, each once."""
        return tuple(dict.fromkeys(map(self.unit_of, self.figures)))

    def unit_of(self, figure: Stated) -> str:
        """The base unit of a figure, "" for none: what the report counts without one, as a column 件数 does, has the series' own."""
        return str(figure.row["base_unit"] or ("" if measures(self.series.unit) else self.series.unit))

    @property
    def possible(self) -> tuple[Stated, ...]:
        """What an empty cell may mean."""
        near = (self.candidate,) if self.candidate else ()
        return (*near, *(figure for figure in self.akin if may_be_meant(self.series, figure)))

    @property
    def read_as_other(self) -> tuple[Stated, ...]:
        """What is like it, and was read as another indicator, measure or unit."""
        return tuple(figure for figure in self.akin if not may_be_meant(self.series, figure))

    @property
    def confidence(self) -> float:
        """That of its least sure figure."""
        return min((float(figure.row["confidence"] or 0) for figure in self.figures), default=0.0)


@dataclass
class Panel:
    """All cells, by key, and the reports they come from.

    ``orphans`` are reviews of these reports that fit no figure or no unit any more, ``strangers`` those of other documents,
    ``of_others`` those of series that the codebook does not have.
    """

    codebook: Codebook
    sources: list[Source]
    cells: dict[Key, Cell] = field(default_factory=dict)
    orphans: list[Review] = field(default_factory=list)
    strangers: list[Review] = field(default_factory=list)
    of_others: list[Review] = field(default_factory=list)

    def columns(self) -> list[tuple[Series, str]]:
        """The series with each of its statuses, a target before what was reached."""
        return [
            (series, status)
            for series in self.codebook.series
            for status in ("planned", "achieved")
            if status in series.statuses
        ]

    def units(self, series: str, status: str) -> tuple[str, ...]:
        """The units of a column's cells, that of most of them first; "" for none."""
        cells = [cell for key, cell in self.cells.items() if (key.series, key.status) == (series, status)]
        of = [unit for cell in cells for unit in cell.units]
        return tuple(sorted(set(of), key=lambda unit: (-of.count(unit), unit)))

    def lines(self) -> list[tuple[str, str, str]]:
        """Place, its key and year of each row."""
        found = {(cell.place, key.place_key, key.year) for key, cell in self.cells.items()}
        return sorted(found, key=lambda line: (line[1], line[2]))


class Found(NamedTuple):
    """What there is for a cell: figures that belong in it, those ``near`` and ``akin``, the sources that should fill it, and what was struck."""

    stated: list[Stated]
    near: list[Stated]
    akin: list[Stated]
    where: list[Source]
    struck: Review | None = None


def cell_of(key: Key, place: str, series: Series, found: Found) -> Cell:
    """A cell of what was found for it."""
    stated, where, struck = found.stated, found.where, found.struck
    if not stated and struck:
        return Cell(key, place, series, "struck", marks=("reviewed",), review=struck)
    if not stated:
        ordered = sorted(_by_worth(key, found.akin), key=lambda figure: not may_be_meant(series, figure))
        candidate, akin = _nearest(key, found.near), tuple(ordered[:_MOST_AKIN])
        state: State = "not_found"
        is_open = candidate is not None or any(may_be_meant(series, figure) for figure in akin)
        if not is_open and all(source.read_whole for source in where):
            state = "other" if akin else "not_stated"
        return Cell(key, place, series, state, candidate=candidate, akin=akin)
    figures, also = told_apart(stated)
    return Cell(
        key,
        place,
        series,
        "stated",
        figures,
        also,
        tuple(_marks(series, figures, where)),
        tone_of(figures[0].row) if key.status == "planned" else None,
    )


def may_be_meant(series: Series, figure: Stated) -> bool:
    """Whether a figure that is akin was read as no other indicator, measure or unit: another figure stands before it, that is all."""
    return series.differs(figure.row) == "words"


def offered_once(cells: dict[Key, Cell]) -> dict[Key, Cell]:
    """The cells, with each figure that several empty ones may mean saying which others."""
    wanted: dict[tuple[object, ...], dict[str, None]] = defaultdict(dict)
    for cell in cells.values():
        for figure in cell.possible:
            wanted[figure.spot][cell.series.title] = None

    def told(cell: Cell, figure: Stated) -> Stated:
        others = wanted[figure.spot] if figure in cell.possible else {}
        return replace(figure, also_for=tuple(title for title in others if title != cell.series.title))

    return {
        key: replace(
            cell,
            candidate=told(cell, cell.candidate) if cell.candidate else None,
            akin=tuple(told(cell, figure) for figure in cell.akin),
        )
        for key, cell in cells.items()
    }


class Valued(Protocol):
    """A figure with its row, and its value in the base unit."""

    @property
    def row(self) -> Row:
        """As tables have it."""

    @property
    def value(self) -> Fraction:
        """With its sign."""

    @property
    def high(self) -> Fraction | None:
        """The upper end of a range."""


_Figure = TypeVar("_Figure", bound=Valued)


def told_apart(stated: Sequence[_Figure]) -> tuple[tuple[_Figure, ...], tuple[_Figure, ...]]:
    """Figures of different values, and those that say again what one of them says.

    A bound that an exact figure keeps (突破5000、达5210) says the same, less exactly.
    """
    surest = sorted(stated, key=lambda figure: -float(figure.row["confidence"] or 0))
    apart: list[_Figure] = []
    also: list[_Figure] = []
    for figure in sorted(surest, key=lambda figure: figure.row["qualifier"] != "exact"):
        (also if any(_says_again(figure, other) for other in apart) else apart).append(figure)
    return tuple(apart), tuple(also)


def _says_again(figure: Valued, other: Valued) -> bool:
    if (figure.value, figure.high) == (other.value, other.high):
        return True
    if other.row["qualifier"] != "exact" or other.high is not None or figure.row["status"] == "planned":
        return False
    low, high = sorted((abs(figure.value), abs(other.value)))
    if figure.row["qualifier"] in ("over", "under"):
        keeps = figure.value <= other.value if figure.row["qualifier"] == "over" else figure.value >= other.value
        return keeps and high <= low * Fraction(11, 10)
    return figure.row["qualifier"] == "about" and high <= low * Fraction(21, 20)


def _marks(series: Series, figures: tuple[Stated, ...], where: list[Source]) -> Iterator[str]:
    """What stands against comparing a cell with its neighbours."""
    rows = [figure.row for figure in figures if figure.review is None]
    if any(figure.review for figure in figures):
        yield "reviewed"
    if len(figures) > 1:
        yield "several_values"
    if any(row["qualifier"] != "exact" and row["status"] != "planned" for row in rows):
        yield "not_exact"
    if any(str(row["period"]).startswith("..") for row in rows):
        yield "as_at"
    if any(row["confidence"] is None or float(row["confidence"]) < SURE for row in rows):
        yield "unsure"
    places = [(figure.source, (figure.row["start"], figure.row["end"])) for figure in figures if figure.review is None]
    if any(place in source.contradicted for source, place in places):
        yield "contradicted"
    unreviewed = [figure for figure in figures if figure.review is None and figure.row["status"] == "achieved"]
    if any(figure.source.year != figure.row["year"] for figure in unreviewed):
        yield "from_another_years_report"


def _nearest(key: Key, near: list[Stated]) -> Stated | None:
    """The candidate that has most of what the cell asks."""
    return next(iter(_by_worth(key, near)), None)


def _by_worth(key: Key, near: list[Stated]) -> list[Stated]:
    """Figures by what they have of what a cell asks: the place's own report, its year, its status, the whole place, and how sure they are."""

    def worth(figure: Stated) -> tuple[bool, bool, bool, bool, float]:
        row = figure.row
        return (
            not figure.source.is_aside,
            row["year"] == key.year,
            row["status"] == key.status,
            is_whole(row["scope"]),
            float(row["confidence"] or 0),
        )

    return sorted(near, key=worth, reverse=True)
