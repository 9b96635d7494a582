"""The application: the rooms and the files beside them, behind the guard."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from page.rooms import report
from page.settings import PageSettings

_STATIC = Path(__file__).parent / "static"

#: The rooms, each with routes of its own.
ROUTES: tuple[BaseRoute, ...] = (*report.ROUTES,)


def make(settings: PageSettings) -> Starlette:
    """The application; ``request.app.state.settings`` are its settings in every room."""
    app = Starlette(routes=[*ROUTES, Mount("/static", StaticFiles(directory=_STATIC), name="static")])
    app.state.settings = settings
    return app
