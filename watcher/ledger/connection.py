"""One connection to the ledger's file, shared by the threads of a process."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from watcher.ledger.rows import COLUMNS, FileRow, row_of


class LedgerConnection:
    """Transactions, and rows as values."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0

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

    def _number(self, sql: str, *values: Any) -> int:
        with self._lock:
            return int(self._connection.execute(sql, values).fetchone()[0])

    def _one(self, where: str, *values: Any) -> FileRow | None:
        rows = self._all(where, *values)
        return rows[0] if rows else None

    def _all(self, where: str, *values: Any) -> list[FileRow]:
        with self._lock:
            rows = self._connection.execute(f"SELECT {COLUMNS} FROM files {where}", values).fetchall()  # noqa: S608
        return [row_of(row) for row in rows]
