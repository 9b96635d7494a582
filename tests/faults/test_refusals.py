"""Redis answers and refuses: the whole waits, says in an alarm what Redis said, and goes on soon after it is mended."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import redis

from delivery.connect import Client
from tests.watcher_rig import tell, wait_for
from tests.whole_rig import Whole
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = [pytest.mark.faults, pytest.mark.service]
#: Longer than a worker's patience with a report at hand, and than all waits need to have grown.
AWAY_S = 75.0
#: What the longest wait between two tries takes, and what a busy machine needs for the work itself.
SOON_S = 20.0


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


def some(prefix: str, count: int) -> dict[str, bytes]:
    return {f"{prefix}/{n}.txt": f"2023年，全市共办结{prefix}第{n}类案件{n}件。\n".encode() for n in range(count)}
