"""What the queue holds, odd entries among it."""

import json

import fakeredis

from delivery.holdings import Holdings, holdings
from schemas import names


def test_entries_that_are_no_messages_are_nobodys() -> None:
    """A stranger's entry in the queue hides no hand-over, and is none."""
    client = fakeredis.FakeRedis(decode_responses=True)
    message = {"headers": {"id": "d0c-1-1"}}
    client.rpush(names.CELERY_KEY_PREFIX + names.QUEUE, "junk", "[]", '{"headers": 5}', json.dumps(message))
    taken = {"a": json.dumps([{"headers": {"id": "d0c-2-1"}}, "", "reports"]), "b": "7", "c": "[]"}
    client.hset(names.CELERY_KEY_PREFIX + "unacked", mapping=taken)

    assert holdings(client) == Holdings(frozenset({"d0c-1-1"}), frozenset({"d0c-2-1"}))
