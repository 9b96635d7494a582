"""Whose fault is a failure: of the one row or entry that it came with, or of something that all of them need?

One is put back or left out, so that it stops no other; for all there is no use in going on to the next.
"""

import sqlite3
from typing import Final

from delivery.connect import UNREACHABLE

_OF_ONE: Final = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
_OF_ALL: Final = (*UNREACHABLE, sqlite3.Error, MemoryError)


def is_of_all(error: Exception) -> bool:
    """Whether the next one would fail as well: Redis is away, the ledger cannot be read or written, memory is short.

    >>> is_of_all(sqlite3.OperationalError("database or disk is full")), is_of_all(OverflowError("too large"))
    (True, False)
    """
    return isinstance(error, _OF_ALL) and not isinstance(error, _OF_ONE)
