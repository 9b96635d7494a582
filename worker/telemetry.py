"""What a worker counts for Prometheus.

A worker is a parent process and those that it forks to read reports. Each of them keeps its numbers in files of one
folder, and the parent adds the files up when it is asked. A process that takes the place of one that died goes on with
its files, so that there are never more of them than processes.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

from delivery.exposition import Exposition
from schemas.report import Report
from worker.health import HealthMetric
from worker.pipeline import STAGES

PREFIX = "zhibiao_worker_"
OUTCOMES = ("published", "failed", "changed", "missing")
#: Classes of errors that are told apart, in the order of an error's own bases; any other is ``other``.
ERRORS = (
    *("SoftTimeLimitExceeded", "MemoryError", "RecursionError", "Unavailable", "ValidationError", "UnicodeError"),
    *(
        "OSError",
        "LookupError",
        "ArithmeticError",
        "ValueError",
        "TypeError",
        "AttributeError",
        "AssertionError",
        "other",
    ),
)
_READ_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_WAIT_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
_FOLDERS, _LOCK = "zhibiao-metrics-", "lock"
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client looks for it


class WorkerTelemetry:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._reports = self._counter("reports", "Hand-overs that ended, by outcome.", "outcome")
        self._suppressed = self._counter("suppressed_duplicates", "Hand-overs whose event had been published before.")
        self._failed = self._counter("failed_attempts", "Attempts that came to nothing, by class of error.", "error")
        self._rejected = self._counter(
            "rejected_entries", "Entries of the queue that were no hand-over, and were dropped."
        )
        self._figures = self._counter("figures", "Figures in published reports.")
        self._read = Histogram(
            PREFIX + "read_seconds",
            "Time that a stage took, of reports that were read.",
            ["stage"],
            buckets=_READ_BUCKETS,
            registry=self.registry,
        )
        self._waited = Histogram(
            PREFIX + "queue_wait_seconds",
            "Time from the hand-over to its first attempt.",
            buckets=_WAIT_BUCKETS,
            registry=self.registry,
        )
        # A series that is there from the start shows the first increase, too.
        for outcome in OUTCOMES:
            self._reports.labels(outcome)
        for error in ERRORS:
            self._failed.labels(error)
        for stage, _ in STAGES:
            self._read.labels(stage)

    def waited(self, wait_s: float) -> None:
        """A first attempt began; clocks of two machines may differ."""
        self._waited.observe(max(0.0, wait_s))

    def ended(self, outcome: str) -> None:
        """A hand-over ended in one of :data:`OUTCOMES`."""
        self._reports.labels(outcome).inc()

    def suppressed(self) -> None:
        """The event was there already."""
        self._suppressed.inc()

    def read(self, report: Report, *, fresh: bool) -> None:
        """A report was read, and published if it is ``fresh``."""
        for stage, elapsed_ms in report.pipeline.timings_ms.items():
            self._read.labels(stage).observe(elapsed_ms / 1000)
        if fresh:
            self.ended("published")
            self._figures.inc(len(report.metrics))
        else:
            self.suppressed()

    def attempt_failed(self, error: BaseException) -> None:
        """An attempt came to nothing."""
        named = (kind.__name__ for kind in type(error).__mro__ if kind.__name__ in ERRORS)
        self._failed.labels(next(named, "other")).inc()

    def rejected(self) -> None:
        """An entry of the queue was no hand-over."""
        self._rejected.inc()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(PREFIX + name, text, labels, registry=self.registry)


@lru_cache(maxsize=1)
def worker_telemetry() -> WorkerTelemetry:
    """The counters of this process."""
    return WorkerTelemetry()


class Serving:
    """The folder of a worker's counters and the server over it; the methods are called by the worker as it goes on.

    ``process_index`` tells the processes that run at a time apart; it gives None in the parent.
    """

    def __init__(self, address: str, port: int, process_index: Callable[[], int | None]) -> None:
        self._address = address
        self._port = port
        self._process_index = process_index
        self._folder: Path | None = None
        self._lock: IO[bytes] | None = None
        self._exposition: Exposition | None = None

    def prepare(self, **_options: Any) -> None:
        """Make the folder, before there is any counter and before the worker forks."""
        process_index = self._process_index
        _sweep(Path(tempfile.gettempdir()))
        self._folder = Path(tempfile.mkdtemp(prefix=_FOLDERS))
        self._lock = _locked(self._folder / _LOCK)
        os.environ[_FOLDER] = str(self._folder)
        values.ValueClass = values.MultiProcessValue(lambda: process_index() or 0)  # type: ignore[no-untyped-call]
        worker_telemetry()

    def serve(self, **_options: Any) -> None:
        """Begin, once the processes are there."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]
        registry.register(HealthMetric(time.time))
        self._exposition = Exposition.start(registry, self._address, self._port)

    def stop(self, **_options: Any) -> None:
        """Leave nothing behind."""
        if self._exposition:
            self._exposition.stop()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock:
            self._lock.close()


def _sweep(place: Path) -> None:
    """Remove folders of workers that were killed: nobody holds their lock any more."""
    for folder in place.glob(f"{_FOLDERS}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid() or not (folder / _LOCK).is_file():
                continue
            lock = _locked(folder / _LOCK)
        except OSError:
            continue
        if lock:
            with lock:
                shutil.rmtree(folder, ignore_errors=True)


def _locked(path: Path) -> IO[bytes] | None:
    """The lock file, held until it is closed by the worker and all that it has forked; None where another holds it."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
