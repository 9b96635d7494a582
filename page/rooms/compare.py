"""``/compare``: one indicator over places and years, as a table, as lines and as a rank; every mark leads to its sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from exports.columns import COLUMNS, Row
from exports.signs import SIGNS
from page import wording
from page.asking import reviewing, with_store
from page.comparing.choosing import Chosen, chosen, near
from page.comparing.comparison import Cell, Comparison, Point, Wanted, comparison_of
from page.comparing.plots import FEWEST_YEARS, plot_of_rank, plot_of_years
from page.downloads import FIGURES, FORMATS, Columns, Sheet, download
from page.rendering import page_of
from page.script import simplified
from page.shown.figures import all_shown, indicator_name
from page.shown.numbers import scale_of, scaled, unit_text
from page.shown.seen import visible
from page.wording import Wording
from store.known import contradicted
from store.views import Views

_MOST_TOLD = 12  # figures of each reason that are left out


@dataclass(frozen=True)
class Scale:
    """How the values of a table are written: over a power of ten, with the unit that this makes."""

    power: int
    unit: str
    language: str

    @classmethod
    def of(cls, made: Comparison, language: str) -> "Scale":
        """One for all values."""
        power, name = scale_of([point.value for point in made.points()], language)
        unit = visible(made.quantity.base_unit) if made.quantity else ""
        return cls(power, unit_text(name, unit, language), language)

    def number(self, value: Fraction) -> str:
        """A value."""
        return scaled(value, self.power).replace("-", "−")

    def point(self, point: Point) -> str:
        """A figure, with what qualifies it and both ends of a range."""
        sign = SIGNS.get(str(point.row["qualifier"]), "")
        high = "" if point.high is None else f"–{self.number(point.high)}"
        return f"{sign}{self.number(point.value)}{high}"

    def cell(self, cell: Cell) -> str:
        """All figures of a cell, for a file; plain digits, that a program may read them."""
        return " | ".join(self.point(point).replace(",", "").replace("−", "-") for point in cell.points)


@dataclass(frozen=True)
class View:
    """What an address of the room asks for, and the addresses beside it."""

    indicator: str
    wanted: Wanted
    rank: str

    @classmethod
    def of(cls, query: QueryParams) -> "View":
        """That of an address."""
        wanted = Wanted(
            tuple(query.getlist("p")), tuple(query.getlist("y")), query.get("m"), query.get("u"), query.get("l")
        )
        return cls(simplified(query.get("i", "").strip()[:200]), wanted, query.get("r", ""))

    def url(self, suffix: str = "", **other: str | None) -> str:
        """The address with some parts others, or taken away by None."""
        wanted = self.wanted
        said: dict[str, str | None] = {
            "i": self.indicator, "m": wanted.measure, "u": wanted.unit, "l": wanted.level, "r": self.rank,
        }  # fmt: skip
        pairs = [(name, value) for name, value in {**said, **other}.items() if value is not None and value != ""]
        if "u" in other and other["u"] == "":
            pairs.append(("u", ""))
        several = [("p", place) for place in wanted.places] + [("y", year) for year in wanted.years]
        return f"/compare{suffix}?{urlencode([*pairs, *several])}"


@with_store
def compare(request: Request, views: Views) -> Response:
    """The comparison; without an indicator, those that there are."""
    t = wording.of(wording.wanted_by(request))
    view = View.of(request.query_params)
    found = chosen(views, reviewing(request, views), view.indicator) if view.indicator else None
    if found is None:
        ids = near(views, view.indicator)
        listed = [(indicator_name(id_, t), View(id_, Wanted(), "").url(), count) for id_, count in ids]
        return page_of(request, "compare_choice.html", asked_for=view.indicator, listed=listed)
    made = _made(views, found, view)
    return page_of(request, "compare.html", **table_values(views, made, view, t), **_head(found, view, t))


def table_values(views: Views, made: Comparison, view: View, t: Wording) -> dict[str, Any]:
    """What the template of a comparison's table and plots is filled with."""
    scale = Scale.of(made, t.language)
    ranks = _rank_years(made)
    rank = view.rank if view.rank in ranks else (ranks[0] if ranks else "")
    points = list(_all_points(made))
    cards = dict(zip((one.key for one in points), all_shown(views, [one.found for one in points], t), strict=True))
    return {
        "made": made,
        "view": view,
        "scale": scale,
        "cards": cards,
        "has_planned": any(point.row["status"] == "planned" for point in made.points()),
        "notes": sorted({note for point in made.points() for note in point.notes}),
        "left_out": [
            (reason, len(rows), all_shown(views, rows[:_MOST_TOLD], t)) for reason, rows in made.left_out.items()
        ],
        "years_plot": plot_of_years(made.lines, made.years) if len(made.years) >= FEWEST_YEARS else None,
        "rank_plot": plot_of_rank(made.lines, rank) if rank else None,
        "rank": rank,
        "ranks": ranks,
    }


