"""What people ask of filed reports: requests, copies and rows, without a server."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from delivery.holdings import Holdings
from schemas.events import ReportEvent, WithdrawnEvent, utc_now
from schemas.handover import HandOver, Outcome
from schemas.report import Document, PipelineInfo, Report, SourceFile
from tests.unit.watcher.conftest import Cabinet
from watcher.asking import requests
from watcher.asking.choosing import Choosing
from watcher.asking.copies import Copies
from watcher.asking.errands import Errands
from watcher.asking.rereading import Rereading
from watcher.asking.withdrawing import Withdrawing
from watcher.filing.moving import Replaced
from watcher.filing.places import Roots
from watcher.filing.put_back import retry
from watcher.ledger.rows import AGAIN, LOST, FileRow
from watcher.running.alarms import Alarms
from watcher.sending.enqueue import REREAD_BESIDE, Outbox
from watcher.sending.outcomes import Outcomes
from watcher.settings import WatcherSettings


class Desk:
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


def settings_of(desk: Desk) -> WatcherSettings:
    return WatcherSettings(
        inbox=desk.cabinet.desk.inbox,
        processed=desk.cabinet.processed,
        quarantine=desk.cabinet.quarantine,
        state=desk.state,
        _env_file=None,  # type: ignore[call-arg]
    )


@pytest.fixture
def desk(cabinet: Cabinet, tmp_path: Path) -> Desk:
    (tmp_path / "state").mkdir()
    return Desk(cabinet, tmp_path / "state")


@pytest.mark.parametrize("name", ["a.txt", "2023/公报.html"])
def test_a_copy_is_read_and_the_new_reading_takes_its_place(desk: Desk, name: str) -> None:
    row = desk.filed(name, b"one")
    desk.ask(row)
    assert requests.pending(desk.state) == []
    assert desk.outbox.send_accepted() == 1
    [handover] = desk.sent
    assert (handover.path, handover.replaces, handover.round, handover.revision) == (name, row.event_id, 2, 1)
    assert (desk.cabinet.desk.inbox / (handover.place or "")).read_bytes() == b"one"

    desk.read(desk.again(row), "2")
    desk.errands.work()
    assert desk.version(name) == "2"
    assert [one.state for one in desk.ledger.find(name)] == ["published", "replaced"]
    assert desk.ledger.archived() == [desk.again(row).id]
    assert not (desk.cabinet.desk.inbox / AGAIN).exists()
    assert (desk.cabinet.processed / name).read_bytes() == b"one"


def test_a_request_twice_or_half_taken_up_makes_one_row_each(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [desk.filed(name, name.encode()) for name in ("a", "b", "c")]
    request = requests.leave(desk.state, "reprocess", [(row.id, row.event_id or "") for row in rows])
    content = request.read_bytes()
    desk.errands.work()
    request.write_bytes(content)  # as after a kill before it was taken away
    desk.errands.work()
    assert desk.ledger.rereading() == 3
    for row in rows:
        desk.ended(desk.again(row), "failed", event_id="f")
    request.write_bytes(content)
    desk.errands.work()
    assert desk.ledger.rereading() == 0
    assert desk.ledger.summary() == {"published": 3, "kept": 3}


def test_a_request_that_is_none_is_put_aside(desk: Desk) -> None:
    row = desk.filed("a", b"a")
    folder = requests.make_folder(desk.state)
    for number, text in enumerate(["", "[]", '{"kind": "eat"}', '{"kind": "reprocess", "rows": [[1]], "at": 1}']):
        (folder / f"{number}.json").write_text(text)
    assert requests.count(desk.state) == 1  # of the last, as far as that can be told
    desk.ask(row)
    assert desk.ledger.rereading() == 1
    assert sorted(file.suffix for file in folder.iterdir()) == [".refused"] * 4


def test_long_requests_are_taken_up_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several at a time, and none over and over again."""
    monkeypatch.setattr("watcher.asking.rereading.AT_ONCE", 4)
    monkeypatch.setattr("watcher.asking.rereading.PORTION", 3)
    rows = [desk.filed(f"{number}", b"%d" % number) for number in range(18)]
    for part in (rows[:9], rows[9:]):
        requests.leave(desk.state, "reprocess", [(row.id, row.event_id or "") for row in part])
    seen = []
    while requests.pending(desk.state):
        desk.errands.work()
        seen.append(desk.ledger.rereading())
    assert seen == [8, 16, 18]


