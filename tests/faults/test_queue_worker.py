"""What happens to a report when its reader dies, stops, hangs or is thought dead: the queue's faults, worker side."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from delivery import attempt_log as attempts
from schemas.handover import HandOver
from tests.worker_rig import QUEUE, UNACKED, WorkerRig, wait_for
from worker import health

pytestmark = [pytest.mark.faults, pytest.mark.service]
TEXT = "2023年，全市共办结行政复议案件1234件。\n".encode()
VISIBILITY_S = 6
SHORT = {"VISIBILITY_S": str(VISIBILITY_S)}

Rig = Callable[..., WorkerRig]


def tell(case: str, seen: str) -> None:
    """A line of the table that ``make test-faults`` prints."""
    print(f"\n| {case} | {seen} |")  # noqa: T201 - the figures are the point


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    """Makes the rig, with settings."""
    rigs: list[WorkerRig] = []

    def make(**settings: object) -> WorkerRig:
        rigs.append(WorkerRig(tmp_path, redis_url, faulty=True, **settings))
        return rigs[-1]

    yield make
    for made in rigs:
        made.__exit__(None, None, None)


def slow(rig: WorkerRig, duration_s: float) -> HandOver:
    """A report that takes its time; comes back when its reading has begun."""
    handover = rig.give("slow.txt", f"sleep {duration_s}\n".encode() + TEXT)
    wait_for(lambda: rig.has_begun(handover))
    return handover


def reader_of(rig: WorkerRig) -> int:
    """The process that began the last reading."""
    return int((rig.folder / "begun").read_text().split()[-1])


def count(rig: WorkerRig, handover: HandOver) -> int:
    return attempts.count(rig.client, handover.id, handover.revision, handover.round)


def test_1_a_child_is_killed(rig: Rig) -> None:
    """Read again on a free child, well within six seconds; counted; one event."""
    queue = rig()
    queue.start(concurrency=2)
    handover = slow(queue, 2)
    killed = time.monotonic()
    os.kill(reader_of(queue), signal.SIGKILL)
    again_s = wait_for(lambda: queue.begun(handover) == 2)
    assert again_s < 6
    queue.ended(1)
    assert count(queue, handover) == 2
    queue.assert_one_event_each(handover)
    tell("queue 1: kill -9 of the child", f"begun again after {again_s:.1f} s, done {time.monotonic() - killed:.1f} s")


def test_2_a_worker_is_killed_and_another_takes_over(rig: Rig) -> None:
    """When the visibility timeout has passed, not later."""
    queue = rig()
    workers = [queue.start(**SHORT), queue.start(**SHORT)]
    handover = slow(queue, 5)
    next(worker for worker in workers if reader_of(queue) in worker.children()).kill()
    again_s = wait_for(lambda: queue.begun(handover) == 2)
    assert again_s < VISIBILITY_S + 5
    queue.ended(1)
    queue.assert_one_event_each(handover)
    tell("queue 2: kill -9 of a worker", f"begun by another after {again_s:.1f} s, visibility {VISIBILITY_S} s")


def test_4_a_worker_that_is_told_to_stop_finishes(rig: Rig) -> None:
    """The report at hand is read, those that wait stay in the queue; status 0."""
    queue = rig()
    worker = queue.start()
    handover = slow(queue, 4)
    waiting = [queue.give(f"{number}.txt", TEXT + b"%d" % number) for number in range(5)]
    stopped = time.monotonic()
    assert worker.stop() == 0
    took_s = time.monotonic() - stopped
    queue.assert_one_event_each(handover)
    assert queue.begun(handover) == 1
    assert (queue.client.llen(QUEUE), queue.client.hlen(UNACKED)) == (5, 0)
    queue.start()
    queue.ended(6)
    queue.assert_one_event_each(handover, *waiting)
    assert queue.begun() == 6
    tell("queue 4: SIGTERM at work", f"finished and ended after {took_s:.1f} s, 5 waiting reports untouched")


def test_5_a_grace_period_that_is_too_short(rig: Rig) -> None:
    """SIGTERM, then SIGKILL before the report is done: it is read by the next worker."""
    queue = rig()
    worker = queue.start(**SHORT)
    handover = slow(queue, 8)
    worker.process.terminate()
    time.sleep(1)
    worker.kill()
    killed = time.monotonic()
    queue.start(**SHORT)
    wait_for(lambda: queue.begun(handover) == 2)
    again_s = time.monotonic() - killed
    queue.ended(1)
    queue.assert_one_event_each(handover)
    assert queue.begun(handover) == 2
    tell("queue 5: SIGTERM, then SIGKILL", f"begun again after {again_s:.1f} s, visibility {VISIBILITY_S} s")


@pytest.mark.parametrize(
    ("content", "code", "ending"),
    [
        (b"killed", "too_many_attempts", "its process died without a word: signal 9 (SIGKILL)"),
        (b"segfault", "too_many_attempts", "its process died without a word: signal 11 (SIGSEGV), a library has"),
        (b"abort", "too_many_attempts", "its process died without a word: signal 6 (SIGABRT), as a library does"),
        (b"hog", "out_of_memory", "MemoryError at tests.faulty_worker:_faulty:"),
        (b"recurse", "too_many_attempts", "RecursionError at tests.faulty_worker:_recurse:"),
    ],
)
def test_10_poison(rig: Rig, content: bytes, code: str, ending: str) -> None:
    """Three attempts, one failure with its class; the reports beside it are read."""
    queue = rig()
    queue.start(concurrency=2)
    began = time.monotonic()
    poison = queue.give("poison.txt", content)
    fine = [queue.give(f"{number}.txt", TEXT + b"%d" % number) for number in range(20)]
    queue.ended(21)
    queue.assert_one_event_each(poison, *fine)
    assert queue.begun(poison) == 3
    [failure] = queue.failures()
    assert (failure["code"], failure["attempts"]) == (code, 3)
    assert f"; the last time: {ending}" in failure["message"]
    assert bool(failure["trace"]) == (b"died" not in ending.encode())
    tell(f"queue 10: {content.decode()}", f"3 attempts, 1 failure, 20 others read, {time.monotonic() - began:.1f} s")


@pytest.mark.parametrize(
    ("content", "ending"),
    [(b"hang", "the last time: over the soft time limit"), (b"stuck", "over the hard time limit of 5 s")],
)
def test_12_a_report_over_its_time_limit(rig: Rig, content: bytes, ending: str) -> None:
    """Once more, then a failure that says so; never silence, never an endless loop."""
    queue = rig(soft_time_limit_s=3, hard_time_limit_s=5)
    queue.start()
    began = time.monotonic()
    handover = queue.give("hang.txt", content)
    queue.ended(1, 90)
    queue.assert_one_event_each(handover)
    assert queue.begun(handover) == 2
    [failure] = queue.failures()
    assert (failure["code"], failure["attempts"]) == ("out_of_time", 2)
    assert ending in failure["message"]
    tell(f"queue 12: {content.decode()}, limits 3 and 5 s", f"given up after {time.monotonic() - began:.1f} s")


def test_16_a_worker_takes_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loop runs, its processes are free, the queue is not empty: its probe fails within half a minute."""
    queue = rig()
    worker = queue.start(WEDGED="1")
    monkeypatch.setenv("ZHIBIAO_WORKER_HEALTH", str(worker.sign_of_life))
    assert health.problem(time.time()) is None
    queue.give("a.txt", TEXT)
    took_s = wait_for(lambda: health.problem(time.time()) is not None, what="a probe that fails")

    assert queue.left() == 1
    tell("queue 16", f"unhealthy {took_s:.0f} s after the queue was no longer empty")
