"""The supervisor: Redis begun again after pauses, parts tended and stopped in order, and a second signal that ends it."""

import signal
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from zhibiao.running import supervisor
from zhibiao.running.embedded import EmbeddedRedisError
from zhibiao.running.part import WELL_AFTER_S
from zhibiao.running.supervisor import Supervisor
from zhibiao.settings import ServiceSettings


class Server:
    """An embedded Redis that is dead, and cannot be started while it is ``broken``."""

    def __init__(self) -> None:
        self.pid: int | None = 7
        self.returncode: int | None = None
        self.started = 0
        self.broken = False

    def start(self) -> None:
        self.started += 1
        if self.broken:
            raise EmbeddedRedisError("no room")
        self.returncode = None


class Piece:
    """A part that stops when it is told to, unless it is ``stubborn``."""

    def __init__(self, name: str, told: list[str], *, stubborn: bool = False) -> None:
        self.name, self._told, self._stubborn, self._runs = name, told, stubborn, True

    def tend(self, _now_s: float) -> None:
        self._told.append(f"tend {self.name}")

    def terminate(self) -> None:
        self._told.append(f"stop {self.name}")
        self._runs = self._stubborn

    def is_running(self) -> bool:
        return self._runs

    def kill(self) -> None:
        self._told.append(f"kill {self.name}")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What is logged."""
    lines: list[tuple[str, dict[str, Any]]] = []
    for level in ("info", "warning", "error"):
        monkeypatch.setattr(
            supervisor._log, level, lambda message, **more: lines.append((message, more)), raising=False
        )
    monkeypatch.setattr(supervisor, "_say_started", lambda _: lines.append(("started", {})))
    monkeypatch.setattr(supervisor, "TICK_S", 0.001)
    return lines


def made(
    tmp_path: Path, server: Server | None, *parts: Piece, drain_s: float = 60, signals: tuple[int, ...] = ()
) -> Supervisor:
    queue: SimpleQueue[int] = SimpleQueue()
    for one in signals:
        queue.put(one)
    settings = ServiceSettings(state=tmp_path, drain_s=drain_s)
    return Supervisor(settings, server, list(parts), queue)  # type: ignore[arg-type]


def test_a_redis_that_died_is_begun_again_after_pauses(tmp_path: Path, said: list[tuple[str, dict[str, Any]]]) -> None:
    """Why it cannot be is said, and tried again; one that has run well begins to count anew."""
    server = Server()
    tending = made(tmp_path, server)
    tending._tend_redis(1000.0)
    assert (server.started, said) == (0, [])

    server.returncode, server.broken = 1, True
    tending._tend_redis(1000.0)
    assert said == [
        ("died", {"part": "redis", "status": 1, "deaths": 1}),
        ("redis cannot be started", {"reason": "no room"}),
    ]
    due_s = tending._redis_due_s
    assert due_s > 1000.0
    tending._tend_redis(due_s - 0.001)
    assert server.started == 1

    server.broken = False
    tending._tend_redis(due_s)
    assert said[2:] == [("died", {"part": "redis", "status": 1, "deaths": 2}), ("started", {})]

    server.returncode = 2
    tending._tend_redis(tending._redis_due_s + WELL_AFTER_S + 1)
    assert said[4] == ("died", {"part": "redis", "status": 2, "deaths": 1})


def test_one_that_never_ran_is_begun_and_one_of_somebody_else_is_left(tmp_path: Path, said: list[Any]) -> None:
    server = Server()
    server.pid = None
    made(tmp_path, server)._tend_redis(1000.0)
    made(tmp_path, None)._tend_redis(1000.0)

    assert server.started == 1


def test_parts_are_tended_until_a_signal_and_stopped_in_order(
    tmp_path: Path, said: list[tuple[str, dict[str, Any]]]
) -> None:
    """The watcher first, then the workers, at last whatever follows the record."""
    told: list[str] = []
    names = ("watcher", "worker1", "worker2", "relay1", "store", "page")
    made(tmp_path, None, *(Piece(name, told) for name in names), signals=(signal.SIGUSR1, signal.SIGTERM)).run()

    assert told == [
        *(f"tend {name}" for name in names),
        *(f"stop {name}" for name in names),
        *(f"kill {name}" for name in names),
    ]
    assert said == [("stopping", {"grace_s": 60}), *(("stopped", {"part": name}) for name in names)]


def test_what_does_not_stop_in_time_is_killed(tmp_path: Path, said: list[tuple[str, dict[str, Any]]]) -> None:
    told: list[str] = []
    parts = (Piece("watcher", told), Piece("worker1", told, stubborn=True))
    made(tmp_path, None, *parts, drain_s=0.01, signals=(signal.SIGINT,)).run()

    assert told == ["stop watcher", "stop worker1", "kill watcher", "kill worker1"]
    assert [message for message, more in said if message == "stopped"] == ["stopped"]


def test_a_second_signal_ends_it_at_once(tmp_path: Path, said: list[tuple[str, dict[str, Any]]]) -> None:
    told: list[str] = []
    parts = (Piece("watcher", told, stubborn=True), Piece("worker1", told))
    with pytest.raises(SystemExit) as end:
        made(tmp_path, None, *parts, signals=(signal.SIGHUP, signal.SIGTERM)).run()

    assert end.value.code == supervisor.INTERRUPTED
    assert told == ["stop watcher", "kill watcher", "kill worker1"]
    assert [message for message, _ in said] == [
        "stopping",
        "told to stop twice: running reports are cut short, and read again at the next start",
    ]


@pytest.mark.parametrize("moved", [None, Path("state/redis.damaged")])
def test_a_redis_that_starts_says_what_became_of_its_data(moved: Path | None) -> None:
    with capture_logs() as lines:
        supervisor._say_started(SimpleNamespace(moved_aside=moved, pid=7))  # type: ignore[arg-type]

    started = {"event": "started", "log_level": "info", "part": "redis", "pid": 7}
    assert lines[-1] == started
    assert [(line["event"], line["log_level"], line["moved_to"]) for line in lines[:-1]] == (
        [("redis_data_damaged", "error", "state/redis.damaged")] if moved else []
    )
    assert all("started empty; the watcher restores what was published" in line["what"] for line in lines[:-1])
