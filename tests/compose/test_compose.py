"""The parts in containers, as docker-compose.yml runs them: real engine, real Redis, four workers.

Run by ``make test-compose``. The tests follow each other on one stack, which is removed at the end. They print what they
measured.
"""

# ruff: noqa: T201

import base64
import json
import os
import re
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from benchmarks import containers
from benchmarks.containers import ROOT, docker
from delivery.connect import connect
from schemas import names
from tests.waiting import eventually

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
WORKERS = 4
METRICS_PORT = 9464
# Asks every address of both services, as Prometheus does that has joined the network.
SCRAPE = """
import socket, sys, urllib.request
port = int(sys.argv[1])
found = {row[4][0] for name in ("watcher", "worker") for row in socket.getaddrinfo(name, port)}
for address in found:
    print(urllib.request.urlopen(f"http://{address}:{port}/metrics", timeout=10).read().decode())
"""
# A worker that dies keeps its report for the visibility time; then it goes to another.
REDELIVERY_S = 180

pytestmark = pytest.mark.compose


class Stack(containers.Stack):
    """A stack, and what tests do with it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, ZHIBIAO_SINKS="jsonl:///data/results.jsonl")
        self._outside = folder / "outside"
        self._outside.mkdir()
        self.redis = connect(self.url)

    def drop(self, name: str, content: bytes) -> None:
        """Rename a whole file into the inbox, as a careful sender does."""
        ready = self._outside / name
        ready.write_bytes(content)
        ready.chmod(0o644)
        ready.rename(self.data / "inbox" / name)

    def drop_reports(self, kind: str, count: int, paragraphs: int = 1) -> set[str]:
        for number in range(count):
            self.drop(f"{kind}-{number:03}.txt", report(kind, number, paragraphs))
        return {f"{kind}-{number:03}.txt" for number in range(count)}

    def results(self, kind: str = "") -> list[dict[str, Any]]:
        events = [
            json.loads(fields[names.EVENT_FIELD]) for _, fields in self.redis.xrange(names.DEFAULT.results_stream)
        ]
        return [event for event in events if event["subject"].startswith(kind)]

    def processed(self, kind: str) -> set[str]:
        return {path.name for path in (self.data / "processed").glob(f"{kind}*.txt")}

    def wait_for_results(self, kind: str, files: set[str], within_s: float) -> None:
        wait_until(lambda: self.processed(kind) == files, within_s, lambda: self._missing_of(kind, files))

    def _missing_of(self, kind: str, files: set[str]) -> str:
        return f"not filed away: {sorted(files - self.processed(kind))}\n{self.compose('logs', '--tail', '40')}"


def log(container: str) -> str:
    done = subprocess.run(["docker", "logs", container], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return done.stdout.decode()


def report(kind: str, number: int, paragraphs: int = 1) -> bytes:
    lines = [f"某县第{kind}号2023年度法治政府建设情况报告"]
    for paragraph in range(1, paragraphs + 1):
        lines += [
            f"{paragraph}.规范执法",
            f"2023年,全县办理行政处罚案件{number + paragraph}件,同比增长{number % 50 + 1}.5%。",
            f"全年受理行政复议申请{number * 3 + paragraph}件,调解成功{number + 5}件,培训执法人员{number + 9}人次。",
        ]
    return "\n".join(lines).encode()


def wait_until(condition: Callable[[], bool], within_s: float, otherwise: Callable[[], str]) -> None:
    """Each look starts a program, so it is not taken as often as others are."""
    eventually(condition, within_s, otherwise, pause_s=0.2)


def held_by_workers(stack: Stack) -> set[str]:
    """Files whose hand-over a worker has taken and not acknowledged; one that was killed may have done so for long."""
    taken: Any = stack.redis.hvals(f"{names.DEFAULT.celery_prefix}unacked")
    bodies = [json.loads(base64.b64decode(json.loads(text)[0]["body"])) for text in taken]
    return {args[0]["path"] for args, *_ in bodies}


def assert_each_once(events: list[dict[str, Any]], files: set[str]) -> None:
    """Nothing is lost, nothing is doubled."""
    assert Counter(event["subject"] for event in events) == dict.fromkeys(files, 1)
    assert len({event["id"] for event in events}) == len(files)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if reason := containers.missing():
        pytest.skip(reason)
    stack = Stack(tmp_path_factory.mktemp("compose"))
    try:
        stack.up(WORKERS, "sinks", "store")
        for service, count in (("redis", 1), ("watcher", 1), ("worker", WORKERS)):
            wait_until(lambda: stack.healthy(service, count), 400, lambda: stack.compose("logs", "--tail", "40"))  # noqa: B023
        yield stack
    finally:
        stack.down()


def test_seeds_go_in_and_results_come_out(stack: Stack) -> None:
    listener = stack.redis.pubsub(ignore_subscribe_messages=True)
    listener.subscribe(names.DEFAULT.results_channel)
    listener.get_message(timeout=5)
    files = {seed.name for seed in SEEDS}

    for seed in SEEDS:
        stack.drop(seed.name, seed.read_bytes())

    stack.wait_for_results("", files, 200)
    assert_each_once(stack.results(), files)
    assert all(len(event["data"]["metrics"]) > 10 for event in stack.results())
    assert list((stack.data / "inbox").iterdir()) == []
    heard = [json.loads(listener.get_message(timeout=5)["data"]) for _ in SEEDS]
    assert_each_once(heard, files)
    # As the README shows it.
    status = stack.compose("exec", "-T", "watcher", "zhibiao", "status")
    assert re.search(rf"^published +{len(files)}$", status, re.MULTILINE), status


@pytest.mark.parametrize("service", ["watcher", "worker"])
def test_parts_have_no_power_they_do_not_need(stack: Stack, service: str) -> None:
    container = stack.containers(service)[0]
    state = stack.state(container)
    owner = (stack.data / "inbox").stat()

    assert state["HostConfig"]["ReadonlyRootfs"] is True
    assert state["HostConfig"]["CapDrop"] == ["ALL"]
    assert state["HostConfig"]["SecurityOpt"] == ["no-new-privileges:true"]
    program = docker("exec", container, "cat", "/proc/1/task/1/children").split()[0]
    status = docker("exec", container, "cat", f"/proc/{program}/status")
    for rights in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert f"{rights}:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert owner.st_uid != 0
    assert re.findall(r"^[UG]id:\t(\d+)\t(\d+)\t(\d+)\t", status, re.MULTILINE) == [
        (str(number),) * 3 for number in (owner.st_uid, owner.st_gid)
    ]


@pytest.mark.parametrize("service", ["watcher", "worker"])
def test_a_doctor_in_a_container_tells_the_truth(stack: Stack, service: str) -> None:
    """Asked as root, it looks as the user that the part runs as, and finds nothing wrong that is not."""
    container = stack.containers(service)[0]

    said = json.loads(docker("exec", container, "zhibiao", "doctor", "--json"))

    checks = {check["name"]: check for check in said["checks"]}
    assert said["ok"]
    assert checks["user"]["seen"] == str((stack.data / "inbox").stat().st_uid)
    assert ("worker" in checks) == (service == "worker")
    assert [name for name, check in checks.items() if check["level"] == "warn"] == []


def test_worker_sees_the_inbox_read_only_and_no_other_folder(stack: Stack) -> None:
    worker = stack.containers("worker")[0]
    look = "ls /data/processed /data/state /data/quarantine | grep -c txt; touch /data/inbox/x 2>&1; true"

    seen = docker("exec", worker, "sh", "-c", look)

    assert seen.splitlines()[0] == "0"
    assert "Read-only file system" in seen


def test_redis_keeps_what_it_is_given(stack: Stack) -> None:
    wanted = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}

    assert {name: stack.redis.config_get(name)[name] for name in wanted} == wanted


def test_four_workers_share_the_load(stack: Stack) -> None:
    files = stack.drop_reports("load", 300)

    stack.wait_for_results("load", files, 300)

    assert_each_once(stack.results("load"), files)
    shares = [log(worker).count('"report": "load-') for worker in stack.containers("worker")]
    print(f"reports read by each of {WORKERS} workers: {shares}")
    assert len(shares) == WORKERS
    assert min(shares) > 0
    assert sum(shares) == len(files)


def test_prometheus_finds_the_watcher_and_every_worker(stack: Stack) -> None:
    """By their names in the project's network; this machine and others do not reach them."""
    watcher = stack.containers("watcher")[0]

    text = docker("exec", watcher, "python", "-c", SCRAPE, str(METRICS_PORT))

    families = list(text_string_to_metric_families(text))
    samples = [sample for family in families for sample in family.samples]
    published = [
        sample.value
        for sample in samples
        if sample.name == "zhibiao_worker_reports_total" and sample.labels == {"outcome": "published"}
    ]
    files = {sample.labels["state"]: sample.value for sample in samples if sample.name == "zhibiao_watcher_files"}
    assert len(published) == WORKERS
    assert sum(published) == files["published"] == len(stack.results())
    assert stack.state(watcher)["HostConfig"]["PortBindings"] in ({}, None)


