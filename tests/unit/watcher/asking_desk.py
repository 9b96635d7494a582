"""Who goes through what people ask of filed reports, over a cabinet and without a server."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

from delivery.holdings import Holdings
from schemas.events import ReportEvent, WithdrawnEvent, utc_now
from schemas.handover import HandOver, Outcome
from schemas.report import Document, PipelineInfo, Report, SourceFile
from tests.unit.watcher.conftest import Cabinet
from watcher.asking import requests
from watcher.asking.copies import Copies
from watcher.asking.errands import Errands
from watcher.asking.rereading import Rereading
from watcher.asking.withdrawing import Withdrawing
from watcher.filing.places import Roots
from watcher.ledger.rows import FileRow
from watcher.running.alarms import Alarms
from watcher.sending.enqueue import Outbox
from watcher.sending.outcomes import Outcomes
from watcher.settings import WatcherSettings


class AskingDesk:
    """A cabinet, and who goes through requests."""

    def __init__(self, cabinet: Cabinet, state: Path) -> None:
        self.cabinet, self.ledger, self.state = cabinet, cabinet.desk.ledger, state
        inbox = os.fsencode(cabinet.desk.inbox)
        roots = Roots(inbox, os.fsencode(cabinet.processed), os.fsencode(cabinet.quarantine))
        self.copies = Copies(self.ledger, roots)
        self.alarms = Alarms(lambda: 0.0)
        rereading = Rereading(
            self.ledger, cabinet.filing, self.copies, self.alarms, lambda: None, lambda: cabinet.desk.now
        )
        self.told: list[WithdrawnEvent] = []
        self.is_away = False
        withdrawing = Withdrawing(self.ledger, roots, self, self.alarms, lambda: cabinet.desk.now)
        self.errands = Errands(state, {"reprocess": rereading, "withdraw": withdrawing}, self.alarms)
        self.outcomes = Outcomes(self.ledger, inbox, lambda _path: None, lambda: cabinet.desk.now)
        self.sent: list[HandOver] = []
        queue = SimpleNamespace(
            send=self.sent.extend,
            sent=lambda _handovers: None,
            holdings=Holdings,
            is_alive=lambda _handover: False,
        )
        self.outbox = Outbox(
            self.ledger,
            queue,  # type: ignore[arg-type] # as far as it is asked
            lambda: cabinet.desk.now,
            max_outstanding=100,
            newest_first=True,
            redeliver_after_s=10,
            copies=self.copies,
        )

    def withdraw(self, event: WithdrawnEvent) -> str:
        if self.is_away:
            raise ConnectionError
        self.told.append(event)
        return "1-1"

    def filed(self, name: str, content: bytes, version: str = "1") -> FileRow:
        """A report that was read by the rules of a version and filed."""
        row = self.cabinet.ended(name, content, entry_id="9-9")
        report = self.report(row, version)
        event = ReportEvent.of(report, utc_now())
        self.cabinet.entries[event.id] = "9-9"
        self.cabinet.reports[row.document, row.revision or 0] = report.model_dump_json()
        self.ledger.update(row.id, event_id=event.id)
        self.cabinet.filing.file(self.cabinet.row(row.id))
        return self.cabinet.row(row.id)

    def report(self, row: FileRow, version: str) -> Report:
        source = SourceFile(
            name=row.path,
            path=row.path,
            sha256=row.sha256 or "",
            size_bytes=3,
            media_type="text/plain",
            encoding="utf-8",
        )
        return Report(
            id=row.document,
            revision=row.revision or 1,
            replaces=row.replaced_event,
            source=source,
            document=Document(),
            pipeline=PipelineInfo(version=version),
        )

    def ask(self, *rows: FileRow) -> None:
        requests.leave(self.state, "reprocess", [(row.id, row.event_id or "") for row in rows])
        self.errands.work()

    def ended(self, row: FileRow, status: str, **told: str) -> FileRow:
        about = row.hand_over().model_dump(include={"id", "revision", "round", "sha256"})
        self.outcomes.record([("5-1", Outcome.model_validate({**about, "status": status, **told}))])
        return self.cabinet.row(row.id)

    def again(self, row: FileRow) -> FileRow:
        found = self.ledger.rereading_of(row.id, 0)
        assert found is not None
        return found

    def read(self, row: FileRow, version: str) -> FileRow:
        """What a worker with the rules of a version does."""
        report = self.report(row, version)
        event = ReportEvent.of(report, utc_now())
        self.cabinet.entries[event.id] = "8-8"
        self.cabinet.reports[row.document, row.revision or 0] = report.model_dump_json()
        return self.ended(row, "published", event_id=event.id, entry_id="8-8")

    def version(self, name: str) -> str:
        return str(json.loads((self.cabinet.processed / f"{name}.json").read_bytes())["pipeline"]["version"])


def settings_of(desk: AskingDesk) -> WatcherSettings:
    return WatcherSettings(
        inbox=desk.cabinet.desk.inbox,
        processed=desk.cabinet.processed,
        quarantine=desk.cabinet.quarantine,
        state=desk.state,
        _env_file=None,  # type: ignore[call-arg]
    )
