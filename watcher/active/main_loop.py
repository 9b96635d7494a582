"""The main loop: takes in what lies in the inbox, walks through it now and then, and says how the watcher is."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable

import structlog

from watcher.filing.places import Roots
from watcher.health import Health
from watcher.running.alarms import Alarms
from watcher.running.damage import FILE_NAME, GONE, alarm_of, in_words
from watcher.seeing.inbox_watch import InboxWatch
from watcher.seeing.inflow import Inflow
from watcher.seeing.mounts import RemoteParts, has_silent_part
from watcher.settings import WatcherSettings
from watcher.taking.noticing import Noticing

log = structlog.get_logger("watcher")

SUPERVISE_S = 1.0
VERDICTS_S = 0.5
# A walk of very many files is paid for by longer pauses: it takes at most one part in so many of the time.
WALK_SHARE = 100


class MainLoop:
    """Of one thread; ``thread_ages_s`` tells of the others. Ends soon after ``stopping`` is set and ``inflow`` woken."""

    def __init__(
        self,
        settings: WatcherSettings,
        inflow: Inflow,
        noticing: Noticing,
        watch: InboxWatch,
        *,
        alarms: Alarms,
        thread_ages_s: Callable[[], dict[str, float]],
        stopping: threading.Event,
    ) -> None:
        self._settings = settings
        self._inflow = inflow
        self._noticing = noticing
        self._watch = watch
        self._alarms = alarms
        self._thread_ages_s = thread_ages_s
        self._stopping = stopping
        self._inbox = Roots.set_by(settings).inbox
        self._walk_after = 0.0

    def run(self) -> None:
        """Until stopped."""
        next_supervision = next_verdicts = 0.0
        while not self._stopping.is_set():
            now = time.monotonic()
            if now >= next_supervision:
                self._supervise(now)
                next_supervision = now + SUPERVISE_S
            self._guarded("intake", self._noticing.work, on_failure=self._walk_later)
            if now >= next_verdicts:
                self._guarded("verdicts", self._noticing.write_verdicts)
                next_verdicts = now + VERDICTS_S
            if not self._noticing.is_busy():
                due = self._noticing.next_due()
                until = min(next_supervision, next_verdicts, due if due is not None else next_supervision)
                self._inflow.wait(max(0.0, until - time.monotonic()))

    def _supervise(self, now: float) -> None:
        if self._watch.keep(now):
            self._walk_after = now
        noticing = self._noticing
        if self._watch.is_available and now >= self._walk_after and not noticing.is_walking():
            noticing.remote = RemoteParts(self._inbox)
            self._guarded("walk", noticing.begin_walk)
            must_poll = self._watch.misses_events() or has_silent_part(self._inbox)
            period = self._settings.poll_s if must_poll else self._settings.reconcile_s
            self._walk_after = now + max(period, WALK_SHARE * noticing.walk_took_s)
        self._alarms.tell("ledger-gone", self._ledger_gone())
        self._guarded("health", lambda: self._health().write(self._settings.state))

    def _ledger_gone(self) -> str | None:
        path = self._settings.state / FILE_NAME
        return None if path.exists() else f"{path} is gone, {GONE}"

    def _walk_later(self) -> None:
        self._inflow.lose()
        self._stopping.wait(SUPERVISE_S)

    def _guarded(self, name: str, act: Callable[[], None], on_failure: Callable[[], None] = lambda: None) -> None:
        """What the loop can do without for now: neither a full disk nor a fault over one file may end it."""
        try:
            act()
        except Exception as error:
            if not isinstance(error, (OSError, sqlite3.Error)):
                log.error("loop_failed", part=name, exc_info=error)
            self._alarms.set(alarm_of(error, name), in_words(error))
            on_failure()
        else:
            self._alarms.clear(name)

    def _health(self) -> Health:
        counts = self._noticing.counts
        return Health(
            os.getpid(),
            "active",
            time.time(),
            self._alarms.texts(),
            self._thread_ages_s(),
            {
                "overflows": counts.overflows,
                "found_by_walk": counts.found_by_walk,
                "walks": counts.walks,
                "unwatched": self._watch.unwatched(),
                **counts.taken,
            },
        )
