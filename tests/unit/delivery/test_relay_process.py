"""The process that feeds a sink: what it cannot begin with, how long it waits, and how it ends."""

import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import fakeredis
import pytest
import redis
from structlog.testing import capture_logs

from delivery import relay as module
from delivery.relay import AT_ONCE, NotDelivered, Relay
from delivery.settings import SinkSettings
from tests.unit.delivery.made_sinks import Kept


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


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
