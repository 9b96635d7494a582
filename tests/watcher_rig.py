"""A real watcher process over folders of its own, and a stand-in for the workers that reads nothing but bytes."""

import base64
import hashlib
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from delivery.connect import UNREACHABLE, connect, names_of
from delivery.publish import Publisher
from schemas import names
from schemas.events import FailedEvent, FailedFile, Failure, ReportEvent, utc_now
from schemas.handover import HandOver, Outcome
from schemas.paths import from_wire
from schemas.reading import Reading, Segments
from schemas.report import Document, PipelineInfo, Report, SourceFile
from tests import forks
from tests.waiting import LONG_S, wait_for
from watcher.health import Health, read_all
from watcher.ledger.database import Ledger
from watcher.ledger.rows import FileRow
from watcher.running.damage import FILE_NAME
from watcher.settings import WatcherSettings
from watcher.whereabouts import FileStatus, describe

QUEUE = names.DEFAULT.queue_key
SETTLE_S = 0.3
QUICK = {
    "settle_s": SETTLE_S,
    "settle_unknown_s": 0.8,
    "empty_grace_s": 0.6,
    "reconcile_s": 1.0,
    "poll_s": 0.5,
    "redeliver_after_s": 2.0,
}


def tell(case: str, seen: str) -> None:
    """A line of the table that ``make test-faults`` prints."""
    print(f"\n| {case} | {seen} |")  # noqa: T201 - the figures are the point


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Worker:
    """Takes hand-overs from the real queue and publishes through the real publisher; "BAD..." cannot be read.

    While ``may_read`` is clear, it holds what it has taken and does not look at the file.
    """

    def __init__(
        self, url: str, inbox: Path, delay_s: float = 0.0, site: str = "", version: str = "test", **publishing: int
    ) -> None:
        self._redis = connect(url, site)
        self._publisher = Publisher(self._redis, **publishing)
        self._inbox = inbox
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.delay_s = delay_s
        self.version = version
        self.refuses: Callable[[HandOver], bool] = lambda _handover: False
        self.may_read = threading.Event()
        self.may_read.set()
        self.handled: list[HandOver] = []

    def __enter__(self) -> "Worker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._redis.close()

    def handle(self, handover: HandOver) -> None:
        """What a worker does with one hand-over."""
        self.handled.append(handover)
        time.sleep(self.delay_s)
        assert self.may_read.wait(LONG_S), "told to hold a hand-over, and never to go on"
        try:
            content = Path(
                os.fsdecode(os.fsencode(self._inbox) + b"/" + from_wire(handover.place or handover.path))
            ).read_bytes()
        except FileNotFoundError:
            self._publisher.outcome(_outcome(handover, "missing"))
            return
        except (IsADirectoryError, NotADirectoryError):
            self._publisher.outcome(_outcome(handover, "changed"))
            return
        if sha256(content) != handover.sha256:
            self._publisher.outcome(_outcome(handover, "changed"))
        elif content.startswith(b"BAD") or self.refuses(handover):
            self._publisher.failure(failed_event(handover), handover)
        else:
            event = report_event(handover, self.version)
            self._publisher.report(event, handover, reading(handover, content, self.version))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                taken: Any = self._redis.brpop([names_of(self._redis).queue_key], timeout=1)
                if taken:
                    self.handle(_decode(taken[1]))
            except UNREACHABLE:
                time.sleep(0.1)


def _decode(message: str) -> HandOver:
    arguments, _, _ = json.loads(base64.b64decode(json.loads(message)["body"]))
    return HandOver.model_validate(arguments[0])


def _outcome(handover: HandOver, status: Any) -> Outcome:
    about = handover.model_dump(include={"id", "revision", "round", "sha256"})
    return Outcome(**about, status=status)


def report_event(handover: HandOver, version: str = "test") -> ReportEvent:
    """An event about a report of which only the bytes were looked at."""
    source = SourceFile(
        name=handover.path.rpartition("/")[2],
        path=handover.path,
        sha256=handover.sha256,
        size_bytes=handover.size_bytes,
        media_type="text/plain",
        encoding="utf-8",
    )
    report = Report(
        id=handover.id,
        revision=handover.revision,
        supersedes=handover.supersedes,
        repeats=handover.repeats,
        replaces=handover.replaces,
        source=source,
        document=Document(),
        pipeline=PipelineInfo(version=version),
    )
    return ReportEvent.of(report, utc_now())


