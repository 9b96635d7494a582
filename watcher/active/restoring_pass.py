"""What the restoring thread does: brings back what Redis has lost, and then mends what earlier versions left."""

from collections.abc import Callable

from watcher.restoring.mending import Mending
from watcher.restoring.recovery import Recovery
from watcher.running.alarms import Alarms

IDLE_S = 1.0


class RestoringPass:
    """One pass after the other, each broken off where ``is_stopping``."""

    def __init__(self, recovery: Recovery, mending: Mending, alarms: Alarms, is_stopping: Callable[[], bool]) -> None:
        self._recovery = recovery
        self._mending = mending
        self._alarms = alarms
        self._is_stopping = is_stopping

    def work(self) -> float:
        """Gives the seconds until the next pass."""
        restored = self._recovery.restore(self._is_stopping)
        if restored is None:
            self._alarms.clear("restored")
            return 0.0 if self._mending.go_on(self._is_stopping) else IDLE_S
        self._alarms.set("restored", "Redis has lost data; what was published is being restored from the archive")
        return 0.0
