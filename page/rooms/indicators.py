"""``/i`` and ``/i/<indicator>``: the catalogue, what is known of each indicator and where it comes from."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from exports.indicators import Indicator, catalogue
from page import wording
from page.asking import reviewing, with_store
from page.comparing.choosing import speaks_of
from page.comparing.comparison import Wanted, comparison_of
from page.rendering import page_of
from page.rooms.compare import View, table_values
from page.script import simplified
from page.shown.figures import all_shown, indicator_name, indicator_url
from page.shown.seen import visible
from page.shown.sources import source_in
from page.wording import Wording
from store.known import contradicted, indicators
from store.views import Asked, Views

_MOST_WORDS = 12  # names that an indicator has in reports
_LAST = 10  # figures


@dataclass(frozen=True)
class Entry:
    """An indicator in the list."""

    id: str
    name: str
    url: str
    unit_kind: str
    figures: int
    of_parts: int


@with_store
def catalogue_room(request: Request, views: Views) -> Response:
    """All indicators that have figures; on demand those of the catalogue that have none, too."""
    t = wording.of(wording.wanted_by(request))
    asked_for = request.query_params.get("q", "").strip()[:200]
    words = simplified(asked_for)
    with_empty = request.query_params.get("all") == "1"
    own, parts = Counter[str](), Counter[str]()
    for count in indicators(views):
        whole, is_part, _ = count.value.partition("/")  # parts that a form gives are listed with the whole
        (parts if is_part else own)[whole] += count.figures
    known = {*own, *parts}
    wanted = sorted({*known, *(catalogue() if with_empty else ())})
    entries = [_entry(id_, own[id_], parts[id_], t) for id_ in wanted if speaks_of(catalogue(), id_, words)]
    groups = [
        (head, sorted(group, key=lambda one: -(one.figures + one.of_parts)))
        for head, group in groupby(entries, key=lambda one: one.id.partition(".")[0])
    ]
    groups.sort(key=lambda group: -sum(one.figures + one.of_parts for one in group[1]))
    return page_of(
        request,
        "indicators.html",
        groups=[(head, t.or_itself("domain", visible(head)), group) for head, group in groups],
        asked_for=asked_for,
        with_empty=with_empty,
        known=len(known),
        total=len(catalogue()),
    )


@with_store
def indicator_room(request: Request, views: Views) -> Response:
    """One indicator: what it is, its series over places, and its last figures."""
    id_ = request.path_params["indicator"]
    known = catalogue().get(id_.partition("/")[0])
    said = reviewing(request, views)
    rows = said.of(views.series(id_, status=None))
    if known is None and not rows:
        return RedirectResponse(View(id_, Wanted(), "").url())
    t = wording.of(wording.wanted_by(request))
    view = View(id_, Wanted(), request.query_params.get("r", ""))
    made = comparison_of(rows, view.wanted, contradicted(views, {row["reading"] for row in rows}))
    return page_of(
        request,
        "indicator.html",
        id=id_,
        name=indicator_name(id_, t),
        about=known,
        source=source_in(t, known.source) if known else "",
        unit_kind=_unit_kind(known, t),
        sizes=(
            len(rows),
            len({row["place"] for row in rows if row["place"]}),
            len({row["year"] for row in rows if row["year"]}),
            len({row["id"] for row in rows}),
        ),
        parts=[
            (indicator_name(count.value, t), indicator_url(count.value, None), count.figures)
            for count in indicators(views)
            if count.value.startswith(f"{id_}/")
        ],
        called=[visible(name) for name in dict.fromkeys(row["indicator"] for row in rows)][:_MOST_WORDS],
        last=all_shown(views, said.of(views.figures(Asked.of(indicator_id=id_), limit=_LAST)), t),
        **table_values(views, made, view, t),
    )


def _entry(id_: str, figures: int, of_parts: int, t: Wording) -> Entry:
    known = catalogue().get(id_.partition("/")[0])
    return Entry(
        visible(id_), indicator_name(id_, t), indicator_url(id_, None), _unit_kind(known, t), figures, of_parts
    )


def _unit_kind(known: Indicator | None, t: Wording) -> str:
    return t.or_itself("unit_kind", known.unit_kind) if known else ""


ROUTES: tuple[BaseRoute, ...] = (Route("/i", catalogue_room), Route("/i/{indicator:path}", indicator_room))
