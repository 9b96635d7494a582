"""What the files' thread does: tells the stream of steps how far each file has come."""

from delivery.connect import FAULTS
from watcher.ledger.database import Ledger
from watcher.running.alarms import Alarms
from watcher.running.damage import in_words
from watcher.sending import file_steps

IDLE_S = 0.5
AGAIN_S = 5.0


class StepsPass:
    """One pass after the other. Of all that goes to Redis the least: nothing waits for it."""

    def __init__(self, ledger: Ledger, stream: file_steps.Stream, alarms: Alarms) -> None:
        self._ledger = ledger
        self._stream = stream
        self._alarms = alarms

    def work(self) -> float:
        """Gives the seconds until the next pass."""
        try:
            told = file_steps.tell(self._ledger, self._stream)
        except FAULTS as error:
            self._alarms.tell(
                "steps-not-told", f"the stream of steps of files does not take what happens to files: {in_words(error)}"
            )
            return AGAIN_S
        self._alarms.tell("steps-not-told", None)
        return 0.0 if told == file_steps.BATCH else IDLE_S
