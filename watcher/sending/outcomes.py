"""Follows the stream of outcomes: writes down how each hand-over ended, together with the place in the stream."""

from collections.abc import Callable, Sequence
from typing import Literal

import structlog

from schemas.handover import Outcome
from watcher.filing import sidecars
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow, State
from watcher.running.blame import is_of_all
from watcher.seeing.below_root import RootUnavailable, signature_at

CURSOR = "outcomes"
FROM_START = "0-0"
#: Seconds until a hand-over is repeated whose file the worker could not see.
NOT_SEEN_AGAIN_S = 15.0
#: An entry of the stream; None stands for one that is no outcome.
Entry = tuple[str, Outcome | None]
#: What is to be done of a row once its outcome is written down.
_Then = Literal["nothing", "ended", "look again"]

log = structlog.get_logger("watcher")


class Outcomes:
    """``notice(path)`` is called for a path of the inbox to be looked at anew, ``on_ended(row)`` for a row that ended."""

    def __init__(
        self,
        ledger: Ledger,
        inbox: bytes,
        notice: Callable[[bytes], None],
        clock: Callable[[], float],
        on_ended: Callable[[FileRow], None] = lambda _row: None,
    ) -> None:
        self._ledger = ledger
        self._inbox = inbox
        self._notice = notice
        self._clock = clock
        self._on_ended = on_ended

    def cursor(self) -> str:
        """The last entry of the stream that was written down."""
        return self._ledger.mark(CURSOR) or FROM_START

    def record(self, entries: Sequence[Entry]) -> int:
        """Write down outcomes in their order; gives how many. Those seen before change nothing, nor does None.

        All in one transaction; where one of them fails, none has been written down, and each has one of its own.
        """
        try:
            self._record_all(entries)
        except Exception as error:
            if is_of_all(error):
                raise
            if len(entries) == 1:
                self._pass_by(*entries[0], error)
            else:
                for entry in entries:
                    self.record([entry])
        return sum(1 for _, outcome in entries if outcome is not None)

    def _pass_by(self, entry_id: str, outcome: Outcome | None, error: Exception) -> None:
        # Its row, if there is one, is handed over again in time, and has another outcome.
        about = {"id": outcome.id, "revision": outcome.revision} if outcome else {}
        log.error("outcome_skipped", entry=entry_id, **about, exc_info=error)
        self._ledger.set_mark(CURSOR, entry_id)

    def _record_all(self, entries: Sequence[Entry]) -> None:
        done: list[tuple[FileRow, _Then]] = []
        with self._ledger.transaction():
            for _, outcome in entries:
                row = self._ledger.by_hand_over(outcome.id, outcome.revision, outcome.round) if outcome else None
                if outcome and row and row.sha256 == outcome.sha256:
                    done.append((row, self._record(row, outcome)))
            if entries:
                self._ledger.set_mark(CURSOR, entries[-1][0])
        for row, then in done:
            if then == "ended":
                self._on_ended(row)
            elif then == "look again":
                self._notice(row.raw)

    def _record(self, row: FileRow, outcome: Outcome) -> _Then:
        now = self._clock()
        if outcome.status in ("published", "failed"):
            other = self._ledger.with_event(row, outcome.event_id) if outcome.status == "published" else None
            if other:
                # Handed over before it was known that this content had been published as another revision.
                # Nothing came out for this one: it is handed over once more, and has an event of its own.
                self._ledger.update(row.id, duplicate_of=other.id)
                return "nothing"
            if row.replaced_event and outcome.event_id == row.replaced_event:
                why = "read by the rules of the reading that it was to replace: nothing has changed"
                self._ledger.advance(row.id, "superseded", now, detail=why)
                return "nothing"
            state = _end(row, outcome)
            if self._ledger.advance(
                row.id, state, now, event_id=outcome.event_id, entry_id=outcome.entry_id, not_before=0, tries=0
            ):
                self._keep_reason(row.id, outcome)
                return "ended"
            return "nothing"
        if row.state not in ("accepted", "queued"):
            return "nothing"
        return self._not_found(row, outcome.status, now)

    def _keep_reason(self, id_: int, outcome: Outcome) -> None:
        """A failure has no key of its own, and its stream may be trimmed before the file is filed."""
        if outcome.failure and (row := self._ledger.get(id_)):
            failure = outcome.failure.model_dump(mode="json")
            code, detail = sidecars.reason(row, failure)
            self._ledger.update(id_, code=code, detail=detail)
            self._ledger.keep(id_, sidecars.for_quarantined(row, failure))

    def _not_found(self, row: FileRow, status: str, now: float) -> _Then:
        """The worker saw other content, or none. What lies there decides; of a report that is read again, the archive."""
        if row.replaces is not None:
            why = "the worker does not see the copy of the file; do both have the inbox mounted?"
            self._ledger.update(row.id, detail=why, not_before=now + NOT_SEEN_AGAIN_S)
            return "nothing"
        try:
            signature = signature_at(self._inbox, row.raw)
        except RootUnavailable:
            # Nothing is known while the whole inbox is away; the hand-over is repeated later.
            self._ledger.update(row.id, not_before=now + NOT_SEEN_AGAIN_S)
            return "nothing"
        if not row.in_inbox:
            self._ledger.advance(row.id, "superseded", now)
        elif signature is None:
            self._ledger.advance(row.id, "vanished", now, in_inbox=0, detail="deleted before it was read")
        elif status == "missing" and signature == row.signature:
            # There for the watcher and not for the worker: a mount is missing there. Repeated after a while.
            why = "the worker does not see the file; do both have the inbox mounted?"
            self._ledger.update(row.id, detail=why, not_before=now + NOT_SEEN_AGAIN_S)
            return "nothing"
        else:
            self._ledger.advance(row.id, "superseded", now, in_inbox=0, detail="changed before it was read")
        return "look again"


def _end(row: FileRow, outcome: Outcome) -> State:
    if outcome.status == "published":
        return "published"
    return "quarantined" if row.replaces is None else "kept"
