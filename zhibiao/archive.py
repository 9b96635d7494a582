"""The reports that lie beside the processed files."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from schemas import ids
from schemas.events import ReportEvent
from schemas.report import Report
from watcher.filing import SUFFIX
from watcher.ledger import FILE_NAME, Ledger
from watcher.settings import WatcherSettings

_SIDECAR = os.fsdecode(SUFFIX["processed"])
_FOLDER = "processed"


@dataclass(frozen=True)
class Archived:
    """A report in the archive; ``time`` is that of its filing. The report itself is read when it is asked for."""

    file: Path
    event_id: str
    time: datetime

    def event(self) -> ReportEvent:
        """The event that announced it, but for its time."""
        return ReportEvent.of(Report.model_validate_json(self.file.read_bytes()), self.time)


def archived(settings: WatcherSettings) -> Iterator[Archived]:
    """All reports of the processed folder that the ledger knows to have been published.

    A file that somebody dropped may look like a report of ours, so the ledger decides: the JSON must lie beside a
    filed original, must not be one itself, and must be of the event that was published for it.
    """
    try:
        ledger = Ledger.open(settings.state / FILE_NAME, readonly=True)
    except FileNotFoundError:
        return
    try:
        for file in _files(settings.processed):
            found = _look(file)
            if found and _is_ours(ledger, settings.processed, found):
                yield found
    finally:
        ledger.close()


def _files(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names) if name.endswith(_SIDECAR))


def _look(file: Path) -> Archived | None:
    try:
        report = Report.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
    event_id = ids.report_event_id(report.id, report.source.sha256, report.pipeline.version)
    return Archived(file, event_id, datetime.fromtimestamp(file.stat().st_mtime, UTC))


def _is_ours(ledger: Ledger, folder: Path, found: Archived) -> bool:
    target = os.fsencode(found.file.relative_to(folder))
    original = ledger.by_target(_FOLDER, target.removesuffix(SUFFIX["processed"]))
    return original is not None and original.event_id == found.event_id and ledger.by_target(_FOLDER, target) is None
