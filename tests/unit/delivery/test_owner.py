"""Whose the names of a site are: the first's, until its place is taken on purpose."""

import pytest
import redis

from delivery.connect import connect
from delivery.owner import Other, Service, claim, other_than, release
from schemas.names import DEFAULT

ONE = Service("1f", "archive-1", '/srv/"one"/状态')
TWO = Service("2f", "archive-2", '/srv/{"id": "1f"}/state')


def test_the_first_has_them(redis_client: redis.Redis) -> None:
    assert other_than(redis_client, None) is None
    assert claim(redis_client, ONE) is None
    assert claim(redis_client, ONE) is None
    assert claim(redis_client, TWO) == Other(ONE, is_alive=True)
    assert claim(redis_client, TWO, may_replace=True) == Other(ONE, is_alive=True)
    assert other_than(redis_client, ONE.id) is None
    assert other_than(redis_client, TWO.id) == other_than(redis_client, None) == Other(ONE, is_alive=True)
    assert 25 < redis_client.ttl(DEFAULT.owner_sign_key) <= 30


def test_who_shows_no_sign_of_life_can_be_replaced(redis_client: redis.Redis) -> None:
    claim(redis_client, TWO)
    release(redis_client, ONE)  # of another's it takes nothing away
    assert claim(redis_client, ONE, may_replace=True) == Other(TWO, is_alive=True)
    release(redis_client, TWO)
    assert claim(redis_client, ONE) == Other(TWO, is_alive=False)
    assert claim(redis_client, ONE, may_replace=True) is None
    assert claim(redis_client, TWO, may_replace=True) == Other(ONE, is_alive=True)


def test_a_folder_that_was_moved_is_the_same_service(redis_client: redis.Redis) -> None:
    claim(redis_client, ONE)
    moved = Service(ONE.id, "archive-3", "/mnt/one")
    assert claim(redis_client, moved) is None
    assert claim(redis_client, TWO) == Other(moved, is_alive=True)


def test_each_site_has_an_owner_of_its_own(redis_client: redis.Redis, redis_url: str) -> None:
    claim(redis_client, ONE)
    with connect(redis_url, "gz") as client:
        assert claim(client, TWO) is None
        assert other_than(client, ONE.id) == Other(TWO, is_alive=True)


@pytest.mark.parametrize("value", ["", "{}", "[1]", '{"id": 3}', "\x00"])
def test_what_is_no_owner_is_replaced_only_on_purpose(redis_client: redis.Redis, value: str) -> None:
    redis_client.set(DEFAULT.owner_key, value)
    other = claim(redis_client, ONE)
    assert other
    assert str(other.service) == "the service over an unknown folder on an unknown host"
    assert claim(redis_client, ONE, may_replace=True) is None
