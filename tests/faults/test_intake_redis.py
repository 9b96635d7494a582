"""Intake fault 18f: Redis was emptied, and the watcher dies while it restores what was there."""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import names
from tests.watcher_rig import Rig, Worker, tell, wait_for
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = [pytest.mark.faults, pytest.mark.service]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server to be mistreated."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def rig(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Rig]:
    with Rig(tmp_path, server.url) as rig:
        yield rig


def some(prefix: str, count: int) -> dict[str, bytes]:
    return {f"{prefix}{n}.txt": f"{prefix}{n}".encode() for n in range(count)}


def drop(rig: Rig, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        rig.drop(name, content)


def until_filed(rig: Rig, files: dict[str, bytes]) -> float:
    return wait_for(lambda: all(rig.is_filed(name) for name in files))


@pytest.mark.parametrize("when", ["before", "after"])
def test_18f_the_watcher_dies_while_it_restores(rig: Rig, when: str) -> None:
    """The next one goes on with it; each event is there once."""
    files = some("a", 60)
    rig.start()
    with Worker(rig.url, rig.inbox):
        drop(rig, files)
        until_filed(rig, files)
    ids = [data["id"] for data in rig.events()]
    rig.stop()
    rig.redis.flushall()
    program = f"""
        import os, runpy, signal
        from watcher.sending.broker import Broker
        real, seen = Broker.report, []

        def fatal(*args):
            seen.append(1)
            if {when == "after"}:
                real(*args)
            if len(seen) == 30:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args)

        Broker.report = fatal
        runpy.run_module("watcher", run_name="__main__")
    """
    process = rig.start(wait=False, command=[sys.executable, "-c", textwrap.dedent(program)])
    wait_for(lambda: process.poll() is not None)
    assert 0 < rig.redis.xlen(names.DEFAULT.results_stream) < 60
    rig.start()
    took_s = wait_for(lambda: rig.redis.xlen(names.DEFAULT.results_stream) == 60)
    wait_for(lambda: "restored" not in rig.health().alarms)
    tell(f"18 kill -9 {when} one of 60 is restored", f"all back {took_s:.1f} s after the restart")

    assert sorted(data["id"] for data in rig.events()) == sorted(ids)
    rig.assert_invariants(files)
