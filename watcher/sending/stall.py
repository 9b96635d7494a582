"""Does anybody take what waits in the queue?"""

from delivery.holdings import Turn

#: A worker that is at a report says so every few seconds, so this is a silence of several of its signs.
STALLED_AFTER_S = 20.0


class Stall:
    """Compares what the queue looks like from time to time; ``now_s`` is a monotonic time in seconds."""

    def __init__(self) -> None:
        self._last: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._since_s = 0.0

    def note(self, turn: Turn, now_s: float) -> str | None:
        """What is wrong, where nothing has been taken for so long; None where the queue goes on or is empty."""
        seen = (turn.next, turn.sign)
        if turn.waits == 0 or seen != self._last:
            self._last, self._since_s = seen, now_s
            return None
        silent_s = now_s - self._since_s
        if silent_s < STALLED_AFTER_S:
            return None
        return (
            f"{turn.waits} in the queue, and no worker has taken one or shown a sign of life for {silent_s:.0f} s: "
            "does one run? `python -m worker.health` says what is wrong with it"
        )
