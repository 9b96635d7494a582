"""The rooms of reports that were looked at last: kept while somebody looks at them, and let go by number, size and time."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from exports.columns import event_id_of
from page.report.room import Room

#: Of all rooms but the one that was looked at last; one with 12 000 figures holds 60 MB.
MOST_FIGURES: Final = 4000
#: Nobody has looked at it for so long.
LEFT_S: Final = 120.0


@dataclass
class _Kept:
    room: Room
    looked_at: float


class Shelf:
    """Rooms with what was worked out of them, by their events; ``clock`` gives monotonic seconds."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._rooms: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, event_id: str) -> Room | None:
        """The room of an event, if it is there."""
        with self._lock:
            kept = self._rooms.get(event_id)
            if kept is None:
                return None
            kept.looked_at = self._clock()
            self._rooms.move_to_end(event_id)
            return kept.room

    def put(self, room: Room) -> None:
        """Keep a room; let go of those that were looked at longest ago, where they are too many or hold too much."""
        event_id = event_id_of(room.report)
        with self._lock:
            self._rooms[event_id] = _Kept(room, self._clock())
            self._rooms.move_to_end(event_id)
            while len(self._rooms) > 1 and (len(self._rooms) > self._most or self._figures() > MOST_FIGURES):
                self._rooms.popitem(last=False)

    def tidy(self) -> None:
        """Let go of what nobody has looked at for a while."""
        with self._lock:
            left = self._clock() - LEFT_S
            for event_id in [one for one, kept in self._rooms.items() if kept.looked_at <= left]:
                del self._rooms[event_id]

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            self._rooms.clear()

    def _figures(self) -> int:
        *others, _last = self._rooms.values()
        return sum(len(kept.room.report.metrics) for kept in others)
