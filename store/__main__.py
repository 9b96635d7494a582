"""``python -m store``: follows the record and keeps the store up to date."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from delivery import logs, relay
from delivery.settings import SharedSettings
from schemas.events import FailedEvent, ReportEvent, WithdrawnEvent
from store.rebuild import discard, rebuild
from store.writing import FILE_NAME, Store, StoreGone, StoreInUse, is_usable

#: Its group of consumers, and the name of its alarm.
NAME = "store"
#: Nobody waits for the store: what comes within this time is put in together.
HOLD_S = 1.0

_log = structlog.get_logger("store")


def main() -> None:
    """Run until stopped; a store that is not there, or of another version, is built from the archive first.

    Raises:
        SystemExit: a setting cannot be used, or another process writes the store, with status 2; the store was taken away
            or damaged while it was written, with 1: whoever starts it again has it built anew.
    """
    settings = relay.settings_of(SharedSettings)
    if settings.redis_url is None:
        relay.refuse("ZHIBIAO_REDIS_URL is not set; that of the Redis that has the record would be right")
    logs.configure(settings, NAME)
    file = settings.state / FILE_NAME
    try:
        if not is_usable(file):
            count, unread = rebuild(file, settings.processed)
            _log.info("built", reports=count, unread=len(unread))
        store = Store(file)
    except StoreInUse as error:
        relay.refuse(str(error))
    kept = Kept(store)
    anew = None if store.follows else kept.note_following
    try:
        relay.serve(settings.redis_url.get_secret_value(), settings.site, str(file), NAME, kept, anew, HOLD_S)
    finally:
        store.close()


class Kept:
    """The store as a sink: where it is gone or damaged the process ends, for only a new one can be built."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def deliver(self, event: ReportEvent | FailedEvent) -> None:
        """Put an event in.

        Raises:
            SystemExit: it is no longer the store that others read.
        """
        self._guarded(lambda: self._store.deliver(event))

    def withdraw(self, event: WithdrawnEvent) -> None:
        """Take a document back.

        Raises:
            SystemExit: it is no longer the store that others read.
        """
        self._guarded(lambda: self._store.withdraw(event))

    def note_following(self) -> None:
        """Note that all of the record comes.

        Raises:
            SystemExit: it is no longer the store that others read.
        """
        self._guarded(self._store.note_following)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Put in all events that are delivered in here, or none.

        Raises:
            SystemExit: it is no longer the store that others read.
        """
        with self._ending(), self._store.together():
            yield

    def _guarded(self, act: Callable[[], None]) -> None:
        with self._ending():
            act()

    @contextmanager
    def _ending(self) -> Iterator[None]:
        try:
            yield
        except StoreGone as error:
            _log.error("gone", why=str(error))
            self._store.close()
            if self._store.is_in_place():
                discard(self._store.file)
            sys.exit(1)


if __name__ == "__main__":
    main()
