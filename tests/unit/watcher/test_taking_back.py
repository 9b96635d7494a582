"""Documents that are taken back: what leaves the archive, what is told of it, and what comes after."""

import json
from pathlib import Path

import pytest

from tests.unit.watcher.asking_desk import AskingDesk, settings_of
from tests.unit.watcher.conftest import Cabinet
from watcher.asking import requests
from watcher.asking.choosing import Choosing
from watcher.filing.filer import FILING_BACKOFF
from watcher.filing.put_back import retry
from watcher.ledger.rows import FileRow
from watcher.whereabouts import describe


@pytest.fixture
def desk(cabinet: Cabinet, tmp_path: Path) -> AskingDesk:
    (tmp_path / "state").mkdir()
    return AskingDesk(cabinet, tmp_path / "state")


def take_back(desk: AskingDesk, row: FileRow, why: str | None = None) -> None:
    requests.leave(desk.state, "withdraw", [(row.id, row.event_id or "")], why)
    desk.errands.work()


@pytest.mark.parametrize(("name", "why"), [("a.txt", "更正"), ("2023/公报.html", None)])
def test_a_document_that_is_taken_back_leaves_the_archive(desk: AskingDesk, name: str, why: str | None) -> None:
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
def test_dropped_again_it_is_the_next_revision(desk: AskingDesk, *, is_elsewhere: bool) -> None:
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


def test_repeats_under_other_names_are_known(desk: AskingDesk) -> None:
    """One that says something else by now is none, nor is a copy under the same name."""
    row = desk.filed("a.txt", b"one")
    for name in ("a.txt", "b.txt", "c.txt"):
        copy = desk.cabinet.desk.take(name, b"one").row
        assert copy is not None
        desk.cabinet.filing.file(copy)
    desk.filed("c.txt", b"two")

    assert [one.path for one in desk.ledger.repeats_of(row.document)] == ["b.txt"]
    take_back(desk, row)
    again = desk.cabinet.desk.accept("b.txt", b"one")
    assert (again.state, again.duplicate_of) == ("accepted", None)


def test_where_it_lay_it_is_known_as_taken_back(desk: AskingDesk, tmp_path: Path) -> None:
    """Under the path that withdraw took, and not as one that was never seen; withdraw says so of it, too."""
    row = desk.filed("d/a.txt", b"one")
    take_back(desk, row)
    settings = settings_of(desk).model_copy(update={"state": tmp_path})
    place = settings.processed / "d" / "a.txt"

    assert describe(settings, place).state == "withdrawn"
    choosing = Choosing(settings, desk.ledger, "1", any_other=True)
    [found, never] = choosing.whole([place, place.with_name("b.txt")])
    assert (found.path, found.verdict, never.verdict) == ("d/a.txt", "gone", "unknown")
    assert describe(settings, place.with_name("b.txt")).state == "unknown"


def test_a_repeat_says_that_what_it_repeats_was_taken_back(desk: AskingDesk, tmp_path: Path) -> None:
    """Not before it was."""
    row = desk.filed("a.txt", b"one")
    copy = desk.cabinet.desk.take("b.txt", b"one").row
    assert copy is not None
    desk.cabinet.filing.file(copy)
    told = "what it repeats was taken back since; dropped again, it is read itself"
    settings = settings_of(desk).model_copy(update={"state": tmp_path})

    before = describe(settings, "b.txt")
    take_back(desk, row)
    after = describe(settings, "b.txt")
    assert [(one.state, told in one.lines) for one in (before, after)] == [("duplicate", False), ("duplicate", True)]


def test_a_duplicate_that_waits_for_what_is_taken_back_is_read_itself(desk: AskingDesk) -> None:
    row = desk.filed("a.txt", b"one")
    copy = desk.cabinet.desk.take("b.txt", b"one").row
    assert copy is not None
    take_back(desk, row)
    desk.cabinet.filing.file(copy)
    assert desk.cabinet.noticed == [b"b.txt"]
    assert desk.cabinet.desk.accept("b.txt", b"one").repeats is None


def test_what_is_being_read_again_is_waited_for(desk: AskingDesk) -> None:
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


def test_what_was_only_asked_for_is_not_read_again(desk: AskingDesk) -> None:
    row = desk.filed("a.txt", b"one")
    desk.ask(row)
    take_back(desk, row)
    assert desk.again(row).state == "superseded"
    assert desk.ledger.rereading() == 0
    assert len(desk.told) == 1


def test_a_withdrawal_is_told_when_redis_is_back_and_again_when_it_lost_it(desk: AskingDesk) -> None:
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
    desk: AskingDesk, monkeypatch: pytest.MonkeyPatch, trouble: str
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


def test_the_waits_of_its_way_in_are_not_those_of_its_way_out(
    desk: AskingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it was tried to file it, the second attempt at taking it back comes soon."""

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    row = desk.filed("a.txt", b"one")
    desk.ledger.update(row.id, tries=9)
    monkeypatch.setattr("watcher.asking.withdrawing.move", full)
    take_back(desk, row)
    monkeypatch.undo()

    desk.cabinet.desk.now += FILING_BACKOFF.first_s  # chance only shortens a wait
    desk.errands.work()

    assert (desk.cabinet.quarantine / "a.txt").read_bytes() == b"one"


def test_a_file_in_the_way_of_its_folder_gives_it_another(desk: AskingDesk) -> None:
    row = desk.filed("d/a.txt", b"one")
    (desk.cabinet.quarantine / "d").write_text("in the way")
    take_back(desk, row)
    assert (desk.cabinet.quarantine / "d.2/a.txt").read_bytes() == b"one"


@pytest.mark.parametrize("lies_there", [b"one", b"another's"])
def test_nothing_in_quarantine_is_overwritten(
    desk: AskingDesk, monkeypatch: pytest.MonkeyPatch, lies_there: bytes
) -> None:
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


def test_retry_reads_it_anew_where_it_is_named_and_only_there(desk: AskingDesk) -> None:
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
