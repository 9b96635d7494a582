"""``zhibiao replay``: events again, for consumers that were away."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import cast

from pydantic import ValidationError

from delivery import logs, subscribe
from delivery.connect import Client
from delivery.publish import Publisher
from schemas import names
from schemas.events import FailedEvent, ReportEvent
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao import terminal
from zhibiao.archive import Archived, archived
from zhibiao.place import connected
from zhibiao.tail import Event, parse

BATCH = 100
#: Takes an event and its JSON.
Send = Callable[[Event, str], None]


@dataclass
class Tally:
    """How many events were sent again, restored in Redis, and left out because they could not be read."""

    sent: int = 0
    restored: int = 0
    unreadable: int = 0


def replay(watcher: WatcherSettings, worker: WorkerSettings, from_id: str, print_only: bool, as_json: bool) -> None:
    """Send, or only print, what came at ``from_id`` or later; restore what Redis has lost.

    Raises:
        Failed: there is no Redis, or it went away; the same call begins again.
    """
    logs.configure(watcher, "replay")
    tally = Tally()
    with connected(watcher) as client:
        publisher = Publisher(client, report_ttl_s=worker.report_ttl_s, results_maxlen=worker.results_maxlen)
        send = _print if print_only else _publisher(client)
        ends = {stream: _last(client, stream) for stream in (names.RESULTS_STREAM, names.FAILURES_STREAM)}
        lost = _send_trimmed(client, publisher, watcher, from_id, send, tally)
        for stream, end in ends.items():
            _send_stream(client, stream, from_id, end, send, tally)
        for report in sorted(lost, key=lambda report: report.time):
            event = _read(report, tally)
            if event and print_only:
                send(event, event.to_json())
            elif event:
                tally.restored += publisher.report(event).fresh
    if not print_only:
        _tell(tally, as_json)
    elif tally.unreadable:
        print(f"{tally.unreadable} events cannot be read and were left out", file=sys.stderr)


def _send_trimmed(
    client: Client, publisher: Publisher, settings: WatcherSettings, from_id: str, send: Send, tally: Tally
) -> list[Archived]:
    """Send what the stream no longer holds and the archive does; gives the reports that Redis has lost altogether."""
    lost = []
    for report in archived(settings):
        entry = publisher.entry(report.event_id)
        if entry is None:
            lost.append(report)
            continue
        is_wanted = _order(entry) >= _order(from_id)
        if is_wanted and subscribe.read_event(client, names.RESULTS_STREAM, entry) is None:
            _send_archived(report, _moment(entry), send, tally)
    return lost


def _send_archived(report: Archived, moment: datetime, send: Send, tally: Tally) -> None:
    if event := _read(report, tally):
        event = event.model_copy(update={"time": moment})
        send(event, event.to_json())
        tally.sent += 1


def _read(report: Archived, tally: Tally) -> ReportEvent | None:
    """The archived event, unless it was taken out of the archive or changed there."""
    try:
        return report.event()
    except (OSError, ValueError):
        tally.unreadable += 1
        return None


def _send_stream(client: Client, stream: str, from_id: str, end: str | None, send: Send, tally: Tally) -> None:
    for text in _entries(client, stream, from_id, end):
        try:
            event = parse(stream, text)
        except ValidationError:
            tally.unreadable += 1
            continue
        send(event, text)
        tally.sent += 1


def _entries(client: Client, stream: str, from_id: str, end: str | None) -> Iterator[str]:
    start = from_id
    while end:
        batch = cast("list[tuple[str, dict[str, str]]]", client.xrange(stream, start, end, count=BATCH))
        yield from (fields.get(names.EVENT_FIELD, "") for _entry_id, fields in batch)
        if len(batch) < BATCH:
            return
        start = f"({batch[-1][0]}"


def _last(client: Client, stream: str) -> str | None:
    entries = cast("list[tuple[str, dict[str, str]]]", client.xrevrange(stream, count=1))
    return entries[0][0] if entries else None


def _publisher(client: Client) -> Send:
    def send(event: Event, text: str) -> None:
        channels = (names.FAILURES_CHANNEL,) if isinstance(event, FailedEvent) else event.channels()
        with client.pipeline(transaction=True) as pipe:
            for channel in channels:
                pipe.publish(channel, text)
            pipe.execute()

    return send


def _print(_event: Event, text: str) -> None:
    terminal.print_json(text)


def _tell(tally: Tally, as_json: bool) -> None:
    if as_json:
        terminal.print_json(json.dumps(asdict(tally)))
        return
    print(f"{tally.sent} sent again, {tally.restored} restored")
    if tally.unreadable:
        print(f"{tally.unreadable} events cannot be read and were left out", file=sys.stderr)


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, sequence = entry_id.split("-")
    return int(milliseconds), int(sequence)


def _moment(entry_id: str) -> datetime:
    return datetime.fromtimestamp(_order(entry_id)[0] / 1000, UTC)
