"""Files handed to a real Celery worker over a real Redis."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat

from delivery.connect import connect
from schemas import names
from schemas.events import ReportEvent
from tests.waiting import LONG_S, wait_for
from tests.worker_rig import ROOT, WorkerRig
from worker import PIPELINE_VERSION
from worker.pipeline import STAGES
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
TEXT = "2023年，全市共办结行政复议案件1234件。\n".encode()


@pytest.fixture
def unstaffed(tmp_path: Path, redis_url: str) -> Iterator[WorkerRig]:
    """The workers are the test's to start."""
    with WorkerRig(tmp_path, redis_url) as rig:
        yield rig


def test_every_seed_gives_one_event_however_often_it_is_handed_over(unstaffed: WorkerRig) -> None:
    """As a CloudEvent, in Chinese, with what the report's key holds; and one log line for each."""
    unstaffed.start(concurrency=2)
    handovers = [unstaffed.give(f"2023/{seed.name}", seed.read_bytes()) for seed in SEEDS]
    unstaffed.ended(5)
    unstaffed.send(*handovers)
    unstaffed.ended(10)

    unstaffed.assert_one_event_each(*handovers)
    for _, fields in unstaffed.client.xrange(names.DEFAULT.results_stream):
        event = ReportEvent.model_validate_json(fields["data"])
        assert event.data.metrics
        assert fields["data"] == event.to_json()
        assert "\\u" not in fields["data"]
        assert unstaffed.client.get(names.DEFAULT.report_key(event.data.id, 1)) == event.data.model_dump_json()
        message = HTTPMessage({"content-type": "application/cloudevents+json"}, fields["data"].encode())
        assert from_structured_event(message, JSONFormat()).get_data() == json.loads(fields["data"])["data"]
    assert {outcome.status for outcome in unstaffed.outcomes()} == {"published"}
    read = [line for line in unstaffed.log_lines() if line["message"] == "read"]
    assert sorted(line["report"] for line in read) == [f"2023/{seed.name}" for seed in SEEDS]
    assert {"id", "event_id", "size_bytes", "metrics", "took_ms", "decode_ms", "attempt", "process"} <= set(read[0])


