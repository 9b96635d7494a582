"""From what is seen in the inbox to rows: portions, walks, waits, and what cannot be looked at."""

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.unit.watcher.conftest import Desk
from watcher.running.alarms import Alarms
from watcher.seeing.arrivals import Rules
from watcher.seeing.below_root import RootUnavailable
from watcher.seeing.ignored import Ignored
from watcher.seeing.inflow import Inflow
from watcher.taking import noticing as module
from watcher.taking.intake import Taken
from watcher.taking.noticing import Inbox, Noticing


class Bench:
    """A noticing over a desk's inbox; the clock says ``now``, and a writer holds what is ``held``."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk = desk
        self.now = 0.0
        self.taken: list[Taken] = []
        self.writer = "free"
        self.alarms = Alarms(lambda: self.now)
        self.inflow = Inflow(3)
        monkeypatch.setattr(module, "probe_writer", lambda _: self.writer)
        inbox = Inbox(os.fsencode(desk.inbox), self.inflow, Ignored(["*.bak"]))
        self.noticing = Noticing(
            inbox,
            Rules(settle_s=2, settle_unknown_s=5, empty_grace_s=10),
            desk.intake,
            alarms=self.alarms,
            clock=lambda: self.now,
            on_taken=self.taken.append,
        )

    def work(self, now: float) -> list[str]:
        """The paths that a portion at this time has taken."""
        self.now = now
        before = len(self.taken)
        self.noticing.work()
        return [taken.row.path for taken in self.taken[before:] if taken.row]


@pytest.fixture
def bench(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(desk, monkeypatch)


def test_a_walk_finds_what_no_event_has_told(bench: Bench) -> None:
    """Taken once it has been quiet; what is known, or left alone by its name, is passed by."""
    for name in ("a.txt", "b.bak", "d/c.txt"):
        bench.desk.put(name, name.encode())
    assert not bench.noticing.is_walking()
    bench.noticing.begin_walk()
    assert (bench.noticing.is_walking(), bench.noticing.is_busy()) == (True, True)
    assert bench.work(1) == []
    assert (bench.noticing.is_walking(), bench.noticing.is_busy(), bench.noticing.next_due()) == (False, False, 3)
    assert bench.noticing.walk_took_s == 1
    bench.now = 3
    assert bench.noticing.is_busy()
    with capture_logs() as logs:
        assert sorted(bench.work(3)) == ["a.txt", "d/c.txt"]
    rows = {taken.row.path: taken.row for taken in bench.taken if taken.row}
    assert sorted(logs, key=lambda line: line["report"]) == [
        {
            "event": "accepted",
            "log_level": "info",
            "report": path,
            "id": rows[path].document,
            "revision": 1,
            "bytes": len(path),
            "why": None,
        }
        for path in ("a.txt", "d/c.txt")
    ]
    bench.noticing.begin_walk()
    assert [bench.work(4), bench.work(60)] == [[], []]
    counts = bench.noticing.counts
    assert (counts.walks, counts.found_by_walk, counts.overflows, counts.taken) == (2, 2, 0, {"accepted": 2})


def test_a_walk_that_is_asked_for_during_one_comes_behind_it_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In portions, so that events are seen in between."""
    monkeypatch.setattr(module, "ENTRIES_PER_PORTION", 2)
    for number in range(3):
        bench.desk.put(f"{number}.txt", b"%d" % number)
    for _ in range(3):
        bench.noticing.begin_walk()
    bench.noticing.work()
    assert bench.noticing.counts.walks == 1
    bench.noticing.work()
    assert (bench.noticing.counts.walks, bench.noticing.is_walking()) == (2, True)
    for _ in range(2):
        bench.noticing.work()
    assert (bench.noticing.counts.walks, bench.noticing.is_walking()) == (2, False)


def test_so_many_files_are_looked_at_in_a_portion(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOKS_PER_PORTION", 2)
    for number in range(3):
        bench.desk.put(f"{number}.txt", b"%d" % number)
    bench.noticing.begin_walk()
    assert [len(bench.work(now)) for now in (0, 2, 2, 2)] == [0, 2, 1, 0]


def test_lost_events_are_made_up_for_by_a_walk(bench: Bench) -> None:
    """They are counted; what an event has told of is not found by the walk."""
    for number in range(5):
        bench.desk.put(f"{number}.txt", b"%d" % number)
        bench.inflow.put(b"%d.txt" % number, "renamed")
    with capture_logs() as logs:
        assert sorted(bench.work(0)) == ["0.txt", "1.txt", "2.txt"]
    assert logs[0] == {"event": "events_lost", "log_level": "warning", "then": "walking the inbox"}
    assert sorted(bench.work(2)) == ["3.txt", "4.txt"]
    counts = bench.noticing.counts
    assert (counts.overflows, counts.walks, counts.found_by_walk) == (1, 1, 2)


def test_what_is_left_alone_is_left_alone_when_an_event_tells_of_it(bench: Bench) -> None:
    bench.desk.put("a.bak", b"a")
    bench.inflow.put(b"a.bak", "renamed")
    assert bench.work(0) == []
    assert bench.noticing.next_due() is None


def test_a_folder_and_a_file_that_is_known_are_looked_at_no_more(bench: Bench) -> None:
    (bench.desk.inbox / "d").mkdir()
    bench.desk.accept("a.txt", b"a")
    for name in (b"d", b"a.txt", b"gone.txt"):
        bench.inflow.put(name, "renamed")
    assert bench.work(0) == []
    assert bench.noticing.next_due() is None
    assert bench.taken == []


def test_an_odd_entry_is_told_once(bench: Bench) -> None:
    (bench.desk.inbox / "link").symlink_to("a.txt")
    with capture_logs() as logs:
        for now in (0, 1):
            bench.inflow.put(b"link", "renamed")
            bench.work(now)
    assert [(line["event"], line["report"]) for line in logs] == [("ignored", "link")]
    assert bench.noticing.counts.taken == {"ignored": 1}
    assert bench.noticing.next_due() is None


@pytest.mark.parametrize("is_remote", [False, True])
def test_where_others_may_write_no_lease_is_asked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *, is_remote: bool
) -> None:
    """Then only quiet counts, for longer."""
    monkeypatch.setattr(bench.noticing.remote, "hold", lambda path: is_remote and path == b"a.txt")
    bench.desk.put("a.txt", b"a")
    assert bench.noticing.is_remote(b"a.txt") is is_remote
    bench.inflow.put(b"a.txt", "closed")
    assert [bench.work(now) for now in (0, 2, 5)] == ([[], [], ["a.txt"]] if is_remote else [[], ["a.txt"], []])


