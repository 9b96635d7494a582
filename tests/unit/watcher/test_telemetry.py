"""The numbers for Prometheus: what counts as what, and what is left out when it cannot be had."""

import sqlite3
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import fakeredis
import pytest
import redis
from prometheus_client import CollectorRegistry

from schemas import names
from tests.unit.watcher.conftest import Cabinet, Desk
from watcher import telemetry
from watcher.running.alarms import Alarms
from watcher.seeing.arrivals import Readiness
from watcher.settings import WatcherSettings
from watcher.taking.noticing import Counts
from watcher.telemetry import PREFIX, Lookups, WatcherTelemetry


def numbers(registry: CollectorRegistry, *of: str) -> dict[str, float]:
    """The samples whose names begin so, with their labels, but for buckets and for when counting began."""
    return {
        "".join([sample.name.removeprefix(PREFIX), *(f" {value}" for value in sample.labels.values())]): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name.removeprefix(PREFIX).startswith(of) and not sample.name.endswith(("_created", "_bucket"))
    }


def test_times_are_of_whole_ways_and_never_below_nothing(desk: Desk) -> None:
    """A file that lies there since the future, and a clock that was set back, took no time."""
    metrics = WatcherTelemetry(lambda: 100.0)
    row: Any = SimpleNamespace
    for arrived_s, accepted_at in ((1, 8.0), (9, 8.0)):
        metrics.taken(row(code=None, accepted_at=accepted_at, arrived_ns=arrived_s * 10**9))
    for code in ("empty", "symlink"):
        metrics.taken(row(code=code))
    for queued_at, arrived_s, replaces in ((90.0, 60, None), (None, 50, None), (101.0, 101, None), (1.0, 1, 7)):
        metrics.ended(row(queued_at=queued_at, arrived_ns=arrived_s * 10**9, replaces=replaces))

    assert numbers(metrics.registry, "settle", "queue_to", "end_to", "kept_back") == {
        "settle_seconds_count": 2, "settle_seconds_sum": 7,
        "queue_to_outcome_seconds_count": 2, "queue_to_outcome_seconds_sum": 10,
        "end_to_end_seconds_count": 3, "end_to_end_seconds_sum": 90,
        **{f"kept_back_files_total {code}": float(code in ("empty", "symlink")) for code in telemetry.CODES},
    }  # fmt: skip


def test_each_time_has_marks_where_it_is_expected() -> None:
    """To wait for quiet takes seconds; the way through the queue may take less."""
    marks: dict[str, list[float]] = {}
    for metric in WatcherTelemetry(lambda: 0.0).registry.collect():
        found = [float(sample.labels["le"]) for sample in metric.samples if sample.name.endswith("_bucket")]
        if found:
            marks[metric.name.removeprefix(PREFIX)] = found[:-1]
    way = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200]
    assert marks == {
        "settle_seconds": [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200],
        "queue_to_outcome_seconds": way,
        "end_to_end_seconds": way,
    }


def test_what_happens_is_counted_as_itself() -> None:
    metrics = WatcherTelemetry(lambda: 0.0)
    for happens, times in ((metrics.repeated, 1), (metrics.lost, 2), (metrics.restored, 3)):
        for _ in range(times):
            happens()
    assert numbers(metrics.registry, "repeated", "redis", "restored") == {
        "repeated_hand_overs_total": 1, "redis_losses_total": 2, "restored_events_total": 3,
    }  # fmt: skip


def looked_up(desk: Desk, client: Any, alarms: Alarms | None = None) -> dict[str, float]:
    registry = CollectorRegistry()
    counts = Counts(overflows=1, found_by_walk=2, walks=3)
    at = Lookups(desk.ledger, client, counts, alarms or Alarms(lambda: 0.0), lambda: 300.0, lambda: 50.0)
    registry.register(at)
    return numbers(registry, "")


