"""Files away what has ended: the original to ``processed`` or ``quarantine``, its JSON beside it.

The steps, each of which may be the last before a crash: choose a target and write it into the ledger; write the
sidecars; move the file; mark the row. Begun again, they find what was done. Some files go through them together, as a
transaction of the ledger costs as much for one row as for many: each row by itself is at one of the steps at any time.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import pydantic_core
import structlog

from schemas import paths
from schemas.names import Stream
from watcher.filing import sidecars
from watcher.filing.moving import Held, Replaced, RootedPath, move, remove, write_file
from watcher.filing.targets import folders_above, free_target, temporary
from watcher.ledger.database import Ledger
from watcher.ledger.rows import LOST, UNKEPT, FileRow
from watcher.running.blame import is_of_all
from watcher.seeing.below_root import RootUnavailable, open_file, read_file, status_of
from watcher.seeing.forbidden import User, what_forbids
from watcher.seeing.open_writers import probe_writer
from watcher.taking.announce import failed_event
from watcher.taking.intake import sha256_of

Folder = Literal["processed", "quarantine"]
#: Of the packed reading beside a report's JSON.
READING_SUFFIX = os.fsencode(paths.READING_SUFFIX)
SUFFIX: dict[Folder, bytes] = {"processed": b".json", "quarantine": b".error.json"}
WRITER_AGAIN_S = 1.0
# A file that is gone may be back with its mount: believed only after so many looks.
GONE_LOOKS = 3
GONE_AGAIN_S = 20.0
#: Of files whose reports are asked for together. A report is up to forty times as large as its file.
MOST_FETCHED_BYTES = 500_000

log = structlog.get_logger("watcher")


@dataclass(frozen=True)
class Roots:
    """The folders, as bytes."""

    inbox: bytes
    processed: bytes
    quarantine: bytes

    def of(self, folder: Folder) -> bytes:
        """The root that a row's ``folder`` names."""
        return self.processed if folder == "processed" else self.quarantine


def waiting(row: FileRow, why: str) -> str | None:
    """The detail of a row that waits to be filed: why it waits, unless it says why the file was refused or failed."""
    return why if row.code in (None, UNKEPT, LOST) else row.detail


