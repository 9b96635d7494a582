"""What one thread of the watcher does again and again: it takes up requests, and goes on with what came of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from watcher.asking import requests
from watcher.asking.requests import Kind, Request
from watcher.running.alarms import Alarms

IDLE_S = 1.0
#: Until the next pass where a request is not whole in the ledger yet.
GO_ON_S = 0.1
ALARM = "requests"


class Errand(Protocol):
    """What is done for one kind of request."""

    def take_up(self, request: Request) -> bool:
        """Write down some of it; gives whether that was all of it, so that the request may go."""

    def work(self) -> bool:
        """Go on with what was written down; gives whether there may be more to do at once."""


class Errands:
    """All kinds, by the requests that lie in the state folder."""

    def __init__(self, state: Path, kinds: Mapping[Kind, Errand], alarms: Alarms) -> None:
        self._state = state
        self._kinds = kinds
        self._alarms = alarms

    def work(self) -> float:
        """One pass; gives the seconds to wait before the next."""
        left = [file for file in requests.pending(self._state) if not self._take_up(file)]
        more = [errand.work() for errand in self._kinds.values()]
        return 0.0 if any(more) else GO_ON_S if left else IDLE_S

    def _take_up(self, file: Path) -> bool:
        try:
            request = requests.read(file)
            is_whole = request is None or self._kinds[request.kind].take_up(request)
            if is_whole:
                file.unlink(missing_ok=True)
        except FileNotFoundError:
            return True  # somebody has thought better of it
        except OSError as error:
            self._alarms.set(
                ALARM, f"{file}: {error.strerror}; whoever runs the watcher must be able to read and delete it"
            )
            return False
        self._alarms.clear(ALARM)
        return is_whole
