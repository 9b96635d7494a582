"""Is the watcher well? ``python -m watcher.health`` answers by its exit status, for Compose and others."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from watcher.running import lock
from watcher.settings import WatcherSettings

FRESH_S = 15.0
#: Longer than every network time-out of a thread's one pass.
THREAD_FRESH_S = 90.0
#: Within so many looks, so far apart, a watcher that is well shows a new sign of life.
_LOOKS, _LOOK_S = 8, 0.5


@dataclass(frozen=True)
class Health:
    """What a watcher says of itself; ages are in seconds at ``time``, the wall clock."""

    pid: int
    role: Literal["active", "standby"]
    time: float
    alarms: dict[str, str] = field(default_factory=dict)
    thread_ages_s: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def write(self, state: Path) -> None:
        """Write it down; a reader never sees half of it."""
        path = _path(state, socket.gethostname())
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
        partial.replace(path)

    def forget(self, state: Path) -> None:
        """Leave no sign behind, after an orderly end; that of another on this host stays."""
        known = read_own(state)
        if known and known.pid == self.pid:
            _path(state, socket.gethostname()).unlink(missing_ok=True)

    def problem(self, now: float) -> str | None:
        """Why it is not well, None where it is. An alarm such as "Redis is away" is no illness."""
        return self.silence(now) or self.stuck()

    def silence(self, now: float) -> str | None:
        """How old this sign of life is by another clock, where that is too old or has not come yet; else None."""
        age_s = now - self.time
        if -FRESH_S < age_s < FRESH_S:
            return None
        return f"last sign of life {age_s:.0f} s ago" if age_s > 0 else f"last sign of life {-age_s:.0f} s from now"

    def stuck(self) -> str | None:
        """Which of its threads show no sign of life; None where all do."""
        stuck = [name for name, age in self.thread_ages_s.items() if age > THREAD_FRESH_S]
        return f"stuck: {', '.join(stuck)}" if stuck else None


def read_all(state: Path) -> list[Health]:
    """What the watchers of a state folder last said, the active one first."""
    found = [health for path in sorted(state.glob("watcher-*.health")) if (health := _read(path))]
    return sorted(found, key=lambda health: (health.role != "active", -health.time))


def alive(state: Path, now: float) -> Health | None:
    """What the watcher that runs over a state folder said last, the active one before a standby; None where none runs.

    One that holds the lock runs, whatever clocks say. Of those on another machine, whose lock the kernel of this one
    may not know, it is whoever is well at ``now``, in Unix time.
    """
    return holding(state, now) or next((health for health in read_all(state) if health.problem(now) is None), None)


def holding(state: Path, now: float) -> Health | None:
    """What the watcher that holds the lock said last; None where nobody holds it, or nobody knows who does.

    Where it could not write down a word, only its id is known, and ``now`` is its time.
    """
    if not lock.is_held(state):
        return None
    holder = lock.holder(state)
    if holder is None:  # one of a version that did not write who it is
        return next((health for health in read_all(state) if health.role == "active"), None)
    said = _read(_path(state, holder.host))
    return said if said and said.pid == holder.pid else Health(holder.pid, "active", now)


def read_own(state: Path) -> Health | None:
    """What the watcher on this host last said."""
    return _read(_path(state, socket.gethostname()))


def main() -> int:
    """Exit status 0 where the watcher on this host is well."""
    problem = problem_here(WatcherSettings().state)
    if problem:
        print(f"watcher: {problem}", file=sys.stderr)  # noqa: T201 - the answer of a command
        return 1
    return 0


def problem_here(
    state: Path, clock: Callable[[], float] = time.time, wait: Callable[[float], None] = time.sleep
) -> str | None:
    """Why the watcher on this host is not well, None where it is.

    A sign of life that is old may be of another clock, as after one was set; so it is waited for whether a new one comes.
    """
    first = read_own(state)
    if first is None:
        return "no watcher has been here"
    if first.silence(clock()) is None:
        return first.problem(first.time)
    for _ in range(_LOOKS):
        wait(_LOOK_S)
        known = read_own(state)
        if known and known.time != first.time:
            return known.problem(known.time)
    return first.silence(clock())


def _read(path: Path) -> Health | None:
    try:
        return Health(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _path(state: Path, host: str) -> Path:
    return state / f"watcher-{host}.health"


if __name__ == "__main__":
    raise SystemExit(main())