def test_the_relay_and_the_store_have_what_was_published(stack: Stack) -> None:
    """Each in its container: a line of the file for each event, and a row of the store for each report."""
    sink, store = stack.data / "sinks" / "results.jsonl", stack.data / "state" / "store.sqlite"
    events = {event["id"] for event in stack.results()}

    def lines() -> list[dict[str, Any]]:
        return [json.loads(line) for line in sink.read_text("utf-8").splitlines()] if sink.exists() else []

    def stored() -> int:
        if not store.exists():
            return 0
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as asked:
            return int(asked.execute("SELECT count(*) FROM readings").fetchone()[0])

    wait_until(lambda: {line["id"] for line in lines()} == events, 200, lambda: stack.compose("logs", "relay"))
    wait_until(lambda: stored() == len(events), 200, lambda: f"{stored()}\n{stack.compose('logs', 'store')}")
    assert len(lines()) == len(events)
    assert sink.stat().st_uid == store.stat().st_uid == (stack.data / "inbox").stat().st_uid


def test_workers_killed_under_load_lose_and_double_nothing(stack: Stack) -> None:
    """One process is killed, and its container comes back; one container is killed for good."""
    files = stack.drop_reports("kill", 300, paragraphs=60)
    wait_until(lambda: len(stack.results("kill")) > 5, 60, lambda: stack.compose("logs", "--tail", "40"))
    crashed, gone, *_ = stack.containers("worker")

    docker("exec", crashed, "sh", "-c", "kill -9 $(cat /proc/1/task/1/children)")
    docker("kill", gone)
    read_before = len(stack.results("kill"))

    stack.wait_for_results("kill", files, 300 + REDELIVERY_S)
    print(f"killed two of {WORKERS} workers after {read_before} of {len(files)} reports")
    assert read_before < len(files)
    assert_each_once(stack.results("kill"), files)
    assert stack.state(crashed)["RestartCount"] == 1
    assert stack.state(gone)["State"]["ExitCode"] == 137


