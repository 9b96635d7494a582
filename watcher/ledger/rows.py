"""A row of the ledger, and the states that it may go through."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from schemas.events import FailedFile
from schemas.handover import HandOver
from watcher.seeing.sightings import StatSignature

State = Literal[
    "accepted",
    "queued",
    "published",
    "quarantined",
    "superseded",
    "vanished",
    "duplicate",
    "ignored",
    "replaced",  # published, and read again since: another row has the reading that holds
    "withdrawn",  # published, and taken back
    "kept",  # could not be read again: the reading of another row goes on to hold
]

#: The states that each state may be reached from; everything else is a step backwards and is refused.
FORWARD: Mapping[str, tuple[str, ...]] = {
    "queued": ("accepted",),
    "published": ("accepted", "queued", "superseded", "vanished"),
    "quarantined": ("accepted", "queued", "superseded", "vanished", "duplicate"),
    "superseded": ("accepted", "queued", "duplicate", "ignored"),
    "vanished": ("accepted", "queued", "duplicate"),
    "replaced": ("published",),
    "withdrawn": ("published", "duplicate"),
    "kept": ("accepted", "queued"),
}

#: The code of a report that was published, and whose event neither Redis nor the archive has any more.
LOST = "lost"
#: The code of a report that was taken back.
WITHDRAWN = "withdrawn"
#: The code of a report whose event is out and whose JSON nobody has: until it has been read once more.
UNKEPT = "unkept"
#: The detail of a report whose file nobody could file: with a place in the archive, its JSON lies there alone.
GONE = "no longer in the inbox when it was to be filed"
#: Hidden folder of the inbox in which copies of filed reports lie while they are read again.
AGAIN = ".zhibiao-again"


def place_again(id_: int) -> str:
    """Wire path below the inbox of the copy that is read for a row."""
    return f"{AGAIN}/{id_}"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the table ``files``; ``ledger.sql`` says what its columns mean.

    ``repeats`` is the revision of the row that a revision is a ``duplicate_of``, ``replaced_event`` the event of the row
    that it ``replaces``.
    """

    id: int
    document: str
    raw: bytes
    path: str
    revision: int | None
    round: int
    supersedes: int | None
    sha256: str | None
    size_bytes: int
    signature: StatSignature
    state: State
    code: str | None
    detail: str | None
    duplicate_of: int | None
    arrived_ns: int
    accepted_at: float
    changed_at: float
    queued_at: float | None
    sends: int
    not_before: float
    tries: int
    announced: bool
    event_id: str | None
    entry_id: str | None
    in_inbox: bool
    folder: Literal["processed", "quarantine"] | None
    target: bytes | None
    taken_from: bytes | None
    replaces: int | None
    repeats: int | None
    replaced_event: str | None

    def failed_file(self) -> FailedFile:
        """The file as an event about its failure names it."""
        name = self.path.rpartition("/")[2]
        return FailedFile(name=name, path=self.path, sha256=self.sha256, size_bytes=self.size_bytes)

    def hand_over(self) -> HandOver:
        """The message for the queue.

        Raises:
            ValueError: the row is not one to be read.
        """
        if self.revision is None or self.sha256 is None:
            raise ValueError(f"{self.path}: {self.state} files are not handed over")
        return HandOver(
            id=self.document,
            revision=self.revision,
            supersedes=self.supersedes,
            repeats=self.repeats,
            path=self.path,
            sha256=self.sha256,
            size_bytes=self.size_bytes,
            round=self.round,
            keep=self.code == UNKEPT,
            replaces=self.replaced_event,
            place=None if self.replaces is None else place_again(self.id),
        )


_FIELDS = [field.name for field in fields(FileRow)]
_SIGNATURE, _ANNOUNCED, _IN_INBOX = map(_FIELDS.index, ("signature", "announced", "in_inbox"))
_REPEATS = "SELECT same.revision FROM files AS same WHERE same.id = files.duplicate_of AND files.revision IS NOT NULL"
_REPLACED = "SELECT before.event_id FROM files AS before WHERE before.id = files.replaces"
_LOOKED_UP = {"repeats": _REPEATS, "replaced_event": _REPLACED}
COLUMNS = ", ".join(f"({_LOOKED_UP[name]}) AS {name}" if name in _LOOKED_UP else name for name in _FIELDS)


def row_of(row: sqlite3.Row) -> FileRow:
    """A row as it is selected by ``COLUMNS``."""
    columns = list(row)
    columns[_SIGNATURE] = StatSignature.parse(columns[_SIGNATURE])
    columns[_ANNOUNCED] = bool(columns[_ANNOUNCED])
    columns[_IN_INBOX] = bool(columns[_IN_INBOX])
    return FileRow(*columns)


class Step(NamedTuple):
    """That a row has come to a state, or was ``filed``, at a moment of the wall clock."""

    number: int
    row: FileRow
    state: str
    at: float
