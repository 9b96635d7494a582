"""What one thread of the watcher does again and again: it takes up requests, and goes on with what came of them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from watcher.asking import requests
from watcher.asking.requests import Kind, Request

IDLE_S = 1.0


class Errand(Protocol):
    """What is done for one kind of request."""

    def take_up(self, request: Request) -> bool:
        """Write down some of it; gives whether that was all of it, so that the request may go."""

    def work(self) -> bool:
        """Go on with what was written down; gives whether there may be more to do at once."""


class Errands:
    """All kinds, by the requests that lie in the state folder."""

    def __init__(self, state: Path, kinds: Mapping[Kind, Errand], on_done: Callable[[], None] = lambda: None) -> None:
        self._state = state
        self._kinds = kinds
        self._on_done = on_done

    def work(self) -> float:
        """One pass; gives the seconds to wait before the next."""
        is_whole = [self._take_up(file) for file in requests.pending(self._state)]
        more = [errand.work() for errand in self._kinds.values()]
        return IDLE_S if all(is_whole) and not any(more) else 0.0 if any(more) else IDLE_S / 10

    def _take_up(self, file: Path) -> bool:
        request = requests.read(file)
        if request is None:
            return True
        is_whole = self._kinds[request.kind].take_up(request)
        if is_whole:
            file.unlink(missing_ok=True)
        return is_whole
