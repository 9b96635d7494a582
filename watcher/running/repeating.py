"""A thread that does one piece of work again and again, and outlives its failures."""

import threading
from collections.abc import Callable

import structlog

from delivery.backoff import Backoff
from watcher.running.alarms import Alarms
from watcher.running.damage import alarm_of, in_words, is_damage

log = structlog.get_logger("watcher")


class RepeatingThread:
    """Calls ``work``, which gives the seconds until its next pass; ``wake`` begins it earlier, ``hold_s`` later.

    Whatever wakes it, a pass begins ``hold_s`` after the last one has ended at the soonest: under load a pass finds more
    to do at once, where each would else wake the next thread for a single file. What comes after a pause waits for nothing,
    nor does what a pass has left: one that gives 0 is followed at once.

    A failure becomes an alarm under the thread's name and is tried again after a growing wait. ``expected`` are the
    failures of others, such as Redis being away; the rest are logged with their trace.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], float],
        alarms: Alarms,
        clock: Callable[[], float],
        expected: tuple[type[Exception], ...],
        backoff: Backoff,
        hold_s: float | Callable[[], float] = 0.0,
    ) -> None:
        self._name = name
        self._work = work
        self._alarms = alarms
        self._clock = clock
        self._expected = expected
        self._backoff = backoff
        self._hold_s = hold_s
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._beat = clock()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to do."""
        self._wake.set()

    def stop(self) -> None:
        """Ask it to end after the present pass."""
        self._stopping.set()
        self._wake.set()

    def join(self, timeout_s: float) -> None:
        """Wait for its end."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def age_s(self) -> float:
        """Seconds since its last sign of life; endless where it has ended."""
        return self._clock() - self._beat if self._thread.is_alive() else float("inf")

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._beat = self._clock()
            self._wake.clear()
            try:
                wait_s = self._work()
                failures = 0
                self._alarms.clear(self._name)
            except Exception as error:
                failures += 1
                wait_s = self._backoff.wait_s(failures)
                self._report(error, failures, wait_s)
                self._stopping.wait(wait_s)
                continue
            if wait_s > 0:
                hold_s = self._hold_s() if callable(self._hold_s) else self._hold_s
                self._stopping.wait(hold_s)
                self._wake.wait(max(0.0, wait_s - hold_s))

    def _report(self, error: Exception, failures: int, wait_s: float) -> None:
        if is_damage(error):
            self._alarms.set(alarm_of(error, self._name), in_words(error))
            return
        self._alarms.set(self._name, f"attempt {failures + 1} in {wait_s:.0f} s: {in_words(error)}")
        if not isinstance(error, self._expected):
            log.error("pass_failed", thread=self._name, failures=failures, exc_info=error)
