"""``/figures``: search, facets, and downloads of exactly what is shown."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from page import wording
from page.asking import reviewing, with_store
from page.downloads import FIGURES, FORMATS, MOST, Sheet, download
from page.rendering import page_of
from page.shown.figures import all_shown, indicator_name
from page.shown.finding import Search
from page.shown.reviewed import is_struck
from page.shown.seen import visible
from page.whole_numbers import whole
from page.wording import Wording
from store.tables import row_of
from store.views import Asked, Count, Views

_PAGE = 50
_MOST_COUNTED = 10_000
_SEEN_VALUES = 6  # of a facet, before the others are asked for


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how many figures have it, and the address that takes it up, or lets it go."""

    text: str
    figures: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A field with its most frequent values."""

    name: str
    seen: list[Choice]
    rest: list[Choice]


@dataclass(frozen=True)
class Loosened:
    """A condition, how many figures there would be without it, and how many it leaves alone."""

    field: str
    text: str
    without: str
    figures: str


@with_store
def figures(request: Request, views: Views) -> Response:
    """A page of what is asked for."""
    t = wording.of(wording.wanted_by(request))
    search = Search.of(request.query_params)
    before = request.query_params.get("before", "")
    rows = views.figures(search.asked, whole(before), _PAGE + 1)
    return page_of(
        request,
        "figures.html",
        search=search,
        figures=all_shown(views, reviewing(request, views).of(rows[:_PAGE]), t),
        count=_count_text(views, search.asked),
        facets=facets_of(views.facets(search.asked, 30), search, t),
        conditions=[(one.field, value_text(one.field, one.value, t), one.without) for one in search.conditions()],
        why=[] if rows else _why_empty(views, search, t),
        next_url=search.url(before=str(rows[_PAGE - 1]["figure"])) if len(rows) > _PAGE else "",
        is_first=not before,
        formats=[(name, search.url(f".{name}")) for name in FORMATS],
        most=f"{MOST:,}",
    )


@with_store
def table(request: Request, views: Views) -> Response:
    """All that is asked for, as a file."""
    search = Search.of(request.query_params)
    kind = request.url.path.rpartition(".")[2]
    if (count := views.count(search.asked, MOST + 1)) > MOST:
        return page_of(request, "too_many.html", 413, most=f"{MOST:,}", back=search.url())
    told: dict[str, str] = {}
    for name, value, _ in search.lessened():
        told[name] = f"{told[name]} | {value}" if name in told else value
    figures = map(reviewing(request, views).one, views.every(search.asked))
    rows = (row_of(row) for row in figures if not is_struck(row))  # crossed out on the screen
    return download(kind, "figures", [Sheet("数字", FIGURES, rows)], {**told, "figures": str(count)})


def facets_of(counts: dict[str, list[Count]], search: Search, t: Wording) -> list[Facet]:
    """The facets as they are shown; a value that is asked for comes first, even where it is rare."""
    found = []
    for field, values in counts.items():
        name = "indicator" if field == "indicator_id" else field
        chosen = search.asked.values(field)
        missing = [Count(value, 0) for value in chosen if value not in {one.value for one in values}]
        ordered = sorted([*missing, *values], key=lambda one: one.value not in chosen)
        choices = [
            Choice(
                value_text(name, one.value, t),
                f"{one.figures:,}",
                search.toggled(field, one.value),
                one.value in chosen,
            )
            for one in ordered
        ]
        if choices:
            found.append(Facet(name, choices[:_SEEN_VALUES], choices[_SEEN_VALUES:]))
    return found


def value_text(field: str, value: str, t: Wording) -> str:
    """A value of a field as it is shown."""
    if field == "indicator":
        return indicator_name(value, t)
    if field in ("place", "province", "q"):  # a search is asked in the store's script
        return t.own(visible(value))
    return t.or_itself(field, value) if field in ("status", "kind") else visible(value)


def _count_text(views: Views, asked: Asked) -> str:
    count = views.sizes()["figures"] if asked == Asked() else views.count(asked, _MOST_COUNTED)
    return f"{count:,}" + ("+" if asked != Asked() and count == _MOST_COUNTED else "")


def _why_empty(views: Views, search: Search, t: Wording) -> list[Loosened]:
    """What each condition costs: the figures that there would be without it."""
    found = []
    for field, value, less in search.lessened():
        count = _count_text(views, less)
        found.append(Loosened(field, value_text(field, value, t), Search(less).url(), count))
    return sorted(found, key=lambda one: one.figures == "0")


ROUTES: tuple[BaseRoute, ...] = (
    Route("/figures", figures),
    *(Route(f"/figures.{name}", table) for name in FORMATS),
)
