"""The active watcher: puts its parts together, and runs them."""

import os
import threading
import time

import structlog

from delivery.connect import redacted
from delivery.sink import name_of
from watcher.active.main_loop import MainLoop
from watcher.active.outcomes_pass import OutcomesPass
from watcher.active.queue_pass import QueuePass
from watcher.active.restoring_pass import RestoringPass
from watcher.active.server_look import ServerLook
from watcher.active.steps_pass import StepsPass
from watcher.active.threads import Threads
from watcher.asking.copies import Copies
from watcher.asking.errands import Errands
from watcher.asking.rereading import Rereading
from watcher.asking.withdrawing import Withdrawing
from watcher.filing.file_away import Filing
from watcher.filing.filer import FILING_BACKOFF, Filer
from watcher.filing.places import Roots
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.restoring.event_archive import Archive
from watcher.restoring.mending import Mending
from watcher.restoring.recovery import Recovery
from watcher.running.alarms import Alarms
from watcher.running.claim import Claim
from watcher.seeing.arrivals import Rules
from watcher.seeing.ignored import Ignored
from watcher.seeing.inbox_watch import InboxWatch
from watcher.seeing.inflow import Inflow
from watcher.sending.broker import Broker
from watcher.sending.enqueue import Outbox
from watcher.sending.looks import Looks
from watcher.sending.outcomes import Outcomes
from watcher.settings import WatcherSettings
from watcher.taking.intake import Intake, Taken
from watcher.taking.noticing import Inbox, Noticing
from watcher.telemetry import WatcherTelemetry, served

log = structlog.get_logger("watcher")

#: From the end of a pass to the next: nobody waits for it, as the event of the report is out.
FILING_HOLD_S = 0.5


class ActiveWatcher:
    """The one watcher that is active; ends when ``stopping`` is set, and is done with ``ledger`` then."""

    def __init__(
        self, settings: WatcherSettings, ledger: Ledger, broker: Broker, inflow: Inflow, stopping: threading.Event
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._alarms = Alarms(time.monotonic)
        self._metrics = WatcherTelemetry(time.time)
        url = settings.redis_url.get_secret_value() if settings.redis_url else ""
        self._claim = Claim(broker, settings, url, self._alarms, time.monotonic)
        self._threads = Threads(self._claim, self._alarms)
        self._roots = Roots.set_by(settings)
        self._watch = InboxWatch(self._roots.inbox, inflow, self._alarms)
        self._noticing = self._make_noticing(inflow)
        self._main_loop = MainLoop(
            settings,
            inflow,
            self._noticing,
            self._watch,
            alarms=self._alarms,
            thread_ages_s=self._threads.ages_s,
            stopping=stopping,
        )
        self._add_threads(broker, stopping)

    def run(self) -> None:
        """Watch until stopped."""
        log.info("watching", inbox=os.fsdecode(self._roots.inbox), **self._ledger.summary())
        try:
            self._threads.start()
            with served(self._metrics, self._settings, self._ledger, self._noticing.counts, self._alarms):
                self._main_loop.run()
        finally:
            self._threads.stop()
            self._watch.stop()
            self._claim.release()

    def _make_noticing(self, inflow: Inflow) -> Noticing:
        settings, inbox = self._settings, self._roots.inbox
        return Noticing(
            Inbox(inbox, inflow, Ignored(settings.ignore)),
            Rules(settings.settle_s, settings.settle_unknown_s, settings.empty_grace_s),
            Intake(self._ledger, inbox, settings.max_file_bytes, time.time, settings.site),
            alarms=self._alarms,
            clock=time.monotonic,
            on_taken=self._on_taken,
            newest_first=settings.order == "newest",
        )

    def _add_threads(self, broker: Broker, stopping: threading.Event) -> None:
        settings, ledger, alarms, threads = self._settings, self._ledger, self._alarms, self._threads
        archive = Archive(ledger, settings.processed.absolute(), settings.quarantine.absolute())
        copies = Copies(ledger, self._roots)
        outbox = _outbox(settings, ledger, broker, copies)
        outcomes = Outcomes(ledger, self._roots.inbox, self._noticing.look_again, time.time, self._on_ended)
        recovery = Recovery(ledger, broker, archive, self._metrics.restored)
        mending = Mending(ledger, archive, broker)
        filing = Filing(
            ledger, self._roots, published=broker, lookout=self._noticing, restoring=recovery, clock=time.time
        )
        filer = Filer(ledger, filing, alarms)
        queue = QueuePass(
            ledger,
            broker,
            outbox,
            recovery=recovery,
            filer=filer,
            looks=_looks(settings, broker, alarms),
            server=ServerLook(settings, broker, alarms),
            metrics=self._metrics,
            threads=threads,
        )
        ended = OutcomesPass(
            broker,
            outcomes,
            recovery=recovery,
            outbox=outbox,
            threads=threads,
            max_outstanding=settings.max_outstanding,
        )
        threads.add("queue", queue.work, hold_s=queue.hold_s)
        threads.add("outcomes", ended.work)
        threads.add("filing", filer.work, FILING_BACKOFF, FILING_HOLD_S)
        threads.add("asking", self._errands(broker, filing, copies).work)
        threads.add("restoring", RestoringPass(recovery, mending, alarms, stopping.is_set).work)
        threads.add("files", StepsPass(ledger, broker, alarms).work)

    def _errands(self, broker: Broker, filing: Filing, copies: Copies) -> Errands:
        rereading = Rereading(self._ledger, filing, copies, self._alarms, on_added=lambda: self._threads.wake("queue"))
        withdrawing = Withdrawing(self._ledger, self._roots, broker, self._alarms, time.time)
        return Errands(self._settings.state, {"reprocess": rereading, "withdraw": withdrawing}, self._alarms)

    # Called from the main loop and from threads

    def _on_taken(self, taken: Taken) -> None:
        if taken.row:
            self._metrics.taken(taken.row)
        self._threads.wake("queue")

    def _on_ended(self, row: FileRow) -> None:
        self._metrics.ended(row)
        if row.replaces is not None:
            self._threads.wake("asking")


def _looks(settings: WatcherSettings, broker: Broker, alarms: Alarms) -> Looks:
    sinks = {name_of(url): redacted(url) for url in settings.sink_urls()}
    return Looks(broker, alarms, sinks, time.monotonic())


def _outbox(settings: WatcherSettings, ledger: Ledger, broker: Broker, copies: Copies) -> Outbox:
    return Outbox(
        ledger,
        broker,
        time.time,
        max_outstanding=settings.max_outstanding,
        newest_first=settings.order == "newest",
        redeliver_after_s=settings.redeliver_after_s,
        copies=copies,
    )
