"""Files away what has ended: the original to ``processed`` or ``quarantine``, its JSON beside it.

The steps, each of which may be the last before a crash: choose a target and write it into the ledger; write the
sidecars; move the file; mark the row. Begun again, they find what was done. Some files go through them together, as a
transaction of the ledger costs as much for one row as for many: each row by itself is at one of the steps at any time.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from watcher.filing import sidecars
from watcher.filing.contents import Contents, PublishedEvents, Restoring, Unkept, Unpublished, original_of
from watcher.filing.last_look import LastLook, Lookout, same_content
from watcher.filing.moving import Held, Replaced, move, remove, write_file
from watcher.filing.places import READING_SUFFIX, SUFFIX, Folder, Roots, is_blocked
from watcher.filing.targets import as_any_disk_sees_it, folders_above, free_target, temporary
from watcher.filing.together import done_together, noted
from watcher.ledger.database import Ledger
from watcher.ledger.rows import GONE, LOST, UNKEPT, FileRow
from watcher.seeing.below_root import RootUnavailable, read_file, with_suffixes
from watcher.seeing.forbidden import User, what_forbids

WRITER_AGAIN_S = 1.0
# A file that is gone may be back with its mount: believed only after so many looks.
GONE_LOOKS = 3
GONE_AGAIN_S = 20.0

log = structlog.get_logger("watcher")


def waiting(row: FileRow, why: str) -> str | None:
    """The detail of a row that waits to be filed: why it waits, unless it says why the file was refused or failed."""
    return why if row.code in (None, UNKEPT, LOST) else row.detail


@dataclass(frozen=True)
class _Ready:
    """A row with its place in the archive, and what goes beside its file there; or in place of one that ``is_gone``."""

    row: FileRow
    folder: Folder
    generation: str | None
    content: bytes = b""
    reading: bytes = b""
    is_gone: bool = False

    @property
    def at(self) -> tuple[Folder, bytes | None]:
        """The place."""
        return self.folder, self.row.target


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
        self._contents = Contents(ledger, published, restoring)
        self._last_look = LastLook(ledger, roots, lookout)
        self._lookout = lookout
        self._restoring = restoring
        self._clock = clock

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
        """The same for a portion of rows (:func:`~watcher.filing.together.portions`); gives what hindered the others, by the ids of their rows.

        Of two whose places are one on a disk that does not tell case apart, the second stays for the next time: then the
        disk says itself whether its place is taken.

        Raises:
            Exception: what would hinder all others, too; some may have been filed.
        """
        failures: dict[int, Exception] = {}
        self._contents.fetch(rows)
        ready: dict[tuple[Folder, str], _Ready] = {}
        for row in rows:
            with noted(row, failures):
                if (prepared := self._prepared(row)) is not None:
                    one = self._placed(prepared, [other.at for other in ready.values()])
                    ready.setdefault((one.folder, as_any_disk_sees_it(one.row.target or b"")), one)
        moved = []
        for one in done_together(self._ledger, [*ready.values()], self._reserve, failures):
            with noted(one.row, failures):
                if self._move(one):
                    moved.append(one)
        for one in done_together(self._ledger, moved, self._mark_filed, failures):
            if one.is_gone:
                self._lookout.look_again(one.row.raw)
        self._contents.forget()
        return failures

    def _prepared(self, row: FileRow) -> _Ready | None:
        """A row with what goes beside its file; None where there is nothing to file, which is dealt with."""
        folder = self._folder(row)
        if folder is None:
            self._release(row)
            return None
        generation = self._contents.generation(row)
        state = self._last_look.at_source(row)
        if state == "gone":
            return self._of_gone(row, folder, generation)
        if state == "replaced":
            self._give_up(row, "replaced in the inbox before it was filed")
        elif state == "open":
            self._wait_for_writer(row)
        elif (content := self._content_to_file(row)) is not None:
            fresh = self._fresh(row)
            return _Ready(fresh, folder, generation, content, self._contents.reading(fresh))
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
            content = self._contents.of(row)
            reading = self._contents.reading(row)
        except (Unpublished, Unkept):
            content = b""  # nobody has it any more
            if row.state == "published":
                self._ledger.update(row.id, code=LOST)
        self._ledger.keep(row.id, content, reading)

    def let_hold(self, row: FileRow) -> None:
        """Let a new reading that is out hold from now on, in place of the one that lies in the archive."""
        generation = self._restoring.generation()
        try:
            content = self._contents.of(row)
        except Unpublished:
            self._ledger.begin_again(row.id)
            return
        except Unkept:
            if row.code != UNKEPT:
                self._ledger.read_again(row.id)
                return
            # Once more did not help: the reading that lies in the archive goes on to hold.
            log.warning("not_kept", report=row.path, id=row.document, event_id=row.event_id)
            self._ledger.update(row.id, code=LOST)
            self._ledger.keep(row.id, b"")
            return
        reading = self._contents.reading(row)
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
                remove(self._roots.sidecar(row, folder, READING_SUFFIX))
            self._write_sidecars(_Ready(row, folder, None, content, reading))
        self._ledger.put_in_place(row.id, self._clock())

    def _content_to_file(self, row: FileRow) -> bytes | None:
        """The JSON that goes beside a file; None where it is to be read again first."""
        try:
            content = self._contents.of(row)
        except Unpublished:
            self._ledger.begin_again(row.id)
            return None
        except Unkept:
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
        source, target = self._roots.source(row), self._roots.target(row, folder)
        self._write_sidecars(one)
        if one.is_gone:
            return True
        try:
            move(source, target, row.signature, temporary(target.path, row.id), row.sha256, self._last_look.is_held)
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
        original = original_of(self._ledger, row)
        if original.state == "published":
            # The same file, dropped again, has a report read once more that the archive does not have.
            return None if original.document == row.document and self._lacks_report(original) else "processed"
        return "quarantine" if original.state == "quarantined" else None

    def _wait_for_writer(self, row: FileRow) -> None:
        detail = waiting(row, "a writer has it open")
        self._ledger.update(row.id, not_before=self._clock() + WRITER_AGAIN_S, detail=detail)

    def _placed(self, one: _Ready, claimed: Sequence[tuple[Folder, bytes | None]]) -> _Ready:
        """The same with its place in the archive: the one that it was given before, or a new one, not ``claimed``."""
        row, folder = one.row, one.folder
        if row.folder == folder and row.target is not None:
            place = self._roots.target(row, folder)
            source, target = self._roots.source(row).signature(), place.signature()
            if target is None and not any(self._is_blocked(folder, above) for above in folders_above(row.target)):
                return one
            if source and target and target.size == source.size and same_content(row, place):
                # Copied to another file system, not yet removed here.
                remove(place)
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
        owner = self._ledger.by_target(folder, path)
        there = with_suffixes(self._roots.of(folder), path, (b"", SUFFIX[folder], READING_SUFFIX))
        if b"" in there:
            return True
        if there:
            # The JSON of a lost report, whose file was put back into the inbox, makes room for the report.
            return not (owner and owner.code == LOST and owner.event_id == row.event_id)
        return owner is not None and owner.id != row.id and owner.in_inbox

    def _is_blocked(self, folder: Folder, path: bytes) -> bool:
        return is_blocked(self._roots.of(folder), path)

    def _of_gone(self, row: FileRow, folder: Folder, generation: str | None) -> _Ready | None:
        """What is to be filed of a row whose file is not in the inbox, if anything: it was moved before, or never will be.

        The report of a file that was renamed or deleted is out, so it is filed all the same: no other file has it. One of
        its content, as under the new name, is a duplicate.
        """
        target = self._roots.target(row, folder).signature() if row.target else None
        if row.folder == folder and target and target.size == row.size_bytes:
            # The sidecar was written before the move.
            with self._ledger.transaction():
                self._mark_filed(_Ready(row, folder, generation))
        elif row.tries + 1 < GONE_LOOKS:
            later = self._clock() + GONE_AGAIN_S
            detail = waiting(row, "not in the inbox")
            self._ledger.update(row.id, tries=row.tries + 1, not_before=later, detail=detail)
        elif row.state == "published" and (content := self._content_of_gone(row)) is not None:
            fresh = self._fresh(row)
            return _Ready(fresh, folder, generation, content, self._contents.reading(fresh), is_gone=True)
        else:
            self._give_up(row, GONE)
        return None

    def _content_of_gone(self, row: FileRow) -> bytes | None:
        """The JSON of a published report; None where nobody has it, and it cannot be read again without its file."""
        try:
            content = self._contents.of(row)
        except (Unpublished, Unkept):
            return None
        if row.code in (UNKEPT, LOST):
            self._ledger.update(row.id, code=None)
        return content

    def _write_sidecars(self, one: _Ready) -> None:
        """The reading first: until the file is moved both are written again, and from then on both are there."""
        row, folder = one.row, one.folder
        if one.reading:
            beside = self._roots.sidecar(row, folder, READING_SUFFIX)
            write_file(beside, temporary(beside.path, row.id), one.reading)
        sidecar = self._roots.sidecar(row, folder)
        write_file(sidecar, temporary(sidecar.path, row.id), one.content)

    def _remove_sidecars(self, row: FileRow, folder: Folder) -> None:
        remove(self._roots.sidecar(row, folder))
        if row.state == "published":
            remove(self._roots.sidecar(row, folder, READING_SUFFIX))

    def _mark_filed(self, one: _Ready) -> None:
        """To be called in a transaction."""
        row = one.row
        if row.state == "duplicate" and one.folder == "quarantine":
            self._ledger.advance(row.id, "quarantined", self._clock())
        detail = GONE if one.is_gone else None if row.state == "published" else row.detail
        self._ledger.update(row.id, in_inbox=0, tries=0, detail=detail)
        self._restoring.restore_all_since(one.generation)

    def _give_up(self, row: FileRow, why: str) -> None:
        if row.folder and row.target and self._roots.target(row, row.folder).signature() is None:
            self._remove_sidecars(row, row.folder)  # those of a try that was cut off before the move
        with self._ledger.transaction():
            if row.state == "duplicate":
                self._ledger.advance(row.id, "vanished", self._clock())
            self._ledger.update(row.id, in_inbox=0, folder=None, target=None, detail=waiting(row, why))
        self._lookout.look_again(row.raw)

    def _release(self, row: FileRow) -> None:
        """The original never came to an end, or has no report, so this content is to be read on its own account."""
        original = original_of(self._ledger, row)
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
        if original.in_inbox or original.folder is None:
            return False
        if self._roots.target(original, original.folder).signature() is None:
            return False
        sidecar = self._roots.sidecar(original, original.folder)
        try:
            sidecars.report_event(original, read_file(sidecar.root, sidecar.path))
        except (OSError, ValueError):
            return True
        return False

    def _fresh(self, row: FileRow) -> FileRow:
        return self._ledger.get(row.id) or row
