"""Filing of several files at a time: each row by itself can be cut off at any step, and one that fails stops no other."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import ProgressEvent, ReportEvent
from schemas.handover import HandOver
from tests.unit.watcher.conftest import Cabinet
from watcher.filing import sidecars
from watcher.filing.contents import Contents
from watcher.filing.file_away import Filing
from watcher.filing.together import MOST_FETCHED_BYTES, portions
from watcher.ledger.rows import FileRow
from watcher.sending.broker import Broker

NAMES = ("a.txt", "b/b.txt", "丙.txt", "d.txt")
WHOLE = {f"processed/{name}": name for name in NAMES} | {
    f"processed/{name}.json": {"id": "d0c", "metrics": []} for name in NAMES
}


class Killed(BaseException):
    """The end of the process."""


def rows_of(cabinet: Cabinet) -> list[FileRow]:
    return [cabinet.ended(name, name.encode()) for name in NAMES]


def now(cabinet: Cabinet, rows: list[FileRow]) -> list[FileRow]:
    return [cabinet.row(row.id) for row in rows]


def test_all_of_a_portion_are_filed(cabinet: Cabinet) -> None:
    rows = rows_of(cabinet)
    assert cabinet.filing.file_all(rows) == {}
    assert cabinet.tree() == WHOLE
    assert not any(row.in_inbox for row in now(cabinet, rows))
    assert cabinet.filed == [("g1", True)] * 4


@pytest.mark.parametrize("step", ["_prepared", "_placed", "_move"])
@pytest.mark.parametrize("bad", [0, 2])
def test_one_that_fails_stops_no_other(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, step: str, bad: int) -> None:
    rows = rows_of(cabinet)
    real = getattr(Filing, step)

    def failing(self: Filing, item: Any, *more: Any) -> Any:
        if (item if isinstance(item, FileRow) else item.row).id == rows[bad].id:
            raise PermissionError(13, "no")
        return real(self, item, *more)

    monkeypatch.setattr(Filing, step, failing)
    assert [*cabinet.filing.file_all(rows)] == [rows[bad].id]
    assert [row.in_inbox for row in now(cabinet, rows)] == [at == bad for at in range(4)]
    monkeypatch.undo()
    assert cabinet.filing.file_all([cabinet.row(rows[bad].id)]) == {}
    assert cabinet.tree() == WHOLE


@pytest.mark.parametrize("step", ["_reserve", "_mark_filed"])
@pytest.mark.parametrize("bad", [1, 3])
def test_a_row_that_cannot_be_written_down_stops_no_other(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, step: str, bad: int
) -> None:
    """The transaction of all is undone, and each has one of its own."""
    rows = rows_of(cabinet)
    real = getattr(Filing, step)

    def failing(self: Filing, one: Any) -> None:
        real(self, one)
        if one.row.id == rows[bad].id:
            raise sqlite3.IntegrityError("unique")

    monkeypatch.setattr(Filing, step, failing)
    assert [*cabinet.filing.file_all(rows)] == [rows[bad].id]
    assert [row.in_inbox for row in now(cabinet, rows)] == [at == bad for at in range(4)]
    monkeypatch.undo()
    assert cabinet.filing.file_all([cabinet.row(rows[bad].id)]) == {}
    assert cabinet.tree() == WHOLE


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (Contents, "fetch"),
        (Filing, "_reserve"),
        (Filing, "_write_sidecars"),
        (Filing, "_mark_filed"),
        (Filing, "_move"),
    ],
)
@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("is_done", [False, True])
def test_a_kill_at_any_row_of_any_step_leaves_what_can_be_gone_on_with(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, owner: type, step: str, at: int, *, is_done: bool
) -> None:
    """Before the step of the row, or after it; whatever was not committed is lost."""
    rows = rows_of(cabinet)
    real: Callable[..., Any] = getattr(owner, step)
    calls = iter(range(100))

    def killing(self: Any, *given: Any) -> Any:
        if next(calls) != at:
            return real(self, *given)
        if is_done:
            real(self, *given)
        raise Killed

    monkeypatch.setattr(owner, step, killing)
    try:
        cabinet.filing.file_all(rows)
    except Killed:
        pass
    else:
        assert step == "fetch"  # which is called once
        assert at > 0
    monkeypatch.undo()
    left = [row for row in now(cabinet, rows) if row.in_inbox]
    assert cabinet.filing.file_all(left) == {}
    assert cabinet.tree() == WHOLE
    assert not any(row.in_inbox for row in now(cabinet, rows))


def test_two_of_one_portion_never_get_one_place(cabinet: Cabinet) -> None:
    """A file stands where the one's folder would be, so that it evades to the other's place."""
    (cabinet.processed / "2023").write_text("in the way")
    rows = [cabinet.ended("2023/a.txt", b"one"), cabinet.ended("2023.2/a.txt", b"two")]
    assert cabinet.filing.file_all(rows) == {}
    tree = cabinet.tree()
    assert (tree["processed/2023.2/a.txt"], tree["processed/2023.2/a.2.txt"]) == ("one", "two")


@pytest.mark.parametrize(
    ("one", "other"), [("a.txt", "A.txt"), ("2023/Été.txt", "2023/E\u0301TE\u0301.TXT"), ("Ｂ/丙.txt", "ｂ/丙.txt")]
)
def test_names_that_some_disk_takes_for_one_are_filed_one_after_the_other(
    cabinet: Cabinet, one: str, other: str
) -> None:
    """Where it does, the second would write its report over the first one's; now it is asked what is taken."""
    rows = [cabinet.ended(one, b"one"), cabinet.ended(other, b"two"), cabinet.ended("丁.txt", b"three")]

    assert cabinet.filing.file_all(rows) == {}
    assert [row.in_inbox for row in now(cabinet, rows)] == [False, True, False]
    assert cabinet.row(rows[1].id).target is None

    assert cabinet.filing.file_all([cabinet.row(rows[1].id)]) == {}
    tree = cabinet.tree()
    assert (tree[f"processed/{one}"], tree[f"processed/{other}"]) == ("one", "two")


