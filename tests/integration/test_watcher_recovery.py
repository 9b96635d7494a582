"""Redis loses what it held: everything is handed over and published again, with the ids that it had."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from delivery.publish import Publisher
from schemas import names
from schemas.reading import Reading
from tests.waiting import wait_for
from tests.watcher_rig import QUEUE, Rig, Worker, sha256, tell
from watcher.filing.put_back import Retried, retry

pytestmark = [pytest.mark.service, pytest.mark.faults]
NO_TIME = {"time"}


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url, redeliver_after_s=600) as rig:
        yield rig


def envelopes(rig: Rig, stream: str) -> list[dict[str, Any]]:
    """Whole events, in order, without the moment at which they were made."""
    entries: Any = rig.redis.xrange(stream)
    events = [json.loads(fields[names.EVENT_FIELD]) for _, fields in entries]
    return [{key: value for key, value in event.items() if key not in NO_TIME} for event in events]


def published(rig: Rig) -> dict[str, list[dict[str, Any]]]:
    return {stream: envelopes(rig, stream) for stream in (names.DEFAULT.results_stream, names.DEFAULT.failures_stream)}


def fill(rig: Rig) -> dict[str, bytes]:
    """Reports that were read, that failed and that were refused, a second revision, and a duplicate; one at a time."""
    written = {f"d/{n}.txt": b"%d" % n for n in range(20)} | {"bad.txt": b"BAD"}
    with Worker(rig.url, rig.inbox):
        for name, content in written.items():
            rig.drop(name, content)
            wait_for(lambda name=name: rig.is_filed(name))  # type: ignore[misc]
        rig.drop("d/3.txt", b"new")
        rig.drop("again.txt", b"4")
        rig.write("empty.txt", b"")
        (rig.inbox / "link.txt").symlink_to("nowhere")
        wait_for(lambda: rig.rows("d/3.txt")[0].revision == 2 and rig.is_filed("d/3.txt"))
        wait_for(lambda: rig.is_filed("again.txt") and rig.is_filed("empty.txt"))
        wait_for(lambda: len(envelopes(rig, names.DEFAULT.failures_stream)) == 3)
    return {**written, "d/3.txt": b"new", "again.txt": b"4", "empty.txt": b""}


@pytest.mark.parametrize("is_running", [True, False], ids=["while it runs", "while it is stopped"])
def test_all_that_was_published_is_restored(rig: Rig, *, is_running: bool) -> None:
    rig.start()
    written = fill(rig)
    before = published(rig)
    generation = rig.redis.get(names.DEFAULT.generation_key)
    if not is_running:
        rig.stop()
    rig.redis.flushall()
    if not is_running:
        rig.start()
    took_s = wait_for(lambda: sum(map(len, published(rig).values())) == sum(map(len, before.values())))
    wait_for(lambda: "restored" not in rig.health().alarms)
    tell("18b Redis emptied, all was published", f"24 events restored {took_s:.1f} s later, their ids as before")

    after = published(rig)
    assert after[names.DEFAULT.results_stream] == before[names.DEFAULT.results_stream]
    by_id = {event["id"]: event for event in before[names.DEFAULT.failures_stream]}
    assert {event["id"]: event for event in after[names.DEFAULT.failures_stream]} == by_id
    document = rig.rows("d/3.txt")[0].document
    assert rig.redis.get(names.DEFAULT.latest_key(document)) == "2"
    kept = [rig.redis.get(names.DEFAULT.report_key(document, revision)) for revision in (1, 2)]
    assert [json.loads(text)["source"]["sha256"] for text in kept] == [sha256(b"3"), sha256(b"new")]
    assert rig.redis.get(names.DEFAULT.generation_key) not in (None, generation)
    assert all(rig.redis.exists(names.DEFAULT.done_key(event["id"])) for event in before[names.DEFAULT.results_stream])
    # Revision 1 was filed, and then replaced; every reading is back with its report.
    publisher = Publisher(rig.redis)
    read_again = {
        (event["data"]["id"], event["data"]["revision"]): publisher.kept_reading(
            event["data"]["id"], event["data"]["revision"]
        )
        for event in before[names.DEFAULT.results_stream]
    }
    assert [
        key for key, packed in read_again.items() if packed is None or Reading.unpacked(packed).stamp[:2] != key
    ] == []
    beside = rig.processed / "d/4.txt.reading.gz"
    assert read_again[rig.rows("d/4.txt")[0].document, 1] == beside.read_bytes()
    rig.until_walked(3)
    assert published(rig) == after, "once, not at every look"
    with Worker(rig.url, rig.inbox):
        rig.drop("after.txt", b"after")
        wait_for(lambda: rig.is_filed("after.txt"))
    rig.assert_invariants({**written, "after.txt": b"after"})


def test_all_that_was_queued_is_handed_over_again(rig: Rig) -> None:
    """200 hand-overs wait when Redis is emptied."""
    rig.start()
    written = {f"{n}.txt": b"%d" % n for n in range(200)}
    for name, content in written.items():
        rig.drop(name, content)
    wait_for(lambda: rig.counts().get("queued") == 200)
    rig.redis.flushall()
    again_s = wait_for(lambda: rig.redis.llen(QUEUE) == 200)
    with Worker(rig.url, rig.inbox) as worker:
        wait_for(lambda: all(rig.is_filed(name) for name in written))
    tell("18b Redis emptied, 200 queued", f"all in the queue again {again_s:.1f} s later")

    assert len(worker.handled) == 200
    rig.assert_invariants(written)


def test_redis_goes_back_to_an_earlier_state(rig: Rig) -> None:
    """As when a backup is restored: the generation is the same, and the newest events are missing."""
    rig.start()
    with Worker(rig.url, rig.inbox):
        rig.drop("a.txt", b"one")
        wait_for(lambda: rig.is_filed("a.txt"))
        before = published(rig)
        [row] = rig.rows("a.txt")
        rig.redis.delete(
            names.DEFAULT.results_stream, names.DEFAULT.outcomes_stream, names.DEFAULT.done_key(row.event_id or "")
        )
        took_s = wait_for(lambda: published(rig) == before)
        rig.drop("b.txt", b"two")
        wait_for(lambda: rig.is_filed("b.txt"))
    tell("18 Redis set back", f"restored {took_s:.1f} s later")
    rig.assert_invariants({"a.txt": b"one", "b.txt": b"two"})


def test_redis_goes_back_while_a_report_ends(rig: Rig) -> None:
    """A newer outcome, which comes before anybody has looked, hides nothing of what is gone."""
    rig.start()
    with Worker(rig.url, rig.inbox):
        rig.drop("a.txt", b"one")
        wait_for(lambda: rig.is_filed("a.txt"))
    [row] = rig.rows("a.txt")
    rig.drop("b.txt", b"two")
    wait_for(lambda: rig.state_of("b.txt") == "queued")
    rig.redis.delete(
        names.DEFAULT.results_stream, names.DEFAULT.outcomes_stream, names.DEFAULT.done_key(row.event_id or "")
    )
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: sorted(path for path, _, _ in rig.results()) == ["a.txt", "b.txt"])
        wait_for(lambda: rig.is_filed("b.txt"))
    rig.assert_invariants({"a.txt": b"one", "b.txt": b"two"})


def test_failures_of_earlier_rounds_and_reports_without_a_file_are_restored(rig: Rig) -> None:
    """Two rounds of a failure, of which one lies in quarantine; a revision that was replaced before it was filed."""
    rig.start()
    with Worker(rig.url, rig.inbox):
        rig.drop("bad.txt", b"BAD")
        wait_for(lambda: rig.is_filed("bad.txt"))
        assert retry(rig.settings, None) == [Retried("bad.txt")]
        wait_for(lambda: rig.rows("bad.txt")[0].round == 2 and rig.is_filed("bad.txt"))
    path = rig.write("a.txt", b"one ")
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    with path.open("ab") as file, Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.state_of("a.txt") == "published")
        file.write(b"two")
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.rows("a.txt")[0].revision == 2 and rig.is_filed("a.txt"))
    before = published(rig)
    assert [len(events) for events in before.values()] == [2, 2]
    # What was replaced before it was filed is copied into the ledger by a round of its own.
    wait_for(lambda: is_kept(rig, "a.txt"))
    rig.redis.flushall()
    wait_for(lambda: published(rig) == before)
    assert rig.log_lines("not_restored") == []
    rig.assert_invariants({"bad.txt": b"BAD", "a.txt": b"one two"})


def is_kept(rig: Rig, path: str) -> bool:
    """Whether the event of a document's first revision lies in the ledger itself."""
    with rig.ledger() as ledger:
        return ledger.kept(ledger.find(path)[-1].id) is not None


