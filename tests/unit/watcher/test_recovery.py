"""What Redis has lost: by which signs that is seen, and what comes back from the archive."""

import errno
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from schemas.events import FailedEvent, Progress, ReportEvent
from tests.unit.watcher.conftest import Cabinet, Desk
from watcher.ledger.rows import LOST, FileRow
from watcher.restoring import recovery as module
from watcher.restoring.event_archive import Archive
from watcher.restoring.recovery import GENERATION, PENDING, Recovery
from watcher.sending.outcomes import CURSOR, FROM_START
from watcher.taking.announce import announce, failed_event, progress_event


class Store:
    """What Redis holds; publishing gives entries in a row."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.events: dict[tuple[str, str], str] = {}
        self.entries: dict[str, str] = {}
        self.begun: list[tuple[str, str | None]] = []
        self.published: list[tuple[str, str, bytes]] = []

    def generation(self) -> str | None:
        return self.name

    def begin_generation(self, name: str, instead_of: str | None) -> None:
        self.begun.append((name, instead_of))
        self.name = name

    def event(self, stream: str, entry_id: str) -> str | None:
        return self.events.get((stream, entry_id))

    def entry_of(self, event_id: str) -> str | None:
        return self.entries.get(event_id)

    def report(self, event: ReportEvent, reading: bytes) -> str:
        self.published.append(("report", event.id, reading))
        return f"{len(self.published)}-7"

    def failure(self, event: FailedEvent) -> str:
        self.published.append(("failure", event.id, b""))
        return f"{len(self.published)}-7"


class Shelf:
    """An archive that has these events and readings; raises where it has an error instead."""

    def __init__(self) -> None:
        self.events: dict[int, Any] = {}
        self.readings: dict[int, Any] = {}

    def event(self, row: FileRow) -> Any:
        return self._of(self.events[row.id])

    def reading(self, row: FileRow) -> Any:
        return self._of(self.readings.get(row.id, b"packed"))

    def _of(self, found: Any) -> Any:
        if isinstance(found, Exception):
            raise found
        return found


class Bench:
    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet, self.ledger = cabinet, cabinet.desk.ledger
        self.store, self.shelf = Store(), Shelf()
        self.restored = 0
        archive: Archive = self.shelf  # type: ignore[assignment]
        self.recovery = Recovery(self.ledger, self.store, archive, self._note)  # type: ignore[arg-type]

    def _note(self) -> None:
        self.restored += 1

    def filed(self, name: str, report: ReportEvent, state: str = "published", **columns: Any) -> FileRow:
        """A row that has come to its end and lies in the archive, with the event there."""
        row = self.cabinet.ended(name, name.encode(), state)
        folder = "processed" if state == "published" else "quarantine"
        columns = {"event_id": f"e-{name}", "folder": folder, "target": name.encode(), **columns}
        self.ledger.update(row.id, in_inbox=0, **columns)
        self.shelf.events[row.id] = report.model_copy(update={"id": f"e-{name}"})
        return self.cabinet.row(row.id)


@pytest.fixture
def bench(cabinet: Cabinet) -> Bench:
    return Bench(cabinet)


def test_the_first_look_begins_a_generation_and_is_no_loss(bench: Bench) -> None:
    """Nobody has known anything before; what Redis holds has that name from then on."""
    with capture_logs() as logs:
        assert bench.recovery.has_lost_data() is False
    [(name, before)] = bench.store.begun
    assert (before, bench.recovery.generation(), len(name)) == (None, name, 16)
    assert logs == []
    assert bench.recovery.has_lost_data() is False
    assert len(bench.store.begun) == 1


@pytest.mark.parametrize(
    ("now", "cursor", "is_lost", "kept"),
    [
        ("mine", FROM_START, False, True),
        ("mine", "5-0", False, True),
        ("mine", "6-0", True, False),
        (None, "5-0", True, False),
        ("others", "5-0", True, True),
    ],
)
def test_a_loss_is_seen_by_the_name_and_by_the_last_outcome(
    bench: Bench, now: str | None, cursor: str, *, is_lost: bool, kept: bool
) -> None:
    """Another watcher's name is taken over; where there is none, or where Redis went back, there is a new one."""
    bench.ledger.set_mark(GENERATION, "mine")
    bench.ledger.set_mark(CURSOR, cursor)
    bench.ledger.set_mark(PENDING, "no")
    bench.store.name = now
    bench.store.events["outcomes", "5-0"] = "{}"
    with capture_logs() as logs:
        assert bench.recovery.has_lost_data() is is_lost

    generation = bench.recovery.generation()
    assert (generation == now) is kept
    assert bench.store.begun == ([(generation, now)] if is_lost else [])
    assert [{**line} for line in logs] == (
        [{"event": "redis_lost_data", "log_level": "warning", "generation": generation}] if is_lost else []
    )
    assert bench.ledger.mark(CURSOR) == (FROM_START if is_lost else cursor)
    assert bench.ledger.mark(PENDING) == ("yes" if is_lost else "no")


