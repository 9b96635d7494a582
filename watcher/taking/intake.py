"""Takes a complete file into the ledger: which document, which revision, or why it is refused."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from schemas.ids import document_id
from schemas.paths import to_wire
from watcher.ledger.database import Ledger
from watcher.ledger.rows import LOST, UNKEPT, FileRow, State
from watcher.seeing.arrivals import Readiness
from watcher.seeing.below_root import open_file
from watcher.seeing.forbidden import User, what_forbids
from watcher.seeing.sightings import StatSignature, odd_kind

CHUNK_BYTES = 1 << 20

ODD_ENTRIES = {
    "symlink": "a symbolic link is not followed, it may lead out of the inbox; put the file itself there",
    "fifo": "a named pipe has no end; put a regular file there",
    "socket": "a socket has no content; put a regular file there",
    "device": "a device is not a report; put a regular file there",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file.

    ``known``: nothing new. ``changed``: it is being written again, look later. ``unreadable``: could not be opened
    for now. ``gone``: no longer there. The others are the states of the row.
    """

    result: Literal["accepted", "duplicate", "refused", "ignored", "known", "changed", "unreadable", "gone"]
    row: FileRow | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    raw: bytes
    sha256: str
    signature: StatSignature


class Intake:
    """Makes rows of files; ``clock`` gives wall time for the ledger."""

    def __init__(
        self, ledger: Ledger, inbox: bytes, max_file_bytes: int, clock: Callable[[], float], site: str = ""
    ) -> None:
        self._ledger = ledger
        self._inbox = inbox
        self._max_file_bytes = max_file_bytes
        self._clock = clock
        self._site = site

    def is_known(self, raw: bytes, signature: StatSignature) -> bool:
        """Whether just this state of the file is taken care of."""
        row = self._ledger.in_inbox(raw)
        return row is not None and row.signature == signature

    def known(self) -> dict[bytes, StatSignature]:
        """The state in which each file of the inbox is taken care of."""
        return self._ledger.known()

    def set_waiting(self, fresh: Mapping[str, Readiness], over: Iterable[str]) -> None:
        """Write down why files wait, by wire path, and which no longer do."""
        self._ledger.set_waiting(fresh, over)

    def ignore(self, raw: bytes, status: os.stat_result) -> Taken:
        """Note an entry that is neither file nor folder; it stays where it is."""
        signature = StatSignature.of(status)
        kind = odd_kind(status.st_mode)
        if kind is None or self.is_known(raw, signature):
            return Taken("known")
        with self._ledger.transaction():
            self._make_room(self._ledger.in_inbox(raw))
            row = self._add_refused(raw, signature, "ignored", kind, ODD_ENTRIES[kind])
        return Taken("ignored", row)

    def take(self, raw: bytes) -> Taken:
        """Read a complete file once, to know its content, and decide what it is."""
        try:
            descriptor = open_file(self._inbox, raw)
        except (FileNotFoundError, NotADirectoryError):
            return Taken("gone")
        except OSError as error:
            # ELOOP: became a link. ENXIO: became a socket. Another look will tell.
            changed = error.errno in (errno.ELOOP, errno.ENXIO)
            return Taken("changed" if changed else "unreadable", why=self._why(raw, error))
        try:
            return self._take_open(raw, descriptor)
        except OSError as error:
            return Taken("unreadable", why=self._why(raw, error))
        finally:
            os.close(descriptor)

    def _why(self, raw: bytes, error: OSError) -> str:
        return what_forbids(error, [(self._inbox, raw)], User.current())

    def _take_open(self, raw: bytes, descriptor: int) -> Taken:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Taken("changed", why="no longer a regular file")
        signature = StatSignature.of(status)
        if status.st_size == 0:
            return self._refuse(raw, signature, "empty", "the file has no content; a report has some text")
        if status.st_size > self._max_file_bytes:
            seen = f"the file has {status.st_size} bytes, the limit is {self._max_file_bytes}"
            return self._refuse(raw, signature, "too_large", f"{seen} (ZHIBIAO_MAX_FILE_BYTES)")
        sha256 = sha256_of(descriptor)
        if StatSignature.of(os.fstat(descriptor)) != signature:
            return Taken("changed", why="written to while it was read")
        with self._ledger.transaction():
            return self._decide(_Content(raw, sha256, signature))

    def _decide(self, content: _Content) -> Taken:
        current = self._ledger.in_inbox(content.raw)
        if current and current.sha256 == content.sha256 and current.state != "superseded":
            if current.signature != content.signature:
                self._ledger.update(current.id, signature=content.signature)
            return Taken("known", current)
        self._make_room(current)
        revisions = self._ledger.revisions(document_id(to_wire(content.raw), self._site))
        # The last content wins: only what consumers have last, or will have, makes the same content nothing new.
        last = next(filter(_may_be_out, revisions), None)
        if last and last.sha256 == content.sha256:
            if last.state in ("accepted", "queued"):
                # Replaced and put back while the first hand-over is still on its way.
                self._ledger.update(last.id, in_inbox=1, signature=content.signature)
                return Taken("known", replace(last, in_inbox=True, signature=content.signature))
            if last.state == "published" and last.code != LOST:
                return self._duplicate(content, last)
        if not any(row.state in ("published", "accepted", "queued") for row in revisions):
            original = self._ledger.original_of(content.sha256)
            if original:
                return self._duplicate(content, original)
        return self._accept(content, revisions)

    def _duplicate(self, content: _Content, original: FileRow) -> Taken:
        row = self._add(
            content.raw,
            content.signature,
            state="duplicate",
            code="duplicate",
            detail=f"same content as revision {original.revision} of {original.path}",
            sha256=content.sha256,
            duplicate_of=original.id,
            announced=False,
        )
        return Taken("duplicate", row)

    def _accept(self, content: _Content, revisions: list[FileRow]) -> Taken:
        newest = revisions[0].revision if revisions else None
        same = [row for row in revisions if row.sha256 == content.sha256]
        if same and same[0].revision == newest and not any(row.state == "withdrawn" for row in same):
            # It failed, or was not there when a worker came, or was lost: the same revision, in a new round.
            revision, supersedes, repeated = same[0].revision, same[0].supersedes, same[0].duplicate_of
        else:
            # New, set back to what another content has replaced, or dropped again after it was taken back.
            revision, supersedes = (newest or 0) + 1, newest
            repeated = next((row.id for row in same if row.state in ("published", "withdrawn")), None)
        row = self._add(
            content.raw,
            content.signature,
            state="accepted",
            code=UNKEPT if any(row.code == LOST for row in same) else None,
            sha256=content.sha256,
            revision=revision,
            # The id of a failure is made of content and round, whatever the revision.
            round=1 + max((row.round for row in same), default=0),
            supersedes=supersedes,
            duplicate_of=repeated,
        )
        return Taken("accepted", row)

    def _refuse(self, raw: bytes, signature: StatSignature, code: str, why: str) -> Taken:
        with self._ledger.transaction():
            current = self._ledger.in_inbox(raw)
            if current and current.signature == signature:
                return Taken("known", current)
            self._make_room(current)
            row = self._add_refused(raw, signature, "quarantined", code, why)
        return Taken("refused", row)

    def _make_room(self, current: FileRow | None) -> None:
        """Let go of what a path held before, if anything: a hand-over not sent is superseded, one on its way runs out."""
        if current is None:
            return
        if current.state in ("accepted", "duplicate", "ignored"):
            self._ledger.advance(current.id, "superseded", self._clock())
        self._ledger.update(current.id, in_inbox=0, detail=current.detail or "replaced in the inbox")

    def _add_refused(self, raw: bytes, signature: StatSignature, state: State, code: str, why: str) -> FileRow:
        before = sum(row.code == code for row in self._ledger.find(to_wire(raw)))
        return self._add(raw, signature, state=state, code=code, detail=why, announced=False, round=before + 1)

    def _add(self, raw: bytes, signature: StatSignature, **columns: object) -> FileRow:
        return self._ledger.add(
            document=document_id(to_wire(raw), self._site),
            raw=raw,
            path=to_wire(raw),
            signature=signature,
            size_bytes=signature.size,
            arrived_ns=signature.ctime_ns,
            accepted_at=self._clock(),
            **columns,
        )


def sha256_of(descriptor: int) -> str:
    """The digest of an open file's bytes, in hex."""
    digest = hashlib.sha256()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while chunk := os.read(descriptor, CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _may_be_out(row: FileRow) -> bool:
    """Whether consumers have this revision, or may yet get it, from a worker that was slow.

    One that is read again says no more than the reading that it is to replace.
    """
    if row.replaces is not None and row.state != "published":
        return False
    return row.state in ("published", "accepted", "queued") or (
        row.state in ("superseded", "vanished") and row.sends > 0
    )
