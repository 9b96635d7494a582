"""What the service costs beside the reading: processor time a report of each of its processes, and its rate.

    python -m benchmarks.service [--files 300] [--workers 2] [--ceiling-files 600]

Linux only. Four looks in one run, so that all have the same machine; the files are the seeds, each with a line added.

* Reading alone: as many processes as there are workers read the same files at the same time, without any service.
* Beside the reading: one worker's attempts against a Redis, and how much of that is the reading.
* The service: ``zhibiao up``, all files renamed in at once, until all are filed.
* The ceiling: a watcher and a worker of endless speed (``benchmarks/null_worker.py``).

Processor time is that of ``/proc/PID/stat``; all else that runs on the machine makes rates smaller, and processor time a
little larger. So the service's own is given as a part of the reading's, too: both suffer alike.
"""

import argparse
import hashlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.chaos import _children, _kind
from benchmarks.latency import LIMIT_S, service
from benchmarks.speed import SEEDS, build
from delivery import logs
from delivery.connect import connect
from delivery.lease import Lease
from delivery.publish import Publisher
from schemas.events import utc_now
from schemas.handover import HandOver
from schemas.reading import Reading
from watcher.health import read_all
from worker.attempts import Attempts
from worker.lease_renewal import held
from worker.pipeline import read
from worker.report_writer import Origin
from worker.settings import WorkerSettings
from worker.tools import load_tools
from zhibiao.running.embedded import EmbeddedRedis

TURNS = 6
CHILD = "worker's child"
TICKS_S = os.sysconf("SC_CLK_TCK")
Spent = dict[str, float]


def texts() -> list[bytes]:
    """The seeds."""
    return [path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))]


def content(number: int) -> bytes:
    """A report that no other number has."""
    seeds = texts()
    return seeds[number % len(seeds)] + f"\n第{number}份。\n".encode()


# Reading alone


def _read_all(start: Any, files: int, told: Any) -> None:
    tools = load_tools()
    contents = [content(number) for number in range(files)]
    start.wait()
    began, spent = time.perf_counter(), time.process_time()
    for data in contents:
        read(data, Origin("x", "x", "x", "0" * 64), tools, time.perf_counter)[1].packed()
    told.put((time.perf_counter() - began, time.process_time() - spent))


def reading_alone(processes: int, files: int) -> tuple[float, float]:
    """Milliseconds of processor time a report, and reports a second, of so many processes at once."""
    load_tools()  # before they fork, as workers do
    context = get_context("fork")
    start, told = context.Barrier(processes), context.Queue()
    each = files // processes
    readers = [context.Process(target=_read_all, args=(start, each, told)) for _ in range(processes)]
    for reader in readers:
        reader.start()
    took = [told.get() for _ in readers]
    for reader in readers:
        reader.join()
    return 1000 * sum(spent for _, spent in took) / (each * processes), each * processes / max(wall for wall, _ in took)


# Beside the reading


def beside_the_reading() -> tuple[float, float, float]:
    """Milliseconds a report of the bare reading and of a worker's work beside it; Redis commands a report."""
    load_tools()
    context = get_context("fork")
    told = context.Queue()
    with tempfile.TemporaryDirectory(prefix="zhibiao-beside-") as folder:
        home = Path(folder)
        (home / "inbox").mkdir()
        with EmbeddedRedis(home / "state") as server:
            attempter = context.Process(target=_attempt, args=(server.url, home / "inbox", told))
            attempter.start()
            found: tuple[float, float, float] = told.get()
            attempter.join()
    return found


def _attempt(url: str, inbox: Path, told: Any) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # its log is written, and read by nobody
    logs.configure(WorkerSettings(log_format="json"), "worker")
    client = connect(url)
    tools = load_tools()
    attempts = Attempts(client, Publisher(client, bell=connect(url)), tools, inbox, 10**9, 3, utc_now)
    beside, number = [], 0
    clock = _ReadingClock()
    before = _commands(client)
    with clock.running():
        for _ in range(TURNS):
            handed = [_handed(inbox, number + at) for at in range(10)]
            number += 10
            began, read_before = time.process_time(), clock.spent
            for one in handed:
                with held(Lease(client, one, one.id)):
                    attempts.attempt(one)
            read_s = clock.spent - read_before
            beside.append((read_s, time.process_time() - began - read_s))
    commands = (_commands(client) - before) / number
    told.put((*(100 * statistics.median(part) for part in zip(*beside[1:], strict=True)), commands))


