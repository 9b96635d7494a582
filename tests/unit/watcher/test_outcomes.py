"""What outcomes do to rows."""

import os
from typing import Any

import pytest

from schemas.handover import Outcome
from tests.unit.watcher.conftest import Desk
from watcher.ledger import FileRow
from watcher.outcomes import FROM_START, NOT_SEEN_AGAIN_S, Outcomes


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
