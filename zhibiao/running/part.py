"""One child process of the service, started again with growing pauses whenever it dies."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import IO

import structlog

from delivery.backoff import Backoff

#: How long to wait before a part that died is started again.
PAUSE = Backoff(first_s=0.5, cap_s=30.0)
#: A part that has run so long was well; its next death is a first one.
WELL_AFTER_S = 30.0

_log = structlog.get_logger("zhibiao")


class Part:
    """A program of the service. ``now_s`` is a monotonic time in seconds; ``log`` a file for what it logs."""

    def __init__(self, name: str, argv: Sequence[str], environ: Mapping[str, str], log: IO[str] | None = None) -> None:
        self.name = name
        self.deaths = 0
        self.due_s: float | None = 0.0
        self._argv = list(argv)
        self._environ = dict(environ)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._started_s = 0.0

    @property
    def pid(self) -> int | None:
        """Its process while it runs."""
        return self._process.pid if self.is_running() and self._process else None

    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    def tend(self, now_s: float) -> None:
        """Start it when it is due; note that it has died and when to start it again."""
        if self._process is not None and self._process.poll() is not None:
            self._note_death(self._process.returncode, now_s)
        if self._process is None and self.due_s is not None and now_s >= self.due_s:
            self._start(now_s)

    def terminate(self) -> None:
        """Ask its process to finish and end; it will not be started again."""
        self.due_s = None
        if self.is_running() and self._process:
            self._process.terminate()

    def kill(self) -> None:
        """End its process and all that it has started, at once."""
        self.due_s = None
        if self._process is None:
            return
        if self._process.poll() is None:
            _log.warning("killed", part=self.name, pid=self._process.pid)
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _start(self, now_s: float) -> None:
        # A session of its own, so that Ctrl-C reaches the service alone, which stops its parts in order.
        self._process = subprocess.Popen(
            self._argv,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # parts log to standard error; here Celery only says goodbye, as plain text
            stderr=self._log,
            start_new_session=True,
            preexec_fn=_die_with_parent(),
        )
        self._started_s, self.due_s = now_s, None
        _log.info("started", part=self.name, pid=self._process.pid)

    def _note_death(self, status: int, now_s: float) -> None:
        self._process = None
        self.deaths = 1 if now_s - self._started_s > WELL_AFTER_S else self.deaths + 1
        pause_s = PAUSE.wait_s(self.deaths)
        self.due_s = now_s + pause_s
        _log.error("died", part=self.name, status=status, deaths=self.deaths, pause_s=round(pause_s, 2))


def _die_with_parent() -> Callable[[], None] | None:
    """What a child does to be terminated when the service is killed and cannot stop it; Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # loaded before the fork: nothing is allocated after it
    set_parent_death_signal = 1

    def ask() -> None:
        prctl(set_parent_death_signal, signal.SIGTERM)

    return ask
