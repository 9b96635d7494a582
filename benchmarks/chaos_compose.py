"""The same chaos in containers: docker-compose.yml with four workers, under ``kill -9`` from outside.

    python -m benchmarks.chaos_compose [--files 1000] [--seed 1] [--every 5] [--limit 900] [--workers 4]

Every few seconds one process of one container is killed, chosen at random: Redis, the watcher, a worker, a worker's
child, or the first process of a container, with which the whole container ends. Nobody but Docker starts anything again.
Redis is stopped twice besides, and emptied once. In the end everything is looked at from outside: the folders, the
streams, what ``zhibiao status`` says of the ledger, and the containers' health.

Exit status 1 where something was lost or published twice, or the stack is not well again; 2 without Docker.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks import chaos, containers

WELL_WITHIN_S = 90.0
#: Slowly enough for many kills.
DROPS_PER_S = 5.0
SETTINGS = {
    "ZHIBIAO_SETTLE_S": "0.5",
    # Who drops files here is not who the containers run as.
    "ZHIBIAO_SETTLE_UNKNOWN_S": "1",
    "ZHIBIAO_RECONCILE_S": "5",
}


class Target:
    """A stack that is looked after by Docker alone."""

    def __init__(self, stack: containers.Stack) -> None:
        self._stack = stack
        self.url = stack.url

    def tend(self) -> None:
        """Docker does it."""

    def processes(self) -> dict[int, str]:
        """All processes of the stack."""
        return self._stack.processes()

    def kill(self, pid: int, number: int) -> None:
        """Send a signal to one of them."""
        self._stack.kill(pid, number)

    def stop(self) -> None:
        """The stack is looked at once more before it is removed."""


def run(folder: Path, files: int, seed: int, every_s: float, limit_s: float, workers: int) -> int:
    """Do it all; gives the exit status."""
    stack = containers.Stack(folder, **SETTINGS)
    try:
        stack.up(workers)
        if not _wait_until_well(stack, workers):
            print(f"the stack does not come up\n{stack.compose('logs', '--tail', '60')}", file=sys.stderr)
            return 1
        for number in range(chaos.FOLDERS):
            place = stack.data / "inbox" / f"{number:02}"
            place.mkdir()
            place.chmod(0o777)  # the watcher moves files out of it
        status = chaos.run(Target(stack), stack.data, files, seed, every_s, limit_s, DROPS_PER_S)
        faults = _faults(stack, files, workers)
        print(f"containers started again by Docker: {_restarts(stack)}")
        print("".join(f"{fault}\n" for fault in faults), end="")
        if status or faults:
            print(stack.compose("logs", "--tail", "60"), file=sys.stderr)
        return 1 if status or faults else 0
    finally:
        stack.down()


def _faults(stack: containers.Stack, files: int, workers: int) -> list[str]:
    if not _wait_until_well(stack, workers):
        return ["the stack is not well again"]
    told = json.loads(stack.compose("exec", "-T", "watcher", "zhibiao", "status", "--json"))
    torn = files // chaos.TORN_ONE_IN
    expected = {"published": files - torn, **({"quarantined": torn} if torn else {})}
    ended = {state: count for state, count in told["counts"].items() if count}
    return [] if ended == expected else [f"zhibiao status counts {ended}, expected {expected}"]


def _wait_until_well(stack: containers.Stack, workers: int) -> bool:
    deadline_s = time.monotonic() + WELL_WITHIN_S
    while time.monotonic() < deadline_s:
        with suppress(RuntimeError):  # a container was replaced while it was looked at
            if all(stack.healthy(name, count) for name, count in (("redis", 1), ("watcher", 1), ("worker", workers))):
                return True
        time.sleep(1)
    return False


def _restarts(stack: containers.Stack) -> str:
    counts = {
        service: sum(stack.state(container)["RestartCount"] for container in stack.containers(service))
        for service in ("redis", "watcher", "worker")
    }
    return ", ".join(f"{service} {count}" for service, count in counts.items())


def main() -> int:
    """Exit status 0 where everything holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between kills")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds")
    parser.add_argument("--workers", type=int, default=4)
    wanted = parser.parse_args()
    if reason := containers.missing():
        print(reason, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="zhibiao-chaos-") as folder:
        return run(Path(folder), wanted.files, wanted.seed, wanted.every, wanted.limit, wanted.workers)


if __name__ == "__main__":
    raise SystemExit(main())
