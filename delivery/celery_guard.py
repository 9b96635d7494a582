"""Keeps a Celery worker alive through a restart of Redis, and through what is no message (celery 5.7, kombu 5.7).

After a connection was closed, its transport has no ``client`` any more. A late acknowledgement or a channel's close
then builds a new connection pool from it and fails with ``AttributeError: 'NoneType' object has no attribute
'hostname'``. Celery takes only declared connection errors for a reason to connect again; this one ends the worker's
main process, in about one of four restarts under load. As a ``ConnectionError`` it is handled like all the others.

An acknowledgement that fails, because Redis is away just then, is only logged, and the message still counts as one in
hand. A worker that may have one at a time would then never take another, nor notice that its connection is gone. Here
it counts no longer; Redis gives the message out again, and its event is there already.

An entry of the queue that is no JSON, or no message, ends the main process, too. Here it is dropped, with a line in the
log: it has been taken out of the queue already.
"""

from queue import Empty
from typing import Any

import redis
import structlog
from kombu.transport import virtual
from kombu.transport.redis import Channel, QoS

_original = Channel._connparams
_original_read = Channel._brpop_read
_original_ack = QoS.ack
_log = structlog.get_logger("delivery.celery_guard")


def _connparams(self: Any, asynchronous: bool = False) -> Any:  # noqa: FBT001, FBT002 - as it is in kombu
    if self.connection is None or self.connection.client is None:
        raise redis.ConnectionError("the broker connection has been closed")
    return _original(self, asynchronous)  # type: ignore[no-untyped-call]


def _brpop_read(self: Any, **options: Any) -> Any:
    try:
        return _original_read(self, **options)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        _log.error("no_message", why=f"{type(error).__name__}: an entry of the queue cannot be read, and is dropped")
        raise Empty from None


def _ack(self: Any, delivery_tag: str) -> None:
    try:
        _original_ack(self, delivery_tag)  # type: ignore[no-untyped-call]
    except (redis.RedisError, OSError):
        virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
        raise


def apply() -> None:
    """Put the guards in place; doing it twice is the same as once."""
    QoS.ack = _ack  # type: ignore[method-assign]
    Channel._brpop_read = _brpop_read  # type: ignore[method-assign]
    Channel._connparams = _connparams  # type: ignore[method-assign]
