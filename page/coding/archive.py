"""The panels of a service's archive, made again only when a report, a review or what is said of documents has changed."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exports.folder import Archive, Unread, json_files
from panels.cells import Panel
from panels.codebook import Codebook
from panels.corrections import FILE_NAME as DOCUMENTS
from panels.corrections import Corrections, corrections
from panels.documents import sources_of
from panels.filling import panel_of
from panels.reviews import FILE_NAME as REVIEWS
from panels.reviews import Reviews
from schemas.report import Report

#: JSON of reports that is kept in memory as reports; of more, each panel reads all of them.
MOST_BYTES = 6_000_000
_State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Made:
    """A panel, and the files that gave no report."""

    panel: Panel
    unread: tuple[Unread, ...]


@dataclass
class Panels:
    """Asked from threads; one at a time makes a panel, and the last one of each codebook is kept."""

    processed: Path
    state: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _reports: tuple[_State, list[Report], tuple[Unread, ...]] | None = None
    _made: dict[str, tuple[Any, Made]] = field(default_factory=dict)

    def of(self, name: str, book: Codebook) -> Made:
        """The panel by a codebook.

        Raises:
            CodebookError: what is said of documents cannot be used.
            DocumentsError: it cannot be true.
            ReviewsError: the record of reviews cannot be read.
            OSError: a file cannot be read.
        """
        with self._lock:
            files = json_files(self.processed)
            said = (self.state / REVIEWS, self.processed / DOCUMENTS)
            now = (book, _state_of(files), _state_of([file for file in said if file.exists()]))
            if name in self._made and self._made[name][0] == now:
                return self._made[name][1]
            reports, unread = self._all(now[1])
            sources = sources_of(reports, _corrections(said[1]), book.kinds)
            made = Made(panel_of(book, sources, Reviews(said[0]).read()), unread)
            self._made = {name: (now, made)}  # a panel holds its reports: one at a time
            return made

    def _all(self, now: _State) -> tuple[list[Report], tuple[Unread, ...]]:
        if self._reports and self._reports[0] == now:
            return self._reports[1:]
        archive = Archive(self.processed)
        reports = [report for _, report in archive.reports()]
        unread = tuple(archive.unread)
        is_small = sum(size for _, _, size in now) <= MOST_BYTES
        self._reports = (now, reports, unread) if is_small else None
        return reports, unread


def _state_of(files: list[Path]) -> _State:
    """What would be another where a file is; one that was taken away meanwhile is none."""
    found = []
    for file in files:
        with suppress(FileNotFoundError):
            stat = file.stat()
            found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def _corrections(file: Path) -> Corrections:
    return Corrections(corrections(file.read_bytes(), file.name)) if file.exists() else Corrections()