def reading(handover: HandOver, content: bytes, version: str = "test") -> bytes:
    """The packed reading of that report: its bytes, a character each."""
    return Reading(
        id=handover.id,
        revision=handover.revision,
        sha256=handover.sha256,
        pipeline_version=version,
        raw=content.decode("latin-1"),
        segments=Segments(now_starts=(0, len(content)), raw_starts=(0,), raw_lengths=(len(content),), copied=(1,)),
    ).packed()


def failed_event(handover: HandOver) -> FailedEvent:
    """An event about a report that could not be read."""
    failure = Failure(
        id=handover.id,
        revision=handover.revision,
        round=handover.round,
        source=FailedFile(
            name=handover.path.rpartition("/")[2],
            path=handover.path,
            sha256=handover.sha256,
            size_bytes=handover.size_bytes,
        ),
        code="undecodable",
        message="made to fail",
        stage="decode",
        place="byte 0",
        attempts=1,
        trace=("worker:test:1",),
        disposition="kept" if handover.replaces else "quarantined",
    )
    return FailedEvent.of(failure, "test", utc_now())


class Rig:
    """Folders, a watcher process, and what came out of it."""

    def __init__(self, folder: Path, url: str, **settings: Any) -> None:
        self.folder = folder
        self.outside = folder / "outside"
        self.outside.mkdir(parents=True)
        places = {name: folder / name for name in ("inbox", "processed", "quarantine", "state")}
        self.settings = WatcherSettings(redis_url=url, **{**places, **QUICK, **settings}, _env_file=None)
        self.inbox, self.processed = self.settings.inbox, self.settings.processed
        self.quarantine, self.state = self.settings.quarantine, self.settings.state
        self.inbox.mkdir()
        self.url = url
        self.redis: redis.Redis = connect(url)
        self.processes: list[forks.Program] = []
        self.log = folder / "watcher.log"
        self.command = [sys.executable, "-m", "watcher"]
        self.popen: Callable[..., forks.Program] = forks.popen

    def __enter__(self) -> "Rig":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self.redis.close()

    def environ(self) -> dict[str, str]:
        """The settings, as a process gets them."""
        chosen = {
            f"ZHIBIAO_{name.upper()}": json.dumps(value) if isinstance(value, tuple) else str(value)
            for name, value in self.settings.model_dump(exclude={"redis_url"}, exclude_none=True).items()
        }
        return {**os.environ, **chosen, "ZHIBIAO_REDIS_URL": self.url}

    def start(self, *, wait: bool = True, command: list[str] | None = None) -> forks.Program:
        """Start a watcher, and wait until it watches."""
        with self.log.open("ab") as log:
            process = self.popen(command or self.command, env=self.environ(), cwd=self.folder, stdout=log, stderr=log)
        self.processes.append(process)
        if wait:
            wait_for(lambda: self.is_active(process), what="the watcher is active")
        return process

    def is_active(self, process: forks.Program) -> bool:
        """Whether this process says that it watches, and has walked the inbox once."""
        assert process.poll() is None, self.log.read_text(encoding="utf-8")
        return any(
            health.pid == process.pid and health.role == "active" and health.counts.get("walks", 0) > 0
            for health in read_all(self.state)
        )

    def until_walked(self, times: int = 2) -> None:
        """Wait for so many walks from now on: what a walk finds has been found."""
        done = self.health().counts["walks"]
        # One may be going on.
        wait_for(lambda: self.health().counts["walks"] > done + times, what=f"{times} walks")

    def kill(self) -> None:
        """kill -9 the newest watcher."""
        self.processes[-1].kill()
        self.processes[-1].wait()

    def stop(self) -> None:
        """SIGTERM the newest watcher, and wait for its end."""
        self.processes[-1].terminate()
        assert self.processes[-1].wait(LONG_S) == 0

    def restart(self, *, command: list[str] | None = None) -> None:
        """kill -9 the newest watcher and start another."""
        self.kill()
        self.start(command=command)

    # Files

    def write(self, name: str | bytes, content: bytes) -> Path:
        """Write a file in place."""
        path = Path(os.fsdecode(os.path.join(os.fsencode(self.inbox), os.fsencode(name))))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def drop(self, name: str | bytes, content: bytes) -> Path:
        """Move a complete file in."""
        target = Path(os.fsdecode(os.path.join(os.fsencode(self.inbox), os.fsencode(name))))
        source = self.outside / f"{threading.get_ident()}-{time.monotonic_ns()}"
        source.write_bytes(content)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)
        return target

    # What came out

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger as another process sees it."""
        ledger = Ledger.open(self.state / FILE_NAME, readonly=True)
        try:
            yield ledger
        finally:
            ledger.close()

    def rows(self, wire_path: str) -> list[FileRow]:
        """The ledger's rows of a path, newest first."""
        with self.ledger() as ledger:
            return ledger.find(wire_path)

    def counts(self) -> dict[str, int]:
        """Rows by state."""
        with self.ledger() as ledger:
            return ledger.summary()

    def state_of(self, wire_path: str) -> str | None:
        """State of a path's newest row."""
        rows = self.rows(wire_path)
        return rows[0].state if rows else None

    def is_filed(self, wire_path: str) -> bool:
        """Whether a path's newest row has ended and its file has left the inbox."""
        rows = self.rows(wire_path)
        return bool(rows) and rows[0].state in ("published", "quarantined", "duplicate") and not rows[0].in_inbox

    def health(self) -> Health:
        """What the active watcher last said of itself."""
        return read_all(self.state)[0]

    def describe(self, name: str) -> FileStatus:
        """What ``zhibiao status`` would say."""
        return describe(self.settings, name)

    def events(self, stream: str = names.DEFAULT.results_stream) -> list[dict[str, Any]]:
        """The data of all events of a stream."""
        entries: Any = self.redis.xrange(stream)
        return [json.loads(fields[names.EVENT_FIELD])["data"] for _, fields in entries]

    def results(self) -> list[tuple[str, int, str]]:
        """Path, revision and digest of each published report, in order."""
        return [(data["source"]["path"], data["revision"], data["source"]["sha256"]) for data in self.events()]

    def log_lines(self, message: str) -> list[dict[str, Any]]:
        """The watcher's log lines with this message."""
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line[:1] == "{"]
        return [line for line in lines if line["message"] == message]

    def assert_invariants(self, written: dict[str, bytes], *, is_running: bool = True) -> None:
        """What holds after every fault; ``written`` is the last content of each complete file, by wire path."""
        with self.ledger() as ledger:
            newest = {path: ledger.find(path)[0] for path in written}
            known = ledger.summary()
        ends = {path: row.state for path, row in newest.items()}
        odd = {path: state for path, state in ends.items() if state not in ("published", "quarantined", "duplicate")}
        assert odd == {}, "I1: files without an end"
        assert known.get("accepted", 0) + known.get("queued", 0) == 0, "I1: hand-overs without an end"
        results = self.results()
        # What a document was set back to is published again, and says so.
        repeated = [(data["source"]["path"], data["revision"]) for data in self.events() if data["repeats"]]
        # What was read again by other rules has an event of its own, which names the one before.
        reread = [(data["source"]["path"], data["replaces"]) for data in self.events() if data.get("replaces")]
        first = [
            (data["source"]["path"], data["source"]["sha256"])
            for data in self.events()
            if not data.get("replaces") and (data["source"]["path"], data["revision"]) not in repeated
        ]
        twice = [key for keys in (first, repeated, reread) for key, times in Counter(keys).items() if times > 1]
        assert twice == [], "I2: published twice"
        latest = {path: digest for path, _, digest in results}
        for path, content in written.items():
            if ends[path] == "published":
                assert latest[path] == sha256(content), f"I3: {path} was published with other content"
        kept = Counter(sha256(file.read_bytes()) for file in self.files(self.processed, self.quarantine, self.inbox))
        lost = Counter(sha256(content) for content in written.values()) - kept
        assert lost == {}, "I4: bytes that are nowhere"
        if is_running:
            assert self.processes[-1].poll() is None, "I5: the watcher has ended"
            assert read_all(self.state)[0].problem(time.time()) is None, "I5: the watcher is not well"

    def files(self, *roots: Path) -> list[Path]:
        """Regular files below folders, other than sidecars."""
        found = []
        for root in roots:
            for path in root.rglob("*"):
                is_sidecar = root != self.inbox and path.name.endswith((".json", ".reading.gz"))
                if path.is_file() and not path.is_symlink() and not is_sidecar:
                    found.append(path)
        return found
