"""Publishing: everything at once, and once only."""

import json
from collections.abc import Callable, Iterator

import fakeredis
import pytest
import redis
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat

from delivery import publish
from delivery.connect import connect
from delivery.publish import Published, Publisher
from delivery.subscribe import read_outcomes
from schemas import names
from schemas.events import (
    FailedEvent,
    Failure,
    FileStep,
    Progress,
    ProgressEvent,
    ReportEvent,
    utc_now,
)
from schemas.handover import HandOver, Outcome
from schemas.report import Document


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


def outcomes(client: redis.Redis) -> list[tuple[Outcome, str | None]]:
    """All outcomes told, each with the entry it names."""
    entries = client.xrange(names.DEFAULT.outcomes_stream)
    return [(Outcome.model_validate_json(fields["data"]), fields.get("entry")) for _, fields in entries]


def outcome_of(handover: HandOver, status: str, event_id: str, failure: Failure | None = None) -> Outcome:
    fields = handover.model_dump(include={"id", "revision", "round", "sha256"})
    return Outcome.model_validate(fields | {"status": status, "event_id": event_id, "failure": failure})


def test_a_report_is_stored_streamed_announced_and_told(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent]
) -> None:
    """One call does all six."""
    event = report_event()
    channels = ["zhibiao:results", "zhibiao:results:region:湛江市", "zhibiao:results:period:2023"]
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    pubsub.subscribe(*channels)
    for _ in channels:
        pubsub.get_message()

    published = Publisher(client).report(event, handover)

    [(entry_id, fields)] = client.xrange("zhibiao:results")
    assert published == Published(fresh=True, event_id=event.id, entry_id=entry_id)
    assert fields == {"data": event.to_json(), "n": "1"}
    assert "湛江市2023年法治政府建设报告" in fields["data"]
    assert client.get(f"zhibiao:report:{event.data.id}:1") == event.data.model_dump_json()
    assert client.get(f"zhibiao:latest:{event.data.id}") == "1"
    assert client.get(f"zhibiao:done:{event.id}") == entry_id
    assert outcomes(client) == [(outcome_of(handover, "published", event.id), entry_id)]
    heard = [pubsub.get_message() for _ in channels]
    assert sorted((message["channel"], message["data"]) for message in heard) == sorted(
        (channel, event.to_json()) for channel in channels
    )
    assert client.ttl(f"zhibiao:report:{event.data.id}:1") == -1
    pubsub.close()


def test_twice_is_told_twice_and_published_once(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent]
) -> None:
    """The watcher may have missed the first outcome; consumers must not see a second event."""
    publisher = Publisher(client)
    first = publisher.report(report_event(), handover)
    again = publisher.report(report_event(), handover)
    assert again == Published(fresh=False, event_id=first.event_id, entry_id=first.entry_id)
    assert client.xlen("zhibiao:results") == 1
    assert outcomes(client) == [(outcome_of(handover, "published", first.event_id), first.entry_id)] * 2


