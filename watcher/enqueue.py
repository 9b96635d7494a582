"""Hands accepted files over to the queue: a row leaves ``accepted`` only once the broker has it.

A crash between the two hands it over again, which is harmless: publishing happens once. The same goes for a
hand-over of which nothing is heard any more.
"""

from collections.abc import Callable
from typing import Protocol

from schemas.handover import HandOver
from watcher.ledger import FileRow, Ledger

BATCH = 50


class Queue(Protocol):
    """The way to the broker; every call may raise what the caller takes for "Redis is away"."""

    def send(self, handover: HandOver) -> None:
        """Returns once the broker has it."""

    def depth(self) -> int:
        """How many hand-overs wait in the queue, begun by nobody."""

    def is_alive(self, handover: HandOver) -> bool:
        """Whether a worker is at it."""

    def sent(self, handover: HandOver) -> None:
        """Tell listeners; may be lost."""


class Outbox:
    """Moves rows from ``accepted`` to ``queued`` and repeats hand-overs that were lost."""

    def __init__(
        self,
        ledger: Ledger,
        queue: Queue,
        clock: Callable[[], float],
        *,
        max_outstanding: int,
        newest_first: bool,
        redeliver_after_s: float,
    ) -> None:
        self._ledger = ledger
        self._queue = queue
        self._clock = clock
        self._max_outstanding = max_outstanding
        self._newest_first = newest_first
        self._redeliver_after_s = redeliver_after_s

    def send_accepted(self) -> int:
        """Hand over what is accepted, as far as there is room; gives how many went.

        Raises:
            Exception: whatever the queue raises; rows sent before are marked.
        """
        room = min(BATCH, self._max_outstanding - self._ledger.outstanding())
        if room <= 0:
            return 0
        rows = self._ledger.to_send(room, self._newest_first, self._clock())
        for row in rows:
            self._send(row)
        return len(rows)

    def repeat_lost(self) -> list[FileRow]:
        """Hand over again what was sent long ago, is at no worker, and cannot all be waiting in the queue."""
        quiet = [
            row
            for row in self._ledger.silent(self._redeliver_after_s, self._clock())
            if not self._queue.is_alive(row.hand_over())
        ]
        # A long queue is no loss: only as many as the queue does not hold can be lost.
        lost = quiet[: max(0, len(quiet) - self._queue.depth())]
        for row in lost:
            self._send(row)
        return lost

    def _send(self, row: FileRow) -> None:
        handover = row.hand_over()
        self._queue.send(handover)
        now = self._clock()
        with self._ledger.transaction():
            self._ledger.advance(row.id, "queued", now)
            self._ledger.update(row.id, queued_at=now, sends=row.sends + 1)
        self._queue.sent(handover)
