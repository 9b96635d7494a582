"""What the queue holds right now, read in one step, so that a hand-over that it has lost can be told from one it has.

The layout is kombu's (kombu/transport/redis.py): a list of messages, and a hash of those that a worker has taken and
not acknowledged yet, each as ``[message, exchange, routing key]``.
"""

import json
from dataclasses import dataclass

import redis

from schemas import names

_QUEUE = names.CELERY_KEY_PREFIX + names.QUEUE
_UNACKED = names.CELERY_KEY_PREFIX + "unacked"


@dataclass(frozen=True)
class Holdings:
    """Ids of tasks (:func:`delivery.queue.task_id`): ``waiting`` in the queue, or ``taken`` by a worker.

    For less than a millisecond on its way from one to the other a task is in neither.
    """

    waiting: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()


def holdings(client: redis.Redis) -> Holdings:
    """Look once. Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away."""
    with client.pipeline(transaction=True) as pipe:
        pipe.lrange(_QUEUE, 0, -1)
        pipe.hvals(_UNACKED)
        waiting, taken = pipe.execute()
    return Holdings(
        frozenset(found for text in waiting if (found := _task_id(text))),
        frozenset(found for text in taken if (found := _task_id(text, wrapped=True))),
    )


def _task_id(text: str, wrapped: bool = False) -> str | None:
    """The id in a message; None for an entry that is no message, which is nobody's hand-over."""
    try:
        message = json.loads(text)
        return str((message[0] if wrapped else message)["headers"]["id"])
    except (ValueError, LookupError, TypeError):
        return None
