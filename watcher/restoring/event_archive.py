"""What was published, made again from what was kept: the JSON beside filed reports, and the ledger's own copies.

A file that somebody dropped may look like a report of ours, so the ledger decides which JSON is one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from schemas.events import FailedEvent, ReportEvent
from watcher.filing import sidecars
from watcher.filing.moving import RootedPath, write_file
from watcher.filing.places import READING_SUFFIX, SUFFIX, Folder
from watcher.filing.targets import temporary
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.seeing.below_root import read_file
from watcher.settings import WatcherSettings


class Archive:
    """``processed`` and ``quarantine`` are the folders that files were filed to."""

    def __init__(self, ledger: Ledger, processed: Path, quarantine: Path) -> None:
        self._ledger = ledger
        self._roots: dict[Folder, bytes] = {"processed": bytes(processed), "quarantine": bytes(quarantine)}

    @classmethod
    @contextmanager
    def opened(cls, settings: WatcherSettings) -> Iterator[Self]:
        """The archive beside a running watcher.

        Raises:
            FileNotFoundError: there is no ledger yet.
        """
        with Ledger.beside(settings.state) as ledger:
            yield cls(ledger, settings.processed.absolute(), settings.quarantine.absolute())

    def rows(self) -> Iterator[FileRow]:
        """What was published, reports and failures, in the order in which it was."""
        for id_ in self._ledger.archived():
            if row := self._ledger.get(id_):
                yield row

    def event(self, row: FileRow) -> ReportEvent | FailedEvent:
        """The event that was published for a row.

        Raises:
            OSError: it has been taken out of the archive.
            ValueError: it is another.
        """
        content = self.content(row)
        return sidecars.report_event(row, content) if row.state == "published" else sidecars.failed_event(row, content)

    def content(self, row: FileRow) -> bytes:
        """The JSON that was kept of a row's event, unread.

        Raises:
            OSError: there is none.
        """
        if kept := self._ledger.kept(row.id):
            return kept
        place = self._beside(row)
        return read_file(place.root, place.path)

    def reading(self, row: FileRow) -> bytes:
        """The packed reading that was kept with a row's report; empty where none was, or it is of another one.

        Raises:
            OSError: it cannot be read just now.
        """
        if self._ledger.kept(row.id):
            packed = self._ledger.kept_reading(row.id)
        else:
            place = self._beside(row, READING_SUFFIX)
            try:
                packed = read_file(place.root, place.path)
            except (FileNotFoundError, NotADirectoryError):
                packed = b""
        return packed if sidecars.is_reading_of(row, packed) else b""

    def put(self, row: FileRow, content: bytes) -> None:
        """Put other JSON in its place; for the watcher alone."""
        if self._ledger.kept(row.id):
            self._ledger.keep(row.id, content)
        else:
            place = self._beside(row)
            write_file(place, temporary(place.path, row.id), content)

    def taken_back(self) -> frozenset[str]:
        """Ids of the report events that were taken back."""
        return frozenset(event_id for event in self._ledger.withdrawals() for event_id in event.data.events)

    def replaced_by(self, row: FileRow) -> FileRow | None:
        """The row of the content that has replaced a row's in its document; None where that is the last."""
        return self._ledger.newer_content(row)

    def _beside(self, row: FileRow, suffix: bytes | None = None) -> RootedPath:
        if row.folder is None or row.target is None:
            raise FileNotFoundError(f"{row.path}: not filed, and its event is kept nowhere")
        return RootedPath(self._roots[row.folder], row.target + (suffix or SUFFIX[row.folder]))
