"""Templates filled: every room's page goes out through :func:`page_of`."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from page import wording
from page.shown.seen import visible
from schemas.paths import for_people

_TEMPLATES = Environment(
    loader=PackageLoader("page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
# Words of strangers: what hides or acts among their characters is shown as its escape.
_TEMPLATES.globals["visible"] = visible
_TEMPLATES.globals["path_of"] = lambda wire: visible(for_people(wire))
_TEMPLATES.filters["seen"] = lambda text: visible(str(text))

#: The rooms in the bar at the top: their path, and the key of their name.
ROOMS = (
    ("/", "room.inbox"),
    ("/reports", "room.reports"),
    ("/figures", "room.figures"),
    ("/compare", "room.compare"),
    ("/panel", "room.panel"),
    ("/i", "room.indicators"),
    ("/p", "room.places"),
    ("/stream", "room.stream"),
)
#: Paths that belong to a room of another path.
_ROOM_OF = {"/r": "/reports"}


def filled(template: str, words: wording.Wording, **values: Any) -> str:
    """A template as text, for a page or a part of one."""
    return _TEMPLATES.get_template(template).render(t=words, language=words.language, **values)


def page_of(request: Request, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the language of the request.

    Templates have ``t``, the wording; ``language``; ``rooms`` with the path of the one that is open; ``here``, the
    address; ``form_token``, which every form has to send along in a field of that name; ``has_login``, whether one can
    log out.
    """
    words = wording.of(wording.wanted_by(request))
    text = filled(
        template,
        words,
        rooms=ROOMS,
        open_room=_ROOM_OF.get(first := "/" + request.url.path.split("/")[1], first),
        languages=wording.LANGUAGES,
        here=request.url,
        form_token=getattr(request.state, "form_token", ""),
        has_login=getattr(request.state, "has_login", False),
        **values,
    )
    response = HTMLResponse(text, status)
    if (chosen := request.query_params.get("lang")) in wording.LANGUAGES:
        response.set_cookie(wording.COOKIE, str(chosen), max_age=31_536_000, samesite="strict", httponly=True)
    return response
