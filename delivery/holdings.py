"""What the queue holds right now, read in one step, so that a hand-over that it has lost can be told from one it has.

The layout is kombu's (kombu/transport/redis.py): a list of messages, and a hash of those that a worker has taken and
not acknowledged yet, each as ``[message, exchange, routing key]``.
"""

import json
from dataclasses import dataclass
from typing import cast

import redis

from delivery.connect import names_of


@dataclass(frozen=True)
class Holdings:
    """Ids of tasks (:func:`delivery.queue.task_id`): ``waiting`` in the queue, or ``taken`` by a worker.

    For less than a millisecond on its way from one to the other a task is in neither.
    """

    waiting: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()


def holdings(client: redis.Redis) -> Holdings:
    """Look once. Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away."""
    names = names_of(client)
    with client.pipeline(transaction=True) as pipe:
        pipe.lrange(names.queue_key, 0, -1)
        pipe.hvals(names.unacked_key)
        waiting, taken = pipe.execute()
    return Holdings(
        frozenset(found for text in waiting if (found := _task_id(text))),
        frozenset(found for text in taken if (found := _task_id(text, wrapped=True))),
    )


@dataclass(frozen=True)
class Turn:
    """How far the queue has come: how much ``waits``, what is ``next``, and the last sign of life of any worker.

    Where two looks differ in the last two, a worker has taken something, or is at something. ``trouble`` is what keeps
    a worker from ending what it is at.
    """

    waits: int
    next: tuple[str, ...]
    sign: tuple[str, ...]
    trouble: str | None = None


def turn(client: redis.Redis) -> Turn:
    """Look once, cheaply. Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away."""
    names = names_of(client)
    with client.pipeline(transaction=True) as pipe:
        pipe.llen(names.queue_key)
        pipe.lrange(names.queue_key, -1, -1)
        pipe.zrange(names.unacked_index_key, -1, -1, withscores=True)
        pipe.get(names.trouble_key)
        waits, next_, newest, trouble = pipe.execute()
    return Turn(waits, tuple(next_), tuple(map(str, newest)), trouble)


def take_from_worker(client: redis.Redis, task: str) -> None:
    """Take a task from the worker that has taken it, so that the queue will not give it to another one, too.

    A worker that is alive after all may finish it; its acknowledgement finds nothing. Raises one of
    :data:`delivery.connect.UNREACHABLE` when Redis is away.
    """
    names = names_of(client)
    taken = cast("dict[str, str]", client.hgetall(names.unacked_key))
    deliveries = [tag for tag, text in taken.items() if _task_id(text, wrapped=True) == task]
    if deliveries:
        with client.pipeline(transaction=True) as pipe:
            pipe.hdel(names.unacked_key, *deliveries)
            pipe.zrem(names.unacked_index_key, *deliveries)
            pipe.execute()


def _task_id(text: str, *, wrapped: bool = False) -> str | None:
    """The id in a message; None for an entry that is no message, which is nobody's hand-over."""
    try:
        message = json.loads(text)
        return str((message[0] if wrapped else message)["headers"]["id"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
