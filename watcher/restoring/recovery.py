"""Notices that Redis has lost what it held, and brings it back: from the inbox, the ledger and the archive.

Two signs tell. Redis holds a name for its data, the generation, which the ledger remembers: gone or another, and all
is lost. The last outcome that the ledger has written down is still in its stream: if not, Redis has gone back to an
earlier state, as after a restore from a backup.
"""

import secrets
from collections.abc import Callable
from typing import Protocol

import structlog

from schemas.events import FailedEvent, ReportEvent
from schemas.names import Stream
from watcher.filing import sidecars
from watcher.ledger.database import Ledger
from watcher.ledger.rows import LOST, FileRow
from watcher.restoring.event_archive import Archive
from watcher.sending.outcomes import CURSOR, FROM_START

GENERATION = "generation"
#: Set while there may still be something to restore.
PENDING = "restoring"
BATCH = 50

log = structlog.get_logger("watcher")


class Store(Protocol):
    """What was published; every call may raise what the caller takes for "Redis is away"."""

    def generation(self) -> str | None:
        """The name of what Redis holds; None where it is empty."""

    def begin_generation(self, name: str, instead_of: str | None) -> None:
        """Give what Redis holds a name."""

    def event(self, stream: Stream, entry_id: str) -> str | None:
        """A published event's JSON."""

    def entry_of(self, event_id: str) -> str | None:
        """The entry of an event that has been published; None where Redis knows of none."""

    def report(self, event: ReportEvent, reading: bytes) -> str:
        """Publish once, with its reading, empty where nobody has that; gives the event's entry."""

    def failure(self, event: FailedEvent) -> str:
        """Publish once; gives the event's entry."""


class Recovery:
    """Compares Redis with the ledger, and publishes again what the archive has; tells of each event."""

    def __init__(
        self, ledger: Ledger, store: Store, archive: Archive, on_restored: Callable[[], None] = lambda: None
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._archive = archive
        self._on_restored = on_restored
        self._left: list[int] | None = None

    def has_lost_data(self) -> bool:
        """Look; where data was lost, mark all that Redis held as to be restored, and begin a new generation.

        The caller then hands over again what the queue held.
        """
        known, now = self._ledger.mark(GENERATION), self._store.generation()
        if now is not None and now == known and self.remembers_the_last_outcome():
            return False
        # Another name than ours is that of another watcher, who saw the loss first.
        generation = now if now is not None and now != known else secrets.token_hex(8)
        with self._ledger.transaction():
            self._ledger.set_mark(CURSOR, FROM_START)
            self._ledger.announce_again()
            self._ledger.set_mark(GENERATION, generation)
            self.restore_all()
        # Last: should the process die before, the loss is noticed once more.
        self._store.begin_generation(generation, now)
        if known is not None:
            log.warning("redis_lost_data", generation=generation)
        return known is not None

    def restore(self, is_stopping: Callable[[], bool] = lambda: False) -> int | None:
        """Publish some of the lost events again; gives how many were looked at, None where nothing is left to do."""
        if self._ledger.mark(PENDING) != "yes":
            return None
        with self._ledger.transaction():  # or a report that is filed meanwhile might be left out
            left = self._left = self._ledger.archived()[::-1] if self._left is None else self._left
        looked_at = 0
        while left and looked_at < BATCH and not is_stopping():
            row = self._ledger.get(left[-1])
            if row:
                self._restore(row)
            left.pop()
            looked_at += 1
        with self._ledger.transaction():
            if not left and self._left is left:
                self._ledger.set_mark(PENDING, "no")
                self._left = None
        return looked_at or None

    def generation(self) -> str | None:
        """The generation that the ledger is at."""
        return self._ledger.mark(GENERATION)

    def restore_all(self) -> None:
        """Go through the archive once more, from its beginning."""
        with self._ledger.transaction():
            self._ledger.set_mark(PENDING, "yes")
            self._left = None

    def restore_all_since(self, generation: str | None) -> None:
        """The same where data was lost since Redis was of this generation.

        To be called in the transaction that files a report: listed before, it would have been left out.
        """
        if self.generation() != generation:
            self.restore_all()

    def remembers_the_last_outcome(self) -> bool:
        """Whether Redis has the last outcome that was written down; one that is newer tells nothing."""
        cursor = self._ledger.mark(CURSOR) or FROM_START
        return cursor == FROM_START or self._store.event("outcomes", cursor) is not None

    def _restore(self, row: FileRow) -> None:
        if row.event_id is None:
            return
        entry_id = self._store.entry_of(row.event_id) or self._entry_there(row) or self._publish(row)
        if entry_id and entry_id != row.entry_id:
            self._ledger.update(row.id, entry_id=entry_id)

    def _entry_there(self, row: FileRow) -> str | None:
        """Its entry, where the stream has it still, though that it was published is known no longer (done_ttl_s)."""
        event = self._store.event(sidecars.stream_of(row), row.entry_id) if row.entry_id else None
        return row.entry_id if event and sidecars.is_event_of(row, event) else None

    def _publish(self, row: FileRow) -> str | None:
        try:
            event = self._archive.event(row)
            reading = self._archive.reading(row) if isinstance(event, ReportEvent) else b""
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            # Taken out of the archive, or changed there. The same content is read anew when it is dropped again.
            log.warning("not_restored", report=row.path, id=row.document, event_id=row.event_id, why=str(error))
            if row.state == "published":
                self._ledger.update(row.id, code=LOST)
            return None
        except OSError as error:
            # On a folder that cannot be read just now: it may be there another time.
            log.error("not_restored", report=row.path, id=row.document, event_id=row.event_id, why=str(error))
            return None
        entry_id = self._store.report(event, reading) if isinstance(event, ReportEvent) else self._store.failure(event)
        self._on_restored()
        return entry_id
