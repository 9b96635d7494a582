"""A sign of life for container checks: a file that a running worker touches, and a probe of its age.

Asking a worker over the broker costs most of a second of processor time a probe; a file costs nothing, and goes stale
when the worker hangs or has lost the broker.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from celery import bootsteps

TOUCH_EVERY_S = 5.0
STALE_AFTER_S = 30.0


def health_file() -> Path:
    """The file, one per machine or container and user; ``ZHIBIAO_WORKER_HEALTH`` names another."""
    default = Path(tempfile.gettempdir()) / f"zhibiao-worker-{os.getuid()}.alive"
    return Path(os.environ.get("ZHIBIAO_WORKER_HEALTH", default))


class SignOfLife(bootsteps.StartStopStep):  # type: ignore[misc]
    """Touches the file for as long as the worker has the broker."""

    requires = {"celery.worker.consumer.connection:Connection"}  # noqa: RUF012 - bootsteps' own form

    def __init__(self, _consumer: Any, **_options: Any) -> None:
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        """Begin, with every new connection."""
        self._touch()
        self._timer = consumer.timer.call_repeatedly(TOUCH_EVERY_S, self._touch)

    def stop(self, _consumer: Any) -> None:
        """End, when the connection is lost or the worker stops."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def shutdown(self, consumer: Any) -> None:
        """Leave no sign behind."""
        self.stop(consumer)
        health_file().unlink(missing_ok=True)

    def _touch(self) -> None:
        health_file().touch()


def problem(now_s: float) -> str | None:
    """What is wrong with the worker at ``now_s`` (wall time), None if it is well."""
    try:
        age_s = now_s - health_file().stat().st_mtime
    except FileNotFoundError:
        return f"{health_file()} is not there: no worker runs here, or it has no broker"
    return f"no sign of life for {age_s:.0f} s, of at most {STALE_AFTER_S:.0f}" if age_s > STALE_AFTER_S else None


if __name__ == "__main__":
    if found := problem(time.time()):
        sys.exit(found)
