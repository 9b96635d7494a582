"""Where files lie, and what lies beside them: in the inbox, and in the archive's two folders."""

import os
import stat
from dataclasses import dataclass
from typing import Literal, Self

from schemas import paths
from watcher.filing.moving import RootedPath
from watcher.ledger.rows import FileRow
from watcher.seeing.below_root import status_of
from watcher.settings import WatcherSettings

Folder = Literal["processed", "quarantine"]
#: Of the packed reading beside a report's JSON.
READING_SUFFIX = os.fsencode(paths.READING_SUFFIX)
SUFFIX: dict[Folder, bytes] = {"processed": b".json", "quarantine": b".error.json"}


@dataclass(frozen=True)
class Roots:
    """The folders, as bytes."""

    inbox: bytes
    processed: bytes
    quarantine: bytes

    @classmethod
    def set_by(cls, settings: WatcherSettings) -> Self:
        """Those of the settings, absolute."""
        folders = (settings.inbox, settings.processed, settings.quarantine)
        return cls(*(os.path.abspath(os.fsencode(folder)) for folder in folders))

    def of(self, folder: Folder) -> bytes:
        """The root that a row's ``folder`` names."""
        return self.processed if folder == "processed" else self.quarantine

    def source(self, row: FileRow) -> RootedPath:
        """Where a row's file lies in the inbox."""
        return RootedPath(self.inbox, row.raw)

    def target(self, row: FileRow, folder: Folder) -> RootedPath:
        """Where it goes in the archive, or lies there."""
        return RootedPath(self.of(folder), row.target or row.raw)

    def sidecar(self, row: FileRow, folder: Folder, suffix: bytes = b"") -> RootedPath:
        """What lies beside it there: its JSON, or what has another suffix."""
        return RootedPath(self.of(folder), (row.target or row.raw) + (suffix or SUFFIX[folder]))


def is_blocked(root: bytes, path: bytes) -> bool:
    """Whether a folder of this name cannot be: a file was filed under it, or somebody put a link there."""
    try:
        return not stat.S_ISDIR(status_of(root, path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
