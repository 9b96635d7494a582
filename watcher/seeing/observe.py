"""Which observer watches the inbox, by system."""

import sys
from typing import Protocol

from watcher.seeing.inflow import Inflow


class Observer(Protocol):
    """Watches the inbox and reports to an :class:`~watcher.seeing.inflow.Inflow`."""

    def is_alive(self) -> bool:
        """Whether it still watches."""

    def unwatched(self) -> int:
        """How many folders it could not watch."""

    def stop(self) -> None:
        """End its threads."""


def observe(root: bytes, inflow: Inflow) -> Observer:
    """Begin to watch a folder and all below it.

    Raises:
        OSError: the system's limits or the folder do not allow it.
    """
    if sys.platform == "linux":
        from watcher.seeing.inotify import InotifyObserver

        return InotifyObserver(root, inflow)
    from watcher.seeing.any_observer import AnyObserver

    return AnyObserver(root, inflow)
