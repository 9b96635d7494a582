"""A real service, `zhibiao up` as a user starts it, over folders of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from delivery.connect import connect
from schemas import names
from tests import forks
from tests.waiting import LONG_S, eventually
from zhibiao.running.embedded import EmbeddedRedis

ROOT = Path(__file__).parents[1]

#: Quick, so that a test need not wait long for what people may wait for.
SETTINGS = {
    "ZHIBIAO_SETTLE_S": "0.3",
    "ZHIBIAO_SETTLE_UNKNOWN_S": "0.6",
    "ZHIBIAO_EMPTY_GRACE_S": "0.5",
    "ZHIBIAO_RECONCILE_S": "2",
    "ZHIBIAO_REDELIVER_AFTER_S": "5",
    "ZHIBIAO_MAX_FILE_BYTES": "1000000",
    "ZHIBIAO_LOG_FORMAT": "json",
    "ZHIBIAO_DRAIN_S": "20",
    "ZHIBIAO_PAGE": "false",  # its port is one, and services are many
    "ZHIBIAO_STORE": "false",  # takes as long to start as a command; for those who ask it
}


class Home:
    """A folder with a service over it; ``settings`` are environment variables on top of :data:`SETTINGS`.

    Its parts are forks (``tests/forked_parts.py``) where they are not to be begun ``anew``: all, or those of some modules.
    """

    def __init__(self, folder: Path, *, anew: bool | Collection[str] = (), **settings: str) -> None:
        self.folder, self._anew = folder, anew
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
        self.environ = {**clean, **SETTINGS, **settings}
        self.inbox, self.processed, self.quarantine = (folder / name for name in ("inbox", "processed", "quarantine"))
        self.state = folder / "state"
        self.process: forks.Program | None = None

    def start(self) -> "Home":
        """Start the service and wait until its watcher watches."""
        said = len(self.said())
        with (self.folder / "service.log").open("ab") as log:
            command = [sys.executable, "-m", "zhibiao", "up"]
            self.process = forks.popen(
                command,
                cwd=self.folder,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
                forks_parts=None if self._anew is True else self._anew or (),
            )
        eventually(lambda: self._is_alive() and "watching" in self.said()[said:])
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell the service to end; gives its status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(LONG_S)

    def said(self) -> list[str]:
        """The messages of the service's log."""
        return [line.get("message", "") for line in self.log()]

    def log(self) -> list[dict[str, Any]]:
        """The service's log."""
        file = self.folder / "service.log"
        lines = file.read_text("utf-8", "replace").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def run(self, *arguments: str, timeout_s: float = LONG_S) -> subprocess.CompletedProcess[str]:
        """Run a command beside the service."""
        command = [sys.executable, "-m", "zhibiao", *arguments]
        return forks.run(command, cwd=self.folder, env=self.environ, timeout=timeout_s)

    @property
    def url(self) -> str:
        """Its Redis."""
        return self.environ.get("ZHIBIAO_REDIS_URL") or EmbeddedRedis(self.state).url

    def events(self, stream: str = names.DEFAULT.results_stream) -> list[dict[str, Any]]:
        """All events of a stream, oldest first."""
        with connect(self.url) as client:
            entries: Any = client.xrange(stream)
        return [json.loads(fields[names.EVENT_FIELD]) for _entry_id, fields in entries]

    def event_of(self, path: str, stream: str = names.DEFAULT.results_stream) -> dict[str, Any]:
        """The event about one file, waited for."""
        found = eventually(lambda: [event for event in self.events(stream) if event["subject"] == path])
        return found[-1]

    def until_filed(self, path: str) -> Path:
        """The sidecar of a report that was read, once both lie in ``processed/``: its event is out before that."""
        sidecar = self.processed / f"{path}.json"
        eventually(lambda: not (self.inbox / path).exists() and (self.processed / path).exists() and sidecar.exists())
        return sidecar

    def rename_in(self, source: Path, name: str) -> None:
        """Put a copy of ``source`` into the inbox, whole at once."""
        elsewhere = self.folder / "elsewhere"
        shutil.copyfile(source, elsewhere)
        goal = self.inbox / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        elsewhere.rename(goal)

    def _is_alive(self) -> bool:
        assert self.process is not None
        status = self.process.poll()
        assert status is None, f"the service ended with {status}: {(self.folder / 'service.log').read_text('utf-8')}"
        return True


@contextmanager
def running(folder: Path, *, anew: bool | Collection[str] = (), **settings: str) -> Iterator[Home]:
    """A service that is stopped in the end."""
    home = Home(folder, anew=anew, **settings)
    try:
        yield home.start()
    finally:
        if home.process:
            home.stop()
