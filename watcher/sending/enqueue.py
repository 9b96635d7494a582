"""Hands accepted files over to the queue: a row leaves ``accepted`` only once the broker has it.

Some go at a time: marked in one transaction, sent in one command, marked in another. A crash in between, or a broker
that does not answer, leaves some of which nobody knows whether they went; of these the queue is asked before they are
handed over again, which would be harmless, too: publishing happens once. The same goes for a hand-over that has been
lost: one that is neither in the queue nor with a worker any more, though it has not ended.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from delivery.holdings import Holdings
from delivery.queue import task_id
from schemas.handover import HandOver
from watcher.filing.moving import Replaced
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow

BATCH = 50
#: A hand-over is on its way from queue to worker, or its outcome on the way to the ledger, for much less than this.
ON_ITS_WAY_S = 3.0
_NEVER_MIND_S = 120.0
_NO_COPY_S = 20.0
#: Reports are read again while fewer hand-overs than this have no outcome, so that what comes new need not wait for them.
REREAD_BESIDE = 32
#: A pass is made for what waits for room once this part of all room is free; what is free before goes with the next pass.
_WORTH_A_PASS = 1 / 4

log = structlog.get_logger("watcher")


class Queue(Protocol):
    """The way to the broker; every call may raise what the caller takes for "Redis is away"."""

    def send(self, handovers: Sequence[HandOver]) -> None:
        """Returns once the broker has them."""

    def holdings(self) -> Holdings:
        """Which hand-overs wait in the queue, and which a worker has taken."""

    def take_from_worker(self, handover: HandOver) -> None:
        """The worker that has it is dead: the queue shall not give it to another by itself."""

    def is_alive(self, handover: HandOver) -> bool:
        """Whether a worker is at it."""

    def sent(self, handovers: Sequence[HandOver]) -> None:
        """Tell listeners; may be lost."""


class Copies(Protocol):
    """Lays out what is to be read again where workers see it."""

    def lay_out(self, row: FileRow, *, anew: bool = False) -> None:
        """Lay out the report of a row, unless it lies there; ``anew``: even then.

        Raises:
            FileNotFoundError: it is not in the archive any more.
            Replaced: other bytes lie there.
            OSError: it cannot be copied just now.
        """


class Outbox:
    """Moves rows from ``accepted`` to ``queued`` and repeats hand-overs that were lost; ``out`` were without an outcome when it last sent."""

    def __init__(
        self,
        ledger: Ledger,
        queue: Queue,
        clock: Callable[[], float],
        *,
        max_outstanding: int,
        newest_first: bool,
        redeliver_after_s: float,
        copies: Copies | None = None,
    ) -> None:
        self._ledger = ledger
        self._queue = queue
        self._clock = clock
        self._max_outstanding = max_outstanding
        self._newest_first = newest_first
        self._redeliver_after_s = redeliver_after_s
        self._copies = copies
        self._quiet_since: dict[int, float] = {}
        self.out = 0

    def send_accepted(self) -> int:
        """Hand over what is accepted, as far as there is room, then what is to be read again; gives how many went.

        Raises:
            Exception: whatever the queue raises; none is marked, and the queue may have some.
        """
        sent, outstanding = 0, self._ledger.outstanding()
        room = min(BATCH, self._max_outstanding - outstanding)
        if room > 0:
            rows = self._ledger.to_send(room, self._clock(), newest_first=self._newest_first)
            sent = self._send_good(rows)
        room = min(REREAD_BESIDE, self._max_outstanding) - outstanding - sent
        rows = self._ledger.to_reread(room, self._clock()) if room > 0 and self._copies else []
        sent += self._send_good(rows)
        self.out = outstanding + sent
        return sent

    def has_room_for_many(self) -> bool:
        """Whether something waits, and enough has ended since for more than a few to go together."""
        room = self._max_outstanding - self._ledger.outstanding()
        return self._ledger.count("accepted") > 0 and room >= self._max_outstanding * _WORTH_A_PASS

    def repeat_lost(self, *, at_once: bool = False) -> list[FileRow]:
        """Hand over again what has not ended, is not in the queue, and has been at no living worker for a while.

        ``at_once``: the queue is known to have lost everything, so there is nothing to wait for. What a worker has
        taken and shows no sign of life of is taken from it, sooner than the queue would do by itself.

        Raises:
            Exception: whatever the queue raises; none is marked, and the queue may have some.
        """
        now = self._clock()
        rows = self._ledger.silent(0 if at_once else ON_ITS_WAY_S, now)
        held = self._queue.holdings() if rows else Holdings()
        quiet = [row for row in rows if self._can_be_sent(row) and self._is_quiet(row, held)]
        # The wall clock may have been set back: no silence began in the future.
        self._quiet_since = {row.id: min(now, self._quiet_since.get(row.id, now)) for row in quiet}
        lost = []
        for row in quiet:
            is_taken = task_id(row.hand_over()) in held.taken
            patience_s = self._redeliver_after_s if is_taken else 0 if at_once else ON_ITS_WAY_S
            if now - self._quiet_since[row.id] >= patience_s and self._is_laid_out(row):
                lost.append(row)
                if is_taken:
                    self._queue.take_from_worker(row.hand_over())
        self._send(lost)
        return lost

    def _send_good(self, rows: Sequence[FileRow]) -> int:
        good = [row for row in rows if self._can_be_sent(row) and self._is_laid_out(row)]
        self._send(good)
        return len(good)

    def _can_be_sent(self, row: FileRow) -> bool:
        """Whether a row makes a hand-over; one that does not waits for somebody to look, and holds nobody up."""
        try:
            row.hand_over()
        except ValueError as error:
            self._ledger.update(row.id, not_before=self._clock() + _NEVER_MIND_S, detail=f"no hand-over: {error}"[:500])
            log.error("not_handed_over", report=row.path, id=row.document, why=str(error))
            return False
        return True

    def _is_laid_out(self, row: FileRow) -> bool:
        """Whether workers see the file; what is read again lies in the archive, where they see nothing."""
        if row.replaces is None or self._copies is None:
            return True
        now = self._clock()
        try:
            self._copies.lay_out(row, anew=row.queued_at is not None)
        except FileNotFoundError as error:
            self._ledger.advance(row.id, "vanished", now, detail=f"not read again: {error}")
        except Replaced:
            self._ledger.advance(row.id, "superseded", now, detail="not read again: it was changed in the archive")
        except OSError as error:
            why = f"not read again yet: no copy in the inbox: {error.strerror}"
            self._ledger.update(row.id, not_before=now + _NO_COPY_S, detail=why)
        else:
            return True
        return False

    def _is_quiet(self, row: FileRow, held: Holdings) -> bool:
        handover = row.hand_over()
        return task_id(handover) not in held.waiting and not self._queue.is_alive(handover)

    def _send(self, rows: Sequence[FileRow]) -> None:
        if not rows:
            return
        there = self._already_there(rows)
        with self._ledger.transaction():
            for row in rows:
                if row.sends == 0:
                    # Before it goes: from now on a worker may have it, whatever becomes of this process.
                    self._ledger.update(row.id, sends=1)
        handovers = [row.hand_over() for row in rows if row.id not in there]
        self._queue.send(handovers)
        now = self._clock()
        with self._ledger.transaction():
            for row in rows:
                sends = row.sends + 1 if row.queued_at else 1
                if not self._ledger.advance(row.id, "queued", now, queued_at=now, sends=sends):
                    self._ledger.update(row.id, queued_at=now, sends=sends)  # handed over again
        for row in rows:
            self._quiet_since.pop(row.id, None)
        self._queue.sent(handovers)

    def _already_there(self, rows: Sequence[FileRow]) -> set[int]:
        """Ids of the rows that were to go before, and did, though nobody could write that down."""
        unsure = [row for row in rows if row.sends and row.queued_at is None]
        held = self._queue.holdings() if unsure else Holdings()
        return {row.id for row in unsure if task_id(row.hand_over()) in held.waiting | held.taken}
