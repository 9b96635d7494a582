"""What the queue's thread does: notices that Redis has lost data, announces refusals, and hands reports over."""

import time

import structlog

from watcher.active.server_look import ServerLook
from watcher.active.threads import HOLD_S, Threads
from watcher.filing.filer import Filer
from watcher.ledger.database import Ledger
from watcher.restoring.recovery import Recovery
from watcher.sending.broker import Broker
from watcher.sending.enqueue import BATCH as SENT_TOGETHER
from watcher.sending.enqueue import Outbox
from watcher.sending.looks import Looks
from watcher.taking.announce import BATCH as ANNOUNCED_TOGETHER
from watcher.taking.announce import announce
from watcher.telemetry import WatcherTelemetry

log = structlog.get_logger("watcher")

IDLE_S = 1.0
SWEEP_S = 2.0
#: Between looks whether Redis has lost data, where passes follow each other faster: one that sends meanwhile is no other than
#: one in which it lost them just after the look.
LOOK_S = 0.5
#: Hand-overs that no service reads faster: what is out keeps its workers busy for longer than a pass is held.
READ_A_SECOND = 500
MOST_HOLD_S = 0.25


class QueuePass:
    """One pass after the other. Nothing is handed over while ``filer`` lacks space, or ``server`` is unsafe."""

    def __init__(
        self,
        ledger: Ledger,
        broker: Broker,
        outbox: Outbox,
        *,
        recovery: Recovery,
        filer: Filer,
        looks: Looks,
        server: ServerLook,
        metrics: WatcherTelemetry,
        threads: Threads,
    ) -> None:
        self._ledger = ledger
        self._broker = broker
        self._outbox = outbox
        self._recovery = recovery
        self._filer = filer
        self._looks = looks
        self._server = server
        self._metrics = metrics
        self._threads = threads
        self._swept_at = 0.0
        self._look_after = float("-inf")

    def work(self) -> float:
        """Gives the seconds until the next pass."""
        now = time.monotonic()
        self._looks.at_keys(now)
        next_look, self._look_after = self._look_after, float("-inf")  # a pass that fails is followed by a look
        is_emptied = False
        if now >= next_look:
            is_emptied = self._recovery.has_lost_data()
            next_look = now + LOOK_S
        if is_emptied:
            self._metrics.lost()
            self._threads.wake("asking", "restoring")
            self._server.forget()
        announced = announce(self._ledger, self._broker)
        if announced:
            self._threads.wake("filing")
        now = time.monotonic()
        if is_emptied or now - self._swept_at >= SWEEP_S:
            self._sweep(now, at_once=is_emptied)
        self._server.look(now)
        sent = 0 if self._filer.is_full or self._server.is_unsafe else self._outbox.send_accepted()
        self._look_after = next_look
        return 0.0 if sent >= SENT_TOGETHER or announced >= ANNOUNCED_TOGETHER else IDLE_S

    def hold_s(self) -> float:
        """Seconds from the end of a pass to the next at the soonest: a new file shall go soon, unless workers have enough to do."""
        return max(HOLD_S, min(MOST_HOLD_S, self._outbox.out / READ_A_SECOND))

    def _sweep(self, now: float, *, at_once: bool) -> None:
        """Hand over again what was lost on the way, and look at those who should take it."""
        for row in self._outbox.repeat_lost(at_once=at_once):
            log.warning("handed_over_again", report=row.path, id=row.document, revision=row.revision)
            self._metrics.repeated()
        self._looks.at_queue(now)
        self._swept_at = now
