"""The reports that lie beside the processed files."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schemas.events import ReportEvent
from watcher import sidecars
from watcher.filing import SUFFIX
from watcher.inbox import read_file
from watcher.ledger import FILE_NAME, FileRow, Ledger
from watcher.settings import WatcherSettings


@dataclass(frozen=True)
class Archived:
    """A report in the archive, by its row in the ledger. The report itself is read when it is asked for."""

    processed: Path
    row: FileRow

    @property
    def event_id(self) -> str:
        """The event that was published for it."""
        return self.row.event_id or ""

    @property
    def time(self) -> datetime:
        """When that was."""
        return sidecars.published_at(self.row)

    def event(self) -> ReportEvent:
        """The event that announced it.

        Raises:
            OSError: it has been taken out of the archive.
            ValueError: it is another.
        """
        target = self.row.target or self.row.raw
        return sidecars.report_event(
            self.row, read_file(os.fsencode(self.processed.absolute()), target + SUFFIX["processed"])
        )


def archived(settings: WatcherSettings) -> Iterator[Archived]:
    """All reports that were published and filed away, in that order.

    A file that somebody dropped may look like a report of ours, so the ledger decides which JSON is one.
    """
    try:
        ledger = Ledger.open(settings.state / FILE_NAME, readonly=True)
    except FileNotFoundError:
        return
    try:
        for id_ in ledger.archived():
            row = ledger.get(id_)
            if row and row.state == "published":
                yield Archived(settings.processed, row)
    finally:
        ledger.close()
