"""What the outcomes' thread does: waits for how hand-overs ended, and has that written down."""

from watcher.active.threads import Threads
from watcher.restoring.recovery import Recovery
from watcher.sending.broker import Broker
from watcher.sending.enqueue import Outbox
from watcher.sending.outcomes import Outcomes

WAIT_S = 1.0
LOSS_S = 0.2
#: Until the next pass: nobody waits for it, as the event of the report is out; passes find more to do, and there are fewer.
HOLD_S = 0.25
#: Hand-overs a second for which there is room even so: an outcome makes room only once it is written down.
ROOM_A_SECOND = 1000


class OutcomesPass:
    """One pass after the other; ``max_outstanding`` is how many hand-overs may be out."""

    def __init__(
        self,
        broker: Broker,
        outcomes: Outcomes,
        *,
        recovery: Recovery,
        outbox: Outbox,
        threads: Threads,
        max_outstanding: int,
    ) -> None:
        self._broker = broker
        self._outcomes = outcomes
        self._recovery = recovery
        self._outbox = outbox
        self._threads = threads
        self._hold_s = min(HOLD_S, max_outstanding / ROOM_A_SECOND)

    def work(self) -> float:
        """Gives the seconds until the next pass."""
        outcomes = self._broker.outcomes(self._outcomes.cursor(), WAIT_S)
        if outcomes and not self._recovery.remembers_the_last_outcome():
            # Written down, these would hide that Redis has lost what was before them; the next pass over the queue sees it.
            self._threads.wake("queue")
            return LOSS_S
        if self._outcomes.record(outcomes):
            self._threads.wake("filing")
            if self._outbox.has_room_for_many():
                self._threads.wake("queue")
        return self._hold_s if outcomes else 0.0
