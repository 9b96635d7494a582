"""A ledger that cannot be used: how that is told from a ledger that is only busy, and what helps."""

import sqlite3
from pathlib import Path
from typing import Final

from watcher.running.lock import is_held

FILE_NAME: Final = "ledger.sqlite"

#: SQLite's result codes, without their extensions (sqlite.org/rescode.html).
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NO_LEDGER: Final = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY)
WAY_OUT: Final = (
    f"stop the service, move {FILE_NAME}, {FILE_NAME}-wal and {FILE_NAME}-shm out of the state folder and start again: "
    "files in the inbox are taken in anew, archive and Redis keep what they have (docs/operations.md, Backup and loss)"
)
GONE: Final = (
    "though a watcher is active over this folder: it was moved or deleted under it. The watcher goes on in the file that "
    "it has open, which is lost when it ends. Stop the service, then put the ledger back, or start with a new one: what "
    "is in the inbox is taken in anew (docs/operations.md, Backup and loss)"
)


class UnusableLedger(ValueError):
    """It is damaged, something else lies in its place, or another version wrote it; says what helps, in one line."""


def is_damage(error: BaseException) -> bool:
    """Whether SQLite found that the file is no database, or one whose pages do not fit together."""
    return _code(error) in _DAMAGED


def unusable(path: Path, error: sqlite3.Error) -> UnusableLedger | None:
    """What to say where a ledger cannot be opened; None where it may be the next time: busy, or the disk is full."""
    if is_damage(error):
        return damaged(path, str(error))
    if path.is_dir() or _code(error) in _NO_LEDGER:
        return UnusableLedger(f"{path} cannot be used as the ledger: {error}; mend its owner and mode, or {WAY_OUT}")
    return None


def damaged(path: Path, seen: str) -> UnusableLedger:
    """What to say of a ledger whose pages do not fit together; of many lines the first."""
    return UnusableLedger(f"{path} is damaged: {seen.strip().splitlines()[0]}; {WAY_OUT}")


def missing(path: Path) -> str:
    """What to say where no ledger is: whether there has been one tells the watcher's lock, which stays."""
    active = is_held(path.parent)
    if active is None:
        return (
            f"no ledger is at {path}: no service has run over this folder yet. Start it with `zhibiao up`, "
            "or set ZHIBIAO_STATE as it has it"
        )
    if active:
        return f"{path} is gone, {GONE}"
    return (
        f"{path} is gone, though a service has run over this folder: it was moved or deleted. Put it back together with "
        f"{FILE_NAME}-wal and {FILE_NAME}-shm, or start the service, which begins a new one: what is in the inbox is taken "
        "in anew (docs/operations.md, Backup and loss)"
    )


def in_words(error: Exception) -> str:
    """An error of the running service, with the way out where the ledger is damaged.

    >>> in_words(sqlite3.OperationalError("database is locked"))
    'OperationalError: database is locked'
    """
    text = f"{type(error).__name__}: {error}"
    return f"the ledger is damaged: {text}; {WAY_OUT}" if is_damage(error) else text


def alarm_of(error: Exception, name: str) -> str:
    """The alarm that an error sets: its own name, or for a damaged ledger one for all that meet it.

    >>> alarm_of(sqlite3.OperationalError("database is locked"), "filing")
    'filing'
    """
    return "ledger-damaged" if is_damage(error) else name


def _code(error: BaseException) -> int | None:
    extended = getattr(error, "sqlite_errorcode", None)
    return extended & 0xFF if isinstance(extended, int) else None
