"""The watcher: one main loop for the inbox, and threads for the queue, the outcomes, the filing and the restoring."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog

from delivery.backoff import Backoff
from delivery.connect import FAULTS, UNREACHABLE, redacted
from delivery.sink import name_of
from watcher import folders, risks
from watcher.asking import requests
from watcher.asking.copies import Copies
from watcher.asking.errands import Errands
from watcher.asking.rereading import Rereading
from watcher.asking.withdrawing import Withdrawing
from watcher.filing.file_away import Filing
from watcher.filing.filer import FILING_BACKOFF, Filer
from watcher.filing.places import Roots
from watcher.health import Health
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.restoring.event_archive import Archive
from watcher.restoring.mending import Mending
from watcher.restoring.recovery import Recovery
from watcher.running import claim, identity
from watcher.running.alarms import Alarms
from watcher.running.damage import FILE_NAME, GONE, alarm_of, in_words
from watcher.running.lock import WatcherLock
from watcher.running.repeating import RepeatingThread
from watcher.seeing.arrivals import Rules
from watcher.seeing.ignored import Ignored
from watcher.seeing.inbox_watch import InboxWatch
from watcher.seeing.inflow import Inflow
from watcher.seeing.mounts import RemoteParts, has_silent_part
from watcher.seeing.open_writers import ignore_lease_breaks
from watcher.sending import file_steps
from watcher.sending.broker import Broker
from watcher.sending.enqueue import BATCH as SENT_TOGETHER
from watcher.sending.enqueue import Outbox
from watcher.sending.looks import Looks
from watcher.sending.outcomes import Outcomes
from watcher.settings import WatcherSettings
from watcher.taking.announce import BATCH as ANNOUNCED_TOGETHER
from watcher.taking.announce import announce
from watcher.taking.intake import Intake, Taken
from watcher.taking.noticing import Inbox, Noticing
from watcher.telemetry import WatcherTelemetry, served

log = structlog.get_logger("watcher")

SUPERVISE_S = 1.0
VERDICTS_S = 0.5
STANDBY_S = 0.5
IDLE_S = 1.0
SWEEP_S = 2.0
LOOK_AT_SERVER_S = 10.0
UNSAFE_AGAIN_S = 5.0
LOSS_S = 0.2
STEPS_S = 0.5
STEPS_AGAIN_S = 5.0
#: From the end of a pass to the next: a new file shall be handed over soon.
HOLD_S = 0.02
#: The same of what nobody waits for, as the event of the report is out: passes find more to do, and there are fewer of them.
OUTCOMES_HOLD_S = 0.25
FILING_HOLD_S = 0.5
#: Hand-overs a second for which there is room even so: an outcome makes room only once it is written down.
ROOM_A_SECOND = 1000
# A walk of very many files is paid for by longer pauses: it takes at most one part in so many of the time.
WALK_SHARE = 100
THREAD_STOP_S = 20.0
REDIS_BACKOFF = Backoff(first_s=0.2, cap_s=5.0)
EXPECTED = (*UNREACHABLE, sqlite3.OperationalError)


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
        other = identity.refusal(self._settings, self._url)
        return [*refused, other] if other else refused

    def stop(self) -> None:
        """End soon; may be called from a signal handler or another thread."""
        self._stopping.set()
        self._inflow.wake()

    def run(self) -> None:
        """Wait until no other watcher is active, then watch until stopped.

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
            lock.release()
            self._broker.close()

    def _wait_for(self, lock: WatcherLock) -> bool:
        said = False
        while not self._stopping.is_set():
            if lock.take():
                return True
            if not said:
                log.info("standby", why="another watcher is active")
                said = True
            Health(os.getpid(), "standby", time.time()).write(self._settings.state)
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


