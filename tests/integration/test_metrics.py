"""What Prometheus gets from a real watcher and real workers, and that the manual's table names all of it."""

import fcntl
import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import fakeredis
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from tests.service_rig import running
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import Rig, Worker
from tests.worker_rig import QUEUE, WorkerRig
from watcher.ledger.database import Ledger
from watcher.running.alarms import Alarms
from watcher.taking.noticing import Counts
from watcher.telemetry import Lookups, WatcherTelemetry
from worker.health import HealthMetric
from worker.telemetry import WorkerTelemetry

ROOT = Path(__file__).parents[2]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


def sentence(number: int) -> bytes:
    return f"2023年，全市共办结行政复议案件{number}件。".encode()


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that nobody has."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
        try:
            for following in range(port + 1, port + count):
                socket.create_server(("127.0.0.1", following)).close()
        except (OSError, OverflowError):
            continue
        return port


def scrape(port: int) -> dict[str, float]:
    """Every sample, as ``name{label=value}``."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=LONG_S) as reply:
        text = reply.read().decode()
    return {
        sample.name + "".join(f"{{{key}={value}}}" for key, value in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def is_served(port: int) -> bool:
    try:
        return bool(scrape(port))
    except urllib.error.URLError:
        return False


def rows_of(registry: CollectorRegistry) -> set[tuple[str, str, tuple[str, ...]]]:
    return {
        (
            family.name + ("_total" if family.type == "counter" else ""),
            family.type,
            tuple(sorted({name for sample in family.samples for name in sample.labels} - {"le"})),
        )
        for family in registry.collect()
        if not family.name.endswith("_created")
    }


def test_the_manual_names_every_metric_and_no_other(tmp_path: Path) -> None:
    """Name, type and labels; the names begin with the project's and end in base units."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    written = {
        (name, kind, tuple(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in re.findall(r"^\| `(zhibiao_\w+)` \| (\w+) \| ([^|]*)\|", page, re.MULTILINE)
    }
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    alarms = Alarms(time.monotonic)
    alarms.set("queue", "Redis is away")
    watcher = WatcherTelemetry(time.time)
    watcher.registry.register(Lookups(ledger, fakeredis.FakeRedis(), Counts(), alarms, time.time, time.monotonic))

    of_worker = WorkerTelemetry()
    of_worker.registry.register(HealthMetric(time.time))

    found = rows_of(watcher.registry) | rows_of(of_worker.registry)
    ledger.close()

    assert written == found
    assert not [name for name, _, _ in found if re.search(r"_(ms|minutes|hours|kb|mb|percent)(_|$)", name)]


def test_an_error_is_counted_by_a_known_class() -> None:
    """A class that nobody foresaw makes no series of its own."""
    metrics = WorkerTelemetry()
    for error in (UnicodeDecodeError("utf-8", b"", 0, 1, ""), KeyError("a"), type("Odd", (Exception,), {})()):
        metrics.attempt_failed(error)

    name = "zhibiao_worker_failed_attempts_total"
    counted = {error: metrics.registry.get_sample_value(name, {"error": error}) for error in ("UnicodeError", "other")}
    assert counted == {"UnicodeError": 1, "other": 1}
    assert metrics.registry.get_sample_value(name, {"error": "LookupError"}) == 1


@pytest.mark.service
def test_a_worker_adds_up_what_its_processes_did_and_goes_on_when_they_die(tmp_path: Path, redis_url: str) -> None:
    """Two processes read; both are killed; those that take their places count on, in the same files."""
    folder = tmp_path / "rig"
    folder.mkdir()
    port = free_ports()
    with WorkerRig(folder, redis_url, metrics_port=port) as rig:
        worker = rig.start(concurrency=2, TMPDIR=str(tmp_path))
        wait_for(lambda: is_served(port), what="metrics")
        (files,) = tmp_path.glob("zhibiao-metrics-*")
        handovers = [rig.give(f"{number}.txt", sentence(1000 + number)) for number in range(4)]
        rig.give("picture.txt", PNG)
        rig.ended(5)
        rig.send(handovers[0])
        rig.ended(6)
        wait_for(lambda: scrape(port)["zhibiao_worker_suppressed_duplicates_total"] == 1, what="the second hand-over")
        wait_for(lambda: scrape(port)["zhibiao_worker_reports_total{outcome=published}"] == 4, what="four reports")
        wait_for(lambda: scrape(port)["zhibiao_worker_reports_total{outcome=failed}"] == 1, what="the one that failed")
        seen = scrape(port)
        assert seen["zhibiao_worker_reports_total{outcome=published}"] == 4
        assert seen["zhibiao_worker_reports_total{outcome=failed}"] == 1
        assert seen["zhibiao_worker_reports_total{outcome=missing}"] == 0
        assert seen["zhibiao_worker_suppressed_duplicates_total"] == 1
        assert seen["zhibiao_worker_figures_total"] == 4
        assert seen["zhibiao_worker_healthy"] == 1
        rig.client.lpush(QUEUE, "###", "{}")
        wait_for(lambda: scrape(port)["zhibiao_worker_rejected_entries_total"] == 2, what="both rejected")
        assert rig.left() == 0
        assert seen["zhibiao_worker_queue_wait_seconds_count"] == 5
        assert seen["zhibiao_worker_read_seconds_count{stage=extract}"] == 4
        assert 0 < seen["zhibiao_worker_read_seconds_sum{stage=clean}"] < LONG_S

        known = sorted(path.name for path in files.iterdir())
        children = worker.children()
        for child in children:
            os.kill(child, signal.SIGKILL)
        wait_for(
            lambda: len(worker.children()) == 2 and not set(children) & set(worker.children()), what="new children"
        )
        rig.give("later.txt", sentence(2000))
        rig.ended(7)
        wait_for(lambda: scrape(port)["zhibiao_worker_reports_total{outcome=published}"] == 5, what="one more")
        assert (
            len({path.name for path in files.iterdir()} | set(known)) <= 7
        )  # two kinds, parent and two children; the lock

        assert worker.stop() == 0
        assert not files.exists()


@pytest.mark.service
def test_a_port_that_is_taken_does_not_stop_the_work(tmp_path: Path, redis_url: str) -> None:
    folder = tmp_path / "rig"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with WorkerRig(folder, redis_url, metrics_port=port) as rig:
            rig.start()
            rig.give("a.txt", sentence(1))
            rig.ended(1)
            assert [line["port"] for line in rig.log_lines() if line["message"] == "metrics_not_served"] == [port]


@pytest.mark.service
def test_what_a_killed_worker_left_is_swept_at_the_next_start(tmp_path: Path, redis_url: str) -> None:
    """The folder of a worker that runs stays, and so does one that is no worker's."""

    def folders() -> set[Path]:
        return set((tmp_path / "tmp").glob("zhibiao-metrics-*"))

    (tmp_path / "tmp").mkdir()
    (tmp_path / "rig").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tmp" / "zhibiao-metrics-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "tmp" / "zhibiao-metrics-other").mkdir()
    foreign = folders()
    with WorkerRig(tmp_path / "rig", redis_url, metrics_port=free_ports()) as rig:
        worker = rig.start(TMPDIR=str(tmp_path / "tmp"))
        left = folders() - foreign
        worker.kill()
        assert len(left) == 1
        assert folders() == foreign | left
        with (next(iter(left)) / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until its child, which holds it as well, has ended too
        first = rig.start(TMPDIR=str(tmp_path / "tmp"))
        (kept,) = folders() - foreign
        assert {kept} != left
        rig.start(TMPDIR=str(tmp_path / "tmp"))
        assert kept in folders()
        assert len(folders() - foreign) == 2
        assert first.stop() == 0


@pytest.mark.service
def test_losses_of_redis_and_what_was_restored_are_counted(tmp_path: Path, redis_url: str) -> None:
    port = free_ports()
    with Rig(tmp_path, redis_url, metrics_port=port) as rig, Worker(redis_url, rig.inbox):
        rig.start()
        for name, content in (("a.txt", b"one"), ("b.txt", b"two"), ("bad.txt", b"BAD")):
            rig.drop(name, content)
        wait_for(lambda: all(rig.is_filed(name) for name in ("a.txt", "b.txt", "bad.txt")), what="the filing")
        before = scrape(port)
        rig.redis.flushall()
        wait_for(lambda: scrape(port)["zhibiao_watcher_restored_events_total"] == 3, what="the restoring")

        assert before["zhibiao_watcher_redis_losses_total"] == before["zhibiao_watcher_restored_events_total"] == 0
        wait_for(lambda: scrape(port)["zhibiao_watcher_redis_losses_total"] == 1, what="the loss")


@pytest.mark.service
def test_the_watcher_tells_what_it_has_and_what_waits(tmp_path: Path, redis_url: str) -> None:
    """Without a worker hand-overs stay out; what is refused is counted by its code."""
    port = free_ports()
    with Rig(tmp_path, redis_url, metrics_port=port) as rig:
        rig.start()
        for name, content in (("a.txt", sentence(1)), ("b.txt", sentence(2)), ("c.txt", sentence(1))):
            rig.drop(name, content)
            wait_for(lambda name=name: rig.rows(name), what=name)
        rig.drop("empty.txt", b"")
        (rig.inbox / "link.txt").symlink_to("/etc/passwd")
        wait_for(lambda: scrape(port)["zhibiao_watcher_kept_back_files_total{code=empty}"], what="the empty file")
        wait_for(lambda: scrape(port)["zhibiao_watcher_queue_length"] == 2, what="two in the queue")
        seen = scrape(port)
        assert seen["zhibiao_watcher_files{state=queued}"] == seen["zhibiao_watcher_outstanding"] == 2
        assert seen["zhibiao_watcher_kept_back_files_total{code=duplicate}"] == 1
        assert seen["zhibiao_watcher_kept_back_files_total{code=symlink}"] == 1
        assert seen["zhibiao_watcher_settle_seconds_count"] == 2
        assert 0 < seen["zhibiao_watcher_oldest_unpublished_age_seconds"] < LONG_S
        assert seen["zhibiao_watcher_queue_to_outcome_seconds_count"] == 0
        assert not [name for name in seen if name.startswith("zhibiao_watcher_alarm{")]
        assert seen["zhibiao_watcher_walks_total"] >= 1


@pytest.mark.service
def test_the_service_gives_each_part_its_port_and_times_the_whole_way(tmp_path: Path) -> None:
    """The watcher has the port that is set, the workers those behind it."""
    port = free_ports(3)
    with running(tmp_path, ZHIBIAO_METRICS_PORT=str(port), ZHIBIAO_WORKERS="2") as home:
        (tmp_path / "draft").write_bytes(sentence(12))
        home.rename_in(tmp_path / "draft", "a.txt")
        home.event_of("a.txt")
        name = "zhibiao_watcher_end_to_end_seconds_count"
        wait_for(lambda: scrape(port)[name] == 1, what="the outcome")
        for worker in (port + 1, port + 2):
            wait_for(lambda worker=worker: is_served(worker), what="a worker's metrics")
        published = "zhibiao_worker_reports_total{outcome=published}"
        wait_for(lambda: scrape(port + 1)[published] + scrape(port + 2)[published] == 1, what="the report counted")
        wait_for(lambda: scrape(port)["zhibiao_watcher_files{state=published}"] == 1, what="the file counted")
        assert not any(key.endswith("_created") for key in scrape(port))
