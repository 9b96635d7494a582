"""What becomes of one attempt, with the pipeline and Redis played by stand-ins."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis
from billiard.exceptions import SoftTimeLimitExceeded

from delivery import attempt_log as attempts
from delivery.attempt_log import Ending
from delivery.publish import Publisher
from delivery.subscribe import read_outcomes
from schemas import names
from schemas.events import FailedEvent, ReportEvent, utc_now
from schemas.reading import stamp_of
from schemas.report import Document, PipelineInfo, Report, SourceFile
from tests.unit.worker_runtime.made import HANDOVER, Clock, Pipeline
from worker import PIPELINE_VERSION
from worker import attempts as attempt
from worker.attempts import Again, Attempts
from worker.errors import BadReport, Exhausted, Unavailable


def failures(reader: Attempts) -> list[FailedEvent]:
    entries = reader.client.xrange(names.DEFAULT.failures_stream)
    return [FailedEvent.model_validate_json(fields["data"]) for _, fields in entries]


def statuses(reader: Attempts) -> list[str]:
    return [outcome.status for _, outcome in read_outcomes(reader.client, "0", 0) if outcome]


def count(reader: Attempts) -> int:
    return attempts.count(reader.client, HANDOVER.id, 1, 1)


def test_a_report_that_is_done_is_not_read_again(reader: Attempts, pipeline: Pipeline) -> None:
    """Only told again, in case the first telling was lost."""
    reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)
    assert pipeline.calls == 1
    assert statuses(reader) == ["published", "published"]
    first, second = (outcome for _, outcome in read_outcomes(reader.client, "0", 0))
    assert first == second
    assert reader.client.xlen(names.DEFAULT.results_stream) == 1


@pytest.mark.parametrize("version", ["0", "next"])
def test_what_another_version_has_published_is_not_read_again(
    reader: Attempts, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """Its worker died before it had acknowledged, while the versions were changed."""
    reader.attempt(HANDOVER)
    monkeypatch.setattr(attempt, "PIPELINE_VERSION", version)
    reader.attempt(HANDOVER)
    assert pipeline.calls == 1
    (_, first), (_, second) = read_outcomes(reader.client, "0", 0)
    assert first == second
    assert reader.client.xlen(names.DEFAULT.results_stream) == 1
    reader.attempt(HANDOVER.model_copy(update={"revision": 2, "repeats": 1}))
    assert reader.client.xlen(names.DEFAULT.results_stream) == 2


def test_a_report_and_how_it_was_read_come_together(reader: Attempts, pipeline: Pipeline) -> None:
    reader.attempt(HANDOVER)

    packed = reader.publisher.kept_reading(HANDOVER.id, 1)
    assert stamp_of(packed or b"") == (HANDOVER.id, 1, HANDOVER.sha256, PIPELINE_VERSION)


def test_content_that_comes_again_is_published_again_once(reader: Attempts, pipeline: Pipeline) -> None:
    """As a revision of its own, however often that is handed over."""
    again = HANDOVER.model_copy(update={"revision": 3, "supersedes": 2, "repeats": 1, "round": 2})
    for handover in (HANDOVER, again, again, HANDOVER):
        reader.attempt(handover)

    assert pipeline.calls == 2
    assert statuses(reader) == ["published"] * 4
    assert reader.client.xlen(names.DEFAULT.results_stream) == 2
    assert reader.client.get(names.DEFAULT.latest_key(HANDOVER.id)) == "3"
    told = [outcome.event_id for _, outcome in read_outcomes(reader.client, "0", 0) if outcome]
    assert told == [told[0], told[1], told[1], told[0]]
    assert told[0] != told[1]


@pytest.mark.parametrize("repeats", [None, 1])
def test_a_report_that_is_kept_nowhere_is_read_without_a_second_event(
    reader: Attempts, pipeline: Pipeline, repeats: int | None
) -> None:
    """Its key has it again, and the watcher hears of the event that is out."""
    handover = HANDOVER.model_copy(update={"revision": 3, "repeats": repeats})
    reader.attempt(handover)
    reader.client.delete(names.DEFAULT.report_key(handover.id, 3))
    reader.client.xtrim(names.DEFAULT.results_stream, maxlen=0, approximate=False)
    reader.attempt(handover.model_copy(update={"round": 2, "keep": True}))

    assert pipeline.calls == 2
    assert reader.client.xlen(names.DEFAULT.results_stream) == 0
    assert Report.model_validate_json(reader.client.get(names.DEFAULT.report_key(handover.id, 3))).revision == 3
    first, second = (outcome for _, outcome in read_outcomes(reader.client, "0", 0))
    assert (first.event_id, first.entry_id) == (second.event_id, second.entry_id)


def test_a_bad_report_fails_once_with_code_stage_and_place(reader: Attempts, pipeline: Pipeline) -> None:
    """A second attempt could only say the same."""
    pipeline.troubles = [BadReport("undecodable", "decode", "0xFF is neither UTF-8 nor GB18030", "byte 512")]
    reader.attempt(HANDOVER)
    [event] = failures(reader)
    assert event.data.code == "undecodable"
    assert event.data.stage == "decode"
    assert event.data.place == "byte 512"
    assert event.data.message == "a.txt: stage decode at byte 512: 0xFF is neither UTF-8 nor GB18030"
    assert event.data.attempts == 1
    assert event.data.source.sha256 == HANDOVER.sha256
    assert statuses(reader) == ["failed"]
    assert [outcome.failure for _, outcome in read_outcomes(reader.client, "0", 0) if outcome] == [event.data]


def test_the_last_ending_is_the_one_that_is_quoted(reader: Attempts, pipeline: Pipeline) -> None:
    """Earlier ones may have been another matter."""
    pipeline.troubles = [KeyError("x"), ValueError("x"), ZeroDivisionError("secret")]
    for _ in range(3):
        with pytest.raises(Again):
            reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)
    assert pipeline.calls == 3
    [event] = failures(reader)
    assert "; the last time: ZeroDivisionError at " in event.data.message
    assert event.data.attempts == 3
    assert event.data.trace[-1].startswith("tests.unit.worker_runtime.made:__call__:")
    assert "secret" not in event.to_json()


def test_an_old_ending_is_not_taken_for_the_last(reader: Attempts, pipeline: Pipeline) -> None:
    """The first attempt raised, the next two died with their worker."""
    pipeline.troubles = [KeyError("x")]
    with pytest.raises(Again):
        reader.attempt(HANDOVER)
    attempts.begin(reader.client, HANDOVER, "second")
    attempts.begin(reader.client, HANDOVER, "third")
    reader.attempt(HANDOVER)
    assert "its process died without a word" in failures(reader)[0].data.message
    assert pipeline.calls == 1


@pytest.mark.parametrize(
    ("error", "code", "seen"),
    [
        (SoftTimeLimitExceeded(2), "out_of_time", "over the soft time limit (ZHIBIAO_SOFT_TIME_LIMIT_S)"),
        (MemoryError(), "out_of_memory", "over the limit on memory (ZHIBIAO_MAX_CHILD_ADDRESS_SPACE_BYTES)"),
        (Exhausted("out_of_memory", "decode", "a library was refused memory"), "out_of_memory", "was refused memory"),
        (Exhausted("killed", "decode", "LibreOffice was killed"), "too_many_attempts", "LibreOffice was killed"),
    ],
)
def test_a_limit_of_ours_is_the_reason(
    reader: Attempts, pipeline: Pipeline, error: Exception, code: str, seen: str
) -> None:
    """Its code tells programs, its name tells people what to raise."""
    most = 2 if code == attempts.OUT_OF_TIME else 3
    pipeline.troubles = [error] * most
    for _ in range(most):
        with pytest.raises(Again):
            reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)
    [event] = failures(reader)
    assert (event.data.code, event.data.attempts) == (code, most)
    assert f"begun {most} times without a result; the last time: " in event.data.message
    assert seen in event.data.message


def test_where_the_clock_ran_out_is_for_the_trace(reader: Attempts, pipeline: Pipeline) -> None:
    """The words for people name no place of the code."""
    pipeline.troubles = [SoftTimeLimitExceeded(2)] * 2
    for _ in range(2):
        with pytest.raises(Again):
            reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)
    [event] = failures(reader)
    assert "the last time: over the soft time limit (ZHIBIAO_SOFT_TIME_LIMIT_S). `zhibiao retry`" in event.data.message
    assert any(place.startswith("worker.attempts:_read:") for place in event.data.trace)


def test_a_text_over_the_time_limit_is_tried_once_more(reader: Attempts, pipeline: Pipeline) -> None:
    """Not less: the machine may have been busy; and what ended otherwise in between is tried as often as anything."""
    pipeline.troubles = [SoftTimeLimitExceeded(2)]
    with pytest.raises(Again):
        reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)
    assert statuses(reader) == ["published"]


@pytest.mark.parametrize(
    "errors", [[KeyError("x"), SoftTimeLimitExceeded(2)], [SoftTimeLimitExceeded(2), KeyError("x")]]
)
def test_two_that_ended_unlike_leave_the_third(reader: Attempts, pipeline: Pipeline, errors: list[Exception]) -> None:
    pipeline.troubles = [*errors]
    for _ in errors:
        with pytest.raises(Again):
            reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)
    assert (pipeline.calls, statuses(reader)) == (3, ["published"])


def test_twice_killed_over_the_hard_limit_is_enough(reader: Attempts, pipeline: Pipeline) -> None:
    """Of the two deaths the last alone is noted."""
    for token in ("first", "second"):
        attempts.begin(reader.client, HANDOVER, token)
        attempts.note_death(reader.client, HANDOVER, Ending("killed over the hard time limit", attempts.OUT_OF_TIME))
    reader.attempt(HANDOVER)
    [event] = failures(reader)
    assert (event.data.code, event.data.attempts, pipeline.calls) == ("out_of_time", 2, 0)


def test_what_the_parent_saw_of_a_death_is_quoted(reader: Attempts) -> None:
    """Of the last attempt; what it saw of an earlier one is no longer of interest."""
    attempts.begin(reader.client, HANDOVER, "first")
    attempts.note_death(reader.client, HANDOVER, Ending("killed by one"))
    for token in ("second", "third"):
        attempts.begin(reader.client, HANDOVER, token)
    assert attempts.ending(reader.client, HANDOVER, 3) is None
    attempts.note_death(reader.client, HANDOVER, Ending("killed over the hard time limit", "out_of_time"))
    reader.attempt(HANDOVER)
    [event] = failures(reader)
    assert event.data.code == "out_of_time"
    assert "killed over the hard time limit" in event.data.message


def test_giving_up_twice_gives_one_event(reader: Attempts) -> None:
    """And the count stays where it is."""
    for token in "abc":
        attempts.begin(reader.client, HANDOVER, token)
    reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)
    assert len(failures(reader)) == 1
    assert statuses(reader) == ["failed", "failed"]
    assert count(reader) == 3


def test_what_is_not_the_reports_fault_does_not_count(reader: Attempts) -> None:
    """An inbox that is away, a file that is gone or changed."""
    for _ in range(5):
        with pytest.raises(Unavailable):
            replace(reader, inbox=reader.inbox / "away").attempt(HANDOVER)
    assert count(reader) == 0
    (reader.inbox / "a.txt").write_bytes(b"changed")
    reader.attempt(HANDOVER)
    (reader.inbox / "a.txt").unlink()
    reader.attempt(HANDOVER)
    assert statuses(reader) == ["changed", "missing"]
    assert count(reader) == 0


class Outage:
    """A publisher whose Redis fails for some time of a clock."""

    def __init__(self, publisher: Publisher, clock: Clock, ends_s: float, error: Exception | None = None) -> None:
        self._publisher, self._clock, self._ends_s, self._error = (
            publisher,
            clock,
            ends_s,
            error or redis.ConnectionError("away"),
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._publisher, name)

    def report(self, *arguments: Any) -> Any:
        if self._clock.now_s < self._ends_s:
            raise self._error
        return self._publisher.report(*arguments)


def test_a_short_outage_costs_no_second_reading(reader: Attempts, pipeline: Pipeline) -> None:
    """The report is ready; it waits for Redis, longer and longer up to five seconds."""
    assert isinstance(reader.clock, Clock)
    outage: Any = Outage(reader.publisher, reader.clock, 20)
    replace(reader, publisher=outage).attempt(HANDOVER)
    assert reader.clock.pauses == [0.25, 0.5, 1, 2, 4, 5, 5, 5]
    assert pipeline.calls == 1
    assert statuses(reader) == ["published"]


@pytest.mark.usefixtures("pipeline")
def test_a_long_outage_is_left_to_the_queue(reader: Attempts) -> None:
    """After a minute the task goes back."""
    assert isinstance(reader.clock, Clock)
    outage: Any = Outage(reader.publisher, reader.clock, 1000)
    with pytest.raises(redis.ConnectionError):
        replace(reader, publisher=outage).attempt(HANDOVER)
    assert 60 <= reader.clock.now_s < 66


@pytest.mark.parametrize(
    "error",
    [
        redis.TimeoutError("frozen"),
        redis.OutOfMemoryError("full"),
        redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
        redis.ResponseError("ERR value is not an integer or out of range"),
        redis.exceptions.NoPermissionError("NOPERM"),
    ],
)
@pytest.mark.usefixtures("pipeline")
def test_no_error_of_redis_counts(reader: Attempts, error: Exception) -> None:
    """However often and however long: the report is published as soon as that is possible, and waits say why."""
    assert isinstance(reader.clock, Clock)
    outage: Any = Outage(reader.publisher, reader.clock, 1000, error)
    for _ in range(5):
        with pytest.raises(type(error)):
            replace(reader, publisher=outage).attempt(HANDOVER)
        assert str(error) in str(reader.client.get(names.DEFAULT.trouble_key))
    reader.attempt(HANDOVER)

    assert statuses(reader) == ["published"]
    assert count(reader) == 1


def test_what_other_rules_have_read_is_read_again_where_that_is_asked_for(
    reader: Attempts, pipeline: Pipeline, tmp_path: Path
) -> None:
    """From the copy, with the event that it replaces; given once more it is not read."""
    before = HANDOVER.report_event_id("0")
    first = Report.model_validate_json(_published_by(reader, "0"))
    (tmp_path / "a.txt").rename(tmp_path / "7")
    again = HANDOVER.model_copy(update={"round": 2, "replaces": before, "place": "7"})
    for _ in range(2):
        reader.attempt(again)
    events = [json.loads(fields["data"]) for _, fields in reader.client.xrange(names.DEFAULT.results_stream)]
    assert [event["id"] for event in events] == [before, HANDOVER.report_event_id(PIPELINE_VERSION)]
    assert (events[1]["data"]["replaces"], events[1]["data"]["revision"]) == (before, first.revision)
    assert (pipeline.calls, statuses(reader)) == (1, ["published", "published"])


def test_what_cannot_be_read_again_is_kept(reader: Attempts, pipeline: Pipeline) -> None:
    _published_by(reader, "0")
    pipeline.troubles.append(BadReport("too_complex", "decode", "too much of it"))
    reader.attempt(HANDOVER.model_copy(update={"round": 2, "replaces": HANDOVER.report_event_id("0")}))
    [failure] = failures(reader)
    assert (failure.data.disposition, failure.data.round, failure.data.code) == ("kept", 2, "too_complex")


def _published_by(reader: Attempts, version: str) -> str:
    source = SourceFile(
        name="a.txt", path="a.txt", sha256=HANDOVER.sha256, size_bytes=7, media_type="text/plain", encoding="utf-8"
    )
    report = Report(id=HANDOVER.id, source=source, document=Document(), pipeline=PipelineInfo(version=version))
    reader.publisher.report(ReportEvent.of(report, utc_now()), None)
    return report.model_dump_json()
