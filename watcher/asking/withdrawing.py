"""Documents are taken back: their reports no longer hold, and their files leave the archive of reports.

The steps, each of which may be the last before a crash: the rows and the event that says so are written down, the request
goes; the event is out, and with it the keys are gone; each file lies in quarantine, its report and reading beside it.
"""

import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

from schemas.events import Withdrawal, WithdrawnEvent
from watcher.asking.requests import Request
from watcher.filing.filer import FILING_BACKOFF
from watcher.filing.moving import RootedPath, move, remove, write_file
from watcher.filing.places import READING_SUFFIX, SUFFIX, Roots, is_blocked
from watcher.filing.targets import free_target, temporary
from watcher.ledger.database import Ledger
from watcher.ledger.rows import WITHDRAWN, FileRow
from watcher.running.alarms import Alarms
from watcher.running.damage import in_words
from watcher.seeing.below_root import open_file
from watcher.taking.intake import sha256_of

BATCH = 50
ALARM = "not-withdrawn"
#: What lies beside a withdrawn file: why it is there, and its report and reading as they were.
BESIDE = (SUFFIX["processed"], READING_SUFFIX)

log = structlog.get_logger("watcher")


class Publishing(Protocol):
    """The way to Redis; a call may raise what the caller takes for "Redis is away"."""

    def withdraw(self, event: WithdrawnEvent) -> str:
        """Take a document back, once however often it is called; gives the event's entry."""


class Withdrawing:
    """Takes documents back; ``clock`` gives wall time."""

    def __init__(
        self, ledger: Ledger, roots: Roots, publishing: Publishing, alarms: Alarms, clock: Callable[[], float]
    ) -> None:
        self._ledger = ledger
        self._roots = roots
        self._publishing = publishing
        self._alarms = alarms
        self._clock = clock

    def take_up(self, request: Request) -> bool:
        """Take back the documents of the rows that are named; one that is just being read again, or filed, is waited for."""
        waits = False
        for id_, event_id in request.rows:
            row = self._ledger.get(id_)
            if row is None or row.event_id != event_id or row.state not in ("published", "replaced"):
                continue
            try:
                with self._ledger.transaction():
                    waits = not self._withdraw(row.document, request) or waits
            except OSError as error:  # no place can be found for its files
                self._alarms.set(ALARM, f"{row.path}: not withdrawn yet: {in_words(error)}")
                waits = True
        return not waits

    def work(self) -> bool:
        """Publish what is to be published, and take files out; gives whether there may be more to do at once."""
        rows = self._ledger.to_take_out(BATCH, self._clock())
        left = [row for row in rows if not self._take_out(row)]
        if rows and not left:
            self._alarms.clear(ALARM)
        for event in self._ledger.untold_withdrawals(BATCH):
            self._publishing.withdraw(event)
            self._ledger.told_withdrawal(event.id)
        return len(rows) == BATCH

    def _withdraw(self, document: str, request: Request) -> bool:
        rows = self._ledger.of_document(document)
        for row in rows:
            if row.replaces is not None and row.state == "accepted":
                self._ledger.advance(row.id, "superseded", self._clock(), detail="not read again: it is taken back")
        rows = self._ledger.of_document(document)
        if any(_is_on_its_way(row, self._ledger.kept(row.id) is not None) for row in rows):
            return False
        out = [row for row in rows if row.state in ("published", "replaced") and row.event_id and row.revision]
        withdrawal = Withdrawal(
            id=document,
            path=rows[0].path,
            revisions=tuple(sorted({row.revision for row in out if row.revision})),
            events=tuple(row.event_id for row in out if row.event_id),
            why=request.why,
        )
        event = WithdrawnEvent.of(withdrawal, datetime.fromtimestamp(request.at, UTC))
        held = [row for row in rows if row.state in ("published", "duplicate")]
        self._ledger.withdraw(event, held, self._clock())
        for row in held:
            self._find_place(row)
        log.info("withdrawn", report=withdrawal.path, id=document, event_id=event.id, revisions=withdrawal.revisions)
        return True

    def _find_place(self, row: FileRow) -> None:
        """Write down where a file is to go; called in the transaction that takes its document back."""
        if row.folder != "processed" or row.target is None:
            return
        target = free_target(row.target, row.sha256 or row.document, self._is_taken, self._is_blocked)
        former = self._ledger.by_target("quarantine", target)
        if former:  # its file was taken out of the archive, as by a retry
            self._ledger.update(former.id, folder=None, target=None)
        self._ledger.update(row.id, folder="quarantine", target=target, taken_from=row.target, tries=0, not_before=0)

    def _is_taken(self, path: bytes) -> bool:
        suffixes = (b"", SUFFIX["quarantine"], *BESIDE)
        return any(RootedPath(self._roots.quarantine, path + suffix).signature() for suffix in suffixes) or (
            (owner := self._ledger.by_target("quarantine", path)) is not None and owner.taken_from is not None
        )

    def _is_blocked(self, path: bytes) -> bool:
        return is_blocked(self._roots.quarantine, path)

    def _take_out(self, row: FileRow) -> bool:
        try:
            self._move(row)
        except OSError as error:
            later = self._clock() + FILING_BACKOFF.wait_s(row.tries + 1)
            self._ledger.update(row.id, tries=row.tries + 1, not_before=later)
            self._alarms.set(ALARM, f"{row.path}: withdrawn, and still in the processed folder: {in_words(error)}")
            return False
        self._ledger.update(row.id, taken_from=None, tries=0)
        return True

    def _move(self, row: FileRow) -> None:
        """The reason first, the file last: it tells that all of it is done."""
        target = RootedPath(self._roots.quarantine, row.target or row.raw)
        reason = RootedPath(target.root, target.path + SUFFIX["quarantine"])
        write_file(reason, temporary(reason.path, row.id), _reason(row))
        pairs = [
            (
                RootedPath(self._roots.processed, (row.taken_from or b"") + suffix),
                RootedPath(target.root, target.path + suffix),
            )
            for suffix in (*BESIDE, b"")
        ]
        # What is not there was moved before, or taken out by somebody.
        left = [(source, there) for source, there in pairs if source.signature() is not None]
        for source, there in left:
            _make_room(source, there)
        for source, there in left:
            if signature := source.signature():
                move(source, there, signature, temporary(there.path, row.id), None)


def _make_room(source: RootedPath, there: RootedPath) -> None:
    """Remove a copy, to another file system, that was cut off before the source was removed.

    Raises:
        FileExistsError: something else lies there.
    """
    if there.signature() is None:
        return
    if _digest(there) != _digest(source):
        raise FileExistsError(errno.EEXIST, "something else lies in its place in quarantine")
    remove(there)


def _digest(place: RootedPath) -> str:
    descriptor = open_file(place.root, place.path)
    try:
        return sha256_of(descriptor)
    finally:
        os.close(descriptor)


def _is_on_its_way(row: FileRow, is_kept: bool) -> bool:  # noqa: FBT001 - of two facts
    """Whether a row's report or reading is not where it is to stay yet."""
    if row.state == "queued":
        return row.replaces is not None
    if row.state != "published":
        return False
    return row.in_inbox or (row.replaces is not None and is_kept == (row.target is not None))


def _reason(row: FileRow) -> bytes:
    said: dict[str, Any] = {
        "code": WITHDRAWN,
        "message": row.detail or "taken back",
        "id": row.document,
        "revision": row.revision,
        "path": row.path,
        "sha256": row.sha256,
        "event_id": row.event_id,
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
