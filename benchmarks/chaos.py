"""Nothing lost and nothing published twice, while everything is killed: the service under random ``kill -9``.

    python -m benchmarks.chaos [--files 10000] [--seed 1] [--every 5] [--limit 1260]

Runs ``zhibiao up`` in a temporary folder with a Redis of its own and two workers, and renames reports of 1 to 3 kB into
the inbox, each with content of its own; one in fifty is torn. Every few seconds a random process of the service is
killed: supervisor, Redis, watcher, a worker, or a worker's child. Redis is stopped twice besides, and emptied once, all
at times that the seed decides. In the end: every report lies in ``processed/`` with its bytes, and the stream of results
has each once; every torn file lies in ``quarantine/``, and the stream of failures has each once.

Exit status 1 where that does not hold, or not within the limit.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from delivery import connect, subscribe
from schemas import names, paths
from watcher.health import read_all
from watcher.ledger.database import Ledger
from watcher.running.damage import FILE_NAME
from zhibiao.running.embedded import EmbeddedRedis

LOOK_S = 0.5
STOP_S = 60.0
S_A_FILE = 0.12  # 12 a second were read on two slow cores, of which the restarts take the greater part
DROPS_PER_S = 200
FOLDERS = 20
TORN_ONE_IN = 50
TORN_SUFFIX = ".pdf"
MATTERS = (
    "行政复议案件",
    "行政诉讼案件",
    "行政处罚案件",
    "信访事项",
    "规范性文件",
    "执法检查",
    "法治宣传活动",
    "人民调解案件",
)


def report(number: int, chance: random.Random) -> bytes:
    """A made-up report that no other number has, 1 to 3 kB."""
    lines = [f"某县第{number}号法治政府建设年度报告", ""]
    for year in range(2018, 2018 + chance.randint(3, 6)):
        lines.append(f"{year}年")
        for matter in chance.sample(MATTERS, 4):
            lines.append(
                f"全县共办理{matter}{chance.randint(10, 99_999)}件，同比增长{chance.randint(1, 99)}.{number % 10}%。"
            )
    return "\n".join(lines).encode()


class Target(Protocol):
    """What chaos is made of: a service that is running, and its Redis."""

    @property
    def url(self) -> str:
        """Its Redis."""

    def tend(self) -> None:
        """Start it where nobody else does."""

    def processes(self) -> dict[int, str]:
        """Its processes, and what each is."""

    def kill(self, pid: int, number: int) -> None:
        """Send a signal to one of them, which may have ended."""

    def stop(self) -> None:
        """End it."""


class Service:
    """``zhibiao up``, started again whenever it is killed, as an init system does."""

    def __init__(self, home: Path) -> None:
        self._home = home
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
        self._environ = {**clean, "ZHIBIAO_WORKERS": "2", "ZHIBIAO_LOG_FORMAT": "json", "ZHIBIAO_PAGE": "false"}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = EmbeddedRedis(home / "state").url

    def tend(self) -> None:
        """Start it where it does not run."""
        if self._process and self._process.poll() is None:
            return
        with (self._home / "service.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "zhibiao", "up"],
                cwd=self._home,
                env=self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def processes(self) -> dict[int, str]:
        """Its processes, and what each is."""
        found: dict[int, str] = {}
        if self._process and self._process.poll() is None:
            found[self._process.pid] = "supervisor"
            for part in _children(self._process.pid):
                kind = found[part] = _kind(part)
                if kind == "worker":
                    found.update(dict.fromkeys(_children(part), "child of a worker"))
        return found

    def stop(self) -> None:
        """End it in order; kill what is left after a minute. Also ends a Redis whose supervisor was killed just now."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_S)
        for pid in self.processes():
            self.kill(pid, signal.SIGKILL)
        connect.shut_down(self.url, STOP_S)

    def kill(self, pid: int, number: int) -> None:
        """Send a signal to a process that may have ended."""
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _kind(pid: int) -> str:
    command = b""
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    if b"watcher" in command.split(b"\0"):
        return "watcher"
    return "worker" if b"celery" in command else "redis"


