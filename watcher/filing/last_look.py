"""The last look at a file in the inbox before it is moved: is it still what was read, and does nobody write to it?"""

import os
import stat
from typing import Literal, Protocol

from watcher.filing.moving import RootedPath
from watcher.filing.places import Roots
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.seeing.below_root import open_file
from watcher.seeing.open_writers import probe_writer
from watcher.taking.intake import sha256_of


class Lookout(Protocol):
    """Who watches the inbox."""

    def look_again(self, path: bytes) -> None:
        """Look anew at what lies at a path."""

    def is_remote(self, path: bytes) -> bool:
        """Whether other machines may write there, so that a read lease says nothing."""


class LastLook:
    """Looks at files in the inbox, of whose rows the ledger keeps the signature up to date."""

    def __init__(self, ledger: Ledger, roots: Roots, lookout: Lookout) -> None:
        self._ledger = ledger
        self._roots = roots
        self._lookout = lookout

    def at_source(self, row: FileRow) -> Literal["there", "gone", "replaced", "open"]:
        """Whether it is still there, and what a row is of; one that was only touched is."""
        source = self._roots.source(row)
        signature = source.signature()
        if signature is None:
            return "gone"
        if signature != row.signature:
            if not same_content(row, source):
                return "replaced"
            self._ledger.update(row.id, signature=signature)
        return "open" if self._has_writer(source) else "there"

    def is_held(self, descriptor: int, path: bytes) -> bool:
        """Whether somebody has an open file open for writing, as far as this machine can tell."""
        return not self._lookout.is_remote(path) and probe_writer(descriptor) == "held"

    def _has_writer(self, source: RootedPath) -> bool:
        try:
            descriptor = open_file(source.root, source.path)
        except OSError:
            return False
        try:
            return self.is_held(descriptor, source.path)
        finally:
            os.close(descriptor)


def same_content(row: FileRow, place: RootedPath) -> bool:
    """Whether at a place lies what a row is of, however it came there."""
    now = place.signature()
    if now is None or now.size != row.size_bytes:
        return False
    if row.sha256 is None:
        return now.same_bytes_likely(row.signature)
    descriptor = open_file(place.root, place.path)
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode) and sha256_of(descriptor) == row.sha256
    finally:
        os.close(descriptor)
