"""What the filing's thread does again and again: files rows that have ended, and puts off those that cannot be filed."""

import errno
import os
import time
from contextlib import suppress

import structlog

from delivery.backoff import Backoff
from watcher.filing.file_away import Filing, waiting
from watcher.filing.together import portions
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.running.alarms import Alarms
from watcher.running.blame import is_of_all

log = structlog.get_logger("watcher")

FILING_BATCH = 50
FILING_BACKOFF = Backoff(first_s=1.0, cap_s=30.0)
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
IDLE_S = 1.0


class Filer:
    """Takes rows from the ledger some at a time.

    ``is_full`` says that a disk had no space for a file, and that there was no pass since in which all were filed.
    """

    def __init__(self, ledger: Ledger, filing: Filing, alarms: Alarms) -> None:
        self._ledger = ledger
        self._filing = filing
        self._alarms = alarms
        self.is_full = False

    def work(self) -> float:
        """File what is due; gives the seconds to wait before the next go."""
        for row in self._ledger.to_keep(FILING_BATCH, time.time()):
            self._keep_one(row)
        rows = self._ledger.to_file(FILING_BATCH, time.time())
        if rows:
            self._keep_archive()
        failed: list[int] = []
        for portion in portions(rows):
            failures = self._filing.file_all(portion)
            for row in portion:
                if row.id in failures:
                    self._file_later(row, failures[row.id])
            failed += failures
        if rows and not failed:
            self.is_full = False
            self._alarms.clear("not-filed")
        return 0.0 if len(rows) == FILING_BATCH else IDLE_S

    def _keep_archive(self) -> None:
        """Filing goes on without what was in a folder that is gone; the alarm stays, for that cannot be had again."""
        with suppress(OSError):  # each row says why it cannot be filed
            for root in self._filing.make_roots():
                folder = os.fsdecode(root)
                why = "was taken away while the watcher ran, and made again; what lay there is no longer in the archive"
                self._alarms.set(f"remade-{os.path.basename(folder)}", f"{folder} {why}")

    def _keep_one(self, row: FileRow) -> None:
        try:
            self._filing.keep(row)
        except Exception as error:
            if is_of_all(error):
                raise
            self._put_back(row, error)

    def _file_later(self, row: FileRow, error: Exception) -> None:
        why = f"not archived: {self._filing.in_the_way(row, error) if isinstance(error, OSError) else _said(error)}"
        if isinstance(error, OSError):
            self.is_full = self.is_full or error.errno in NO_SPACE
        pause = "; nothing more is handed over until there is space" if self.is_full else ""
        self._put_back(row, error, detail=waiting(row, why))
        self._alarms.set("not-filed", f"{row.path}: {why}{pause}")

    def _put_back(self, row: FileRow, error: Exception, **columns: str | None) -> None:
        if not isinstance(error, OSError):
            log.error("put_back", report=row.path, id=row.document, exc_info=error)
        wait_s = FILING_BACKOFF.wait_s(row.tries + 1)
        self._ledger.update(row.id, tries=row.tries + 1, not_before=time.time() + wait_s, **columns)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
