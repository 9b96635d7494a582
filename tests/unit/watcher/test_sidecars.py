"""What is written beside a filed file, and what is taken for it."""

import json
from typing import Any

import pytest

from tests.unit.watcher.conftest import Desk
from watcher.filing import sidecars
from watcher.ledger.rows import FileRow


@pytest.fixture
def row(desk: Desk) -> FileRow:
    row = desk.accept("2023/a.txt", b"one")
    desk.ledger.update(row.id, event_id="e1")
    found = desk.ledger.get(row.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "detail", "failure", "told"),
    [
        (None, None, None, ("unknown", "the reason is no longer known", None, None)),
        ("empty", "no text", None, ("empty", "no text", None, None)),
        (
            "empty", "no text", {"code": "odd", "message": "m", "stage": "decode", "attempts": 3, "more": 1},
            ("odd", "m", "decode", 3),
        ),
    ],
)  # fmt: skip
def test_the_reason_of_a_failure_is_its_events_or_the_ledgers(
    desk: Desk, row: FileRow, code: str | None, detail: str | None, failure: Any, told: tuple[Any, ...]
) -> None:
    desk.ledger.update(row.id, code=code, detail=detail)
    found = desk.ledger.get(row.id)
    assert found is not None
    said = json.loads(sidecars.for_quarantined(found, failure))

    assert tuple(said[name] for name in ("code", "message", "stage", "attempts")) == told
    assert (said["event_id"], said["trace"], said["place"]) == ("e1", None, None)
    assert "more" not in said


def test_a_duplicate_names_the_report_of_the_same_content(desk: Desk, row: FileRow) -> None:
    other = desk.accept("b.txt", b"two")
    said = json.loads(sidecars.for_duplicate(other, row))
    assert said["duplicate_of"] == {"id": row.document, "revision": 1, "path": "2023/a.txt", "event_id": "e1"}


@pytest.mark.parametrize(
    ("content", "is_lost"),
    [
        (b'{"entry_id": "1-1"}', True),
        (b'{"entry_id": "1-1", "metrics": []}', False),
        (b'{"id": "d"}', False),
        (b'["entry_id"]', False),
        (b'"entry_id"', False),
        (b"{", False),
        (b"", False),
    ],
)
def test_json_that_says_only_where_a_report_was_published_is_none(content: bytes, *, is_lost: bool) -> None:
    assert sidecars.is_lost(content) is is_lost


@pytest.mark.parametrize(
    ("state", "stream"), [("published", "results"), ("quarantined", "failures"), ("kept", "failures")]
)
def test_an_event_is_in_the_stream_of_what_became_of_the_file(
    desk: Desk, row: FileRow, state: Any, stream: str
) -> None:
    desk.ledger.advance(row.id, state, 101)
    found = desk.ledger.get(row.id)
    assert found is not None
    assert sidecars.stream_of(found) == stream


@pytest.mark.parametrize("event", ['{"id": "e2"}', "[]", "{}", "{", "7", "null", '"e1"', '{"id": ["e1"]}'])
def test_what_is_not_the_event_of_a_row_is_none_whatever_it_is(row: FileRow, event: str) -> None:
    assert not sidecars.is_event_of(row, event)
    assert sidecars.is_event_of(row, '{"id": "e1", "data": {}}')


def test_a_message_is_shown_without_the_path_before_it(row: FileRow) -> None:
    for message in ("2023/a.txt: byte 7", "byte 7"):
        assert sidecars.reason(row, {"code": "odd", "message": message}) == ("odd", "byte 7")
    other = {"code": "odd", "message": "b.txt: byte 7"}
    assert sidecars.reason(row, other) == ("odd", "b.txt: byte 7")
