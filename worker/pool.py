"""The worker's pool of processes, which replaces one that has died at once (celery 5.7, billiard 4.3).

Celery looks for dead processes when the pipe to one closes. The kernel closes it a moment before the process can be
waited for, so that this look mostly finds nothing, and the next one comes with a timer of five seconds. Until then a
worker of one process reads nothing, and the report that killed it is not handed back.
"""

from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool

#: Seconds from the closing of a pipe to a second and a third look.
LOOK_AGAIN_S = (0.1, 0.5)


class PromptPool(AsynPool):  # type: ignore[misc]
    """Looks again soon after a process has gone."""

    def _event_process_exit(self, hub: Any, proc: Any) -> None:
        super()._event_process_exit(hub, proc)
        for later_s in LOOK_AGAIN_S:
            hub.call_later(later_s, self.maintain_pool)


def apply() -> None:
    """Let workers use it."""
    TaskPool.Pool = PromptPool
