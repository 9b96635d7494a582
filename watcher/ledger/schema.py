"""The tables of the ledger, and how one that an earlier version wrote gets them.

Who changes ``ledger.sql`` raises ``VERSION`` and adds a step; every form that ever was is opened in the tests.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

from watcher.running.damage import WAY_OUT, UnusableLedger

VERSION: Final = 4
_VERSION_MARK: Final = "schema_version"


class OlderLedger(UnusableLedger):
    """An earlier version wrote it, and it is only to be read: the watcher has not been started yet."""


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables, or bring those of an earlier version up to date: all of it, or nothing.

    Raises:
        UnusableLedger: it says no version that there is a way from.
        sqlite3.Error: it cannot be written, or is no database.
    """
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    with _at_once(connection):
        found = _version(connection, path)
        if found is not None and found >= VERSION:
            return
        for step in _STEPS[found - 1 :] if found else ():
            step(connection)
        for statement in _statements():
            connection.execute(statement)
        _count_anew(connection)
        connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (_VERSION_MARK, str(VERSION)))


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """See that this program can go by the ledger.

    Raises:
        UnusableLedger: another version wrote it.
        OlderLedger: the same, and the next start of the service brings it up to date.
    """
    found = _version(connection, path)
    if found is None:
        raise UnusableLedger(f"{path} is no ledger, it has none of the tables: {WAY_OUT}")
    if found < VERSION:
        raise OlderLedger(
            f"{path} was written by an earlier version (schema {found}, this one needs {VERSION}): start the service "
            "with this version, which brings the ledger up to date"
        )
    if found > VERSION:
        raise UnusableLedger(
            f"{path} was written by a newer version (schema {found}, this one knows none above {VERSION}): install that "
            "version again, or put back the ledger that was backed up before the upgrade (docs/operations.md, Upgrading)"
        )


def _version(connection: sqlite3.Connection, path: Path) -> int | None:
    """The schema's number; None where nothing has been made yet."""
    if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'marks'").fetchone()[0]:
        return None
    row = connection.execute("SELECT value FROM marks WHERE name = ?", (_VERSION_MARK,)).fetchone()
    text = str(row[0]) if row else "none"
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise UnusableLedger(f"{path} has schema version {text}, where a number from 1 to {VERSION} would be right")
    return int(text)


def _statements() -> Iterator[str]:
    """Those of ``ledger.sql``; the body of a trigger has semicolons of its own."""
    gathered = ""
    for line in (files("watcher.ledger") / "ledger.sql").read_text(encoding="utf-8").splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""


def _count_anew(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM counts")
    connection.execute("INSERT INTO counts SELECT state, count(*) FROM files GROUP BY state")


def _from_1(connection: sqlite3.Connection) -> None:
    """Version 1 was the number of several forms, of which the first did not order by arrival.

    Its indexes are made anew: what they are for has changed under some of their names.
    """
    columns = {row[1] for row in connection.execute("PRAGMA table_info(files)")}
    if "arrived_ns" not in columns:
        connection.execute("ALTER TABLE files ADD COLUMN arrived_ns INTEGER NOT NULL DEFAULT 0")
        connection.execute("UPDATE files SET arrived_ns = CAST(accepted_at * 1e9 AS INTEGER)")
    connection.execute("ALTER TABLE files ADD COLUMN is_kept INTEGER NOT NULL DEFAULT 0")
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'kept'").fetchone()[0]:
        connection.execute("UPDATE files SET is_kept = 1 WHERE id IN (SELECT file FROM kept)")
    made = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'files' AND sql IS NOT NULL"
    for (name,) in connection.execute(made).fetchall():
        connection.execute(f'DROP INDEX "{name}"')


def _from_2(_connection: sqlite3.Connection) -> None:
    """Version 2 lacked the readings and the steps, which ``ledger.sql`` adds: no row of it changes.

    The steps begin with what happens from then on.
    """


def _from_3(connection: sqlite3.Connection) -> None:
    """Version 3 read nothing again and took nothing back; two of its indexes have other conditions since."""
    connection.execute("ALTER TABLE files ADD COLUMN taken_from BLOB")
    connection.execute("ALTER TABLE files ADD COLUMN replaces INTEGER REFERENCES files (id)")
    for name in ("files_accepted", "files_unkept"):
        connection.execute(f"DROP INDEX IF EXISTS {name}")


#: From version 1, from version 2 and so on, each to the next.
_STEPS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (_from_1, _from_2, _from_3)


@contextmanager
def _at_once(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
