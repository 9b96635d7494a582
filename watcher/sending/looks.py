"""Looks at what others do in Redis: does the queue go on, are the sinks fed, does each key hold what is ours?"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from delivery.connect import FAULTS, UNREACHABLE
from delivery.holdings import Turn
from watcher.running.alarms import Alarms
from watcher.sending.sinks import STORE, SinkSigns
from watcher.sending.stall import Stall

LOOK_AT_KEYS_S = 5.0


class Seen(Protocol):
    """Redis; every call may raise one of ``delivery.connect.FAULTS``."""

    def turn(self) -> Turn:
        """How far the queue has come."""

    def sink_signs(self, sinks: Sequence[str]) -> dict[str, str | None]:
        """The sign of life of whoever feeds each sink."""

    def wrong_kinds(self) -> list[str]:
        """Keys that hold what is not ours, one sentence each."""


class Looks:
    """Has an alarm for whatever is wrong. ``sinks`` are those that are set, by their names; ``now_s`` is monotonic."""

    def __init__(self, redis: Seen, alarms: Alarms, sinks: Mapping[str, str], now_s: float) -> None:
        self._redis = redis
        self._alarms = alarms
        self._sinks = sinks
        self._sink_signs = SinkSigns(now_s)
        self._stall = Stall()
        self._keys_after = 0.0

    def at_keys(self, now_s: float) -> None:
        """First of all: with a key of another kind the rest of a pass may never be reached."""
        if now_s >= self._keys_after:
            self._alarms.tell("wrong-kind", "; ".join(self._redis.wrong_kinds()))
            self._keys_after = now_s + LOOK_AT_KEYS_S

    def at_queue(self, now_s: float) -> None:
        """Also at the workers, who say there what they wait for, and at the sinks."""
        try:
            turn = self._redis.turn()
        except FAULTS as error:
            if isinstance(error, UNREACHABLE):
                raise
            return  # keys of another kind have an alarm of their own; this user may not be allowed to look
        for name, why in self._sink_signs.note(self._redis.sink_signs([*self._sinks, STORE]), now_s):
            if name in self._sinks or self._sink_signs.is_known(name):  # the store may be turned off
                self._alarms.tell(f"sink-{name}", why and f"{self._sinks.get(name, 'state/store.sqlite')}: {why}")
        self._alarms.tell("not-taken", self._stall.note(turn, now_s))
        self._alarms.tell("worker", turn.trouble and f"a worker waits for Redis, with a report at hand: {turn.trouble}")
