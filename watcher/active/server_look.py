"""A look at Redis itself: its settings may have changed, or it was away when the watcher started."""

from collections.abc import Mapping
from typing import Any, Protocol

from watcher import risks
from watcher.running.alarms import Alarms
from watcher.settings import WatcherSettings

AGAIN_S = 10.0
UNSAFE_AGAIN_S = 5.0


class Server(Protocol):
    """Redis; a call may raise what the caller takes for "Redis is away"."""

    def facts(self) -> Mapping[str, Any]:
        """What it says of itself, as :func:`delivery.server.facts` has it."""


class ServerLook:
    """Has an alarm for what is wrong; while ``is_unsafe``, what is handed over could be lost."""

    def __init__(self, settings: WatcherSettings, server: Server, alarms: Alarms) -> None:
        self._settings = settings
        self._server = server
        self._alarms = alarms
        self._after = 0.0
        self.is_unsafe = False

    def forget(self) -> None:
        """It is another server, it seems: the next look is due at once."""
        self._after = 0.0

    def look(self, now_s: float) -> None:
        """Where that is due by the monotonic clock."""
        if now_s < self._after:
            return
        facts = self._server.facts()
        self._alarms.tell("redis-full", risks.full(facts))
        found = risks.of_keeping(self._settings, facts)
        self.is_unsafe = bool(found)
        self._after = now_s + (UNSAFE_AGAIN_S if found else AGAIN_S)
        self._alarms.tell("unsafe", f"nothing is handed over: {'; '.join(map(str, found))}" if found else None)
