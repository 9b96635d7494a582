"""Keeps an observer on the inbox: through the ends of its threads, and through the inbox's own."""

import os

from watcher.running.alarms import Alarms
from watcher.seeing.inflow import Inflow
from watcher.seeing.observe import Observer, observe

REARM_AFTER_S = 30.0


class InboxWatch:
    """To be looked after about once a second; times are of the monotonic clock."""

    def __init__(self, inbox: bytes, inflow: Inflow, alarms: Alarms) -> None:
        self._inbox = inbox
        self._inflow = inflow
        self._alarms = alarms
        self._observer: Observer | None = None
        self._identity: tuple[int, int] | None = None
        self._observe_after = 0.0

    @property
    def is_available(self) -> bool:
        """Whether the inbox was there at the last look."""
        return self._identity is not None

    def misses_events(self) -> bool:
        """Whether some or all folders have to be walked instead."""
        return self._observer is None or self._observer.unwatched() > 0

    def unwatched(self) -> int:
        """How many folders could not be watched."""
        return self._observer.unwatched() if self._observer else 0

    def keep(self, now: float) -> bool:
        """See to it that the inbox is observed; gives True where events may have been missed."""
        identity = self._look()
        if identity is None:
            self.stop()
            self._identity = None
            return False
        is_new = identity != self._identity or (self._observer is not None and not self._observer.is_alive())
        if is_new:
            self.stop()
            self._identity, self._observe_after = identity, 0.0
        if self._observer is None and now >= self._observe_after:
            self._observe(now)
        return is_new

    def stop(self) -> None:
        """End the observer."""
        if self._observer:
            self._observer.stop()
            self._observer = None

    def _look(self) -> tuple[int, int] | None:
        try:
            descriptor = os.open(self._inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                status = os.fstat(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            self._alarms.set("inbox-unavailable", f"{os.fsdecode(self._inbox)}: {error.strerror}")
            return None
        self._alarms.clear("inbox-unavailable")
        return status.st_dev, status.st_ino

    def _observe(self, now: float) -> None:
        try:
            self._observer = observe(self._inbox, self._inflow)
        except OSError as error:
            self._alarms.set("no-events", f"polling instead: {error.strerror}")
            self._observe_after = now + REARM_AFTER_S
        else:
            self._alarms.clear("no-events")
