"""Publishes what the watcher itself has to say: files it refused or ignored, and duplicates."""

from typing import Protocol

import structlog

from schemas.events import FailedEvent, Failure, Progress, ProgressEvent, utc_now
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.running.blame import is_of_all

#: Stands where a failure event's id has the pipeline's version: nothing was read, so none took part.
INTAKE_VERSION = "intake-1"
STAGE = "intake"
BATCH = 50

log = structlog.get_logger("watcher")


class Announcer(Protocol):
    """The way to subscribers."""

    def failure(self, event: FailedEvent) -> str:
        """Publish once, however often it is called; gives the event's entry."""

    def progress(self, event: ProgressEvent) -> None:
        """Tell who listens just now."""


def announce(ledger: Ledger, announcer: Announcer) -> int:
    """Publish every event that is still to be published; gives how many.

    Raises:
        Exception: whatever the announcer raises; what was published before is marked.
    """
    done = 0
    for row in ledger.to_announce(BATCH):
        try:
            _announce(row, ledger, announcer)
        except Exception as error:
            if is_of_all(error):
                raise
            log.error("not_announced", report=row.path, id=row.document, exc_info=error)
        else:
            done += 1
    return done


def _announce(row: FileRow, ledger: Ledger, announcer: Announcer) -> None:
    if row.code == "duplicate":
        announcer.progress(_duplicate(row))
        ledger.update(row.id, announced=1)
    else:
        event = failed_event(row)
        announcer.failure(event)
        ledger.update(row.id, announced=1, event_id=event.id)


def failed_event(row: FileRow) -> FailedEvent:
    """The event about a file that was refused or ignored."""
    failure = Failure(
        id=row.document,
        source=row.failed_file(),
        code=row.code or row.state,
        message=f"{row.path}: stage {STAGE}: {row.detail}",
        stage=STAGE,
        round=row.round,
        disposition="ignored" if row.state == "ignored" else "quarantined",
    )
    return FailedEvent.of(failure, INTAKE_VERSION, utc_now())


def _duplicate(row: FileRow) -> ProgressEvent:
    return progress_event(Progress(id=row.document, path=row.path, stage="duplicate", detail=row.detail))


def progress_event(progress: Progress) -> ProgressEvent:
    """The event around a step."""
    now = utc_now()
    return ProgressEvent(
        id=f"{progress.id}:{progress.revision}:{progress.stage}:{now.timestamp()}",
        subject=progress.path,
        time=now,
        dataschema="https://zhibiao.io/schemas/progress.v1.json",
        data=progress,
    )
