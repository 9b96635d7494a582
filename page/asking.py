"""Rooms that ask the store: each request opens it, to read only, and closes it again."""

from collections.abc import Callable
from contextlib import closing
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from page.rendering import page_of
from store.views import NoStore, Views
from store.writing import FILE_NAME


def with_store(room: Callable[[Request, Views], Response]) -> Callable[[Request], Response]:
    """A room that is given the store; one that says what helps where there is none.

    The room runs in a thread of its own, as every function of a route that is no coroutine does.
    """

    @wraps(room)
    def asked(request: Request) -> Response:
        try:
            views = Views(request.app.state.settings.state / FILE_NAME)
        except NoStore:
            return page_of(request, "no_store.html", 503)
        with closing(views):
            return room(request, views)

    return asked
