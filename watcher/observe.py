"""Which observer watches the inbox, by system."""

import sys
from typing import Protocol

from watcher.inflow import Inflow


class Observer(Protocol):
    """Watches the inbox and reports to an :class:`~watcher.inflow.Inflow`."""

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
        from watcher.inotify import InotifyObserver

        return InotifyObserver(root, inflow)
    from watcher.any_observer import AnyObserver

    return AnyObserver(root, inflow)
