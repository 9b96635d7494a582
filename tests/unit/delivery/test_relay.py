"""Feeding a sink in this process: what is told, and what it does with what is no event."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import fakeredis
import pytest
import redis
from structlog.testing import capture_logs

from delivery import relay as module
from delivery.publish import Publisher
from delivery.relay import NotDelivered, Relay, signs
from schemas import names
from schemas.events import FailedEvent, ReportEvent, Withdrawal, WithdrawnEvent
from tests.conftest import NOW, PATH
from tests.unit.delivery.made_sinks import Kept, Told

RESULTS = names.DEFAULT.results_stream


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


class Together(Kept):
    """Counts how many came together."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[int] = []

    @contextmanager
    def together(self) -> Iterator[None]:
        before = len(self.events)
        yield
        self.groups.append(len(self.events) - before)


def withdrawn() -> WithdrawnEvent:
    return WithdrawnEvent.of(Withdrawal(id="d", path=PATH, revisions=(1,), events=("e",)), NOW)


def put(client: redis.Redis, *events: ReportEvent | FailedEvent | WithdrawnEvent) -> None:
    streams: dict[type, str] = {ReportEvent: RESULTS, FailedEvent: names.DEFAULT.failures_stream}
    for event in events:
        stream = streams.get(type(event), names.DEFAULT.withdrawals_stream)
        client.xadd(stream, {names.EVENT_FIELD: event.to_json(), names.NUMBER_FIELD: str(client.xlen(stream) + 1)})


def unfinished(client: redis.Redis) -> int:
    return int(client.xpending(RESULTS, names.DEFAULT.sink_group("x"))["pending"])


@pytest.mark.parametrize(("sink", "told"), [(Kept, 2), (Told, 3)])
def test_each_kind_comes_to_who_wants_it_and_all_of_it_again_when_forgotten(
    client: redis.Redis,
    report_event: Callable[..., ReportEvent],
    failed_event: FailedEvent,
    sink: type[Kept],
    told: int,
) -> None:
    events = (report_event(), failed_event, withdrawn())
    kept = sink()
    relay = Relay(client, "x", kept)
    put(client, *events)
    assert (relay.round(0), relay.round(0)) == (3, 0)
    assert signs(client, ["x", "y"]) == {"x": "", "y": None}
    assert kept.events == [event.id for event in events[:told]]
    assert unfinished(client) == 0

    relay.forget()
    assert relay.round(0) == 3
    assert kept.events == [event.id for event in events[:told]] * 2


def test_what_is_no_event_is_passed_by_and_said(client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    kept = Kept()
    for fields in ({"other": "x"}, {names.EVENT_FIELD: '{"type": 7}'}):
        client.xadd(RESULTS, fields)
    put(client, report_event())
    with capture_logs() as logs:
        assert Relay(client, "x", kept).round(0) == 3

    assert kept.events == [report_event().id]
    odd = client.xrange(RESULTS)[1][0]
    assert [(line["event"], line["stream"], line["entry"]) for line in logs] == [("odd_event", RESULTS, odd)]
    assert logs[0]["why"].endswith(" fields are wrong")
    assert unfinished(client) == 0


def test_what_was_not_finished_comes_first_and_is_told_before(
    client: redis.Redis, report_event: Callable[..., ReportEvent]
) -> None:
    """By the same relay, and by one that begins anew; what is trimmed meanwhile is counted, and not waited for."""
    kept = Kept()
    relay = Relay(client, "x", kept)
    put(client, report_event(1), report_event(2), report_event(3))
    kept.error = OSError("redis://:secret@h/1 is full")
    with pytest.raises(NotDelivered, match=rf"^{PATH}: OSError: redis://:\*\*\*@h/1 is full$") as failed:
        relay.round(0)
    assert failed.value.__cause__ is kept.error
    assert unfinished(client) == 3

    client.xdel(RESULTS, client.xrange(RESULTS)[0][0])
    kept.error = None
    with capture_logs() as logs:
        assert Relay(client, "x", kept).round(0) == 3
    assert kept.events == [report_event(2).id, report_event(3).id]
    gone = f"1 events of {RESULTS} were trimmed before this sink had them; their JSON is in the archive"
    assert [{**line} for line in logs] == [
        {"event": "gap", "log_level": "error", "sink": "x", "stream": RESULTS, "missing": "1"}
    ]
    assert signs(client, ["x"])["x"] == f"{PATH}: was taken before, and not finished; {gone}"
    assert unfinished(client) == 0


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [(("1", "2", "3"), None), (("1", "2", "4"), "1"), (("1", "6"), "4"), (("7", "1", "2"), None)],
)
def test_a_jump_of_numbers_is_told(
    client: redis.Redis, report_event: Callable[..., ReportEvent], numbers: tuple[str, ...], missing: str | None
) -> None:
    """Between rounds; a count that begins anew is none."""
    relay = Relay(client, "x", Kept())
    with capture_logs() as logs:
        for at, number in enumerate(numbers, 1):
            fields: dict[Any, Any] = {names.EVENT_FIELD: report_event(at).to_json(), names.NUMBER_FIELD: number}
            client.xadd(RESULTS, fields)
            relay.round(0)

    assert [line["missing"] for line in logs if line["event"] == "gap"] == ([missing] if missing else [])


