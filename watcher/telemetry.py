"""What the watcher counts for Prometheus, and what it looks up when Prometheus asks."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from delivery.connect import UNREACHABLE, Client, connect, names_of
from delivery.exposition import Exposition
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow, State
from watcher.running.alarms import Alarms
from watcher.settings import WatcherSettings
from watcher.taking.intake import ODD_ENTRIES
from watcher.taking.noticing import Counts

PREFIX = "zhibiao_watcher_"
#: Why a file is not handed over.
CODES = ("empty", "too_large", "duplicate", *ODD_ENTRIES)
_SETTLE_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
_WAY_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)


class WatcherTelemetry:
    """What the active watcher counts as it happens; ``clock`` gives wall time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._settle = self._histogram("settle_seconds", "From a file's last change until it was taken in.")
        self._queue = self._histogram("queue_to_outcome_seconds", "From the last hand-over until its outcome came.")
        self._way = self._histogram("end_to_end_seconds", "From a file's last change until its outcome came.")
        self._repeated = Counter(
            PREFIX + "repeated_hand_overs", "Hand-overs made again because they were lost.", registry=self.registry
        )
        self._losses = Counter(
            PREFIX + "redis_losses", "Times that Redis had lost what it held.", registry=self.registry
        )
        self._restored = Counter(
            PREFIX + "restored_events", "Events published again that Redis had lost.", registry=self.registry
        )
        self._kept_back = Counter(
            PREFIX + "kept_back_files", "Files not handed over, by code.", ["code"], registry=self.registry
        )
        for code in CODES:
            self._kept_back.labels(code)

    def taken(self, row: FileRow) -> None:
        """A file got its row."""
        if row.code:
            self._kept_back.labels(row.code).inc()
        else:
            self._settle.observe(max(0.0, row.accepted_at - row.arrived_ns / 1e9))

    def ended(self, row: FileRow) -> None:
        """The outcome of a row has come; one that is read again did not come in when its file did."""
        if row.replaces is not None:
            return
        now = self._clock()
        if row.queued_at is not None:
            self._queue.observe(max(0.0, now - row.queued_at))
        self._way.observe(max(0.0, now - row.arrived_ns / 1e9))

    def repeated(self) -> None:
        """A hand-over was made again."""
        self._repeated.inc()

    def lost(self) -> None:
        """Redis has lost what it held."""
        self._losses.inc()

    def restored(self) -> None:
        """A lost event was published again."""
        self._restored.inc()

    def _histogram(self, name: str, text: str) -> Histogram:
        buckets = _SETTLE_BUCKETS if name.startswith("settle") else _WAY_BUCKETS
        return Histogram(PREFIX + name, text, buckets=buckets, registry=self.registry)


class Lookups:
    """Looks at the ledger, the queue and the alarms whenever it is asked; leaves out what cannot be had just then."""

    def __init__(
        self,
        ledger: Ledger,
        redis: Client,
        counts: Counts,
        alarms: Alarms,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._redis = redis
        self._counts = counts
        self._alarms = alarms
        self._clock = clock
        self._monotonic = monotonic

    def collect(self) -> Iterator[Metric]:
        """The metrics of this moment, as prometheus_client wants them."""
        yield from self._counted()
        yield self._of_alarms()
        # What fails here is told by an alarm of the same cause.
        with suppress(sqlite3.Error):
            yield from self._of_ledger()
        with suppress(*UNREACHABLE):
            length = self._redis.llen(names_of(self._redis).queue_key)
            yield _gauge("queue_length", "Hand-overs in the queue that no worker has taken.", length)

    def _counted(self) -> Iterator[Metric]:
        counts = self._counts
        yield _counter(
            "overflows", "Times that file events were lost and the inbox was walked for it.", counts.overflows
        )
        yield _counter("found_by_walk_files", "Files that a walk noticed before any event.", counts.found_by_walk)
        yield _counter("walks", "Walks of the inbox.", counts.walks)

    def _of_alarms(self) -> Metric:
        alarms = GaugeMetricFamily(PREFIX + "alarm", "1 for each alarm that is on.", labels=["name"])
        for name in self._alarms.texts():
            alarms.add_metric([name], 1)
        return alarms

    def _of_ledger(self) -> Iterator[Metric]:
        summary = self._ledger.summary()
        files = GaugeMetricFamily(PREFIX + "files", "Rows of the ledger, by state.", labels=["state"])
        for state in get_args(State):
            files.add_metric([state], summary.get(state, 0))
        yield files
        yield _gauge("waiting_files", "Files that are not complete yet.", summary.get("waiting", 0))
        yield _gauge("outstanding", "Hand-overs without an outcome.", summary.get("queued", 0))
        yield _gauge("rereading_files", "Filed reports that are to be read again.", self._ledger.rereading())
        taken_at, waiting_since = self._ledger.oldest()
        age_s = 0.0 if taken_at is None else max(0.0, self._clock() - taken_at)
        yield _gauge("oldest_unpublished_age_seconds", "Age of the oldest file taken in and not ended.", age_s)
        wait_s = 0.0 if waiting_since is None else max(0.0, self._monotonic() - waiting_since)
        yield _gauge("oldest_waiting_age_seconds", "How long the oldest incomplete file has been waiting.", wait_s)


@contextmanager
def served(
    metrics: WatcherTelemetry, settings: WatcherSettings, ledger: Ledger, counts: Counts, alarms: Alarms
) -> Iterator[None]:
    """Serve ``metrics``, and what is looked up, while the block runs; nothing where the settings name no port."""
    if settings.metrics_port is None or settings.redis_url is None:
        yield
        return
    # Prometheus waits ten seconds by default.
    redis = connect(settings.redis_url.get_secret_value(), settings.site, read_timeout_s=1.0, connect_timeout_s=1.0)
    metrics.registry.register(Lookups(ledger, redis, counts, alarms, time.time, time.monotonic))
    exposition = Exposition.start(metrics.registry, settings.metrics_address, settings.metrics_port)
    try:
        yield
    finally:
        if exposition:
            exposition.stop()
        redis.close()


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(PREFIX + name, text, value=value)
