"""The way to Redis and back, with Redis away, frozen, full, behind a password and behind TLS."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import redis

from delivery.connect import UNREACHABLE, connect
from delivery.publish import Publisher
from delivery.queue import NotQueued, send, task_id
from delivery.subscribe import follow, listen, read_event, read_outcomes
from schemas import names
from schemas.events import ReportEvent
from schemas.handover import HandOver, Outcome
from tests.waiting import LONG_S, wait_for
from tests.worker_rig import QUEUE
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server of the test's own, to be stopped at will."""
    with EmbeddedRedis(tmp_path) as server:
        yield server


@contextmanager
def reading(source: Iterator[Any], wake: Callable[[], object]) -> Iterator["Queue[Any]"]:
    """What comes out of an endless iterator, collected in the background; ``wake`` makes it give one item more."""
    received: Queue[Any] = Queue()
    ended = threading.Event()

    def collect() -> None:
        for item in source:
            if ended.is_set():
                return
            received.put(item)

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        yield received
    finally:
        ended.set()
        wake()
        thread.join()


def test_a_handover_is_with_the_broker_when_send_returns(
    redis_url: str, redis_client: redis.Redis, handover: HandOver
) -> None:
    """As JSON of ids only, under the queue's own prefix."""
    send(redis_client, redis_url, [handover])
    assert redis_client.llen(QUEUE) == 1
    message = redis_client.lindex(QUEUE, 0)
    assert f'"id": "{task_id(handover)}"' in message
    assert '"content-type": "application/json"' in message
    assert all(key.startswith("zhibiao:celery:") for key in redis_client.scan_iter())


def test_handovers_of_one_call_come_out_in_their_order(redis_url: str, redis_client: redis.Redis) -> None:
    """As Celery's end takes them, each with a name of its own for its delivery; none at all is fine."""
    given = [HandOver(id=f"d{n}", revision=1, path=f"{n}.txt", sha256="a", size_bytes=1) for n in range(3)]
    send(redis_client, redis_url, [])
    send(redis_client, redis_url, given)
    taken = [json.loads(str(redis_client.rpop(QUEUE))) for _ in given]
    assert [message["headers"]["id"] for message in taken] == [task_id(handover) for handover in given]
    assert len({message["properties"]["delivery_tag"] for message in taken}) == 3


def test_a_broker_that_is_away_is_told(server: EmbeddedRedis, handover: HandOver) -> None:
    """And the same client sends again once it is back."""
    with connect(server.url) as client:
        send(client, server.url, [handover])
        server.stop()
        for _ in range(2):
            with pytest.raises(NotQueued, match=rf"^{handover.path} and 1 more: not queued at unix://"):
                send(client, server.url, [handover, handover])
        server.start()
        send(client, server.url, [handover])
        assert client.llen(QUEUE) == 2
    assert issubclass(NotQueued, UNREACHABLE)


def test_a_frozen_broker_does_not_hang_the_sender(server: EmbeddedRedis, handover: HandOver) -> None:
    """Both for a client that was connected and for one that was not."""
    clients = [connect(server.url, read_timeout_s=1.0), connect(server.url, read_timeout_s=1.0)]
    send(clients[0], server.url, [handover])
    assert server.pid
    os.kill(server.pid, signal.SIGSTOP)
    try:
        for client in clients:
            with pytest.raises(NotQueued):
                send(client, server.url, [handover])
    finally:
        os.kill(server.pid, signal.SIGCONT)
    for client in clients:
        send(client, server.url, [handover])
        client.close()


def test_outcomes_are_read_in_order_past_odd_entries(redis_client: redis.Redis, handover: HandOver) -> None:
    """What somebody else has put into the stream does not stop the watcher."""
    outcome = Outcome(id=handover.id, revision=1, round=1, sha256=handover.sha256, status="missing")
    publisher = Publisher(redis_client)
    publisher.outcome(outcome)
    redis_client.xadd(names.DEFAULT.outcomes_stream, {"data": "{"})
    for _ in range(120):
        redis_client.xadd(names.DEFAULT.outcomes_stream, {"other": "x"})
    publisher.outcome(outcome.model_copy(update={"revision": 2}))

    [(first, one)] = read_outcomes(redis_client, "0", 0, count=1)
    assert one == outcome
    behind = read_outcomes(redis_client, first, 0, count=1000)
    assert [outcome for _, outcome in behind[:-1]] == [None] * 121
    second, two = behind[-1]
    assert two is not None
    assert two.revision == 2
    began = time.monotonic()
    assert read_outcomes(redis_client, second, 0.2) == []
    assert time.monotonic() - began > 0.15, "it waits for the next one"


