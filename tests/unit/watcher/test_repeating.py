"""A thread that does one piece of work again and again: when the next pass begins."""

import threading
from collections.abc import Callable, Sequence

import pytest
from structlog.testing import capture_logs

from delivery.backoff import Backoff
from watcher.running.alarms import Alarms
from watcher.running.repeating import RepeatingThread


class Waits:
    """Stands for the events that a thread waits for: tells how long that was, and by which of the two it can be ended."""

    def __init__(self, waits_s: Sequence[float | Exception]) -> None:
        self._left = [*waits_s]
        self.on_wait: Callable[[], None] = lambda: None
        self.waited: list[tuple[str, float]] = []
        self.stopping, self.wake = _Event(self, "stop"), _Event(self, "wake")

    def work(self) -> float:
        given = self._left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    def is_over(self) -> bool:
        return not self._left


class _Event:
    def __init__(self, of: Waits, name: str) -> None:
        self._of = of
        self._name = name

    def wait(self, seconds: float) -> None:
        self._of.waited.append((self._name, seconds))
        self._of.on_wait()

    def is_set(self) -> bool:
        return self._of.is_over()

    def clear(self) -> None:
        """Nothing was set."""


@pytest.mark.parametrize(
    ("waits_s", "hold_s", "waited"),
    [
        ([1.0], 0.25, [("stop", 0.25), ("wake", 0.75)]),
        ([0.1], 0.25, [("stop", 0.25), ("wake", 0.0)]),
        ([1.0, 2.0], 0.0, [("stop", 0.0), ("wake", 1.0), ("stop", 0.0), ("wake", 2.0)]),
        ([0.0, 0.0, 0.0], 0.25, []),
        ([0.0, 2.0], 0.5, [("stop", 0.5), ("wake", 1.5)]),
    ],
)
def test_a_pass_waits_for_the_hold_unless_the_last_has_left_something(
    waits_s: list[float], hold_s: float, waited: list[tuple[str, float]]
) -> None:
    waits, backoff = Waits(waits_s), Backoff(first_s=1, cap_s=1)
    thread = RepeatingThread("a", waits.work, Alarms(lambda: 0.0), lambda: 0.0, (), backoff, hold_s)
    thread._stopping, thread._wake = waits.stopping, waits.wake  # type: ignore[assignment]
    thread._run()
    assert waits.waited == waited


def test_its_age_is_endless_before_and_after_and_counts_from_its_last_pass() -> None:
    """The clock goes on while the thread waits."""
    now, seen = [10.0], threading.Event()

    def work() -> float:
        seen.set()
        return 60.0

    alarms = Alarms(lambda: 0.0)
    thread = RepeatingThread("t", work, alarms=alarms, clock=lambda: now[0], expected=(), backoff=Backoff(1.0, 1.0))
    assert thread.age_s() == float("inf")
    assert (thread._thread.name, thread._thread.daemon) == ("t", True)
    thread.start()
    assert seen.wait(10)
    now[0] = 13.0
    assert thread.age_s() == 3.0
    thread.stop()
    thread.join(10)
    assert thread.age_s() == float("inf")


def test_a_failure_is_told_and_tried_again_after_a_growing_wait() -> None:
    """What others have failed in is not logged; the next pass that succeeds ends the alarm."""
    waits = Waits([ConnectionError("away"), ValueError("odd"), 5.0])
    alarms = Alarms(lambda: 0.0)
    told: list[dict[str, str]] = []
    thread = RepeatingThread("a", waits.work, alarms, lambda: 0.0, (ConnectionError,), Backoff(first_s=2, cap_s=60))
    thread._stopping, thread._wake = waits.stopping, waits.wake  # type: ignore[assignment]
    waits.on_wait = lambda: told.append(alarms.texts())
    with capture_logs() as logs:
        thread._run()

    assert [name for name, _ in waits.waited] == ["stop", "stop", "stop", "wake"]
    assert [one.get("a", "").partition(" in ")[0] for one in told] == ["attempt 2", "attempt 3", "", ""]
    assert [one.get("a", "").rpartition(": ")[2] for one in told] == ["away", "odd", "", ""]
    failed = [log for log in logs if log["event"] == "pass_failed"]
    assert [(log["thread"], log["failures"], str(log["exc_info"])) for log in failed] == [("a", 2, "odd")]