def test_progress_tells_each_stage(staffed: WorkerRig) -> None:
    """Started and finished, with the time it took, to whoever listens."""
    with connect(staffed.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe(names.DEFAULT.progress_channel)
        assert pubsub.get_message(timeout=LONG_S)["type"] == "subscribe"
        handover = staffed.give("a.txt", TEXT)
        staffed.ended(1)
        heard = []
        while not heard or heard[-1]["data"]["stage"] != "published":
            heard.append(json.loads(pubsub.get_message(timeout=LONG_S)["data"]))
    steps = [(event["data"]["stage"], event["data"]["state"]) for event in heard]
    stages = [(name, state) for name, _ in STAGES for state in ("started", "finished")]
    assert steps == [*stages, ("published", "finished")]
    for event, (stage, state) in zip(heard, steps, strict=True):
        assert event["data"]["id"] == handover.id
        assert (event["data"]["elapsed_ms"] is None) == (state == "started"), stage
        parsed = from_structured_event(
            HTTPMessage({"content-type": "application/cloudevents+json"}, json.dumps(event).encode()), JSONFormat()
        )
        assert parsed.get_type() == "io.zhibiao.progress.v1"
    assert len({event["id"] for event in heard}) == len(heard)


def test_what_is_not_there_any_more_is_told_and_not_read(staffed: WorkerRig) -> None:
    """Changed, gone, a link, a pipe: no event, no attempt, no hang."""
    changed = staffed.drop("changed.txt", b"old")
    (staffed.inbox / "changed.txt").write_bytes(b"new")
    gone = staffed.drop("gone.txt", b"gone")
    (staffed.inbox / "gone.txt").unlink()
    link = staffed.drop("link.txt", TEXT)
    (staffed.inbox / "link.txt").rename(staffed.folder / "outside.txt")
    (staffed.inbox / "link.txt").symlink_to(staffed.folder / "outside.txt")
    pipe = staffed.drop("pipe.txt", b"")
    (staffed.inbox / "pipe.txt").unlink()
    os.mkfifo(staffed.inbox / "pipe.txt")
    staffed.send(changed, gone, link, pipe)
    staffed.ended(4)
    told = {outcome.id: outcome.status for outcome in staffed.outcomes()}
    assert told == {changed.id: "changed", gone.id: "missing", link.id: "changed", pipe.id: "changed"}
    assert staffed.events() == staffed.events(names.DEFAULT.failures_stream) == []
    assert not list(staffed.client.scan_iter("zhibiao:attempts:*"))


def test_bytes_that_are_no_report_fail_at_once(staffed: WorkerRig) -> None:
    """One failure event with code, stage and place in the code; no second attempt."""
    handover = staffed.give("empty.txt", b"")
    staffed.ended(1)
    staffed.assert_one_event_each(handover)
    [failure] = staffed.failures()
    assert failure["code"] != "too_many_attempts"
    assert failure["stage"] == "decode"
    assert failure["attempts"] == 1
    assert failure["message"].startswith("empty.txt: stage decode")
    assert failure["trace"][-1].startswith("worker.")
    assert all(len(frame.split(":")) == 3 and "/" not in frame for frame in failure["trace"])


def test_a_killed_child_costs_a_second_reading_and_no_second_event(faulty: WorkerRig) -> None:
    """kill -9 in the middle of a report."""
    (worker,) = faulty.workers
    handover = faulty.give("slow.txt", b"sleep 1.5\n" + TEXT)
    wait_for(lambda: faulty.has_begun(handover))
    os.kill(int((faulty.folder / "begun").read_text().split()[-1]), signal.SIGKILL)
    faulty.ended(1)
    assert faulty.begun(handover) == 2
    faulty.assert_one_event_each(handover)
    assert faulty.failures() == []
    assert worker.process.poll() is None


def test_a_bug_is_tried_three_times_then_given_up(faulty: WorkerRig) -> None:
    """With its class and place and without its words; the reports beside it are read."""
    poison = faulty.give("poison.txt", b"raise")
    fine = [faulty.give(f"{number}.txt", TEXT + b"%d" % number) for number in range(3)]
    faulty.ended(4)
    faulty.assert_one_event_each(poison, *fine)
    assert faulty.begun(poison) == 3
    [failure] = faulty.failures()
    assert (failure["code"], failure["stage"], failure["attempts"]) == ("too_many_attempts", "attempt", 3)
    assert (
        "begun 3 times without a result; the last time: LookupError at tests.faulty_worker:_faulty:"
        in (failure["message"])
    )
    assert "secret" not in json.dumps(failure)
    assert failure["trace"][-1].startswith("tests.faulty_worker:_faulty:")


def test_what_passes_is_read_at_the_next_attempt(faulty: WorkerRig) -> None:
    """A trouble that was there once is no reason to give a report up."""
    handover = faulty.give("once.txt", b"once\n" + TEXT)
    faulty.ended(1)
    faulty.assert_one_event_each(handover)
    assert faulty.begun(handover) == 2
    assert faulty.failures() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_waits_for_it(staffed: WorkerRig) -> None:
    """It is no attempt of the report's."""
    handover = staffed.drop("closed.txt", TEXT)
    (staffed.inbox / "closed.txt").chmod(0)
    staffed.send(handover)
    wait_for(lambda: any(line["message"] == "again" for line in staffed.log_lines()))
    (staffed.inbox / "closed.txt").chmod(0o644)
    staffed.ended(1)
    staffed.assert_one_event_each(handover)


def test_an_inbox_that_is_away_is_waited_for(staffed: WorkerRig) -> None:
    """No report fails because a share is not mounted."""
    handover = staffed.drop("a.txt", TEXT)
    staffed.inbox.rename(staffed.folder / "away")
    staffed.send(handover)
    wait_for(lambda: any(line["message"] == "again" for line in staffed.log_lines()))
    (staffed.folder / "away").rename(staffed.inbox)
    staffed.ended(1)
    staffed.assert_one_event_each(handover)
    assert staffed.failures() == []


def test_a_worker_shows_that_it_is_alive_until_it_stops(unstaffed: WorkerRig) -> None:
    """The probe of container checks: well, then gone; SIGTERM ends it with status 0."""
    worker = unstaffed.start()
    assert (unstaffed.folder / "alive0").exists()
    assert worker.stop() == 0
    assert not (unstaffed.folder / "alive0").exists()


def test_a_worker_that_is_there_before_redis_waits_for_it(tmp_path: Path, server: EmbeddedRedis) -> None:
    """As after a start of the machine: it begins when Redis does, and reads what waits."""
    with WorkerRig(tmp_path, server.url) as rig:
        server.stop()
        worker = rig.launch()
        wait_for(lambda: rig.log.exists() and "trying again" in rig.log.read_text("utf-8").lower(), what="a try")
        server.start()
        worker.until_ready()
        handover = rig.give("a.txt", TEXT)
        rig.ended(1)
        rig.assert_one_event_each(handover)
        assert worker.stop() == 0


KEYS = {
    "results": lambda _: names.DEFAULT.results_stream,
    "count": lambda _: names.DEFAULT.count_key(names.DEFAULT.results_stream),
    "latest": lambda handover: names.DEFAULT.latest_key(handover.id),
    "outcomes": lambda _: names.DEFAULT.outcomes_stream,
    "done": lambda handover: names.DEFAULT.done_key(handover.report_event_id(PIPELINE_VERSION)),
    "attempts": lambda handover: names.DEFAULT.attempts_key(handover.id, 1, 1),
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_of_another_kind_is_waited_for(staffed: WorkerRig, key: str) -> None:
    """No attempt is counted, the cause is told, and no number of the stream is left out."""
    handover = staffed.drop("a.txt", TEXT)
    wrong = KEYS[key](handover)
    staffed.client.sadd(wrong, "somebody's")
    staffed.send(handover)
    wait_for(lambda: "WRONGTYPE" in str(staffed.client.get(names.DEFAULT.trouble_key)), what="the cause")
    wait_for(
        lambda: len([line for line in staffed.log_lines() if line["message"] == "redis_away"]) > 2, what="more tries"
    )
    staffed.client.delete(wrong)
    staffed.ended(1)

    staffed.assert_one_event_each(handover)
    assert [fields[names.NUMBER_FIELD] for _, fields in staffed.client.xrange(names.DEFAULT.results_stream)] == ["1"]
    assert staffed.failures() == []
