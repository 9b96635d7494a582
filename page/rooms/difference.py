"""Two readings of one report, compared: ``/r/ID/diff/1..2``, and ``/r/ID/diff/2@5..2@6`` for older and newer rules."""

import re
from contextlib import closing
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from page.filed import Archive, NotFiled
from page.rendering import page_of
from page.report.difference import changed_lines, difference
from page.shown.numbers import grouped
from store.views import NoStore

#: Fields whose values the page has words for.
_WORDED = ("status", "qualifier", "change", "measure")
_SIDE = re.compile(r"(\d{1,9})(?:@([\w.-]{1,40}))?", re.ASCII)


class Side(NamedTuple):
    """One of the two: its reading as the store has it, what it is called, where its room is."""

    row: Any
    name: str
    address: str


def compared(request: Request) -> Response:
    """The two, with the figures and the lines in which they differ."""
    document = request.path_params["document"]
    try:
        with closing(request.app.state.service.views()) as views:
            readings = views.readings_of(document)
            sides = _sides(document, request.path_params["sides"], readings)
            if sides is None:
                why = "no_readings" if readings else "not_found"
                asked = request.path_params["sides"]
                return page_of(request, "report-missing.html", status=404, why=why, document=document, sides=asked)
            found = difference(*(views.figures_of(side.row["reading"]) for side in sides))
    except NoStore:
        return page_of(request, "report-missing.html", status=404, why="no_store", document=document)
    return page_of(
        request,
        "report-diff.html",
        document=document,
        title=sides[1].row["title"] or sides[1].row["name"],
        sides=sides,
        found=found,
        lines=_lines(request, sides),
        worded=_WORDED,
        grouped=grouped,
    )


def _sides(document: str, asked: str, readings: list[Any]) -> tuple[Side, Side] | None:
    before, _, after = asked.partition("..")
    found = [_side(document, one, readings) for one in (before, after)]
    return (found[0], found[1]) if found[0] and found[1] else None


def _side(document: str, asked: str, readings: list[Any]) -> Side | None:
    match = _SIDE.fullmatch(asked)
    if match is None:
        return None
    revision, version = int(match[1]), match[2]
    for row in readings:
        if row["revision"] == revision and version in (None, row["pipeline_version"]):
            return Side(row, asked, f"/r/{document}/{revision}")
    return None


def _lines(request: Request, sides: tuple[Side, Side]) -> list[Any] | None:
    """The lines in which two revisions differ; None for two readings of one text, and where a file is gone."""
    if sides[0].row["sha256"] == sides[1].row["sha256"]:
        return None
    state = request.app.state
    archive = Archive(state.settings, state.service.find_redis)
    try:
        before, after = (archive.filed(side.row["id"], side.row["revision"], side.row["path"]) for side in sides)
    except NotFiled:
        return None
    return list(changed_lines(before.reading.text, after.reading.text))


ROUTES: tuple[BaseRoute, ...] = (Route("/r/{document}/diff/{sides}", compared),)
