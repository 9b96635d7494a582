"""Puts events into the store: each in one transaction, whole or not at all, and however often it comes."""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from pydantic_core import to_json

from exports.columns import level_of
from schemas.events import FailedEvent, ReportEvent, WithdrawnEvent
from schemas.report import Report
from store import bigrams
from store.figure_rows import FACETS, counts_of, facets_of, figures_of, searched_of

#: Of the tables and of what is put into them; another one is built anew.
VERSION = "3"
#: Its name in the state folder.
FILE_NAME = "store.sqlite"


class StoreError(Exception):
    """The store cannot be made, or written; says why."""


class StoreInUse(StoreError):
    """Another process writes the store."""


class StoreGone(StoreError):
    """What is written is no longer the store that others read."""


class Store:
    """The store in a file, for the one process that writes it. Others read it at any time (WAL)."""

    def __init__(self, file: Path) -> None:
        """Open it; one that is not there, or of another version, is made empty.

        Raises:
            StoreInUse: another process writes it.
            sqlite3.Error: it cannot be opened or made.
        """
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = held(file)
        self.file = file
        self.is_new = not is_usable(file)
        if self.is_new:
            for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
                name.unlink(missing_ok=True)
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes comes again from the record
        if self.is_new:
            with _transaction(self._database):
                for statement in _statements():
                    self._database.execute(statement)
                self._database.execute("INSERT INTO about VALUES ('version', ?)", [VERSION])
        self._is_together = False
        found = file.stat()
        self._place = found.st_dev, found.st_ino

    def deliver(self, event: ReportEvent | FailedEvent) -> None:
        """Put an event in, unless it is there.

        Raises:
            StoreGone: the file is gone or damaged; it has to be made anew.
            sqlite3.OperationalError: it cannot be written now.
        """
        with self._written():
            if isinstance(event, FailedEvent):
                self._fail(event)
            elif self._has(event.id):  # it may have been built from the archive, which does not know when it came
                when = event.time.isoformat()
                self._database.execute("UPDATE readings SET read_at = ? WHERE event_id = ?", [when, event.id])
            else:
                self._add(event)

    def withdraw(self, event: WithdrawnEvent) -> None:
        """Let what was taken back be found no more; it stays, as older readings do.

        Raises:
            StoreGone: the file is gone or damaged; it has to be made anew.
            sqlite3.OperationalError: it cannot be written now.
        """
        with self._written():
            rows = [(event_id, event.id, event.data.why) for event_id in event.data.events]
            self._insert("OR IGNORE INTO taken_back", rows)
            held = self._database.execute(
                "SELECT 1 FROM readings JOIN taken_back USING (event_id) WHERE id = ? AND is_newest", [event.data.id]
            ).fetchone()
            if held:
                self._retire(event.data.id)

    def is_in_place(self) -> bool:
        """Whether the file that is written is the one that lies under its name."""
        try:
            found = self.file.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._place

    @property
    def follows(self) -> bool:
        """Whether it has been filled from the record since it was made; what only the record has is missing before."""
        return self._database.execute("SELECT 1 FROM about WHERE name = 'follows'").fetchone() is not None

    def note_following(self) -> None:
        """Note that the record comes from its beginning on.

        Raises:
            StoreGone: the file is gone or damaged; it has to be made anew.
            sqlite3.OperationalError: it cannot be written now.
        """
        with self._written():
            self._database.execute("INSERT OR REPLACE INTO about VALUES ('follows', 'the record')")

    def close(self) -> None:
        """Close it, and bring what lies beside it into it; once is enough."""
        if not self._lock.closed:
            with suppress(sqlite3.DatabaseError):  # a damaged one is closed all the same
                self._database.execute("PRAGMA optimize")
            self._database.close()
            self._lock.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Put all events that are delivered in here in as one: the index is written once for all of them.

        Raises:
            StoreGone: the file is gone or damaged; it has to be made anew.
            sqlite3.OperationalError: it cannot be written now; none of them is in.
        """
        with self._written():
            self._is_together = True
            try:
                yield
            finally:
                self._is_together = False

    @contextmanager
    def _written(self) -> Iterator[None]:
        if self._is_together:
            yield
            return
        if not self.is_in_place():
            raise StoreGone(f"{self.file} was taken away, or another put in its place")
        try:
            with _transaction(self._database):
                yield
        except sqlite3.OperationalError:
            raise  # a full disk, a lock: it may go away
        except sqlite3.DatabaseError as error:
            raise StoreGone(f"{self.file} is damaged: {error}") from error

    def _has(self, event_id: str) -> bool:
        return self._database.execute("SELECT 1 FROM readings WHERE event_id = ?", [event_id]).fetchone() is not None

    def _fail(self, event: FailedEvent) -> None:
        said = event.data
        row = (event.id, said.id, said.source.path, said.code, said.message, said.stage, said.place, said.attempts)
        self._insert("OR REPLACE INTO failures", [(*row, said.disposition, event.time.isoformat())])

    def _add(self, event: ReportEvent) -> None:
        report = event.data
        is_newest = not self._is_taken_back(event.id) and self._is_newest(report)
        if is_newest:
            self._retire(report.id)
        first = self._after_last("figure", "figures")
        reading = self._insert_reading(event, first, is_newest=is_newest)
        sentences = self._insert_sentences(reading, searched_of(report), is_newest=is_newest)
        self._insert("INTO figures", [*figures_of(report, first, reading, sentences, is_newest=is_newest)])
        if is_newest:
            self._count(facets_of(report), 1)

    def _is_taken_back(self, event_id: str) -> bool:
        found = self._database.execute("SELECT 1 FROM taken_back WHERE event_id = ?", [event_id])
        return found.fetchone() is not None

    def _is_newest(self, report: Report) -> bool:
        """The newest revision holds; of two readings of one revision that of the later rules, and then the one that came last."""
        held = self._database.execute(
            "SELECT revision, pipeline_version FROM readings WHERE id = ? AND is_newest", [report.id]
        ).fetchone()
        return held is None or (report.revision, _order(report.pipeline.version)) >= (held[0], _order(held[1]))

    def _retire(self, document: str) -> None:
        """Let no reading of a document be the newest: its figures are counted and found no more."""
        for reading, first, figures in self._database.execute(
            "SELECT reading, first_figure, figures FROM readings WHERE id = ? AND is_newest", [document]
        ).fetchall():
            facets, own = ", ".join(FACETS), [first, first + figures - 1]
            found = self._database.execute(f"SELECT {facets} FROM figures WHERE figure BETWEEN ? AND ?", own).fetchall()  # noqa: S608 - our own names
            self._count(found, -1)
            self._database.execute("DELETE FROM counts WHERE figures = 0")
            searched = self._database.execute("SELECT sentence, searched FROM sentences WHERE reading = ?", [reading])
            # The index is told what it was given, so that it can take that out again.
            gone = [("delete", sentence, bigrams.of_text(text)) for sentence, text in searched.fetchall()]
            self._insert("INTO search (search, rowid, bigrams)", gone)
            self._database.execute("UPDATE figures SET is_newest = 0 WHERE figure BETWEEN ? AND ?", own)
            self._database.execute("UPDATE readings SET is_newest = 0 WHERE reading = ?", [reading])

    def _after_last(self, key: str, table: str) -> int:
        """The number that SQLite would give the next row: given beforehand, many rows go in at once, and know each other."""
        return int(self._database.execute(f"SELECT 1 + coalesce(max({key}), 0) FROM {table}").fetchone()[0])  # noqa: S608 - our own names

    def _insert_reading(self, event: ReportEvent, first: int, *, is_newest: bool) -> int:
        report = event.data
        said, source = report.document, report.source
        row = (
            *(event.id, report.id, report.revision, is_newest, source.path, source.name),
            *(said.title, said.issuer, said.region, said.region_code, said.province, said.city, level_of(report)),
            *(said.period, said.kind, said.document_number, said.published, said.signed, said.script),
            *(source.sha256, report.pipeline.version, event.time.isoformat(), len(report.metrics), first),
            *(_json(report.warnings), _json(report.relations), _json(report.sections)),
        )
        marks = ", ".join("?" * len(row))
        done = self._database.execute(f"INSERT INTO readings VALUES (NULL, {marks})", row)  # noqa: S608 - our own names
        return int(done.lastrowid or 0)

    def _insert_sentences(self, reading: int, searched: Mapping[str, str], *, is_newest: bool) -> dict[str, int]:
        """Their numbers, by their text; those of the newest can be searched."""
        first = self._after_last("sentence", "sentences")
        found = {text: first + at for at, text in enumerate(searched)}
        self._insert("INTO sentences", [(found[text], reading, text, words) for text, words in searched.items()])
        if is_newest:
            pairs = [(found[text], bigrams.of_text(words)) for text, words in searched.items()]
            self._insert("INTO search (rowid, bigrams)", pairs)
        return found

    def _count(self, facets: Iterable[Sequence[str | None]], sign: int) -> None:
        self._database.executemany(
            "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET figures = figures + excluded.figures",
            [(field, value, sign * number) for field, value, number in counts_of(facets)],
        )

    def _insert(self, into: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert whole rows."""
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._database.executemany(f"INSERT {into} VALUES ({marks})", rows)  # noqa: S608 - our own names


class _transaction:  # noqa: N801 - reads as a statement
    """All of what is inside, or nothing of it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._database.execute("COMMIT" if kind is None else "ROLLBACK")


def _order(version: str) -> tuple[int, str]:
    return (int(version), "") if version.isdecimal() else (0, version)


def _json(parts: Sequence[Any]) -> str:
    return to_json(parts).decode()


def held(file: Path) -> IO[bytes]:
    """A lock beside the file, which goes with its process.

    Raises:
        StoreInUse: another process has it.
    """
    lock = file.with_name(f"{file.name}.lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StoreInUse(f"{file} is written by another process; it follows the record by itself") from None
    return lock


def is_usable(file: Path) -> bool:
    """Whether a file is a store of this version."""
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(file)) as database:
            found = database.execute("SELECT value FROM about WHERE name = 'version'").fetchone()
    except sqlite3.DatabaseError:
        return False
    return found is not None and found[0] == VERSION


def _statements() -> Iterator[str]:
    text = (files("store") / "schema.sql").read_text(encoding="utf-8")
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
