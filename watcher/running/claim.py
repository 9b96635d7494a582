"""This watcher's claim on the names of its site: nothing is done with names that belong to another service."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from delivery.connect import FAULTS
from delivery.owner import Other, Service
from watcher.running import identity
from watcher.running.alarms import Alarms
from watcher.settings import WatcherSettings

ALARM: Final = "other-service"
#: An owner's sign of life holds for thirty times as long.
RENEW_S: Final = 1.0
AGAIN_S: Final = 0.2


class Ownership(Protocol):
    """Redis; every call may raise what the caller takes for "Redis is away"."""

    def claim(self, service: Service, *, may_replace: bool) -> Other | None:
        """Claim the names, or renew the claim; gives whose they are, None where they are ours."""

    def release(self, service: Service) -> None:
        """Show no sign of life any more."""


class Claim:
    """Renewed by one thread, and looked at by all; an alarm says whose the names are where they are not ours."""

    def __init__(
        self, redis: Ownership, settings: WatcherSettings, url: str, alarms: Alarms, clock: Callable[[], float]
    ) -> None:
        self._redis = redis
        self._site, self._url = settings.site, url
        self._alarms = alarms
        self._clock = clock
        self._service = identity.this_service(settings.state)
        self._may_replace = identity.may_replace(settings, url)
        self._held = threading.Event()
        self._renew_after = float("-inf")

    def is_held(self) -> bool:
        """Whether the names were ours when that was asked last."""
        return self._held.is_set()

    def renew(self) -> None:
        """Claim again, where that is due."""
        now = self._clock()
        if now < self._renew_after:
            return
        other = self._redis.claim(self._service, may_replace=self._may_replace)
        if other is None:
            self._held.set()
            self._alarms.clear(ALARM)
        else:
            self._held.clear()
            self._alarms.set(ALARM, identity.in_words(other, self._site, self._url))
        self._renew_after = now + (RENEW_S if other is None else AGAIN_S)

    def release(self) -> None:
        """At the end: another may take over, where that is wanted."""
        with suppress(*FAULTS):
            self._redis.release(self._service)
