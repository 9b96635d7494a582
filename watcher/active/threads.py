"""The threads of the active watcher, by their names: they wake each other, and rest while Redis is another service's."""

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Final, Literal

from delivery.backoff import Backoff
from delivery.connect import UNREACHABLE
from watcher.running import claim
from watcher.running.alarms import Alarms
from watcher.running.repeating import RepeatingThread

#: As they stand in what the watcher says of its health.
ThreadName = Literal["queue", "outcomes", "filing", "asking", "restoring", "files"]
#: Whose the names are is asked by this one, before each of its passes; the others go by that.
CLAIMING: Final[ThreadName] = "queue"

#: From the end of a pass to the next: a new file shall be handed over soon.
HOLD_S = 0.02
STOP_S = 20.0
REDIS_BACKOFF = Backoff(first_s=0.2, cap_s=5.0)
EXPECTED = (*UNREACHABLE, sqlite3.OperationalError)


class Threads:
    """Each does its work again and again; all of them are added before they start."""

    def __init__(self, claimed: claim.Claim, alarms: Alarms) -> None:
        self._claim = claimed
        self._alarms = alarms
        self._threads: dict[ThreadName, RepeatingThread] = {}

    def add(
        self,
        name: ThreadName,
        work: Callable[[], float],
        backoff: Backoff = REDIS_BACKOFF,
        hold_s: float | Callable[[], float] = HOLD_S,
    ) -> None:
        """One more, for ``work``, which gives the seconds until its next pass."""
        as_owner = partial(self._as_owner, name, work)
        self._threads[name] = RepeatingThread(
            name, as_owner, self._alarms, time.monotonic, EXPECTED, backoff, hold_s=hold_s
        )

    def wake(self, *names: ThreadName) -> None:
        """There is something to do for these."""
        for name in names:
            self._threads[name].wake()

    def ages_s(self) -> dict[str, float]:
        """Seconds since each one's last sign of life; endless where it has ended."""
        return {name: thread.age_s() for name, thread in self._threads.items()}

    def start(self) -> None:
        """Begin."""
        for thread in self._threads.values():
            thread.start()

    def stop(self) -> None:
        """Wait for the present pass of each, but not for ever; they need not have been started."""
        for thread in self._threads.values():
            thread.stop()
        for thread in self._threads.values():
            thread.join(STOP_S)

    def _as_owner(self, name: ThreadName, work: Callable[[], float]) -> float:
        if name == CLAIMING:
            self._claim.renew()
        return work() if self._claim.is_held() else claim.AGAIN_S
