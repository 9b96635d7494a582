"""Copies of filed reports in a hidden folder of the inbox, where workers may read them.

A worker sees the inbox and nothing else. A copy, and no second name of the file: whoever may write into the inbox could
write into the archive through that.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from schemas.paths import from_wire
from watcher.filing.moving import RootedPath, copy, remove
from watcher.filing.places import Roots
from watcher.ledger.rows import AGAIN, FileRow, place_again

PARTIAL = b".part"


class Rows(Protocol):
    """The ledger, as far as copies go by it."""

    def get(self, id_: int) -> FileRow | None:
        """The row with this id."""

    def rereading(self) -> int:
        """How many filed reports are still to be read again, or are at it."""


class Copies:
    """Lays them out and takes them away."""

    def __init__(self, rows: Rows, roots: Roots) -> None:
        self._rows = rows
        self._roots = roots

    def lay_out(self, row: FileRow, *, anew: bool = False) -> None:
        """Copy the filed report that a row is to read once more, unless it lies there; ``anew``: even then.

        Raises:
            FileNotFoundError: it is not in the archive any more.
            Replaced: other bytes lie there.
            OSError: it cannot be copied just now.
        """
        former = self._rows.get(row.replaces or 0)
        if former is None or former.folder is None or former.target is None:
            raise FileNotFoundError(f"{row.path} is not in the archive any more")
        there = RootedPath(self._roots.inbox, from_wire(place_again(row.id)))
        laid = there.signature()
        if laid and laid.size == row.size_bytes and not anew:
            return
        source = RootedPath(self._roots.of(former.folder), former.target)
        signature = source.signature()
        if signature is None:
            raise FileNotFoundError(f"{row.path} is not in the archive any more")
        try:
            copy(source, there, signature, there.path + PARTIAL, row.sha256)
        except FileNotFoundError as error:
            if source.signature() is None:
                raise
            raise OSError(errno.EAGAIN, "its folder there is gone", str(error.filename)) from error

    def take_away(self) -> None:
        """Take away those that nobody reads any more."""
        folder = Path(os.fsdecode(self._roots.inbox)) / AGAIN
        if folder.is_symlink():
            return  # somebody else's, and nothing of ours is there
        with suppress(OSError):  # tried again soon
            for name in os.listdir(folder):
                number = name.removesuffix(os.fsdecode(PARTIAL))
                row = self._rows.get(int(number)) if number.isascii() and number.isdecimal() else None
                if row is None or row.state not in ("accepted", "queued") or row.replaces is None:
                    remove(RootedPath(self._roots.inbox, os.fsencode(f"{AGAIN}/{name}")))
            if not self._rows.rereading():  # else one may be on its way into the folder
                os.rmdir(folder)
