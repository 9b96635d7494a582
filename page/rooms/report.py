"""The reports: their list, one with its text and figures, and its figures as tables."""

import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from exports.columns import rows_of
from exports.formats import written
from exports.reviewed import Record, Reviewing
from page import wording
from page.filed import Archive, NotFiled
from page.rendering import page_of
from page.report.filling import Asked, Frame, Links, all_rows, card, file_of, values_of
from page.report.room import Room
from page.report.said import Said, said_of
from page.shelf import Shelf
from page.shown.gaps import stored_gaps
from page.tidying import uncollected
from page.whole_numbers import whole
from panels.corrections import FILE_NAME as DOCUMENTS
from panels.corrections import Corrections, corrections
from panels.errors import CodebookError
from panels.reviews import FILE_NAME as REVIEWS
from panels.reviews import Reviews, ReviewsError
from schemas.names import PROJECT
from store.views import PAGE, NoStore

_MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class AskedList:
    """Which reports are asked for."""

    q: str = ""
    kind: str = ""
    year: str = ""

    @property
    def any(self) -> bool:
        """Whether there is any condition."""
        return bool(self.q or self.kind or self.year)


def reports(request: Request) -> Response:
    """The reports, the newest first."""
    query = request.query_params
    asked = AskedList(query.get("q", "")[:100].strip(), query.get("kind", ""), query.get("year", ""))
    try:
        with closing(request.app.state.service.views()) as views:
            rows = views.documents(
                whole(query.get("before", "")),
                PAGE + 1,
                words=asked.q,
                kind=asked.kind,
                year=asked.year,
            )
            choices: dict[str, Any] = {
                "kinds": views.document_values("kind"),
                "years": views.document_values("year")[::-1],
            }
    except NoStore:
        return page_of(
            request, "reports.html", problem="no_store", rows=[], asked=asked, kinds=[], years=[], older=None
        )
    older = None
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        kept = {name: value for name, value in vars(asked).items() if value}
        older = f"/reports?{urlencode({**kept, 'before': rows[-1]['reading']})}"
    return page_of(
        request, "reports.html", problem=None, rows=rows, asked=asked, older=older, stored_gaps=stored_gaps, **choices
    )


def report(request: Request) -> Response:
    """One report, of the newest revision or the one that is asked for; its figures as a table where a format is named."""
    asked = _Asked.of(request)
    try:
        named = found(request)
    except NotFiled as error:
        return missing(request, asked.document, error)
    if not asked.ending:
        return shown(request, named)
    try:
        return _download(request, named.room, asked.ending) or missing(request, asked.document, NotFiled("ending"))
    except ReviewsError as error:
        return shown(request, named, status=503, problem=("report.review.unread", str(error)))