def test_what_is_not_ours_is_not_restored(rig: Rig) -> None:
    """The archive's JSON has been changed or taken away: it is said, and the rest is restored."""
    rig.start()
    with Worker(rig.url, rig.inbox):
        for name in "abc":
            rig.drop(f"{name}.txt", name.encode())
            wait_for(lambda name=name: rig.is_filed(f"{name}.txt"))  # type: ignore[misc]
    before = published(rig)[names.DEFAULT.results_stream]
    (rig.processed / "a.txt.json").unlink()
    (rig.processed / "b.txt.json").write_bytes((rig.processed / "c.txt.json").read_bytes())
    rig.redis.flushall()
    wait_for(lambda: published(rig)[names.DEFAULT.results_stream] == before[2:])
    wait_for(lambda: len(rig.log_lines("not_restored")) == 2)

    assert [line["report"] for line in rig.log_lines("not_restored")] == ["a.txt", "b.txt"]
    wait_for(lambda: "restored" not in rig.health().alarms)
    with Worker(rig.url, rig.inbox):
        rig.drop("a.txt", b"a")
        wait_for(lambda: len(published(rig)[names.DEFAULT.results_stream]) == 2)
    assert published(rig)[names.DEFAULT.results_stream] == [before[2], before[0]], "dropped again, it is read again"


def test_emptied_between_publishing_and_filing(rig: Rig) -> None:
    """The event is lost before it was written down beside the report: the report is read again."""
    rig.start()
    path = rig.write("a.txt", b"one")
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    with path.open("ab"), Worker(rig.url, rig.inbox) as worker:
        wait_for(lambda: rig.state_of("a.txt") == "published")
        before = published(rig)
        rig.redis.flushall()
    with Worker(rig.url, rig.inbox) as second:
        wait_for(lambda: rig.is_filed("a.txt"))

    assert len(worker.handled) + len(second.handled) == 2
    assert published(rig) == before
    assert json.loads((rig.processed / "a.txt.json").read_bytes()) == rig.events()[0]
    rig.assert_invariants({"a.txt": b"one"})
