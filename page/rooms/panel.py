"""``/panel`` and ``/panel/<codebook>``: indicator x place x year, every cell with its sentence, to be confirmed or corrected."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import structlog
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from delivery import review_bell
from delivery.connect import connect_briefly
from page import wording
from page.coding import books
from page.coding.archive import Made, Panels
from page.coding.grid import PAGE, behind, columns_of, grid_of, key_of, next_doubt, only
from page.coding.saying import Form, NotSaid, review_of
from page.rendering import page_of
from page.service import Service
from page.shown.seen import visible
from page.whole_numbers import whole
from page.wrong import answer
from panels import text, workbook
from panels.codebook import Codebook
from panels.errors import CodebookError, DocumentsError
from panels.long import doubts
from panels.reviews import FILE_NAME, Reviews, ReviewsError
from schemas.review import Review

_FORMATS = ("xlsx", "csv")
_BY = "zhibiao_by"  # the cookie that remembers who reviews
_log = structlog.get_logger("page")


@dataclass(frozen=True)
class Opened:
    """What an address of the room asks for: a codebook, a place, a year, one open cell, and the first line shown."""

    name: str
    place: str = ""
    year: str = ""
    cell: str = ""
    start: int = 0

    @classmethod
    def of(cls, request: Request) -> "Opened":
        """That of a request."""
        query = request.query_params
        name = request.path_params["codebook"]
        return cls(name, query.get("p", ""), query.get("y", ""), query.get("c", ""), whole(query.get("from", "")) or 0)  # fmt: skip

    def url(self, suffix: str = "", **other: str | int) -> str:
        """The address with some parts others."""
        said = {"p": self.place, "y": self.year, "from": self.start, "c": self.cell, **other}
        pairs = urlencode([(name, value) for name, value in said.items() if value])
        return f"/panel/{quote(self.name)}{suffix}{'?' if pairs else ''}{pairs}"


def codebooks(request: Request) -> Response:
    """Which codebooks there are."""
    state = request.app.state.settings.state
    listed: list[tuple[str, Codebook | None, str]] = []
    for name in books.names(state):
        try:
            listed.append((name, books.book(state, name), ""))
        except (CodebookError, OSError) as error:
            listed.append((name, None, visible(str(error))))
    return page_of(request, "codebooks.html", listed=listed, own=books.OWN)


def panel(request: Request) -> Response:
    """The panel by a codebook, with one cell open."""
    return _with_panel(request, _show)


def table(request: Request) -> Response:
    """The panel as a workbook, or its list of cells as CSV: of the places and years that are shown."""
    return _with_panel(request, _download)


async def say(request: Request) -> Response:
    """What a person says of a cell."""
    form = await request.form()
    return await run_in_threadpool(_with_panel, request, lambda *found: _say(*found, form=form))


def _with_panel(request: Request, show: Callable[[Request, Opened, Made], Response]) -> Response:
    opened = Opened.of(request)
    settings = request.app.state.settings
    panels: Panels = request.app.state.panels
    try:
        book = books.book(settings.state, opened.name)
        if book is None:
            return answer(request, 404)
        made = panels.of(opened.name, book)
    except (CodebookError, DocumentsError, ReviewsError, OSError) as error:
        return page_of(request, "panel_wrong.html", 422, name=visible(opened.name), problem=visible(str(error)))
    return show(request, opened, made)


def _show(
    request: Request, opened: Opened, made: Made, problem: str = "", said: dict[str, str] | None = None
) -> Response:
    t = wording.of(wording.wanted_by(request))
    shown = only(made.panel, opened.place, opened.year)
    columns = columns_of(made.panel, t)
    key = key_of(opened.cell)
    cell = shown.cells.get(key) if key else None
    column = next((one for one in columns if key and (one.series.key, one.status) == (key.series, key.status)), None)
    lines = shown.lines()
    return page_of(
        request,
        "panel.html",
        422 if problem else 200,
        opened=opened,
        book=made.panel.codebook,
        columns=columns,
        lines=grid_of(shown, columns, opened.start),
        cell=cell,
        column=column,
        figures=behind(cell, column, t) if cell and column else [],
        expected=[one for one in made.panel.sources if key and one.place_key == key.place_key and not one.why_not],
        next_doubt=next_doubt(shown, key),
        states=_states(made, opened),
        doubts=len(doubts(shown)),
        places=sorted({(line[1], line[0]) for line in made.panel.lines()}),
        years=sorted({line[2] for line in made.panel.lines()}),
        more=replace(opened, start=opened.start + PAGE, cell="").url() if len(lines) > opened.start + PAGE else "",
        left_out=[source for source in made.panel.sources if source.why_not],
        orphans=made.panel.orphans,
        formats=[(kind, replace(opened, start=0, cell="").url(f".{kind}")) for kind in _FORMATS],
        problem=problem,
        said=said or {},
        by=unquote(request.cookies.get(_BY, "")),
    )  # fmt: skip


def _states(made: Made, opened: Opened) -> dict[str, int]:
    shown = only(made.panel, opened.place, opened.year)
    counts = {"stated": 0, "not_found": 0, "other": 0, "not_stated": 0, "struck": 0}
    for cell in shown.cells.values():
        counts[cell.state] += 1
    return counts


def _download(request: Request, opened: Opened, made: Made) -> Response:
    shown = only(made.panel, opened.place, opened.year)
    kind = request.url.path.rpartition(".")[2]
    folder = tempfile.TemporaryDirectory(prefix="zhibiao-")
    file = Path(folder.name) / f"panel.{kind}"
    if kind == "csv":
        text.write(shown, file)
    else:
        when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        told = {"地区": opened.place, "年份": opened.year}
        method = {"生成时间": when, "编码本": shown.codebook.title, **{key: said for key, said in told.items() if said}}
        workbook.write(shown, file, made.unread, method)
    done = BackgroundTask(folder.cleanup)
    return FileResponse(file, filename=f"zhibiao-{opened.name}.{kind}", background=done)


def _say(request: Request, opened: Opened, made: Made, *, form: FormData) -> Response:
    given = {name: str(form.get(name, "")) for name in ("action", "document", "start", "end", "value", "note", "by")}
    key = key_of(opened.cell)
    t = wording.of(wording.wanted_by(request))
    try:
        start, end = whole(given["start"]), whole(given["end"])
        if key is None or start is None or end is None:
            raise NotSaid("coding.wrong.gone")
        said = Form(**{**given, "start": start, "end": end})  # type: ignore[arg-type]
        review = review_of(made, key, said)
        deaf = Reviews(request.app.state.settings.state / FILE_NAME, _bell(request.app.state.service)).add(review)
    except NotSaid as error:
        return _show(request, opened, made, t(str(error)), given)
    except OSError as error:
        return _show(request, opened, made, t("coding.wrong.disk", why=visible(str(error))), given)
    if deaf:
        _log.warning("nobody could be told of a review, which harms nothing", why=deaf)
    answered = RedirectResponse(opened.url() + "#pane", 303)
    if given["by"]:
        answered.set_cookie(_BY, quote(given["by"][:200]), max_age=31_536_000, samesite="strict", httponly=True)
    return answered


def _bell(service: Service) -> Callable[[Review], str]:
    """Tells others of a review, where there is a Redis."""

    def ring(review: Review) -> str:
        url = service.find_redis()
        if url is None:
            return ""
        with connect_briefly(url, site=service.settings.site) as client:
            return review_bell.ring(client, review)

    return ring


ROUTES: tuple[BaseRoute, ...] = (
    Route("/panel", codebooks),
    *(Route(f"/panel/{{codebook}}.{kind}", table) for kind in _FORMATS),
    Route("/panel/{codebook}", panel, methods=["GET"]),
    Route("/panel/{codebook}", say, methods=["POST"]),
)
