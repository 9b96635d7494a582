"""Intake fault 25 and queue fault 14: readers that are slow, away, late or killed get all of it from the stream."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from delivery.connect import UNREACHABLE, connect
from delivery.publish import Publisher
from delivery.subscribe import follow
from schemas import names
from schemas.events import ReportEvent
from schemas.report import Document
from tests.watcher_rig import tell
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service
COUNT = 3000
TITLE_OF_20_KB = "报" * 6600


@pytest.fixture
def client(tmp_path: Path) -> Iterator[redis.Redis]:
    """A client of a server with little patience for subscribers."""
    with EmbeddedRedis(tmp_path / "redis") as server, connect(server.url) as client:
        client.config_set(
            "client-output-buffer-limit", "pubsub 256kb 128kb 5"
        )  # Valkey counts little for a shared message
        yield client


def heard(subscriber: redis.client.PubSub) -> int:
    """How many messages it still gets."""
    count = 0
    try:
        while subscriber.get_message(timeout=1.0):
            count += 1
    except UNREACHABLE:
        pass
    return count


def test_25_a_subscriber_that_stops_reading(client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    """Redis cuts it off; from the stream it gets every event in order, and so does one who comes later."""
    subscriber = client.pubsub(ignore_subscribe_messages=True)
    subscriber.subscribe(names.DEFAULT.results_channel)
    subscriber.get_message(timeout=5)
    publisher = Publisher(client)
    ids = []
    for revision in range(1, COUNT + 1):
        event = report_event(revision, Document(title=TITLE_OF_20_KB))
        ids.append(event.id)
        publisher.report(event)
    live = heard(subscriber)
    subscriber.close()
    began = time.monotonic()
    followed = follow(client, {names.DEFAULT.results_stream: "0"}, block_s=0.5)
    read = [ReportEvent.model_validate_json(text).id for _, _, text in itertools.islice(followed, COUNT)]
    took_s = time.monotonic() - began
    tell(
        f"25 subscriber stops reading, {COUNT} of 20 kB", f"{live} heard live; {len(read)} read late in {took_s:.1f} s"
    )

    assert live < COUNT
    assert read == ids


def test_25_trimming_is_seen_as_a_gap(client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    """Who stayed inside the limit misses nothing and hears of nothing; who did not hears how much is gone."""
    publisher = Publisher(client, results_maxlen=100)
    gaps: list[tuple[str, int | None]] = []

    def read(after: str, count: int) -> list[str]:
        stream = {names.DEFAULT.results_stream: after}
        followed = follow(client, stream, block_s=0.5, on_gap=lambda *gap: gaps.append(gap))
        return [entry for _, entry, _ in itertools.islice(followed, count)]

    entries = [publisher.report(report_event(revision)).entry_id for revision in range(1, 51)]
    slow = follow(client, {names.DEFAULT.results_stream: "0"}, block_s=0.5, on_gap=lambda *gap: gaps.append(gap))
    assert [next(slow)[1] for _ in range(50)] == entries
    entries += [publisher.report(report_event(revision)).entry_id for revision in range(51, 1001)]
    kept = client.xlen(names.DEFAULT.results_stream)
    assert 100 <= kept < 900

    assert read(entries[-kept], 99) == entries[-kept + 1 :][:99]
    assert gaps == []
    assert next(slow)[1] == entries[-kept]
    assert gaps.pop() == (names.DEFAULT.results_stream, 950 - kept)
    assert read("0", 1) == [entries[-kept]]
    assert gaps.pop() == (names.DEFAULT.results_stream, 1000 - kept)
    assert read(entries[10], 1) == [entries[-kept]]
    assert gaps == [(names.DEFAULT.results_stream, None)], (
        "the entry that it knows is gone, so nobody can count from there"
    )
    tell("25 stream trimmed to 100 before it was read", f"{950 - kept} missing events told to a reader that had 50")


def test_14_a_member_of_a_group_dies_between_reading_and_acknowledging(
    client: redis.Redis, report_event: Callable[..., ReportEvent]
) -> None:
    """What it had is claimed by another; nothing is left out, and nothing comes to nobody."""
    stream, group = names.DEFAULT.results_stream, "importers"
    client.xgroup_create(stream, group, id="0", mkstream=True)
    publisher = Publisher(client)
    entries = [publisher.report(report_event(revision)).entry_id for revision in range(1, 31)]
    client.xreadgroup(group, "first", {stream: ">"}, count=10)  # and dies
    claimed = client.xautoclaim(stream, group, "second", min_idle_time=0)
    second = client.xreadgroup(group, "second", {stream: ">"}, count=100)
    got = [entry for entry, _ in claimed[1]] + [entry for entry, _ in dict(second)[stream]]
    client.xack(stream, group, *got)

    assert got == entries
    assert client.xpending(stream, group)["pending"] == 0
