"""The whole watcher on real files, with real Redis; a stand-in plays the workers."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas import names
from schemas.events import FileStep
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import QUEUE, Rig, Worker, sha256, tell
from watcher.filing.put_back import Retried, retry

pytestmark = pytest.mark.service


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def test_a_renamed_in_file_is_published_and_filed(rig: Rig) -> None:
    """The original lies in processed with its report beside it."""
    rig.start()
    with Worker(rig.url, rig.inbox):
        rig.drop("2023/report.txt", b"content")
        wait_for(lambda: rig.is_filed("2023/report.txt"))

    assert rig.results() == [("2023/report.txt", 1, sha256(b"content"))]
    assert (rig.processed / "2023/report.txt").read_bytes() == b"content"
    assert json.loads((rig.processed / "2023/report.txt.json").read_text("utf-8")) == rig.events()[0]
    assert rig.describe("2023/report.txt").place == str(rig.processed / "2023/report.txt")
    rig.assert_invariants({"2023/report.txt": b"content"})


def test_files_present_at_the_start_are_published(rig: Rig) -> None:
    written = {f"{number}.txt": b"%d" % number for number in range(20)}
    for name, content in written.items():
        rig.drop(name, content)
    rig.start()
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: all(rig.is_filed(name) for name in written))

    rig.assert_invariants(written)


def test_a_failed_report_goes_to_quarantine_and_can_be_retried(rig: Rig) -> None:
    """Back in the inbox it is read in a second round; still bad, it returns."""
    rig.start()
    with Worker(rig.url, rig.inbox) as worker:
        rig.drop("a/b.txt", b"BAD")
        wait_for(lambda: rig.is_filed("a/b.txt"))
        reason = json.loads((rig.quarantine / "a/b.txt.error.json").read_text("utf-8"))
        assert {key: reason[key] for key in ("code", "message", "stage", "place", "attempts", "trace")} == {
            "code": "undecodable",
            "message": "made to fail",
            "stage": "decode",
            "place": "byte 0",
            "attempts": 1,
            "trace": ["worker:test:1"],
        }

        assert retry(rig.settings, ["nowhere.txt"]) == [Retried("nowhere.txt", "not in quarantine")]
        assert retry(rig.settings, None) == [Retried("a/b.txt")]
        wait_for(lambda: len(worker.handled) == 2)
        wait_for(lambda: rig.is_filed("a/b.txt"))

    assert [(item.revision, item.round) for item in worker.handled] == [(1, 1), (1, 2)]
    assert [(data["round"], data["code"]) for data in rig.events(names.DEFAULT.failures_stream)] == [
        (1, "undecodable"),
        (2, "undecodable"),
    ]
    assert sorted(path.name for path in (rig.quarantine / "a").iterdir()) == ["b.txt", "b.txt.error.json"]
    rig.assert_invariants({"a/b.txt": b"BAD"})


def test_new_content_under_the_same_name_is_the_next_revision(rig: Rig) -> None:
    """Nothing in processed is overwritten."""
    rig.start()
    with Worker(rig.url, rig.inbox) as worker:
        rig.drop("a.txt", b"one")
        wait_for(lambda: rig.is_filed("a.txt"))
        rig.drop("a.txt", b"two")
        wait_for(lambda: (rig.processed / "a.2.txt").exists() and rig.is_filed("a.txt"))

    assert [(item.revision, item.supersedes) for item in worker.handled] == [(1, None), (2, 1)]
    assert (rig.processed / "a.txt").read_bytes() == b"one"
    assert (rig.processed / "a.2.txt").read_bytes() == b"two"
    rig.assert_invariants({"a.txt": b"two"})


def test_the_same_content_again_is_a_duplicate(rig: Rig) -> None:
    """Under another name or the same, at once or later: read once, and each copy points to the first."""
    rig.start()
    with Worker(rig.url, rig.inbox, delay_s=0.5) as worker:
        rig.drop("a.txt", b"same")
        rig.drop("b.txt", b"same")
        wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("b.txt"))
        rig.drop("a.txt", b"same")
        wait_for(lambda: (rig.processed / "a.2.txt").exists() and rig.is_filed("a.txt"))

    assert len(worker.handled) == 1
    first = {"id": worker.handled[0].id, "revision": 1, "path": "a.txt"}
    for name in ("b.txt", "a.2.txt"):
        sidecar = json.loads((rig.processed / f"{name}.json").read_text("utf-8"))
        assert {key: sidecar["duplicate_of"][key] for key in first} == first
    rig.assert_invariants({"a.txt": b"same", "b.txt": b"same"})


def test_a_duplicate_of_what_fails_fails_with_it(rig: Rig) -> None:
    rig.start()
    with Worker(rig.url, rig.inbox, delay_s=0.5) as worker:
        rig.drop("a.txt", b"BAD")
        rig.drop("b.txt", b"BAD")
        wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("b.txt"))

    assert len(worker.handled) == 1
    assert (rig.quarantine / "b.txt").read_bytes() == b"BAD"
    rig.assert_invariants({"a.txt": b"BAD", "b.txt": b"BAD"})


@pytest.mark.parametrize("when", ["queued", "working"])
def test_content_replaced_on_its_way_is_read_anew(rig: Rig, when: str) -> None:
    """The worker says that the content has changed, or publishes the old one; the last content wins."""
    rig.start()
    worker = Worker(rig.url, rig.inbox)
    rig.drop("a.txt", b"one")
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    if when == "queued":
        rig.drop("a.txt", b"two")
        wait_for(lambda: rig.rows("a.txt")[0].revision == 2)
    else:
        worker.may_read.clear()
    with worker:
        if when == "working":
            wait_for(lambda: worker.handled)
            rig.drop("a.txt", b"two")
            worker.may_read.set()
        wait_for(lambda: rig.state_of("a.txt") == "published" and rig.is_filed("a.txt"))
        wait_for(lambda: rig.counts().get("queued", 0) == 0)

    assert rig.results() == [("a.txt", 2, sha256(b"two"))]
    assert [row.state for row in rig.rows("a.txt")] == ["published", "superseded"]
    rig.assert_invariants({"a.txt": b"two"})


def test_a_file_deleted_on_its_way_has_vanished(rig: Rig) -> None:
    rig.start()
    path = rig.drop("a.txt", b"one")
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    path.unlink()
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.state_of("a.txt") == "vanished")
        rig.drop("a.txt", b"one")
        wait_for(lambda: rig.is_filed("a.txt"))

    assert rig.results() == [("a.txt", 1, sha256(b"one"))]


def test_a_lost_hand_over_is_repeated(rig: Rig) -> None:
    """A worker took it out of the queue and died before it noted that: nobody has it, and Redis tells nothing."""
    rig.start()
    rig.drop("a.txt", b"one")
    wait_for(lambda: rig.redis.lpop(QUEUE))
    with Worker(rig.url, rig.inbox):
        took_s = wait_for(lambda: rig.is_filed("a.txt"))
    tell("hand-over lost by a dying worker", f"done {took_s:.1f} s later")

    assert [line["report"] for line in rig.log_lines("handed_over_again")] == ["a.txt"]
    rig.assert_invariants({"a.txt": b"one"})


def test_a_long_queue_is_not_taken_for_a_loss(rig: Rig) -> None:
    """Something that came later and is lost is handed over again; what waits is not."""
    rig.start()
    for number in range(5):
        rig.drop(f"{number}.txt", b"%d" % number)
    wait_for(lambda: rig.counts().get("queued") == 5)
    rig.drop("lost.txt", b"lost")
    wait_for(lambda: rig.redis.llen(QUEUE) == 6)
    rig.redis.lpop(QUEUE)
    wait_for(lambda: rig.log_lines("handed_over_again"))

    assert [line["report"] for line in rig.log_lines("handed_over_again")] == ["lost.txt"]
    assert rig.redis.llen(QUEUE) == 6


def test_a_sigterm_ends_it_cleanly_and_a_new_one_goes_on(rig: Rig) -> None:
    first = rig.start()
    rig.drop("a.txt", b"one")
    wait_for(lambda: rig.state_of("a.txt") == "queued")
    first.send_signal(signal.SIGTERM)
    assert first.wait(LONG_S) == 0
    rig.drop("b.txt", b"two")
    with Worker(rig.url, rig.inbox):
        rig.start()
        wait_for(lambda: rig.is_filed("a.txt") and rig.is_filed("b.txt"))

    rig.assert_invariants({"a.txt": b"one", "b.txt": b"two"})


def test_a_second_watcher_waits_and_takes_over(rig: Rig) -> None:
    first = rig.start()
    second = rig.start(wait=False)
    wait_for(lambda: rig.log_lines("standby"))
    rig.drop("a.txt", b"one")
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.is_filed("a.txt"))
        first.kill()
        first.wait()
        wait_for(lambda: rig.is_active(second))
        rig.drop("b.txt", b"two")
        wait_for(lambda: rig.is_filed("b.txt"))

    rig.assert_invariants({"a.txt": b"one", "b.txt": b"two"})


def test_a_file_renamed_in_waits_for_neither_quiet_nor_a_walk(tmp_path: Path, redis_url: str) -> None:
    """Its event alone makes its row: both others would come in an hour."""
    with Rig(tmp_path, redis_url, settle_s=3600, settle_unknown_s=3600, reconcile_s=3600, poll_s=3600) as rig:
        rig.start()
        for number in range(20):
            rig.drop(f"{number}.txt", b"%d" % number)
            wait_for(lambda name=f"{number}.txt": rig.rows(name))  # type: ignore[misc]

        assert rig.health().counts["walks"] == 1


def test_status_says_why_a_file_waits(rig: Rig) -> None:
    rig.start()
    with (rig.inbox / "open.txt").open("wb") as file:
        file.write(b"half")
        file.flush()
        wait_for(lambda: rig.describe("open.txt").lines[0].startswith("writer-open"))
        rig.write("report.txt.part", b"half")
        assert rig.describe("report.txt.part").lines == ("ignored: pattern *.part",)
        assert rig.describe("never.txt").state == "unknown"
    wait_for(lambda: rig.state_of("open.txt") == "queued")
    assert rig.describe(str(rig.inbox / "open.txt")).lines[0].startswith("revision 1 handed over ")


def test_every_step_of_every_file_is_told(rig: Rig) -> None:
    """In order, each once, whatever comes of a file; and again after Redis was emptied, from then on."""
    rig.start()
    with Worker(rig.url, rig.inbox):
        rig.drop("a.txt", b"one")
        wait_for(lambda: rig.is_filed("a.txt"))
        rig.drop("bad.txt", b"BAD")
        rig.drop("again.txt", b"one")
        wait_for(lambda: rig.is_filed("bad.txt") and rig.is_filed("again.txt"))
        wait_for(lambda: {"filed bad.txt", "filed again.txt"} <= {*told(rig).values()})

        steps = [*told(rig).values()]
        for name, ended in (("a.txt", "published"), ("bad.txt", "quarantined")):
            own = [step for step in steps if step.endswith(f" {name}")]
            # A worker may be done before the watcher has noted that it handed over.
            assert own in (
                [f"{state} {name}" for state in ("accepted", "queued", ended, "filed")],
                [f"{state} {name}" for state in ("accepted", ended, "filed")],
            )
        assert [step for step in steps if step.endswith("again.txt")] == ["duplicate again.txt", "filed again.txt"]
        assert sorted(told(rig)) == [*range(1, len(steps) + 1)]
        rig.redis.flushall()
        rig.drop("b.txt", b"two")
        wait_for(lambda: "filed b.txt" in told(rig).values())


def test_a_stream_of_steps_that_takes_nothing_holds_nothing_up(rig: Rig) -> None:
    """Somebody else's key lies there: an alarm says so, and what happened meanwhile is told afterwards."""
    rig.redis.set(names.DEFAULT.files_stream, "somebody else's")
    rig.start()
    with Worker(rig.url, rig.inbox):
        rig.drop("a.txt", b"one")
        wait_for(lambda: rig.is_filed("a.txt"))
        wait_for(lambda: "steps-not-told" in rig.health().alarms)
        rig.redis.delete(names.DEFAULT.files_stream)
        wait_for(lambda: "filed a.txt" in told(rig).values())
        wait_for(lambda: "steps-not-told" not in rig.health().alarms)

    assert [*told(rig).values()] == ["accepted a.txt", "queued a.txt", "published a.txt", "filed a.txt"]


def told(rig: Rig) -> dict[int, str]:
    entries: Any = rig.redis.xrange(names.DEFAULT.files_stream)
    steps = [FileStep.model_validate_json(fields[names.EVENT_FIELD]) for _, fields in entries]
    return {step.number: f"{step.state} {step.path}" for step in steps}
