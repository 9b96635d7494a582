"""What outcomes do to rows."""

import os
import sqlite3
from typing import Any

import pytest

from schemas.events import FailedFile, Failure
from schemas.handover import Outcome
from tests.unit.watcher.conftest import Desk
from watcher.filing import sidecars
from watcher.ledger.rows import FileRow
from watcher.sending.outcomes import FROM_START, NOT_SEEN_AGAIN_S, Outcomes


class Reader:
    """Outcomes of hand-overs of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.noticed: list[bytes] = []
        self.outcomes = Outcomes(desk.ledger, os.fsencode(desk.inbox), self.noticed.append, lambda: desk.now)

    def queued(self, name: str, content: bytes) -> FileRow:
        row = self.desk.accept(name, content)
        self.desk.ledger.advance(row.id, "queued", 101)
        return row

    def record(self, row: FileRow, status: Any, **fields: Any) -> FileRow:
        about = {"id": row.document, "revision": row.revision, "round": row.round, "sha256": row.sha256}
        self.outcomes.record([("5-1", Outcome(**{**about, "status": status, **fields}))])
        now = self.desk.ledger.get(row.id)
        assert now is not None
        return now


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return Reader(desk)


@pytest.mark.parametrize(("status", "state"), [("published", "published"), ("failed", "quarantined")])
def test_an_end(reader: Reader, status: str, state: str) -> None:
    row = reader.record(reader.queued("a.txt", b"one"), status, event_id="e1", entry_id="1-1")

    assert (row.state, row.event_id, row.entry_id, row.in_inbox) == (state, "e1", "1-1", True)
    assert reader.outcomes.cursor() == "5-1"


def test_the_first_end_counts(reader: Reader) -> None:
    row = reader.record(reader.queued("a.txt", b"one"), "published", event_id="e1")
    for status in ("failed", "missing", "changed"):
        assert reader.record(row, status) == row


def test_outcomes_of_others_change_nothing(reader: Reader) -> None:
    """Of content, rounds and documents that the ledger does not know."""
    row = reader.queued("a.txt", b"one")
    for strange in ({"sha256": "0"}, {"round": 2}, {"id": "other"}):
        assert reader.record(row, "published", **strange).state == "queued"
    assert reader.outcomes.cursor() == "5-1"


@pytest.mark.parametrize("content", [b"one", "二".encode()])
def test_another_revisions_event_is_not_taken_for_ones_own(reader: Reader, content: bytes) -> None:
    """Handed over before the watcher knew that the same content had come out: it is so once more, and knows it."""
    first = reader.queued("a.txt", content)
    second = reader.queued("a.txt", b"between")
    reader.desk.ledger.update(second.id, sends=1)
    third = reader.queued("a.txt", content)
    assert third.hand_over().repeats is None
    reader.record(first, "published", event_id="e1", entry_id="1-1")
    reader.record(second, "published", event_id="e2", entry_id="2-1")

    again = reader.record(third, "published", event_id="e1", entry_id="1-1")
    assert (again.state, again.event_id, again.repeats) == ("queued", None, 1)
    ended = reader.record(third, "published", event_id="e3", entry_id="3-1")
    assert (ended.state, ended.event_id, ended.revision) == ("published", "e3", 3)


@pytest.mark.parametrize(("code", "message"), [("undecodable", "byte 0"), ("too_many_attempts", "a.txt 读不了")])
def test_the_reason_of_a_failure_is_kept_at_once(reader: Reader, code: str, message: str) -> None:
    """Its event may be trimmed from the stream before its file is filed."""
    row = reader.queued("a.txt", b"one")
    source = FailedFile(name="a.txt", path="a.txt", sha256=row.sha256, size_bytes=3)
    failure = Failure(
        id=row.document, revision=1, source=source, code=code, message=f"a.txt: {message}", stage="decode", attempts=2
    )
    row = reader.record(row, "failed", event_id="f1", entry_id="1-1", failure=failure)

    assert (row.code, row.detail) == (code, message)
    kept = sidecars.failed_event(row, reader.desk.ledger.kept(row.id) or b"")
    assert (kept.id, kept.data) == ("f1", failure)


def test_a_file_that_is_gone_has_vanished(reader: Reader) -> None:
    row = reader.queued("a.txt", b"one")
    (reader.desk.inbox / "a.txt").unlink()
    now = reader.record(row, "missing")

    assert (now.state, now.in_inbox) == ("vanished", False)


def test_a_file_that_only_the_worker_does_not_see_stays_queued(reader: Reader) -> None:
    now = reader.record(reader.queued("a.txt", b"one"), "missing")

    assert (now.state, now.in_inbox, reader.noticed) == ("queued", True, [])
    assert now.detail == "the worker does not see the file; do both have the inbox mounted?"
    reader.desk.ledger.update(now.id, queued_at=reader.desk.now)
    again_at = reader.desk.now + NOT_SEEN_AGAIN_S
    assert reader.desk.ledger.silent(0, again_at - 1) == []
    assert [row.id for row in reader.desk.ledger.silent(0, again_at)] == [now.id]


def test_nothing_is_concluded_while_the_inbox_is_away(reader: Reader) -> None:
    row = reader.queued("a.txt", b"one")
    reader.desk.inbox.rename(reader.desk.inbox.with_name("away"))

    assert reader.record(row, "missing").state == "queued"


def test_changed_content_is_superseded_and_looked_at(reader: Reader) -> None:
    row = reader.queued("a.txt", b"one")
    reader.desk.put("a.txt", b"two")
    now = reader.record(row, "changed")

    assert (now.state, now.in_inbox, reader.noticed) == ("superseded", False, [b"a.txt"])


def test_a_publication_after_all_counts(reader: Reader) -> None:
    """One worker found the file gone, another had read it before."""
    row = reader.queued("a.txt", b"one")
    (reader.desk.inbox / "a.txt").unlink()
    reader.record(row, "missing")

    assert reader.record(row, "published", event_id="e1").state == "published"


def test_reading_begins_at_the_start(reader: Reader) -> None:
    assert reader.outcomes.cursor() == FROM_START


def test_an_outcome_that_cannot_be_written_down_is_passed_by(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the entry's own fault; what fails for all is raised, and seen again."""
    first, second = reader.queued("a.txt", b"one"), reader.queued("b.txt", b"two")
    errors: list[Exception] = [OverflowError("too large"), sqlite3.OperationalError("disk is full")]
    record = Outcomes._record

    def failing(self: Outcomes, row: FileRow, outcome: Outcome) -> bool:
        if row.id == first.id:
            raise errors.pop(0)
        return record(self, row, outcome)

    monkeypatch.setattr(Outcomes, "_record", failing)
    assert reader.record(first, "published", event_id="e1").state == "queued"
    assert reader.outcomes.cursor() == "5-1"
    assert reader.record(second, "published", event_id="e2").state == "published"
    with pytest.raises(sqlite3.OperationalError):
        reader.record(first, "published", event_id="e1")


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_outcomes_that_come_together_are_written_down_together_but_for_one_that_cannot(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, bad: int
) -> None:
    """And each is told of once, though some were written down twice."""
    rows = [reader.queued(name, name.encode()) for name in ("a.txt", "b.txt", "c.txt")]
    ended: list[str] = []
    outcomes = Outcomes(
        reader.desk.ledger,
        os.fsencode(reader.desk.inbox),
        reader.noticed.append,
        lambda: reader.desk.now,
        lambda row: ended.append(row.path),
    )
    record = Outcomes._record

    def failing(self: Outcomes, row: FileRow, outcome: Outcome) -> Any:
        if row.id == rows[bad].id:
            raise OverflowError("too large")
        return record(self, row, outcome)

    monkeypatch.setattr(Outcomes, "_record", failing)
    about = [{"id": row.document, "revision": 1, "round": 1, "sha256": row.sha256} for row in rows]
    entries = [
        (f"{number}-1", Outcome(**each, status="published", event_id=f"e{number}"))
        for number, each in enumerate(about, 1)
    ]
    assert outcomes.record([*entries, ("9-1", None)]) == 3
    good = [row for at, row in enumerate(rows) if at != bad]
    assert ended == [row.path for row in good]
    states = {row.path: now.state for row in rows if (now := reader.desk.ledger.get(row.id))}
    assert states == {**{row.path: "published" for row in good}, rows[bad].path: "queued"}
    assert outcomes.cursor() == "9-1"
