"""What is wrong right now, by name: set by whoever notices, cleared when it has passed, shown by status and health."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger("watcher")


class Alarms:
    """Shared by the watcher's threads; each alarm is logged once when it begins and once when it ends."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._texts: dict[str, tuple[str, float]] = {}

    def set(self, name: str, text: str) -> None:
        """Something is wrong, or still is."""
        with self._lock:
            known = self._texts.get(name)
            self._texts[name] = (text, known[1] if known else self._clock())
        if not known:
            log.warning("alarm", alarm=name, text=text)

    def clear(self, name: str) -> None:
        """It is well again."""
        with self._lock:
            known = self._texts.pop(name, None)
        if known:
            log.info("alarm_over", alarm=name, after_s=round(self._clock() - known[1], 1))

    def tell(self, name: str, text: str | None) -> None:
        """Something is wrong where there is a text, and well where there is none."""
        if text:
            self.set(name, text)
        else:
            self.clear(name)

    def texts(self) -> dict[str, str]:
        """The present alarms."""
        with self._lock:
            return {name: text for name, (text, _) in self._texts.items()}