def test_a_request_that_cannot_be_read_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (desk.filed(name, name.encode()) for name in ("a", "b"))
    locked = requests.leave(desk.state, "reprocess", [(first.id, first.event_id or "")])
    real = Path.read_bytes

    def refuses(file: Path) -> bytes:
        if file == locked:
            raise PermissionError(13, "Permission denied")
        return real(file)

    monkeypatch.setattr(Path, "read_bytes", refuses)
    desk.ask(second)
    assert desk.ledger.rereading() == 1
    assert requests.pending(desk.state) == [locked]
    monkeypatch.undo()
    desk.errands.work()
    assert desk.ledger.rereading() == 2
    assert desk.alarms.texts() == {}


def test_rows_that_hold_no_longer_are_passed_over(desk: Desk) -> None:
    row = desk.filed("a", b"a")
    requests.leave(desk.state, "reprocess", [(row.id, "other"), (row.id + 7, row.event_id or "")])
    desk.errands.work()
    assert desk.ledger.rereading() == 0


def test_what_comes_new_goes_first_and_few_lie_beside_it(desk: Desk) -> None:
    rows = [desk.filed(f"{number}", b"%d" % number) for number in range(REREAD_BESIDE + 5)]
    desk.ask(*rows)
    for name in ("new", "newer"):
        desk.cabinet.desk.accept(name, name.encode())
    assert desk.outbox.send_accepted() == REREAD_BESIDE
    assert {handover.path for handover in desk.sent[:2]} == {"new", "newer"}
    assert desk.outbox.send_accepted() == 0
    assert len([*(desk.cabinet.desk.inbox / AGAIN).iterdir()]) == REREAD_BESIDE - 2


@pytest.mark.parametrize(("change", "state"), [(None, "vanished"), (b"two", "superseded")])
def test_what_is_not_there_any_more_is_not_read(desk: Desk, change: bytes | None, state: str) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    (desk.cabinet.processed / "a.txt").unlink()
    if change:
        (desk.cabinet.processed / "a.txt").write_bytes(change)
    assert desk.outbox.send_accepted() == 0
    assert desk.again(row).state == state
    assert desk.cabinet.row(row.id).state == "published"


