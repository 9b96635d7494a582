"""Reading what was published: streams, which are complete, and channels, which are only live."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import redis
import structlog
from pydantic import ValidationError

from delivery.backoff import Backoff
from delivery.connect import UNREACHABLE, names_of
from schemas import names
from schemas.handover import Outcome

# A blocking read must end before the client's own read timeout does.
_LONGEST_BLOCK_S = 5.0
# A failure has a message and a trace; a thousand times as much is no outcome.
_MOST_OUTCOME_CHARS = 1_000_000
_LONG_NUMBER = 20
_RECONNECT = Backoff(first_s=0.2, cap_s=5.0)

_log = structlog.get_logger("delivery.subscribe")

#: Takes a stream and how many of its events are gone unread; None where that is not known, and may be none.
OnGap = Callable[[str, int | None], None]


def read_outcomes(
    client: redis.Redis, after: str, block_s: float, count: int = 100
) -> list[tuple[str, Outcome | None]]:
    """Outcomes with their entry ids, oldest first: those after entry ``after``, ``"0"`` for all that are kept.

    None stands for an entry that is no outcome, so that it is passed by once and for all. Waits up to ``block_s``
    seconds (at most five) when there is none. Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away.
    """
    entries = _read(client, {names_of(client).outcomes_stream: after}, block_s, count)
    return [(entry_id, _outcome(entry_id, fields)) for _, entry_id, fields in entries]


def read_event(client: redis.Redis, stream: str, entry_id: str) -> str | None:
    """The event's JSON in one entry of a stream, empty where somebody else's has none; None when the entry is gone."""
    return _event_in(client.xrange(stream, entry_id, entry_id))


def _event_in(entries: Any) -> str | None:
    found = cast("list[tuple[str, dict[str, str]]]", entries)
    return found[0][1].get(names.EVENT_FIELD, "") if found else None


def read_published(
    client: redis.Redis, wanted: Sequence[tuple[str, str, str]]
) -> list[tuple[str | None, bytes | None]]:
    """Events with the packed readings beside them, in one go: those of (stream, entry id, key of the reading).

    Each is what :func:`read_event` gives, and the key's bytes, None where there are none. Raises one of
    :data:`delivery.connect.FAULTS`.
    """
    with client.pipeline(transaction=False) as pipe:
        for stream, entry_id, key in wanted:
            pipe.xrange(stream, entry_id, entry_id)
            pipe.execute_command("GET", key, NEVER_DECODE=True)  # type: ignore[no-untyped-call]
        found = pipe.execute()
    return [(_event_in(entries), packed) for entries, packed in zip(found[::2], found[1::2], strict=True)]


def warn_of_gap(stream: str, missing: int | None) -> None:
    """Log that a stream was trimmed before it was read."""
    _log.warning("gap", stream=stream, missing=missing, why="the stream was trimmed before these events were read")


def follow(
    client: redis.Redis, streams: Mapping[str, str], block_s: float = 5.0, on_gap: OnGap = warn_of_gap
) -> Iterator[tuple[str, str, str]]:
    """Events as (stream, entry id, JSON), without end: what is there after the given entries, then what comes.

    ``streams`` names for each stream the last entry that is known: ``"0"`` for none, ``"$"`` for whatever is last
    now. Goes on where it was after Redis was away. ``on_gap`` is called before the event behind a gap.
    """
    known: dict[str, str] = {}
    numbers: dict[str, int | None] = {}
    failures = 0
    while True:
        try:
            for stream, last in streams.items():
                if stream not in known:
                    entry_id = last_entry(client, stream) if last == "$" else last
                    numbers[stream] = number_at(client, stream, entry_id)
                    if numbers[stream] is None and begins_after(client, stream, entry_id):
                        on_gap(stream, None)
                    known[stream] = entry_id
            entries = _read(client, known, block_s, 100)
        except UNREACHABLE as error:
            failures = _wait(failures, error)
            continue
        failures = 0
        for stream, entry_id, fields in entries:
            before, number = numbers[stream], counted(fields)
            if before is not None and number > before + 1:
                on_gap(stream, number - before - 1)
            # Counted from 1 again after a loss: what was there is published anew.
            known[stream], numbers[stream] = entry_id, number or None
            if names.EVENT_FIELD in fields:
                yield stream, entry_id, fields[names.EVENT_FIELD]


def listen(
    client: redis.Redis, channels: Sequence[str] = (), patterns: Sequence[str] = ()
) -> Iterator[tuple[str, str]]:
    """Messages as (channel, text), without end; subscribes again after Redis was away.

    What is published in the meantime, or while the reader is too slow, is lost: the streams are the record.
    """
    with client.pubsub(ignore_subscribe_messages=True) as pubsub:  # type: ignore[no-untyped-call]
        failures = 0
        is_subscribed = False
        while True:
            try:
                if not is_subscribed:
                    _subscribe(pubsub, channels, patterns)
                    is_subscribed = True
                message = pubsub.get_message(timeout=_LONGEST_BLOCK_S)
            except UNREACHABLE as error:
                failures = _wait(failures, error)
                continue
            failures = 0
            if message:
                yield message["channel"], message["data"]


def _subscribe(pubsub: Any, channels: Sequence[str], patterns: Sequence[str]) -> None:
    if channels:
        pubsub.subscribe(*channels)
    if patterns:
        pubsub.psubscribe(*patterns)


def _read(
    client: redis.Redis, after: Mapping[str, str], block_s: float, count: int
) -> list[tuple[str, str, dict[str, str]]]:
    block_ms = int(min(block_s, _LONGEST_BLOCK_S) * 1000) or None  # BLOCK 0 would mean for ever
    wanted: Any = dict(after)
    reply: Any = client.xread(wanted, count=count, block=block_ms)
    streams = reply.items() if isinstance(reply, dict) else reply or ()
    return [(stream, entry_id, fields) for stream, entries in streams for entry_id, fields in entries]


def number_at(client: redis.Redis, stream: str, entry_id: str) -> int | None:
    """The number of an entry, 0 of the one before the first; None where it is gone, or of a time without numbers."""
    if _order(entry_id) == (0, 0):
        return 0
    entries = cast("list[tuple[str, dict[str, str]]]", client.xrange(stream, entry_id, entry_id))
    return counted(entries[0][1]) or None if entries else None


def counted(fields: Mapping[str, str]) -> int:
    """The number of an entry, 0 where it has none, or none of ours."""
    text = fields.get(names.NUMBER_FIELD, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONG_NUMBER else 0


def begins_after(client: redis.Redis, stream: str, entry_id: str) -> bool:
    """Whether a stream was trimmed past an entry."""
    first = cast("list[tuple[str, dict[str, str]]]", client.xrange(stream, count=1))
    if not first or counted(first[0][1]) <= 1:
        return False
    return _order(first[0][0]) > _order(entry_id)


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)


def last_entry(client: redis.Redis, stream: str) -> str:
    """The id of a stream's newest entry, ``"0"`` where it has none."""
    entries: Any = client.xrevrange(stream, count=1)
    return str(entries[0][0]) if entries else "0"


def _outcome(entry_id: str, fields: Mapping[str, str]) -> Outcome | None:
    text = fields.get(names.EVENT_FIELD, "")
    try:
        if len(text) > _MOST_OUTCOME_CHARS:
            raise ValueError(f"{len(text)} characters, of at most {_MOST_OUTCOME_CHARS}")
        outcome = Outcome.model_validate_json(text)
        beside = {
            name: fields[field] for field, name in (("entry", "entry_id"), ("event", "event_id")) if field in fields
        }
        return Outcome.model_validate({**dict(outcome), **beside}) if beside else outcome
    except ValidationError as error:
        why = "; ".join(f"{'.'.join(map(str, row['loc']))[:50]}: {row['type']}" for row in error.errors()[:5])
    except ValueError as error:
        why = str(error)
    _log.error("odd_outcome", entry=entry_id, why=why)
    return None


def _wait(failures: int, error: Exception) -> int:
    if failures == 0:
        _log.warning("redis_away", error=str(error))
    time.sleep(_RECONNECT.wait_s(failures + 1, jitter=0))
    return failures + 1
