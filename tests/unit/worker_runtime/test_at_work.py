"""A worker that could take something, and does not, gives no sign of life."""

import time
from dataclasses import dataclass

from worker.at_work import AtWork, Seen, look


@dataclass
class Task:
    time_start: float | None


class World:
    def __init__(self) -> None:
        self.queue, self.begun, self.busy = 0, 0, 0
        self.at_work = AtWork(lambda: self.queue, lambda: Seen(self.begun, self.busy), processes=2)


def test_an_idle_worker_is_well_while_there_is_nothing_to_do() -> None:
    world = World()
    assert world.at_work.is_well()
    world.queue = 1
    assert not world.at_work.is_well()
    world.begun += 1
    assert world.at_work.is_well()
    assert not world.at_work.is_well()


def test_a_worker_that_has_taken_nothing_yet_is_not_well_while_something_waits() -> None:
    world = World()
    world.queue = 1
    assert not world.at_work.is_well()


def test_one_whose_processes_all_work_is_well_and_one_with_a_free_process_is_not() -> None:
    world = World()
    world.queue, world.busy = 9, 2
    assert world.at_work.is_well()
    world.busy = 1
    assert not world.at_work.is_well()


def test_throwing_away_what_is_no_hand_over_is_work() -> None:
    world = World()
    world.queue = 9
    world.at_work.rejected()
    assert world.at_work.is_well()
    assert not world.at_work.is_well()


def test_a_report_far_beyond_the_hard_limit_is_no_work() -> None:
    now = time.monotonic()
    assert look(60.0, [Task(now - 80), Task(now - 100), Task(None)]).busy == 2