def shown(
    request: Request,
    named: "Found",
    status: int = 200,
    problem: tuple[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The room; ``problem`` is the key of a sentence on what could not be done, and what that was about.

    ``typed`` is what a form on the document said: it stays there to be put right.
    """
    frame = replace(_frame(request, named, problem), typed=typed or {})
    with uncollected():
        values = values_of(named.room, frame, Asked.of(request.query_params))
    return page_of(
        request, "report.html", status, **{name: value for name, value in values.items() if name != "form_token"}
    )


def figure(request: Request) -> Response:
    """The card of one figure, for the page's script."""
    try:
        named = found(request)
    except NotFiled:
        return Response(status_code=404)
    number, figures = whole(request.path_params["number"]), named.room.figures
    if number is None or not 1 <= number <= len(figures):
        return Response(status_code=404)
    return HTMLResponse(card(named.room, _frame(request, named), figures[number - 1]))


def rows(request: Request) -> Response:
    """The list of all figures, for the page's script."""
    try:
        named = found(request)
    except NotFiled:
        return Response(status_code=404)
    return HTMLResponse(all_rows(named.room, _frame(request, named)))


def _frame(request: Request, named: "Found", problem: tuple[str, str] | None = None) -> Frame:
    settings = request.app.state.settings
    try:
        said = said_of(Reviews(settings.state / REVIEWS).read(), named.room)
        document = _said_of_document(settings.processed / DOCUMENTS, named.room.report.source.path)
    except (ReviewsError, CodebookError) as error:
        said, document, problem = Said(), {}, problem or ("report.review.unread", str(error))
    return Frame(
        words=wording.of(wording.wanted_by(request)),
        address=named.address,
        said=said,
        document=document,
        form_token=getattr(request.state, "form_token", ""),
        links=named.links,
        problem=problem,
    )


def _said_of_document(file: Path, path: str) -> dict[str, str]:
    if not file.is_file():
        return {}
    said = Corrections(corrections(file.read_bytes(), file.name)).of(path)
    return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class _Asked:
    """What an address names: ``/r/ID``, ``/r/ID/2``, ``/r/ID.csv``, ``/r/ID/2.csv``."""

    document: str
    revision: int | None
    ending: str

    @classmethod
    def of(cls, request: Request) -> "_Asked":
        document, _, ending = request.path_params["document"].partition(".")
        revision, _, of_revision = str(request.path_params.get("revision", "")).partition(".")
        known = whole(revision)
        if revision and known is None:
            document = ""  # which no report has
        return cls(document, known, of_revision or ending)


@dataclass(frozen=True)
class Found:
    """A room, its address, and the addresses beside it."""

    room: Room
    address: str
    links: Links


SHELF = Shelf(most=4)


def found(request: Request) -> Found:
    """What an address names.

    Raises:
        NotFiled: there is no such report, or not all of it.
    """
    asked = _Asked.of(request)
    try:
        with closing(request.app.state.service.views()) as views:
            readings = views.readings_of(asked.document)
    except NoStore:
        readings = []
    newest = next((row for row in readings if row["is_newest"]), None)
    revision = asked.revision or (newest["revision"] if newest else None)
    if revision is None:
        raise NotFiled("not_found")
    row = next((row for row in readings if row["revision"] == revision), None)
    room = SHELF.get(row["event_id"]) if row else None
    if room is None:
        archive = Archive(request.app.state.settings, request.app.state.service.find_redis)
        try:
            with uncollected():
                filed = archive.filed(asked.document, revision, row["path"] if row else None)
        except NotFiled as error:
            unknown = NotFiled("no_revision" if newest else "not_found")
            raise (error if row or error.reason != "report" else unknown) from None
        room = Room(filed.report, filed.reading)
        SHELF.put(room)
    return Found(room, f"/r/{asked.document}/{revision}", _links(asked.document, revision, readings))


def _links(document: str, revision: int, readings: list[Any]) -> Links:
    address = f"/r/{document}/{revision}"
    downloads = tuple((ending.upper(), f"{address}.{ending}") for ending in ("csv", "xlsx", "json", "html"))
    revisions = sorted({row["revision"] for row in readings}, reverse=True)
    newest = revisions[0] if revisions else revision
    compare = []
    if before := [one for one in revisions if one < revision]:
        compare.append(("report.since_last", f"/r/{document}/diff/{before[0]}..{revision}"))
    versions = [row["pipeline_version"] for row in readings if row["revision"] == revision]
    if len(versions) > 1:
        sides = f"{revision}@{versions[1]}..{revision}@{versions[0]}"
        compare.append(("report.rereadings", f"/r/{document}/diff/{sides}"))
    if newest > revision:
        compare.append(("report.differences", f"/r/{document}/diff/{revision}..{newest}"))
    return Links(downloads, tuple(compare), f"/r/{document}" if newest > revision else None)


def _download(request: Request, room: Room, ending: str) -> Response | None:
    told = room.report
    name = f"{PROJECT}-{told.id}-{told.revision}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if ending == "json":
        return Response(told.model_dump_json(indent=2), media_type=_MEDIA_TYPES["json"])
    if ending == "html":
        return Response(file_of(room, wording.wanted_by(request)), media_type="text/html", headers=headers)
    if ending not in _MEDIA_TYPES:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        reviewing = Reviewing(Record(Reviews(request.app.state.settings.state / REVIEWS).read()))
        with written(ending, file) as writer:
            writer.report(told, reviewing.rows(told, rows_of(told), told.document.title))
            writer.close((), {})
        return Response(file.read_bytes(), media_type=_MEDIA_TYPES[ending], headers=headers)


def missing(request: Request, document: str, error: NotFiled) -> Response:
    """What is said where a report is not there."""
    why = {"report": "no_file", "reading": "no_reading", "no_revision": "no_revision"}.get(error.reason, "not_found")
    return page_of(request, "report-missing.html", status=404, why=why, document=document)


ROUTES: tuple[BaseRoute, ...] = (
    Route("/reports", reports),
    Route("/r/{document}", report),
    Route("/r/{document}/{revision}", report),
    Route("/r/{document}/{revision}/figures", rows),
    Route("/r/{document}/{revision}/figure/{number}", figure),
)
