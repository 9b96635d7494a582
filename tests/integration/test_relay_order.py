"""A relay that cannot hand on an event: none overtakes it, and what was trimmed meanwhile is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from delivery.connect import connect
from delivery.relay import NotDelivered, Relay, signs
from delivery.sink import Event
from schemas import names
from tests.integration.test_relay import publish
from tests.waiting import eventually
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service


class _Kept:
    """A sink in this process; fails while it is told to."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.fails = False

    def deliver(self, event: Event) -> None:
        if self.fails:
            raise OSError("disk full")
        self.events.append(event.subject)


def until_it_fails(relay: Relay) -> str:
    while True:
        try:
            relay.round(0)
        except NotDelivered as error:
            return str(error)


def test_what_was_trimmed_before_it_came_is_told(server: EmbeddedRedis) -> None:
    """Between two rounds, while the relay was away, and while an entry was taken and not finished."""
    kept = _Kept()
    with connect(server.url) as client:
        publish(server, "a", "b")
        relay = Relay(client, "x", kept)
        assert relay.round(0) == 2
        publish(server, "c", "d", "e")
        client.xtrim(names.DEFAULT.results_stream, maxlen=1, approximate=False)
        while kept.events != ["a", "b", "e"]:
            relay.round(0)
        assert str(signs(client, ["x"])["x"]).startswith("2 events of zhibiao:results were trimmed")
        relay = Relay(client, "x", kept)
        publish(server, "f", "g")
        client.xtrim(names.DEFAULT.results_stream, maxlen=1, approximate=False)
        while kept.events[3:] != ["g"]:
            relay.round(0)
        assert str(signs(client, ["x"])["x"]).startswith("some events of zhibiao:results were trimmed")
        relay = Relay(client, "x", kept)
        publish(server, "h", "i")
        kept.fails = True
        assert until_it_fails(relay) == "h: OSError: disk full"
        client.xtrim(names.DEFAULT.results_stream, maxlen=1, approximate=False)
        kept.fails = False
        while kept.events[4:] != ["i"]:
            relay.round(0)
        relay.say("")
        assert str(signs(client, ["x"])["x"]).startswith("1 events of zhibiao:results were trimmed")


def test_none_overtakes_one_that_fails(server: EmbeddedRedis) -> None:
    kept = _Kept()
    with connect(server.url) as client:
        relay = Relay(client, "x", kept)
        publish(server, *map(str, range(25)))
        for _ in range(3):
            kept.fails = True
            until_it_fails(relay)
            kept.fails = False
            relay.round(0)
        eventually(lambda: relay.round(0) == 0)

    assert sorted(kept.events, key=int) == [*map(str, range(25))]
    assert all(int(one) < int(other) for one, other in pairwise(kept.events))


class _Together(_Kept):
    """Keeps what comes together as one; ``bad`` is an event that it does not take, ``is_full`` that nothing can be kept."""

    def __init__(self, bad: str = "") -> None:
        super().__init__()
        self.bad = bad
        self.is_full = False
        self.groups: list[list[str]] = []

    @contextmanager
    def together(self) -> Iterator[None]:
        before = [*self.events]
        try:
            yield
            if self.is_full:
                raise OSError("disk full")
        except Exception:
            self.events = before
            raise
        self.groups.append(self.events[len(before) :])

    def deliver(self, event: Event) -> None:
        if event.subject == self.bad:
            raise OSError("not this one")
        super().deliver(event)


def test_what_comes_together_is_kept_as_one(server: EmbeddedRedis) -> None:
    kept = _Together()
    with connect(server.url) as client:
        relay = Relay(client, "x", kept)
        publish(server, *map(str, range(13)))
        while relay.round(0):
            pass
        publish(server, "alone")
        assert relay.round(0) == 1
        assert kept.groups == [[*map(str, range(10))], ["10", "11", "12"]]
        assert kept.events == [*map(str, range(13)), "alone"]
        assert client.xpending(names.DEFAULT.results_stream, names.DEFAULT.sink_group("x"))["pending"] == 0


@pytest.mark.parametrize("bad", ["0", "4", "9"])
def test_where_one_fails_the_others_come_by_themselves(server: EmbeddedRedis, bad: str) -> None:
    kept = _Together(bad)
    with connect(server.url) as client:
        relay = Relay(client, "x", kept)
        publish(server, *map(str, range(12)))
        assert until_it_fails(relay) == f"{bad}: OSError: not this one"
        assert kept.events == []
        assert until_it_fails(relay) == f"{bad}: OSError: not this one"
        assert kept.events == [*map(str, range(int(bad)))]
        kept.bad = ""
        while relay.round(0):
            pass
        assert kept.events == [*map(str, range(12))]


def test_what_cannot_be_kept_as_one_comes_again(server: EmbeddedRedis) -> None:
    kept = _Together()
    with connect(server.url) as client:
        relay = Relay(client, "x", kept)
        publish(server, "a", "b")
        kept.is_full = True
        assert until_it_fails(relay) == "b and those before it: OSError: disk full"
        assert kept.events == []
        while relay.round(0):
            pass
        assert kept.events == ["a", "b"]


def test_the_same_sign_is_given_now_and_then(server: EmbeddedRedis) -> None:
    now_s = [0.0]
    with connect(server.url) as client:
        relay = Relay(client, "x", _Kept(), clock=lambda: now_s[0])
        for trouble, at_s, is_said in (
            ("", 0, True),
            ("", 0.9, False),
            ("", 1.9, True),
            ("no", 2, True),
            ("", 2.1, True),
        ):
            client.delete(names.DEFAULT.sink_key("x"))
            now_s[0] = at_s
            relay.say(trouble)
            assert signs(client, ["x"])["x"] == (trouble if is_said else None)