def test_how_far_another_sink_has_come_says_nothing_of_this_one(
    client: redis.Redis, report_event: Callable[..., ReportEvent]
) -> None:
    """A relay that begins anew goes on from where its own sink was, and misses what was trimmed since."""
    put(client, report_event(1))
    Relay(client, "x", Kept()).round(0)
    put(client, report_event(2), report_event(3), report_event(4))
    Relay(client, "a", Kept()).round(0)
    client.xtrim(RESULTS, maxlen=2, approximate=False)
    with capture_logs() as logs:
        kept = Kept()
        relay = Relay(client, "x", kept)
        while relay.round(0):
            pass
    assert kept.events == [report_event(3).id, report_event(4).id]
    assert [line["missing"] for line in logs] == ["some"]
    client.xtrim(RESULTS, maxlen=1, approximate=False)
    with capture_logs() as logs:
        Relay(client, "a", Kept()).round(0)
    assert [*logs] == []


def test_several_new_ones_come_together_and_one_by_itself(
    client: redis.Redis, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    kept = Together()
    relay = Relay(client, "x", kept)
    put(client, report_event(1), report_event(2), failed_event)
    client.xadd(RESULTS, {"other": "x"})
    assert relay.round(0) == 4
    put(client, report_event(3))
    assert relay.round(0) == 1
    assert kept.groups == [3]
    assert len(kept.events) == 4
    assert unfinished(client) == 0


def test_a_sign_of_life_is_short_and_ends_by_itself(client: redis.Redis) -> None:
    relay = Relay(client, "x", Kept())
    relay.say("长" * 5000)

    assert signs(client, ["x"]) == {"x": "长" * 1000}
    assert 0 < client.pttl(names.DEFAULT.sink_key("x")) <= module.SIGN_S * 1000
    assert client.ttl(names.DEFAULT.sink_key("x")) > module.LIMIT_S


@pytest.mark.parametrize(("block_s", "block_ms"), [(0, None), (0.25, 250), (1, 1000)])
def test_a_round_waits_as_long_as_asked(client: redis.Redis, block_s: float, block_ms: int | None) -> None:
    """Nothing at all is asked for in the server's own way: 0 would be for ever. What was taken before is there at once."""
    asked: list[Any] = []
    answering: Any = SimpleNamespace(
        exists=client.exists, set=client.set, xreadgroup=lambda *given, **more: asked.append((given, more))
    )
    assert Relay(answering, "x", Kept()).round(block_s) == 0
    streams = (RESULTS, names.DEFAULT.failures_stream, names.DEFAULT.withdrawals_stream)
    group = names.DEFAULT.sink_group("x")
    assert asked == [
        ((group, "relay", dict.fromkeys(streams, after)), {"count": 10, "block": block})
        for after, block in (("0", None), (">", block_ms))
    ]


@pytest.mark.parametrize("error", [redis.ResponseError("WRONGTYPE of another kind"), redis.ConnectionError("away")])
def test_what_else_redis_answers_is_no_reason_to_begin_anew(error: Exception) -> None:
    calls: list[Any] = []

    def refuse(*arguments: Any, **_: Any) -> Any:
        calls.append(arguments)
        raise error

    away = SimpleNamespace(exists=lambda _: 0, xreadgroup=refuse)
    with pytest.raises(type(error)):
        Relay(cast("redis.Redis", away), "x", Kept()).round(0)
    assert len(calls) == 1


@pytest.mark.parametrize("sink", [Kept, Told])
def test_a_sink_is_opened_with_its_first_event(sink: type[Kept], report_event: Callable[..., ReportEvent]) -> None:
    """Once; and what was taken back is told where the sink wants to hear of it."""
    opened: list[tuple[str, Kept]] = []

    def open_it(url: str) -> Kept:
        opened.append((url, sink()))
        return opened[-1][1]

    lazy = module._Opening(lambda: open_it, "x://y")
    assert opened == []
    lazy.deliver(report_event())
    lazy.withdraw(withdrawn())
    [(url, kept)] = opened
    assert url == "x://y"
    assert kept.events == [report_event().id, *([withdrawn().id] if sink is Told else [])]


def test_what_a_publisher_is_handed_as_a_sink_goes_to_its_stream(
    client: redis.Redis, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    publisher = Publisher(client)
    publisher.deliver(report_event())
    publisher.deliver(failed_event)
    assert [client.xlen(stream) for stream in (RESULTS, names.DEFAULT.failures_stream)] == [1, 1]
