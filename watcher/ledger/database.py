"""The durable record of every file that was taken in: SQLite, one writer process, any number of readers.

Write-ahead log with ``synchronous=NORMAL``: a commit survives the end of the process at once and a power cut after
the next checkpoint. That is enough, because a file without a row is found again in the inbox.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from schemas.events import WithdrawnEvent
from watcher.ledger import schema
from watcher.ledger.reading import LedgerReading
from watcher.ledger.rows import FORWARD, UNKEPT, WITHDRAWN, FileRow, State
from watcher.running.damage import FILE_NAME, UnusableLedger, damaged, is_damage, missing, unusable
from watcher.seeing.arrivals import Readiness


class Ledger(LedgerReading):
    """Opened once per process and shared by its threads: what :class:`LedgerReading` answers, and what is written."""

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False) -> Self:
        """Open the ledger at ``path``, making it unless ``readonly``.

        Raises:
            FileNotFoundError: ``readonly`` and there is none.
            UnusableLedger: it is damaged, no ledger, or was written by another version.
        """
        if readonly and not path.exists():
            raise FileNotFoundError(missing(path.absolute()))
        mode = "ro" if readonly else "rwc"
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        try:
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
        except sqlite3.Error as error:
            raise unusable(path, error) or error from None
        try:
            if not readonly:
                schema.prepare(connection, path)
            schema.check_version(connection, path)
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.Error) and (refused := unusable(path, error)):
                raise refused from error
            raise
        return cls(connection)

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
        allowed = FORWARD.get(state, ())
        sets = "".join(f", {name} = ?" for name in columns)
        places = ", ".join("?" for _ in allowed)
        with self._lock:
            done = self._connection.execute(
                f"UPDATE files SET state = ?, changed_at = ?{sets} WHERE id = ? AND state IN ({places})",  # noqa: S608
                (state, now, *columns.values(), id_, *allowed),
            )
        return done.rowcount == 1

    def begin_again(self, id_: int) -> None:
        """A step back: the event that ended a row is lost, and its file still lies in the inbox unfiled.

        Or it was a report's that was read again, whose new reading did not come to hold yet.
        """
        with self.transaction():
            self._connection.execute("DELETE FROM kept WHERE file = ?", (id_,))
            self._connection.execute("DELETE FROM kept_readings WHERE file = ?", (id_,))
            self._connection.execute(
                "UPDATE files SET state = 'accepted', event_id = NULL, entry_id = NULL, code = NULL, detail = NULL,"
                " tries = 0, not_before = 0"
                " WHERE id = ? AND (in_inbox OR (replaces IS NOT NULL AND target IS NULL))"
                " AND state IN ('published', 'quarantined') AND revision IS NOT NULL",
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
                " WHERE id = ? AND (in_inbox OR (replaces IS NOT NULL AND target IS NULL))"
                " AND state = 'published' AND revision IS NOT NULL",
                (UNKEPT, "read once more: its event is out, and its report is kept nowhere", id_),
            )

    def add_rereading(self, row: FileRow, now: float) -> FileRow:
        """A row by which the filed report of ``row`` is to be read once more; the file stays where it is.

        A round of its own gives the reading all its attempts.
        """
        with self.transaction():
            return self.add(
                document=row.document,
                raw=row.raw,
                path=row.path,
                revision=row.revision,
                round=1
                + self._number(
                    "SELECT max(round) FROM files WHERE document = ? AND sha256 = ?", row.document, row.sha256
                ),
                supersedes=row.supersedes,
                sha256=row.sha256,
                size_bytes=row.size_bytes,
                signature=row.signature,
                state="accepted",
                duplicate_of=row.duplicate_of,
                arrived_ns=row.arrived_ns,
                accepted_at=now,
                in_inbox=0,
                replaces=row.id,
            )

    def let_hold(self, row: FileRow, now: float, content: bytes, reading: bytes) -> None:
        """Let the reading of ``row`` hold from now on: it is kept, and has the place of the one that it replaces."""
        with self.transaction():
            former = self.get(row.replaces or 0)
            self.keep(row.id, content, reading)
            if former is None or not self.advance(former.id, "replaced", now, code=None):
                return
            self.update(former.id, folder=None, target=None)
            self.update(
                row.id, folder=former.folder, target=former.target, code=None, detail=None, tries=0, not_before=0
            )
            self._connection.execute("DELETE FROM kept WHERE file = ?", (former.id,))
            self._connection.execute("DELETE FROM kept_readings WHERE file = ?", (former.id,))

    def put_in_place(self, id_: int, now: float) -> None:
        """What was kept of a row's reading lies in the archive."""
        with self.transaction():
            self._connection.execute("DELETE FROM kept WHERE file = ?", (id_,))
            self._connection.execute("DELETE FROM kept_readings WHERE file = ?", (id_,))
            self._connection.execute("INSERT INTO steps (file, state, at) VALUES (?, 'filed', ?)", (id_, now))

    def withdraw(self, event: WithdrawnEvent, rows: Iterable[FileRow], now: float) -> None:
        """Take back what was published by these rows; ``event`` says so, and is to be published."""
        with self.transaction():
            self._connection.execute(
                "INSERT OR IGNORE INTO withdrawals (event_id, content) VALUES (?, ?)", (event.id, event.to_json())
            )
            for row in rows:
                self.advance(row.id, "withdrawn", now, code=WITHDRAWN, detail=event.data.why)

    def told_withdrawal(self, event_id: str) -> None:
        """The event that says so is out."""
        with self._lock:
            self._connection.execute("UPDATE withdrawals SET told = 1 WHERE event_id = ?", (event_id,))

    def announce_again(self) -> None:
        """The events about refused, ignored and withdrawn files are lost, and are to be published again."""
        with self.transaction():
            self._connection.execute(
                "UPDATE files SET announced = 0 WHERE state IN ('quarantined', 'ignored') AND revision IS NULL"
                " AND duplicate_of IS NULL"
            )
            self._connection.execute("UPDATE withdrawals SET told = 0")

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

    def _let_go_unkept(self, id_: int, now: float) -> None:
        with self._lock:
            self._connection.execute(
                "UPDATE files SET state = 'published', code = NULL, changed_at = ?, in_inbox = 0"
                " WHERE id = ? AND code = ? AND state IN ('accepted', 'queued') AND event_id IS NOT NULL",
                (now, id_, UNKEPT),
            )


def fault_of(state: Path) -> str | None:
    """Why the ledger in a state folder cannot be used; None where it can, or is not there yet."""
    if not (state / FILE_NAME).exists():
        return None
    try:
        with Ledger.beside(state) as ledger:
            ledger.check(state / FILE_NAME)
    except schema.OlderLedger:
        return None  # it is brought up to date by the watcher, who looks at its pages, too
    except UnusableLedger as error:
        return str(error)
    except sqlite3.OperationalError:
        return None  # busy, or the disk is full: nothing is known against the ledger
    return None
