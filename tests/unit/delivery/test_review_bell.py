"""The bell of reviews: short, trimmed, and never in the way."""

from typing import Any, cast

import pytest
import redis

from delivery import review_bell
from delivery.connect import connect_briefly
from schemas import names
from schemas.review import Review


def review(number: int) -> Review:
    return Review(at="2026-01-01", action="strike", document="d0c", start=number, end=number + 1, quote="五")


def heard(client: redis.Redis, stream: str = names.DEFAULT.reviews_stream) -> list[Review]:
    return [Review.model_validate_json(fields["data"]) for _, fields in client.xrange(stream)]  # type: ignore[union-attr]


def test_each_review_is_told_and_few_are_kept(redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which they were written."""
    monkeypatch.setattr(review_bell, "REVIEWS_KEPT", 100)
    every = [review(number) for number in range(300)]
    assert {review_bell.ring(redis_client, one) for one in every} == {""}

    told = heard(redis_client)
    assert told == every[-len(told) :]
    assert 100 <= len(told) < 300


def test_a_silent_bell_says_why(redis_client: redis.Redis) -> None:
    """Another kind of value lies there; Redis is away."""
    redis_client.set(names.DEFAULT.reviews_stream, "somebody else's")

    assert "WRONGTYPE" in review_bell.ring(redis_client, review(1))
    with connect_briefly("unix:///nowhere/redis.sock") as away:
        assert review_bell.ring(away, review(1)) != ""


@pytest.mark.parametrize(
    ("error", "why"), [(redis.ConnectionError("away"), "away"), (redis.TimeoutError(), "TimeoutError")]
)
def test_so_many_are_kept_and_there_is_always_a_reason(error: Exception, why: str) -> None:
    asked: list[Any] = []

    class Failing:
        def xadd(self, *arguments: Any, **options: Any) -> None:
            asked.append((*arguments, options))
            raise error

    assert review_bell.ring(cast("redis.Redis", Failing()), review(1)) == why
    fields = {"data": review(1).model_dump_json()}
    assert asked == [(names.DEFAULT.reviews_stream, fields, {"maxlen": 10_000})]
