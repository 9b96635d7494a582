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
def rig(tmp_path: Path, redis_url: str) -> Iterator[WorkerRig]:
    with WorkerRig(tmp_path, redis_url) as rig:
        yield rig


@pytest.fixture
def faulty(tmp_path: Path, redis_url: str) -> Iterator[WorkerRig]:
    with WorkerRig(tmp_path, redis_url, faulty=True) as rig:
        yield rig


def test_every_seed_gives_one_event_however_often_it_is_handed_over(rig: WorkerRig) -> None:
    """As a CloudEvent, in Chinese, with what the report's key holds; and one log line for each."""
    rig.start(concurrency=2)
    handovers = [rig.give(f"2023/{seed.name}", seed.read_bytes()) for seed in SEEDS]
    rig.ended(5)
    rig.send(*handovers)
    rig.ended(10)

    rig.assert_one_event_each(*handovers)
    for _, fields in rig.client.xrange(names.DEFAULT.results_stream):
        event = ReportEvent.model_validate_json(fields["data"])
        assert event.data.metrics
        assert fields["data"] == event.to_json()
        assert "\\u" not in fields["data"]
        assert rig.client.get(names.DEFAULT.report_key(event.data.id, 1)) == event.data.model_dump_json()
        message = HTTPMessage({"content-type": "application/cloudevents+json"}, fields["data"].encode())
        assert from_structured_event(message, JSONFormat()).get_data() == json.loads(fields["data"])["data"]
    assert {outcome.status for outcome in rig.outcomes()} == {"published"}
    read = [line for line in rig.log_lines() if line["message"] == "read"]
    assert sorted(line["report"] for line in read) == [f"2023/{seed.name}" for seed in SEEDS]
    assert {"id", "event_id", "size_bytes", "metrics", "took_ms", "decode_ms", "attempt", "process"} <= set(read[0])


def test_progress_tells_each_stage(rig: WorkerRig) -> None:
    """Started and finished, with the time it took, to whoever listens."""
    rig.start()
    with connect(rig.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe(names.DEFAULT.progress_channel)
        assert pubsub.get_message(timeout=LONG_S)["type"] == "subscribe"
        handover = rig.give("a.txt", TEXT)
        rig.ended(1)
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


def test_what_is_not_there_any_more_is_told_and_not_read(rig: WorkerRig) -> None:
    """Changed, gone, a link, a pipe: no event, no attempt, no hang."""
    rig.start()
    changed = rig.drop("changed.txt", b"old")
    (rig.inbox / "changed.txt").write_bytes(b"new")
    gone = rig.drop("gone.txt", b"gone")
    (rig.inbox / "gone.txt").unlink()
    link = rig.drop("link.txt", TEXT)
    (rig.inbox / "link.txt").rename(rig.folder / "outside.txt")
    (rig.inbox / "link.txt").symlink_to(rig.folder / "outside.txt")
    pipe = rig.drop("pipe.txt", b"")
    (rig.inbox / "pipe.txt").unlink()
    os.mkfifo(rig.inbox / "pipe.txt")
    rig.send(changed, gone, link, pipe)
    rig.ended(4)
    told = {outcome.id: outcome.status for outcome in rig.outcomes()}
    assert told == {changed.id: "changed", gone.id: "missing", link.id: "changed", pipe.id: "changed"}
    assert rig.events() == rig.events(names.DEFAULT.failures_stream) == []
    assert not list(rig.client.scan_iter("zhibiao:attempts:*"))


def test_bytes_that_are_no_report_fail_at_once(rig: WorkerRig) -> None:
    """One failure event with code, stage and place in the code; no second attempt."""
    rig.start()
    handover = rig.give("empty.txt", b"")
    rig.ended(1)
    rig.assert_one_event_each(handover)
    [failure] = rig.failures()
    assert failure["code"] != "too_many_attempts"
    assert failure["stage"] == "decode"
    assert failure["attempts"] == 1
    assert failure["message"].startswith("empty.txt: stage decode")
    assert failure["trace"][0].startswith("worker.attempts:")
    assert all(len(frame.split(":")) == 3 and "/" not in frame for frame in failure["trace"])


def test_a_killed_child_costs_a_second_reading_and_no_second_event(faulty: WorkerRig) -> None:
    """kill -9 in the middle of a report."""
    worker = faulty.start()
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
    faulty.start()
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
    faulty.start()
    handover = faulty.give("once.txt", b"once\n" + TEXT)
    faulty.ended(1)
    faulty.assert_one_event_each(handover)
    assert faulty.begun(handover) == 2
    assert faulty.failures() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_waits_for_it(rig: WorkerRig) -> None:
    """It is no attempt of the report's."""
    rig.start()
    handover = rig.drop("closed.txt", TEXT)
    (rig.inbox / "closed.txt").chmod(0)
    rig.send(handover)
    wait_for(lambda: any(line["message"] == "again" for line in rig.log_lines()))
    (rig.inbox / "closed.txt").chmod(0o644)
    rig.ended(1)
    rig.assert_one_event_each(handover)


def test_an_inbox_that_is_away_is_waited_for(rig: WorkerRig) -> None:
    """No report fails because a share is not mounted."""
    rig.start()
    handover = rig.drop("a.txt", TEXT)
    rig.inbox.rename(rig.folder / "away")
    rig.send(handover)
    wait_for(lambda: any(line["message"] == "again" for line in rig.log_lines()))
    (rig.folder / "away").rename(rig.inbox)
    rig.ended(1)
    rig.assert_one_event_each(handover)
    assert rig.failures() == []


def test_a_worker_shows_that_it_is_alive_until_it_stops(rig: WorkerRig) -> None:
    """The probe of container checks: well, then gone; SIGTERM ends it with status 0."""
    worker = rig.start()
    assert (rig.folder / "alive0").exists()
    assert worker.stop() == 0
    assert not (rig.folder / "alive0").exists()


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
def test_a_key_of_another_kind_is_waited_for(rig: WorkerRig, key: str) -> None:
    """No attempt is counted, the cause is told, and no number of the stream is left out."""
    rig.start()
    handover = rig.drop("a.txt", TEXT)
    wrong = KEYS[key](handover)
    rig.client.sadd(wrong, "somebody's")
    rig.send(handover)
    wait_for(lambda: "WRONGTYPE" in str(rig.client.get(names.DEFAULT.trouble_key)), what="the cause")
    wait_for(lambda: len([line for line in rig.log_lines() if line["message"] == "redis_away"]) > 2, what="more tries")
    rig.client.delete(wrong)
    rig.ended(1)

    rig.assert_one_event_each(handover)
    assert [fields[names.NUMBER_FIELD] for _, fields in rig.client.xrange(names.DEFAULT.results_stream)] == ["1"]
    assert rig.failures() == []
