"""Intake fault 18 and what is like it: Redis stops, freezes, dies again and again, or comes back empty."""

import os
import shutil
import signal
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import names
from tests.watcher_rig import QUEUE, Rig, Worker, tell, wait_for
from zhibiao.embedded import EmbeddedRedis

pytestmark = [pytest.mark.faults, pytest.mark.service]
AWAY_S = 20.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server to be mistreated."""
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def rig(tmp_path: Path, server: EmbeddedRedis) -> Iterator[Rig]:
    with Rig(tmp_path, server.url) as rig:
        yield rig


def kill(server: EmbeddedRedis) -> None:
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    wait_for(lambda: server.returncode is not None)


def some(prefix: str, count: int) -> dict[str, bytes]:
    return {f"{prefix}{n}.txt": f"{prefix}{n}".encode() for n in range(count)}


def drop(rig: Rig, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        rig.drop(name, content)


def until_filed(rig: Rig, files: dict[str, bytes]) -> float:
    return wait_for(lambda: all(rig.is_filed(name) for name in files), 60)


def test_18a_redis_is_away_while_files_arrive(rig: Rig, server: EmbeddedRedis) -> None:
    """The files are taken in all the same, at once, and go their way when it is back."""
    rig.start()
    server.stop()
    files = some("a", 50)
    drop(rig, files)
    taken_s = wait_for(lambda: rig.counts().get("accepted", 0) == 50)
    wait_for(lambda: "queue" in rig.health().alarms)
    time.sleep(AWAY_S)
    assert rig.health().problem(time.time()) is None
    server.start()
    with Worker(rig.url, rig.inbox):
        took_s = until_filed(rig, files)
    wait_for(lambda: "queue" not in rig.health().alarms)
    tell(
        f"18a Redis down {AWAY_S:.0f} s, 50 files arrive",
        f"taken in after {taken_s:.1f} s, filed {took_s:.1f} s after its return",
    )
    rig.assert_invariants(files)


def test_18a_redis_is_frozen(rig: Rig, server: EmbeddedRedis) -> None:
    """It keeps its connections and answers nothing: the watcher goes on noticing, and catches up."""
    assert server.pid
    rig.start()
    os.kill(server.pid, signal.SIGSTOP)
    try:
        files = some("a", 50)
        drop(rig, files)
        taken_s = wait_for(lambda: sum(rig.counts().values()) == 50)
        time.sleep(AWAY_S)
        assert rig.health().problem(time.time()) is None
    finally:
        os.kill(server.pid, signal.SIGCONT)
    with Worker(rig.url, rig.inbox):
        took_s = until_filed(rig, files)
    tell(
        f"18 (queue 8) Redis frozen {AWAY_S:.0f} s, 50 files arrive",
        f"taken in after {taken_s:.1f} s, filed {took_s:.1f} s after its return",
    )
    rig.assert_invariants(files)


def test_18c_redis_comes_back_empty(rig: Rig, server: EmbeddedRedis) -> None:
    """Its volume is lost, with 100 published and 100 queued: all are there again, each once, the ids as before."""
    rig.start()
    before, queued = some("a", 100), some("b", 100)
    with Worker(rig.url, rig.inbox):
        drop(rig, before)
        until_filed(rig, before)
    ids = [data["id"] for data in rig.events()]
    drop(rig, queued)
    wait_for(lambda: rig.counts().get("queued", 0) == 100)
    kill(server)
    for folder in server.log.parent.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    server.start()
    with Worker(rig.url, rig.inbox):
        took_s = wait_for(lambda: rig.redis.xlen(names.RESULTS_STREAM) == 200, 60)
        until_filed(rig, queued)
    tell("18c (queue 7) Redis restarted empty, 100 published, 100 queued", f"200 published {took_s:.1f} s later")

    assert {data["id"] for data in rig.events()} > set(ids)
    rig.assert_invariants({**before, **queued})


def test_18d_the_queue_is_evicted(rig: Rig) -> None:
    """As an evicting ``maxmemory-policy`` does: the queue's key is gone, and all the rest is there."""
    rig.start()
    files = some("a", 100)
    drop(rig, files)
    wait_for(lambda: rig.counts().get("queued", 0) == 100)
    rig.redis.delete(QUEUE)
    again_s = wait_for(lambda: rig.redis.llen(QUEUE) == 100)
    with Worker(rig.url, rig.inbox):
        until_filed(rig, files)
    tell("18d queue evicted, 100 queued", f"all in the queue again after {again_s:.1f} s")
    rig.assert_invariants(files)


def test_09_redis_is_full(rig: Rig) -> None:
    """``maxmemory`` is reached and nothing may be evicted: it is said, files are kept, and it goes on with new room."""
    rig.start()
    before = some("a", 5)
    with Worker(rig.url, rig.inbox):
        drop(rig, before)
        until_filed(rig, before)
        rig.redis.config_set("maxmemory", "1mb")
        files = some("b", 50)
        drop(rig, files)
        wait_for(lambda: "'maxmemory'" in rig.health().alarms.get("queue", ""))
        time.sleep(3)
        assert rig.health().problem(time.time()) is None
        assert [path for path in files if not (rig.inbox / path).exists()] == []
        rig.redis.config_set("maxmemory", "0")
        took_s = until_filed(rig, files)
    tell("queue 9: Redis at maxmemory, 50 files arrive", f"kept; filed {took_s:.1f} s after there was room")
    rig.assert_invariants({**before, **files})


def test_18e_redis_is_killed_twenty_times(rig: Rig, server: EmbeddedRedis) -> None:
    """Under load, its append-only file on: nothing is lost, nothing twice."""
    rig.start()
    files: dict[str, bytes] = {}
    with Worker(rig.url, rig.inbox):
        for turn in range(20):
            more = some(f"{turn}-", 25)
            drop(rig, more)
            files |= more
            time.sleep(0.3)
            kill(server)
            server.start()
        took_s = until_filed(rig, files)
    tell("18 (queue 6) kill -9 of Redis 20 times, 500 files", f"filed {took_s:.1f} s after the last")
    rig.assert_invariants(files)


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
        from watcher.broker import Broker
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
    assert 0 < rig.redis.xlen(names.RESULTS_STREAM) < 60
    rig.start()
    took_s = wait_for(lambda: rig.redis.xlen(names.RESULTS_STREAM) == 60)
    wait_for(lambda: "restored" not in rig.health().alarms)
    tell(f"18 kill -9 {when} one of 60 is restored", f"all back {took_s:.1f} s after the restart")

    assert sorted(data["id"] for data in rig.events()) == sorted(ids)
    rig.assert_invariants(files)
