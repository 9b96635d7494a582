"""Several rows at a time: as many as fit into memory, in one transaction where that goes, and one that fails stops no other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.running.blame import is_of_all

#: Of files whose reports are asked for together. A report is up to forty times as large as its file.
MOST_FETCHED_BYTES = 500_000


class OfARow(Protocol):
    """What is to be done for a row."""

    @property
    def row(self) -> FileRow:
        """The row."""


One = TypeVar("One", bound=OfARow)


def portions(rows: Sequence[FileRow]) -> Iterator[list[FileRow]]:
    """The rows in their order, as many at a time as may have their reports in memory together; large ones alone."""
    portion: list[FileRow] = []
    room = MOST_FETCHED_BYTES
    for row in rows:
        if portion and row.size_bytes > room:
            yield portion
            portion, room = [], MOST_FETCHED_BYTES
        portion.append(row)
        room -= row.size_bytes
    if portion:
        yield portion


@contextmanager
def noted(row: FileRow, failures: dict[int, Exception]) -> Iterator[None]:
    """What fails in here for this row alone is written down, and stops no other."""
    try:
        yield
    except Exception as error:
        if is_of_all(error):
            raise
        failures[row.id] = error


def done_together(
    ledger: Ledger, rows: Sequence[One], act: Callable[[One], None], failures: dict[int, Exception]
) -> list[One]:
    """Do it for all in one transaction, or in one for each where that fails; gives those for which it is done."""
    if not rows:
        return []
    try:
        with ledger.transaction():
            for one in rows:
                act(one)
    except Exception as error:
        if is_of_all(error):
            raise
    else:
        return [*rows]
    done = []
    for one in rows:
        with noted(one.row, failures):
            with ledger.transaction():
                act(one)
            done.append(one)
    return done
