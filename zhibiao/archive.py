"""The reports that lie beside the processed files."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from schemas.events import ReportEvent
from schemas.report import Report
from watcher.filing import SUFFIX
from watcher.ledger import FILE_NAME, Ledger
from watcher.settings import WatcherSettings

_SIDECAR = os.fsdecode(SUFFIX["processed"])
_FOLDER = "processed"


@dataclass(frozen=True)
class Archived:
    """A report in the archive, as the event that announced it; its time is that of its filing."""

    file: Path
    event: ReportEvent


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
            event = _event(file)
            if event and _is_ours(ledger, settings.processed, file, event):
                yield Archived(file, event)
    finally:
        ledger.close()


def _files(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names) if name.endswith(_SIDECAR))


def _event(file: Path) -> ReportEvent | None:
    try:
        report = Report.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
    return ReportEvent.of(report, datetime.fromtimestamp(file.stat().st_mtime, UTC))


def _is_ours(ledger: Ledger, folder: Path, file: Path, event: ReportEvent) -> bool:
    target = os.fsencode(file.relative_to(folder))
    original = ledger.by_target(_FOLDER, target.removesuffix(SUFFIX["processed"]))
    return original is not None and original.event_id == event.id and ledger.by_target(_FOLDER, target) is None
