"""``zhibiao tail``: results as they arrive."""

import os
import select
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import Thread

import structlog
from pydantic import ValidationError
from rich.text import Text

from delivery import connect, logs, subscribe
from schemas import names
from schemas.events import FailedEvent, ReportEvent
from schemas.visible import visible
from zhibiao import terminal
from zhibiao.exits import BROKEN_PIPE
from zhibiao.running.presence import connected, look
from zhibiao.settings import ServiceSettings
from zhibiao.since import before
from zhibiao.wording import say, told

HEADINGS = ("time", "place", "year", "figures", "file", "title")
WIDTHS = (8, 14, 6, 7, 24)

Event = ReportEvent | FailedEvent

_log = structlog.get_logger("zhibiao.commands.tail")


@dataclass(frozen=True)
class Wanted:
    """Which events to show; None stands for all."""

    failures: bool = False
    region: str | None = None
    period: str | None = None

    def streams(self, of: names.Names) -> tuple[str, ...]:
        """The streams that hold them."""
        return (of.results_stream, of.failures_stream) if self.failures else (of.results_stream,)

    def takes(self, event: Event) -> bool:
        """Whether an event is wanted; a failure has neither region nor period, and is."""
        if isinstance(event, FailedEvent):
            return self.failures
        document = event.data.document
        return self.region in (None, document.region) and self.period in (None, document.period)


def tail(settings: ServiceSettings, wanted: Wanted, from_id: str | None, count: int | None, *, as_json: bool) -> None:
    """Print events from ``from_id`` on, or new ones; ``count`` of them, or without end.

    Raises:
        Failed: there is no Redis.
    """
    logs.configure(settings, "tail")
    after = before(from_id) if from_id else "$"
    found = look(settings, time.time())
    if found.state == "no_watcher" and found.folder.exists():
        terminal.err().print(Text(str(found)))
    with connected(settings, found) as client:
        if from_id is None and terminal.err().is_terminal:
            terminal.err().print(say("tail.waiting"))
        Thread(target=_end_without_a_reader, args=(sys.stdout.fileno(),), daemon=True).start()
        streams = wanted.streams(connect.names_of(client))
        events = _events(subscribe.follow(client, dict.fromkeys(streams, after)), wanted)
        if not as_json:
            print(terminal.columns([say(f"heading.{name}") for name in HEADINGS], WIDTHS), flush=True)
        for text, event in islice(events, count):
            if as_json:
                terminal.print_json(text)
            else:
                print(line(event, _width()), flush=True)


def parse(stream: str, text: str) -> Event:
    """The event in an entry of a stream.

    Raises:
        ValidationError: it is none of a version that this program knows.
    """
    kind = FailedEvent if names.kind_of(stream) == "failures" else ReportEvent
    return kind.model_validate_json(text)


def line(event: Event, limit: int | None = None) -> str:
    """An event as one line for people, at most ``limit`` columns wide."""
    moment, name = f"{_local(event.time):%H:%M:%S}", terminal.shortened(visible(event.subject), WIDTHS[4])
    if isinstance(event, FailedEvent):
        why = visible(f"{event.data.code}: {told(event.data.message.removeprefix(f'{event.subject}: '))}")
        return terminal.columns([moment, say("tail.failed"), "-", "-", name, why], WIDTHS, limit)
    document = event.data.document
    facts = (document.region or "-", document.period or "-", str(len(event.data.metrics)))
    return terminal.columns([moment, *map(visible, facts), name, visible(document.title or "-")], WIDTHS, limit)


def _events(entries: Iterator[tuple[str, str, str]], wanted: Wanted) -> Iterator[tuple[str, Event]]:
    for stream, entry_id, text in entries:
        try:
            event = parse(stream, text)
        except ValidationError:
            _log.warning("unreadable_event", stream=stream, entry=entry_id)
            continue
        if wanted.takes(event):
            yield text, event


def _end_without_a_reader(output: int) -> None:
    # Writing would tell, too, but only at the next event: `zhibiao tail | head -1` would go on until then.
    poll = select.poll()
    poll.register(output, 0)  # a reader that went away is told without being asked for
    poll.poll()
    os._exit(BROKEN_PIPE)


def _local(moment: datetime) -> datetime:
    return moment.astimezone()


def _width() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