def test_a_loss_that_could_not_be_noted_in_redis_is_seen_once_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ledger.set_mark(GENERATION, "mine")

    def away(*_: object) -> None:
        raise OSError("away")

    monkeypatch.setattr(bench.store, "begin_generation", away)
    with pytest.raises(OSError, match="away"):
        bench.recovery.has_lost_data()
    monkeypatch.undo()
    assert bench.recovery.has_lost_data() is True


def test_what_was_announced_is_announced_again_after_a_loss(bench: Bench) -> None:
    bench.cabinet.desk.take("empty.txt", b"")
    assert announce(bench.ledger, Announced()) == 1  # type: ignore[arg-type]
    bench.ledger.set_mark(GENERATION, "mine")
    bench.recovery.has_lost_data()
    assert len(bench.ledger.to_announce(9)) == 1


def test_each_event_that_is_gone_is_published_once_more(
    bench: Bench, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """With its reading; those that are there are only found again, and who has no event is passed by."""
    event = report_event()
    gone = bench.filed("gone.txt", event)
    failed = bench.filed("failed.txt", event, "quarantined")
    bench.shelf.events[failed.id] = failed_event.model_copy(update={"id": "e-failed.txt"})
    known = bench.filed("known.txt", event)
    bench.store.entries["e-known.txt"] = "8-8"
    there = bench.filed("there.txt", event, entry_id="9-9")
    bench.store.events["results", "9-9"] = event.model_copy(update={"id": "e-there.txt"}).to_json()
    other = bench.filed("other.txt", event, entry_id="9-8")
    bench.store.events["results", "9-8"] = event.to_json()
    silent = bench.filed("silent.txt", event, event_id=None)

    assert bench.recovery.restore() is None
    bench.recovery.restore_all()
    assert bench.recovery.restore() == len(bench.ledger.archived())
    assert bench.recovery.restore() is None
    assert sorted(bench.store.published) == [
        ("failure", "e-failed.txt", b""), ("report", "e-gone.txt", b"packed"), ("report", "e-other.txt", b"packed"),
    ]  # fmt: skip
    assert bench.restored == 3
    entries = {row.path: bench.cabinet.row(row.id).entry_id for row in (gone, failed, known, there, other, silent)}
    assert entries["known.txt"] == "8-8"
    assert entries["there.txt"] == "9-9"
    assert sorted(entries[name] or "" for name in ("gone.txt", "failed.txt", "other.txt")) == ["1-7", "2-7", "3-7"]
    assert entries["silent.txt"] == "1-1"


@pytest.mark.parametrize(
    ("error", "level", "is_lost"),
    [
        (FileNotFoundError("taken out"), "warning", True),
        (NotADirectoryError("taken out"), "warning", True),
        (ValueError("changed"), "warning", True),
        (OSError(errno.EIO, "odd disk"), "error", False),
    ],
)
@pytest.mark.parametrize("state", ["published", "quarantined"])
@pytest.mark.parametrize("part", ["events", "readings"])
def test_what_the_archive_does_not_give_is_told_and_lost_only_where_it_is_gone(
    bench: Bench,
    report_event: Callable[..., ReportEvent],
    error: Exception,
    level: str,
    state: str,
    part: str,
    *,
    is_lost: bool,
) -> None:
    """And others come all the same."""
    row = bench.filed("a.txt", report_event(), state)
    getattr(bench.shelf, part)[row.id] = error
    bench.filed("b.txt", report_event())
    bench.recovery.restore_all()
    with capture_logs() as logs:
        assert bench.recovery.restore() == 2

    assert [{**line} for line in logs] == [
        {
            "event": "not_restored",
            "log_level": level,
            "report": "a.txt",
            "id": row.document,
            "event_id": "e-a.txt",
            "why": str(error),
        }
    ]
    assert bench.cabinet.row(row.id).code == (LOST if is_lost and state == "published" else None)
    assert [event for _, event, _ in bench.store.published] == ["e-b.txt"]
    assert bench.restored == 1


def test_it_goes_on_in_portions_and_stops_when_told(
    bench: Bench, report_event: Callable[..., ReportEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oldest first; what begins anew meanwhile goes through all of it."""
    monkeypatch.setattr(module, "BATCH", 2)
    for name in "abcde":
        bench.filed(f"{name}.txt", report_event())
    bench.recovery.restore_all()
    assert [bench.recovery.restore() for _ in range(4)] == [2, 2, 1, None]
    assert [event for _, event, _ in bench.store.published] == [f"e-{name}.txt" for name in "abcde"]

    bench.recovery.restore_all()
    assert bench.recovery.restore() == 2
    bench.recovery.restore_all()
    assert [bench.recovery.restore() for _ in range(4)] == [2, 2, 1, None]
    bench.recovery.restore_all()
    assert bench.recovery.restore(lambda: True) is None
    assert bench.ledger.mark(PENDING) == "yes"
    assert bench.recovery.restore() == 2


@pytest.mark.parametrize(("since", "pending"), [("mine", None), ("before", "yes"), (None, "yes")])
def test_what_is_filed_since_a_loss_is_gone_through_as_well(
    bench: Bench, since: str | None, pending: str | None
) -> None:
    bench.ledger.set_mark(GENERATION, "mine")
    bench.recovery.restore_all_since(since)
    assert bench.ledger.mark(PENDING) == pending


class Announced:
    """Takes down what is announced; fails over the paths that it is given."""

    def __init__(self, **errors: Exception) -> None:
        self.errors = errors
        self.failures: list[FailedEvent] = []
        self.steps: list[Any] = []

    def failure(self, event: FailedEvent) -> str:
        if error := self.errors.get(event.subject.partition(".")[0]):
            raise error
        self.failures.append(event)
        return "1-1"

    def progress(self, event: Any) -> None:
        self.steps.append(event)


def test_what_was_refused_and_what_was_there_before_is_announced_once(desk: Desk) -> None:
    """The one is a failure with an event that is kept, the other a step of progress."""
    link = desk.inbox / "link"
    link.symlink_to("a")
    desk.intake.ignore(b"link", link.lstat())
    first = desk.accept("a.txt", b"a")
    desk.ledger.advance(first.id, "published", 101)
    for name, content in (("empty.txt", b""), ("b.txt", b"a")):
        desk.take(name, content)
    told = Announced()
    assert announce(desk.ledger, told) == 3  # type: ignore[arg-type]
    assert announce(desk.ledger, told) == 0  # type: ignore[arg-type]

    rows = {row.path: row for row in map(desk.ledger.get, range(1, 9)) if row}
    failures = {event.subject: event for event in told.failures}
    assert {path: (event.data.code, event.data.disposition) for path, event in failures.items()} == {
        "link": ("symlink", "ignored"), "empty.txt": ("empty", "quarantined"),
    }  # fmt: skip
    for path, event in failures.items():
        row = rows[path]
        assert (row.announced, row.event_id) == (True, event.id)
        assert event.data.message == f"{path}: stage intake: {row.detail}"
        assert (event.data.stage, event.data.round, event.data.id) == ("intake", row.round, row.document)
        assert event.data.source == row.failed_file()
        assert failed_event(replace(row, round=3)).data.round == 3
    [step] = told.steps
    assert (step.subject, step.data.stage, step.data.id) == ("b.txt", "duplicate", rows["b.txt"].document)
    assert step.data.detail == rows["b.txt"].detail
    assert (rows["b.txt"].announced, rows["b.txt"].event_id) == (True, None)


def test_one_that_cannot_be_announced_keeps_no_other_from_it(desk: Desk) -> None:
    """What concerns all of them does; what was announced before is not again."""
    for name in "abc":
        desk.take(f"{name}.txt", b"")
    odd = ValueError("odd")
    told = Announced(b=odd)
    with capture_logs() as logs:
        assert announce(desk.ledger, told) == 2  # type: ignore[arg-type]
    [row] = desk.ledger.to_announce(9)
    assert [{**line} for line in logs] == [
        {"event": "not_announced", "log_level": "error", "report": "b.txt", "id": row.document, "exc_info": odd}
    ]
    assert [event.subject for event in told.failures] == ["a.txt", "c.txt"]
    with pytest.raises(MemoryError):
        announce(desk.ledger, Announced(b=MemoryError()))  # type: ignore[arg-type]


def test_a_refusal_has_the_same_event_each_time(desk: Desk) -> None:
    """Without a code it is of its state; two steps of a report have ids of their own."""
    row = desk.take("a.txt", b"").row
    assert row is not None
    assert failed_event(row).id == failed_event(row).id
    uncoded = type(row)(*(None if name == "code" else getattr(row, name) for name in row.__slots__))
    assert failed_event(uncoded).data.code == row.state
    step = Progress(id="d", revision=2, path="a.txt", stage="queued")
    event = progress_event(step)
    assert event.id == f"d:2:queued:{event.time.timestamp()}"
    assert (event.subject, event.data) == ("a.txt", step)
    assert event.dataschema == "https://zhibiao.io/schemas/progress.v1.json"