def test_what_stands_in_ledger_and_queue_is_looked_up(desk: Desk, cabinet: Cabinet) -> None:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        empty = looked_up(desk, client)
        client.lpush(names.DEFAULT.queue_key, "a", "b")
        desk.accept("a.txt", b"a")
        row = desk.accept("b.txt", b"b")
        desk.ledger.advance(row.id, "queued", 100)
        cabinet.ended("c.txt", b"c")
        desk.ledger.set_waiting({"d.txt": Readiness("quiet", 20, 2)}, [])
        alarms = Alarms(lambda: 0.0)
        alarms.set("redis-away", "away")
        told = looked_up(desk, client, alarms)

    assert empty.pop("queue_length") == 0
    assert {name: value for name, value in empty.items() if value} == {
        "overflows_total": 1, "found_by_walk_files_total": 2, "walks_total": 3,
    }  # fmt: skip
    assert {name: value for name, value in told.items() if value} == {
        "overflows_total": 1, "found_by_walk_files_total": 2, "walks_total": 3, "alarm redis-away": 1,
        "files accepted": 1, "files queued": 1, "files published": 1, "waiting_files": 1, "outstanding": 1,
        "oldest_unpublished_age_seconds": 200, "oldest_waiting_age_seconds": 30, "queue_length": 2,
    }  # fmt: skip
    assert {name for name in told if name.startswith("files ")} >= {"files withdrawn", "files kept", "files vanished"}


@pytest.mark.parametrize("part", ["ledger", "redis"])
def test_what_cannot_be_looked_up_is_left_out(desk: Desk, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """The rest is told all the same."""

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("locked") if part == "ledger" else redis.ConnectionError("away")

    with fakeredis.FakeRedis(decode_responses=True) as client:
        whole = looked_up(desk, client).keys()
        monkeypatch.setattr(
            desk.ledger if part == "ledger" else client, "summary" if part == "ledger" else "llen", refuse
        )
        left = looked_up(desk, client).keys()
    assert whole - left == (
        {name for name in whole if not name.startswith(("overflows", "found", "walks", "queue_length"))}
        if part == "ledger"
        else {"queue_length"}
    )


@pytest.mark.parametrize(
    ("port", "url", "is_taken", "expected"),
    [
        (None, "redis://h/0", False, []),
        (9100, None, False, []),
        (9100, "redis://h/0", False, ["connect", "start", "inside", "stop", "close"]),
        (9100, "redis://h/0", True, ["connect", "start", "inside", "close"]),
    ],
)
def test_numbers_are_served_while_the_watcher_is_active(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    port: int | None,
    url: str | None,
    expected: list[str],
    *,
    is_taken: bool,
) -> None:
    """Where a port is named and free."""
    steps: list[str] = []
    given: list[Any] = []
    client = SimpleNamespace(close=lambda: steps.append("close"), llen=lambda _: 0)
    exposition = SimpleNamespace(stop=lambda: steps.append("stop"))

    def connect(*arguments: Any, **options: Any) -> Any:
        steps.append("connect")
        given.append((arguments, options))
        return client

    def start(*arguments: Any) -> Any:
        steps.append("start")
        given.append(arguments[1:])
        return None if is_taken else exposition

    monkeypatch.setattr(telemetry, "connect", connect)
    monkeypatch.setattr(telemetry, "Exposition", SimpleNamespace(start=start))
    metrics = WatcherTelemetry(lambda: 0.0)
    settings = WatcherSettings.model_validate({"metrics_port": port, "redis_url": url, "site": "gz"})
    for error in (None, ValueError()) if expected else (None,):
        steps.clear()
        of = metrics if error is None else WatcherTelemetry(lambda: 0.0)
        with suppress(ValueError), telemetry.served(of, settings, desk.ledger, Counts(), Alarms(lambda: 0.0)):
            steps.append("inside")
            if error:
                raise error
        assert steps == (expected or ["inside"])
    if expected:
        assert given[:2] == [
            (("redis://h/0", "gz"), {"read_timeout_s": 1.0, "connect_timeout_s": 1.0}),
            ("127.0.0.1", 9100),
        ]
        assert "queue_length" in numbers(metrics.registry, "queue_length")


def test_a_site_counts_its_own_queue(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    site = names.Names("gz")
    monkeypatch.setattr(telemetry, "names_of", lambda _: site)
    looked_up(desk, cast("Any", SimpleNamespace(llen=lambda key: asked.append(key) or 0)))  # type: ignore[func-returns-value]
    assert asked == [site.queue_key]
