"""What replay sends again, restores and leaves out: from the streams, from the archive, and what Redis has lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import click
import fakeredis
import pytest
import redis

from delivery.owner import Other, Service
from delivery.publish import Publisher
from schemas import names
from schemas.events import FailedEvent, ReportEvent
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao.commands import replay
from zhibiao.exits import Failed

RESULTS, FAILURES = names.DEFAULT.results_stream, names.DEFAULT.failures_stream
WATCHER = WatcherSettings(_env_file=None)  # type: ignore[call-arg]


class Kept:
    """An archive of some events by the path of their file; None is one that is gone."""

    def __init__(self) -> None:
        self.held: list[tuple[Any, ReportEvent | FailedEvent | None]] = []
        self.replaced: Any = None
        self.withdrawn: frozenset[str] = frozenset()

    def keep(self, event: Any, entry: str | None, *, changed_at: float = 5e9, gone: bool = False) -> Any:
        failed = isinstance(event, FailedEvent)
        row = SimpleNamespace(
            event_id=event.id, entry_id=entry, changed_at=changed_at, path=f"d/{len(self.held)}.txt",
            folder="quarantine" if failed else "processed", target=f"d/{len(self.held)}.txt".encode(),
            state="quarantined" if failed else "published",
        )  # fmt: skip
        self.held.append((row, None if gone else event))
        return row

    def rows(self) -> Iterator[Any]:
        return (row for row, _ in self.held)

    def event(self, row: Any) -> Any:
        event = next(event for kept, event in self.held if kept is row)
        if event is None:
            raise FileNotFoundError(2, "No such file or directory")
        return event

    def reading(self, _row: Any) -> bytes:
        return b"how it was read"

    def replaced_by(self, _row: Any) -> Any:
        return self.replaced

    def taken_back(self) -> frozenset[str]:
        return self.withdrawn


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    with fakeredis.FakeRedis(decode_responses=True) as client:
        yield client


@pytest.fixture
def kept(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> Kept:
    archive = Kept()

    @contextmanager
    def connected(_settings: object) -> Iterator[redis.Redis]:
        yield client

    monkeypatch.setattr(replay.logs, "configure", lambda *_: None)
    monkeypatch.setattr(replay, "connected", connected)
    monkeypatch.setattr(replay, "_archive", lambda _: nullcontext(archive))
    return archive


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any, str]]:
    """Gives the exit code, what was printed (JSON where it is told to programs) and what was complained of."""

    def run(
        from_id: str = "0-0", *, print_only: bool = False, as_json: bool = True, **worker: Any
    ) -> tuple[int, Any, str]:
        settings = WorkerSettings(_env_file=None, **worker)
        code = 0
        try:
            replay.replay(WATCHER, settings, from_id, print_only=print_only, as_json=as_json)
        except click.exceptions.Exit as end:
            code = end.exit_code
        out, err = capsys.readouterr()
        if print_only:
            return code, [json.loads(line)["id"] for line in out.splitlines()], err
        return code, json.loads(out) if as_json else out, err

    return run


def heard(client: redis.Redis, *channels: str) -> Callable[[], list[tuple[str, str]]]:
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    pubsub.subscribe(*channels)
    for _ in channels:
        pubsub.get_message()

    def listen() -> list[tuple[str, str]]:
        found = []
        while message := pubsub.get_message():
            found.append((message["channel"], json.loads(message["data"])["id"]))
        return sorted(found)

    return listen


def counts(sent: int, restored: int = 0) -> dict[str, Any]:
    return {"sent": sent, "restored": restored, "unreadable": 0, "unread": []}


def test_what_the_streams_hold_is_sent_on_its_channels(
    client: redis.Redis, kept: Kept, run: Any, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """From an entry on; what was taken back is not, and nothing is put into a stream again."""
    first, second, third = (report_event(number) for number in (1, 2, 3))
    entries = [Publisher(client).report(one).entry_id for one in (first, second, third)]
    Publisher(client).failure(failed_event)
    region = "zhibiao:results:region:湛江市"
    listen = heard(client, names.DEFAULT.results_channel, region, names.DEFAULT.failures_channel)
    kept.withdrawn = frozenset({second.id})

    assert run() == (0, counts(3), "")
    assert listen() == sorted(
        [
            *((channel, one.id) for one in (first, third) for channel in (names.DEFAULT.results_channel, region)),
            (names.DEFAULT.failures_channel, failed_event.id),
        ]
    )
    assert run(entries[2], as_json=False) == (0, "2 sent again, 0 restored\n", "")
    assert run(print_only=True) == (0, [first.id, third.id, failed_event.id], "")
    assert (client.xlen(RESULTS), client.xlen(FAILURES)) == (3, 1)


def test_more_events_than_are_taken_at_once_are_all_sent(
    client: redis.Redis, kept: Kept, run: Any, report_event: Callable[..., ReportEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once; what comes while they are sent is not theirs."""
    events = [report_event(number) for number in range(1, 6)]
    for one in events:
        Publisher(client).report(one)
    monkeypatch.setattr(replay, "BATCH", 2)
    end = replay._last(client, RESULTS)
    Publisher(client).report(report_event(9))

    assert [json.loads(text)["id"] for _, text in replay._entries(client, RESULTS, "0-0", end)] == [
        one.id for one in events
    ]
    assert run(print_only=True)[1] == [*(one.id for one in events), report_event(9).id]
    assert [*replay._entries(client, RESULTS, "0-0", None)] == []
    assert replay._last(client, "nothing") is None


