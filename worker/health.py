"""A sign of life for container checks: a file that a running worker touches, and a probe of its age.

Asking a worker over the broker costs most of a second of processor time a probe; a file costs nothing, and goes stale
when the worker hangs, has lost the broker, or takes nothing although the queue has something for it.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from celery import bootsteps, signals
from prometheus_client.core import GaugeMetricFamily, Metric

from delivery.connect import UNREACHABLE, connect_briefly, names_of
from worker.at_work import AtWork, look

TOUCH_EVERY_S = 5.0
#: Four missed signs; with the time between two of them, what is wrong is known within half a minute.
STALE_AFTER_S = 25.0
_QUICK_S = 1.0
_WHY = "it hangs, or takes nothing of its queue"


def health_file() -> Path:
    """The file, one per machine or container and user; ``ZHIBIAO_WORKER_HEALTH`` names another."""
    default = Path(tempfile.gettempdir()) / f"zhibiao-worker-{os.getuid()}.alive"
    return Path(os.environ.get("ZHIBIAO_WORKER_HEALTH", default))


class SignOfLife(bootsteps.StartStopStep):  # type: ignore[misc]
    """Touches the file for as long as the worker has the broker and takes what it can of its queue."""

    requires = {"celery.worker.consumer.connection:Connection"}  # noqa: RUF012 - bootsteps' own form

    def __init__(self, _consumer: Any, **_options: Any) -> None:
        self._timer: Any = None
        self._client: Any = None
        self._at_work: AtWork | None = None

    def start(self, consumer: Any) -> None:
        """Begin, with every new connection."""
        conf = consumer.app.conf
        # The loop that asks is the one that takes: no long waits.
        self._client = connect_briefly(conf.zhibiao_redis_url, _QUICK_S, conf.zhibiao_site)
        self._at_work = AtWork(
            lambda: int(self._client.llen(names_of(self._client).queue_key)),
            lambda: look(float(conf.task_time_limit)),
            consumer.pool.num_processes,
        )
        signals.task_rejected.connect(self._rejected)
        health_file().touch()
        self._timer = consumer.timer.call_repeatedly(TOUCH_EVERY_S, self._touch)

    def stop(self, _consumer: Any) -> None:
        """End, when the connection is lost or the worker stops."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._client:
            self._client.close()
        signals.task_rejected.disconnect(self._rejected)

    def shutdown(self, consumer: Any) -> None:
        """Leave no sign behind."""
        self.stop(consumer)
        health_file().unlink(missing_ok=True)

    def _rejected(self, **_what: Any) -> None:
        if self._at_work:
            self._at_work.rejected()

    def _touch(self) -> None:
        try:
            is_well = self._at_work is not None and self._at_work.is_well()
        except UNREACHABLE:
            is_well = False
        if is_well:
            health_file().touch()


def problem(now_s: float) -> str | None:
    """What is wrong with the worker at ``now_s`` (wall time), None if it is well."""
    try:
        age_s = now_s - health_file().stat().st_mtime
    except FileNotFoundError:
        return f"{health_file()} is not there: no worker runs here, or it has no broker"
    if abs(age_s) <= STALE_AFTER_S:
        return None
    if age_s < 0:  # the clock was set back, and nothing has come since
        return f"the last sign of life is {-age_s:.0f} s from now by this clock: {_WHY}"
    return f"no sign of life for {age_s:.0f} s, of at most {STALE_AFTER_S:.0f}: {_WHY}"


class HealthMetric:
    """The same for Prometheus; ``clock`` gives wall time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """One gauge, as prometheus_client wants it."""
        text = "1 while the worker is well, 0 when its sign of life is stale: it hangs, or takes nothing of its queue."
        yield GaugeMetricFamily("zhibiao_worker_healthy", text, value=int(problem(self._clock()) is None))


if __name__ == "__main__":
    if found := problem(time.time()):
        sys.exit(found)