def is_blocked(root: bytes, path: bytes) -> bool:
    """Whether a folder of this name cannot be: a file was filed under it, or somebody put a link there."""
    try:
        return not stat.S_ISDIR(status_of(root, path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def portions(rows: Sequence[FileRow]) -> Iterator[list[FileRow]]:
    """The rows in their order, as many at a time as may have their reports in memory together; large ones alone."""
    portion: list[FileRow] = []
    room = MOST_FETCHED_BYTES
    for row in rows:
        if portion and row.size_bytes > room:
            yield portion
            portion, room = [], MOST_FETCHED_BYTES
        portion.append(row)
        room -= row.size_bytes
    if portion:
        yield portion


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


class Lookout(Protocol):
    """Who watches the inbox."""

    def look_again(self, path: bytes) -> None:
        """Look anew at what lies at a path."""

    def is_remote(self, path: bytes) -> bool:
        """Whether other machines may write there, so that a read lease says nothing."""


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


@dataclass(frozen=True)
class _Ready:
    """A row with its place in the archive, and what goes beside its file there."""

    row: FileRow
    folder: Folder
    generation: str | None
    content: bytes = b""
    reading: bytes = b""

    @property
    def at(self) -> tuple[Folder, bytes | None]:
        """The place."""
        return self.folder, self.row.target


@contextmanager
def _noted(row: FileRow, failures: dict[int, Exception]) -> Iterator[None]:
    """What fails in here for this row alone is written down, and stops no other."""
    try:
        yield
    except Exception as error:
        if is_of_all(error):
            raise
        failures[row.id] = error


class _Unpublished(Exception):
    """Redis has lost the event, so the report is to be read again."""


class _Unkept(Exception):
    """The event is out, and its report is neither in the stream nor under its key any more."""


class Filing:
    """Moves files whose rows have ended, with what ``published`` has of them; ``clock`` gives wall time."""

    def __init__(
        self,
        ledger: Ledger,
        roots: Roots,
        *,
        published: PublishedEvents,
        lookout: Lookout,
        restoring: Restoring,
        clock: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._roots = roots
        self._published = published
        self._lookout = lookout
        self._restoring = restoring
        self._clock = clock
        self._fetched: dict[int, _Fetched] = {}

    def make_roots(self) -> list[bytes]:
        """Make the archive's folders where somebody took them away; gives those that were made.

        Raises:
            OSError: one cannot be made.
        """
        made = []
        for root in (self._roots.processed, self._roots.quarantine):
            if not os.path.lexists(root):
                os.makedirs(root)
                made.append(root)
        return made

    def file(self, row: FileRow) -> None:
        """File one row away, or see that there is nothing to file.

        Raises:
            OSError: the file stays; try again later.
        """
        for error in self.file_all([row]).values():
            raise error

    def file_all(self, rows: Sequence[FileRow]) -> dict[int, Exception]:
        """The same for a portion of rows (:func:`portions`); gives what hindered the others, by the ids of their rows.

        Raises:
            Exception: what would hinder all others, too; some may have been filed.
        """
        failures: dict[int, Exception] = {}
        self._fetch(rows)
        ready: list[_Ready] = []
        for row in rows:
            with _noted(row, failures):
                if (prepared := self._prepared(row)) is not None:
                    ready.append(self._placed(prepared, [other.at for other in ready]))
        moved = []
        for one in self._together(ready, self._reserve, failures):
            with _noted(one.row, failures):
                if self._move(one):
                    moved.append(one)
        self._together(moved, self._mark_filed, failures)
        self._fetched = {}
        return failures

    def _together(
        self, rows: Sequence[_Ready], act: Callable[[_Ready], None], failures: dict[int, Exception]
    ) -> list[_Ready]:
        """Do it for all in one transaction, or in one for each where that fails; gives those for which it is done."""
        if not rows:
            return []
        try:
            with self._ledger.transaction():
                for one in rows:
                    act(one)
        except Exception as error:
            if is_of_all(error):
                raise
        else:
            return [*rows]
        done = []
        for one in rows:
            with _noted(one.row, failures):
                with self._ledger.transaction():
                    act(one)
                done.append(one)
        return done

    def _fetch(self, rows: Sequence[FileRow]) -> None:
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

    def _prepared(self, row: FileRow) -> _Ready | None:
        """A row with what goes beside its file; None where there is no file to move, which is dealt with."""
        folder = self._folder(row)
        if folder is None:
            self._release(row)
            return None
        fetched = self._fetched.get(row.id)
        generation = fetched.generation if fetched else self._restoring.generation()
        state = self._look(row)
        if state == "gone":
            self._finish_moved(row, folder, generation)
        elif state == "replaced":
            self._give_up(row, "replaced in the inbox before it was filed")
        elif state == "open":
            self._wait_for_writer(row)
        elif (content := self._content_to_file(row)) is not None:
            fresh = self._fresh(row)
            return _Ready(fresh, folder, generation, content, self._reading(fresh))
        return None

    def in_the_way(self, row: FileRow, error: OSError) -> str:
        """What keeps a row's file from being filed, in words; whose it is where the kernel forbids it."""
        if isinstance(error, RootUnavailable):
            return f"{error.filename}: {error.strerror or error}"
        places = [(self._roots.inbox, row.raw)]
        if row.folder and row.target:
            places.append((self._roots.of(row.folder), row.target))
        return what_forbids(error, places, User.current(), moving=True)

    def keep(self, row: FileRow) -> None:
        """Keep the JSON of a published event in the ledger, for a row whose file will not be filed."""
        reading = b""
        try:
            content = self._content(row)
            reading = self._reading(row)
        except (_Unpublished, _Unkept):
            content = b""  # nobody has it any more
            if row.state == "published":
                self._ledger.update(row.id, code=LOST)
        self._ledger.keep(row.id, content, reading)

    def let_hold(self, row: FileRow) -> None:
        """Let a new reading that is out hold from now on, in place of the one that lies in the archive."""
        generation = self._restoring.generation()
        try:
            content = self._content(row)
        except _Unpublished:
            self._ledger.begin_again(row.id)
            return
        except _Unkept:
            if row.code != UNKEPT:
                self._ledger.read_again(row.id)
                return
            # Once more did not help: the reading that lies in the archive goes on to hold.
            log.warning("not_kept", report=row.path, id=row.document, event_id=row.event_id)
            self._ledger.update(row.id, code=LOST)
            self._ledger.keep(row.id, b"")
            return
        reading = self._reading(row)
        with self._ledger.transaction():
            self._ledger.let_hold(row, self._clock(), content, reading)
            self._restoring.restore_all_since(generation)

    def put_in_place(self, row: FileRow) -> None:
        """Put a new reading that holds into the place of the former one, report and reading as one.

        Raises:
            OSError: it cannot be written just now; until then the ledger keeps it.
        """
        folder, content = row.folder, self._ledger.kept(row.id)
        if folder and content:
            reading = self._ledger.kept_reading(row.id)
            if not reading:
                remove(self._sidecar(row, folder, READING_SUFFIX))
            self._write_sidecars(_Ready(row, folder, None, content, reading))
        self._ledger.put_in_place(row.id, self._clock())

    def _content_to_file(self, row: FileRow) -> bytes | None:
        """The JSON that goes beside a file; None where it is to be read again first."""
        try:
            content = self._content(row)
        except _Unpublished:
            self._ledger.begin_again(row.id)
            return None
        except _Unkept:
            if row.code not in (UNKEPT, LOST):
                self._ledger.read_again(row.id)
                return None
            # Once more did not help: its reading fails now, or the key lives for less than a moment.
            log.warning("not_kept", report=row.path, id=row.document, event_id=row.event_id)
            self._ledger.update(row.id, code=LOST)
            content = sidecars.for_lost(row)
        else:
            if row.code in (UNKEPT, LOST):
                self._ledger.update(row.id, code=None)
        if row.state == "quarantined" and row.revision is not None:
            # A retry takes the file and its sidecar out of the quarantine; the failure was published all the same.
            self._ledger.keep(row.id, content)
        return content

    def _move(self, one: _Ready) -> bool:
        """Move a file whose place is written down; False where it stays, which is dealt with."""
        row, folder = one.row, one.folder
        target = self._target(row, folder)
        self._write_sidecars(one)
        try:
            move(self._source(row), target, row.signature, temporary(target.path, row.id), row.sha256, self._is_held)
        except Held:
            self._remove_sidecars(row, folder)
            self._wait_for_writer(row)
            return False
        except Replaced:
            self._give_up(row, "replaced in the inbox before it was filed")
            return False
        return True

    def _folder(self, row: FileRow) -> Folder | None:
        if row.state != "duplicate":
            return "processed" if row.state == "published" else "quarantine"
        original = self._original(row)
        if original.state == "published":
            # The same file, dropped again, has a report read once more that the archive does not have.
            return None if original.document == row.document and self._lacks_report(original) else "processed"
        return "quarantine" if original.state == "quarantined" else None

    def _look(self, row: FileRow) -> Literal["there", "gone", "replaced", "open"]:
        source = self._source(row)
        signature = source.signature()
        if signature is None:
            return "gone"
        if signature != row.signature:
            if not self._same_content(row, source):
                return "replaced"
            self._ledger.update(row.id, signature=signature)
        return "open" if self._has_writer(source) else "there"

    def _same_content(self, row: FileRow, source: RootedPath) -> bool:
        now = source.signature()
        if now is None or now.size != row.size_bytes:
            return False
        if row.sha256 is None:
            return now.same_bytes_likely(row.signature)
        descriptor = open_file(source.root, source.path)
        try:
            return stat.S_ISREG(os.fstat(descriptor).st_mode) and sha256_of(descriptor) == row.sha256
        finally:
            os.close(descriptor)

    def _has_writer(self, source: RootedPath) -> bool:
        try:
            descriptor = open_file(source.root, source.path)
        except OSError:
            return False
        try:
            return self._is_held(descriptor, source.path)
        finally:
            os.close(descriptor)

    def _is_held(self, descriptor: int, path: bytes) -> bool:
        return not self._lookout.is_remote(path) and probe_writer(descriptor) == "held"

    def _wait_for_writer(self, row: FileRow) -> None:
        detail = waiting(row, "a writer has it open")
        self._ledger.update(row.id, not_before=self._clock() + WRITER_AGAIN_S, detail=detail)

    def _placed(self, one: _Ready, claimed: Sequence[tuple[Folder, bytes | None]]) -> _Ready:
        """The same with its place in the archive: the one that it was given before, or a new one, not ``claimed``."""
        row, folder = one.row, one.folder
        if row.folder == folder and row.target is not None:
            source, target = self._source(row).signature(), self._target(row, folder).signature()
            if target is None and not any(self._is_blocked(folder, above) for above in folders_above(row.target)):
                return one
            if source and target and target.size == source.size and self._same_content(row, self._target(row, folder)):
                # Copied to another file system, not yet removed here.
                remove(self._target(row, folder))
                return one
        digest = row.sha256 or row.document
        target_path = free_target(
            row.raw,
            digest,
            is_taken=lambda path: (folder, path) in claimed or self._is_taken(row, folder, path),
            is_blocked=lambda path: self._is_blocked(folder, path),
        )
        return replace(one, row=replace(row, folder=folder, target=target_path))

    def _reserve(self, one: _Ready) -> None:
        row = one.row
        former = self._ledger.by_target(one.folder, row.target or b"")
        if former and former.id != row.id:
            # Its file was taken out of the archive, as by a retry.
            self._ledger.update(former.id, folder=None, target=None)
        if former is None or former.id != row.id:
            self._ledger.update(row.id, folder=row.folder, target=row.target)

    def _is_taken(self, row: FileRow, folder: Folder, path: bytes) -> bool:
        root, owner = self._roots.of(folder), self._ledger.by_target(folder, path)
        if RootedPath(root, path).signature():
            return True
        if any(RootedPath(root, path + suffix).signature() for suffix in (SUFFIX[folder], READING_SUFFIX)):
            # The JSON of a lost report, whose file was put back into the inbox, makes room for the report.
            return not (owner and owner.code == LOST and owner.event_id == row.event_id)
        return owner is not None and owner.id != row.id and owner.in_inbox

    def _is_blocked(self, folder: Folder, path: bytes) -> bool:
        return is_blocked(self._roots.of(folder), path)

    def _finish_moved(self, row: FileRow, folder: Folder, generation: str | None) -> None:
        target = self._target(row, folder).signature() if row.target else None
        if row.folder == folder and target and target.size == row.size_bytes:
            # The sidecar was written before the move.
            with self._ledger.transaction():
                self._mark_filed(_Ready(row, folder, generation))
        elif row.tries + 1 < GONE_LOOKS:
            later = self._clock() + GONE_AGAIN_S
            detail = waiting(row, "not in the inbox")
            self._ledger.update(row.id, tries=row.tries + 1, not_before=later, detail=detail)
        else:
            self._give_up(row, "no longer in the inbox when it was to be filed")

    def _write_sidecars(self, one: _Ready) -> None:
        """The reading first: until the file is moved both are written again, and from then on both are there."""
        row, folder = one.row, one.folder
        if one.reading:
            beside = self._sidecar(row, folder, READING_SUFFIX)
            write_file(beside, temporary(beside.path, row.id), one.reading)
        sidecar = self._sidecar(row, folder)
        write_file(sidecar, temporary(sidecar.path, row.id), one.content)

    def _remove_sidecars(self, row: FileRow, folder: Folder) -> None:
        remove(self._sidecar(row, folder))
        if row.state == "published":
            remove(self._sidecar(row, folder, READING_SUFFIX))

    def _reading(self, row: FileRow) -> bytes:
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

    def _content(self, row: FileRow) -> bytes:
        if row.state == "duplicate":
            return sidecars.for_duplicate(row, self._original(row))
        if row.revision is None:
            return sidecars.for_quarantined(row, failed_event(row).data.model_dump(mode="json"))
        if row.state == "published":
            return self._report(row)
        event = self._event(row, "failures")
        if event is None:
            return self._ledger.kept(row.id) or sidecars.for_quarantined(row, None)
        failure = event["data"]
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
            raise _Unkept
        return content

    def _event(self, row: FileRow, stream: Stream) -> dict[str, Any] | None:
        """The published event, None where it has been trimmed from its stream."""
        fetched = self._fetched.get(row.id)
        if fetched:
            event = _parsed(fetched.event)
        else:
            event = _parsed(self._published.event(stream, row.entry_id)) if row.entry_id else None
        # A server that took over from another one may have given the same entry to another event.
        if row.event_id is None or (event is not None and event["id"] == row.event_id):
            return event
        entry_id = self._published.entry_of(row.event_id)
        if entry_id is None:
            raise _Unpublished
        return _parsed(self._published.event(stream, entry_id))

    def _mark_filed(self, one: _Ready) -> None:
        """To be called in a transaction."""
        row = one.row
        if row.state == "duplicate" and one.folder == "quarantine":
            self._ledger.advance(row.id, "quarantined", self._clock())
        self._ledger.update(row.id, in_inbox=0, tries=0, detail=None if row.state == "published" else row.detail)
        self._restoring.restore_all_since(one.generation)

    def _give_up(self, row: FileRow, why: str) -> None:
        if row.folder and row.target and self._target(row, row.folder).signature() is None:
            self._remove_sidecars(row, row.folder)  # those of a try that was cut off before the move
        with self._ledger.transaction():
            if row.state == "duplicate":
                self._ledger.advance(row.id, "vanished", self._clock())
            self._ledger.update(row.id, in_inbox=0, folder=None, target=None, detail=waiting(row, why))
        self._lookout.look_again(row.raw)

    def _release(self, row: FileRow) -> None:
        """The original never came to an end, or has no report, so this content is to be read on its own account."""
        original = self._original(row)
        with self._ledger.transaction():
            if original.state == "published":
                self._ledger.update(original.id, code=LOST)
            self._ledger.advance(row.id, "superseded", self._clock())
            self._ledger.update(row.id, in_inbox=0)
        self._lookout.look_again(row.raw)

    def _lacks_report(self, original: FileRow) -> bool:
        """Whether its file lies in the archive without its JSON; not where both were taken out."""
        if original.code == LOST:
            return True
        if self._ledger.kept(original.id):
            return False  # a new reading of it, on its way there
        if original.in_inbox or original.folder is None or self._target(original, original.folder).signature() is None:
            return False
        sidecar = self._sidecar(original, original.folder)
        try:
            sidecars.report_event(original, read_file(sidecar.root, sidecar.path))
        except (OSError, ValueError):
            return True
        return False

    def _original(self, row: FileRow) -> FileRow:
        original = self._ledger.get(row.duplicate_of or 0)
        if original is None:
            raise LookupError(f"{row.path}: the ledger has no row {row.duplicate_of} that it repeats")
        return self._ledger.holding(original)

    def _fresh(self, row: FileRow) -> FileRow:
        return self._ledger.get(row.id) or row

    def _source(self, row: FileRow) -> RootedPath:
        return RootedPath(self._roots.inbox, row.raw)

    def _target(self, row: FileRow, folder: Folder) -> RootedPath:
        return RootedPath(self._roots.of(folder), row.target or row.raw)

    def _sidecar(self, row: FileRow, folder: Folder, suffix: bytes = b"") -> RootedPath:
        return RootedPath(self._roots.of(folder), (row.target or row.raw) + (suffix or SUFFIX[folder]))


def _parsed(event: str | None) -> dict[str, Any] | None:
    return None if event is None else pydantic_core.from_json(event)
