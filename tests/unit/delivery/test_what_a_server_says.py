"""What a server answers instead of what it was asked for, how it is connected to, and what our own numbers answer."""

import json
import socket
from typing import Any
from urllib.request import urlopen

import fakeredis
import pytest
import redis
from prometheus_client import CollectorRegistry, Counter
from redis._parsers.base import BaseParser
from structlog.testing import capture_logs

from delivery import connect
from delivery.connect import UNREACHABLE, Refused, names_of, refused_with
from delivery.exposition import Exposition
from delivery.holdings import Turn, turn
from schemas.names import Names

PASSING = [
    ("MISCONF Errors writing to the AOF file", "MISCONF"),
    ("NOREPLICAS Not enough good replicas to write.", "NOREPLICAS"),
    ("MASTERDOWN Link with MASTER is down", "MASTERDOWN"),
    ("OOM command not allowed when used memory > 'maxmemory'.", "OOM"),
    ("READONLY You can't write against a read only replica.", "READONLY"),
    ("LOADING Redis is loading the dataset in memory", "LOADING"),
    ("TRYAGAIN Multiple keys request during rehashing of slot", "TRYAGAIN"),
    ("CLUSTERDOWN The cluster is down", "CLUSTERDOWN"),
    *(
        (f"ERR Error running script (call to f_1): @user_script:3: -{word} because of it", word)
        for word in ("MISCONF", "NOREPLICAS", "MASTERDOWN", "OOM", "READONLY", "LOADING", "TRYAGAIN", "CLUSTERDOWN")
    ),
]
STAYING = [
    ("WRONGTYPE Operation against a key holding the wrong kind of value", None),
    ("ERR unknown command 'XNACK'", None),
    ("ERR Error running script: BOOMING is none of these words", None),
    ("NOPERM this user has no permissions to run the 'ping' command", "NOPERM"),
]


@pytest.mark.parametrize(("answer", "word"), PASSING)
def test_an_answer_that_passes_is_one_of_a_server_that_is_away(answer: str, word: str) -> None:
    """Whether the library has a class for it, or it stands inside a script's error; its word is told."""
    with pytest.raises(UNREACHABLE) as told, connect._telling():
        raise BaseParser.parse_error(answer)  # as the library makes it of what the server says
    assert refused_with(told.value) == word


@pytest.mark.parametrize(("answer", "word"), STAYING)
def test_an_answer_that_stays_is_none(answer: str, word: str | None) -> None:
    """It is left as it is: to wait does not mend it."""
    with pytest.raises(redis.ResponseError) as told, connect._telling():
        raise BaseParser.parse_error(answer)
    assert not isinstance(told.value, UNREACHABLE)
    assert refused_with(told.value) == word


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("NOAUTH Authentication required.", "NOAUTH"),
        ("WRONGPASS invalid username-password pair or user is disabled.", "WRONGPASS"),
    ],
)
def test_a_password_that_is_wanted_is_told_from_one_that_is_wrong(answer: str, word: str) -> None:
    assert refused_with(BaseParser.parse_error(answer)) == word
    assert refused_with(OSError("refused")) is None


@pytest.mark.parametrize(
    ("url", "site", "keys"),
    [
        ("redis://h:1/3", "gz", Names("gz", 3)),
        ("unix:///run/s?db=2", "", Names("", 2)),
        ("rediss://h", "", Names()),
    ],
)
def test_a_client_has_ends_for_every_call_and_the_names_of_its_site(url: str, site: str, keys: Names) -> None:
    """A connection that idles is kept alive where it goes over a network."""
    client = connect.connect(url, site)
    given = client.connection_pool.connection_kwargs

    assert names_of(client) == keys
    assert (given["socket_timeout"], given["socket_connect_timeout"], given["health_check_interval"]) == (15, 5, 25)
    assert given.get("socket_keepalive", False) is not url.startswith("unix")
    assert (given["decode_responses"], given["encoding_errors"]) == (True, "backslashreplace")
    assert names_of(redis.Redis()) == Names()
    brief = connect.connect_briefly(url, 0.5, site)
    given = brief.connection_pool.connection_kwargs
    assert (given["socket_timeout"], given["socket_connect_timeout"], given["retry"].get_retries()) == (0.5, 0.5, 0)
    assert names_of(brief) == keys


@pytest.mark.parametrize(
    ("harm", "is_gone"), [(None, True), (redis.ConnectionError(), False), (Refused("MISCONF"), False)]
)
def test_a_server_is_asked_once_to_end(
    monkeypatch: pytest.MonkeyPatch, harm: Exception | None, *, is_gone: bool
) -> None:
    """It has all the time that it is given to save what it has, and little to be found."""
    asked: list[dict[str, Any]] = []

    class Client(fakeredis.FakeRedis):
        def shutdown(self, *_: object, **__: object) -> None:
            if harm:
                raise harm

    def made(_url: str, **options: Any) -> Client:
        asked.append(options)
        return Client()

    monkeypatch.setattr(connect, "connect", made)

    assert connect.shut_down("redis://h", 60.0) is is_gone
    [options] = asked
    assert (options["read_timeout_s"], options["connect_timeout_s"], options["retry"].get_retries()) == (60, 2, 0)


def test_how_far_the_queue_has_come() -> None:
    """What waits, what is next, who took something last, and what keeps a worker from going on."""
    client = fakeredis.FakeRedis(decode_responses=True)
    names = Names()
    assert turn(client) == Turn(0, (), ())
    client.rpush(names.queue_key, "third", "second", "first")
    client.zadd(names.unacked_index_key, {"old": 5.0, "new": 7.5})
    client.set(names.trouble_key, "no space left")

    found = turn(client)
    assert (found.waits, found.next, found.trouble) == (3, ("first",), "no space left")
    assert "new" in found.sign[0]
    assert "old" not in json.dumps(found.sign)
    assert "7.5" in found.sign[0]


def test_numbers_are_served_until_they_are_stopped() -> None:
    """Without a second series for each; the port is free afterwards."""
    registry = CollectorRegistry()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with capture_logs() as logs:
            assert Exposition.start(registry, "127.0.0.1", port) is None
        assert [(line["event"], line["port"], line["log_level"]) for line in logs] == [
            ("metrics_not_served", port, "error")
        ]
    with capture_logs() as logs:
        served = Exposition.start(registry, "127.0.0.1", port)
        assert Exposition.start(registry, "127.0.0.1", 70_000) is None
    assert [line["event"] for line in logs] == ["metrics_served", "metrics_not_served"]
    assert served
    Counter("reports", "Reports.", registry=registry).inc(3)
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert (
            answer.read().decode() == "# HELP reports_total Reports.\n# TYPE reports_total counter\nreports_total 3.0\n"
        )
    served.stop()
    with socket.create_server(("127.0.0.1", port)):
        pass
