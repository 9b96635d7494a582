"""Attempts are counted once each, whatever is sent twice."""

from collections.abc import Iterator

import fakeredis
import pytest
import redis

from delivery import attempt_log as attempts
from delivery.lease import Lease
from schemas import names
from schemas.handover import HandOver


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


def test_attempts_are_counted_by_token(client: redis.Redis, handover: HandOver) -> None:
    """A command that a client repeats after a time-out does not count twice, nor wipe out a note."""
    assert attempts.begin(client, handover, "a") == 1
    assert attempts.begin(client, handover, "a") == 1
    attempts.note(client, handover, "a", 1, attempts.Ending("KeyError at x:y:1\nx:y:1", "out_of_time"))
    assert attempts.begin(client, handover, "b") == 2
    assert attempts.begin(client, handover, "a") == 2
    assert attempts.ending(client, handover, 1) == ("KeyError at x:y:1\nx:y:1", "out_of_time")
    assert attempts.ending(client, handover, 2) is None
    assert attempts.count(client, handover.id, 1, 1) == 2
    attempts.take_back(client, handover, "b")
    assert attempts.count(client, handover.id, 1, 1) == 1
    assert 0 < client.ttl(names.DEFAULT.attempts_key(handover.id, 1, 1)) <= 7 * 24 * 3600


def test_rounds_and_revisions_count_apart(client: redis.Redis, handover: HandOver) -> None:
    """A retry by hand has all its attempts before it."""
    for update in ({}, {"round": 2}, {"revision": 2}):
        assert attempts.begin(client, handover.model_copy(update=update), "a") == 1


def test_a_lease_renews_only_what_is_held(client: redis.Redis, handover: HandOver) -> None:
    """A task that another worker has finished does not come back to life."""
    index = "zhibiao:celery:unacked_index"
    client.zadd(index, {"held": 1.0})
    Lease(client, handover, "held").renew(100.0, 30.0)
    Lease(client, handover, "finished").renew(100.0, 30.0)
    Lease(client, handover, None).renew(100.0, 30.0)
    assert client.zrange(index, 0, -1, withscores=True) == [("held", 100.0)]
    assert attempts.is_alive(client, handover.id, 1, 1)
    assert not attempts.is_alive(client, handover.id, 1, 2)
    assert 25_000 < client.pttl(names.DEFAULT.heartbeat_key(handover.id, 1, 1)) <= 30_000


def test_a_sign_of_life_stands_under_the_names_that_are_given(client: redis.Redis, handover: HandOver) -> None:
    attempts.heartbeat(client, handover, 30.0, of=names.Names("gz"))
    assert client.keys("*") == [names.Names("gz").heartbeat_key(handover.id, 1, 1)]
