"""Reading the stream of steps of files: the last ones, and what comes after an entry."""

from typing import Any, cast

import redis
from pydantic import ValidationError

from delivery.connect import names_of
from schemas import names
from schemas.events import FileStep

#: An entry of a stream, and the step in it.
Entry = tuple[str, FileStep]

_Entries = list[tuple[str, dict[str, str]]]


def last_steps(client: redis.Redis, count: int) -> tuple[str, list[Entry]]:
    """The stream's last entry, ``"0-0"`` where it has none, and its last ``count`` steps, oldest first.

    Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away.
    """
    entries = cast("_Entries", client.xrevrange(names_of(client).files_stream, count=count))
    return (entries[0][0] if entries else "0-0"), _steps(entries[::-1])


def steps_after(client: redis.Redis, after: str, count: int = 1000) -> tuple[str, list[Entry]]:
    """The last entry that was looked at, and the steps after entry ``after`` up to it, oldest first; waits for none."""
    entries = cast("_Entries", client.xrange(names_of(client).files_stream, f"({after}", count=count))
    return (entries[-1][0] if entries else after), _steps(entries)


def wait_for_steps(client: redis.Redis, after: str, block_s: float, count: int = 1000) -> tuple[str, list[Entry]]:
    """The same, waiting up to ``block_s`` seconds, less than the client's own limit, where there is none yet."""
    reply: Any = client.xread({names_of(client).files_stream: after}, count=count, block=int(block_s * 1000))
    streams = reply.items() if isinstance(reply, dict) else reply or ()
    entries: _Entries = [entry for _stream, found in streams for entry in found]
    return (entries[-1][0] if entries else after), _steps(entries)


def is_gone(client: redis.Redis, entry_id: str) -> bool:
    """Whether the stream begins after an entry that somebody knows, so that steps in between may be missing."""
    if _order(entry_id) == (0, 0):
        return False
    first = cast("_Entries", client.xrange(names_of(client).files_stream, count=1))
    return not first or _order(first[0][0]) > _order(entry_id)


def _steps(entries: _Entries) -> list[Entry]:
    """Those that are steps; what somebody else has put there is passed by."""
    found = []
    for entry_id, fields in entries:
        try:
            found.append((entry_id, FileStep.model_validate_json(fields.get(names.EVENT_FIELD, ""))))
        except ValidationError:
            continue
    return found


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)
