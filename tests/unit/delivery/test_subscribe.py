"""Following the streams, with a Redis that a test takes away and a clock that stands still."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import fakeredis
import pytest
import redis

from delivery import subscribe
from delivery.publish import Publisher
from schemas import names
from schemas.events import ReportEvent

OUTAGE = 12


class Flaky:
    """A client of a Redis that is away for the first so many calls."""

    def __init__(self, client: redis.Redis, failures: int) -> None:
        self._client, self._failures = client, failures

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            if self._failures:
                self._failures -= 1
                raise redis.ConnectionError("away")
            return getattr(self._client, name)(*arguments, **options)

        return call


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits, which take no time."""
    waits: list[float] = []
    monkeypatch.setattr(subscribe.time, "sleep", waits.append)
    return waits


def test_a_long_outage_is_waited_out(
    client: redis.Redis, report_event: Callable[..., ReportEvent], slept: list[float]
) -> None:
    """Longer and longer up to some seconds, however often it fails; then every event comes."""
    Publisher(client).report(report_event())
    flaky: Any = Flaky(client, OUTAGE)
    [(_, _, text)] = islice(subscribe.follow(flaky, {names.DEFAULT.results_stream: "0"}, block_s=0), 1)

    assert text == report_event().to_json()
    assert len(slept) == OUTAGE
    assert slept == sorted(slept)
    assert slept[0] < 1 < slept[-1] == max(slept)


def test_the_next_outage_is_waited_out_as_the_first(client: redis.Redis, slept: list[float]) -> None:
    """What came in between starts the waits from the shortest."""
    for _ in range(2):
        client.xadd(names.DEFAULT.results_stream, {"data": "{}"})
    flaky: Any = Flaky(client, 3)
    followed = subscribe.follow(flaky, {names.DEFAULT.results_stream: "0"}, block_s=0)
    next(followed)
    first = list(slept)
    next(followed)
    flaky._failures = 3
    client.xadd(names.DEFAULT.results_stream, {"data": "{}"})
    next(followed)

    assert slept == first * 2


@pytest.mark.parametrize("after", ["0", "1-0", "5-5"])
def test_a_stream_that_was_never_trimmed_has_no_gap(
    client: redis.Redis, report_event: Callable[..., ReportEvent], after: str
) -> None:
    """Nobody missed anything, wherever a reader stands: at the beginning, or at an entry that never was."""
    gaps: list[Any] = []
    publisher = Publisher(client)
    published = [publisher.report(report_event(revision)).entry_id for revision in range(1, 4)]
    followed = subscribe.follow(client, {names.DEFAULT.results_stream: after}, 0, lambda *gap: gaps.append(gap))

    assert [entry for _, entry, _ in islice(followed, 3)] == published
    assert gaps == []


def test_a_stream_that_was_trimmed_has_one(client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    """How many are gone is known from the beginning, and not from an entry that is gone itself."""
    publisher = Publisher(client)
    entries = [publisher.report(report_event(revision)).entry_id for revision in range(1, 6)]
    client.xtrim(names.DEFAULT.results_stream, maxlen=2, approximate=False)
    for after, gap in (("0", 3), (entries[0], None)):
        gaps: list[Any] = []
        followed = subscribe.follow(
            client, {names.DEFAULT.results_stream: after}, 0, lambda *gap, gaps=gaps: gaps.append(gap)
        )  # type: ignore[misc]
        next(followed)
        assert gaps == [(names.DEFAULT.results_stream, gap)]


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [
        (["1", "2", "3"], []),
        (["1", "4", "5"], [2]),
        (["1", "2", "9"], [6]),
        (["5", "1", "2"], []),
        (["x", "7", "8"], []),
        (["1", "", "9"], []),
        (["1", "٣", "4"], []),
        (["1", "9" * 40, "2"], []),
    ],
)
def test_a_jump_of_numbers_is_a_gap(client: redis.Redis, numbers: list[str], gaps: list[int]) -> None:
    """What counts anew after a loss, or has no number of ours, is none; every event comes all the same."""
    told: list[Any] = []
    client.xadd("s", {"data": "first", "n": numbers[0]})
    followed = subscribe.follow(client, {"s": "0"}, 0, lambda *gap: told.append(gap))
    next(followed)
    told.clear()
    for number in numbers[1:]:
        client.xadd("s", {"data": number, **({"n": number} if number else {})})
    client.xadd("s", {"other": "x"})
    client.xadd("s", {"data": "last"})

    assert [text for _, _, text in islice(followed, 3)] == [*numbers[1:], "last"]
    assert told == [("s", gap) for gap in gaps]


def test_messages_are_heard_again_after_redis_was_away(client: redis.Redis, slept: list[float]) -> None:
    """Of channels and of patterns; nothing is subscribed to twice."""
    subscribed: list[tuple[str, ...]] = []
    answers: list[Any] = [
        redis.ConnectionError("away"), None, {"channel": "a", "data": "1"}, redis.ConnectionError("away"),
        {"channel": "b1", "data": "2"},
    ]  # fmt: skip

    class Heard:
        def __enter__(self) -> "Heard":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def subscribe(self, *channels: str) -> None:
            subscribed.append(channels)

        psubscribe = subscribe

        def get_message(self, timeout: float) -> Any:
            assert timeout > 0
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    around: Any = type(
        "Client", (), {"pubsub": lambda _, ignore_subscribe_messages: ignore_subscribe_messages and Heard()}
    )()
    assert [*islice(subscribe.listen(around, ["a"], ["b*"]), 2)] == [("a", "1"), ("b1", "2")]
    assert subscribed == [("a",), ("b*",)]
    assert len(slept) == 2
    assert slept[0] == slept[1]
    answers.append({"channel": "a", "data": "3"})
    assert next(subscribe.listen(around, patterns=["c*"])) == ("a", "3")
    assert subscribed[2:] == [("c*",)]
