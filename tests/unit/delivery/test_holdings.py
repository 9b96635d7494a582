"""What the queue holds, odd entries among it."""

import json

import fakeredis
import pytest

from delivery.connect import connect
from delivery.holdings import Holdings, holdings, take_from_worker, turn
from schemas import names


def test_entries_that_are_no_messages_are_nobodys() -> None:
    """A stranger's entry in the queue hides no hand-over, and is none."""
    client = fakeredis.FakeRedis(decode_responses=True)
    message = {"headers": {"id": "d0c-1-1"}}
    client.rpush(names.DEFAULT.queue_key, "junk", "[]", '{"headers": 5}', json.dumps(message))
    taken = {"a": json.dumps([{"headers": {"id": "d0c-2-1"}}, "", "reports"]), "b": "7", "c": "[]"}
    client.hset(names.DEFAULT.celery_prefix + "unacked", mapping=taken)

    assert holdings(client) == Holdings(frozenset({"d0c-1-1"}), frozenset({"d0c-2-1"}))


def test_a_task_is_taken_from_the_worker_that_has_it_and_no_other() -> None:
    """Both places that the queue keeps are cleared, and nothing is put anywhere."""
    client = fakeredis.FakeRedis(decode_responses=True)
    unacked, index = names.DEFAULT.celery_prefix + "unacked", names.DEFAULT.celery_prefix + "unacked_index"
    for tag in ("dead", "alive"):
        client.hset(unacked, tag, json.dumps([{"headers": {"id": f"{tag}-1-1"}}, "", "reports"]))
        client.zadd(index, {tag: 5.0})
    take_from_worker(client, "dead-1-1")
    take_from_worker(client, "unknown-1-1")

    assert holdings(client) == Holdings(frozenset(), frozenset({"alive-1-1"}))
    assert client.zrange(index, 0, -1) == ["alive"]


@pytest.mark.service
@pytest.mark.parametrize("odd", [b"\xff\xfe", "[" * 200_000, "9" * 5000, '{"headers": {"id": "\ud800"}}'])
def test_no_entry_hides_the_others(redis_url: str, odd: bytes | str) -> None:
    """Bytes that are no text, JSON too deep, numbers too long: the real client and the real answers."""
    value = odd if isinstance(odd, bytes) else odd.encode("utf-8", "surrogatepass")
    with connect(redis_url) as client:
        client.rpush(names.DEFAULT.queue_key, value)
        client.hset(names.DEFAULT.celery_prefix + "unacked", "a", value)
        client.rpush(names.DEFAULT.queue_key, json.dumps({"headers": {"id": "d0c-1-1"}}))
        assert "d0c-1-1" in holdings(client).waiting
        assert turn(client).waits == 2
