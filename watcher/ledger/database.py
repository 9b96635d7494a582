"""The durable record of every file that was taken in: SQLite, one writer process, any number of readers.

Write-ahead log with ``synchronous=NORMAL``: a commit survives the end of the process at once and a power cut after
the next checkpoint. That is enough, because a file without a row is found again in the inbox.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from schemas.events import FailedFile
from schemas.handover import HandOver
from watcher.running.damage import FILE_NAME, UnusableLedger, damaged, is_damage, unusable
from watcher.seeing.arrivals import Readiness
from watcher.seeing.sightings import StatSignature

SCHEMA_VERSION = 1

State = Literal["accepted", "queued", "published", "quarantined", "superseded", "vanished", "duplicate", "ignored"]

#: The states that each state may be reached from; everything else is a step backwards and is refused.
_FORWARD: Mapping[str, tuple[str, ...]] = {
    "queued": ("accepted",),
    "published": ("accepted", "queued", "superseded", "vanished"),
    "quarantined": ("accepted", "queued", "superseded", "vanished", "duplicate"),
    "superseded": ("accepted", "queued", "duplicate", "ignored"),
    "vanished": ("accepted", "queued", "duplicate"),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the table ``files``; ``ledger.sql`` says what its columns mean.

    ``repeats`` is the revision of the row that a revision is a ``duplicate_of``.
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
    repeats: int | None

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
        )


#: The code of a report that was published, and whose event neither Redis nor the archive has any more.
LOST = "lost"
#: The code of a report whose event is out and whose JSON nobody has: until it has been read once more.
UNKEPT = "unkept"
#: No wait in the ledger is as long as this, so that a longer one means that the wall clock was set back.
CLOCK_SET_BACK_S = 300.0
_DUE = f"(not_before <= ? OR not_before > ? + {CLOCK_SET_BACK_S})"
_ENDED = (
    "in_inbox AND state IN ('published', 'quarantined', 'duplicate') AND announced"
    " AND (state <> 'duplicate' OR EXISTS (SELECT 1 FROM files AS original"
    " WHERE original.id = files.duplicate_of AND original.state NOT IN ('accepted', 'queued')))"
)
_WITHOUT_A_PLACE = "NOT in_inbox AND target IS NULL AND event_id IS NOT NULL AND revision IS NOT NULL"
_UNFINISHED = "(state IN ('accepted', 'queued') OR (in_inbox AND state IN ('published', 'quarantined', 'duplicate')))"
_REPEATS = "SELECT same.revision FROM files AS same WHERE same.id = files.duplicate_of AND files.revision IS NOT NULL"
_COLUMNS = f"{', '.join(field.name for field in fields(FileRow) if field.name != 'repeats')}, ({_REPEATS}) AS repeats"
#: Read again after Redis, or the archive, had lost its report: a newer row has it.
_HELD_BY_ANOTHER = (
    f"(code IS '{LOST}' AND EXISTS (SELECT 1 FROM files AS later"  # noqa: S608
    " WHERE later.document = files.document AND later.event_id = files.event_id AND later.id > files.id))"
)


class Step(NamedTuple):
    """That a row has come to a state, or was ``filed``, at a moment of the wall clock."""

    number: int
    row: FileRow
    state: str
    at: float


class Ledger:
    """Opened once per process and shared by its threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False) -> Self:
        """Open the ledger at ``path``, making it unless ``readonly``.

        Raises:
            FileNotFoundError: ``readonly`` and there is none.
            UnusableLedger: it is damaged, no ledger, or was written by another version.
        """
        if readonly and not path.exists():
            raise FileNotFoundError(
                f"no ledger is at {path.absolute()}: no service has run over this folder yet. Start it with `zhibiao up`, "
                "or set ZHIBIAO_STATE as it has it"
            )
        mode = "ro" if readonly else "rwc"
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        try:
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
        except sqlite3.Error as error:
            raise unusable(path, error) or error from None
        connection.row_factory = sqlite3.Row
        ledger = cls(connection)
        try:
            ledger._begin(path, readonly=readonly)
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.Error) and (refused := unusable(path, error)):
                raise refused from error
            raise
        return ledger

    @classmethod
    @contextmanager
    def beside(cls, state: Path) -> Iterator[Self]:
        """The ledger in a state folder, to read only, while a watcher may be writing it.

        Raises:
            FileNotFoundError: there is none.
            UnusableLedger: it is damaged, no ledger, or was written by another version.
        """
        path = state / FILE_NAME
        ledger = cls.open(path, readonly=True)
        try:
            yield ledger
        except sqlite3.DatabaseError as error:
            raise (damaged(path, str(error)) if is_damage(error) else error) from None
        finally:
            ledger.close()

    def check(self, path: Path) -> None:
        """Look at every page; takes 0.4 s for 200 MB.

        Raises:
            UnusableLedger: they do not fit together.
        """
        try:
            with self._lock:
                seen = str(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            raise unusable(path, error) or error from None
        if seen != "ok":
            raise damaged(path, seen.removeprefix("*** in database main ***\n"))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; calls may be nested."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            except BaseException:
                # A full disk fails the COMMIT itself, and may or may not have rolled back already.
                if self._depth == 1 and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    # Reading

    def get(self, id_: int) -> FileRow | None:
        """The row with this id."""
        return self._one("WHERE id = ?", id_)

    def find(self, wire_path: str) -> list[FileRow]:
        """All rows of a path, newest first."""
        return self._all("WHERE path = ? ORDER BY id DESC", wire_path)

    def in_inbox(self, raw: bytes) -> FileRow | None:
        """The row of what lies at a path of the inbox now."""
        return self._one("WHERE raw = ? AND in_inbox", raw)

    def revisions(self, document: str) -> list[FileRow]:
        """All rows of a document that have a revision, the newest revision and its last round first."""
        return self._all("WHERE document = ? AND revision IS NOT NULL ORDER BY revision DESC, round DESC", document)

    def with_event(self, row: FileRow, event_id: str | None) -> FileRow | None:
        """The row of another revision of the document that an event was published for."""
        return self._one(
            "WHERE document = ? AND event_id = ? AND revision IS NOT NULL AND revision <> ? ORDER BY id DESC LIMIT 1",
            row.document,
            event_id,
            row.revision,
        )

    def newer_content(self, row: FileRow) -> FileRow | None:
        """The last row of the document with other content that came after ``row`` and was, or may yet be, read."""
        return self._one(
            "WHERE document = ? AND id > ? AND sha256 IS NOT NULL AND sha256 IS NOT ?"
            " AND state IN ('published', 'accepted', 'queued', 'quarantined', 'duplicate') ORDER BY id DESC LIMIT 1",
            row.document,
            row.id,
            row.sha256,
        )

    def original_of(self, sha256: str) -> FileRow | None:
        """The row that the same content came with first: published, else on its way."""
        return self._one(
            "WHERE sha256 = ? AND revision IS NOT NULL AND state IN ('published', 'accepted', 'queued')"
            f" AND code IS NOT '{LOST}'"
            " ORDER BY state = 'published' DESC, id LIMIT 1",
            sha256,
        )

    def by_hand_over(self, document: str, revision: int, round_: int) -> FileRow | None:
        """The row of a hand-over."""
        return self._one("WHERE document = ? AND revision = ? AND round = ?", document, revision, round_)

    def by_target(self, folder: str, target: bytes) -> FileRow | None:
        """The row whose file was given this place in an archive folder."""
        return self._one("WHERE folder = ? AND target = ?", folder, target)

    def known(self) -> dict[bytes, StatSignature]:
        """What lies in the inbox and is taken care of, by path."""
        with self._lock:
            rows = self._connection.execute("SELECT raw, signature FROM files WHERE in_inbox").fetchall()
        return {row["raw"]: StatSignature.parse(row["signature"]) for row in rows}

    def to_send(self, limit: int, now: float, *, newest_first: bool) -> list[FileRow]:
        """Accepted rows to hand over, in order."""
        order = "DESC" if newest_first else "ASC"
        return self._all(f"WHERE state = 'accepted' AND {_DUE} ORDER BY arrived_ns {order} LIMIT ?", now, now, limit)

    def silent(self, for_s: float, now: float) -> list[FileRow]:
        """Hand-overs without an end that were sent at least so long ago and need not wait, oldest first."""
        due = "(queued_at <= ? OR queued_at > ?)"  # sent in the future: the clock was set back
        return self._all(
            f"WHERE state = 'queued' AND {due} AND {_DUE} ORDER BY queued_at",
            now - for_s,
            now + CLOCK_SET_BACK_S,
            now,
            now,
        )

    def outstanding(self) -> int:
        """How many hand-overs are without an outcome."""
        return self._number("SELECT count(*) FROM files WHERE state = 'queued'")

    def to_announce(self, limit: int) -> list[FileRow]:
        """Rows about which an event is still to be published."""
        return self._all("WHERE announced = 0 ORDER BY id LIMIT ?", limit)

    def to_file(self, limit: int, now: float) -> list[FileRow]:
        """Rows whose file is to be moved out of the inbox; duplicates once their original has ended."""
        return self._all(
            f"WHERE {_ENDED} AND {_DUE} ORDER BY not_before, id LIMIT ?",
            now,
            now,
            limit,
        )

    def archived(self) -> list[int]:
        """Ids of the rows whose event can be made again from the archive, in the order in which they ended."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id FROM files WHERE state IN ('published', 'quarantined') AND revision IS NOT NULL"  # noqa: S608
                " AND event_id IS NOT NULL AND NOT in_inbox"
                f" AND (target IS NOT NULL OR id IN (SELECT file FROM kept)) AND NOT {_HELD_BY_ANOTHER}"
                " ORDER BY changed_at, id"
            ).fetchall()
        return [row["id"] for row in rows]

    def to_keep(self, limit: int, now: float) -> list[FileRow]:
        """Ended rows whose event lies nowhere: replaced or deleted before they were filed, or taken back."""
        return self._all(
            f"WHERE {_WITHOUT_A_PLACE} AND state IN ('published', 'quarantined') AND code IS NOT '{LOST}'"  # noqa: S608
            f" AND id NOT IN (SELECT file FROM kept) AND {_DUE} LIMIT ?",
            now,
            now,
            limit,
        )

    def kept(self, id_: int) -> bytes | None:
        """The JSON of a row's event, where the ledger keeps it."""
        with self._lock:
            row = self._connection.execute("SELECT content FROM kept WHERE file = ?", (id_,)).fetchone()
        return bytes(row[0]) if row else None

    def kept_reading(self, id_: int) -> bytes:
        """The packed reading of a row's report, where the ledger keeps it; else empty."""
        with self._lock:
            row = self._connection.execute("SELECT content FROM kept_readings WHERE file = ?", (id_,)).fetchone()
        return bytes(row[0]) if row else b""

    def steps(self, limit: int) -> list[Step]:
        """What has happened to files and was not told yet, in order."""
        with self._lock:
            found = self._connection.execute(
                "SELECT id, file, state, at FROM steps ORDER BY id LIMIT ?", (limit,)
            ).fetchall()
            rows = {file: self.get(file) for file in {step["file"] for step in found}}
        return [Step(step["id"], row, step["state"], step["at"]) for step in found if (row := rows[step["file"]])]

    def unfinished(self, limit: int) -> list[FileRow]:
        """Rows that have not ended, or whose file has not left the inbox, oldest first."""
        return self._all(f"WHERE {_UNFINISHED} ORDER BY accepted_at, id LIMIT ?", limit)

    def count_unfinished(self) -> int:
        """How many there are in all; files not complete yet included."""
        return self._number(
            f"SELECT (SELECT count(*) FROM files WHERE {_UNFINISHED}) + (SELECT count(*) FROM waiting)"  # noqa: S608
        )

    def quarantined(self) -> list[FileRow]:
        """Rows whose file lies in quarantine, as far as the watcher knows."""
        return self._all("WHERE folder = 'quarantine' AND target IS NOT NULL AND NOT in_inbox ORDER BY id")

    def summary(self) -> dict[str, int]:
        """How many rows are in each state; ``waiting`` are files not complete yet."""
        with self._lock:
            counts = self._connection.execute("SELECT state, count(*) FROM files GROUP BY state").fetchall()
            waiting = self._connection.execute("SELECT count(*) FROM waiting").fetchone()[0]
        return {**{row[0]: row[1] for row in counts}, **({"waiting": waiting} if waiting else {})}

    def oldest(self) -> tuple[float | None, float | None]:
        """When the oldest row that has not ended was taken in, by the wall clock; since when the oldest file waits."""
        with self._lock:
            open_ = "SELECT min(accepted_at) FROM files WHERE state IN ('accepted', 'queued')"
            taken_at = self._connection.execute(open_).fetchone()[0]
            waiting_since = self._connection.execute("SELECT min(since) FROM waiting").fetchone()[0]
        return taken_at, waiting_since

    def waiting(self, wire_path: str) -> Readiness | None:
        """Why a file is not taken yet; times are of the monotonic clock."""
        with self._lock:
            row = self._connection.execute("SELECT * FROM waiting WHERE path = ?", (wire_path,)).fetchone()
        return Readiness(row["code"], row["since"], row["needs_s"], row["detail"]) if row else None

    def all_waiting(self, limit: int) -> dict[str, Readiness]:
        """Files that are not taken yet, by path, and why; the longest waiting first."""
        with self._lock:
            rows = self._connection.execute("SELECT * FROM waiting ORDER BY since LIMIT ?", (limit,)).fetchall()
        return {row["path"]: Readiness(row["code"], row["since"], row["needs_s"], row["detail"]) for row in rows}

    def mark(self, name: str) -> str | None:
        """A remembered value, such as the place in the stream of outcomes."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    # Writing

    def add(self, **columns: Any) -> FileRow:
        """Add a row; columns left out have their defaults."""
        columns["signature"] = str(columns["signature"])
        columns.setdefault("changed_at", columns["accepted_at"])
        names = ", ".join(columns)
        places = ", ".join("?" for _ in columns)
        with self._lock:
            done = self._connection.execute(
                f"INSERT INTO files ({names}) VALUES ({places})",  # noqa: S608
                tuple(columns.values()),
            )
            row = self.get(int(done.lastrowid or 0))
        assert row is not None  # noqa: S101 - it was just added
        return row

    def advance(self, id_: int, state: State, now: float, **columns: Any) -> bool:
        """Move a row forward; gives False, and changes nothing, where that would be a step back.

        What was published and is only to be read once more for its JSON has not vanished, nor was it superseded: it
        is ``published`` again.
        """
        if state in ("superseded", "vanished"):
            self._let_go_unkept(id_, now)
        allowed = _FORWARD.get(state, ())
        sets = "".join(f", {name} = ?" for name in columns)
        places = ", ".join("?" for _ in allowed)
        with self._lock:
            done = self._connection.execute(
                f"UPDATE files SET state = ?, changed_at = ?{sets} WHERE id = ? AND state IN ({places})",  # noqa: S608
                (state, now, *columns.values(), id_, *allowed),
            )
        return done.rowcount == 1

    def begin_again(self, id_: int) -> None:
        """A step back: the event that ended a row is lost, and its file still lies in the inbox unfiled."""
        with self.transaction():
            self._connection.execute("DELETE FROM kept WHERE file = ?", (id_,))
            self._connection.execute("DELETE FROM kept_readings WHERE file = ?", (id_,))
            self._connection.execute(
                "UPDATE files SET state = 'accepted', event_id = NULL, entry_id = NULL, code = NULL, detail = NULL,"
                " tries = 0, not_before = 0"
                " WHERE id = ? AND in_inbox AND state IN ('published', 'quarantined') AND revision IS NOT NULL",
                (id_,),
            )

    def read_again(self, id_: int) -> None:
        """The other step back: the event is out, its report is nowhere, and its file still lies in the inbox unfiled.

        A round of its own gives the reading all its attempts.
        """
        with self._lock:
            self._connection.execute(
                "UPDATE files SET state = 'accepted', code = ?, detail = ?, tries = 0, not_before = 0,"
                " folder = NULL, target = NULL, round = 1 + (SELECT max(round) FROM files AS same"
                " WHERE same.document = files.document AND same.sha256 = files.sha256)"
                " WHERE id = ? AND in_inbox AND state = 'published' AND revision IS NOT NULL",
                (UNKEPT, "read once more: its event is out, and its report is kept nowhere", id_),
            )

    def announce_again(self) -> None:
        """The events about refused and ignored files are lost, and are to be published again."""
        with self._lock:
            self._connection.execute(
                "UPDATE files SET announced = 0 WHERE state IN ('quarantined', 'ignored') AND revision IS NULL"
                " AND duplicate_of IS NULL"
            )

    def update(self, id_: int, **columns: Any) -> None:
        """Change columns of a row other than its state."""
        if "signature" in columns:
            columns["signature"] = str(columns["signature"])
        sets = ", ".join(f"{name} = ?" for name in columns)
        with self._lock:
            self._connection.execute(f"UPDATE files SET {sets} WHERE id = ?", (*columns.values(), id_))  # noqa: S608

    def keep(self, id_: int, content: bytes, reading: bytes = b"") -> None:
        """Keep the JSON of a row's event, and of a report its packed reading."""
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (id_, content))
            if reading:
                self._connection.execute("INSERT OR REPLACE INTO kept_readings VALUES (?, ?)", (id_, reading))

    def forget_steps(self, up_to: int, most: int) -> None:
        """Forget the steps up to this number, and all but the ``most`` last."""
        with self._lock:
            self._connection.execute(
                "DELETE FROM steps WHERE id <= max(?, coalesce((SELECT max(id) FROM steps), 0) - ?)", (up_to, most)
            )

    def set_mark(self, name: str, value: str) -> None:
        """Remember a value."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
            )

    def set_waiting(self, verdicts: Mapping[str, Readiness], over: Iterable[str]) -> None:
        """Write down new verdicts of waiting files, and forget those that wait no longer."""
        with self.transaction():
            self._connection.executemany("DELETE FROM waiting WHERE path = ?", [(path,) for path in over])
            self._connection.executemany(
                "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?)",
                [(path, item.code, item.since, item.needs_s, item.detail) for path, item in verdicts.items()],
            )

    def clear_waiting(self) -> None:
        """Forget all waiting files, as at a start."""
        with self._lock:
            self._connection.execute("DELETE FROM waiting")

    # Internals

    def _let_go_unkept(self, id_: int, now: float) -> None:
        with self._lock:
            self._connection.execute(
                "UPDATE files SET state = 'published', code = NULL, changed_at = ?, in_inbox = 0"
                " WHERE id = ? AND code = ? AND state IN ('accepted', 'queued') AND event_id IS NOT NULL",
                (now, id_, UNKEPT),
            )

    def _begin(self, path: Path, *, readonly: bool) -> None:
        if not readonly:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._create()
        self._check_version(path)

    def _create(self) -> None:
        """Make the tables; in a ledger that is there already, those that older versions had not."""
        with self.transaction():
            is_new = not self._number("SELECT count(*) FROM sqlite_master WHERE name = 'marks'")
            script = (files("watcher.ledger") / "ledger.sql").read_text(encoding="utf-8")
            for statement in script.split(";\n"):
                if statement.strip() and (is_new or "IF NOT EXISTS" in statement):
                    self._connection.execute(statement)
            if is_new:
                self.set_mark("schema_version", str(SCHEMA_VERSION))

    def _check_version(self, path: Path) -> None:
        found = self.mark("schema_version")
        if found != str(SCHEMA_VERSION):
            raise UnusableLedger(f"{path} has schema version {found}, this program needs {SCHEMA_VERSION}")

    def _number(self, sql: str) -> int:
        with self._lock:
            return int(self._connection.execute(sql).fetchone()[0])

    def _one(self, where: str, *values: Any) -> FileRow | None:
        rows = self._all(where, *values)
        return rows[0] if rows else None

    def _all(self, where: str, *values: Any) -> list[FileRow]:
        with self._lock:
            rows = self._connection.execute(f"SELECT {_COLUMNS} FROM files {where}", values).fetchall()  # noqa: S608
        return [_row(row) for row in rows]


def fault_of(state: Path) -> str | None:
    """Why the ledger in a state folder cannot be used; None where it can, or is not there yet."""
    if not (state / FILE_NAME).exists():
        return None
    try:
        with Ledger.beside(state) as ledger:
            ledger.check(state / FILE_NAME)
    except UnusableLedger as error:
        return str(error)
    except sqlite3.OperationalError:
        return None  # busy, or the disk is full: nothing is known against the ledger
    return None


def _row(row: sqlite3.Row) -> FileRow:
    columns = dict(zip(row.keys(), row, strict=True))
    columns["signature"] = StatSignature.parse(columns["signature"])
    columns["announced"] = bool(columns["announced"])
    columns["in_inbox"] = bool(columns["in_inbox"])
    return FileRow(**columns)
