"""The watcher as a whole: looks whether it may begin, waits until no other one is active, and is the active one then."""

import os
import threading
import time
from contextlib import suppress

import structlog

from watcher import folders, risks
from watcher.active.active_watcher import ActiveWatcher
from watcher.asking import requests
from watcher.health import Health
from watcher.ledger.database import Ledger
from watcher.running import identity
from watcher.running.damage import FILE_NAME
from watcher.running.inbox_claim import ALARM, InboxClaim
from watcher.running.lock import WatcherLock
from watcher.seeing.inflow import Inflow
from watcher.seeing.open_writers import ignore_lease_breaks
from watcher.sending.broker import Broker
from watcher.settings import WatcherSettings

log = structlog.get_logger("watcher")

STANDBY_S = 0.5


class Watcher:
    """Runs until :meth:`stop`. Needs ``redis_url``.

    Raises:
        ValueError: no Redis is set.
    """

    def __init__(self, settings: WatcherSettings) -> None:
        if settings.redis_url is None:
            raise ValueError(
                "ZHIBIAO_REDIS_URL is not set; `zhibiao up` starts a Redis of its own, the watcher does not"
            )
        self._settings = settings
        self._stopping = threading.Event()
        self._inflow = Inflow(settings.max_pending_events)
        self._inbox_claim = InboxClaim(settings.inbox, settings.state)
        self._url = settings.redis_url.get_secret_value()
        self._broker = Broker(
            self._url,
            settings.site,
            report_ttl_s=settings.report_ttl_s,
            results_maxlen=settings.results_maxlen,
            done_ttl_s=settings.done_ttl_s,
        )

    def refusals(self) -> list[str]:
        """Make the folders; gives the reasons not to start, none where all is well."""
        if problems := folders.make(self._settings):
            return problems
        try:
            identity.this_service(self._settings.state)
        except OSError as error:
            return [
                f"state {self._settings.state}: {identity.FILE_NAME} cannot be written: {error.strerror}; make room"
            ]
        refused = [*map(str, risks.look(self._settings, self._url))]
        others = (identity.refusal(self._settings, self._url), self._inbox_claim.refusal())
        return [*refused, *filter(None, others)]

    def stop(self) -> None:
        """End soon; may be called from a signal handler or another thread."""
        self._stopping.set()
        self._inflow.wake()

    def run(self) -> None:
        """Wait until no other watcher is active, of this service or over the same inbox, then watch until stopped.

        Raises:
            UnusableLedger: it is damaged, no ledger, or was written by another version.
        """
        ignore_lease_breaks()
        lock = WatcherLock(self._settings.state)
        try:
            if self._wait_for(lock):
                self._run_active()
        finally:
            Health(os.getpid(), "standby", time.time()).forget(self._settings.state)
            self._inbox_claim.release()
            lock.release()
            self._broker.close()

    def _wait_for(self, lock: WatcherLock) -> bool:
        said = ""
        while not self._stopping.is_set():
            is_first = lock.take()
            if is_first and self._inbox_claim.take():
                return True
            # Only what keeps the first of this service from being active is amiss: the others wait for that one.
            alarms = {ALARM: self._inbox_claim.in_words()} if is_first else {}
            why = alarms.get(ALARM, "another watcher is active")
            if why != said:
                log.info("standby", why=why)
                said = why
            Health(os.getpid(), "standby", time.time(), alarms).write(self._settings.state)
            self._stopping.wait(STANDBY_S)
        return False

    def _run_active(self) -> None:
        path = self._settings.state / FILE_NAME
        with suppress(OSError):  # said before a look at all pages of the ledger, which may take a while
            Health(os.getpid(), "active", time.time()).write(self._settings.state)
        ledger = Ledger.open(path)
        with suppress(OSError):  # a full disk: whoever asks for something makes it, or is told
            requests.make_folder(self._settings.state)
        try:
            ledger.check(path)
            ledger.clear_waiting()
            ActiveWatcher(self._settings, ledger, self._broker, self._inflow, self._stopping).run()
        finally:
            ledger.close()
            log.info("stopped")
