"""The sign of life that container checks look for."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import signals

from schemas.names import Names
from worker import health
from worker.at_work import Seen


@pytest.fixture
def alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "alive"
    monkeypatch.setenv("ZHIBIAO_WORKER_HEALTH", str(path))
    return path


def test_a_fresh_file_is_well_and_an_old_one_is_not(alive: Path) -> None:
    """Known within half a minute."""
    assert health.problem(100.0) == f"{alive} is not there: no worker runs here, or it has no broker"
    alive.touch()
    os.utime(alive, (100, 100))
    assert health.problem(124.0) is None
    why = "it hangs, or takes nothing of its queue"
    assert health.problem(126.0) == f"no sign of life for 26 s, of at most 25: {why}"
    assert health.problem(76.0) is None
    assert health.problem(70.0) == f"the last sign of life is 30 s from now by this clock: {why}"
    (metric,) = health.HealthMetric(lambda: 126.0).collect()
    assert [sample.value for sample in metric.samples] == [0]


def test_the_probe_is_a_command(alive: Path) -> None:
    """It says what is wrong, with status 1."""
    probe = [sys.executable, "-m", "worker.health"]
    gone = subprocess.run(probe, capture_output=True, text=True, check=False)
    assert (gone.returncode, gone.stderr) == (1, f"{alive} is not there: no worker runs here, or it has no broker\n")
    alive.touch()
    assert subprocess.run(probe, check=False).returncode == 0


def test_the_limits_of_a_sign(alive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alive.touch()
    os.utime(alive, (100, 100))

    assert [health.problem(now) is None for now in (74.9, 75.0, 125.0, 125.1)] == [False, True, True, False]
    (metric,) = health.HealthMetric(lambda: 125.0).collect()
    assert (metric.name, [sample.value for sample in metric.samples]) == ("zhibiao_worker_healthy", [1])
    assert metric.documentation.startswith("1 while the worker is well")
    monkeypatch.delenv("ZHIBIAO_WORKER_HEALTH")
    assert health.health_file() == Path(tempfile.gettempdir(), f"zhibiao-worker-{os.getuid()}.alive")


class Consumer:
    """What the step asks of Celery's, with a timer that is turned by hand."""

    def __init__(self) -> None:
        conf = SimpleNamespace(zhibiao_redis_url="redis://h/0", zhibiao_site="here", task_time_limit="60")
        self.app = SimpleNamespace(conf=conf)
        self.pool = SimpleNamespace(num_processes=2)
        self.calls: list[tuple[float, Callable[[], None]]] = []
        self.cancelled = 0

    @property
    def timer(self) -> Any:
        def call_repeatedly(every_s: float, call: Callable[[], None]) -> Any:
            self.calls.append((every_s, call))
            return SimpleNamespace(cancel=self._cancel)

        return SimpleNamespace(call_repeatedly=call_repeatedly)

    def _cancel(self) -> None:
        self.cancelled += 1


class Redis:
    """A queue of so many entries, or none that can be reached."""

    def __init__(self) -> None:
        self.length, self.closed, self.is_away = 0, 0, False
        self.asked: list[str] = []

    def llen(self, key: str) -> str:
        self.asked.append(key)
        if self.is_away:
            raise redis.ConnectionError
        return str(self.length)

    def close(self) -> None:
        self.closed += 1


def test_a_worker_that_takes_nothing_or_has_no_broker_gives_no_sign(
    alive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins with a connection, ends with it, and leaves nothing when the worker stops."""
    client, seen = Redis(), [Seen(0, 0)]
    asked: list[tuple[Any, ...]] = []
    looks: list[float] = []

    def connect(*about: Any) -> Redis:
        asked.append(about)
        return client

    def look(limit_s: float) -> Seen:
        looks.append(limit_s)
        return seen[0]

    monkeypatch.setattr(health, "connect_briefly", connect)
    monkeypatch.setattr(health, "look", look)
    consumer = Consumer()
    step = health.SignOfLife(consumer)
    step.stop(consumer)
    step._touch()
    assert not alive.exists()

    step.start(consumer)
    ((every_s, touch),) = consumer.calls
    assert (asked, every_s) == ([("redis://h/0", 1.0, "here")], health.TOUCH_EVERY_S)
    assert alive.exists()

    def gives_a_sign() -> bool:
        alive.unlink(missing_ok=True)
        touch()
        return alive.exists()

    assert gives_a_sign()
    assert (client.asked[-1], looks) == (Names().queue_key, [60.0])
    client.length = 1
    assert not gives_a_sign()
    seen[0] = Seen(0, 1)
    assert not gives_a_sign()
    seen[0] = Seen(0, 2)
    assert gives_a_sign()
    seen[0] = Seen(1, 1)
    assert gives_a_sign()
    assert not gives_a_sign()
    signals.task_rejected.send(sender=None, message=None, exc=None)
    assert gives_a_sign()
    client.length, client.is_away = 0, True
    assert not gives_a_sign()

    step.stop(consumer)
    signals.task_rejected.send(sender=None, message=None, exc=None)
    client.length, client.is_away = 1, False
    assert not gives_a_sign()
    step.shutdown(consumer)
    assert (consumer.cancelled, client.closed, alive.exists()) == (1, 2, False)
    alive.touch()
    step.shutdown(consumer)
    assert not alive.exists()
