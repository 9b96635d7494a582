"""Keeps a task with the worker that is at it, however long the report takes.

Redis gives a task to another worker when its visibility timeout has passed. While a report is read, a thread renews
the task's place in the list of unacknowledged ones, and a heartbeat for the watcher. The thread lives in the process
that reads, so that it ends with it.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from delivery.connect import FAULTS
from delivery.lease import Lease

#: Much shorter than the queue's visibility timeout, which it extends.
RENEW_EVERY_S = 2.5
#: How long after its last sign of life a worker is believed to be at a report.
HEARTBEAT_TTL_S = 10.0

_log = structlog.get_logger("worker.lease_renewal")


@contextmanager
def held(lease: Lease) -> Iterator[None]:
    """Hold the lease until the block is left."""
    ended = threading.Event()
    thread = threading.Thread(target=_renew, args=(lease, ended), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=1)


def _renew(lease: Lease, ended: threading.Event) -> None:
    while True:
        try:
            lease.renew(time.time(), HEARTBEAT_TTL_S)
        except FAULTS as error:
            _log.warning("not_renewed", error=str(error))
        if ended.wait(RENEW_EVERY_S):
            return
