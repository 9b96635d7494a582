"""Feeding a sink in this process: what is told, when it waits, and what it does with what is no event."""

import signal
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
from delivery.relay import AT_ONCE, NotDelivered, Relay, signs
from delivery.settings import SinkSettings
from schemas import names
from schemas.events import FailedEvent, ReportEvent, Withdrawal, WithdrawnEvent
from tests.conftest import NOW, PATH

RESULTS = names.DEFAULT.results_stream


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


class Kept:
    """Keeps what comes; raises what it is told to instead."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.error: Exception | None = None

    def deliver(self, event: Any) -> None:
        if self.error:
            raise self.error
        self.events.append(event.id)


class Told(Kept):
    """Is told of what was taken back, too."""

    def withdraw(self, event: Any) -> None:
        self.deliver(event)


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


class Rounds:
    """A relay whose rounds end so, one after the other; then it is told to stop."""

    def __init__(self, *ends: int | Exception) -> None:
        self.ends = [*ends]
        self.said: list[str] = []
        self.waits: list[float] = []
        self.is_set = False

    def round(self) -> int:
        end = self.ends.pop(0)
        self.is_set = not self.ends
        if isinstance(end, Exception):
            raise end
        return end

    def say(self, trouble: str) -> None:
        self.said.append(trouble)
        raise redis.ConnectionError("away")

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def run(*ends: int | Exception, hold_s: float = 7.0) -> Rounds:
    rounds = Rounds(*ends)
    module.run(cast("Relay", rounds), cast("module._Stopping", rounds), hold_s)
    return rounds


def test_it_waits_for_more_only_after_a_round_that_had_room() -> None:
    assert run(0, 1, AT_ONCE - 1, AT_ONCE, hold_s=7).waits == [7, 7]


def test_it_waits_longer_after_each_failure_and_begins_anew_after_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the sink or of Redis, which wait differently; only the first is the sink's to tell."""
    monkeypatch.setattr(module, "_SINK_PAUSES", SimpleNamespace(wait_s=lambda failures: 10.04 * failures))
    monkeypatch.setattr(module, "_REDIS_PAUSES", SimpleNamespace(wait_s=lambda failures: failures / 4))
    away = redis.ConnectionError("away")
    full = NotDelivered("a: full")
    full.__cause__ = OSError("full")
    with capture_logs() as logs:
        rounds = run(full, full, away, 0, away, full)

    assert rounds.waits == [10.04, 20.08, 0.75, 0.25, 20.08]
    assert rounds.said == ["attempt 2 in 10 s: a: full", "attempt 3 in 20 s: a: full", "attempt 3 in 20 s: a: full"]
    failed = {"event": "not_delivered", "log_level": "error", "why": "a: full", "exc_info": full.__cause__}
    gone = {"event": "redis_away", "log_level": "warning", "error": "away"}
    first, second = {**failed, "attempt": 1, "pause_s": 10.0}, {**failed, "attempt": 2, "pause_s": 20.1}
    assert [{**line} for line in logs] == [first, second, gone, gone, second]


def test_the_pauses_are_those_of_a_sink_and_of_redis() -> None:
    """A sink may be away for long; Redis is asked again within seconds."""
    sink, server = module._SINK_PAUSES, module._REDIS_PAUSES
    assert [sink.wait_s(failures, jitter=0) for failures in (1, 2, 99)] == [0.5, 1, 30]
    assert [server.wait_s(failures, jitter=0) for failures in (1, 2, 99)] == [0.2, 0.4, 5]


def test_a_signal_ends_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    stopping = module._Stopping()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds
        if len(slept) == 5:
            stopping(signal.SIGTERM, None)

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    assert not stopping.is_set
    stopping.wait(0.6)
    assert slept == pytest.approx([0.25, 0.25, 0.1])
    stopping.wait(9)
    assert (len(slept), stopping.is_set) == (5, True)
    stopping.wait(9)
    assert len(slept) == 5


