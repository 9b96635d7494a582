"""A real watcher and real Celery workers, started again whenever they end, as by an init system."""

import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from tests.watcher_rig import Rig, wait_for
from tests.worker_rig import WorkerProcess, WorkerRig

TEND_S = 0.2


class Whole:
    """``rig`` is the watcher's side, ``staff`` the workers'; settings of either are given with its name before them."""

    def __init__(self, folder: Path, url: str, *, workers: int = 2, concurrency: int = 1, **settings: Any) -> None:
        self._stack = ExitStack()
        (folder / "staff").mkdir()
        # As in production: what the rig shortens here is how soon a silent worker is taken for dead.
        watching = {"redeliver_after_s": 10.0} | _of("watcher", settings)
        self.rig = self._stack.enter_context(Rig(folder / "watcher", url, **watching))
        reading = _of("worker", settings)
        self.staff = WorkerRig(folder / "staff", url, faulty=True, inbox=self.rig.inbox, **reading)
        self._stack.enter_context(self.staff)
        self._wanted, self._concurrency = workers, concurrency
        self._stopping = threading.Event()
        self._tending = threading.Thread(target=self._tend, daemon=True)
        self.workers: list[WorkerProcess] = []
        self.restarts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._tending.is_alive():
            self._tending.join()
        self._stack.close()

    def start(self, **environ: str) -> Self:
        """Start the watcher and the workers; from now on a worker that ends has a successor, without ``environ``."""
        self.rig.start()
        self.workers = [self.staff.launch(self._concurrency, **environ) for _ in range(self._wanted)]
        for worker in self.workers:
            worker.until_ready()
        self._tending.start()
        return self

    def kill_worker(self, number: int) -> None:
        """kill -9 a worker with its children."""
        self.workers[number].signal_group(signal.SIGKILL)

    def drop(self, files: dict[str, bytes]) -> None:
        for name, content in files.items():
            self.rig.drop(name, content)

    def until_filed(self, files: dict[str, bytes], timeout_s: float = 90.0) -> float:
        return wait_for(lambda: all(self.rig.is_filed(name) for name in files), timeout_s, "all files filed")

    def begun(self) -> int:
        """How many readings were begun."""
        return len(self.readers())

    def readers(self) -> list[str]:
        """The process of each reading that was begun."""
        path = self.staff.folder / "begun"
        return [line.rpartition(" ")[2] for line in path.read_text().splitlines()] if path.exists() else []

    def assert_all(self, files: dict[str, bytes]) -> None:
        """The invariants, and every file published just once."""
        self.rig.assert_invariants(files)
        assert sorted(path for path, _, _ in self.rig.results()) == sorted(files)
        wait_for(lambda: all(worker.process.poll() is None for worker in self.workers), what="workers run")

    def _tend(self) -> None:
        while not self._stopping.wait(TEND_S):
            for number, worker in enumerate(self.workers):
                if worker.process.poll() is not None:
                    self.workers[number] = self.staff.launch(self._concurrency)
                    self.restarts += 1


def _of(who: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(f"{who}_"): value for name, value in settings.items() if name.startswith(f"{who}_")}
