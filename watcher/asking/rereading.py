"""Filed reports are read again: a row for each that is asked for, and the new reading in the place of the old one.

The steps, each of which may be the last before a crash: the rows are written, the request goes; the report is handed over
as any other; its event is out; the new reading is kept in the ledger and holds from then on; it lies in the archive.
"""

import time
from collections.abc import Callable

import structlog

from watcher.asking.copies import Copies
from watcher.asking.requests import Request
from watcher.filing.file_away import Filing
from watcher.filing.filer import FILING_BACKOFF
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.running.alarms import Alarms
from watcher.running.blame import is_of_all
from watcher.running.damage import in_words

BATCH = 50
#: Rows that one transaction adds: others want to write, too.
PORTION = 200
#: And that one pass adds: its thread is to show signs of life.
AT_ONCE = 2000
ALARM = "not-reread"

log = structlog.get_logger("watcher")


class Rereading:
    """Filed reports to be read again, from the request to the new reading in its place."""

    def __init__(
        self,
        ledger: Ledger,
        filing: Filing,
        copies: Copies,
        alarms: Alarms,
        on_added: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ledger = ledger
        self._filing = filing
        self._copies = copies
        self._alarms = alarms
        self._on_added = on_added
        self._clock = clock
        self._done: dict[Request, int] = {}

    def take_up(self, request: Request) -> bool:
        """Add rows for some of what is asked for; gives whether that was all of it."""
        added, start = 0, self._done.get(request, 0)
        rows = request.rows[start : start + AT_ONCE]
        for portion in range(0, len(rows), PORTION):
            with self._ledger.transaction():
                for id_, event_id in rows[portion : portion + PORTION]:
                    added += self._add(id_, event_id, request.at)
        log.info("to_be_reread", reports=added, asked=len(request.rows))
        self._on_added()
        self._done[request] = start + AT_ONCE
        if self._done[request] < len(request.rows):
            return False
        del self._done[request]
        return True

    def work(self) -> bool:
        """Let new readings hold, and put them in place; gives whether there may be more to do at once."""
        now = self._clock()
        rows = self._ledger.reread(BATCH, now)
        for row in rows:
            self._one(row, self._filing.let_hold)
        placed = self._ledger.to_put_in_place(BATCH, now)
        failed = [row for row in placed if not self._one(row, self._filing.put_in_place)]
        if placed and not failed:
            self._alarms.clear(ALARM)
        self._copies.take_away()
        return BATCH in (len(rows), len(placed))

    def _add(self, id_: int, event_id: str, asked_at: float) -> bool:
        """Add a row, unless the reading that is meant holds no longer, or one was added for the same request before."""
        row = self._ledger.get(id_)
        if row is None or row.event_id != event_id or row.state != "published" or row.folder != "processed":
            return False
        if self._ledger.rereading_of(id_, asked_at):
            return False
        self._ledger.add_rereading(row, max(self._clock(), asked_at))
        return True

    def _one(self, row: FileRow, step: Callable[[FileRow], None]) -> bool:
        try:
            step(row)
        except Exception as error:
            if is_of_all(error):
                raise
            if not isinstance(error, OSError):
                log.error("put_back", report=row.path, id=row.document, exc_info=error)
            later = self._clock() + FILING_BACKOFF.wait_s(row.tries + 1)
            self._ledger.update(row.id, tries=row.tries + 1, not_before=later)
            self._alarms.set(ALARM, f"{row.path}: its new reading is not in the archive: {in_words(error)}")
            return False
        return True
