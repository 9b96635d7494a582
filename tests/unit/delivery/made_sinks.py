"""Sinks that keep what comes to them."""

from typing import Any


class Kept:
    """Keeps what comes; raises what it is told to instead."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.error: Exception | None = None

    def deliver(self, event: Any) -> None:
        if self.error:
            raise self.error
        self.events.append(event.id)


class Told(Kept):
    """Is told of what was taken back, too."""

    def withdraw(self, event: Any) -> None:
        self.deliver(event)
