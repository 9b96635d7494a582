"""Is the watcher well? ``python -m watcher.health`` answers by its exit status, for Compose and others."""

import json
import os
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from watcher.settings import WatcherSettings

FRESH_S = 15.0
#: Longer than every network time-out of a thread's one pass.
THREAD_FRESH_S = 90.0


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
        if not -FRESH_S < now - self.time < FRESH_S:
            return f"last sign of life {now - self.time:.0f} s ago"
        stuck = [name for name, age in self.thread_ages_s.items() if age > THREAD_FRESH_S]
        return f"stuck: {', '.join(stuck)}" if stuck else None


def read_all(state: Path) -> list[Health]:
    """What the watchers of a state folder last said, the active one first."""
    found = []
    for path in sorted(state.glob("watcher-*.health")):
        try:
            found.append(Health(**json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError):
            continue
    return sorted(found, key=lambda health: (health.role != "active", -health.time))


def alive(state: Path, now: float) -> Health | None:
    """The watcher that runs over a state folder and is well, the active one before a standby; None where none is."""
    return next((health for health in read_all(state) if health.problem(now) is None), None)


def read_own(state: Path) -> Health | None:
    """What the watcher on this host last said."""
    try:
        text = _path(state, socket.gethostname()).read_text(encoding="utf-8")
        return Health(**json.loads(text))
    except (OSError, ValueError, TypeError):
        return None


def main() -> int:
    """Exit status 0 where the watcher on this host is well."""
    health = read_own(WatcherSettings().state)
    problem = health.problem(time.time()) if health else "no watcher has been here"
    if problem:
        print(f"watcher: {problem}", file=sys.stderr)  # noqa: T201 - the answer of a command
        return 1
    return 0


def _path(state: Path, host: str) -> Path:
    return state / f"watcher-{host}.health"


if __name__ == "__main__":
    raise SystemExit(main())