def test_a_loss_of_data_between_asking_and_filing_is_not_overlooked(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generation is the one from before anything was asked for."""
    generations = iter(["before", "after", "after"])
    monkeypatch.setattr(cabinet, "generation", lambda: next(generations))
    cabinet.filing.file_all(rows_of(cabinet)[:2])
    assert cabinet.filed == [("before", True)] * 2


@pytest.mark.parametrize(
    ("sizes", "portions_of"),
    [
        ((10, 10, 10), [3]),
        ((MOST_FETCHED_BYTES, 1, 1), [1, 2]),
        ((MOST_FETCHED_BYTES - 1, 1, 1), [2, 1]),
        ((1, MOST_FETCHED_BYTES * 3, 1), [1, 1, 1]),
        ((MOST_FETCHED_BYTES * 3, 1), [1, 1]),
        ((), []),
    ],
)
def test_large_files_are_taken_by_themselves(cabinet: Cabinet, sizes: tuple[int, ...], portions_of: list[int]) -> None:
    rows = []
    for number, size in enumerate(sizes):
        row = cabinet.ended(f"{number}.txt", str(number).encode())
        cabinet.desk.ledger.update(row.id, size_bytes=size)
        rows.append(cabinet.row(row.id))
    found = [*portions(rows)]
    assert [row for portion in found for row in portion] == rows
    assert [len(portion) for portion in found] == portions_of


def an_event(text: str) -> ReportEvent:
    """An event with two figures that say ``text`` wherever there may be any."""
    event = ReportEvent.model_validate_json(Path("tests/golden/report-event.full.json").read_text(encoding="utf-8"))
    metric = event.data.metrics[0].model_copy(update={"indicator": text, "unit": text, "section": (text, text)})
    document = event.data.document.model_copy(update={"title": text})
    report = event.data.model_copy(update={"metrics": (metric, metric), "document": document})
    return event.model_copy(update={"subject": text, "data": report})


#: Of text that looks like what parts an event, or begins a figure.
MARKS = st.lists(
    st.sampled_from([',"data":', '{"indicator":', '"pipeline":{', '"', "\\", "}}", "},{", "件", "\n", "\u2028"]),
    max_size=6,
).map("".join)


@given(MARKS | st.text())
def test_the_json_beside_a_file_is_the_report_as_published_a_line_a_figure(text: str) -> None:
    event = an_event(text)
    written = sidecars.for_published(event.around(event.data.model_dump_json()))
    assert written.replace(b"\n", b"") == event.data.model_dump_json().encode()
    lines = written.decode().split("\n")
    assert [line.startswith('{"indicator":') for line in lines] == [False, True, True, False]
    assert sidecars.id_of(event.to_json()) == event.id


OTHERS = (
    '{"id": "e1", "data": {"id": "d0c", "pipeline": {"version": "1"}}}',
    '{"data":{"id":"d0c","pipeline":{"version":"1"}},"id":"e1"}',
    '{"id":"e1","data":{"id":"d0c","pipeline":{"version":"1"}},"more":{"of":{}}}',
    '{"id":"e1","data":{"pipeline":{"version":"1"},"id":"d0c"}}',
)


@pytest.mark.parametrize("event", OTHERS)
def test_the_report_is_taken_from_an_event_that_another_wrote(event: str) -> None:
    assert json.loads(sidecars.for_published(event)) == {"id": "d0c", "pipeline": {"version": "1"}}
    assert sidecars.id_of(event) == "e1"


@pytest.mark.parametrize("event", ["", "[]", '{"id":"e1"}', '{"id":"e1","data":{"pipeline":{}}', '{"id":1,"data":'])
def test_what_is_no_event_gives_no_report(event: str) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        sidecars.for_published(event)


def test_events_are_asked_for_with_the_keys_of_their_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the service's own site."""
    monkeypatch.setattr("watcher.sending.broker.read_published", lambda _, wanted: wanted)
    broker = Broker("redis://127.0.0.1:1", "north")

    assert broker.with_readings([("1-0", "d", 2), ("5-1", "e", 1)]) == [
        ("zhibiao.north:results", "1-0", "zhibiao.north:reading:d:2"),
        ("zhibiao.north:results", "5-1", "zhibiao.north:reading:e:1"),
    ]


@pytest.mark.parametrize(
    ("heard", "told"), [([True, True], ["a.txt", "b.txt"]), ([True, False], ["a.txt"]), ([False], [])]
)
def test_what_is_sent_is_told_while_somebody_listens(heard: list[bool], told: list[str]) -> None:
    broker, steps = Broker("redis://127.0.0.1:1"), list[ProgressEvent]()
    publisher: Any = SimpleNamespace(is_heard=iter(heard).__next__, progress=steps.append)
    broker._publisher = publisher
    broker.sent(
        [HandOver(id="d" * 20, revision=2, path=path, sha256="0" * 64, size_bytes=1) for path in ("a.txt", "b.txt")]
    )

    assert [(one.data.path, one.data.stage, one.data.revision) for one in steps] == [
        (path, "queued", 2) for path in told
    ]
