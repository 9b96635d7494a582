"""How often a hand-over was begun, how that ended, and whether someone is at it now.

Attempts are kept in Redis, one field of a hash for each, and noted before the work: a report that kills its process is
counted like any other. Each attempt has a token, so that a command that reaches Redis twice counts once.
"""

from typing import NamedTuple, cast

import redis

from delivery.connect import names_of
from delivery.settings import ATTEMPTS_TTL_S
from schemas.handover import HandOver
from schemas.names import Names

#: Code of an attempt that took longer than it may, softly or hard.
OUT_OF_TIME = "out_of_time"
#: The same text takes as long the next time; once more, for the machine may have been busy.
_MOST_OUT_OF_TIME = 2
_TROUBLE_S = 30.0
_TROUBLE_CHARS = 1000


class Ending(NamedTuple):
    """``text`` says how an attempt ended, its trace a line a frame below; ``code`` names the limit that it was over, or is ""."""

    text: str
    code: str = ""


def begin(client: redis.Redis, handover: HandOver, token: str, kept_s: int = ATTEMPTS_TTL_S) -> int:
    """Count the attempt ``token``; gives how many have begun, this one included."""
    key = _key(client, handover)
    with client.pipeline() as pipe:
        pipe.hsetnx(key, token, "")
        pipe.expire(key, kept_s)
        pipe.hlen(key)
        return int(pipe.execute()[-1])


def take_back(client: redis.Redis, handover: HandOver, token: str) -> None:
    """Let an attempt not count: something around the report failed, not the report."""
    client.hdel(_key(client, handover), token)


def note(client: redis.Redis, handover: HandOver, token: str, number: int, ending: Ending) -> None:
    """Keep how the attempt ended; ``number`` is what :func:`begin` gave for it."""
    client.hset(_key(client, handover), token, _written(number, ending))


def note_death(client: redis.Redis, handover: HandOver, ending: Ending, kept_s: int = ATTEMPTS_TTL_S) -> None:
    """Keep how the process died that made the newest attempt."""
    number = client.hlen(_key(client, handover))
    key = names_of(client).death_key(handover.id, handover.revision, handover.round)
    client.set(key, _written(number, ending), ex=kept_s)


def ending(client: redis.Redis, handover: HandOver, number: int) -> Ending | None:
    """How attempt ``number`` ended; None when neither its process nor the parent of that could tell."""
    told = cast("list[str]", client.hvals(_key(client, handover)))
    death = cast("str | None", client.get(names_of(client).death_key(handover.id, handover.revision, handover.round)))
    for note_ in (*told, death or ""):
        head, _, text = note_.partition(" ")
        of_number, _, code = head.partition(":")
        if of_number == str(number):
            return Ending(text, code)
    return None


def most(code: str, allowed: int) -> int:
    """How many attempts there are in all of ``allowed``, where the last ended with ``code``.

    >>> most(OUT_OF_TIME, 3), most("", 3), most(OUT_OF_TIME, 1)
    (2, 3, 1)
    """
    return min(allowed, _MOST_OUT_OF_TIME) if code == OUT_OF_TIME else allowed


def _written(number: int, ending: Ending) -> str:
    return f"{number}:{ending.code} {ending.text}" if ending.code else f"{number} {ending.text}"


def count(client: redis.Redis, document: str, revision: int, round_: int) -> int:
    """How often the hand-over was begun so far."""
    return client.hlen(names_of(client).attempts_key(document, revision, round_))


def heartbeat(client: redis.Redis, handover: HandOver, ttl_s: float, of: Names | None = None) -> None:
    """Say that someone is at it, for the next ``ttl_s`` seconds; ``of`` are the names, of a client that does not know."""
    key = (of or names_of(client)).heartbeat_key(handover.id, handover.revision, handover.round)
    client.set(key, "1", px=int(ttl_s * 1000))


def is_alive(client: redis.Redis, document: str, revision: int, round_: int) -> bool:
    """Whether a worker has said lately that it is at the hand-over."""
    return bool(client.exists(names_of(client).heartbeat_key(document, revision, round_)))


def _key(client: redis.Redis, handover: HandOver) -> str:
    return names_of(client).attempts_key(handover.id, handover.revision, handover.round)


def trouble(client: redis.Redis, why: str) -> None:
    """Say what a worker waits for, with a report at hand; forgotten unless it is said again."""
    client.set(names_of(client).trouble_key, why[:_TROUBLE_CHARS], px=int(_TROUBLE_S * 1000))