def test_stop_finishes_what_was_begun_and_start_goes_on(stack: Stack) -> None:
    files = stack.drop_reports("stop", 200, paragraphs=60)
    wait_until(lambda: len(stack.results("stop")) > 5, 60, lambda: stack.compose("logs", "--tail", "40"))
    running = [worker for worker in stack.containers("worker") if stack.state(worker)["State"]["Running"]]

    stack.compose("stop", "worker")

    read_before = len(stack.results("stop"))
    print(f"stopped after {read_before} of {len(files)} reports")
    assert read_before < len(files)
    assert {stack.state(worker)["State"]["ExitCode"] for worker in running} == {0}
    assert not held_by_workers(stack) & files
    started_s = time.monotonic()
    stack.compose("start", "worker")
    # Nothing has to wait for its visibility time, for nobody holds anything: what was in hand was finished or given back.
    stack.wait_for_results("stop", files, 300)
    print(f"the rest was done {time.monotonic() - started_s:.0f} s after the start")
    assert_each_once(stack.results("stop"), files)


def test_redis_restarted_keeps_every_result(stack: Stack) -> None:
    before = stack.redis.xlen(names.DEFAULT.results_stream)
    stack.compose("restart", "redis")
    wait_until(lambda: stack.healthy("redis", 1), 60, lambda: stack.compose("logs", "--tail", "40", "redis"))

    assert stack.redis.xlen(names.DEFAULT.results_stream) == before
    files = stack.drop_reports("after", 5)
    stack.wait_for_results("after", files, 120)
    assert_each_once(stack.results("after"), files)


@pytest.mark.parametrize("owner", [(4321, 8765), (0, 0)])
def test_the_first_drop_of_any_user_is_read(tmp_path: Path, owner: tuple[int, int]) -> None:
    """Nothing is set: the parts run as whom the data belongs to, who may drop and fetch; root's are nobody's to run as root."""
    if reason := containers.missing():
        pytest.skip(reason)
    if os.getuid():
        pytest.skip("only root can give folders to others")
    stack = Stack(tmp_path)
    os.chown(stack.data, *owner)
    expected = owner[0] or 1000
    try:
        stack.up(1)
        dropped = stack.data / "inbox" / "县" / "first.txt"
        dropped.parent.mkdir()
        dropped.write_bytes(report("first", 1))
        for made in (dropped, dropped.parent):
            os.chown(made, expected, expected)
        wait_until(
            lambda: (stack.data / "processed/县/first.txt").exists(), 180, lambda: stack.compose("logs", "--tail", "40")
        )
        filed = stack.data / "processed" / "县" / "first.txt.json"
        assert {path.stat().st_uid for path in (filed, filed.parent, stack.data / "state")} == {expected}
        assert [event["subject"] for event in stack.results()] == ["县/first.txt"]
    finally:
        stack.down()
