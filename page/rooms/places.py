"""``/p`` and ``/p/<code>``: the places, and of each its reports and what they say, indicator by indicator."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from page import wording
from page.asking import reviewing, with_store
from page.comparing.comparison import Comparison, Quantity, Wanted, comparison_of, quantity_of
from page.rendering import page_of
from page.shown.figures import Shown, all_shown, indicator_name, indicator_url, place_url, value_text
from page.shown.reviewed import Reviewing
from page.shown.seen import visible
from page.wording import Wording
from store.known import Place, named_figures, place, places, reports_of
from store.tables import Found
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
    t = wording.of(wording.wanted_by(request))
    listed = [(one, place_url(one.key), t.own(visible(one.name)), _above(one, t)) for one in places(views)]
    return page_of(request, "places.html", listed=listed)


@with_store
def place_room(request: Request, views: Views) -> Response:
    """One place."""
    key = request.path_params["place"]
    t = wording.of(wording.wanted_by(request))
    found = place(views, key)
    if found is None:
        like = [
            (t.own(visible(one.name)), place_url(one.key), _above(one, t)) for one in places(views) if one.name == key
        ]
        return page_of(request, "no_place.html", 404, key=key, like=like)
    rows, years = profile(views, reviewing(request, views), found, t)
    return page_of(
        request,
        "place.html",
        place=found,
        name=t.own(visible(found.name)),
        above=_above(found, t),
        reports=reports_of(views, found),
        rows=rows[:_MOST_INDICATORS],
        hidden=max(0, len(rows) - _MOST_INDICATORS),
        years=years,
        all_url=f"/figures?{urlencode({'place': found.name})}",
    )


def profile(views: Views, said: Reviewing, of: Place, t: Wording) -> tuple[list[Row], list[str]]:
    """The indicators of a place with its figures of the last years, as they could be compared."""
    figures = [row for row in said.of(named_figures(views, of)) if row["year"] and row["indicator_id"]]
    years = sorted({row["year"] for row in figures})[-_MOST_YEARS:]
    by_series: dict[tuple[str, Quantity], list[Found]] = defaultdict(list)
    for row in figures:
        by_series[row["indicator_id"], quantity_of(row)].append(row)
    made = {series: comparison_of(some, Wanted()) for series, some in by_series.items()}
    points = [point for one in made.values() for point in one.points()]
    cards = dict(zip((one.key for one in points), all_shown(views, [one.found for one in points], t), strict=True))
    rows = [_row(id_, quantity, one, cards, t) for (id_, quantity), one in made.items()]
    return [row for row in rows if row.years.keys() & set(years)], years


def _row(id_: str, quantity: Quantity, made: Comparison, cards: dict[str, Shown], t: Wording) -> Row:
    held: dict[str, list[Held]] = defaultdict(list)
    for line in made.lines:
        for (year, status), cell in sorted(line.cells.items()):
            for point in cell.points:
                text = value_text(point.found, t.language)
                held[year].append(Held(text, visible(point.found["unit"]), status == "planned", cards[point.key]))
    return Row(indicator_name(id_, t), indicator_url(id_, None), quantity.measure, visible(quantity.base_unit), held)


def _above(of: Place, t: Wording) -> str:
    return " ".join(t.own(visible(name)) for name in dict.fromkeys((of.province, of.city)) if name and name != of.name)


ROUTES: tuple[BaseRoute, ...] = (Route("/p", places_room), Route("/p/{place:path}", place_room))
