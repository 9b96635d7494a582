"""``/health``: is the page well, and, for who may look further, the service; words for people, JSON for programs."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from page import login, standing, wording
from page.rendering import page_of
from page.service import Service
from page.standing import Standing
from page.wording import Wording


def told(request: Request) -> Response:
    """``{"status": …}``: good, warn or bad for the service; the page itself is well where this answers at all.

    A browser gets a page. Where people log in, who has not is told no more than that the page is there.
    """
    wants_page = "text/html" in request.headers.get("accept", "")
    if not request.state.may_enter:
        return RedirectResponse(login.address_for(request), 303) if wants_page else JSONResponse({"page": "good"})
    service: Service = request.app.state.service
    words = wording.of(wording.wanted_by(request))
    found = standing.of(service.overview(), words, has_redis=service.has_redis(), has_store=service.has_store())
    if wants_page:
        return page_of(request, "health.html", standing=found, files=_files(found, words))
    said = [{"level": one.level, "text": one.text, "more": one.more} for one in found.sentences]
    return JSONResponse({"page": "good", "status": found.level, "sentences": said, "files": found.counts})


def _files(found: Standing, words: Wording) -> list[tuple[str, int]]:
    """How many files are in each state, the most first."""
    counts = sorted(found.counts.items(), key=lambda one: -one[1])
    return [(words.or_itself("state", state), count) for state, count in counts if count]


ROUTES: tuple[BaseRoute, ...] = (Route("/health", told),)
