"""Redis, watcher and workers as child processes of one supervisor."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

import structlog

from page import extra
from zhibiao.exits import INTERRUPTED, Failed
from zhibiao.running.embedded import EmbeddedRedis, EmbeddedRedisError
from zhibiao.running.part import PAUSE, WELL_AFTER_S, Part
from zhibiao.running.process_lock import HeldByAnother, hold
from zhibiao.settings import ServiceSettings, environment
from zhibiao.wording import say

TICK_S = 0.5
_RELAY = "relay"
_STORE = "store"
_PAGE = "page"
_PAGE_TOKEN = "ZHIBIAO_PAGE_TOKEN"  # noqa: S105 - the name of a setting
_SINKS = "ZHIBIAO_SINKS"
STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_log = structlog.get_logger("zhibiao")


class Supervisor:
    """Keeps the parts running, then stops them in order: watcher, workers, relays, store and page. Redis is the caller's to stop, last."""

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
            _say_started(self._server)

    def _drain(self) -> None:
        _log.info("stopping", grace_s=self._settings.drain_s)
        deadline_s = time.monotonic() + self._settings.drain_s
        relays = [part for part in self._parts if part.name.startswith((_RELAY, _STORE, _PAGE))]
        watcher, *workers = [part for part in self._parts if part not in relays]
        for stage in ([watcher], workers, relays):
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


def parts_of(settings: ServiceSettings, url: str, log: IO[str] | None = None) -> list[Part]:
    """The watcher, the workers, a relay for each sink, the store, and the page where it can be served; none started yet.

    ``log`` is a file that they log to, in place of standard error.
    """
    with_token = {**os.environ, **environment(settings, url)}
    with_token.pop(_SINKS, None)  # may hold passwords, and no worker feeds a sink
    environ = {name: value for name, value in with_token.items() if name != _PAGE_TOKEN}
    with_sinks = {**environ, _SINKS: json.dumps(settings.sink_urls())}
    watcher = Part("watcher", [sys.executable, "-m", "watcher"], with_sinks, log)
    workers = [f"worker{number}" for number in range(1, settings.workers + 1)]
    relays = [
        Part(f"{_RELAY}{number}", [sys.executable, "-m", "delivery.relay", str(number)], with_sinks, log)
        for number in range(1, len(settings.sinks) + 1)
    ]
    if settings.store:
        relays.append(Part(_STORE, [sys.executable, "-m", "store"], environ, log))
    if settings.page and not extra.missing():
        # Its threads share two heaps of glibc, where each would have one of its own that never shrinks.
        relays.append(Part(_PAGE, [sys.executable, "-m", "page"], {"MALLOC_ARENA_MAX": "2", **with_token}, log))
    readers = [Part(name, _worker(name), {**environ, **_own(settings, name)}, log) for name in workers]
    return [watcher, *readers, *relays]


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


def start_redis(settings: ServiceSettings) -> EmbeddedRedis:
    """The server of this state folder, started.

    Raises:
        Failed: it cannot be.
    """
    server = EmbeddedRedis(settings.state, settings.redis_port)
    try:
        server.start()
    except EmbeddedRedisError as error:
        raise Failed(f"Redis: {error}") from error
    _say_started(server)
    return server


def _say_started(server: EmbeddedRedis) -> None:
    if server.moved_aside:
        _log.error(
            "redis_data_damaged",
            moved_to=str(server.moved_aside),
            what="the server could not load its data and has started empty; the watcher restores what was published from "
            "the archive. Groups of consumers are to be made again",
        )
    _log.info("started", part="redis", pid=server.pid)


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold the state folder's lock; a service that was killed holds none."""
    try:
        lock = hold(state / "service.lock")
    except HeldByAnother as another:
        raise Failed(say("why_not.another", process=another, state=state)) from None
    with lock:
        yield


@contextmanager
def signals_to_stop() -> Iterator["SimpleQueue[int]"]:
    """Signals to stop, and deaths of children, as a queue; a queue may be filled from a handler, an Event may not."""
    received: SimpleQueue[int] = SimpleQueue()
    watched = [number for number in (*STOP, signal.SIGCHLD) if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, lambda seen, _frame: received.put(seen)) for number in watched}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
