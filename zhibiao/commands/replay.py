"""``zhibiao replay``: events again, for consumers that were away."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import cast

import click
from pydantic import ValidationError

from delivery import logs, subscribe
from delivery.connect import Client, names_of
from delivery.owner import other_than
from delivery.publish import Publisher
from schemas import names
from schemas.events import FailedEvent
from schemas.paths import to_wire
from schemas.visible import visible
from watcher.filing.sidecars import is_event_of, published_at, stream_of
from watcher.ledger.rows import FileRow
from watcher.restoring.event_archive import Archive
from watcher.running import identity
from watcher.running.damage import FILE_NAME
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao import terminal
from zhibiao.commands.tail import Event, parse
from zhibiao.exits import FAILURE, Failed
from zhibiao.running.presence import connected
from zhibiao.running.redis_address import find_redis
from zhibiao.wording import fault, say, told

BATCH = 100
#: Takes an event and its JSON.
Send = Callable[[Event, str], None]


@dataclass(frozen=True)
class Unread:
    """An event that could not be read: the report's path below the inbox, where its file lies, and why."""

    path: str | None
    place: str | None
    why: str

    def __str__(self) -> str:
        return f"{self.place or self.path or 'stream'}: {self.why}"


@dataclass
class Tally:
    """How many events were sent again and restored in Redis, and which were left out because they could not be read."""

    sent: int = 0
    restored: int = 0
    unread: list["Unread"] = field(default_factory=list)


def replay(watcher: WatcherSettings, worker: WorkerSettings, from_id: str, *, print_only: bool, as_json: bool) -> None:
    """Send, or only print, what came at ``from_id`` or later; restore what Redis has lost.

    Raises:
        Failed: there is no Redis, it is another service's, or it went away; the same call begins again.
        click.exceptions.Exit: an event could not be read.
    """
    logs.configure(watcher, "replay")
    tally = Tally()
    with connected(watcher) as client, _archive(watcher) as archive:
        if archive and (other := other_than(client, identity.known_id(watcher.state))):
            raise Failed(
                say("why_not.nothing_sent", why=told(identity.in_words(other, watcher.site, find_redis(watcher) or "")))
            )
        publisher = Publisher(
            client,
            report_ttl_s=worker.report_ttl_s,
            results_maxlen=worker.results_maxlen,
            done_ttl_s=worker.done_ttl_s,
        )
        send = _print if print_only else _publisher(client)
        streams = (names_of(client).results_stream, names_of(client).failures_stream)
        ends = {stream: _last(client, stream) for stream in streams}
        let_go = time.time() - (worker.done_ttl_s or float("inf"))
        lost = _send_trimmed(client, publisher, archive, from_id, send, tally, let_go) if archive else []
        withdrawn = archive.taken_back() if archive else frozenset()
        for stream, end in ends.items():
            _send_stream(client, stream, from_id, end, send, tally, withdrawn)
        for row in sorted(lost, key=published_at):
            event = _read(archive, row, tally) if archive else None
            if event and print_only:
                send(event, event.to_json())
            elif event and archive:
                tally.restored += _restore(publisher, event, archive, row)
    if not print_only:
        _tell(tally, as_json=as_json)
    if tally.unread:
        for one in () if as_json and not print_only else tally.unread:
            print(visible(str(one)), file=sys.stderr)
        print(say("replay.unread", count=len(tally.unread)), file=sys.stderr)
        raise click.exceptions.Exit(FAILURE)


def _restore(publisher: Publisher, event: Event, archive: Archive, row: FileRow) -> bool:
    if isinstance(event, FailedEvent):
        return publisher.failure(event).fresh
    return publisher.report(event, reading=archive.reading(row)).fresh


def _archive(settings: WatcherSettings) -> AbstractContextManager[Archive | None]:
    """None where there has never been a watcher."""
    return Archive.opened(settings) if (settings.state / FILE_NAME).exists() else nullcontext()


