"""Does a worker take what the queue has for it? Asked of the parent process, which takes, by what it sees of its processes."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from celery.worker import state

#: A report is broken off at its hard time limit; a process that is at it for so much longer is at nothing.
_OVERDUE_S = 30.0


class Running(Protocol):
    """A task that a process has begun, as Celery keeps it; ``time_start`` is monotonic."""

    time_start: float | None


@dataclass(frozen=True)
class Seen:
    """One look: tasks ``begun`` so far, and how many processes are at one now."""

    begun: int
    busy: int


def look(hard_limit_s: float, running: Iterable[Running] | None = None) -> Seen:
    """What Celery counts of this worker."""
    now = time.monotonic()
    tasks = list(state.active_requests if running is None else running)
    busy = sum(1 for task in tasks if now - (task.time_start or now) < hard_limit_s + _OVERDUE_S)
    return Seen(state.all_total_count[0], busy)


class AtWork:
    """``length()`` gives how much the queue holds, ``look()`` what the worker did; ``processes`` is how many it has."""

    def __init__(self, length: Callable[[], int], look: Callable[[], Seen], processes: int) -> None:
        self._length = length
        self._look = look
        self._processes = processes
        self._begun = 0
        self._rejected = 0
        self._rejected_before = 0

    def rejected(self) -> None:
        """An entry of the queue was no hand-over: taken, all the same."""
        self._rejected += 1

    def is_well(self) -> bool:
        """Whether, since the last time, something was taken, or nothing could be: an empty queue, or no free process.

        Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away.
        """
        seen = self._look()
        took = seen.begun != self._begun or self._rejected != self._rejected_before
        self._begun, self._rejected_before = seen.begun, self._rejected
        return took or seen.busy >= self._processes or self._length() == 0