def test_an_event_is_found_by_its_entry(redis_client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    """And is None once it has been trimmed."""
    published = Publisher(redis_client).report(report_event())
    assert read_event(redis_client, names.DEFAULT.results_stream, published.entry_id) == report_event().to_json()
    redis_client.xtrim(names.DEFAULT.results_stream, maxlen=0)
    assert read_event(redis_client, names.DEFAULT.results_stream, published.entry_id) is None


def test_following_starts_with_the_past_and_outlives_a_restart(
    server: EmbeddedRedis, report_event: Callable[..., ReportEvent]
) -> None:
    """Each event once and in order, whatever Redis does in between; "$" leaves the past out."""
    with connect(server.url) as client:
        publisher = Publisher(client)
        publisher.report(report_event(1))
        publisher.report(report_event(2))
        past = list(islice(follow(client, {names.DEFAULT.results_stream: "0"}), 2))
        assert [text for _, _, text in past] == [report_event(1).to_json(), report_event(2).to_json()]
        wake = lambda: publisher.report(report_event(int(time.monotonic() * 1000)))  # noqa: E731
        whole = follow(client, {names.DEFAULT.results_stream: past[0][1], names.DEFAULT.failures_stream: "0"})
        fresh = follow(client, {names.DEFAULT.results_stream: "$"}, 0.1)
        with reading(whole, wake) as from_second, reading(fresh, wake) as from_now:
            assert from_second.get(timeout=LONG_S)[2] == report_event(2).to_json()
            wait_for(lambda: client.info("clients")["blocked_clients"] >= 2)
            server.stop()
            server.start()
            publisher.report(report_event(3))
            for received in (from_second, from_now):
                assert received.get(timeout=LONG_S)[2] == report_event(3).to_json()
                assert received.empty()


def test_listening_subscribes_again_after_a_restart(server: EmbeddedRedis) -> None:
    """Channels and patterns alike."""
    with (
        connect(server.url) as client,
        reading(
            listen(client, ["zhibiao:results"], ["zhibiao:results:region:*"]),
            lambda: client.publish("zhibiao:results", "end"),
        ) as heard,
    ):
        for round_ in ("before", "after"):
            wait_for(lambda: client.pubsub_numsub("zhibiao:results")[0][1] == 1 and client.pubsub_numpat() == 1)
            client.publish("zhibiao:results", round_)
            client.publish("zhibiao:results:region:湛江市", round_)
            client.publish("zhibiao:failures", round_)
            assert heard.get(timeout=LONG_S) == ("zhibiao:results", round_)
            assert heard.get(timeout=LONG_S) == ("zhibiao:results:region:湛江市", round_)
            if round_ == "before":
                server.stop()
                server.start()
        assert heard.empty()


def test_a_full_redis_refuses_as_a_whole(
    redis_client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent]
) -> None:
    """Nothing is half published; once there is room again it goes through."""
    publisher = Publisher(redis_client)
    redis_client.config_set("maxmemory", "1")
    try:
        with pytest.raises(UNREACHABLE):
            publisher.report(report_event(), handover)
        assert redis_client.dbsize() == 0
    finally:
        redis_client.config_set("maxmemory", "0")
    assert publisher.report(report_event(), handover).fresh


def test_a_replica_refuses_writes_for_now(server: EmbeddedRedis, report_event: Callable[..., ReportEvent]) -> None:
    """As after a failover: a passing trouble, not an error of the event. The same for missing replicas."""
    with connect(server.url) as client:
        publisher = Publisher(client)
        client.replicaof("127.0.0.1", "1")
        with pytest.raises(UNREACHABLE):
            publisher.report(report_event())
        client.replicaof("NO", "ONE")
        client.config_set("min-replicas-to-write", "1")
        with pytest.raises(UNREACHABLE, match="NOREPLICAS"):
            publisher.report(report_event())
        client.config_set("min-replicas-to-write", "0")
        assert publisher.report(report_event()).fresh


def test_a_wrong_password_is_an_error_without_the_password(server: EmbeddedRedis, handover: HandOver) -> None:
    """The right one works for both ends; neither shows up in what is said."""
    with connect(server.url) as client:
        client.config_set("requirepass", "s3cret/@:x")
    path = server.url.removeprefix("unix://")
    right, wrong = f"unix://:s3cret%2F%40%3Ax@{path}", f"unix://:guess-me@{path}"
    with connect(wrong) as client, pytest.raises(NotQueued) as caught:
        send(client, wrong, [handover])
    assert "guess-me" not in str(caught.value)
    assert ":***@" in str(caught.value)
    with connect(right) as client:
        send(client, right, [handover])
        assert client.llen(QUEUE) == 1
        client.config_set("requirepass", "")
