"""``/p`` and ``/p/<code>``: the places, and of each its reports and what they say, indicator by indicator."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from page import wording
from page.asking import with_store
from page.comparing.comparison import Quantity, Wanted, comparison_of, quantity_of
from page.rendering import page_of
from page.shown.figures import Shown, indicator_name, indicator_url, place_url, shown, value_text
from page.wording import Wording
from schemas.visible import visible
from store.known import Place, named_figures, place, places, reports_of
from store.tables import FigureRow
from store.views import Views

_MOST_INDICATORS = 120
_MOST_YEARS = 6


@dataclass(frozen=True)
class Held:
    """A figure in the table of a place."""

    text: str
    unit: str
    is_planned: bool
    one: Shown


@dataclass(frozen=True)
class Row:
    """An indicator of a place, with its figures by year."""

    name: str
    url: str
    measure: str
    unit: str
    years: dict[str, list[Held]]


@with_store
def places_room(request: Request, views: Views) -> Response:
    """All places."""
    listed = [(one, place_url(one.key), visible(one.name), _above(one)) for one in places(views)]
    return page_of(request, "places.html", listed=listed)


@with_store
def place_room(request: Request, views: Views) -> Response:
    """One place."""
    key = request.path_params["place"]
    found = place(views, key)
    if found is None:
        like = [(visible(one.name), place_url(one.key), _above(one)) for one in places(views) if one.name == key]
        return page_of(request, "no_place.html", 404, key=key, like=like)
    t = wording.of(wording.wanted_by(request))
    rows, years = profile(views, found, t)
    return page_of(
        request,
        "place.html",
        place=found,
        name=visible(found.name),
        above=_above(found),
        reports=reports_of(views, found),
        rows=rows[:_MOST_INDICATORS],
        hidden=max(0, len(rows) - _MOST_INDICATORS),
        years=years,
        all_url=f"/figures?{urlencode({'place': found.name})}",
    )


def profile(views: Views, of: Place, t: Wording) -> tuple[list[Row], list[str]]:
    """The indicators of a place with its figures of the last years, as they could be compared."""
    figures = [row for row in named_figures(views, of) if row["year"]]
    years = sorted({row["year"] for row in figures})[-_MOST_YEARS:]
    by_series: dict[tuple[str, Quantity], list[FigureRow]] = defaultdict(list)
    for row in figures:
        by_series[row["indicator_id"], quantity_of(row)].append(row)
    rows = []
    for (id_, quantity), some in by_series.items():
        made = comparison_of(some, Wanted())
        held: dict[str, list[Held]] = {}
        for line in made.lines:
            for (year, status), cell in line.cells.items():
                held.setdefault(year, []).extend(
                    Held(
                        value_text(point.found, t.language),
                        visible(point.found["unit"]),
                        status == "planned",
                        shown(point.found, t),
                    )
                    for point in cell.points
                )
        if any(year in held for year in years):
            unit = visible(quantity.base_unit)
            rows.append(Row(indicator_name(id_, t), indicator_url(id_, None), quantity.measure, unit, held))
    return rows, years


def _above(of: Place) -> str:
    return " ".join(visible(name) for name in dict.fromkeys((of.province, of.city)) if name and name != of.name)


ROUTES: tuple[BaseRoute, ...] = (Route("/p", places_room), Route("/p/{place:path}", place_room))