def test_a_file_of_which_nobody_has_written_the_content_is_waited_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as an empty one; and no look leaves a descriptor open."""
    before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(module, "is_unfilled", lambda _: True)
    bench.desk.put("a.txt", b"a")
    bench.inflow.put(b"a.txt", "closed")
    assert [bench.work(now) for now in (0, 2, 9.9, 10)] == [[], [], [], ["a.txt"]]
    assert len(os.listdir("/proc/self/fd")) == before


def refuse(error: Exception) -> Callable[..., Any]:
    def call(*_: object, **__: object) -> Any:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (RootUnavailable(errno.ESTALE, "stale handle", "x"), "stale handle"),
        (RootUnavailable("odd"), "odd"),
        (sqlite3.OperationalError("database is locked"), "ledger: database is locked"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_what_cannot_be_looked_at_is_tried_again_later_and_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    """After as long as it has waited so far, between a second and half a minute; then it is taken as if nothing had been."""
    bench.desk.put("a.txt", b"a")
    bench.inflow.put(b"a.txt", "renamed")
    monkeypatch.setattr(module, "status_of", refuse(error))
    waits, now = [], 0.0
    for _ in range(8):
        bench.work(now)
        due = bench.noticing.next_due() or 0.0
        waits.append(due - now)
        now = due
    assert waits == [1, 1, 2, 4, 8, 16, 30, 30]
    verdict = bench.noticing._arrivals.verdict(b"a.txt")
    assert verdict is not None
    assert (verdict.code, verdict.since, why in verdict.detail) == ("unreadable", 0, True)
    assert ("ledger" in bench.alarms.texts()) is isinstance(error, sqlite3.Error)
    monkeypatch.undo()
    bench.noticing._inflow.put(b"a.txt", "renamed")
    monkeypatch.setattr(module, "probe_writer", lambda _: "free")
    assert bench.work(now) == ["a.txt"]
    assert "ledger" not in bench.alarms.texts()


@pytest.mark.parametrize(
    ("taken", "due", "code"),
    [
        (Taken("changed", why="written to"), 2.0, "quiet"),
        (Taken("unreadable", why="no permission"), 1.0, "unreadable"),
        (Taken("known"), None, None),
    ],
)
def test_what_was_not_taken_is_looked_at_again_where_that_helps(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, taken: Taken, due: float | None, code: str | None
) -> None:
    bench.desk.put("a.txt", b"a")
    monkeypatch.setattr(bench.desk.intake, "take", lambda _: taken)
    bench.inflow.put(b"a.txt", "renamed")
    bench.work(0)
    verdict = bench.noticing._arrivals.verdict(b"a.txt")
    assert (bench.noticing.next_due(), verdict and verdict.code) == (due, code)
    assert (bench.taken, bench.noticing.counts.taken) == ([], {})


def test_a_walk_that_could_not_see_all_says_so_until_one_can(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many folders the first three."""
    walks = [[f"{name}: denied" for name in "abcd"], []]

    class Walked:
        def __init__(self, _: bytes) -> None:
            self.failures = walks.pop(0)

        def entries(self) -> Any:
            return iter(())

    monkeypatch.setattr(module, "Walk", Walked)
    told = []
    for _ in range(2):
        bench.noticing.begin_walk()
        bench.noticing.work()
        told.append(bench.alarms.texts().get("inbox-unreadable"))
    assert told == ["a: denied; b: denied; c: denied", None]


def test_verdicts_are_written_when_they_change(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And are taken out when nothing waits any more."""
    written: list[Any] = []
    monkeypatch.setattr(bench.desk.intake, "set_waiting", lambda fresh, over: written.append((sorted(fresh), over)))
    bench.noticing.write_verdicts()
    for name in ("a.txt", "b.txt"):
        bench.desk.put(name, name.encode())
        bench.inflow.put(name.encode(), "closed")
    bench.work(0)
    for _ in range(2):
        bench.noticing.write_verdicts()
    bench.inflow.put(b"a.txt", "gone")
    bench.work(1)
    bench.noticing.write_verdicts()
    assert written == [(["a.txt", "b.txt"], []), ([], ["a.txt"])]
