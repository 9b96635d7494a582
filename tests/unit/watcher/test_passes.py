"""What threads of the active watcher do in one pass, without Redis."""

import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from delivery.connect import FAULTS
from watcher.active.outcomes_pass import OutcomesPass
from watcher.active.restoring_pass import RestoringPass
from watcher.active.server_look import ServerLook
from watcher.active.steps_pass import StepsPass
from watcher.active.threads import Threads
from watcher.running.alarms import Alarms
from watcher.settings import WatcherSettings

EVICTS = {"maxmemory_policy": "allkeys-lru", "maxmemory": 100}


@pytest.fixture
def alarms() -> Alarms:
    return Alarms(lambda: 0.0)


def test_a_server_that_turns_unsafe_is_seen_at_the_next_look_and_sooner_when_it_was_emptied(
    alarms: Alarms, tmp_path: Path
) -> None:
    """One that is safe is looked at every ten seconds, one that is not every five."""
    said: dict[str, Any] = {"aof_enabled": 1}
    server = ServerLook(WatcherSettings(state=tmp_path, _env_file=None), SimpleNamespace(facts=lambda: said), alarms)

    def seen(at_s: float) -> tuple[bool, bool]:
        server.look(at_s)
        return server.is_unsafe, "unsafe" in alarms.texts()

    assert seen(0.0) == (False, False)
    said.update(EVICTS)
    assert [seen(9.9), seen(10.0)] == [(False, False), (True, True)]
    said.clear()
    assert [seen(14.9), seen(15.0)] == [(True, True), (False, False)]
    said.update(EVICTS)
    server.forget()
    assert seen(15.1) == (True, True)


def outcomes_pass(woken: list[str], *, came: Sequence[str], remembers: bool, has_room: bool) -> OutcomesPass:
    threads: Any = SimpleNamespace(wake=lambda *names: woken.extend(names))
    broker: Any = SimpleNamespace(outcomes=lambda _cursor, _wait_s: came)
    outcomes: Any = SimpleNamespace(cursor=lambda: "0", record=len)
    return OutcomesPass(
        broker,
        outcomes,
        recovery=SimpleNamespace(remembers_the_last_outcome=lambda: remembers),  # type: ignore[arg-type]
        outbox=SimpleNamespace(has_room_for_many=lambda: has_room),  # type: ignore[arg-type]
        threads=threads,
        max_outstanding=100,
    )


def test_outcomes_wake_whom_they_concern_and_are_left_where_they_would_hide_a_loss() -> None:
    for came, remembers, has_room, expected in (
        ([], True, True, (0.0, [])),
        (["a"], True, False, (0.1, ["filing"])),
        (["a", "b"], True, True, (0.1, ["filing", "queue"])),
        (["a"], False, True, (0.2, ["queue"])),
    ):
        woken: list[str] = []

        wait_s = outcomes_pass(woken, came=came, remembers=remembers, has_room=has_room).work()

        assert (wait_s, woken) == expected, (came, remembers, has_room)


def test_what_was_lost_is_restored_before_what_was_left_is_mended(alarms: Alarms) -> None:
    restored = iter([3, 0, None, None])
    mended = iter([True, False])
    recovery: Any = SimpleNamespace(restore=lambda _is_stopping: next(restored))
    mending: Any = SimpleNamespace(go_on=lambda _is_stopping: next(mended))
    restoring = RestoringPass(recovery, mending, alarms, lambda: False)

    passes = [(restoring.work(), "restored" in alarms.texts()) for _ in range(4)]

    assert passes == [(0.0, True), (0.0, True), (0.0, False), (1.0, False)]


def test_a_stream_that_takes_no_steps_is_told_of_and_asked_again_later(
    alarms: Alarms, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = iter([500, FAULTS[0]("refused"), 3])

    def tell(*_: object) -> int:
        one = next(told)
        if isinstance(one, Exception):
            raise one
        return one

    monkeypatch.setattr("watcher.sending.file_steps.tell", tell)
    nobody: Any = None
    steps = StepsPass(nobody, nobody, alarms)

    passes = [(steps.work(), "steps-not-told" in alarms.texts()) for _ in range(3)]

    assert passes == [(0.0, False), (5.0, True), (0.5, False)]


def test_only_the_queue_asks_whose_the_names_are_and_none_works_while_they_are_others(alarms: Alarms) -> None:
    said: list[str] = []
    held = iter([False, True])  # asked by the queue's thread alone, as no other one is added
    worked = threading.Event()

    def work() -> float:
        said.append("work")
        worked.set()
        return 60.0

    claimed: Any = SimpleNamespace(renew=lambda: said.append("renew"), is_held=lambda: next(held))
    threads = Threads(claimed, alarms)
    threads.add("queue", work)
    threads.start()
    assert worked.wait(30)
    threads.stop()

    assert said == ["renew", "renew", "work"]
    said.clear()
    worked.clear()
    held = iter([True])
    others = Threads(claimed, alarms)
    others.add("filing", work)
    others.start()
    assert worked.wait(30)
    others.stop()

    assert said == ["work"]
