"""What people ask of filed reports: requests, copies and rows, without a server."""

import json
from pathlib import Path

import pytest

from tests.unit.watcher.asking_desk import AskingDesk, settings_of
from tests.unit.watcher.conftest import Cabinet
from watcher.asking import requests
from watcher.asking.choosing import Choosing
from watcher.filing.moving import Replaced
from watcher.ledger.rows import AGAIN, LOST, FileRow
from watcher.sending.enqueue import REREAD_BESIDE


@pytest.fixture
def desk(cabinet: Cabinet, tmp_path: Path) -> AskingDesk:
    (tmp_path / "state").mkdir()
    return AskingDesk(cabinet, tmp_path / "state")


@pytest.mark.parametrize("name", ["a.txt", "2023/公报.html"])
def test_a_copy_is_read_and_the_new_reading_takes_its_place(desk: AskingDesk, name: str) -> None:
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


def test_a_request_twice_or_half_taken_up_makes_one_row_each(desk: AskingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_request_that_is_none_is_put_aside(desk: AskingDesk) -> None:
    row = desk.filed("a", b"a")
    folder = requests.make_folder(desk.state)
    for number, text in enumerate(["", "[]", '{"kind": "eat"}', '{"kind": "reprocess", "rows": [[1]], "at": 1}']):
        (folder / f"{number}.json").write_text(text)
    assert requests.count(desk.state) == 1  # of the last, as far as that can be told
    desk.ask(row)
    assert desk.ledger.rereading() == 1
    assert sorted(file.suffix for file in folder.iterdir()) == [".refused"] * 4


def test_long_requests_are_taken_up_in_parts(desk: AskingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_request_that_cannot_be_read_holds_up_no_other(desk: AskingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_rows_that_hold_no_longer_are_passed_over(desk: AskingDesk) -> None:
    row = desk.filed("a", b"a")
    requests.leave(desk.state, "reprocess", [(row.id, "other"), (row.id + 7, row.event_id or "")])
    desk.errands.work()
    assert desk.ledger.rereading() == 0


def test_what_comes_new_goes_first_and_few_lie_beside_it(desk: AskingDesk) -> None:
    rows = [desk.filed(f"{number}", b"%d" % number) for number in range(REREAD_BESIDE + 5)]
    desk.ask(*rows)
    for name in ("new", "newer"):
        desk.cabinet.desk.accept(name, name.encode())
    assert desk.outbox.send_accepted() == REREAD_BESIDE == 32
    assert {handover.path for handover in desk.sent[:2]} == {"new", "newer"}
    assert desk.outbox.send_accepted() == 0
    assert len([*(desk.cabinet.desk.inbox / AGAIN).iterdir()]) == REREAD_BESIDE - 2


@pytest.mark.parametrize(("change", "state"), [(None, "vanished"), (b"two", "superseded")])
def test_what_is_not_there_any_more_is_not_read(desk: AskingDesk, change: bytes | None, state: str) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    (desk.cabinet.processed / "a.txt").unlink()
    if change:
        (desk.cabinet.processed / "a.txt").write_bytes(change)
    assert desk.outbox.send_accepted() == 0
    assert desk.again(row).state == state
    assert desk.cabinet.row(row.id).state == "published"


def test_an_inbox_that_takes_no_copy_is_waited_for(desk: AskingDesk) -> None:
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


def test_a_copy_that_somebody_changed_is_made_anew(desk: AskingDesk) -> None:
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


def test_a_copy_has_the_bytes_of_the_row_or_there_is_none(desk: AskingDesk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    (desk.cabinet.processed / "a.txt").write_bytes(b"two")
    with pytest.raises(Replaced):
        desk.copies.lay_out(desk.again(row))
    assert [*(desk.cabinet.desk.inbox / AGAIN).iterdir()] == []


def test_a_failure_leaves_the_reading_before(desk: AskingDesk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    failed = desk.ended(desk.again(row), "failed", event_id="f", entry_id="2-2")
    desk.errands.work()
    assert (failed.state, desk.cabinet.row(row.id).state, desk.version("a.txt")) == ("kept", "published", "1")
    assert [one.state for one in desk.ledger.find("a.txt")] == ["published", "kept"]
    assert desk.cabinet.desk.take("a.txt", b"one").result == "duplicate"


def test_rules_that_have_read_it_before_change_nothing(desk: AskingDesk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    ended = desk.ended(desk.again(row), "published", event_id=row.event_id or "", entry_id="9-9")
    assert (ended.state, desk.cabinet.row(row.id).state) == ("superseded", "published")
    assert "nothing has changed" in (ended.detail or "")


@pytest.mark.parametrize("lost", ["event", "report"])
def test_a_new_reading_that_redis_lost_is_read_once_more(desk: AskingDesk, lost: str) -> None:
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


def test_a_report_that_nobody_has_is_had_again(desk: AskingDesk) -> None:
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


def _read_again_with_no_room(desk: AskingDesk, monkeypatch: pytest.MonkeyPatch) -> FileRow:
    """A report that has been read anew, and an archive that takes nothing."""
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    desk.read(desk.again(row), "2")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("watcher.filing.file_away.write_file", full)
    return row


def test_an_archive_that_takes_nothing_is_an_alarm_until_it_does(
    desk: AskingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = _read_again_with_no_room(desk, monkeypatch)
    desk.errands.work()
    assert "No space left" in desk.alarms.texts()["not-reread"]
    assert desk.version("a.txt") == "1"
    assert desk.ledger.archived() == [desk.again(row).id]
    monkeypatch.undo()
    desk.cabinet.desk.now += 60
    desk.errands.work()
    assert desk.version("a.txt") == "2"
    assert desk.alarms.texts() == {}


def test_what_the_archive_does_not_take_is_tried_after_longer_and_longer(
    desk: AskingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = _read_again_with_no_room(desk, monkeypatch)
    monkeypatch.setattr("delivery.backoff.random.random", lambda: 0.0)
    waits: list[tuple[int, float]] = []
    for _ in range(3):
        desk.errands.work()
        again = desk.again(row)
        waits.append((again.tries, again.not_before - desk.cabinet.desk.now))
        desk.cabinet.desk.now = again.not_before
    assert waits == [(1, 1.0), (2, 2.0), (3, 4.0)]


def test_a_duplicate_points_to_the_reading_that_holds(desk: AskingDesk) -> None:
    row = desk.filed("a.txt", b"one")
    copy = desk.cabinet.desk.take("b.txt", b"one").row
    assert copy is not None
    desk.ask(row)
    read = desk.read(desk.again(row), "2")
    desk.errands.work()
    desk.cabinet.filing.file(copy)
    told = json.loads((desk.cabinet.processed / "b.txt.json").read_bytes())["duplicate_of"]
    assert (told["event_id"], told["path"]) == (read.event_id, "a.txt")


def test_who_waits_in_quarantine_is_not_behind_what_is_read_again(desk: AskingDesk) -> None:
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
def test_whose_turn_it_is(desk: AskingDesk, version: str, verdict: str, *, any_other: bool) -> None:
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


def test_a_name_means_the_report_of_its_content_and_a_document_whatever_has_read_it(desk: AskingDesk) -> None:
    """That of a duplicate is the first one's; what was taken back is asked for no more."""
    row = desk.filed("a.txt", b"one")
    copy = desk.cabinet.desk.take("b.txt", b"one").row
    assert copy is not None
    desk.cabinet.filing.file(copy)
    choosing = Choosing(settings_of(desk), desk.ledger, "2", any_other=False)
    names = ("a.txt", "b.txt", "none.txt")

    assert [(one.path, one.verdict) for one in choosing.named(names)] == [
        ("a.txt", "asked"), ("a.txt", "asked"), ("none.txt", "unknown"),
    ]  # fmt: skip
    assert [(one.path, one.verdict, one.row and one.row.id) for one in choosing.whole(names)] == [
        ("a.txt", "asked", row.id), ("a.txt", "asked", row.id), ("none.txt", "unknown", None),
    ]  # fmt: skip
    desk.ledger.advance(row.id, "withdrawn", 1.0)
    assert [one.verdict for one in choosing.whole(names[:1])] == ["gone"]
