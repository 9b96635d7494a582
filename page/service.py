"""The service that the page is of, as its rooms ask it: how it is, what failed, what moves, and where files go."""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from delivery.connect import FAULTS, connect_briefly
from delivery.settings import SharedSettings
from page.intake.inbox import Inbox
from page.live import FindRedis, Live
from page.settings import PageSettings
from store.views import NoStore, Views
from store.writing import FILE_NAME
from watcher import whereabouts
from watcher.running.damage import UnusableLedger
from watcher.settings import WatcherSettings
from watcher.whereabouts import InQuarantine, Overview

T = TypeVar("T")
_FRESH_S = 1.0
MOST_FAILURES = 50


class Service:
    """Asked from threads; what costs a look at the disk is looked at once a second at most, for all readers."""

    def __init__(self, settings: PageSettings, find_redis: FindRedis | None = None) -> None:
        self.settings = settings
        self.watching = watching(settings)
        self.find_redis: FindRedis = find_redis or (lambda: _named(settings))
        self.live = Live(self.find_redis, settings.site)
        self.inbox = Inbox(settings.inbox, settings.max_file_bytes, self.watching.ignore)
        self.overview = Fresh(self._overview)
        self.failures = Fresh(self._failures)
        self.taken_back = Fresh(self._taken_back)
        self.has_redis = Fresh(self._answers)
        self._looks: dict[str, Fresh[Any]] = {}
        self._lock = threading.Lock()

    def fresh(self, name: str, look: Callable[[], T]) -> T:
        """What a room's look gave, or gives now where that is a second ago: the same for all who ask meanwhile."""
        with self._lock:
            known: Fresh[T] = self._looks.setdefault(name, Fresh(look))
        return known()

    def views(self) -> Views:
        """The store, opened for one look; the caller closes it.

        Raises:
            NoStore: there is none.
        """
        return Views(self.settings.state / FILE_NAME)

    def has_store(self) -> bool:
        """Whether there is one."""
        try:
            self.views().close()
        except NoStore:
            return False
        return True

    def _overview(self) -> Overview | None:
        """How the service is; None where none has ever run. A ledger that cannot be read is what is wrong with it."""
        try:
            return whereabouts.overview(self.watching, limit=20)
        except FileNotFoundError:
            return None
        except UnusableLedger as error:
            return Overview({}, {"ledger": str(error)}, watcher="not known")

    def _failures(self) -> tuple[list[InQuarantine], int]:
        """What failed and lies in quarantine, as far as the ledger can tell, and how many more."""
        try:
            return whereabouts.in_quarantine(self.watching, MOST_FAILURES)
        except (FileNotFoundError, UnusableLedger):
            return [], 0

    def _taken_back(self) -> tuple[list[InQuarantine], int]:
        """Documents that people have taken back, and how many more."""
        try:
            return whereabouts.taken_back(self.watching, MOST_FAILURES)
        except (FileNotFoundError, UnusableLedger):
            return [], 0

    def _answers(self) -> bool:
        url = self.find_redis()
        if url is None:
            return False
        try:
            with connect_briefly(url, site=self.settings.site) as client:
                return bool(client.ping())
        except FAULTS:
            return False


class Fresh(Generic[T]):
    """What a look gave, for a second; looked at anew by one thread while others wait for it."""

    def __init__(self, look: Callable[[], T], fresh_s: float = _FRESH_S) -> None:
        self._look, self._fresh_s = look, fresh_s
        self._lock = threading.Lock()
        self._at_s = float("-inf")
        self._found: T

    def __call__(self) -> T:
        """It; raises what the look raises."""
        with self._lock:
            if time.monotonic() - self._at_s > self._fresh_s:
                self._found = self._look()
                self._at_s = time.monotonic()
            return self._found

    def forget(self) -> None:
        """Look anew the next time."""
        with self._lock:
            self._at_s = float("-inf")


def watching(settings: PageSettings) -> WatcherSettings:
    """The watcher's settings as the environment has them, over the folders of the page."""
    shared = {name: getattr(settings, name) for name in SharedSettings.model_fields}
    return WatcherSettings(**shared)


def _named(settings: PageSettings) -> str | None:
    return settings.redis_url.get_secret_value() if settings.redis_url else None
