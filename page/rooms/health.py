"""``/health``: is the page well, and, for who may look further, the service."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from page import standing, wording
from page.service import Service


def told(request: Request) -> Response:
    """``{"status": …}``: good, warn or bad for the service; the page itself is well where this answers at all.

    Where people log in, who has not is told no more than that the page is there.
    """
    if request.state.has_login and not request.state.may_enter:
        return JSONResponse({"page": "good"})
    service: Service = request.app.state.service
    overview = service.overview()
    words = wording.of(wording.wanted_by(request))
    found = standing.of(overview, words, has_redis=service.has_redis(), has_store=service.has_store())
    said = [{"level": one.level, "text": one.text, "more": one.more} for one in found.sentences]
    return JSONResponse({"page": "good", "status": found.level, "sentences": said, "files": found.counts})


ROUTES: tuple[BaseRoute, ...] = (Route("/health", told),)
