"""``/stream``: what was published last, who takes it and how far they are, and how to take it oneself."""

import json
import shlex
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from delivery import stream_state
from delivery.connect import FAULTS, Client, connect_briefly, names_of, redacted
from page.rendering import page_of
from page.service import Service
from schemas.names import Names

SHOWN = 12
_READ_S = 5.0


@dataclass(frozen=True)
class Event:
    """An entry of a stream in one line; ``figures`` is None for a failure, ``href`` empty where there is no report."""

    entry: str
    kind: str
    subject: str
    time: datetime
    size: int
    figures: int | None = None
    code: str = ""
    href: str = ""


@dataclass(frozen=True)
class Stream:
    """A stream with what it holds last."""

    name: str
    length: int
    groups: tuple[stream_state.Group, ...]
    events: tuple[Event, ...]


def show(request: Request) -> Response:
    """The room; without Redis it says so."""
    service: Service = request.app.state.service
    streams, commands = service.fresh("streams", lambda: _look(service))
    return page_of(request, "stream.html", streams=streams, commands=commands, is_away=not streams)


def _look(service: Service) -> tuple[list[Stream], tuple[tuple[str, str], ...]]:
    url = service.find_redis()
    if url is None:
        return [], ()
    try:
        with connect_briefly(url, _READ_S, service.settings.site) as client:
            names = names_of(client)
            streams = [_stream(client, name) for name in (names.results_stream, names.failures_stream)]
    except FAULTS:
        return [], ()
    return streams, _commands(url, names.results_stream, names)


def _stream(client: Client, name: str) -> Stream:
    events = [_event(entry, text) for entry, text in stream_state.last_events(client, name, SHOWN)]
    groups = stream_state.groups_of(client, name)
    return Stream(name, stream_state.length_of(client, name), tuple(groups), tuple(filter(None, events)))


def _event(entry: str, text: str) -> Event | None:
    """None for what is none of our events."""
    try:
        event = json.loads(text)
        data, time = event["data"], datetime.fromisoformat(event["time"])
        figures = len(data["metrics"]) if "metrics" in data else None
        href = f"/r/{data['id']}/{data['revision']}" if figures is not None else ""
        return Event(
            entry, str(event["type"]), str(event["subject"]), time, len(text), figures, str(data.get("code", "")), href
        )
    except (ValueError, KeyError, TypeError):
        return None


def _commands(url: str, stream: str, names: Names) -> tuple[tuple[str, str], ...]:
    """What to type to take part, by the key of the sentence that says what it does."""
    shown = redacted(url)
    where = ["-s", unquote(urlsplit(url).path)] if url.startswith("unix://") else ["-u", shown]
    redis_cli = ["redis-cli", *where]
    typed = {
        "stream.make_group": [*redis_cli, "XGROUP", "CREATE", stream, "mine", "0", "MKSTREAM"],
        "stream.read_group": [
            *redis_cli, "XREADGROUP", "GROUP", "mine", "me", "COUNT", "10", "BLOCK", "5000", "STREAMS", stream, ">",
        ],
        "stream.acknowledge": [*redis_cli, "XACK", stream, "mine", "ID"],
        "stream.subscribe": [*redis_cli, "SUBSCRIBE", names.results_channel],
    }  # fmt: skip
    return tuple((key, shlex.join(words)) for key, words in typed.items())


ROUTES: tuple[BaseRoute, ...] = (Route("/stream", show),)
