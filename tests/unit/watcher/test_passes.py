"""What threads of the active watcher do in one pass, without Redis."""

import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from delivery.connect import FAULTS
from watcher.active import queue_pass
from watcher.active.outcomes_pass import OutcomesPass
from watcher.active.queue_pass import QueuePass
from watcher.active.restoring_pass import RestoringPass
from watcher.active.server_look import ServerLook
from watcher.active.steps_pass import StepsPass
from watcher.active.threads import Threads
from watcher.running.alarms import Alarms
from watcher.settings import WatcherSettings

EVICTS = {"maxmemory_policy": "allkeys-lru", "maxmemory": 100}


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


class Parts:
    """All that the queue's thread works with; takes down what it is asked, in order."""

    def __init__(self, **answers: Any) -> None:
        self.is_full, self.is_unsafe = answers.pop("is_full", False), answers.pop("is_unsafe", False)
        self._answers = {"has_lost_data": False, "repeat_lost": [], "send_accepted": 0, "announce": 0, **answers}
        self.asked: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self.asked.append((name, *arguments, *options.items()) if arguments or options else name)
            return self._answers.get(name)

        return call

    def work(self, monkeypatch: pytest.MonkeyPatch, *at_s: float) -> list[float]:
        """The waits after passes at these times."""
        now = [0.0]
        passes = self.passes(monkeypatch, now)
        waits = []
        for now[0] in at_s:
            waits.append(passes.work())
        return waits

    def passes(self, monkeypatch: pytest.MonkeyPatch, now: list[float]) -> QueuePass:
        """Passes at the time that ``now`` holds."""
        nothing: Any = self
        monkeypatch.setattr(queue_pass, "time", SimpleNamespace(monotonic=lambda: now[0]))
        monkeypatch.setattr(queue_pass, "announce", lambda *_: self._answers["announce"])
        return QueuePass(
            nothing, nothing, nothing, recovery=nothing, filer=nothing,
            looks=nothing, server=nothing, metrics=nothing, threads=nothing,
        )  # fmt: skip


def test_the_queue_is_swept_now_and_then_and_looked_after_in_each_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    row = SimpleNamespace(path="a.txt", document="d", revision=2)
    parts = Parts(repeat_lost=[row, row])
    with capture_logs() as logs:
        assert parts.work(monkeypatch, 2.0, 3.9, 4.0) == [1.0, 1.0, 1.0]

    def each(at_s: float, *others: Any) -> list[Any]:
        return [("at_keys", at_s), *others, ("look", at_s), "send_accepted"]

    def swept(at_s: float) -> list[Any]:
        return [("repeat_lost", ("at_once", False)), "repeated", "repeated", ("at_queue", at_s)]

    look = "has_lost_data"  # which is not due again so soon after 3.9
    assert parts.asked == [*each(2.0, look, *swept(2.0)), *each(3.9, look), *each(4.0, *swept(4.0))]
    again = {"event": "handed_over_again", "log_level": "warning", "report": "a.txt", "id": "d", "revision": 2}
    assert [{**line} for line in logs] == [again] * 4


def test_a_redis_that_was_emptied_is_filled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it was swept a moment ago; and what it is, is asked anew."""
    parts = Parts(has_lost_data=True)
    parts.work(monkeypatch, 2.0, 2.1, 2.5)
    once = ["has_lost_data", "lost", ("wake", "asking", "restoring"), "forget", ("repeat_lost", ("at_once", True))]
    assert parts.asked[1:6] == once
    assert [step for step in parts.asked if step == once[-1]] == [once[-1]] * 2


def test_a_pass_that_failed_is_followed_by_a_look_at_what_redis_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been away because it was started anew."""
    parts = Parts()
    sent = iter([0, FAULTS[0]("refused"), 0, 0])

    def send() -> int:
        one = next(sent)
        if isinstance(one, Exception):
            raise one
        return one

    monkeypatch.setattr(parts, "send_accepted", send, raising=False)
    passes = parts.passes(monkeypatch, now := [2.0])
    passes.work()
    now[0] = 2.1
    with pytest.raises(type(FAULTS[0]("refused"))):
        passes.work()
    for now[0] in (2.2, 2.3):
        passes.work()

    looks = [at for at, step in enumerate(parts.asked) if step == "has_lost_data"]
    assert [parts.asked[at - 1] for at in looks] == [("at_keys", 2.0), ("at_keys", 2.2)]


@pytest.mark.parametrize(("out", "hold_s"), [(0, 0.02), (10, 0.02), (50, 0.1), (125, 0.25), (9999, 0.25)])
def test_the_queue_waits_for_more_while_workers_have_enough(
    out: int, hold_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Parts()
    parts.out = out
    assert parts.passes(monkeypatch, [0.0]).hold_s() == hold_s


@pytest.mark.parametrize(
    ("answers", "wait_s", "sends", "wakes"),
    [
        ({"send_accepted": queue_pass.SENT_TOGETHER - 1}, 1.0, True, False),
        ({"send_accepted": queue_pass.SENT_TOGETHER}, 0.0, True, False),
        ({"announce": 1}, 1.0, True, True),
        ({"announce": queue_pass.ANNOUNCED_TOGETHER}, 0.0, True, True),
        ({"is_full": True, "send_accepted": 999}, 1.0, False, False),
        ({"is_unsafe": True, "send_accepted": 999}, 1.0, False, False),
    ],
)
def test_nothing_is_sent_into_what_cannot_take_it_and_more_is_done_at_once(
    answers: dict[str, Any], wait_s: float, monkeypatch: pytest.MonkeyPatch, *, sends: bool, wakes: bool
) -> None:
    parts = Parts(**answers)
    assert parts.work(monkeypatch, 0.0) == [wait_s]
    assert ("send_accepted" in parts.asked) is sends
    assert (("wake", "filing") in parts.asked) is wakes