def test_an_inbox_that_takes_no_copy_is_waited_for(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    (desk.cabinet.desk.inbox / AGAIN).symlink_to(desk.cabinet.processed)  # somebody wants it to lie elsewhere
    assert desk.outbox.send_accepted() == 0
    assert "no copy in the inbox" in (desk.again(row).detail or "")
    assert sorted(path.name for path in desk.cabinet.processed.iterdir()) == ["a.txt", "a.txt.json"]
    desk.errands.work()
    (desk.cabinet.desk.inbox / AGAIN).unlink()
    desk.cabinet.desk.now += 60
    assert desk.outbox.send_accepted() == 1


def test_a_copy_that_somebody_changed_is_made_anew(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    desk.outbox.send_accepted()
    copy = desk.cabinet.desk.inbox / (desk.sent[0].place or "")
    copy.write_bytes(b"two")
    waiting = desk.ended(desk.again(row), "changed")
    assert (waiting.state, waiting.not_before > desk.cabinet.desk.now) == ("queued", True)
    desk.cabinet.desk.now += 60
    desk.outbox.repeat_lost()
    desk.cabinet.desk.now += 60
    desk.outbox.repeat_lost()
    assert len(desk.sent) == 2
    assert copy.read_bytes() == b"one"


def test_a_copy_has_the_bytes_of_the_row_or_there_is_none(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    (desk.cabinet.processed / "a.txt").write_bytes(b"two")
    with pytest.raises(Replaced):
        desk.copies.lay_out(desk.again(row))
    assert [*(desk.cabinet.desk.inbox / AGAIN).iterdir()] == []


def test_a_failure_leaves_the_reading_before(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    failed = desk.ended(desk.again(row), "failed", event_id="f", entry_id="2-2")
    desk.errands.work()
    assert (failed.state, desk.cabinet.row(row.id).state, desk.version("a.txt")) == ("kept", "published", "1")
    assert [one.state for one in desk.ledger.find("a.txt")] == ["published", "kept"]
    assert desk.cabinet.desk.take("a.txt", b"one").result == "duplicate"


def test_rules_that_have_read_it_before_change_nothing(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    ended = desk.ended(desk.again(row), "published", event_id=row.event_id or "", entry_id="9-9")
    assert (ended.state, desk.cabinet.row(row.id).state) == ("superseded", "published")
    assert "nothing has changed" in (ended.detail or "")


@pytest.mark.parametrize("lost", ["event", "report"])
def test_a_new_reading_that_redis_lost_is_read_once_more(desk: Desk, lost: str) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    again = desk.again(row)
    read = desk.read(again, "2")
    if lost == "event":
        del desk.cabinet.entries[read.event_id or ""]
    else:
        desk.cabinet.reports.clear()
    desk.errands.work()
    waits = desk.cabinet.row(again.id)
    assert (waits.state, waits.hand_over().keep) == ("accepted", lost == "report")
    assert desk.version("a.txt") == "1"
    desk.read(waits, "2")
    desk.errands.work()
    assert desk.version("a.txt") == "2"


def test_a_report_that_nobody_has_is_had_again(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    (desk.cabinet.processed / "a.txt.json").unlink()
    desk.ledger.update(row.id, code=LOST)
    desk.ask(desk.cabinet.row(row.id))
    desk.read(desk.again(row), "2")
    desk.errands.work()
    assert desk.version("a.txt") == "2"
    assert desk.again(row).code is None
    # So content that comes back later is no lost report's, either.
    desk.cabinet.ended("a.txt", b"two")
    assert not desk.cabinet.desk.accept("a.txt", b"one").hand_over().keep


def test_an_archive_that_takes_nothing_is_an_alarm_until_it_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    desk.read(desk.again(row), "2")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("watcher.filing.file_away.write_file", full)
    desk.errands.work()
    assert "No space left" in desk.alarms.texts()["not-reread"]
    assert desk.version("a.txt") == "1"
    assert desk.ledger.archived() == [desk.again(row).id]
    monkeypatch.undo()
    desk.cabinet.desk.now += 60
    desk.errands.work()
    assert desk.version("a.txt") == "2"
    assert desk.alarms.texts() == {}


def test_a_duplicate_points_to_the_reading_that_holds(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    copy = desk.cabinet.desk.take("b.txt", b"one").row
    assert copy is not None
    desk.ask(row)
    read = desk.read(desk.again(row), "2")
    desk.errands.work()
    desk.cabinet.filing.file(copy)
    told = json.loads((desk.cabinet.processed / "b.txt.json").read_bytes())["duplicate_of"]
    assert (told["event_id"], told["path"]) == (read.event_id, "a.txt")


def test_who_waits_in_quarantine_is_not_behind_what_is_read_again(desk: Desk) -> None:
    """A reading of older content has a later row, and is no newer content."""
    row = desk.filed("a.txt", b"one")
    failed = desk.cabinet.ended("a.txt", b"two", "quarantined", "2-2")
    desk.ask(row)
    assert desk.ledger.newer_content(failed) is None
    desk.read(desk.again(row), "2")
    desk.errands.work()
    assert desk.ledger.newer_content(failed) is None
    assert [one.revision for one in desk.ledger.find("a.txt")] == [2, 1, 1]


@pytest.mark.parametrize(
    ("version", "any_other", "verdict"),
    [
        ("2", False, "asked"),
        ("10", False, "asked"),
        ("1", True, "unchanged"),
        ("0", True, "newer"),
        ("2-dev", False, "other"),
        ("2-dev", True, "asked"),
    ],
)
def test_whose_turn_it_is(desk: Desk, version: str, verdict: str, *, any_other: bool) -> None:
    row = desk.filed("d/a.txt", b"one")
    choosing = Choosing(settings_of(desk), desk.ledger, version, any_other=any_other)
    names = ("d/a.txt", desk.cabinet.processed / "d/a.txt", desk.cabinet.desk.inbox / "d/a.txt")
    assert [one.verdict for one in choosing.named(names)] == [verdict] * 3
    assert [(one.path, one.verdict) for one in choosing.all()] == [("d/a.txt", verdict)]
    if verdict == "asked":
        desk.ask(row)
        assert [one.verdict for one in choosing.all()] == ["going_on"]
    (desk.cabinet.processed / "d/a.txt").unlink()
    assert [one.verdict for one in choosing.all()] == ["gone"]


def take_back(desk: Desk, row: FileRow, why: str | None = None) -> None:
    requests.leave(desk.state, "withdraw", [(row.id, row.event_id or "")], why)
    desk.errands.work()


@pytest.mark.parametrize(("name", "why"), [("a.txt", "更正"), ("2023/公报.html", None)])
def test_a_document_that_is_taken_back_leaves_the_archive(desk: Desk, name: str, why: str | None) -> None:
    """With all revisions and readings, its copies of the same content, and what lay beside them."""
    first = desk.filed(name, b"one")
    copy = desk.cabinet.desk.take(name, b"one").row
    assert copy is not None
    desk.cabinet.filing.file(copy)
    desk.ask(first)
    again = desk.read(desk.again(first), "2")
    desk.errands.work()
    (desk.cabinet.processed / f"{name}.reading.gz").write_bytes(b"packed")
    second = desk.filed(name, b"two")
    other = desk.filed("other.txt", b"three")
    take_back(desk, second, why)

    [event] = desk.told
    assert (event.data.id, event.data.path, event.data.revisions, event.data.why) == (first.document, name, (1, 2), why)
    assert event.data.events == (first.event_id, again.event_id, second.event_id)
    left = {path.name for path in desk.cabinet.processed.rglob("*") if path.is_file()}
    assert left == {"other.txt", "other.txt.json"}
    place = desk.cabinet.quarantine / name
    assert place.read_bytes() == b"one"
    assert place.with_name(f"{place.name}.reading.gz").read_bytes() == b"packed"
    assert json.loads(place.with_name(f"{place.name}.json").read_bytes())["pipeline"]["version"] == "2"
    reason = json.loads(place.with_name(f"{place.name}.error.json").read_bytes())
    assert (reason["code"], reason["message"], reason["event_id"]) == ("withdrawn", why or "taken back", again.event_id)
    assert desk.ledger.archived() == [other.id]
    assert desk.ledger.summary() == {"published": 1, "replaced": 1, "withdrawn": 3}


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_dropped_again_it_is_the_next_revision(desk: Desk, *, is_elsewhere: bool) -> None:
    """Unless another document has said the same and says it still."""
    row = desk.filed("a.txt", b"one")
    if is_elsewhere:
        desk.cabinet.desk.accept("z.txt", b"two")
    take_back(desk, row)
    again = desk.cabinet.desk.accept("a.txt", b"one")
    assert (again.revision, again.supersedes, again.repeats, again.hand_over().keep) == (2, 1, 1, False)
    assert again.hand_over().report_event_id("1") != row.event_id
    desk.ledger.advance(again.id, "published", 102, event_id="e2")
    taken = desk.cabinet.desk.take("a.txt", b"one")
    assert taken.result == "known"


def test_a_duplicate_that_waits_for_what_is_taken_back_is_read_itself(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    copy = desk.cabinet.desk.take("b.txt", b"one").row
    assert copy is not None
    take_back(desk, row)
    desk.cabinet.filing.file(copy)
    assert desk.cabinet.noticed == [b"b.txt"]
    assert desk.cabinet.desk.accept("b.txt", b"one").repeats is None


def test_what_is_being_read_again_is_waited_for(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    desk.outbox.send_accepted()
    take_back(desk, row)
    assert (desk.told, len(requests.pending(desk.state))) == ([], 1)
    read = desk.read(desk.again(row), "2")
    for _ in range(2):
        desk.errands.work()
    assert [event.data.events for event in desk.told] == [(row.event_id, read.event_id)]
    assert requests.pending(desk.state) == []
    assert not [*desk.cabinet.processed.iterdir()]


def test_what_was_only_asked_for_is_not_read_again(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    take_back(desk, row)
    assert desk.again(row).state == "superseded"
    assert desk.ledger.rereading() == 0
    assert len(desk.told) == 1


def test_a_withdrawal_is_told_when_redis_is_back_and_again_when_it_lost_it(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.is_away = True
    with pytest.raises(ConnectionError):
        take_back(desk, row)
    assert not (desk.cabinet.processed / "a.txt").exists()
    desk.is_away = False
    desk.errands.work()
    desk.ledger.announce_again()
    desk.errands.work()
    desk.errands.work()
    assert len(desk.told) == 2
    assert len({event.id for event in desk.told}) == 1


@pytest.mark.parametrize("trouble", ["gone", "full"])
def test_a_quarantine_that_takes_nothing_is_an_alarm_until_it_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    row = desk.filed("e/b.txt", b"two")
    away = desk.cabinet.quarantine.with_name("away")
    if trouble == "gone":
        desk.cabinet.quarantine.rename(away)
    else:
        monkeypatch.setattr("watcher.asking.withdrawing.move", full)
    take_back(desk, row)
    assert len(desk.told) == (trouble == "full")
    assert "e/b.txt" in desk.alarms.texts()["not-withdrawn"]
    assert (desk.cabinet.processed / "e/b.txt").exists()
    monkeypatch.undo()
    if trouble == "gone":
        away.rename(desk.cabinet.quarantine)
    desk.cabinet.desk.now += 60
    desk.errands.work()
    assert (desk.cabinet.quarantine / "e/b.txt").read_bytes() == b"two"
    assert desk.alarms.texts() == {}
    assert len(desk.told) == 1


def test_a_file_in_the_way_of_its_folder_gives_it_another(desk: Desk) -> None:
    row = desk.filed("d/a.txt", b"one")
    (desk.cabinet.quarantine / "d").write_text("in the way")
    take_back(desk, row)
    assert (desk.cabinet.quarantine / "d.2/a.txt").read_bytes() == b"one"


@pytest.mark.parametrize("lies_there", [b"one", b"another's"])
def test_nothing_in_quarantine_is_overwritten(desk: Desk, monkeypatch: pytest.MonkeyPatch, lies_there: bytes) -> None:
    """A copy of its own that a kill has left is taken for what it is; what somebody else has put there stays."""
    row = desk.filed("a.txt", b"one")
    with monkeypatch.context() as patch:
        patch.setattr("watcher.asking.withdrawing.move", lambda *_: (_ for _ in ()).throw(OSError(5, "broken")))
        take_back(desk, row)
    (desk.cabinet.quarantine / "a.txt").write_bytes(lies_there)
    desk.cabinet.desk.now += 60
    desk.errands.work()
    is_own = lies_there == b"one"
    assert (desk.cabinet.quarantine / "a.txt").read_bytes() == lies_there
    assert (desk.cabinet.processed / "a.txt").exists() == (not is_own)
    assert ("not-withdrawn" in desk.alarms.texts()) == (not is_own)


def test_retry_reads_it_anew_where_it_is_named_and_only_there(desk: Desk) -> None:
    row = desk.filed("a.txt", b"one")
    take_back(desk, row)
    settings = settings_of(desk)
    Path(settings.state / "ledger.sqlite").symlink_to(desk.state.parent / "ledger.sqlite")
    assert retry(settings, None) == []
    assert [one.problem for one in retry(settings, ["a.txt"])] == [None]
    assert [*desk.cabinet.quarantine.iterdir()] == []
    taken = desk.cabinet.desk.take("a.txt")
    assert taken.row is not None
    assert (taken.result, taken.row.revision, taken.row.repeats) == ("accepted", 2, 1)
