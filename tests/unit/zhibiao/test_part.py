"""A part that dies is started again, after pauses that grow while it keeps dying."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from zhibiao.running import part as module
from zhibiao.running.part import WELL_AFTER_S, Part

PAUSES_S = [(0.25, 0.5), (0.5, 1.0), (1.0, 2.0)]  # half a second, then twice as long each time; up to half less


LIVES_UNTIL_TOLD = "import sys; open(sys.argv[1]).read()"


def run_until_it_is_dead(part: Part, now_s: float, end: Path) -> None:
    """Start it; come back when its process has ended, before anybody has asked what became of it."""
    part.tend(now_s)
    pid = part.pid
    assert pid
    end.write_bytes(b"")  # waits until it reads there, and lets it go on
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def test_pauses_grow_while_it_keeps_dying_and_begin_anew_after_a_good_run(tmp_path: Path) -> None:
    end = tmp_path / "end"
    os.mkfifo(end)
    part = Part("short", [sys.executable, "-S", "-c", LIVES_UNTIL_TOLD, str(end)], dict(os.environ))
    now_s = 100.0
    for deaths, (least, most) in enumerate(PAUSES_S, 1):
        run_until_it_is_dead(part, now_s, end)
        part.tend(now_s + WELL_AFTER_S)
        assert part.deaths == deaths
        assert part.due_s is not None
        assert now_s + WELL_AFTER_S + least <= part.due_s <= now_s + WELL_AFTER_S + most
        part.tend(part.due_s - 0.01)
        assert part.pid is None
        now_s = part.due_s

    run_until_it_is_dead(part, now_s, end)
    part.tend(now_s + WELL_AFTER_S + 0.1)
    assert part.deaths == 1


class Process:
    """A process that is there until it is told to end, or has ended so."""

    def __init__(self, status: int | None = None) -> None:
        self.pid, self.returncode = 77, status
        self.done: list[str] = []

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self.done.append("terminate")

    def wait(self) -> None:
        self.done.append("wait")


def test_a_part_is_begun_apart_from_the_terminal_and_ends_with_the_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """When it is due; what it logs goes where the service's log goes."""
    given: list[Any] = []
    process = Process()
    monkeypatch.setattr(module.subprocess, "Popen", lambda argv, **options: given.append((argv, options)) or process)
    with (tmp_path / "log").open("w") as log, capture_logs() as logs:
        part = Part("watcher", ("python", "-m", "x"), {"A": "b"}, log)
        assert (part.pid, part.is_running(), part.due_s) == (None, False, 0.0)
        part.tend(-0.1)
        assert given == []
        part.tend(0.0)
        part.tend(9.0)
    [(argv, options)] = given
    assert argv == ["python", "-m", "x"]
    assert callable(options.pop("preexec_fn")) is sys.platform.startswith("linux")
    assert options == {
        "env": {"A": "b"}, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": log,
        "start_new_session": True,
    }  # fmt: skip
    assert (part.pid, part.is_running(), part.due_s) == (77, True, None)
    assert [{**line} for line in logs] == [{"event": "started", "log_level": "info", "part": "watcher", "pid": 77}]
    process.returncode = 3
    with capture_logs() as logs:
        part.tend(10.0)
    [died] = logs
    assert part.due_s is not None
    assert {**died} == {
        "event": "died", "log_level": "error", "part": "watcher", "status": 3, "deaths": 1,
        "pause_s": round(part.due_s - 10.0, 2),
    }  # fmt: skip


@pytest.mark.parametrize("status", [None, 3])
def test_a_part_that_is_stopped_is_not_begun_again(monkeypatch: pytest.MonkeyPatch, status: int | None) -> None:
    """It is asked, and killed with all that it has started; one that has ended is only waited for."""
    killed: list[Any] = []
    process = Process()
    monkeypatch.setattr(module.subprocess, "Popen", lambda *_, **__: process)
    monkeypatch.setattr(module, "os", SimpleNamespace(killpg=lambda *of: killed.append(of)))
    for end in ("terminate", "kill"):
        idle = Part("x", (), {})
        getattr(idle, end)()
        idle.tend(1e9)
        assert (idle.pid, idle.due_s) == (None, None)
    part = Part("x", (), {})
    part.tend(0.0)
    process.returncode = status
    part.terminate()
    with capture_logs() as logs:
        part.kill()
    runs = status is None
    assert process.done == [*(["terminate"] if runs else []), "wait"]
    assert killed == ([(77, signal.SIGKILL)] if runs else [])
    assert [(line["event"], line["log_level"], line["pid"]) for line in logs] == (
        [("killed", "warning", 77)] if runs else []
    )
    part.tend(1e9)
    assert part.due_s is not None if status else part.due_s is None


@pytest.mark.parametrize(
    ("platform", "asked"), [("linux", [(1, signal.SIGTERM)]), ("linux2", [(1, signal.SIGTERM)]), ("darwin", None)]
)
def test_a_part_asks_to_be_ended_with_its_parent_where_the_system_can(
    monkeypatch: pytest.MonkeyPatch, platform: str, asked: Any
) -> None:
    calls: list[Any] = []
    library = SimpleNamespace(prctl=lambda *of: calls.append(of))
    monkeypatch.setattr(module, "sys", SimpleNamespace(platform=platform))
    monkeypatch.setattr(module, "ctypes", SimpleNamespace(CDLL=lambda name, use_errno: library if use_errno else None))
    ask = module._die_with_parent()
    assert (ask is None) is (asked is None)
    if ask:
        ask()
        assert calls == asked
