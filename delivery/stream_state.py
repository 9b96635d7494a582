"""A stream as those see it who keep an eye on it: its last events, and how far each group of consumers has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import redis

from schemas import names


@dataclass(frozen=True)
class Group:
    """A group of consumers; ``pending`` were taken and not acknowledged, ``lag`` are to be taken, None where unknown."""

    name: str
    consumers: int
    pending: int
    lag: int | None
    last: str


def groups_of(client: redis.Redis, stream: str) -> list[Group]:
    """The groups of a stream; none where there is no such stream.

    Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away.
    """
    if not client.exists(stream):
        return []
    found: list[dict[str, Any]] = client.xinfo_groups(stream)
    return [
        Group(str(one["name"]), one["consumers"], one["pending"], one.get("lag"), str(one["last-delivered-id"]))
        for one in found
    ]


def last_events(client: redis.Redis, stream: str, count: int) -> Iterator[tuple[str, str]]:
    """The last entries with their events' JSON, the last first; what somebody else has put there is left out.

    One at a time, because an event may be large and whoever looks keeps little of it.
    """
    before = "+"
    for _ in range(count):
        entries = cast("list[tuple[str, dict[str, str]]]", client.xrevrange(stream, max=before, count=1))
        if not entries:
            return
        entry, fields = entries[0]
        if names.EVENT_FIELD in fields:
            yield entry, fields[names.EVENT_FIELD]
        before = f"({entry}"


def length_of(client: redis.Redis, stream: str) -> int:
    """How many entries a stream has."""
    return int(client.xlen(stream))