def test_without_a_handover_nothing_is_told(
    client: redis.Redis, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """A replay, or a file that was refused before it was handed over, has no outcome to wait for."""
    publisher = Publisher(client)
    assert publisher.report(report_event()).fresh
    assert not publisher.report(report_event()).fresh
    assert publisher.failure(failed_event).fresh
    assert not client.exists(names.DEFAULT.outcomes_stream)


def test_latest_never_goes_back(client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    """A slow worker may publish revision 2 after another has published revision 10."""
    publisher = Publisher(client)
    for revision in (1, 10, 2):
        assert publisher.report(report_event(revision)).fresh
    document = report_event().data.id
    assert client.get(f"zhibiao:latest:{document}") == "10"
    assert [client.exists(f"zhibiao:report:{document}:{revision}") for revision in (1, 2, 10)] == [1, 1, 1]


def test_a_failure_goes_to_its_own_stream(client: redis.Redis, handover: HandOver, failed_event: FailedEvent) -> None:
    """And leaves the keys of reports alone."""
    published = Publisher(client).failure(failed_event, handover)
    [(entry_id, fields)] = client.xrange("zhibiao:failures")
    assert published == Published(fresh=True, event_id=failed_event.id, entry_id=entry_id)
    assert fields == {"data": failed_event.to_json(), "n": "1"}
    assert outcomes(client) == [(outcome_of(handover, "failed", failed_event.id, failed_event.data), entry_id)]
    assert sorted(client.keys()) == [
        "zhibiao:count:failures",
        f"zhibiao:done:{failed_event.id}",
        f"zhibiao:ended:{handover.id}:1",
        "zhibiao:failures",
        "zhibiao:outcomes",
    ]


@pytest.mark.parametrize("report_first", [True, False])
def test_a_handover_never_ends_both_ways(
    client: redis.Redis,
    handover: HandOver,
    report_event: Callable[..., ReportEvent],
    failed_event: FailedEvent,
    *,
    report_first: bool,
) -> None:
    """One worker gives a report up while another, thought dead, still reads it: the first to publish wins."""
    publisher = Publisher(client)
    event = report_event()
    calls = [
        lambda: publisher.report(event, handover),
        lambda: publisher.failure(failed_event, handover, event.id),
    ]
    first, second = (call() for call in (calls if report_first else reversed(calls)))
    assert first.fresh
    assert second == Published(fresh=False, event_id=first.event_id, entry_id=first.entry_id)
    assert client.xlen("zhibiao:results") + client.xlen("zhibiao:failures") == 1
    status = "published" if report_first else "failed"
    told = [outcome.model_copy(update={"failure": None}) for outcome, _ in outcomes(client)]
    assert told == [outcome_of(handover, status, first.event_id)] * 2
    assert [entry for _, entry in outcomes(client)] == [first.entry_id] * 2


def test_a_retry_by_hand_may_succeed(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """A new round is not bound by the failure of the last one."""
    publisher = Publisher(client)
    publisher.failure(failed_event, handover)
    assert publisher.report(report_event(), handover.model_copy(update={"round": 2})).fresh


@pytest.mark.parametrize("first_kind", ["published", "failed"])
@pytest.mark.parametrize("second_kind", ["published", "failed"])
def test_a_handover_has_one_end_whichever_version_reads_it(
    client: redis.Redis,
    handover: HandOver,
    report_event: Callable[..., ReportEvent],
    failed_event: FailedEvent,
    first_kind: str,
    second_kind: str,
) -> None:
    """A worker of the old version dies before it has acknowledged; one of the new version is given the same."""
    publisher = Publisher(client)
    report, failure = report_event(), failed_event
    newer_report = report.model_copy(update={"id": f"{report.id}-newer"})
    newer_failure = failure.model_copy(update={"id": f"{failure.id}-newer"})
    old = {
        "published": lambda: publisher.report(report, handover),
        "failed": lambda: publisher.failure(failure, handover, report.id),
    }
    new = {
        "published": lambda: publisher.report(newer_report, handover),
        "failed": lambda: publisher.failure(newer_failure, handover, newer_report.id),
    }

    first, second = old[first_kind](), new[second_kind]()

    assert first.fresh
    assert second == Published(fresh=False, event_id=first.event_id, entry_id=first.entry_id)
    assert client.xlen("zhibiao:results") + client.xlen("zhibiao:failures") == 1
    (_, told), (_, again) = read_outcomes(client, "0", 0)
    assert told
    assert again == told.model_copy(update={"failure": None})
    assert publisher.published("another", handover) == (second if first_kind == "published" else None)
    assert 604_000 < client.ttl(f"zhibiao:ended:{handover.id}:1") <= 604_800


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"revision": 2}])
def test_another_content_is_another_handover(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent], changed: dict[str, object]
) -> None:
    """After the ledger was lost revisions are counted from 1 again."""
    publisher = Publisher(client)
    publisher.report(report_event(), handover)
    other = handover.model_copy(update=changed)
    assert publisher.published("another", other) is None
    event = report_event().model_copy(update={"id": "another"})
    assert publisher.report(event, other).fresh


@pytest.mark.parametrize("site", ["gz", "results"])
def test_all_that_is_published_is_of_the_site(
    redis_url: str,
    handover: HandOver,
    report_event: Callable[..., ReportEvent],
    failed_event: FailedEvent,
    site: str,
) -> None:
    """Every key, every channel, and the source of every event."""
    step = ProgressEvent(
        id="1", subject="a", time=utc_now(), dataschema="s", data=Progress(id="d", path="a", stage="x")
    )
    with connect(redis_url, site) as client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.psubscribe("*")
        pubsub.get_message(timeout=60)
        publisher = Publisher(client)
        publisher.report(report_event(), handover)
        publisher.failure(failed_event)
        publisher.progress(step)
        heard = [pubsub.get_message(timeout=60) for _ in range(5)]
        keys = list(client.scan_iter())
        entries = client.xrange(f"zhibiao.{site}:results") + client.xrange(f"zhibiao.{site}:failures")
    assert all(key.startswith(f"zhibiao.{site}:") for key in (*keys, *(message["channel"] for message in heard)))
    assert len(keys) == 10
    told = [message["data"] for message in heard] + [fields["data"] for _, fields in entries]
    assert {json.loads(text)["source"] for text in told} == {f"/zhibiao/{site}"}


