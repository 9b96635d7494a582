"""Each step of a file is written down with the change itself, and told in order."""

from collections.abc import Sequence

import pytest

from schemas.events import FileStep
from tests.unit.watcher.conftest import Cabinet
from watcher.ledger.database import Ledger
from watcher.sending import file_steps


class Stream:
    """Takes what it is told, unless it is away."""

    def __init__(self) -> None:
        self.told: list[FileStep] = []
        self.is_away = False

    def file_steps(self, steps: Sequence[FileStep]) -> None:
        if self.is_away:
            raise ConnectionError
        self.told += steps

    def said(self) -> list[tuple[str, str, str | None]]:
        return [(step.path, step.state, step.detail) for step in self.told]


def test_the_way_of_a_file(cabinet: Cabinet) -> None:
    stream = Stream()
    row = cabinet.desk.accept("a.txt", b"one")
    cabinet.desk.ledger.advance(row.id, "queued", 101)
    cabinet.desk.ledger.advance(row.id, "published", 102, event_id="e1", entry_id="1-1")
    cabinet.filing.file(cabinet.row(row.id))

    assert file_steps.tell(cabinet.desk.ledger, stream) == 4
    assert stream.said() == [
        ("a.txt", "accepted", None),
        ("a.txt", "queued", None),
        ("a.txt", "published", None),
        ("a.txt", "filed", "processed"),
    ]
    assert [step.number for step in stream.told] == [1, 2, 3, 4]
    assert {(step.id, step.revision, step.round) for step in stream.told} == {(row.document, 1, 1)}
    assert file_steps.tell(cabinet.desk.ledger, stream) == 0


def test_a_step_back_and_a_refusal_are_told_too(cabinet: Cabinet) -> None:
    stream = Stream()
    row = cabinet.ended("a.txt", b"one")
    cabinet.desk.ledger.begin_again(row.id)
    cabinet.desk.put("empty.txt", b"")
    cabinet.desk.take("empty.txt")

    file_steps.tell(cabinet.desk.ledger, stream)

    assert [(path, state) for path, state, _ in stream.said()] == [
        ("a.txt", "accepted"),
        ("a.txt", "published"),
        ("a.txt", "accepted"),
        ("empty.txt", "quarantined"),
    ]
    assert (stream.told[-1].code, bool(stream.told[-1].detail)) == ("empty", True)


def test_what_changes_nothing_is_no_step(cabinet: Cabinet) -> None:
    stream = Stream()
    row = cabinet.desk.accept("a.txt", b"one")
    cabinet.desk.ledger.update(row.id, detail="waits", tries=2)
    assert not cabinet.desk.ledger.advance(row.id, "accepted", 103)

    file_steps.tell(cabinet.desk.ledger, stream)

    assert [state for _, state, _ in stream.said()] == ["accepted"]


def test_a_change_that_is_rolled_back_is_no_step(ledger: Ledger, cabinet: Cabinet) -> None:
    stream = Stream()

    def fail() -> None:
        with ledger.transaction():
            cabinet.desk.accept("a.txt", b"one")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert file_steps.tell(ledger, stream) == 0


def test_nothing_is_lost_while_the_stream_is_away(cabinet: Cabinet) -> None:
    stream = Stream()
    stream.is_away = True
    cabinet.desk.accept("a.txt", b"one")
    for _ in range(2):
        with pytest.raises(ConnectionError):
            file_steps.tell(cabinet.desk.ledger, stream)
    cabinet.desk.accept("b.txt", b"two")
    stream.is_away = False

    file_steps.tell(cabinet.desk.ledger, stream)

    assert stream.said() == [("a.txt", "accepted", None), ("b.txt", "accepted", None)]


def test_the_ledger_keeps_no_more_than_the_stream_would(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_steps, "STEPS_KEPT", 3)
    stream = Stream()
    stream.is_away = True
    for number in range(5):
        cabinet.desk.accept(f"{number}.txt", b"%d" % number)
        with pytest.raises(ConnectionError):
            file_steps.tell(cabinet.desk.ledger, stream)
    stream.is_away = False

    file_steps.tell(cabinet.desk.ledger, stream)

    assert [path for path, _, _ in stream.said()] == ["2.txt", "3.txt", "4.txt"]
    assert [step.number for step in stream.told] == [3, 4, 5]


@pytest.mark.parametrize("columns", [{"revision": 0}, {"round": -3}])
def test_a_row_that_makes_no_message_holds_up_no_other(cabinet: Cabinet, columns: dict[str, int]) -> None:
    """As somebody may leave one who mends a ledger by hand."""
    stream = Stream()
    odd = cabinet.desk.accept("odd.txt", b"one")
    cabinet.desk.ledger.update(odd.id, **columns)
    cabinet.desk.accept("a.txt", b"two")

    file_steps.tell(cabinet.desk.ledger, stream)

    assert stream.said() == [("a.txt", "accepted", None)]
    assert cabinet.desk.ledger.steps(10) == []
