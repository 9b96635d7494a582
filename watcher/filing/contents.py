"""What goes beside a file: the JSON of its row, and the packed reading of its report, as they were published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pydantic_core
import structlog

from schemas.names import Stream
from watcher.filing import sidecars
from watcher.ledger.database import Ledger
from watcher.ledger.rows import LOST, FileRow
from watcher.running.blame import is_of_all
from watcher.taking.announce import failed_event

log = structlog.get_logger("watcher")


class PublishedEvents(Protocol):
    """What was published; every call may raise what the caller takes for "Redis is away"."""

    def event(self, stream: Stream, entry_id: str) -> str | None:
        """A published event's JSON."""

    def with_readings(self, wanted: Sequence[tuple[str, str, int]]) -> list[tuple[str | None, bytes | None]]:
        """Events of reports with their packed readings, in one go: those of (entry, document, revision)."""

    def entry_of(self, event_id: str) -> str | None:
        """The entry of an event that has been published; None where Redis knows of none."""

    def report_of(self, document: str, revision: int) -> str | None:
        """The JSON of the report under a revision's key; None where there is none any more."""

    def reading_of(self, document: str, revision: int) -> bytes | None:
        """The packed reading under a revision's key; None where there is none any more."""


class Restoring(Protocol):
    """Who publishes again what Redis has lost."""

    def generation(self) -> str | None:
        """The name of what Redis holds."""

    def restore_all_since(self, generation: str | None) -> None:
        """Hear what Redis held when the event was read of a file that is filed now; called in its transaction."""


@dataclass(frozen=True)
class _Fetched:
    """A report's event and its reading, and of which generation Redis was before they were asked for."""

    generation: str | None
    event: str | None
    reading: bytes | None


class Unpublished(Exception):
    """Redis has lost the event, so the report is to be read again."""


class Unkept(Exception):
    """The event is out, and its report is neither in the stream nor under its key any more."""


class Contents:
    """What ``published`` has of rows, and the ledger of the others; some may be fetched together."""

    def __init__(self, ledger: Ledger, published: PublishedEvents, restoring: Restoring) -> None:
        self._ledger = ledger
        self._published = published
        self._restoring = restoring
        self._fetched: dict[int, _Fetched] = {}

    def fetch(self, rows: Sequence[FileRow]) -> None:
        """Get at once what was published of some rows; of one alone it is asked for as it is needed."""
        self._fetched = {}
        wanted = [row for row in rows if row.state == "published" and row.entry_id]
        if len(wanted) < 2:
            return
        generation = self._restoring.generation()
        try:
            found = self._published.with_readings(
                [(row.entry_id or "", row.document, row.revision or 0) for row in wanted]
            )
        except Exception as error:
            if is_of_all(error):
                raise
            return  # of one of them: each is asked for by itself, and that one fails
        self._fetched = {
            row.id: _Fetched(generation, event, reading) for row, (event, reading) in zip(wanted, found, strict=True)
        }

    def forget(self) -> None:
        """Let go of what was fetched together."""
        self._fetched = {}

    def generation(self, row: FileRow) -> str | None:
        """The name of what Redis held before it was asked for what goes beside a row's file."""
        fetched = self._fetched.get(row.id)
        return fetched.generation if fetched else self._restoring.generation()

    def of(self, row: FileRow) -> bytes:
        """The JSON that goes beside a row's file.

        Raises:
            Unpublished: its report is to be read again.
            Unkept: its report is out, and nobody has it any more.
        """
        if row.state == "duplicate":
            return sidecars.for_duplicate(row, original_of(self._ledger, row))
        if row.revision is None:
            return sidecars.for_quarantined(row, failed_event(row).data.model_dump(mode="json"))
        if row.state == "published":
            return self._report(row)
        event = self._event(row, "failures")
        if event is None:
            return self._ledger.kept(row.id) or sidecars.for_quarantined(row, None)
        failure = pydantic_core.from_json(event)["data"]
        code, detail = sidecars.reason(row, failure)
        self._ledger.update(row.id, code=code, detail=detail)
        return sidecars.for_quarantined(row, failure)

    def _report(self, row: FileRow) -> bytes:
        event = self._event(row, "results")
        if event is not None:
            return sidecars.for_published(event)
        report = self._published.report_of(row.document, row.revision or 0)
        content = sidecars.for_kept(row, report) if report else None
        if content is None:
            raise Unkept
        return content

    def _event(self, row: FileRow, stream: Stream) -> str | None:
        """The published event's JSON, None where it has been trimmed from its stream."""
        fetched = self._fetched.get(row.id)
        event = fetched.event if fetched else self._published.event(stream, row.entry_id) if row.entry_id else None
        # A server that took over from another one may have given the same entry to another event.
        if row.event_id is None or (event is not None and sidecars.id_of(event) == row.event_id):
            return event
        entry_id = self._published.entry_of(row.event_id)
        if entry_id is None:
            raise Unpublished
        return self._published.event(stream, entry_id)

    def reading(self, row: FileRow) -> bytes:
        """The packed reading of a published report; empty for what has none, and where nobody has it any more."""
        if row.state != "published" or row.code == LOST:
            return b""
        fetched = self._fetched.pop(row.id, None)
        found = fetched.reading if fetched else self._published.reading_of(row.document, row.revision or 0)
        packed = found or b""
        if sidecars.is_reading_of(row, packed):
            return packed
        log.warning("reading_not_kept", report=row.path, id=row.document, event_id=row.event_id)
        return b""


def original_of(ledger: Ledger, row: FileRow) -> FileRow:
    """The row whose content a duplicate has; of one that was read again, the reading that holds."""
    original = ledger.get(row.duplicate_of or 0)
    if original is None:
        raise LookupError(f"{row.path}: the ledger has no row {row.duplicate_of} that it repeats")
    return ledger.holding(original)
