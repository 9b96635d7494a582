"""``zhibiao up``: Redis, watcher and workers as child processes of one supervisor."""

import fcntl
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import unquote, urlsplit

import structlog
from rich.table import Table
from rich.text import Text

from delivery import connect, logs
from schemas import names
from schemas.paths import to_wire
from watcher import folders, risks
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao import __version__, terminal
from zhibiao.embedded import EmbeddedRedis, EmbeddedRedisError
from zhibiao.exits import INTERRUPTED, Failed, WrongSetting
from zhibiao.part import PAUSE, WELL_AFTER_S, Part
from zhibiao.place import named_redis
from zhibiao.settings import ServiceSettings, environment, load

TICK_S = 0.5
STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_log = structlog.get_logger("zhibiao")


def run(settings: ServiceSettings) -> None:
    """Run the service until it is told to stop.

    Raises:
        BadSettings: a part could not use its settings.
        Failed: a folder, Redis or another service in this folder is in the way.
        WrongSetting: reports could be lost.
        SystemExit: a second Ctrl-C cut the stopping short.
    """
    logs.configure(settings, "service")
    load(WorkerSettings)  # better refused here than by a part that would be started again and again
    watching = load(WatcherSettings)
    named = named_redis(settings)
    if problems := folders.make(settings):
        raise Failed("\n  ".join(problems))
    if refused := risks.look(watching, named):
        raise WrongSetting("\n  ".join(map(str, refused)))
    if named and not connect.answers(named):
        _log.warning("redis does not answer yet: files are taken in and wait", redis=connect.redacted(named))
    with _only_one(settings.state.absolute()), _signals() as signals:
        server = None if named else _start_redis(settings)
        try:
            url = server.url if server else str(named)
            _announce(settings, url)
            Supervisor(settings, server, _parts(settings, url), signals).run()
        finally:
            if server:
                server.stop()
                _log.info("stopped", part="redis")


class Supervisor:
    """Keeps the parts running, then stops them in order: watcher, workers. Redis is the caller's to stop, last."""

    def __init__(
        self, settings: ServiceSettings, server: EmbeddedRedis | None, parts: list[Part], signals: "SimpleQueue[int]"
    ) -> None:
        self._settings = settings
        self._server = server
        self._parts = parts
        self._signals = signals
        self._redis_deaths = 0
        self._redis_due_s = 0.0

    def run(self) -> None:
        """Tend to the parts until a signal says stop, then drain."""
        try:
            while self._next_signal(TICK_S) not in STOP:
                now_s = time.monotonic()
                self._tend_redis(now_s)
                for part in self._parts:
                    part.tend(now_s)
            self._drain()
        finally:
            for part in self._parts:
                part.kill()

    def _tend_redis(self, now_s: float) -> None:
        if self._server is None or (self._server.pid and self._server.returncode is None) or now_s < self._redis_due_s:
            return
        self._redis_deaths = 1 if now_s - self._redis_due_s > WELL_AFTER_S else self._redis_deaths + 1
        self._redis_due_s = now_s + PAUSE.wait_s(self._redis_deaths)
        _log.error("died", part="redis", status=self._server.returncode, deaths=self._redis_deaths)
        try:
            self._server.start()
        except EmbeddedRedisError as error:
            _log.error("redis cannot be started", reason=str(error))
        else:
            _log.info("started", part="redis", pid=self._server.pid)

    def _drain(self) -> None:
        _log.info("stopping", grace_s=self._settings.drain_s)
        deadline_s = time.monotonic() + self._settings.drain_s
        watcher, *workers = self._parts
        for stage in ([watcher], workers):
            for part in stage:
                part.terminate()
            self._wait_for(stage, deadline_s)

    def _wait_for(self, parts: list[Part], deadline_s: float) -> None:
        while any(part.is_running() for part in parts) and time.monotonic() < deadline_s:
            if self._next_signal(min(TICK_S, max(0.0, deadline_s - time.monotonic()))) in STOP:
                _log.warning("told to stop twice: running reports are cut short, and read again at the next start")
                sys.exit(INTERRUPTED)
        for part in parts:
            if not part.is_running():
                _log.info("stopped", part=part.name)

    def _next_signal(self, timeout_s: float) -> int | None:
        try:
            return self._signals.get(timeout=timeout_s)
        except Empty:
            return None


def _parts(settings: ServiceSettings, url: str) -> list[Part]:
    environ = {**os.environ, **environment(settings, url)}
    watcher = Part("watcher", [sys.executable, "-m", "watcher"], environ)
    workers = [f"worker{number}" for number in range(1, settings.workers + 1)]
    return [watcher, *(Part(name, _worker(name), {**environ, **_own(settings, name)}) for name in workers)]


def _own(settings: ServiceSettings, worker: str) -> dict[str, str]:
    """What a worker of one machine must not share with the others: its sign of life, and its port behind theirs."""
    own = {"ZHIBIAO_WORKER_HEALTH": str(settings.state.absolute() / f"{worker}.alive")}
    if settings.metrics_port:
        own["ZHIBIAO_METRICS_PORT"] = str(settings.metrics_port + int(worker.removeprefix("worker")))
    return own


def _worker(name: str) -> list[str]:
    # That root runs it is the doctor's to say, once.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges", "-m", "celery", "-q"]
    celery = [sys.executable, *quiet, "-A", "worker.app", "worker"]
    return [*celery, "-P", "prefork", "-c", "1", "-n", f"{name}@%h", "--without-gossip", "--without-mingle"]


def _start_redis(settings: ServiceSettings) -> EmbeddedRedis:
    server = EmbeddedRedis(settings.state)
    try:
        server.start()
    except EmbeddedRedisError as error:
        raise Failed(f"Redis: {error}") from error
    _log.info("started", part="redis", pid=server.pid)
    return server


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Hold the state folder's lock; a service that was killed holds none."""
    with (state / "service.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Failed(
                f"another service (process {lock.read().strip() or 'unknown'}) runs over {state}; stop it, "
                "or name other folders with ZHIBIAO_STATE, ZHIBIAO_INBOX, ZHIBIAO_PROCESSED and ZHIBIAO_QUARANTINE"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextmanager
def _signals() -> Iterator["SimpleQueue[int]"]:
    """Signals to stop, and deaths of children, as a queue; a queue may be filled from a handler, an Event may not."""
    received: SimpleQueue[int] = SimpleQueue()
    watched = [number for number in (*STOP, signal.SIGCHLD) if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, lambda seen, _frame: received.put(seen)) for number in watched}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(settings: ServiceSettings, url: str) -> None:
    console = terminal.err()
    if not console.is_terminal:
        _log.info(
            "up", version=__version__, inbox=to_wire(bytes(settings.inbox.absolute())), redis=connect.redacted(url)
        )
        return
    table = Table.grid(padding=(0, 2))
    table.add_row(Text("指标 Zhibiao", style="bold"), __version__)
    for name, folder in folders.named(settings).items():
        table.add_row(name, Text(to_wire(bytes(folder))))
    table.add_row("redis", Text(connect.redacted(url)))
    table.add_row("results", Text(f"zhibiao tail, or {subscribe_command(url)}"))
    table.add_row("stop", "Ctrl-C")
    console.print(table)


def subscribe_command(url: str) -> str:
    """The command that subscribes to the results of this Redis, without its password."""
    where = ["-s", unquote(urlsplit(url).path)] if url.startswith("unix://") else ["-u", connect.redacted(url)]
    return shlex.join(["redis-cli", *where, "SUBSCRIBE", names.RESULTS_CHANNEL])
