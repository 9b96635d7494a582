"""Real Celery workers over an inbox of their own, and what came of the files handed to them."""

import hashlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from delivery.connect import connect
from delivery.queue import send
from delivery.subscribe import read_outcomes
from schemas import names
from schemas.handover import HandOver, Outcome
from schemas.ids import document_id
from schemas.paths import to_wire
from tests import forks
from tests.waiting import LONG_S, wait_for

ROOT = Path(__file__).parent.parent
QUEUE = names.DEFAULT.queue_key
UNACKED = names.DEFAULT.celery_prefix + "unacked"


class WorkerProcess:
    """``celery worker`` with its children, in a process group of its own."""

    def __init__(
        self,
        argv: list[str],
        environ: Mapping[str, str],
        log: Path,
        ready: Path,
        popen: Callable[..., forks.Program] = forks.popen,
    ) -> None:
        self._log, self._ready = log, ready
        with log.open("ab") as output:
            self.process = popen(argv, cwd=ROOT, env=environ, stdout=output, stderr=output, start_new_session=True)

    @property
    def sign_of_life(self) -> Path:
        """The file that it touches while it is well."""
        return self._ready

    def until_ready(self) -> Self:
        wait_for(lambda: self._ready.exists() or self.process.poll() is not None, what="ready worker")
        assert self.process.poll() is None, self._log.read_text()
        return self

    def children(self) -> list[int]:
        """The pool's processes."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def signal_group(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it and its children at once."""
        with suppress(ProcessLookupError):
            self.signal_group(signal.SIGKILL)
        self.process.wait()

    def stop(self, timeout_s: float = LONG_S) -> int:
        """Ask it to finish; gives its exit status."""
        self.process.terminate()
        return self.process.wait(timeout_s)


class WorkerRig:
    """An inbox, a queue and workers. Settings of the workers are keywords, as ``max_attempts=2``."""

    def __init__(self, folder: Path, url: str, *, faulty: bool = False, **settings: object) -> None:
        self.folder, self.url = folder, url
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.log = folder / "worker.log"
        self.client = connect(url)
        self.app = "tests.faulty_worker" if faulty else "worker.app"
        self.workers: list[WorkerProcess] = []
        self.popen: Callable[..., forks.Program] = forks.popen
        self._log_from = 0
        self._environ = {
            **os.environ,
            "BEGUN": str(folder / "begun"),
            "ZHIBIAO_REDIS_URL": url,
            "ZHIBIAO_INBOX": str(self.inbox),
            "ZHIBIAO_LOG_FORMAT": "json",
            **{f"ZHIBIAO_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            worker.kill()
        self.client.close()
        if kind and self.log.exists():
            print(self.log.read_text()[-8000:])  # noqa: T201 - the reason of a failing test

    def forget(self) -> None:
        """Begin anew with the workers that run: an empty server and inbox, and no log or reading of before."""
        self.client.flushall()
        for path in self.inbox.iterdir():
            path.unlink()
        (self.folder / "begun").unlink(missing_ok=True)
        self._log_from = self.log.stat().st_size

    def start(self, concurrency: int = 1, **environ: str) -> WorkerProcess:
        """Start a worker, and wait until it takes tasks."""
        return self.launch(concurrency, **environ).until_ready()

    def launch(self, concurrency: int = 1, **environ: str) -> WorkerProcess:
        """Start a worker."""
        number = len(self.workers)
        ready = self.folder / f"alive{number}"
        options = [
            "-P",
            "prefork",
            "-c",
            str(concurrency),
            "-n",
            f"worker{number}@%h",
            "--without-gossip",
            "--without-mingle",
        ]
        worker = WorkerProcess(
            [sys.executable, "-m", "celery", "-q", "-A", self.app, "worker", *options],
            {**self._environ, "ZHIBIAO_WORKER_HEALTH": str(ready), **environ},
            self.log,
            ready,
            self.popen,
        )
        self.workers.append(worker)
        return worker

    def drop(self, name: str, content: bytes) -> HandOver:
        """Put a file into the inbox; gives its hand-over, not sent yet."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        wire = to_wire(name)
        digest = hashlib.sha256(content).hexdigest()
        return HandOver(id=document_id(wire), revision=1, path=wire, sha256=digest, size_bytes=len(content))

    def send(self, *handovers: HandOver) -> None:
        send(self.client, self.url, handovers)

    def give(self, name: str, content: bytes) -> HandOver:
        """Drop a file and hand it over."""
        handover = self.drop(name, content)
        self.send(handover)
        return handover

    def events(self, stream: str = names.DEFAULT.results_stream) -> list[dict[str, Any]]:
        return [json.loads(fields[names.EVENT_FIELD]) for _, fields in self.client.xrange(stream)]

    def failures(self) -> list[dict[str, Any]]:
        return [event["data"] for event in self.events(names.DEFAULT.failures_stream)]

    def outcomes(self) -> list[Outcome]:
        return [outcome for _, outcome in read_outcomes(self.client, "0", 0, 10_000) if outcome]

    def begun(self, handover: HandOver | None = None) -> int:
        """How often a reading was begun, or that of one report; of faulty workers only."""
        path = self.folder / "begun"
        counts = Counter(line.rpartition(" ")[0] for line in path.read_text().splitlines() if path.exists())
        return counts[handover.path] if handover else counts.total()

    def has_begun(self, handover: HandOver) -> bool:
        return (self.folder / "begun").exists() and self.begun(handover) > 0

    def ended(self, count: int, timeout_s: float = LONG_S) -> float:
        """Wait until so many outcomes are told and no task is left; gives the seconds it took."""
        return wait_for(
            lambda: len(self.outcomes()) >= count and self.left() == 0, timeout_s, f"{count} outcomes, none left"
        )

    def left(self) -> int:
        """Tasks in the queue or with a worker."""
        return int(self.client.llen(QUEUE)) + int(self.client.hlen(UNACKED))

    def log_lines(self) -> list[dict[str, Any]]:
        """What the workers have logged, since :meth:`forget` where that was called."""
        lines = self.log.read_bytes()[self._log_from :].decode().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def assert_one_event_each(self, *handovers: HandOver) -> None:
        """Every hand-over has one event, in one of the two streams, and its last outcome names it."""
        events = self.events() + self.events(names.DEFAULT.failures_stream)
        assert Counter(event["data"]["id"] for event in events) == Counter(handover.id for handover in handovers)
        assert all(event["data"]["source"]["sha256"] in {h.sha256 for h in handovers} for event in events)
        told = {outcome.id: outcome for outcome in self.outcomes()}
        for event in events:
            outcome = told[event["data"]["id"]]
            assert outcome.event_id == event["id"]
            stream = names.DEFAULT.results_stream if outcome.status == "published" else names.DEFAULT.failures_stream
            assert outcome.entry_id
            assert json.loads(self.client.xrange(stream, outcome.entry_id, outcome.entry_id)[0][1]["data"]) == event
