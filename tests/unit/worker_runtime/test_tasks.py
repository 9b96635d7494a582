"""The edge between Celery and an attempt, with Celery, Redis and the attempt played by stand-ins."""

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery.exceptions import Reject
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from tests.unit.worker_runtime.made import HANDOVER
from worker import tasks
from worker.lease_renewal import HEARTBEAT_TTL_S


class Retried(Exception):
    """What Celery's retry raises."""


class Task:
    """A task that notes what is asked of Celery; ``error`` is raised instead."""

    def __init__(self, retries: int = 0, error: Exception | None = None, **request: Any) -> None:
        said = {"retries": retries, "args": ["args"], "id": "t1", "delivery_info": None, "properties": None, **request}
        self.request = SimpleNamespace(**said)
        self.asked: list[Any] = []
        self._error = error

    def retry(self, **options: Any) -> None:
        self.asked.append(options)
        raise self._error or Retried

    def apply_async(self, args: Any, **options: Any) -> None:
        self.asked.append((args, options))
        if self._error:
            raise self._error


@pytest.fixture
def attempted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is attempted, under which lease, and the signs of life for what waits; ``error`` is raised by the attempt."""
    seen = SimpleNamespace(attempts=[], leases=[], beats=[], error=None)

    def attempt(handover: Any) -> None:
        seen.attempts.append(handover)
        if seen.error:
            raise seen.error

    @contextmanager
    def held(lease: Any) -> Any:
        seen.leases.append(lease)
        yield

    attempts = SimpleNamespace(client="client", attempt=attempt)
    monkeypatch.setattr(tasks, "_attempts", lambda: attempts)
    monkeypatch.setattr(tasks, "held", held)
    monkeypatch.setattr(tasks.attempt_log, "heartbeat", lambda *about: seen.beats.append(about))
    return seen


def run(task: Any) -> None:
    """The function that Celery calls with the task itself."""
    run: Callable[..., None] = tasks.read_report.run.__func__
    run(task, HANDOVER.model_dump(mode="json"))


@pytest.mark.parametrize("tag", [None, "tag"])
def test_a_hand_over_is_attempted_under_a_lease(attempted: Any, tag: str | None) -> None:
    run(Task(properties=tag and {"delivery_tag": tag}, delivery_info={"redelivered": False}))

    [lease] = attempted.leases
    assert (lease.client, lease.handover, lease.delivery_tag) == ("client", HANDOVER, tag)
    assert attempted.attempts == [HANDOVER]


def test_one_whose_reader_has_died_waits_behind_the_others(attempted: Any) -> None:
    """Under its own name, and with its count."""
    task = Task(3, delivery_info={"redelivered": True})
    run(task)

    assert task.asked == [(["args"], {"task_id": "t1", "retries": 3, "retry": False})]
    assert attempted.attempts == []


@pytest.mark.parametrize("error", [redis.ConnectionError("away"), OperationalError("full"), OSError("closed")])
def test_it_is_read_here_and_now_where_the_queue_does_not_take_it(attempted: Any, error: Exception) -> None:
    run(Task(error=error, delivery_info={"redelivered": True}))

    assert attempted.attempts == [HANDOVER]


@pytest.mark.parametrize(("retries", "wait_s"), [(0, 1), (1, 2), (3, 8), (9, 20)])
def test_what_came_to_nothing_is_tried_again_after_a_wait_that_grows(
    attempted: Any, monkeypatch: pytest.MonkeyPatch, retries: int, wait_s: float
) -> None:
    """Nobody believes it lost meanwhile."""
    attempted.error = ValueError("no")
    monkeypatch.setattr("random.uniform", lambda low, _high: low)
    monkeypatch.setattr(tasks, "_WAITS", SimpleNamespace(wait_s=lambda failures: min(2.0 ** (failures - 1), 20.0)))
    task = Task(retries)
    with capture_logs() as logs, pytest.raises(Retried):
        run(task)

    assert task.asked == [{"exc": attempted.error, "countdown": wait_s}]
    assert attempted.beats == [("client", HANDOVER, wait_s + HEARTBEAT_TTL_S)]
    about = {"report": "a.txt", "id": HANDOVER.id, "retries": retries, "why": "ValueError: no"}
    assert logs == [{"event": "again", "log_level": "warning", **about}]


@pytest.mark.parametrize(
    ("retries", "error", "not_sent", "goes_back", "why"),
    [
        (0, redis.ConnectionError("away"), None, True, "away"),
        (10, ValueError("no"), None, False, "no"),
        (9, ValueError("no"), redis.TimeoutError("frozen"), True, "frozen"),
        (9, ValueError("no"), Reject("not queued", requeue=False), True, "not queued"),
    ],
)
def test_what_cannot_be_tried_again_is_handed_back_or_left_to_the_watcher(
    attempted: Any, retries: int, error: Exception, not_sent: Exception | None, why: str, *, goes_back: bool
) -> None:
    """Back to the queue where Redis is the trouble; not after ten times of another."""
    attempted.error = error
    with pytest.raises(Reject) as rejected:
        run(Task(retries, not_sent))

    assert (rejected.value.reason, rejected.value.requeue) == (why, goes_back)
    assert rejected.value.__cause__ is (not_sent or error)


def test_waits_are_shorter_than_the_time_after_which_a_task_counts_as_lost() -> None:
    assert [tasks._WAITS.wait_s(failures, jitter=0) for failures in (1, 2, 6, 99)] == [1, 2, 20, 20]


def test_attempts_are_made_with_the_settings_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """And with two connections: the one that rings for who listens must not hold anything up."""
    said = {
        "site": "gz", "plugins": True, "inbox": Path("in"), "report_ttl_s": 1, "results_maxlen": 2, "done_ttl_s": 3, "attempts_ttl_s": 4,
        "max_file_bytes": 5, "max_attempts": 6, "max_event_bytes": 7,
    }  # fmt: skip
    asked: list[Any] = []

    def connect(*about: Any, **options: Any) -> str:
        asked.append((*about, options))
        return f"client {len(asked)}"

    monkeypatch.setattr(tasks, "worker_settings", lambda: SimpleNamespace(**said))
    monkeypatch.setattr(tasks, "connect", connect)
    monkeypatch.setattr(tasks, "Publisher", lambda client, **options: (client, options))
    monkeypatch.setattr(tasks, "tools_with_plugins", lambda *, wanted: f"tools with plugins: {wanted}")
    tasks._attempts.cache_clear()
    made = tasks._attempts()
    assert tasks._attempts() is made
    tasks._attempts.cache_clear()

    url = tasks.app.conf.zhibiao_redis_url
    assert asked == [(url, "gz", {}), (url, "gz", {"read_timeout_s": 2.0, "connect_timeout_s": 1.0})]
    kept = {"report_ttl_s": 1, "results_maxlen": 2, "done_ttl_s": 3, "attempts_ttl_s": 4, "bell": "client 2"}
    assert (made.client, made.publisher) == ("client 1", ("client 1", kept))
    assert (made.tools, made.inbox, made.most_bytes) == ("tools with plugins: True", Path("in"), 5)
    assert (made.most_attempts, made.most_event_bytes, made.attempts_ttl_s) == (6, 7, 4)
    assert (made.now, made.metrics) == (tasks.utc_now, tasks.worker_telemetry())


def test_the_task_is_bound_keeps_no_result_and_ends_its_retries_by_itself() -> None:
    task = tasks.read_report

    assert (task.name, task.max_retries, task.ignore_result) == ("zhibiao.read_report", None, True)
    assert task.Request == "worker.last_words:Watched"
