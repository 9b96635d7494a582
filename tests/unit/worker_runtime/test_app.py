"""What the Celery app of the workers is made of: its module is run once more, with a Celery that only notes what it is told."""

import gc
import logging
import resource
import runpy
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest
from celery.utils.dispatch import Signal
from pydantic import SecretStr
from structlog.testing import capture_logs

from delivery import logs
from worker import health, settings

SAID = {
    "redis_url": None, "site": "gz", "concurrency": 3, "soft_time_limit_s": 4, "hard_time_limit_s": 5, "max_child_memory_kib": 6,
    "max_child_address_space_bytes": 7, "metrics_port": 0, "metrics_address": "a", "plugins": True,
}  # fmt: skip


class Told:
    """The conf, the steps and the signals' receivers of an app that is made with such settings."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
        self.settings = SimpleNamespace(**SAID | changes)
        self.made: list[Any] = []
        self.conf: dict[str, Any] = {}
        self.steps: set[Any] = set()
        self.receivers: list[tuple[str, Callable[..., Any]]] = []
        app = SimpleNamespace(conf=self.conf, steps={"consumer": self.steps})

        def make_app(*about: Any) -> Any:
            self.made.append(about)
            return app

        monkeypatch.setattr(settings, "worker_settings", lambda: self.settings)
        monkeypatch.setattr("delivery.queue.make_app", make_app)
        monkeypatch.setattr("worker.pool.apply", lambda: self.made.append("pool"))
        monkeypatch.setattr(Signal, "connect", lambda signal, receiver: self.receivers.append((signal.name, receiver)))
        found = find_spec("worker.app")
        assert found
        assert found.origin
        runpy.run_path(found.origin)

    def receive(self, name: str) -> None:
        """Call who is to hear of it, as Celery does."""
        for signal, receiver in self.receivers:
            if signal == name:
                receiver(sender=None)


@pytest.mark.parametrize(
    ("url", "seen"), [(None, "redis://127.0.0.1:6379/0"), (SecretStr("redis://:secret@h/1"), "redis://:secret@h/1")]
)
def test_the_settings_of_a_worker_are_celery_s(
    monkeypatch: pytest.MonkeyPatch, url: SecretStr | None, seen: str
) -> None:
    told = Told(monkeypatch, redis_url=url)

    assert told.made == ["pool", ("zhibiao.worker", seen, "gz")]
    assert told.conf == {
        "include": ["worker.tasks"], "zhibiao_redis_url": seen, "zhibiao_site": "gz", "worker_concurrency": 3, "task_soft_time_limit": 4,
        "task_time_limit": 5, "worker_max_memory_per_child": 6, "worker_hijack_root_logger": False,
    }  # fmt: skip
    assert told.steps == {health.SignOfLife}


def test_a_worker_loads_what_it_reads_with_before_it_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """By reading a report; its processes look for cycles seldom."""
    seen: list[str] = []
    told = Told(monkeypatch)
    monkeypatch.setattr(gc, "freeze", lambda: seen.append("frozen"))
    monkeypatch.setattr(gc, "collect", lambda: seen.append("collected"))
    monkeypatch.setattr(gc, "set_threshold", lambda *numbers: seen.append(f"after {numbers[0]}"))
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, _limits: None)
    load = dict(told.receivers)["worker_init"].__globals__
    monkeypatch.setitem(load, "read", lambda data, origin, *_: seen.append(f"{data.decode()[:5]} {origin.path!r}"))
    told.receive("worker_init")
    assert seen == ["海口市20 ''", "collected", "frozen"]
    told.receive("worker_process_init")
    assert seen[3:] == ["after 50000"]


@pytest.mark.parametrize(("limit", "limits"), [(7, [(resource.RLIMIT_AS, (7, 7))]), (0, [])])
def test_its_processes_get_no_more_memory_than_is_set(
    monkeypatch: pytest.MonkeyPatch, limit: int, limits: list[Any]
) -> None:
    seen: list[Any] = []
    told = Told(monkeypatch, max_child_address_space_bytes=limit)
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)
    monkeypatch.setattr(resource, "setrlimit", lambda *about: seen.append(about))
    told.receive("worker_process_init")

    assert seen == limits


@pytest.fixture
def jieba_handler() -> Iterator[logging.Handler]:
    logger, handler = logging.getLogger("jieba"), logging.NullHandler()
    before = [*logger.handlers]
    logger.addHandler(handler)
    yield handler
    logger.handlers[:] = before


def test_its_log_is_ours(monkeypatch: pytest.MonkeyPatch, jieba_handler: logging.Handler) -> None:
    """Without the handler that jieba brings, which would write every line twice."""
    seen: list[Any] = []
    told = Told(monkeypatch)
    monkeypatch.setattr(logs, "configure", lambda *about: seen.append(about))
    told.receive("setup_logging")

    assert seen == [(told.settings, "worker")]
    assert logging.getLogger("jieba").handlers == []


@pytest.mark.parametrize("plugins", [True, False])
def test_readers_of_others_are_named_when_it_is_ready(monkeypatch: pytest.MonkeyPatch, *, plugins: bool) -> None:
    found = SimpleNamespace(name="wps", origin="zhibiao-wps 1.0", load=None)
    monkeypatch.setattr("worker.foreign_readers.plugins.installed", lambda _kind: [found])
    told = Told(monkeypatch, plugins=plugins)
    with capture_logs() as lines:
        told.receive("worker_ready")

    line = {"event": "foreign_reader", "log_level": "info", "name": "wps", "of": "zhibiao-wps 1.0"}
    assert lines == [line] * plugins


def test_entries_that_are_no_hand_over_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    told, counted = Told(monkeypatch), []
    monkeypatch.setitem(
        dict(told.receivers)["task_rejected"].__globals__,
        "worker_telemetry",
        lambda: SimpleNamespace(rejected=lambda: counted.append(1)),
    )
    told.receive("task_rejected")

    assert counted == [1]


def test_numbers_are_served_where_a_port_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made ready before there are processes, served once there are, and taken away at the end."""
    served: list[Any] = []

    class Serving:
        def __init__(self, *about: Any) -> None:
            served.append(about)

        def prepare(self, **_options: Any) -> None: ...

        def serve(self, **_options: Any) -> None: ...

        def stop(self, **_options: Any) -> None: ...

    monkeypatch.setattr("worker.telemetry.Serving", Serving)
    without = Told(monkeypatch)
    told = Told(monkeypatch, metrics_port=9)

    assert [(about[0], about[1], about[2].__name__) for about in served] == [("a", 9, "current_process_index")]
    more = [(name, receiver.__name__) for name, receiver in told.receivers[: -len(without.receivers)]]
    assert more == [("worker_init", "prepare"), ("worker_ready", "serve"), ("worker_shutdown", "stop")]
