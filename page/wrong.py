"""What went wrong, as a page for people and as a line for programs."""

from collections.abc import Mapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from page import wording
from page.rendering import page_of

_WITH_WORDS = (400, 403, 404, 405, 413)
_log = structlog.get_logger("page")


def wants_json(request: Request) -> bool:
    """Whether a program asks: it wants JSON, and no page."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def answer(request: Request, status: int, detail: str = "") -> Response:
    """What went wrong; ``detail`` is shown as it is, beside what the status means."""
    kind = str(status) if status in _WITH_WORDS else "other" if status < 500 else "500"
    words = wording.of(wording.wanted_by(request))
    if wants_json(request):
        return JSONResponse({"error": words(f"wrong.{kind}"), "detail": detail}, status)
    return page_of(request, "wrong.html", status=status, kind=kind, detail=detail)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as it is registered
    response = answer(request, error.status_code, "" if error.detail == _phrase(error) else str(error.detail))
    response.headers.update(error.headers or {})
    return response


def _phrase(error: HTTPException) -> str:
    return HTTPException(error.status_code).detail


HANDLERS: Mapping[Any, Any] = {HTTPException: _refused}
