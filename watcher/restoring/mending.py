"""Mends JSON of the archive that says only where a report was published: earlier versions left such behind.

They did where the stream had been trimmed before a report was filed. Redis may still have the report under its key.
"""

from collections.abc import Callable
from typing import Protocol

import structlog

from watcher.filing import sidecars
from watcher.ledger.database import Ledger
from watcher.ledger.rows import LOST, FileRow
from watcher.restoring.event_archive import Archive

MENDED = "archive-mended"
BATCH = 50

log = structlog.get_logger("watcher")


class Reports(Protocol):
    """Reports in Redis; a call may raise what the caller takes for "Redis is away"."""

    def report_of(self, document: str, revision: int) -> str | None:
        """The JSON of the report under a revision's key; None where there is none any more."""


class Mending:
    """Looks through the archive of a ledger once, and never again."""

    def __init__(self, ledger: Ledger, archive: Archive, reports: Reports) -> None:
        self._ledger = ledger
        self._archive = archive
        self._reports = reports
        self._left: list[int] | None = None

    def go_on(self, is_stopping: Callable[[], bool] = lambda: False) -> bool:
        """Mend some; gives False where nothing is left to do."""
        if self._ledger.mark(MENDED) == "yes":
            return False
        left = self._left = self._ledger.archived()[::-1] if self._left is None else self._left
        looked_at = 0
        while left and looked_at < BATCH and not is_stopping():
            row = self._ledger.get(left[-1])
            if row and row.state == "published":
                self._mend(row)
            left.pop()
            looked_at += 1
        if not left:
            self._ledger.set_mark(MENDED, "yes")
        return bool(left)

    def _mend(self, row: FileRow) -> None:
        try:
            content = self._archive.content(row)
        except (OSError, ValueError):
            return  # taken away, or not ours
        if not sidecars.is_lost(content):
            return
        report = self._reports.report_of(row.document, row.revision or 0)
        whole = sidecars.for_kept(row, report) if report else None
        if whole is None:
            log.warning("not_kept", report=row.path, id=row.document, event_id=row.event_id)
            self._ledger.update(row.id, code=LOST)
            return
        self._archive.put(row, whole)
        self._ledger.update(row.id, code=None)
