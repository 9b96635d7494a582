"""The small parts of the way to Redis: waits, generations, kinds of keys, what a server says of itself, and the numbers served."""

import http.client
import itertools
import socket
from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import fakeredis
import pytest
import redis
from prometheus_client import CollectorRegistry, Counter
from structlog.testing import capture_logs

from delivery import attempt_log, generation, server
from delivery.backoff import Backoff
from delivery.exposition import Exposition
from delivery.key_kinds import kinds, wrong_kinds
from schemas import names

KINDS = kinds(names.DEFAULT)


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


@pytest.mark.parametrize(
    ("failures", "least_s", "most_s"),
    [(0, 0.25, 0.5), (1, 0.25, 0.5), (2, 0.5, 1), (5, 4, 8), (6, 5, 10), (9999, 5, 10)],
)
def test_waits_double_up_to_their_cap_and_chance_shortens_them(failures: int, least_s: float, most_s: float) -> None:
    backoff = Backoff(0.5, 10)

    assert (backoff.wait_s(failures, jitter=1), backoff.wait_s(failures, jitter=0)) == (least_s, most_s)
    waits = {backoff.wait_s(failures) for _ in range(20)}
    assert len(waits) > 1
    assert all(least_s <= wait <= most_s for wait in waits)


def test_a_generation_is_begun_once_and_replaced_by_who_knows_it(client: redis.Redis) -> None:
    assert generation.current(client) is None
    generation.begin(client, "one", instead_of=None)
    generation.begin(client, "two", instead_of=None)
    assert generation.current(client) == "one"
    generation.begin(client, "three", instead_of="one")
    assert generation.current(client) == "three"


WRITES: dict[str, Any] = {
    "stream": lambda client, key: client.xadd(key, {"a": "b"}),
    "string": lambda client, key: client.set(key, "a"),
    "list": lambda client, key: client.rpush(key, "a"),
    "hash": lambda client, key: client.hset(key, "a", "b"),
    "zset": lambda client, key: client.zadd(key, {"a": 1}),
}


def test_a_key_of_another_kind_is_named_with_what_belongs_there(client: redis.Redis) -> None:
    assert wrong_kinds(client) == []
    for key, kind in KINDS.items():
        WRITES[kind](client, key)
    assert wrong_kinds(client) == []
    client.flushall()
    wrong = {key: next(other for other in WRITES if other != kind) for key, kind in KINDS.items()}
    for key, kind in wrong.items():
        WRITES[kind](client, key)

    assert wrong_kinds(client) == [
        f"{key} is a {wrong[key]} where a {kind} belongs: somebody else has put it there; rename or delete it"
        for key, kind in KINDS.items()
    ]


def test_what_may_not_be_asked_is_no_other_kind(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it hide the keys beside it."""
    first, second, *_ = KINDS
    pipe: Any = nullcontext(
        SimpleNamespace(type=lambda _: None, execute=lambda raise_on_error: [] if raise_on_error else answers)
    )
    monkeypatch.setattr(client, "pipeline", lambda transaction: pipe)
    answers: list[Any] = [redis.exceptions.NoPermissionError("NOPERM"), "set", *["none"] * (len(KINDS) - 2)]

    [told] = wrong_kinds(client)
    assert told.startswith(f"{second} is a set where a {KINDS[second]} belongs")
    assert first not in told


def test_the_kinds_are_those_of_what_is_written() -> None:
    assert dict(itertools.islice(KINDS.items(), 10)) == {
        "zhibiao:results": "stream",
        "zhibiao:failures": "stream",
        "zhibiao:withdrawals": "stream",
        "zhibiao:outcomes": "stream",
        "zhibiao:files": "stream",
        "zhibiao:reviews": "stream",
        "zhibiao:count:results": "string",
        "zhibiao:count:failures": "string",
        "zhibiao:count:withdrawals": "string",
        "zhibiao:generation": "string",
    }
    assert KINDS["zhibiao:celery:reports"] == "list"
    assert (KINDS["zhibiao:celery:unacked"], KINDS["zhibiao:celery:unacked_index"]) == ("hash", "zset")


class Server:
    """A client of a server that says these things, and refuses what it is told to refuse."""

    def __init__(self, refused: tuple[str, ...] = (), error: Exception | None = None, aof: int = 0) -> None:
        self._refused, self._error, self._aof = refused, error or redis.ResponseError("NOPERM"), aof

    def _say(self, command: str, answer: Any) -> Any:
        if command in self._refused:
            raise self._error
        return answer

    def info(self) -> Any:
        return self._say("info", {"role": "master", "aof_enabled": self._aof})

    def time(self) -> Any:
        return self._say("time", (1700000000, 250000))

    def config_get(self, name: str) -> Any:
        return self._say(name, {name: f"of {name}"})


def facts(**said: Any) -> dict[str, Any]:
    return server.facts(cast(redis.Redis, Server(**said)))


def test_a_server_says_how_it_keeps_its_data_and_its_time() -> None:
    settings = {"save": "of save", "stop-writes-on-bgsave-error": "of stop-writes-on-bgsave-error"}

    assert facts() == {"role": "master", "aof_enabled": 0, "time_s": 1700000000.25} | settings
    assert facts(aof=1) == {"role": "master", "aof_enabled": 1, "time_s": 1700000000.25}


@pytest.mark.parametrize(
    ("refused", "gone"),
    [
        ("info", {"role", "aof_enabled"}),
        ("time", {"time_s"}),
        ("save", {"save"}),
        ("stop-writes-on-bgsave-error", {"stop-writes-on-bgsave-error"}),
    ],
)
def test_what_a_server_does_not_tell_is_left_out(refused: str, gone: set[str]) -> None:
    assert facts().keys() - facts(refused=(refused,)).keys() == gone


@pytest.mark.parametrize("refused", ["info", "time", "save"])
def test_a_server_that_is_loading_is_away(refused: str) -> None:
    """Which is an answer of an error as well, and tells nothing of what may be asked."""
    with pytest.raises(redis.BusyLoadingError):
        facts(refused=(refused,), error=redis.BusyLoadingError("loading"))


def test_a_server_that_is_away_has_no_facts() -> None:
    assert server.facts_now("redis://127.0.0.1:1/0") is None


def test_trouble_is_told_for_a_while_and_at_no_length(client: redis.Redis) -> None:
    attempt_log.trouble(client, "a" * 1001)

    assert client.get(names.DEFAULT.trouble_key) == "a" * 1000
    assert 25_000 < client.pttl(names.DEFAULT.trouble_key) <= 30_000


def test_numbers_are_served_until_that_is_stopped() -> None:
    """Where their port is another's nothing is served, and the work goes on."""
    registry = CollectorRegistry()
    Counter("taken", "what was taken", registry=registry).inc(3)
    with socket.socket() as taken, capture_logs() as logs:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert Exposition.start(registry, "127.0.0.1", port) is None
    assert Exposition.start(registry, "127.0.0.1", 70_000) is None
    [refused] = logs
    assert (refused["event"], refused["log_level"], refused["port"]) == ("metrics_not_served", "error", port)

    served = Exposition.start(registry, "127.0.0.1", 0)
    assert served
    port = served._server.server_port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/metrics")
    body = connection.getresponse().read().decode()
    connection.close()
    assert "taken_total 3.0" in body
    assert "taken_created" not in body

    served.stop()
    with socket.socket() as again, pytest.raises(OSError, match="refused"):
        again.connect(("127.0.0.1", port))
