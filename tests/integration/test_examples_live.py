"""The programs in examples/ live through what the service lives through: cut connections, a lost group, a frozen server."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from delivery.connect import connect
from delivery.publish import Publisher
from schemas import names
from schemas.handover import HandOver
from tests.service_rig import ROOT
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import report_event
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service
Start = Callable[..., subprocess.Popen[bytes]]
NODE = shutil.which("node")
GROUPS = {"consume.py": "example", "consume.mjs": "example", "load.py": "loader"}
NEEDS_NODE = pytest.mark.skipif(NODE is None, reason="there is no Node.js")
consumers = pytest.mark.parametrize("program", ["consume.py", pytest.param("consume.mjs", marks=NEEDS_NODE), "load.py"])


@pytest.fixture
def start(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Start]:
    """Starts an example in a folder of its own; what it prints is in ``out``."""
    processes: list[subprocess.Popen[bytes]] = []

    def begin(example: str, *arguments: str, to: int | None = None) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "ZHIBIAO_REDIS_URL": server.url, "PYTHONUTF8": "1", "LEFT_AFTER_MS": "500"}
        program = NODE if example.endswith(".mjs") else sys.executable
        command = [str(program), str(ROOT / "examples" / example), *arguments]
        with (tmp_path / "out").open("ab") as out, (tmp_path / "err").open("ab") as err:
            out_ = out if to is None else to
            processes.append(subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=out_, stderr=err))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.wait()


def publish(server: EmbeddedRedis, name: str) -> None:
    handover = HandOver(id=name, revision=1, path=name, sha256="0" * 64, size_bytes=1)
    with connect(server.url) as client:
        Publisher(client).report(report_event(handover))


def _until_said(folder: Path, file: str, what: str, times: int = 1) -> None:
    wait_for(lambda: (folder / file).read_text("utf-8").count(what) >= times, what=f"{what} in {file}")


FAULTS = {
    "cut connections": lambda server, _group: _command(server, "CLIENT", "KILL", "SKIPME", "yes"),
    "emptied": lambda server, _group: _command(server, "FLUSHALL"),
    "group destroyed": lambda server, group: _command(server, "XGROUP", "DESTROY", names.DEFAULT.results_stream, group),
}


def _command(server: EmbeddedRedis, *words: str) -> None:
    with connect(server.url) as client:
        client.execute_command(*words)


@consumers
@pytest.mark.parametrize("fault", FAULTS)
def test_a_consumer_goes_on(tmp_path: Path, server: EmbeddedRedis, start: Start, fault: str, program: str) -> None:
    consumer = start(program)
    publish(server, "before.txt")
    _until_said(tmp_path, "out", "before.txt")
    FAULTS[fault](server, GROUPS[program])
    publish(server, "after.txt")
    _until_said(tmp_path, "out", "after.txt")
    assert consumer.poll() is None


@consumers
def test_a_frozen_server_is_waited_for(tmp_path: Path, server: EmbeddedRedis, start: Start, program: str) -> None:
    consumer = start(program)
    publish(server, "one.txt")
    _until_said(tmp_path, "out", "one.txt")
    assert server.pid
    os.kill(server.pid, signal.SIGSTOP)
    _until_said(tmp_path, "err", "waiting for Redis")
    os.kill(server.pid, signal.SIGCONT)
    publish(server, "two.txt")
    _until_said(tmp_path, "out", "two.txt")
    assert consumer.poll() is None


def test_a_listener_subscribes_again(tmp_path: Path, server: EmbeddedRedis, start: Start) -> None:
    """After its connection was cut, and after the server was stopped and started."""
    listener = start("subscribe.py")
    _until_said(tmp_path, "err", "listening")
    _command(server, "CLIENT", "KILL", "TYPE", "pubsub")
    _until_said(tmp_path, "err", "listening", times=2)
    server.stop()
    server.start()
    _until_said(tmp_path, "err", "listening", times=3)
    publish(server, "a.txt")
    _until_said(tmp_path, "out", "a.txt")
    assert listener.poll() is None


@consumers
def test_what_a_dead_consumer_left_is_claimed(
    tmp_path: Path, server: EmbeddedRedis, start: Start, program: str
) -> None:
    publish(server, "left.txt")
    with connect(server.url) as client:
        client.xgroup_create(names.DEFAULT.results_stream, GROUPS[program], id="0")
        client.xreadgroup(GROUPS[program], "dead", {names.DEFAULT.results_stream: ">"})
    start(program, "alive")
    _until_said(tmp_path, "out", "left.txt")


@consumers
def test_one_whose_reader_has_gone_ends_quietly(
    tmp_path: Path, server: EmbeddedRedis, start: Start, program: str
) -> None:
    reading, writing = os.pipe()
    consumer = start(program, to=writing)
    os.close(writing)
    os.close(reading)
    publish(server, "a.txt")
    assert consumer.wait(LONG_S) == 0
    assert (tmp_path / "err").read_text("utf-8") == ""


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("program", ["consume.py", "load.py", "subscribe.py", "consume.mjs"])
def test_who_asks_for_help_gets_it(program: str, option: str, tmp_path: Path) -> None:
    """And no consumer of that name, which would take reports and never end."""
    runner = NODE if program.endswith(".mjs") else sys.executable
    if runner is None:
        pytest.skip("there is no Node.js here")

    done = subprocess.run(
        [runner, str(ROOT / "examples" / program), option], cwd=tmp_path, capture_output=True, text=True, timeout=LONG_S
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert f"examples/{program}" in done.stdout
    assert [*tmp_path.iterdir()] == []
