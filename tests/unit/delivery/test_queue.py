"""What the watcher writes into the queue, and what both of its ends are told of it."""

import json
from collections.abc import Iterator
from typing import Any

import fakeredis
import pytest
import redis

from delivery import queue, queue_entry
from delivery.queue import NotQueued, celery_settings, send
from schemas import names
from schemas.events import utc_now
from schemas.handover import HandOver

QUEUE = names.DEFAULT.queue_key
URL = "redis://:secret@h:1/2"


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


def test_hand_overs_lie_in_the_queue_in_their_order_with_the_time(client: redis.Redis, handover: HandOver) -> None:
    """Each a delivery of its own, as a worker takes them."""
    send(client, URL, [])
    assert not client.exists(QUEUE)
    before = utc_now()
    send(client, URL, [handover, handover.model_copy(update={"revision": 2})])

    entries = [queue_entry.checked(json.loads(client.rpop(QUEUE)), before) for _ in range(2)]
    assert client.llen(QUEUE) == 0
    assert [entry["headers"]["id"] for entry in entries] == [f"{handover.id}-1-1", f"{handover.id}-2-1"]
    assert len({entry["properties"]["delivery_tag"] for entry in entries}) == 2
    for revision, entry in enumerate(entries, 1):
        (given,), _, _ = queue_entry._BODY.validate_python(queue_entry._Entry.model_validate(entry).body)
        assert given.queued_at is not None
        assert before <= given.queued_at <= utc_now()
        assert given == handover.model_copy(update={"revision": revision, "queued_at": given.queued_at})


@pytest.mark.parametrize("error", [redis.ResponseError("OOM"), OSError("reset")])
@pytest.mark.parametrize(("number", "which"), [(1, "a.txt"), (2, "a.txt and 1 more"), (5, "a.txt and 4 more")])
def test_what_the_broker_does_not_take_is_named(
    client: redis.Redis,
    handover: HandOver,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    number: int,
    which: str,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(client, "lpush", refuse)
    kind = type(error).__name__
    with pytest.raises(NotQueued) as failed:
        send(client, URL, [handover.model_copy(update={"path": "a.txt"})] * number)
    assert str(failed.value) == f"{which}: not queued at redis://:***@h:1/2: {kind}: {error}"
    assert failed.value.__cause__ is error


#: What a report is lost, done twice, or stands still without, and what would let strangers act on workers.
PROMISES: dict[str, Any] = {
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 5,
    "broker_channel_error_retry": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_acks_on_failure_or_timeout": True,
    "task_acks_on_timeout": False,
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "task_default_queue": "reports",
    "task_create_missing_queues": True,
    "task_ignore_result": True,
    "result_backend": None,
    "task_serializer": "json",
    "result_serializer": "json",
    "accept_content": ["json"],
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "task_send_sent_event": False,
    "enable_utc": True,
    "timezone": "UTC",
}
TRANSPORT: dict[str, Any] = {
    "visibility_timeout": 60,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 30,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "priority_steps": [0],
    "global_keyprefix": "zhibiao:celery:",
}


def test_both_ends_keep_to_what_the_queue_promises() -> None:
    """Each is a promise by itself: none is left to what Celery does by itself, which another version may change."""
    told = celery_settings("redis://h:1/2")
    assert told == PROMISES | {"broker_url": "redis://h:1/2", "broker_transport_options": TRANSPORT}
    assert TRANSPORT["visibility_timeout"] == queue.VISIBILITY_S
