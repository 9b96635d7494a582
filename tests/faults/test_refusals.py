"""Redis answers and refuses: the whole waits, says in an alarm what Redis said, and goes on soon after it is mended."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import redis

from delivery.connect import Client
from tests.watcher_rig import tell, wait_for
from tests.whole_rig import Whole
from zhibiao.running.embedded import EmbeddedRedis, choose_binary

pytestmark = [pytest.mark.faults, pytest.mark.service]
#: Longer than a worker's patience with a report at hand, and than all waits need to have grown.
AWAY_S = 75.0
#: What the longest wait between two tries takes, and what a busy machine needs for the work itself.
SOON_S = 20.0
#: Keys that are long in loading.
FILLING = 3000


class Refusal(NamedTuple):
    """How Redis comes to refuse, its word, and how it is mended."""

    begin: Callable[[Client, Path], object]
    word: str
    end: Callable[[Client, Path], object]


def cannot_save(client: Client, data: Path) -> None:
    """As with a full disk: what is in the way of a save is a folder of the file's name."""
    (data / client.config_get("dbfilename")["dbfilename"]).mkdir()
    client.config_set("save", "3600 1")
    client.bgsave()
    wait_for(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err")


def can_save(client: Client, data: Path) -> None:
    (data / client.config_get("dbfilename")["dbfilename"]).rmdir()
    client.bgsave()
    wait_for(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "ok")


def no_writes(client: Client, _data: Path) -> None:
    client.execute_command("ACL", "SETUSER", "default", "-@write")


def nothing_but_mending(client: Client, _data: Path) -> None:
    client.execute_command("ACL", "SETUSER", "default", "-@all", "+acl", "+auth")


def all_rights(client: Client, _data: Path) -> None:
    client.execute_command("ACL", "SETUSER", "default", "+@all")


def of_a_dead_master(client: Client, _data: Path) -> None:
    client.config_set("replica-serve-stale-data", "no")
    client.execute_command("REPLICAOF", "127.0.0.1", "1")


def master(client: Client, _data: Path) -> None:
    client.execute_command("REPLICAOF", "NO", "ONE")


REFUSALS = {
    "full": Refusal(
        lambda client, _: client.config_set("maxmemory", "1"),
        "maxmemory",
        lambda client, _: client.config_set("maxmemory", "0"),
    ),
    "cannot save": Refusal(cannot_save, "MISCONF", can_save),
    "no replicas": Refusal(
        lambda client, _: client.config_set("min-replicas-to-write", "1"),
        "NOREPLICAS",
        lambda client, _: client.config_set("min-replicas-to-write", "0"),
    ),
    "no right to write": Refusal(no_writes, "no permissions", all_rights),
    "no right to anything, PING included": Refusal(nothing_but_mending, "no permissions", all_rights),
    "a replica": Refusal(
        lambda client, _: client.execute_command("REPLICAOF", "127.0.0.1", "1"), "read only replica", master
    ),
    "a replica whose master is down, PING included": Refusal(of_a_dead_master, "Link with MASTER is down", master),
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_waited_for_and_named(name: str, tmp_path: Path, server: EmbeddedRedis) -> None:
    """Files lie in the queue, and come meanwhile; nobody ends, and each is read once."""
    refusal = REFUSALS[name]
    with Whole(tmp_path, server.url) as whole:
        whole.start()
        client = redis.Redis.from_url(
            server.url, decode_responses=True
        )  # without a PING of its own, which may be refused
        data = next((tmp_path / "redis").rglob("appendonlydir")).parent
        before, queued, late = some("a", 5), some("b", 100), some("c", 20)
        whole.drop(before)
        whole.until_filed(before)
        whole.drop(queued)
        wait_for(lambda: whole.begun() > len(before) + 2, what="readings begun")
        refusal.begin(client, data)
        whole.drop(late)
        heard_s = wait_for(lambda: any(refusal.word in text for text in whole.rig.health().alarms.values()), 60.0)
        alarms = dict(whole.rig.health().alarms)
        time.sleep(AWAY_S)
        assert whole.rig.health().problem(time.time()) is None
        refusal.end(client, data)
        took_s = whole.until_filed(before | queued | late)
        tell(
            f"refusals: {name}, with 100 in the queue",
            f"alarm {', '.join(alarms)} after {heard_s:.1f} s; filed {took_s:.1f} s after it was mended; "
            f"{whole.restarts} workers ended",
        )

        assert took_s < SOON_S
        assert whole.restarts == 0
        whole.assert_all(before | queued | late)


def test_a_server_that_loads_for_long_is_waited_for_and_named(tmp_path: Path) -> None:
    """Killed amid the work and started again, Redis answers LOADING for over a minute; nobody ends, each is read once."""
    with server_of(tmp_path) as first, Whole(tmp_path, f"unix://{tmp_path}/socket") as whole:
        client = redis.Redis(unix_socket_path=str(tmp_path / "socket"), decode_responses=True)
        wait_for(lambda: answers(client), what="the server answers")
        for number in range(FILLING):
            client.set(f"filling:{number}", "x" * 2000)
        whole.start()
        before, queued, late = some("a", 5), some("b", 100), some("c", 20)
        whole.drop(before)
        whole.until_filed(before)
        client.bgrewriteaof()
        wait_for(lambda: not client.info("persistence")["aof_rewrite_in_progress"], what="the file is written anew")
        whole.drop(queued)
        wait_for(lambda: whole.begun() > len(before) + 2, what="readings begun")
        first.kill()
        first.wait()
        delay_us = int(AWAY_S * 1e6 / FILLING)
        with server_of(tmp_path, "--key-load-delay", str(delay_us), "--loading-process-events-interval-bytes", "1024"):
            whole.drop(late)
            heard_s = wait_for(
                lambda: any("is loading" in text for text in whole.rig.health().alarms.values()),
                60.0,
                "an alarm that names it",
            )
            alarms = dict(whole.rig.health().alarms)
            loaded_s = wait_for(lambda: answers(client), 4 * AWAY_S, "the server has loaded")
            assert whole.rig.health().problem(time.time()) is None
            took_s = whole.until_filed(before | queued | late)
            tell(
                "refusals: it loads for long after a kill -9, with 100 in the queue",
                f"alarm {', '.join(alarms)} after {heard_s:.1f} s; loaded {loaded_s:.0f} s later; "
                f"filed {took_s:.1f} s after that; {whole.restarts} workers ended",
            )
            assert loaded_s > AWAY_S / 2
            assert took_s < SOON_S
            assert whole.restarts == 0
            whole.assert_all(before | queued | late)


@contextmanager
def server_of(folder: Path, *settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server over what an earlier one has left in the folder."""
    (folder / "data").mkdir(exist_ok=True)
    binary = choose_binary(folder / "data")
    command = [str(binary.path), "--port", "0", "--unixsocket", str(folder / "socket"), "--dir", str(folder / "data")]
    command += ["--appendonly", "yes", "--save", "", "--logfile", str(folder / "server.log"), *settings]
    process = subprocess.Popen(command)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answers(client: Client) -> bool:
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.BusyLoadingError):
        return False


def some(prefix: str, count: int) -> dict[str, bytes]:
    return {f"{prefix}/{n}.txt": f"2023年，全市共办结{prefix}第{n}类案件{n}件。\n".encode() for n in range(count)}
