"""What people say in the room of a report: of a figure, of one that is missing, of the document. Written by the one writer."""

import re
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from delivery import review_bell
from delivery.connect import connect_briefly
from page import wording
from page.filed import NotFiled
from page.report import said
from page.report.said import NotSaid
from page.rooms import report
from page.shown.periods import period_written
from page.whole_numbers import whole
from panels.corrections import FILE_NAME as DOCUMENTS
from panels.corrections import write_row
from panels.errors import CodebookError
from panels.reviews import FILE_NAME as REVIEWS
from panels.reviews import Reviews, ReviewsError
from schemas.review import Review

ACTIONS = ("confirm", "correct", "strike")
_YEAR = re.compile(r"\d{4}", re.ASCII)


async def review(request: Request) -> Response:
    """Write down what a form says of a figure, and show the room again."""
    form = await request.form()
    return await run_in_threadpool(_answered, request, {name: str(value) for name, value in form.items()}, _review)


async def document(request: Request) -> Response:
    """Write down the place, the year and the title that a document has."""
    form = await request.form()
    return await run_in_threadpool(_answered, request, {name: str(value) for name, value in form.items()}, _document)


def _answered(request: Request, form: dict[str, str], write: Any) -> Response:
    try:
        found = report.found(request)
    except NotFiled as error:
        return report.missing(request, request.path_params["document"], error)
    try:
        back: str = write(request, found, form)
    except NotSaid as error:
        typed = form if write is _document else None
        return report.shown(request, found, status=400, problem=(error.why, error.detail), typed=typed)
    except (ReviewsError, CodebookError) as error:
        return report.shown(request, found, status=400, problem=("report.review.cannot", str(error)))
    except OSError as error:
        return report.shown(request, found, status=503, problem=("report.review.not_written", error.strerror or ""))
    return RedirectResponse(f"{found.address}{back}", 303)


def _review(request: Request, found: report.Found, form: dict[str, str]) -> str:
    """Write a review; gives where the room goes on.

    Raises:
        NotSaid: it cannot be said so.
    """
    reviews = Reviews(request.app.state.settings.state / REVIEWS, lambda one: _ring(request, one))
    action, number = form.get("action", ""), whole(form.get("figure", ""))
    figures = found.room.figures
    if "period" in form:
        form = {**form, "period": period_written(form["period"], wording.of(wording.wanted_by(request)))}
    if action == "add":
        reviews.add(said.added(found.room, form))
        return "?tab=reviews"
    if action == "withdraw":
        reviews.add(_held(reviews, found, form).taken_back(said.now()))
    elif action not in ACTIONS or number is None or not 1 <= number <= len(figures):
        raise NotSaid("report.review.no_figure")
    else:
        reviews.add(said.review_of(figures[number - 1], found.room, action, form))
    return "?tab=reviews" if number is None else f"?f={number}#f{number}"


def _held(reviews: Reviews, found: report.Found, form: dict[str, str]) -> Review:
    """The review that is to be taken back: the one of its time, place and figure."""
    held = said.said_of(reviews.read(), found.room)
    for one in (*held.of_figure.values(), *held.added, *held.lost):
        if (one.at, str(one.start), str(one.end), one.action) == tuple(
            form.get(name, "") for name in ("at", "start", "end", "was")
        ):
            return one
    raise NotSaid("report.review.gone")


def _document(request: Request, found: report.Found, form: dict[str, str]) -> str:
    told = {name: form.get(name, "").strip()[:200] for name in ("place", "year", "title")}
    if told["year"] and not _YEAR.fullmatch(told["year"]):
        raise NotSaid("report.review.year", told["year"])
    path = found.room.report.source.path
    write_row(request.app.state.settings.processed / DOCUMENTS, path, **told)
    return ""


def _ring(request: Request, one: Review) -> str:
    if (url := request.app.state.service.find_redis()) is None:
        return ""
    with connect_briefly(url, site=request.app.state.settings.site) as client:
        return review_bell.ring(client, one)


ROUTES: tuple[BaseRoute, ...] = (
    Route("/r/{document}/{revision}/review", review, methods=["POST"]),
    Route("/r/{document}/{revision}/document", document, methods=["POST"]),
)