class ActiveWatcher:
    """The one watcher that is active; ends when ``stopping`` is set, and is done with ``ledger`` then."""

    def __init__(
        self, settings: WatcherSettings, ledger: Ledger, broker: Broker, inflow: Inflow, stopping: threading.Event
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._broker = broker
        self._inflow = inflow
        self._stopping = stopping
        self._walk_after = 0.0
        self._swept_at = 0.0
        self._is_unsafe = False
        self._look_after = 0.0
        self._alarms = Alarms(time.monotonic)
        sinks = {name_of(url): redacted(url) for url in settings.sink_urls()}
        self._looks = Looks(broker, self._alarms, sinks, time.monotonic())
        self._metrics = WatcherTelemetry(time.time)
        url = settings.redis_url.get_secret_value() if settings.redis_url else ""
        self._claim = claim.Claim(broker, settings, url, self._alarms, time.monotonic)
        roots = Roots.set_by(settings)
        self._inbox = roots.inbox
        self._watch = InboxWatch(self._inbox, inflow, self._alarms)
        self._noticing = Noticing(
            Inbox(self._inbox, inflow, Ignored(settings.ignore)),
            Rules(settings.settle_s, settings.settle_unknown_s, settings.empty_grace_s),
            Intake(ledger, self._inbox, settings.max_file_bytes, time.time, settings.site),
            alarms=self._alarms,
            clock=time.monotonic,
            on_taken=self._on_taken,
            newest_first=settings.order == "newest",
        )
        copies = Copies(ledger, roots)
        self._outbox = _outbox(settings, ledger, broker, copies)
        self._outcomes = Outcomes(ledger, self._inbox, self._noticing.look_again, time.time, self._on_ended)
        archive = Archive(ledger, settings.processed.absolute(), settings.quarantine.absolute())
        self._recovery = Recovery(ledger, broker, archive, self._metrics.restored)
        self._mending = Mending(ledger, archive, broker)
        filing = Filing(
            ledger, roots, published=broker, lookout=self._noticing, restoring=self._recovery, clock=time.time
        )
        self._filer = Filer(ledger, filing, self._alarms)
        rereading = Rereading(ledger, filing, copies, self._alarms, on_added=lambda: self._sending.wake())
        withdrawing = Withdrawing(ledger, roots, broker, self._alarms, time.time)
        errands = Errands(settings.state, {"reprocess": rereading, "withdraw": withdrawing}, self._alarms)
        self._sending = self._repeating("queue", self._send, REDIS_BACKOFF)
        self._reading = self._repeating("outcomes", self._read, REDIS_BACKOFF)
        self._filing = self._repeating("filing", self._filer.work, FILING_BACKOFF, FILING_HOLD_S)
        self._asking = self._repeating("asking", errands.work, REDIS_BACKOFF)
        self._restoring = self._repeating("restoring", self._restore, REDIS_BACKOFF)
        self._telling = self._repeating("files", self._tell_steps, REDIS_BACKOFF)
        self._threads = {
            "queue": self._sending,
            "outcomes": self._reading,
            "filing": self._filing,
            "asking": self._asking,
            "restoring": self._restoring,
            "files": self._telling,
        }

    def run(self) -> None:
        """Watch until stopped."""
        log.info("watching", inbox=os.fsdecode(self._inbox), **self._ledger.summary())
        try:
            for thread in self._threads.values():
                thread.start()
            with served(self._metrics, self._settings, self._ledger, self._noticing.counts, self._alarms):
                self._loop()
        finally:
            self._stop_all()
            self._claim.release()

    def _repeating(
        self, name: str, work: Callable[[], float], backoff: Backoff, hold_s: float = HOLD_S
    ) -> RepeatingThread:
        pass_of = partial(self._as_owner, work)
        return RepeatingThread(name, pass_of, self._alarms, time.monotonic, EXPECTED, backoff, hold_s)

    def _as_owner(self, work: Callable[[], float]) -> float:
        """Whose the names are is asked by the queue's thread, before each of its passes; the others go by that."""
        if work == self._send:
            self._claim.renew()
        return work() if self._claim.is_held() else claim.AGAIN_S

    # The main loop

    def _loop(self) -> None:
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
            {name: thread.age_s() for name, thread in self._threads.items()},
            {
                "overflows": counts.overflows,
                "found_by_walk": counts.found_by_walk,
                "walks": counts.walks,
                "unwatched": self._watch.unwatched(),
                **counts.taken,
            },
        )

    # Called from the threads

    def _on_taken(self, taken: Taken) -> None:
        if taken.row:
            self._metrics.taken(taken.row)
        self._sending.wake()

    def _on_ended(self, row: FileRow) -> None:
        self._metrics.ended(row)
        if row.replaces is not None:
            self._asking.wake()

    def _send(self) -> float:
        self._looks.at_keys(time.monotonic())
        is_emptied = self._recovery.has_lost_data()
        if is_emptied:
            self._metrics.lost()
            self._asking.wake()
            self._restoring.wake()
            self._look_after = 0.0
        announced = announce(self._ledger, self._broker)
        if announced:
            self._filing.wake()
        now = time.monotonic()
        if is_emptied or now - self._swept_at >= SWEEP_S:
            for row in self._outbox.repeat_lost(at_once=is_emptied):
                log.warning("handed_over_again", report=row.path, id=row.document, revision=row.revision)
                self._metrics.repeated()
            self._looks.at_queue(now)
            self._swept_at = now
        self._look_at_server(now)
        sent = 0 if self._filer.is_full or self._is_unsafe else self._outbox.send_accepted()
        return 0.0 if sent >= SENT_TOGETHER or announced >= ANNOUNCED_TOGETHER else IDLE_S

    def _look_at_server(self, now: float) -> None:
        """Its settings may have changed, or it was away when the watcher started."""
        if now < self._look_after:
            return
        facts = self._broker.facts()
        self._alarms.tell("redis-full", risks.full(facts))
        found = risks.of_keeping(self._settings, facts)
        self._is_unsafe = bool(found)
        self._look_after = now + (UNSAFE_AGAIN_S if found else LOOK_AT_SERVER_S)
        self._alarms.tell("unsafe", f"nothing is handed over: {'; '.join(map(str, found))}" if found else None)

    def _restore(self) -> float:
        restored = self._recovery.restore(self._stopping.is_set)
        if restored is None:
            self._alarms.clear("restored")
            return 0.0 if self._mending.go_on(self._stopping.is_set) else IDLE_S
        self._alarms.set("restored", "Redis has lost data; what was published is being restored from the archive")
        return 0.0

    def _tell_steps(self) -> float:
        """Of all that goes to Redis the least: nothing waits for it."""
        try:
            told = file_steps.tell(self._ledger, self._broker)
        except FAULTS as error:
            self._alarms.tell(
                "steps-not-told", f"the stream of steps of files does not take what happens to files: {in_words(error)}"
            )
            return STEPS_AGAIN_S
        self._alarms.tell("steps-not-told", None)
        return 0.0 if told == file_steps.BATCH else STEPS_S

    def _read(self) -> float:
        outcomes = self._broker.outcomes(self._outcomes.cursor(), IDLE_S)
        if outcomes and not self._recovery.remembers_the_last_outcome():
            # Written down, these would hide that Redis has lost what was before them; the next pass over the queue sees it.
            self._sending.wake()
            return LOSS_S
        if self._outcomes.record(outcomes):
            self._filing.wake()
            if self._outbox.has_room_for_many():
                self._sending.wake()
        return min(OUTCOMES_HOLD_S, self._settings.max_outstanding / ROOM_A_SECOND) if outcomes else 0.0

    def _stop_all(self) -> None:
        for thread in self._threads.values():
            thread.stop()
        for thread in self._threads.values():
            thread.join(THREAD_STOP_S)
        self._watch.stop()


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
