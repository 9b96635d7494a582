"""Keeps a Celery worker alive through a restart of Redis, and through what is no hand-over (celery 5.7, kombu 5.7).

After a connection was closed, its transport has no ``client`` any more. A late acknowledgement or a channel's close
then builds a new connection pool from it and fails with ``AttributeError: 'NoneType' object has no attribute
'hostname'``. Celery takes only declared connection errors for a reason to connect again; this one ends the worker's
main process, in about one of four restarts under load. As a ``ConnectionError`` it is handled like all the others.

An acknowledgement that fails, or a giving back, because Redis is away or refuses just then, is only logged, and the message
still counts as one in hand. A worker that may have one at a time would then never take another, nor notice that its connection is gone. Here
it counts no longer; Redis gives the message out again, and its event is there already.

Between two tries to connect again Celery waits two seconds longer each time, up to thirty, and would stand idle for as
long after Redis is back. Here it tries every three seconds at the latest, which a server does not notice.

An entry of the queue that is no hand-over would end the main process, or stay with the worker as one in hand for ever.
Here it is dropped, wherever it turns out to be none: it has been taken out of the queue already, and what was counted or
kept of it is undone. So is one that lies among those that workers have taken, which would stop all giving back.
"""

import re
import warnings
from queue import Empty
from typing import Any, Final

import redis
import structlog
from celery import signals
from celery.exceptions import CPendingDeprecationWarning
from celery.worker.consumer.consumer import CANCEL_TASKS_BY_DEFAULT
from kombu.connection import Connection
from kombu.transport import virtual
from kombu.transport.redis import Channel, QoS, Transport

from delivery import queue_entry
from schemas.events import utc_now

_original = Channel._connparams
_original_read = Channel._brpop_read
_original_ack = QoS.ack
_original_reject = QoS.reject
_original_restore = QoS.restore_by_tag
_original_ensure = Connection.ensure_connection
_original_deliver = virtual.Transport._deliver
#: Seconds before the first try to connect again, how much longer each wait is, and the longest.
_AGAIN_S: Final = {"interval_start": 1, "interval_step": 1, "interval_max": 3}
#: What kombu and Celery fail with over something that they did not write.
_NOT_UNDERSTOOD: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
_log = structlog.get_logger("delivery.celery_guard")


def _connparams(self: Any, asynchronous: bool = False) -> Any:  # noqa: FBT001, FBT002 - as it is in kombu
    if self.connection is None or self.connection.client is None:
        raise redis.ConnectionError("the broker connection has been closed")
    return _original(self, asynchronous)  # type: ignore[no-untyped-call]


def _brpop_read(self: Any, **options: Any) -> Any:
    try:
        return _original_read(self, **options)  # type: ignore[no-untyped-call]
    except _NOT_UNDERSTOOD as error:  # JSON, or bytes, that cannot be parsed
        _dropped(error, f"entry: {type(error).__name__}")
        raise Empty from None


def _deliver(self: Any, message: Any, queue: str) -> None:
    try:
        entry = queue_entry.checked(message, utc_now())
    except queue_entry.NoHandOver as error:
        _dropped(error, str(error))
        return
    try:
        _original_deliver(self, entry, queue)  # type: ignore[no-untyped-call]
    except _NOT_UNDERSTOOD as error:
        _let_go(self, entry["properties"]["delivery_tag"])
        _dropped(error, f"Celery does not take it: {type(error).__name__}")


def _let_go(transport: Any, tag: str) -> None:
    """What failed on its way to a process is in nobody's hand."""
    for channel in transport.channels:
        if tag in channel.qos._delivered:
            channel.basic_reject(tag, requeue=False)


def _restore_by_tag(self: Any, tag: str, *arguments: Any, **options: Any) -> None:
    try:
        _original_restore(self, tag, *arguments, **options)  # type: ignore[no-untyped-call]
    except _NOT_UNDERSTOOD as error:
        self._remove_from_indices(tag).execute()
        _dropped(error, f"taken by a worker, and not to be given back: {type(error).__name__}")


def _dropped(error: Exception, why: str) -> None:
    _log.error("no_hand_over", why=why)
    signals.task_rejected.send(sender=None, message=None, exc=error)


def _ack(self: Any, delivery_tag: str) -> None:
    try:
        _original_ack(self, delivery_tag)  # type: ignore[no-untyped-call]
    except (redis.RedisError, OSError):
        virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
        raise


def _reject(self: Any, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - as it is in kombu
    try:
        _original_reject(self, delivery_tag, requeue)  # type: ignore[no-untyped-call]
    except (redis.RedisError, OSError):
        virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
        raise


def _ensured(self: Any, *arguments: Any, **options: Any) -> Any:
    return _original_ensure(self, *arguments, **(options | _AGAIN_S))  # type: ignore[no-untyped-call]


def keep_quiet() -> None:
    """Let Celery not recommend, each time that Redis is back, to set otherwise what :mod:`delivery.queue` has set on purpose.

    To be called once Celery has set up its log, which lets through every warning of this kind.
    """
    warnings.filterwarnings("ignore", message=re.escape(CANCEL_TASKS_BY_DEFAULT), category=CPendingDeprecationWarning)


def apply() -> None:
    """Put the guards in place; doing it twice is the same as once."""
    QoS.ack = _ack  # type: ignore[method-assign]
    QoS.reject = _reject  # type: ignore[method-assign]
    QoS.restore_by_tag = _restore_by_tag  # type: ignore[method-assign]
    Channel._brpop_read = _brpop_read  # type: ignore[method-assign]
    Channel._connparams = _connparams  # type: ignore[method-assign]
    Connection.ensure_connection = _ensured  # type: ignore[method-assign]
    Transport._deliver = _deliver  # type: ignore[method-assign]
