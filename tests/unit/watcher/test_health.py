"""Is the watcher well, and which one runs: its signs of life, and the lock that the kernel keeps."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from watcher.health import FRESH_S, Health, alive, problem_here, read_all
from watcher.running.lock import FILE_NAME, WatcherLock


def test_health_goes_stale_and_names_stuck_threads(tmp_path: Path) -> None:
    Health(1, "active", 100.0, {"queue": "Redis is away"}, {"queue": 1.0}).write(tmp_path)
    [health] = read_all(tmp_path)

    assert health == Health(1, "active", 100.0, {"queue": "Redis is away"}, {"queue": 1.0})
    assert health.problem(101.0) is None
    assert health.problem(100.0 + FRESH_S) == "last sign of life 15 s ago"
    assert health.problem(50.0) == "last sign of life 50 s from now"
    assert Health(1, "active", 100.0, {}, {"queue": 1000.0, "filing": 1.0}).problem(100.0) == "stuck: queue"


class Watching:
    """A watcher that writes a sign of life while somebody waits, by a clock that is ``ahead_s`` of theirs."""

    def __init__(
        self, state: Path, ahead_s: float, *, hangs: bool = False, ages: dict[str, float] | None = None
    ) -> None:
        self.state, self.ahead_s, self.hangs, self.ages = state, ahead_s, hangs, ages or {}
        self.now = 1000.0
        self._write()

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds
        if not self.hangs and self.now == int(self.now):
            self._write()

    def _write(self) -> None:
        Health(7, "active", self.now + self.ahead_s, {}, self.ages).write(self.state)


@pytest.mark.parametrize("ahead_s", [86_400.0, -86_400.0, 0.0, 20.0])
def test_the_probe_waits_for_a_new_sign_where_an_old_one_may_be_of_another_clock(
    tmp_path: Path, ahead_s: float
) -> None:
    """A watcher that hangs writes none, whichever its clock."""
    assert problem_here(tmp_path) == "no watcher has been here"
    well = Watching(tmp_path, ahead_s)
    assert problem_here(tmp_path, well.clock, well.wait) is None

    stuck = Watching(tmp_path, ahead_s, ages={"queue": 100.0})
    assert problem_here(tmp_path, stuck.clock, stuck.wait) == "stuck: queue"

    hangs = Watching(tmp_path, -86_400.0, hangs=True)
    assert problem_here(tmp_path, hangs.clock, hangs.wait) == "last sign of life 86404 s ago"


@pytest.mark.parametrize("age_s", [0.0, 86_400.0, -86_400.0])
def test_who_holds_the_lock_runs_whatever_the_clocks_say(tmp_path: Path, age_s: float) -> None:
    """By the id that it wrote there, not by what another left behind; without a word of its own, by that id alone."""
    (tmp_path / "watcher-other.health").write_text(json.dumps(asdict(Health(9, "active", 1000.0))))
    lock = WatcherLock(tmp_path)
    assert lock.take()
    assert alive(tmp_path, 1000.0) == Health(os.getpid(), "active", 1000.0)
    said = Health(os.getpid(), "active", 1000.0 - age_s, {"queue": "away"})
    said.write(tmp_path)

    assert alive(tmp_path, 1000.0) == said

    lock.release()
    said.forget(tmp_path)
    assert alive(tmp_path, 1000.0 + FRESH_S) is None


@pytest.mark.parametrize("age_s", [86_400.0, -86_400.0])
def test_a_lock_whose_holder_did_not_say_who_it_is_is_of_the_active_one(tmp_path: Path, age_s: float) -> None:
    """As those of former versions."""
    lock = WatcherLock(tmp_path)
    assert lock.take()
    (tmp_path / FILE_NAME).write_text("")
    assert alive(tmp_path, 1000.0) is None
    Health(7, "active", 1000.0 - age_s).write(tmp_path)

    found = alive(tmp_path, 1000.0)

    assert found is not None
    assert found.pid == 7
