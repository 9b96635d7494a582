"""Keeps a Celery worker alive through a restart of Redis (celery 5.7, kombu 5.7).

After a connection was closed, its transport has no ``client`` any more. A late acknowledgement or a channel's close
then builds a new connection pool from it and fails with ``AttributeError: 'NoneType' object has no attribute
'hostname'``. Celery takes only declared connection errors for a reason to connect again; this one ends the worker's
main process, in about one of four restarts under load. As a ``ConnectionError`` it is handled like all the others.
"""

from typing import Any

import redis
from kombu.transport.redis import Channel

_original = Channel._connparams


def _connparams(self: Any, asynchronous: bool = False) -> Any:
    if self.connection is None or self.connection.client is None:
        raise redis.ConnectionError("the broker connection has been closed")
    return _original(self, asynchronous)  # type: ignore[no-untyped-call]


def apply() -> None:
    """Put the guard in place; doing it twice is the same as once."""
    Channel._connparams = _connparams  # type: ignore[method-assign]