def test_what_is_done_can_be_forgotten_in_time(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    publisher = Publisher(client, done_ttl_s=86_400, attempts_ttl_s=3600)
    publisher.report(report_event(), handover)
    publisher.failure(failed_event)
    for event in (report_event(), failed_event):
        assert 86_000 < client.ttl(f"zhibiao:done:{event.id}") <= 86_400
    assert 3500 < client.ttl(f"zhibiao:ended:{handover.id}:1") <= 3600
    other = handover.model_copy(update={"revision": 2})
    Publisher(client, done_ttl_s=86_400).report(report_event(2), other)
    assert 86_000 < client.ttl(f"zhibiao:ended:{handover.id}:2") <= 86_400


def test_reports_and_streams_can_be_limited(client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    """A report's key expires, its stream is trimmed; that it is done is never forgotten."""
    publisher = Publisher(client, report_ttl_s=60, results_maxlen=100)
    for revision in range(1, 301):
        publisher.report(report_event(revision))
    document = report_event().data.id
    assert 55 <= client.ttl(f"zhibiao:report:{document}:300") <= 60
    assert 55 <= client.ttl(f"zhibiao:latest:{document}") <= 60
    assert client.ttl(f"zhibiao:done:{report_event(1).id}") == -1
    assert 100 <= client.xlen("zhibiao:results") < 300


def test_the_outcomes_are_trimmed(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told with an event, again for one that stands, or without one: the stream never grows for ever."""
    monkeypatch.setattr(publish, "_OUTCOMES_KEPT", 100)
    publisher = Publisher(client)
    alone = Outcome(id=handover.id, revision=1, round=1, sha256=handover.sha256, status="changed")
    tellings = [
        lambda number: publisher.report(report_event(number), handover),
        lambda number: publisher.report(report_event(1), handover),
        lambda number: publisher.outcome(alone),
    ]
    for tell in tellings:
        for number in range(1, 301):
            tell(number)
        assert 100 <= client.xlen(names.DEFAULT.outcomes_stream) < 300


def test_a_report_without_place_or_year_has_one_channel(
    client: redis.Redis, report_event: Callable[..., ReportEvent]
) -> None:
    """No channel is made up for what a report does not say."""
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    pubsub.psubscribe("zhibiao:*")
    pubsub.get_message()
    Publisher(client).report(report_event(document=Document()))
    assert [message["channel"] for message in iter(pubsub.get_message, None)] == ["zhibiao:results"]
    pubsub.close()


def test_every_event_is_a_cloudevent(
    client: redis.Redis, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """The official SDK reads what lies in the streams."""
    publisher = Publisher(client)
    publisher.report(report_event())
    publisher.failure(failed_event)
    for stream, event in (("zhibiao:results", report_event()), ("zhibiao:failures", failed_event)):
        [(_, fields)] = client.xrange(stream)
        message = HTTPMessage({"content-type": "application/cloudevents+json"}, fields["data"].encode())
        parsed = from_structured_event(message, JSONFormat())
        assert parsed.get_id() == event.id
        assert parsed.get_type() == event.type
        assert parsed.get_subject() == "2023年/报告.txt"
        assert parsed.get_time() == event.time
        assert parsed.get_data() == json.loads(event.data.model_dump_json())


def test_an_outcome_without_event(client: redis.Redis, handover: HandOver) -> None:
    """A file that changed before it was read."""
    outcome = Outcome(id=handover.id, revision=1, round=1, sha256=handover.sha256, status="changed")
    Publisher(client).outcome(outcome)
    assert outcomes(client) == [(outcome, None)]


def test_a_report_and_its_reading_are_one(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent]
) -> None:
    """Stored in one step, for as long; no report lies beside the reading of another."""
    publisher = Publisher(client, report_ttl_s=60)
    event = report_event()
    key = f"zhibiao:reading:{event.data.id}:1"
    packed = b"\x1f\x8b\x00\xff of any bytes"

    publisher.report(event, handover, packed)
    assert publisher.kept_reading(event.data.id, 1) == packed
    assert client.ttl(key) == client.ttl(f"zhibiao:report:{event.data.id}:1")
    publisher.report(event, handover, b"of the same event, later")
    assert publisher.kept_reading(event.data.id, 1) == packed
    publisher.report(event, handover.model_copy(update={"keep": True}), b"asked for")
    assert publisher.kept_reading(event.data.id, 1) == b"asked for"
    newer = event.model_copy(update={"id": "of a newer reading"})
    publisher.report(newer)
    assert publisher.kept_reading(event.data.id, 1) is None


def test_a_failure_has_no_reading(client: redis.Redis, handover: HandOver, failed_event: FailedEvent) -> None:
    Publisher(client).failure(failed_event, handover)

    assert client.keys("zhibiao:reading:*") == []


def test_steps_of_files_are_trimmed(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "STEPS_KEPT", 100)
    steps = [
        FileStep(number=number, id="d0c", path="a.txt", state="queued", time=utc_now()) for number in range(1, 301)
    ]

    Publisher(client).file_steps(steps)

    told = [FileStep.model_validate_json(fields["data"]) for _, fields in client.xrange(names.DEFAULT.files_stream)]
    assert told == steps[-len(told) :]
    assert 100 <= len(told) < 300
