"""The worker's pool of processes, which replaces one that has died at once (celery 5.7, billiard 4.3).

Celery looks for dead processes when the pipe to one closes. The kernel closes it a moment before the process can be
waited for, so that this look mostly finds nothing, and the next one comes with a timer of five seconds. Until then a
worker of one process reads nothing, and the report that killed it is not handed back.
"""

from collections.abc import Callable
from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool

#: Seconds between two looks; each asks the kernel about every process once.
LOOK_EVERY_S = 0.2


class PromptPool(AsynPool):  # type: ignore[misc]
    """Looks often."""

    @property
    def timers(self) -> dict[Callable[[], Any], float]:
        """What the event loop calls again and again, and after how many seconds."""
        return dict.fromkeys(super().timers, LOOK_EVERY_S)


def apply() -> None:
    """Let workers use it."""
    TaskPool.Pool = PromptPool
