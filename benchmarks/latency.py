"""How soon a report dropped in is a result received, and how many reports a second go through two workers.

    python -m benchmarks.latency [--files 200] [--workers 2]

Runs a service of its own in a temporary folder. Latency: one file at a time is renamed into the inbox, and the clock
stops when its event arrives at a subscriber; on the way its row in the watcher's ledger says when it was noticed. Rate: the same number at once, from the first rename to the last event.
The files are the seeds, each with a line added, so that none is a duplicate.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from delivery import connect
from schemas import names
from watcher.ledger.database import Ledger
from watcher.running.damage import FILE_NAME
from zhibiao.running import embedded

SEEDS = Path(__file__).parent.parent / "seeds"
LIMIT_S = 120.0


class Rig:
    """A service, and a subscriber that hears every result."""

    def __init__(self, home: Path, url: str) -> None:
        self._home = home
        self._made = 0
        self._seeds = [seed.read_bytes() for seed in sorted(SEEDS.glob("*.txt"))]
        self._pubsub = connect.connect(url).pubsub(ignore_subscribe_messages=True)
        self._pubsub.subscribe(names.DEFAULT.results_channel)

    def write(self) -> Path:
        """A file of new content, outside of the inbox."""
        self._made += 1
        file = self._home / f"{self._made:05}.txt"
        file.write_bytes(self._seeds[self._made % len(self._seeds)] + f"\n第{self._made}份。\n".encode())
        return file

    def drop(self, file: Path) -> float:
        """Rename it in; gives when."""
        began = time.perf_counter()
        file.rename(self._home / "inbox" / file.name)
        return began

    def accepted_at(self, name: str) -> float:
        """When the watcher gave the file its row, by the wall clock."""
        ledger = Ledger.open(self._home / "state" / FILE_NAME, readonly=True)
        try:
            return ledger.find(name)[0].accepted_at
        finally:
            ledger.close()

    def wait_for(self, wanted: set[str]) -> float:
        """Hear of all of them; gives when the last one came."""
        left = set(wanted)
        deadline = time.perf_counter() + LIMIT_S
        while left:
            message = self._pubsub.get_message(timeout=1.0)
            now = time.perf_counter()
            if message:
                left.discard(json.loads(message["data"])["subject"])
            elif now > deadline:
                raise SystemExit(f"no result for {sorted(left)[:5]} within {LIMIT_S:g} s")
        return now


@contextmanager
def service(home: Path, workers: int) -> Iterator[str]:
    """The service's Redis, while it runs."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
    with (home / "service.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "zhibiao", "up"],
            cwd=home,
            env={**environ, "ZHIBIAO_WORKERS": str(workers), "ZHIBIAO_PAGE": "false"},
            stderr=log,
            start_new_session=True,
        )
    try:
        while not (url := embedded.running_url(home / "state")):
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhibiao-latency-") as folder, service(Path(folder), chosen.workers) as url:
        rig = Rig(Path(folder), url)
        _warm_up(rig, chosen.workers)
        latencies, noticed = (sorted(times) for times in zip(*_one_by_one(rig, chosen.files), strict=True))
        rate = _at_once(rig, chosen.files)
    print(f"{chosen.files} files one by one:")
    for title, times in (("rename-in to ledger row", noticed), ("rename-in to result received", latencies)):
        ms = statistics.quantiles(times, n=100)
        print(
            f"  {title:30s} p50 {ms[49] * 1000:.0f} ms   p99 {ms[98] * 1000:.0f} ms   longest {times[-1] * 1000:.0f} ms"
        )
    print(f"{chosen.files} files at once, {chosen.workers} workers: {rate:.1f} reports/s")


def _warm_up(rig: Rig, workers: int) -> None:
    files = [rig.write() for _ in range(workers * 5)]
    for file in files:
        rig.drop(file)
    rig.wait_for({file.name for file in files})


def _one_by_one(rig: Rig, count: int) -> Iterator[tuple[float, float]]:
    for _ in range(count):
        file = rig.write()
        wall = time.time()
        began = rig.drop(file)
        yield rig.wait_for({file.name}) - began, rig.accepted_at(file.name) - wall


def _at_once(rig: Rig, count: int) -> float:
    files = [rig.write() for _ in range(count)]
    began = min(rig.drop(file) for file in files)
    return count / (rig.wait_for({file.name for file in files}) - began)


if __name__ == "__main__":
    main()
