"""Progress, which is told where somebody hears it and stands in nobody's way."""

from collections.abc import Iterator
from typing import cast

import fakeredis
import pytest
import redis

from delivery.publish import UNHEARD_PAUSE_S, Publisher
from schemas.events import (
    Progress,
    ProgressEvent,
    utc_now,
)


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


class Away:
    """A client of a Redis that is not there."""

    def __init__(self) -> None:
        self.calls = 0

    def publish(self, channel: str, message: str) -> None:
        self.calls += 1
        raise redis.ConnectionError("away")


def test_progress_never_stands_in_the_way(client: redis.Redis) -> None:
    """With Redis away it is dropped, and not tried again for half a minute."""
    away, now = Away(), [0.0]
    publisher = Publisher(client, bell=away, clock=lambda: now[0])
    event = ProgressEvent(
        id="1", subject="a.txt", time=utc_now(), data=Progress(id="d", path="a.txt", stage="decode", state="started")
    )
    for at, calls in ((0.0, 1), (29.9, 1), (30.1, 2)):
        now[0] = at
        publisher.progress(event)
        assert away.calls == calls


class Bell:
    """Counts the calls, and is heard by so many."""

    def __init__(self) -> None:
        self.calls, self.listeners = 0, 0

    def publish(self, *_: object) -> int:
        self.calls += 1
        return self.listeners


@pytest.mark.parametrize("stage", ["decode", "published"])
def test_progress_that_nobody_hears_is_not_told_for_a_moment(client: redis.Redis, stage: str) -> None:
    """Who begins to listen misses no more than that; while somebody listens, all is told."""
    bell, now = Bell(), [0.0]
    publisher = Publisher(client, bell=cast("redis.Redis", bell), clock=lambda: now[0])
    event = ProgressEvent(id="1", subject="a.txt", time=utc_now(), data=Progress(id="d", path="a.txt", stage=stage))
    for at, calls, is_heard in ((0.0, 1, False), (UNHEARD_PAUSE_S - 0.1, 1, False), (UNHEARD_PAUSE_S, 2, False)):
        now[0] = at
        publisher.progress(event)
        assert (bell.calls, publisher.is_heard()) == (calls, is_heard)
    bell.listeners, now[0] = 1, 2 * UNHEARD_PAUSE_S
    for calls in (3, 4, 5):
        publisher.progress(event)
        assert (bell.calls, publisher.is_heard()) == (calls, True)
