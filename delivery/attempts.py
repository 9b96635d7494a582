"""How often a hand-over was begun, what ended it last, and whether someone is at it now.

The count is kept in Redis and raised before the work: a report that kills its process is counted like any other.
"""

from typing import cast

import redis

from schemas import names
from schemas.handover import HandOver

_KEPT_S = 7 * 24 * 3600
_COUNT = "count"
_LAST = "last"


def begin(client: redis.Redis, handover: HandOver) -> int:
    """Count one more attempt; gives its number, from 1."""
    key = _key(handover)
    with client.pipeline() as pipe:
        pipe.hincrby(key, _COUNT, 1)
        pipe.expire(key, _KEPT_S)
        return int(pipe.execute()[0])


def take_back(client: redis.Redis, handover: HandOver) -> None:
    """Let the last attempt not count: something around the report failed, not the report."""
    key = _key(handover)
    with client.pipeline() as pipe:
        pipe.hincrby(key, _COUNT, -1)
        pipe.expire(key, _KEPT_S)
        pipe.execute()


def note(client: redis.Redis, handover: HandOver, ending: str) -> None:
    """Keep how this attempt ended, for the next one or for the failure event."""
    client.hset(_key(handover), _LAST, ending)


def take_note(client: redis.Redis, handover: HandOver) -> str | None:
    """How the attempt before ended, once; None when its process could not tell any more."""
    key = _key(handover)
    with client.pipeline() as pipe:
        pipe.hget(key, _LAST)
        pipe.hdel(key, _LAST)
        return cast("str | None", pipe.execute()[0])


def count(client: redis.Redis, document: str, revision: int, round_: int) -> int:
    """How often the hand-over was begun so far."""
    return int(cast("str | None", client.hget(names.attempts_key(document, revision, round_), _COUNT)) or 0)


def reset(client: redis.Redis, handover: HandOver) -> None:
    """Forget its attempts."""
    client.delete(_key(handover))


def heartbeat(client: redis.Redis, handover: HandOver, ttl_s: float) -> None:
    """Say that someone is at it, for the next ``ttl_s`` seconds."""
    client.set(names.heartbeat_key(handover.id, handover.revision, handover.round), "1", px=int(ttl_s * 1000))


def is_alive(client: redis.Redis, document: str, revision: int, round_: int) -> bool:
    """Whether a worker has said lately that it is at the hand-over."""
    return bool(client.exists(names.heartbeat_key(document, revision, round_)))


def _key(handover: HandOver) -> str:
    return names.attempts_key(handover.id, handover.revision, handover.round)