class Consumer:
    """Follows the stream of results, as a program of a user does: when each event came, and how often."""

    def __init__(self, url: str) -> None:
        self._client = connect.connect(url)
        self.came: dict[str, list[float]] = {}
        self.longest_pause_s = 0.0
        self._last_s: float | None = None
        threading.Thread(target=self._follow, daemon=True).start()

    def since(self, moment_s: float) -> set[str]:
        """Ids of the events that came after a moment."""
        return {id_ for id_, moments in self.came.copy().items() if moments[-1] >= moment_s}

    def _follow(self) -> None:
        for _stream, _entry, text in subscribe.follow(self._client, {names.DEFAULT.results_stream: "0"}, block_s=0.5):
            now = time.monotonic()
            self.came.setdefault(json.loads(text)["id"], []).append(now)
            self.longest_pause_s = max(self.longest_pause_s, now - (self._last_s or now))
            self._last_s = now


@dataclass
class Chaos:
    """What is done to the service and when; ``next_kill_s`` is of the monotonic clock."""

    service: Target
    chance: random.Random
    every_s: float
    next_kill_s: float
    kills: Counter[str] = field(default_factory=Counter)
    redis_stops: int = 0
    emptied_s: float | None = None
    lost: set[str] = field(default_factory=set)
    restored_s: float | None = None

    def disturb(self, done: float, came: Consumer) -> None:
        """What is due; ``done`` is the share of the files that are done."""
        now = time.monotonic()
        if now >= self.next_kill_s:
            self._kill_one()
            self.next_kill_s = now + self.every_s
        if self.redis_stops < 2 and done > (0.25, 0.75)[self.redis_stops]:
            self.redis_stops += self._stop_redis()
        if self.emptied_s is None and done > 0.5:
            self._empty()
        if self.emptied_s is not None and self.restored_s is None and self.lost <= came.since(self.emptied_s):
            self.restored_s = time.monotonic() - self.emptied_s

    def _kill_one(self) -> None:
        processes = self.service.processes()
        if processes:
            pid = self.chance.choice(sorted(processes))
            self.service.kill(pid, signal.SIGKILL)
            self.kills[processes[pid]] += 1

    def _stop_redis(self) -> bool:
        for pid, kind in self.service.processes().items():
            if kind == "redis":
                self.service.kill(pid, signal.SIGTERM)
                return True
        return False

    def _empty(self) -> None:
        with suppress(*connect.UNREACHABLE), connect.connect(self.service.url) as client:
            entries: Any = client.xrange(names.DEFAULT.results_stream)
            self.lost = {json.loads(fields[names.EVENT_FIELD])["id"] for _, fields in entries}
            moment_s = time.monotonic()
            client.flushall()
            self.emptied_s = moment_s


def states(home: Path) -> dict[str, int]:
    """Rows of the ledger by state; none where it cannot be read just now."""
    try:
        ledger = Ledger.open(home / "state" / FILE_NAME, readonly=True)
    except (OSError, ValueError):
        return {}
    try:
        return ledger.summary()
    finally:
        ledger.close()


def drop(home: Path, files: dict[str, str], count: int, chance: random.Random, per_s: float) -> None:
    """Rename all files in; ``files`` gets name and digest of each."""
    for number in range(count):
        name, content = f"{number % FOLDERS:02}/{number:05}.txt", report(number, chance)
        if number % TORN_ONE_IN == TORN_ONE_IN - 1:
            name, content = f"{number % FOLDERS:02}/{number:05}{TORN_SUFFIX}", b"%PDF-1.7\n" + content
        outside = home / "next.txt"
        outside.write_bytes(content)
        files[name] = hashlib.sha256(content).hexdigest()
        (home / "inbox" / name).parent.mkdir(parents=True, exist_ok=True)
        outside.rename(home / "inbox" / name)
        time.sleep(1 / per_s)


def is_quiet(home: Path, count: int) -> bool:
    """Whether all has been done, and nothing is left to restore."""
    known = states(home)
    ended = sum(known.get(state, 0) for state in ("published", "quarantined"))
    left = known.get("accepted", 0) + known.get("queued", 0)
    health = read_all(home / "state")
    restoring = not health or "restored" in health[0].alarms
    return ended >= count and left == 0 and not restoring and not _files(home / "inbox")


def problems(home: Path, url: str, files: dict[str, str]) -> list[str]:
    """What does not hold: files that are not where they belong, reports that were not published just once."""
    torn = {name: digest for name, digest in files.items() if name.endswith(TORN_SUFFIX)}
    read = {name: digest for name, digest in files.items() if name not in torn}
    return [
        *_misfiled(home / "processed", read),
        *_misfiled(home / "quarantine", torn),
        *_mispublished(url, names.DEFAULT.results_stream, read),
        *_mispublished(url, names.DEFAULT.failures_stream, torn),
    ]