def test_what_a_stream_no_longer_holds_comes_from_the_archive(
    client: redis.Redis, kept: Kept, run: Any, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """With the time of its entry, from the entry that was asked for on."""
    events = [report_event(1), report_event(2), failed_event]
    for number, (one, stream) in enumerate(zip(events, (RESULTS, RESULTS, FAILURES), strict=True)):
        client.set(names.DEFAULT.done_key(one.id), f"{1_700_000_000_000 + number}-0")
        kept.keep(one, f"{1_700_000_000_000 + number}-0")
        client.xadd(stream, {"other": "x"}, id="1-1")
        client.delete(stream)

    assert run(print_only=True) == (0, [one.id for one in events], "")
    assert run("1700000000001-0") == (0, counts(2), "")
    sent: list[Any] = []
    replay._send_trimmed(
        client, Publisher(client), kept, "0-0", lambda event, text: sent.append((event, text)), replay.Tally()
    )  # type: ignore[arg-type]
    event, text = sent[1]
    assert event.time == datetime.fromtimestamp(1_700_000_000.001, UTC)
    assert text == event.to_json()
    assert event.source == names.DEFAULT.source


def test_what_redis_has_lost_is_published_anew_in_its_order(
    client: redis.Redis, kept: Kept, run: Any, report_event: Callable[..., ReportEvent], failed_event: FailedEvent
) -> None:
    """Whatever was asked for, once, with what was kept beside it; only printed, it stays lost."""
    late, early = report_event(2), report_event(1)
    kept.keep(late, "1700000000005-0")
    kept.keep(early, "1700000000004-0")
    kept.keep(failed_event, None, changed_at=1_700_000_000.0)

    assert run("1800000000000-0", print_only=True) == (0, [failed_event.id, early.id, late.id], "")
    assert client.xlen(RESULTS) == 0
    assert run("1800000000000-0") == (0, counts(0, 3), "")
    assert [json.loads(fields["data"])["id"] for _, fields in client.xrange(RESULTS)] == [early.id, late.id]
    assert client.get(names.DEFAULT.reading_key(late.data.id, 2)) == "how it was read"
    assert run() == (0, counts(3), "")


def test_what_was_let_go_for_its_age_is_not_lost(
    client: redis.Redis, kept: Kept, run: Any, report_event: Callable[..., ReportEvent]
) -> None:
    """Redis forgets after a while what was published; nor is what stands in the stream though its note is gone."""
    old, young, streamed = (report_event(number) for number in (1, 2, 3))
    kept.keep(old, "1-1", changed_at=0.0)
    entry = Publisher(client).report(streamed).entry_id
    client.delete(names.DEFAULT.done_key(streamed.id))
    kept.keep(streamed, entry)
    assert run(done_ttl_s=86_400) == (0, counts(2), "")

    kept.keep(young, "1-2")
    assert run(done_ttl_s=86_400) == (0, counts(2, 1), "")
    kept.held[:] = kept.held[:1]
    assert run(done_ttl_s=None)[1]["restored"] == 1


@pytest.mark.parametrize(
    ("newer", "failed", "advice"),
    [
        (None, False, "put a copy of the file into the inbox as d/0.txt, and it is read again, without a second event"),
        (None, True, "`zhibiao retry` reads it again"),
        (SimpleNamespace(revision=3), False, "revision 3 has replaced it, so it is not read again"),
        (SimpleNamespace(revision=None), True, "other content has replaced it, so it is not read again"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_would_help(
    newer: Any, advice: str, kept: Kept, run: Any, report_event: Callable[..., ReportEvent], failed_event: FailedEvent,
    *, failed: bool,
) -> None:  # fmt: skip
    """And ends with 1; programs are told the path and the place as well."""
    kept.keep(failed_event if failed else report_event(), None, gone=True)
    kept.replaced = newer
    place = f"{'quarantine' if failed else 'processed'}/d/0.txt"

    code, told, err = run()
    [one] = told["unread"]
    assert (code, told["unreadable"], told["restored"], one["path"], one["place"]) == (1, 1, 0, "d/0.txt", place)
    assert one["why"].startswith(f"No such file or directory; {advice}")
    assert err == "1 events cannot be read and were left out\n"
    code, told, err = run(as_json=False)
    assert (code, told) == (1, "0 sent again, 0 restored\n")
    assert err.startswith(f"{place}: No such file or directory; {advice}")
    assert run(print_only=True)[2] == err


def test_an_entry_that_is_no_event_is_named(client: redis.Redis, kept: Kept, run: Any) -> None:
    entry = client.xadd(RESULTS, {names.EVENT_FIELD: "{}"})

    code, _, err = run(as_json=False)
    assert code == 1
    assert err.startswith(f"stream: {entry} of {RESULTS} is no event: ")


def test_nothing_is_sent_under_the_names_of_another_service(
    client: redis.Redis, kept: Kept, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has no archive only looks, and may."""
    monkeypatch.setattr(replay, "other_than", lambda *_: Other(Service("5f", "b", "/srv/x"), is_alive=True))
    monkeypatch.setattr(replay, "find_redis", lambda _: "redis://:secret@h/0")
    with pytest.raises(
        Failed, match=r"^nothing was sent: Redis at redis://:\*\*\*@h/0 belongs to the service over /srv/x"
    ):
        run()
    monkeypatch.setattr(replay, "_archive", lambda _: nullcontext())
    assert run() == (0, counts(0), "")


@pytest.mark.parametrize(
    ("error", "why"),
    [(FileNotFoundError(2, "No such file"), "No such file"), (OSError("odd"), "odd"), (ValueError("torn"), "torn")],
)
def test_an_event_that_cannot_be_read_is_told_with_the_reason(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    """And with where its report is, where it has a place."""

    def fail(_row: Any) -> Any:
        raise error

    monkeypatch.setattr(kept, "event", fail)
    event: Any = SimpleNamespace(id="e")
    tally = replay.Tally()
    for name, value in (("path", "a.txt"), ("folder", ""), ("target", None)):
        row = kept.keep(event, None)
        setattr(row, name, value)
        archive: Any = kept
        assert replay._read(archive, row, tally) is None

    assert [one.why.partition("; ")[0] for one in tally.unread] == [why] * 3
    assert [one.place for one in tally.unread] == ["processed/d/0.txt", None, None]
