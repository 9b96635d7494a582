"""``/events``: steps of files as server-sent events, resumed where a line was cut."""

import json
import re
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from page.live import Live, Told

_ENTRY = re.compile(r"\d{1,19}-\d{1,19}")
_LINES = re.compile(r"\r\n|\r|\n")
RETRY_MS = 1000


def told(request: Request) -> Response:
    """All steps after ``Last-Event-ID``, or after ``?after=``; without either, those that come."""
    known = request.headers.get("last-event-id") or request.query_params.get("after", "")
    last = known if _ENTRY.fullmatch(known) else ""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        _stream(request.app.state.service.live, last), media_type="text/event-stream", headers=headers
    )


def encoded(data: str, entry: str = "", kind: str = "") -> str:
    """One event. Every kind of line break parts a value, so that none can begin a field of its own.

    >>> encoded("a\\r\\nid: 9\\rb", "1-0")
    'id: 1-0\\ndata: a\\ndata: id: 9\\ndata: b\\n\\n'
    """
    fields = [f"id: {entry}"] if _ENTRY.fullmatch(entry) else []
    fields += [f"event: {kind}"] if kind else []
    fields += [f"data: {line}" for line in _LINES.split(data)]
    return "\n".join(fields) + "\n\n"


async def _stream(live: Live, last: str) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    async for one in live.follow(last):
        yield _event(one)


def _event(one: Told) -> str:
    if one.word:
        return encoded(one.word, kind=one.word)
    if one.file is None:
        return ": still here\n\n"
    file = one.file
    state = "filed" if file.is_read and file.is_filed else file.state
    value = {
        "path": file.path,
        "state": state,
        "href": f"/r/{file.id}/{file.revision}" if file.is_read and file.revision else "",
        "time": file.time.isoformat(),
    }
    return encoded(json.dumps(value, ensure_ascii=False), one.entry)


ROUTES: tuple[BaseRoute, ...] = (Route("/events", told),)
