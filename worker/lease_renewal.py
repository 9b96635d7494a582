"""Keeps a task with the worker that is at it, however long the report takes.

Redis gives a task to another worker when its visibility timeout has passed. While a report is read, a thread renews
the task's place in the list of unacknowledged ones, and a heartbeat for the watcher. The thread lives in the process
that reads, so that it ends with it; there is one for all the reports that the process reads, one after the other.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import structlog

from delivery.connect import FAULTS
from delivery.lease import Lease

#: Much shorter than the queue's visibility timeout, which it extends.
RENEW_EVERY_S = 2.5
#: How long after its last sign of life a worker is believed to be at a report.
HEARTBEAT_TTL_S = 10.0

_log = structlog.get_logger("worker.lease_renewal")


class Keeper:
    """Renews the lease that is held just now, if one is."""

    def __init__(self) -> None:
        self._lease: Lease | None = None
        self._changed = threading.Condition()
        self._renewing = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def held(self, lease: Lease) -> Iterator[None]:
        """Hold the lease until the block is left."""
        with self._changed:
            self._lease = lease
            self._changed.notify()
        self._start()
        try:
            yield
        finally:
            with self._changed:
                self._lease = None
            # A renewal on its way would come after what is told of the task's end.
            if self._renewing.acquire(timeout=1):
                self._renewing.release()

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():  # as after a fork
            self._thread = threading.Thread(target=self._run, name="lease", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                while (lease := self._lease) is None:
                    self._changed.wait()
            with self._renewing:
                if self._lease is lease:
                    _renew(lease)
            with self._changed:
                if self._lease is lease:
                    self._changed.wait(RENEW_EVERY_S)


def _renew(lease: Lease) -> None:
    try:
        lease.renew(time.time(), HEARTBEAT_TTL_S)
    except FAULTS as error:
        _log.warning("not_renewed", error=str(error))


_keeper = Keeper()


def held(lease: Lease) -> AbstractContextManager[None]:
    """Hold the lease until the block is left, by the one keeper of this process."""
    return _keeper.held(lease)
