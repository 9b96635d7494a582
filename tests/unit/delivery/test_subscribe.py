"""Following the streams, with a Redis that a test takes away and a clock that stands still."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import fakeredis
import pytest
import redis
from structlog.testing import capture_logs

from delivery import stream_state, subscribe
from delivery.publish import Publisher
from schemas import names
from schemas.events import ReportEvent
from schemas.handover import HandOver, Outcome

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
    assert slept[:6] == [0.2, 0.4, 0.8, 1.6, 3.2, 5]
    assert set(slept[5:]) == {5}


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


def test_an_entry_is_read_with_the_reading_beside_it(client: redis.Redis) -> None:
    """Bytes as they are; what is gone is None, and what somebody else has put there is empty."""
    client.xadd("s", {"data": "{}"}, id="1-0")
    client.xadd("s", {"other": "x"}, id="2-0")
    client.set("k", b"\x00\xff")
    events = {"1-0": "{}", "2-0": "", "3-0": None}
    wanted = [("s", entry, key) for entry in events for key in ("k", "none")]

    assert [subscribe.read_event(client, "s", entry) for entry in events] == [*events.values()]
    assert subscribe.read_published(client, wanted) == [
        (events[entry], b"\x00\xff" if key == "k" else None) for _, entry, key in wanted
    ]


def test_the_newest_entry_is_where_a_reader_of_what_comes_begins(client: redis.Redis) -> None:
    """Even where there is none yet: then all comes, and no gap is told."""
    assert subscribe.last_entry(client, "s") == "0"
    client.xadd("s", {"data": "old", "n": "7"}, id="5-0")
    assert subscribe.last_entry(client, "s") == "5-0"
    followed = subscribe.follow(client, {"s": "$", "t": "0"}, 0)
    client.xadd("t", {"data": "first"}, id="1-0")
    with capture_logs() as logs:
        assert next(followed) == ("t", "1-0", "first")
        client.xadd("s", {"data": "new", "n": "9"}, id="6-0")
        assert next(followed) == ("s", "6-0", "new")
    assert [{**line} for line in logs] == [
        {
            "event": "gap",
            "log_level": "warning",
            "stream": "s",
            "missing": 1,
            "why": "the stream was trimmed before these events were read",
        }
    ]


def outcome_of(**fields: str) -> str:
    """The handed over outcome's JSON of a published report, as workers write it."""
    handover = HandOver(id="d", revision=1, path="a", sha256="", size_bytes=0)
    return Outcome.model_validate({**dict(handover), "status": "published", **fields}).model_dump_json()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", ": json_invalid"),
        ("x" * 1_000_001, "1000001 characters, of at most 1000000"),
        ("x" * 1_000_000, ": json_invalid"),
        ("{}", "id: missing; revision: missing; round: missing; sha256: missing; status: missing"),
    ],
)
def test_an_outcome_that_is_none_is_passed_by_and_said(client: redis.Redis, text: str, why: str) -> None:
    for data in (text, outcome_of()):
        client.xadd(names.DEFAULT.outcomes_stream, {"data": data})
    with capture_logs() as logs:
        (odd, none), (_, good) = subscribe.read_outcomes(client, "0", 0)

    assert (none, good and good.status) == (None, "published")
    assert [{**line} for line in logs] == [{"event": "odd_outcome", "log_level": "error", "entry": odd, "why": why}]


def test_what_stands_beside_an_outcome_is_part_of_it(client: redis.Redis) -> None:
    """Where the event lies is known only as it is put there; what does not fit makes it none."""
    stream = names.DEFAULT.outcomes_stream
    for fields in ({}, {"entry": "5-0"}, {"entry": "5-0", "event": "e"}, {"entry": "five"}):
        client.xadd(stream, {"data": outcome_of(), **fields})
    with capture_logs() as logs:
        found = [one and (one.entry_id, one.event_id) for _, one in subscribe.read_outcomes(client, "0", 0)]

    assert found == [(None, None), ("5-0", None), ("5-0", "e"), None]
    assert [line["why"] for line in logs] == ["entry_id: string_pattern_mismatch"]
    assert len(subscribe.read_outcomes(client, "0", 0, count=2)) == 2


@pytest.mark.parametrize(("block_s", "block_ms"), [(0, None), (0.25, 250), (5, 5000), (60, 5000)])
def test_a_reader_waits_as_long_as_asked_and_no_longer_than_its_client(block_s: float, block_ms: int | None) -> None:
    asked: list[Any] = []
    answering: Any = type("Client", (), {"xread": lambda _, *given, **options: asked.append((*given, options))})()

    assert subscribe.read_outcomes(answering, "3-0", block_s) == []
    assert asked == [({names.DEFAULT.outcomes_stream: "3-0"}, {"count": 100, "block": block_ms})]


def test_a_stream_is_watched_from_outside(client: redis.Redis) -> None:
    """Its length, its last events, and how far each group has come."""
    assert stream_state.groups_of(client, "s") == []
    assert [*stream_state.last_events(client, "s", 5)] == []
    for number in range(1, 6):
        client.xadd("s", {"other" if number == 4 else "data": str(number)}, id=f"{number}-0")
    client.xgroup_create("s", "g", id="0")
    client.xreadgroup("g", "me", {"s": ">"}, count=2)

    [group] = stream_state.groups_of(client, "s")
    assert (group.name, group.consumers, group.pending, group.last) == ("g", 1, 2, "2-0")
    assert [*stream_state.last_events(client, "s", 3)] == [("5-0", "5"), ("3-0", "3")]
    assert [*stream_state.last_events(client, "s", 9)][-1] == ("1-0", "1")
    assert stream_state.length_of(client, "s") == 5
