"""A relay that cannot hand on an event: none overtakes it, and what was trimmed meanwhile is told."""

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