@with_store
def table(request: Request, views: Views) -> Response:
    """The table as a file, in a workbook with the figures that it is made of."""
    view = View.of(request.query_params)
    found = chosen(views, reviewing(request, views), view.indicator)
    if found is None:
        return RedirectResponse(view.url())
    t = wording.of(wording.wanted_by(request))
    made = _made(views, found, view)
    kind = request.url.path.rpartition(".")[2]
    rows = [point.row for point in _all_points(made)]
    sheets = [Sheet("比较", _columns(made), _rows(made, Scale.of(made, t.language))), Sheet("数字", FIGURES, rows)]
    told = {"indicator": found.id or found.name, "unit": Scale.of(made, t.language).unit}
    return download(kind, "compare", sheets[::-1] if kind == "json" else sheets, told)


def _made(views: Views, found: Chosen, view: View) -> Comparison:
    readings = {row["reading"] for row in found.rows}
    return comparison_of(found.rows, view.wanted, contradicted(views, readings))


def _head(found: Chosen, view: View, t: Wording) -> dict[str, Any]:
    name = indicator_name(found.id, t) if found.id else visible(found.name)
    return {"name": name, "id": found.id, "formats": [(kind, view.url(f".{kind}")) for kind in FORMATS]}


def _rank_years(made: Comparison) -> list[str]:
    """Years in which two places or more have a figure, those of most places first."""
    counts = {
        year: sum(bool(line.cell(year, "achieved").points) for line in made.lines) for year in reversed(made.years)
    }
    return sorted((year for year in counts if counts[year] > 1), key=lambda year: -counts[year])


def _all_points(made: Comparison) -> Iterable[Point]:
    for line in made.lines:
        for _, cell in sorted(line.cells.items()):
            yield from (*cell.points, *cell.also)


def _statuses(made: Comparison) -> list[tuple[str, str]]:
    """Year and status of each column: all years of the screen; a target, where there is any, before what was reached."""
    has = {at for line in made.lines for at in line.cells}
    return [
        (year, status)
        for year in made.years
        for status in ("planned", "achieved")
        if status == "achieved" or (year, status) in has
    ]


def _columns(made: Comparison) -> Columns:
    fixed = [(column.name, column.title, column.kind) for column in COLUMNS if column.name in ("place", "region_code")]
    years = [
        (f"{year} {status}", f"{year}{'目标' if status == 'planned' else ''}", "decimal")
        for year, status in _statuses(made)
    ]
    return [*fixed, ("unit", "单位", "text"), *years]


def _rows(made: Comparison, scale: Scale) -> Iterable[Row]:
    for line in made.lines:
        row: Row = {"place": line.place, "region_code": line.key if line.key.isdecimal() else None, "unit": scale.unit}
        for year, status in _statuses(made):
            row[f"{year} {status}"] = scale.cell(line.cell(year, status)) or None
        yield row


ROUTES: tuple[BaseRoute, ...] = (
    Route("/compare", compare),
    *(Route(f"/compare.{name}", table) for name in FORMATS),
)
