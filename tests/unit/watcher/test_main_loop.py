"""What the main loop of the active watcher does when, without Redis and by a clock of its own."""

import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from watcher.active import main_loop
from watcher.active.main_loop import MainLoop
from watcher.health import read_own
from watcher.running.alarms import Alarms
from watcher.running.damage import FILE_NAME
from watcher.settings import WatcherSettings


class Loop:
    """A main loop whose clock goes on by what it waits; it is stopped after so many portions."""

    def __init__(self, settings: WatcherSettings, alarms: Alarms, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.portions, self.is_busy = 100.0, 1, False
        self.asked: list[Any] = []
        self.waits: list[float] = []
        self.errors: dict[str, Exception] = {}
        self.due: float | None = None
        self.is_walking, self.is_restarted, self.misses = False, False, False
        self.stopping: Any = SimpleNamespace(is_set=lambda: self.portions <= 0, wait=self.waits.append)
        counts = SimpleNamespace(overflows=1, found_by_walk=2, walks=3, taken={"accepted": 4})
        self.noticing: Any = SimpleNamespace(
            counts=counts, walk_took_s=0.0, remote=None, is_walking=lambda: self.is_walking,
            is_busy=lambda: self.is_busy, next_due=lambda: self.due, work=self._work,
            write_verdicts=lambda: self._ask("verdicts"), begin_walk=lambda: self._ask("walk"),
        )  # fmt: skip
        self.watch: Any = SimpleNamespace(
            keep=lambda _: self.is_restarted, is_available=True, misses_events=lambda: self.misses, unwatched=lambda: 5
        )
        inflow: Any = SimpleNamespace(lose=lambda: self._ask("lose"), wait=self._wait)
        monkeypatch.setattr(main_loop, "has_silent_part", lambda _: False)
        monkeypatch.setattr(main_loop, "time", SimpleNamespace(monotonic=lambda: self.now, time=lambda: 7.0))
        self.loop = MainLoop(
            settings, inflow, self.noticing, self.watch,
            alarms=alarms, thread_ages_s=lambda: {"queue": 0.5}, stopping=self.stopping,
        )  # fmt: skip

    def _ask(self, name: str) -> None:
        self.asked.append((name, self.now))
        if error := self.errors.get(name):
            raise error

    def _work(self) -> None:
        self.portions -= 1
        self._ask("work")

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def run(self, portions: int) -> None:
        self.portions = portions
        self.loop.run()

    def at(self, name: str) -> list[float]:
        return [at_s - 100 for asked, at_s in self.asked if asked == name]


@pytest.fixture
def loop(settings: WatcherSettings, alarms: Alarms, monkeypatch: pytest.MonkeyPatch) -> Loop:
    return Loop(settings, alarms, monkeypatch)


def test_the_loop_waits_for_what_is_next(loop: Loop) -> None:
    """Verdicts each half second, a file that is due, and nothing at all while there is more to do."""
    loop.run(4)
    assert loop.waits == [0.5] * 4
    assert loop.at("verdicts") == [0, 0.5, 1, 1.5]
    loop.waits.clear()
    loop.due = loop.now + 0.25
    loop.run(2)
    assert loop.waits == [0.25, 0]
    loop.waits.clear()
    loop.is_busy = True
    loop.run(9)
    assert loop.waits == []


def test_a_walk_comes_by_its_time_and_sooner_where_events_are_missing(loop: Loop, settings: WatcherSettings) -> None:
    """Later after one that took long, at once after the watch began anew, and never beside another or without an inbox."""
    loop.run(62)
    assert loop.at("walk") == [0, settings.reconcile_s]
    for change, period in (({"misses": True}, settings.poll_s), ({"took": 2.0}, 200.0), ({}, settings.reconcile_s)):
        loop.misses, loop.noticing.walk_took_s = bool(change.get("misses")), float(change.get("took", 0))
        loop.loop._walk_after = 0.0
        loop.loop._supervise(loop.now)
        assert loop.loop._walk_after == loop.now + period
    walked = len(loop.at("walk"))
    for state in ({"is_walking": True}, {"is_available": False}):
        loop.is_walking = bool(state.get("is_walking"))
        loop.watch.is_available = state.get("is_available", True)
        loop.loop._walk_after = 0.0
        loop.loop._supervise(loop.now)
    assert len(loop.at("walk")) == walked
    loop.is_walking, loop.watch.is_available, loop.is_restarted = False, True, True
    loop.loop._walk_after = loop.now + 999
    loop.loop._supervise(loop.now)
    assert len(loop.at("walk")) == walked + 1


def test_a_part_of_the_inbox_that_tells_nothing_is_walked_as_often(
    loop: Loop, settings: WatcherSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_loop, "has_silent_part", lambda root: root == bytes(settings.inbox))
    loop.loop._supervise(loop.now)
    assert loop.loop._walk_after == loop.now + settings.poll_s
    assert loop.noticing.remote is not None


def test_the_loop_says_how_it_is(loop: Loop, settings: WatcherSettings, alarms: Alarms) -> None:
    """With its alarms; a ledger that is gone is one."""
    loop.run(1)
    said = read_own(settings.state)
    assert said is not None
    assert (said.role, said.time, said.alarms, said.thread_ages_s) == ("active", 7.0, {}, {"queue": 0.5})
    assert said.counts == {"overflows": 1, "found_by_walk": 2, "walks": 3, "unwatched": 5, "accepted": 4}
    path = settings.state / FILE_NAME
    path.rename(path.with_suffix(".away"))
    loop.loop._supervise(loop.now)
    said = read_own(settings.state)
    assert said is not None
    assert said.alarms["ledger-gone"].startswith(f"{path} is gone, though a watcher is active")
    path.with_suffix(".away").rename(path)
    loop.loop._supervise(loop.now)
    assert alarms.texts() == {}


@pytest.mark.parametrize(
    ("part", "alarm", "error", "is_logged"),
    [
        ("work", "intake", OSError("disk full"), False),
        ("verdicts", "verdicts", sqlite3.OperationalError("locked"), False),
        ("walk", "walk", ValueError("odd"), True),
    ],
)
def test_no_fault_ends_the_loop(
    loop: Loop, alarms: Alarms, part: str, alarm: str, error: Exception, *, is_logged: bool
) -> None:
    """It is told until it has passed; after one in taking in, the inbox is walked, a moment later."""
    loop.errors = {part: error}
    with capture_logs() as logs:
        loop.run(2)
    assert alarms.texts() == {alarm: f"{type(error).__name__}: {error}"}
    failed = [{**line} for line in logs if line["event"] == "loop_failed"]
    expected = {"event": "loop_failed", "log_level": "error", "part": alarm, "exc_info": error}
    assert failed == ([expected] if is_logged else [])
    assert len(loop.at("lose")) == (2 if part == "work" else 0)
    assert loop.waits == [*([1.0] if part == "work" else []), 0.5] * 2
    loop.errors = {}
    loop.loop._walk_after = 0.0
    loop.run(3)
    assert alarms.texts() == {}
