"""The demo, and what the service says on a terminal."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests import forks
from tests.service_rig import ROOT, SETTINGS, Home
from tests.waiting import LONG_S

pytestmark = pytest.mark.service

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


def test_the_demo_ends_by_itself_without_a_terminal(near: Path) -> None:
    """Progress on standard error, what was found on standard output, nothing left behind."""
    environ = {**os.environ, **SETTINGS, "TMPDIR": str(near)}
    command = [sys.executable, "-m", "zhibiao", "demo", "--limit", str(LONG_S)]

    result = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=2 * LONG_S, check=False)

    assert result.returncode == 0, result.stderr
    for seed in SEEDS:
        assert f"{seed.name}: result received" in result.stderr
    assert re.search(r"^look at it in a browser: http://127\.0\.0\.1:\d+/$", result.stderr, re.MULTILINE)
    assert result.stdout.startswith("What was found\n")
    assert "What to try next, on reports of your own:\n" in result.stdout
    assert re.search(r"^  zhibiao extract report.pdf --table +one file", result.stdout, re.MULTILINE)
    assert str(near) not in result.stdout  # what is gone by then is not pointed at
    assert "\x1b" not in result.stdout + result.stderr
    assert [*near.glob("zhibiao-demo-*")] == []


def test_the_demo_leaves_nothing_behind_at_ctrl_c(near: Path) -> None:
    """Neither its folder nor its service."""
    command = [sys.executable, "-m", "zhibiao", "demo", "--stay"]
    environ = {**os.environ, **SETTINGS, "TMPDIR": str(near)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LONG_S)

    assert process.returncode == 130
    assert [*near.glob("zhibiao-demo-*")] == []


def test_the_demo_says_why_it_failed(near: Path) -> None:
    """Too little time: not zero, and what was waited for."""
    command = [sys.executable, "-m", "zhibiao", "demo", "--limit", "0.1"]
    environ = {**os.environ, "TMPDIR": str(near)}

    result = forks.run(command, env=environ, timeout=LONG_S)

    assert result.returncode == 1
    assert "in time" in result.stderr


def test_on_a_terminal_people_get_lines_and_the_log_goes_to_a_file(near: Path, tmp_path: Path) -> None:
    """A line for each report, why a file failed, and a summary; every line of the log is in the state folder."""
    (tmp_path / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    home = Home(near, ZHIBIAO_LOG_FORMAT="auto", ZHIBIAO_WORKERS="1", ZHIBIAO_LANG="zh", COLUMNS="100")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "zhibiao", "up"]
    with os.fdopen(slave, "wb") as terminal:
        started = forks.popen(command, cwd=near, env=home.environ, stdout=terminal, stderr=terminal, forks_parts=())
    with started as process:
        shown = Screen(master)
        shown.wait_for("每份报告在这里显示一行")
        home.rename_in(SEEDS[0], "一.txt")
        home.rename_in(tmp_path / "bad.txt", "坏.txt")
        shown.wait_for("一.txt")
        shown.wait_for("未能读取（unsupported_format）")
        report = home.event_of("一.txt")["data"]
        process.send_signal(signal.SIGINT)
        shown.wait_for("1 份未能读取")
        shown.read_on()

    line = next(line for line in shown.text.splitlines() if " 一.txt " in line)
    assert process.returncode == 0
    assert line.split()[2:5] == [
        report["document"]["region"],
        report["document"]["period"],
        str(len(report["metrics"])),
    ]
    assert '"level"' not in shown.text
    log = [json.loads(line) for line in (home.state / "service.log").read_text("utf-8").splitlines()]
    assert {"service", "watcher", "worker"} <= {entry["process"].partition("@")[0] for entry in log}


class Screen:
    """What a program has written on its terminal."""

    def __init__(self, master: int) -> None:
        self._data = b""
        self._master = master

    @property
    def text(self) -> str:
        """All of it."""
        return self._data.decode("utf-8", "replace")

    def wait_for(self, text: str) -> None:
        """Read until it is there."""
        deadline = time.monotonic() + LONG_S
        while text not in self.text:
            assert select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))[0], self.text
            self._data += os.read(self._master, 65536)

    def read_on(self) -> None:
        """Read to the end."""
        with suppress(OSError):  # how a terminal says that nobody writes any more
            while data := os.read(self._master, 65536):
                self._data += data
        os.close(self._master)