@pytest.mark.parametrize(
    ("url", "sinks", "place", "wrong"),
    [
        ("redis://h/0", "jsonl:///a", "1", []),
        ("redis://h/0", "jsonl:///a,jsonl:///b", "2", []),
        ("redis://h/0", "jsonl:///a", "2", ["1, '2'"]),
        ("redis://h/0", "jsonl:///a", "0", ["1, '0'"]),
        ("redis://h/0", "jsonl:///a", "one", ["1, 'one'"]),
        ("redis://h/0", "", "1", ["0, '1'"]),
        (None, "jsonl:///a", "-1", ["", "1, '-1'"]),
        (None, "jsonl:///a", "1", [""]),
    ],
)
def test_what_it_cannot_begin_with_is_said(url: str | None, sinks: str, place: str, wrong: list[str]) -> None:
    settings = SinkSettings.model_validate({"redis_url": url, "sinks": sinks})
    assert [*module._complaints(settings, place)] == [
        f"ZHIBIAO_SINKS has {what} was asked for; a number from 1 would be right"
        if what
        else "ZHIBIAO_REDIS_URL is not set; that of the Redis that has the record would be right"
        for what in wrong
    ]


def begun(monkeypatch: pytest.MonkeyPatch, place: str = "1", **environ: str) -> list[Any]:
    """What :func:`serve` is called with by ``main`` in such an environment."""
    given: list[Any] = []
    for name, value in environ.items():
        monkeypatch.setenv(f"ZHIBIAO_{name}", value)
    monkeypatch.setattr(module, "serve", lambda *arguments: given.extend(arguments))
    monkeypatch.setattr(module.logs, "configure", lambda settings, name: given.append((settings.site, name)))
    module.main(place)
    return given


def test_the_sink_is_the_one_of_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    sinks = "jsonl:///a,jsonl:///b"
    told = begun(monkeypatch, "2", REDIS_URL="redis://:p@h/0", SITE="gz", SINKS=sinks, PLUGINS="false")

    assert told[:5] == [("gz", "relay"), "redis://:p@h/0", "gz", "jsonl:///b", module.name_of("jsonl:///b")]
    assert told[5]._url == "jsonl:///b"


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({"SINKS": "jsonl:///a"}, "relay: ZHIBIAO_REDIS_URL is not set"),
        ({"REDIS_URL": "redis://h/0", "SINKS": "odd://x"}, "relay: odd://x: there is no sink 'odd'"),
        ({"REDIS_URL": "http://h/0"}, "relay: ZHIBIAO_REDIS_URL: redis://"),
    ],
)
def test_a_process_that_cannot_begin_says_why(
    environ: dict[str, str], why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ZHIBIAO_REDIS_URL", raising=False)
    with pytest.raises(SystemExit) as ended:
        begun(monkeypatch, **environ)
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.startswith(why), err.count("\n")) == (2, "", True, 1)


def test_a_record_from_its_beginning_is_begun_when_redis_is_there(
    client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked until it can be; then rounds begin, until a signal comes."""
    calls: list[Any] = []
    waits: list[float] = []
    answers = iter([redis.ConnectionError("away"), None])

    def anew() -> None:
        calls.append("anew")
        if error := next(answers):
            raise error

    handlers: dict[int, Any] = {}
    signals = SimpleNamespace(signal=handlers.__setitem__, SIGTERM=signal.SIGTERM, SIGINT=signal.SIGINT)
    monkeypatch.setattr(module, "signal", signals)
    monkeypatch.setattr(module, "connect", lambda *where: calls.append(where) or client)
    monkeypatch.setattr(Relay, "forget", lambda _: calls.append("forget"))
    monkeypatch.setattr(module, "run", lambda relay, stopping, hold_s: calls.append((relay._name, stopping, hold_s)))
    monkeypatch.setattr(module._Stopping, "wait", lambda _, seconds: waits.append(seconds))
    with capture_logs() as logs:
        module.serve("redis://h/0", "gz", "unix://:p@/s", "x", Kept(), anew, 3)

    stopping = handlers[signal.SIGTERM]
    assert handlers == dict.fromkeys((signal.SIGTERM, signal.SIGINT), stopping)
    assert calls == [("redis://h/0", "gz"), "forget", "anew", "forget", "anew", ("x", stopping, 3)]
    assert [{**line} for line in logs] == [
        {"event": "relaying", "log_level": "info", "sink": "unix://:***@/s", "name": "x"},
        {"event": "redis_away", "log_level": "warning", "error": "away"},
    ]
    assert len(waits) == 1
    calls.clear()
    module.serve("redis://h/0", "gz", "x", "x", Kept())
    assert [call if isinstance(call, str) else call[0] for call in calls] == ["redis://h/0", "x"]
    assert calls[-1][2] == 0


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
