"""Publishing what replaces a reading, and what takes a document back."""

from collections.abc import Callable, Iterator

import fakeredis
import pytest
import redis

from delivery.publish import Publisher
from schemas import names
from schemas.events import (
    FailedEvent,
    ReportEvent,
    Withdrawal,
    WithdrawnEvent,
)
from schemas.handover import HandOver
from schemas.report import Report


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


def other_reading(event: ReportEvent, version: str, replaces: str | None) -> ReportEvent:
    """The same content by the rules of another version."""
    pipeline = event.data.pipeline.model_copy(update={"version": version})
    return ReportEvent.of(event.data.model_copy(update={"pipeline": pipeline, "replaces": replaces}), event.time)


@pytest.mark.parametrize("versions", [("1", "2"), ("1", "2", "3")])
def test_a_reading_that_replaces_another_is_published_behind_it(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent], versions: tuple[str, ...]
) -> None:
    """Once, though the hand-over's content has come to an end before; the key has the last."""
    publisher, before = Publisher(client), None
    for round_, version in enumerate(versions, start=1):
        event = other_reading(report_event(), version, before)
        again = handover.model_copy(update={"round": round_, "replaces": before})
        assert publisher.published(event.id, again) is None
        assert publisher.report(event, again, b"packed").fresh
        assert not publisher.report(event, again, b"packed").fresh
        found = publisher.published(event.id, again)
        assert found is not None
        assert found.event_id == event.id
        assert Report.model_validate_json(publisher.kept(handover.id, 1) or "") == event.data
        before = event.id
    assert client.xlen(names.DEFAULT.results_stream) == len(versions)


def test_what_another_version_made_of_the_same_request_is_its_end(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent]
) -> None:
    publisher = Publisher(client)
    first = report_event()
    publisher.report(first, handover)
    again = handover.model_copy(update={"round": 2, "replaces": first.id})
    second = publisher.report(other_reading(first, "2", first.id), again)
    third = publisher.report(other_reading(first, "3", first.id), again)
    assert (third.fresh, third.event_id) == (False, second.event_id)


def test_what_was_replaced_does_not_come_back_after_it(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent]
) -> None:
    """Redis has lost both, and the new one is there first."""
    publisher, first = Publisher(client), report_event()
    second = other_reading(first, "2", first.id)
    published = publisher.report(second, handover.model_copy(update={"round": 2, "replaces": first.id}))
    assert publisher.entry(first.id) == published.entry_id
    assert not publisher.report(first).fresh
    assert Report.model_validate_json(publisher.kept(handover.id, 1) or "") == second.data
    assert client.xlen(names.DEFAULT.results_stream) == 1


def test_a_failure_to_read_again_is_told_once(
    client: redis.Redis, handover: HandOver, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    publisher, first = Publisher(client), report_event()
    publisher.report(first, handover)
    again = handover.model_copy(update={"round": 2, "replaces": first.id})
    failed = FailedEvent.of(failed_event.data.model_copy(update={"round": 2, "disposition": "kept"}), "2", first.time)
    rival = other_reading(first, "2", first.id)
    assert publisher.failure(failed, again, rival.id).fresh
    assert publisher.report(rival, again).event_id == failed.id
    assert client.xlen(names.DEFAULT.results_stream) == 1
    assert Report.model_validate_json(publisher.kept(handover.id, 1) or "") == first.data


def withdrawn(*events: ReportEvent) -> WithdrawnEvent:
    data = events[0].data
    revisions, ids = tuple(event.data.revision for event in events), tuple(event.id for event in events)
    withdrawal = Withdrawal(id=data.id, path=data.source.path, revisions=revisions, events=ids, why="更正")
    return WithdrawnEvent.of(withdrawal, events[0].time)


@pytest.mark.parametrize("revisions", [(1,), (1, 2)])
def test_a_document_is_taken_back_once_with_its_keys(
    client: redis.Redis, report_event: Callable[..., ReportEvent], revisions: tuple[int, ...]
) -> None:
    publisher, events = Publisher(client), [report_event(revision) for revision in revisions]
    for event in events:
        publisher.report(event, reading=b"packed")
    heard = client.pubsub(ignore_subscribe_messages=True)
    heard.subscribe(names.DEFAULT.withdrawals_channel)
    heard.get_message(timeout=1)
    entries = {publisher.withdraw(withdrawn(*events)) for _ in range(3)}
    [(entry, fields)] = client.xrange(names.DEFAULT.withdrawals_stream)
    assert entries == {entry}
    assert WithdrawnEvent.model_validate_json(fields["data"]) == withdrawn(*events)
    assert fields["n"] == "1"
    assert heard.get_message(timeout=1)["data"] == fields["data"]
    left = {
        key for key in client.scan_iter() if key.startswith(("zhibiao:report:", "zhibiao:reading:", "zhibiao:latest:"))
    }
    assert left == set()
    assert client.xlen(names.DEFAULT.results_stream) == len(revisions)


def test_content_that_has_come_since_stays(client: redis.Redis, report_event: Callable[..., ReportEvent]) -> None:
    publisher, first, second = Publisher(client), report_event(1), report_event(2)
    publisher.report(first)
    publisher.report(second)
    publisher.withdraw(withdrawn(first))
    assert publisher.kept(first.data.id, 1) is None
    assert Report.model_validate_json(publisher.kept(first.data.id, 2) or "") == second.data
    assert client.get(names.DEFAULT.latest_key(first.data.id)) == "2"


def test_what_was_taken_back_stays_away_in_whichever_order_it_comes(
    client: redis.Redis, report_event: Callable[..., ReportEvent]
) -> None:
    """Another Redis may be told of the withdrawal first: streams have no order between them."""
    publisher, first, second = Publisher(client), report_event(1), report_event(2)
    publisher.withdraw(withdrawn(first))
    assert not publisher.report(first).fresh
    assert publisher.kept(first.data.id, 1) is None
    assert publisher.report(second).fresh


def test_a_stream_of_withdrawals_that_is_none_takes_nothing_back(
    client: redis.Redis, report_event: Callable[..., ReportEvent]
) -> None:
    publisher, event = Publisher(client), report_event()
    publisher.report(event)
    client.set(names.DEFAULT.withdrawals_stream, "somebody else's")
    with pytest.raises(redis.ResponseError):
        publisher.withdraw(withdrawn(event))
    assert publisher.kept(event.data.id, 1)
    client.delete(names.DEFAULT.withdrawals_stream)
    publisher.withdraw(withdrawn(event))
    assert client.xrange(names.DEFAULT.withdrawals_stream)[0][1]["n"] == "1"