def _send_trimmed(
    client: Client,
    publisher: Publisher,
    archive: Archive,
    from_id: str,
    send: Send,
    tally: Tally,
    let_go_before: float = float("-inf"),
) -> list[FileRow]:
    """Send what the streams no longer hold and the archive does; gives the rows whose event Redis has lost altogether."""
    lost = []
    for row in archive.rows():
        entry = publisher.entry(row.event_id or "")
        if entry is None and not _is_let_go(client, row, let_go_before):
            lost.append(row)
            continue
        entry = entry or row.entry_id or ""
        is_wanted = _order(entry) >= _order(from_id)
        if is_wanted and subscribe.read_event(client, names_of(client).stream(stream_of(row)), entry) is None:
            _send_archived(archive, row, _moment(entry), send, tally, names_of(client).source)
    return lost


def _is_let_go(client: Client, row: FileRow, let_go_before: float) -> bool:
    """Whether it is only its age (``ZHIBIAO_DONE_TTL_S``) for which Redis does not know that an event was published."""
    if row.entry_id is None:
        return False
    event = subscribe.read_event(client, names_of(client).stream(stream_of(row)), row.entry_id)
    return row.changed_at < let_go_before or (event is not None and is_event_of(row, event))


def _send_archived(archive: Archive, row: FileRow, moment: datetime, send: Send, tally: Tally, source: str) -> None:
    if event := _read(archive, row, tally):
        event = event.model_copy(update={"time": moment, "source": source})
        send(event, event.to_json())
        tally.sent += 1


def _read(archive: Archive, row: FileRow, tally: Tally) -> Event | None:
    """The archived event, unless it was taken out of the archive or changed there."""
    try:
        return archive.event(row)
    except (OSError, ValueError) as error:
        why = fault(error) if isinstance(error, OSError) else str(error)
        place = f"{row.folder}/{to_wire(row.target)}" if row.folder and row.target else None
        tally.unread.append(Unread(row.path, place, f"{why}; {_advice(archive, row)}"))
        return None


def _advice(archive: Archive, row: FileRow) -> str:
    if newer := archive.replaced_by(row):
        what = f"revision {newer.revision}" if newer.revision else "other content"
        return f"{what} has replaced it, so it is not read again; `zhibiao extract` shows what a file holds"
    if row.state == "quarantined":
        return "`zhibiao retry` reads it again"
    return f"put a copy of the file into the inbox as {row.path}, and it is read again, without a second event"


def _send_stream(
    client: Client, stream: str, from_id: str, end: str | None, send: Send, tally: Tally, withdrawn: frozenset[str]
) -> None:
    for entry_id, text in _entries(client, stream, from_id, end):
        try:
            event = parse(stream, text)
        except ValidationError as error:
            tally.unread.append(Unread(None, None, f"{entry_id} of {stream} is no event: {error.errors()[0]['msg']}"))
            continue
        if event.id in withdrawn:
            continue  # rung again, it would hold again for who does not remember it
        send(event, text)
        tally.sent += 1


def _entries(client: Client, stream: str, from_id: str, end: str | None) -> Iterator[tuple[str, str]]:
    start = from_id
    while end:
        batch = cast("list[tuple[str, dict[str, str]]]", client.xrange(stream, start, end, count=BATCH))
        yield from ((entry_id, fields.get(names.EVENT_FIELD, "")) for entry_id, fields in batch)
        if len(batch) < BATCH:
            return
        start = f"({batch[-1][0]}"


def _last(client: Client, stream: str) -> str | None:
    entries = cast("list[tuple[str, dict[str, str]]]", client.xrevrange(stream, count=1))
    return entries[0][0] if entries else None


def _publisher(client: Client) -> Send:
    def send(event: Event, text: str) -> None:
        of = names_of(client)
        channels = (of.failures_channel,) if isinstance(event, FailedEvent) else event.channels(of)
        with client.pipeline(transaction=True) as pipe:
            for channel in channels:
                pipe.publish(channel, text)
            pipe.execute()

    return send


def _print(_event: Event, text: str) -> None:
    terminal.print_json(text)


def _tell(tally: Tally, *, as_json: bool) -> None:
    if as_json:
        counts = {"sent": tally.sent, "restored": tally.restored, "unreadable": len(tally.unread)}
        unread = [asdict(one) for one in tally.unread]
        terminal.print_json(json.dumps({**counts, "unread": unread}, ensure_ascii=False))
        return
    print(say("replay.done", sent=tally.sent, restored=tally.restored))


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, sequence = entry_id.split("-")
    return int(milliseconds), int(sequence)


def _moment(entry_id: str) -> datetime:
    return datetime.fromtimestamp(_order(entry_id)[0] / 1000, UTC)