class _ReadingClock:
    """Seconds of processor time that attempts spend in reading, up to its packed form: what is left is beside it."""

    def __init__(self) -> None:
        self.spent = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        with (
            patch("worker.attempts.read", self._timed(read)),
            patch.object(Reading, "packed", self._timed(Reading.packed)),
        ):
            yield

    def _timed(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            began = time.process_time()
            try:
                return act(*given)
            finally:
                self.spent += time.process_time() - began

        return timed


def _handed(inbox: Path, number: int) -> HandOver:
    data = content(number)
    path = f"{number}.txt"
    (inbox / path).write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    return HandOver(id=f"{number:020x}", revision=1, path=path, sha256=sha256, size_bytes=len(data))


def _commands(client: Any) -> int:
    return int(client.info("stats")["total_commands_processed"])


# The service


def _spent(pids: dict[int, str]) -> Spent:
    """Seconds of processor time so far, by what the processes are."""
    spent: Spent = {}
    for pid, kind in pids.items():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent[kind] = spent.get(kind, 0.0) + (int(fields[11]) + int(fields[12])) / TICKS_S
    return spent


def _of_service(supervisor: int) -> dict[int, str]:
    found = {}
    for part in _children(supervisor):
        words = Path(f"/proc/{part}/cmdline").read_bytes().split(b"\0")
        kind = "store" if b"store" in words else _kind(part)
        if kind == "worker":
            found[part] = "Celery's parent"
            found.update(dict.fromkeys(_children(part), CHILD))
        else:
            found[part] = kind
    return found


def _drop(home: Path, files: int, first: int) -> None:
    outside = home / "outside"
    outside.mkdir(exist_ok=True)
    made = []
    for number in range(first, first + files):
        (outside / f"{number:06}.txt").write_bytes(content(number))
        made.append(f"{number:06}.txt")
    for name in made:
        (outside / name).rename(home / "inbox" / name)


def _until_filed(home: Path) -> None:
    give_up_at = time.monotonic() + LIMIT_S
    while any(os.scandir(home / "inbox")):
        if time.monotonic() > give_up_at:
            raise SystemExit(f"not all filed within {LIMIT_S:g} s")
        time.sleep(0.02)


def _measured(home: Path, pids: dict[int, str], files: int, first: int) -> tuple[Spent, float]:
    """Milliseconds a report by kind of process, and reports filed a second."""
    before, began = _spent(pids), time.perf_counter()
    _drop(home, files, first)
    _until_filed(home)
    took, after = time.perf_counter() - began, _spent(pids)
    return {kind: 1000 * (after[kind] - before[kind]) / files for kind in after}, files / took


def _memory(pids: dict[int, str]) -> Spent:
    """Megabytes of the largest process of each kind: its own, and its share of what it has in common with others (Pss)."""
    found: Spent = {}
    for pid, kind in pids.items():
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        found[kind] = max(found.get(kind, 0.0), kilobytes / 1000)
    return found


def whole_service(workers: int, files: int) -> tuple[Spent, float, Spent]:
    """Milliseconds a report by kind of process, reports filed a second, and megabytes by kind of process."""
    with tempfile.TemporaryDirectory(prefix="zhibiao-service-") as folder, service(Path(folder), workers):
        home = Path(folder)
        _drop(home, workers * 10, 0)
        _until_filed(home)
        supervisor = next(pid for pid in _children(os.getpid()) if _of_service(pid))
        pids = _of_service(supervisor)
        return *_measured(home, pids, files, 1000), _memory(pids)


# The ceiling


@contextmanager
def _null_service(home: Path) -> Iterator[dict[int, str]]:
    """A watcher, a Redis and a worker of endless speed, by process."""
    (home / "inbox").mkdir()
    with EmbeddedRedis(home / "state") as server:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
        environ |= {"ZHIBIAO_REDIS_URL": server.url, "ZHIBIAO_LOG_FORMAT": "json"}
        with (home / "log").open("wb") as log:
            watcher = subprocess.Popen([sys.executable, "-m", "watcher"], cwd=home, env=environ, stderr=log, stdout=log)
            command = [sys.executable, "-m", "benchmarks.null_worker", server.url]
            worker = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE)
        try:
            assert worker.stdout
            worker.stdout.readline()
            while not any(health.role == "active" for health in read_all(home / "state")):
                time.sleep(0.05)
            yield {watcher.pid: "watcher", server.pid or 0: "redis", worker.pid: "null worker"}
        finally:
            for process in (watcher, worker):
                process.send_signal(signal.SIGTERM)
                process.wait()


def ceiling(files: int) -> tuple[Spent, float]:
    """Milliseconds a report by kind of process, and reports filed a second."""
    with tempfile.TemporaryDirectory(prefix="zhibiao-ceiling-") as folder, _null_service(Path(folder)) as pids:
        home = Path(folder)
        _drop(home, 50, 0)
        _until_filed(home)
        return _measured(home, pids, files, 1000)


def _row(title: str, spent: Spent) -> None:
    print(f"  {title:28s}" + "   ".join(f"{kind} {ms:.1f}" for kind, ms in sorted(spent.items())), flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ceiling-files", type=int, default=600)
    chosen = parser.parse_args()
    print(f"{build()}; milliseconds of processor time a report\n")
    read_ms, read_rate = reading_alone(chosen.workers, chosen.files)
    print(f"reading alone, {chosen.workers} processes at once: {read_ms:.1f} ms, {read_rate:.1f} reports/s", flush=True)
    bare_ms, beside_ms, commands = beside_the_reading()
    print(f"beside a reading of {bare_ms:.1f} ms a worker spends {beside_ms:.1f} ms and {commands:.0f} Redis commands")
    spent, rate, memory = whole_service(chosen.workers, chosen.files)
    print(f"service, {chosen.workers} workers: {rate:.1f} reports/s, {rate / read_rate:.2f} of reading alone")
    _row("by process", spent)
    _row("in % of reading alone", {kind: 100 * ms / read_ms for kind, ms in spent.items()})
    print(f"  {spent[CHILD] / sum(spent.values()):.2f} of all processor time is the children's, which read")
    _row("MB of one, shared in part", memory)
    spent, rate = ceiling(chosen.ceiling_files)
    print(
        f"a worker of endless speed: {rate:.0f} filed/s, {1000 / spent['watcher']:.0f}/s for a core of the watcher's own"
    )
    _row("by process", spent)
    _row("in % of reading alone", {kind: 100 * ms / read_ms for kind, ms in spent.items()})
    again_ms, _ = reading_alone(1, 60)
    print(f"reading alone in one process, once more: {again_ms:.1f} ms")


if __name__ == "__main__":
    main()
