"""What others do in Redis becomes an alarm for as long as it is wrong."""

from collections.abc import Sequence

import pytest
import redis

from delivery.holdings import Turn
from watcher.running.alarms import Alarms
from watcher.sending.looks import LOOK_AT_KEYS_S, Looks
from watcher.sending.sinks import GRACE_S, STORE, UNFED
from watcher.sending.stall import STALLED_AFTER_S

GOES_ON = Turn(0, (), ())
WAITS = Turn(3, ("next",), ())


class Seen:
    """A Redis that is as a test wants it."""

    def __init__(self) -> None:
        self.queue: Turn | Exception = GOES_ON
        self.signs: dict[str, str | None] = {}
        self.odd: list[str] = []
        self.asked: list[str] = []

    def turn(self) -> Turn:
        if isinstance(self.queue, Exception):
            raise self.queue
        return self.queue

    def sink_signs(self, sinks: Sequence[str]) -> dict[str, str | None]:
        self.asked += sinks
        return {name: self.signs.get(name) for name in sinks}

    def wrong_kinds(self) -> list[str]:
        self.asked.append("keys")
        return self.odd


@pytest.fixture
def seen() -> Seen:
    return Seen()


def test_a_key_of_another_kind_is_told_of_until_it_is_gone(seen: Seen, alarms: Alarms) -> None:
    looks = Looks(seen, alarms, {}, 0.0)
    seen.odd = ["a is a list", "b is a string"]
    looks.at_keys(1.0)
    looks.at_keys(1.0 + LOOK_AT_KEYS_S / 2)
    assert alarms.texts() == {"wrong-kind": "a is a list; b is a string"}
    assert seen.asked == ["keys"]
    seen.odd = []
    looks.at_keys(1.0 + LOOK_AT_KEYS_S)
    assert alarms.texts() == {}


def test_a_queue_that_stands_still_and_a_worker_in_trouble_are_told_of(seen: Seen, alarms: Alarms) -> None:
    looks = Looks(seen, alarms, {}, 0.0)
    seen.queue = WAITS
    looks.at_queue(0.0)
    assert alarms.texts() == {}
    seen.queue = Turn(3, ("next",), (), trouble="no space")
    looks.at_queue(STALLED_AFTER_S)
    assert sorted(alarms.texts()) == ["not-taken", "worker"]
    assert alarms.texts()["worker"] == "a worker waits for Redis, with a report at hand: no space"
    seen.queue = GOES_ON
    looks.at_queue(STALLED_AFTER_S + 1)
    assert alarms.texts() == {}


def test_a_sink_that_is_set_is_missed_and_the_store_only_once_it_was_there(seen: Seen, alarms: Alarms) -> None:
    looks = Looks(seen, alarms, {"file": "file:out.ndjson"}, 0.0)
    looks.at_queue(GRACE_S)
    assert alarms.texts() == {"sink-file": f"file:out.ndjson: {UNFED}"}
    seen.signs = {"file": "", STORE: "disk full"}
    looks.at_queue(GRACE_S + 1)
    assert alarms.texts() == {"sink-store": "state/store.sqlite: disk full"}
    seen.signs = {"file": ""}
    looks.at_queue(2 * GRACE_S + 1)
    assert alarms.texts() == {"sink-store": f"state/store.sqlite: {UNFED}"}


@pytest.mark.parametrize("error", [redis.ResponseError("WRONGTYPE"), redis.exceptions.NoPermissionError("no")])
def test_what_may_not_be_looked_at_stops_nothing(seen: Seen, alarms: Alarms, error: Exception) -> None:
    seen.queue = error
    Looks(seen, alarms, {}, 0.0).at_queue(1.0)
    assert alarms.texts() == {}
    assert seen.asked == []


def test_a_redis_that_is_away_is_left_to_the_caller(seen: Seen, alarms: Alarms) -> None:
    seen.queue = redis.ConnectionError("away")
    with pytest.raises(redis.ConnectionError):
        Looks(seen, alarms, {}, 0.0).at_queue(1.0)
