"""The application: the rooms and the files beside them, behind the guard."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from page import login, wrong
from page.coding.archive import Panels
from page.guard import Guard
from page.live import FindRedis
from page.rooms import (
    compare,
    difference,
    events,
    figures,
    health,
    inbox,
    indicators,
    panel,
    places,
    report,
    reviewing,
    stream,
)
from page.service import Service
from page.settings import PageSettings
from page.tidying import tidied

_THREADS = 8
_STATIC = Path(__file__).parent / "static"

#: The rooms, each with routes of its own.
ROUTES: tuple[BaseRoute, ...] = (
    *inbox.ROUTES,
    *figures.ROUTES,
    *compare.ROUTES,
    *indicators.ROUTES,
    *places.ROUTES,
    *panel.ROUTES,
    *events.ROUTES,
    *stream.ROUTES,
    *health.ROUTES,
    *login.ROUTES,
    *report.ROUTES,
    *difference.ROUTES,
    *reviewing.ROUTES,
)


def make(settings: PageSettings, find_redis: FindRedis | None = None) -> Starlette:
    """The application; ``request.app.state`` has its ``settings`` and the ``service`` in every room.

    ``find_redis`` gives the URL of the service's Redis; without it, that of the settings.
    """
    service = Service(settings, find_redis)
    app = Starlette(
        routes=[*ROUTES, Mount("/static", StaticFiles(directory=_STATIC), name="static")],
        middleware=[Middleware(Guard, settings=settings)],
        exception_handlers=wrong.HANDLERS,
        lifespan=_closing(service),
    )
    app.state.settings = settings
    app.state.service = service
    app.state.panels = Panels(settings.processed, settings.state)
    return app


def _closing(service: Service) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # One interpreter does one thing at a time; more threads only hold more memory.
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        async with tidied([report.SHELF.tidy]):
            yield
        service.live.close()

    return lifespan