def _misfiled(folder: Path, files: dict[str, str]) -> list[str]:
    filed = {str(path.relative_to(folder)): path for path in _files(folder)}
    wrong = [f"{name}: not expected in {folder.name}" for name in filed.keys() - files.keys()]
    for name, digest in files.items():
        if name not in filed:
            wrong.append(f"{name}: not in {folder.name}")
        elif hashlib.sha256(filed[name].read_bytes()).hexdigest() != digest:
            wrong.append(f"{name}: other bytes in {folder.name}")
    return wrong


def _mispublished(url: str, stream: str, files: dict[str, str]) -> list[str]:
    with connect.connect(url) as client:
        entries: Any = client.xrange(stream)
    sources = [json.loads(fields[names.EVENT_FIELD])["data"]["source"] for _, fields in entries]
    published = Counter((source["path"], source["sha256"]) for source in sources)
    return [
        *(f"{path}: published {times} times" for (path, _), times in published.items() if times > 1),
        *(f"{path}: lost" for path, digest in files.items() if (path, digest) not in published),
        *(f"{path}: published with other content" for path, digest in published if files.get(path) != digest),
    ]


def _files(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith((paths.REPORT_SUFFIX, paths.READING_SUFFIX))
    ]


def run(
    service: Target, home: Path, count: int, seed: int, every_s: float, limit_s: float, per_s: float = DROPS_PER_S
) -> int:
    """Do it all to a service whose folders lie in ``home``; gives the exit status."""
    files = dict[str, str]()
    consumer = Consumer(service.url)
    began = time.monotonic()
    dropper = threading.Thread(target=drop, args=(home, files, count, random.Random(seed), per_s), daemon=True)
    dropper.start()
    chaos = Chaos(service, random.Random(seed), every_s, began + 2 * every_s)
    try:
        while dropper.is_alive() or chaos.restored_s is None or not is_quiet(home, count):
            took_s = time.monotonic() - began
            if took_s > limit_s:
                print(f"not done after {limit_s:g} s: {_standing(home, chaos, consumer)}")
                return 1
            service.tend()
            chaos.disturb(states(home).get("published", 0) / count, consumer)
            time.sleep(LOOK_S)
        took_s = time.monotonic() - began
        while not connect.answers(service.url):
            service.tend()  # killed a moment ago
            time.sleep(LOOK_S)
        wrong = problems(home, service.url, files)
        # Once, and once more where Redis had lost it.
        wrong += [f"event {id_}: came {len(times)} times" for id_, times in consumer.came.items() if len(times) > 2]
    finally:
        service.stop()
    _tell(chaos, consumer, count, seed, took_s)
    print(f"{len(wrong)} problems" + "".join(f"\n  {problem}" for problem in wrong[:20]))
    return 1 if wrong else 0


def _standing(home: Path, chaos: Chaos, consumer: Consumer) -> str:
    missing = len(chaos.lost - consumer.since(chaos.emptied_s)) if chaos.emptied_s else "never emptied"
    alarms = [health.alarms for health in read_all(home / "state")]
    return f"{states(home)}, {len(_files(home / 'inbox'))} in the inbox, not restored: {missing}, alarms: {alarms}"


def _tell(chaos: Chaos, consumer: Consumer, count: int, seed: int, took_s: float) -> None:
    killed = ", ".join(f"{kind} {times}" for kind, times in sorted(chaos.kills.items()))
    print(f"seed {seed}: {count} files in {took_s:.0f} s, {count / took_s:.1f} a second")
    print(f"kill -9: {chaos.kills.total()} ({killed}); Redis stopped {chaos.redis_stops} times")
    print(f"Redis emptied of {len(chaos.lost)} results: all back after {chaos.restored_s or 0:.1f} s")
    print(f"longest time without a result: {consumer.longest_pause_s:.1f} s")


def main() -> int:
    """Exit status 0 where everything holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between kills")
    parser.add_argument("--limit", type=float, help="seconds; by the number of files unless it is given")
    wanted = parser.parse_args()
    limit_s = STOP_S + S_A_FILE * wanted.files if wanted.limit is None else wanted.limit
    with tempfile.TemporaryDirectory(prefix="zhibiao-chaos-") as folder:
        home = Path(folder)
        (home / "inbox").mkdir()
        return run(Service(home), home, wanted.files, wanted.seed, wanted.every, limit_s)


if __name__ == "__main__":
    raise SystemExit(main())
