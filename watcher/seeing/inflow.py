"""What the observers report to."""

import threading
from collections import deque

from watcher.seeing.sightings import Kind


class Inflow:
    """A bounded queue of events between an observer's thread and the main loop; when full, the walk makes up for it.

    Observers only append: an exception in their thread would end it silently.
    """

    def __init__(self, limit: int) -> None:
        self._events: deque[tuple[bytes, Kind]] = deque()
        self._limit = limit
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._lost = False

    def put(self, path: bytes, kind: Kind) -> None:
        """Add an event; one just like the last is left out."""
        with self._lock:
            if self._events and self._events[-1] == (path, kind):
                return
            full = len(self._events) >= self._limit
            if not full:
                self._events.append((path, kind))
        if full:
            self.lose()
        self._wake.set()

    def lose(self) -> None:
        """Events were lost: the inbox has to be walked."""
        self._lost = True
        self._wake.set()

    def drain(self) -> list[tuple[bytes, Kind]]:
        """All events so far, in order."""
        with self._lock:
            events = list(self._events)
            self._events.clear()
        return events

    def take_loss(self) -> bool:
        """Whether events were lost since the last call."""
        lost, self._lost = self._lost, False
        return lost

    def wake(self) -> None:
        """End a wait."""
        self._wake.set()

    def wait(self, timeout_s: float) -> None:
        """Until something happens, at most so long."""
        self._wake.wait(timeout_s)
        self._wake.clear()
