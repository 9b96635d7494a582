"""A ledger and folders for one test, and a clock that stands still."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from schemas.events import ReportEvent, utc_now
from schemas.report import Document, PipelineInfo, Report, SourceFile
from watcher.filing.file_away import Filing
from watcher.filing.places import Roots
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.running.alarms import Alarms
from watcher.running.damage import FILE_NAME
from watcher.settings import WatcherSettings
from watcher.taking.intake import Intake, Taken


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path / FILE_NAME)
    yield ledger
    ledger.close()


class Desk:
    """An inbox and its intake; the clock says ``now``."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.ledger = ledger
        self.now = 100.0
        self.intake = Intake(ledger, os.fsencode(self.inbox), 1000, lambda: self.now)

    def put(self, name: str, content: bytes) -> Path:
        """A new file in the place of any that was there."""
        path = self.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        return path

    def take(self, name: str, content: bytes | None = None) -> Taken:
        """Write, and take in."""
        if content is not None:
            self.put(name, content)
        return self.intake.take(name.encode())

    def accept(self, name: str, content: bytes) -> FileRow:
        """The row of a file that is accepted."""
        taken = self.take(name, content)
        assert taken.result == "accepted"
        assert taken.row is not None
        return taken.row


@pytest.fixture
def desk(tmp_path: Path, ledger: Ledger) -> Desk:
    return Desk(tmp_path, ledger)


EVENTS = {
    ("results", "1-1"): {"id": "e1", "data": {"id": "d0c", "metrics": []}},
    ("failures", "2-2"): {
        "id": "e1",
        "data": {"code": "undecodable", "message": "a.txt: byte 0", "stage": "decode", "attempts": 3},
    },
}


class Cabinet:
    """The archive folders and a filing over them."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self.desk = desk
        self.processed, self.quarantine = folder / "processed", folder / "quarantine"
        self.processed.mkdir()
        self.quarantine.mkdir()
        self.noticed: list[bytes] = []
        self.filed: list[tuple[str | None, bool]] = []
        roots = Roots(os.fsencode(desk.inbox), os.fsencode(self.processed), os.fsencode(self.quarantine))
        self.entries = {"e1": "1-1"}
        self.reports: dict[tuple[str, int], str] = {}
        self.readings: dict[tuple[str, int], bytes] = {}
        self.filing = Filing(desk.ledger, roots, published=self, lookout=self, restoring=self, clock=lambda: desk.now)

    def event(self, stream: str, entry_id: str) -> str | None:
        event = EVENTS.get((stream, entry_id))
        return json.dumps(event) if event else None

    def with_readings(self, wanted: Sequence[tuple[str, str, int]]) -> list[tuple[str | None, bytes | None]]:
        return [(self.event("results", entry), self.reading_of(*of)) for entry, *of in wanted]

    def entry_of(self, event_id: str) -> str | None:
        return self.entries.get(event_id)

    def report_of(self, document: str, revision: int) -> str | None:
        return self.reports.get((document, revision))

    def reading_of(self, document: str, revision: int) -> bytes | None:
        return self.readings.get((document, revision))

    def look_again(self, path: bytes) -> None:
        self.noticed.append(path)

    def is_remote(self, path: bytes) -> bool:
        return False

    def generation(self) -> str | None:
        return "g1"

    def restore_all_since(self, generation: str | None) -> None:
        """Notes what it is told, and whether within a transaction."""
        self.filed.append((generation, self.desk.ledger._depth > 0))

    def ended(self, name: str, content: bytes, state: str = "published", entry_id: str = "1-1") -> FileRow:
        row = self.desk.accept(name, content)
        self.desk.ledger.advance(row.id, state, 101, entry_id=entry_id, event_id="e1")  # type: ignore[arg-type]
        return self.row(row.id)

    def trimmed(self, name: str, content: bytes) -> tuple[FileRow, str]:
        """A published row whose event has left the stream, and its report."""
        row = self.ended(name, content, entry_id="9-9")
        source = SourceFile(
            name=name, path=name, sha256=row.sha256 or "", size_bytes=3, media_type="text/plain", encoding="utf-8"
        )
        report = Report(id=row.document, source=source, document=Document(), pipeline=PipelineInfo(version="1"))
        event = ReportEvent.of(report, utc_now())
        self.entries[event.id] = "9-9"
        self.desk.ledger.update(row.id, event_id=event.id)
        return self.row(row.id), report.model_dump_json()

    def read(self, row: FileRow, report: str | None, event_id: str | None = None) -> None:
        """What a worker does with a report that is to be kept; None where it fails."""
        if report:
            self.reports[row.document, 1] = report
        told = {"event_id": event_id or row.event_id, "entry_id": "9-9"}
        self.desk.ledger.advance(row.id, "published", 102, **told)

    def row(self, id_: int) -> FileRow:
        row = self.desk.ledger.get(id_)
        assert row is not None
        return row

    def tree(self) -> dict[str, Any]:
        """Everything in the archive: text of files, content of sidecars."""
        found: dict[str, Any] = {}
        for root in (self.processed, self.quarantine):
            for path in sorted(root.rglob("*")):
                if path.is_file():
                    text = path.read_text()
                    found[str(path.relative_to(root.parent))] = json.loads(text) if path.suffix == ".json" else text
        return found


@pytest.fixture
def cabinet(tmp_path: Path, desk: Desk) -> Cabinet:
    return Cabinet(tmp_path, desk)


@pytest.fixture
def alarms() -> Alarms:
    return Alarms(lambda: 0.0)


@pytest.fixture
def settings(tmp_path: Path, desk: Desk) -> WatcherSettings:
    for name in ("processed", "quarantine"):
        (tmp_path / name).mkdir()
    assert (tmp_path / FILE_NAME).exists()
    return WatcherSettings(
        inbox=desk.inbox,
        processed=tmp_path / "processed",
        quarantine=tmp_path / "quarantine",
        state=tmp_path,
        _env_file=None,  # type: ignore[call-arg]
    )
