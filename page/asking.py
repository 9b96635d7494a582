"""Rooms that ask the store: each request opens it, to read only, and closes it again."""

from collections.abc import Callable
from contextlib import closing
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from page.rendering import page_of
from page.shown.reviewed import Reviewing
from page.shown.seen import visible
from panels.reviews import FILE_NAME as FILE_OF_REVIEWS
from panels.reviews import Reviews, ReviewsError
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
            try:
                return room(request, views)
            except ReviewsError as error:
                return page_of(request, "panel_wrong.html", 422, name=FILE_OF_REVIEWS, problem=visible(str(error)))

    return asked


def reviewing(request: Request, views: Views) -> Reviewing:
    """What turns figures of the store into reviewed ones.

    Raises:
        ReviewsError: the record of reviews cannot be read; :func:`with_store` says so.
    """
    return Reviewing(views, Reviews(request.app.state.settings.state / FILE_OF_REVIEWS).read())
