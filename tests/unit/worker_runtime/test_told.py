"""What one attempt tells those who look on: lines of the log, steps on the progress channel, numbers for Prometheus."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from structlog.testing import capture_logs

from schemas import names
from schemas.events import FailedEvent
from schemas.metric import Metric, MetricSource
from schemas.report import PipelineInfo, Repair, ReportWarning, Section
from tests.unit.worker_runtime.made import HANDOVER, Clock, Pipeline
from worker import PIPELINE_VERSION
from worker import attempts as attempt
from worker.attempts import Again, Attempts
from worker.errors import BadReport, Exhausted, Unavailable
from worker.pipeline import Result
from worker.telemetry import PREFIX

METRIC = Metric(
    indicator="案件", value="1", unit="件", sentence="案件1件。", source=MetricSource(start=0, end=2, quote="1件")
)
FULL = {
    "metrics": (METRIC, METRIC),
    "sections": (Section(number="一", title="概况", level=1, start=0, end=1),),
    "repairs": (Repair(kind="spacing", count=3), Repair(kind="marks", count=4)),
    "warnings": tuple(ReportWarning(code="a", message="b") for _ in range(5)),
    "pipeline": PipelineInfo(version=PIPELINE_VERSION, timings_ms={"clean": 1.5, "rate": 2.25}),
}
EVENT_ID = HANDOVER.report_event_id(PIPELINE_VERSION)
ABOUT = {"report": "a.txt", "id": HANDOVER.id}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is told of steps that are over."""
    told: list[Any] = []

    def of(_publisher: Any, handover: Any, _now: Any) -> Any:
        return SimpleNamespace(
            stage=None,
            finished=lambda step, took_s=None, detail=None: told.append((handover.path, step, took_s, detail)),
        )

    monkeypatch.setattr(attempt, "Steps", of)
    return told


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as found:
        yield found


@pytest.fixture
def full(pipeline: Pipeline, reader: Attempts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report with something of everything, whose reading takes 1.23456 s."""

    def read(*arguments: Any) -> Result:
        found = pipeline(*arguments)
        assert isinstance(reader.clock, Clock)
        reader.clock.now_s += 1.234_56
        return Result(found.report.model_copy(update=FULL), found.reading)

    monkeypatch.setattr(attempt, "read", read)


def counted(reader: Attempts) -> dict[str, float]:
    """All counters that are not 0, by their name and label."""
    return {
        " ".join([sample.name.removeprefix(PREFIX), *sample.labels.values()]): sample.value
        for metric in reader.metrics.registry.collect()
        for sample in metric.samples
        if sample.value and sample.name.endswith(("_total", "wait_seconds_sum", "wait_seconds_count"))
    }


@pytest.mark.usefixtures("full")
def test_a_report_that_was_read(reader: Attempts, steps: list[Any], logs: list[Any]) -> None:
    """Once more for its key alone it is no new one; a second hand-over of it is not read at all."""
    reader.attempt(HANDOVER)
    reader.attempt(HANDOVER.model_copy(update={"round": 2, "keep": True}))
    reader.attempt(HANDOVER)

    read = {
        **ABOUT, "event": "read", "log_level": "info", "revision": 1, "event_id": EVENT_ID, "size_bytes": 7, "media_type": "text/plain",
        "metrics": 2, "sections": 1, "repairs": 7, "warnings": 5, "attempt": 1, "took_ms": 1234.6, "clean_ms": 1.5, "rate_ms": 2.25,
    }  # fmt: skip
    already = {**ABOUT, "event": "already_published", "log_level": "info", "revision": 1}
    assert logs == [read, read | {"event": "read_again"}, already]
    assert steps == [("a.txt", "published", 1.234_56, None)] * 2
    assert counted(reader) == {"reports_total published": 1, "figures_total": 2, "suppressed_duplicates_total": 2}


def test_a_file_that_is_gone_or_another(reader: Attempts, steps: list[Any], logs: list[Any]) -> None:
    (reader.inbox / "a.txt").write_bytes(b"changed")
    reader.attempt(HANDOVER)
    (reader.inbox / "a.txt").unlink()
    reader.attempt(HANDOVER)

    assert logs == [
        {**ABOUT, "event": "changed", "log_level": "info", "why": "a.txt holds other content than was handed over"},
        {**ABOUT, "event": "missing", "log_level": "info", "why": "a.txt is not there"},
    ]
    assert (steps, counted(reader)) == ([], {"reports_total changed": 1, "reports_total missing": 1})


def test_a_report_that_failed(reader: Attempts, pipeline: Pipeline, steps: list[Any], logs: list[Any]) -> None:
    """At its second attempt; the first came to nothing."""
    error = Exhausted("out_of_time", "decode", "LibreOffice took too long")
    pipeline.troubles = [error, BadReport("undecodable", "decode", "no text", "byte 5")]
    with pytest.raises(Again, match=r"^Exhausted, attempt 1 of 2$"):
        reader.attempt(HANDOVER)
    reader.attempt(HANDOVER)

    noted = {
        "event": "attempt_failed",
        "log_level": "error",
        "attempt": 1,
        "of": 2,
        "ending": str(error),
        "code": "out_of_time",
        "exc_info": error,
    }
    failed = {
        "event": "failed", "log_level": "warning", "code": "undecodable", "attempt": 2,
        "why": "a.txt: stage decode at byte 5: no text",
    }  # fmt: skip
    assert logs == [ABOUT | noted, ABOUT | failed]
    assert steps == [("a.txt", "retry", None, str(error)), ("a.txt", "failed", None, "undecodable")]
    assert counted(reader) == {"failed_attempts_total other": 1, "reports_total failed": 1}


def test_a_file_that_cannot_be_read_for_now(reader: Attempts, pipeline: Pipeline, steps: list[Any]) -> None:
    pipeline.troubles = [Unavailable("unreadable", "open", "the inbox is away")]
    with pytest.raises(Unavailable):
        reader.attempt(HANDOVER)

    assert steps == [("a.txt", "retry", None, "stage open: the inbox is away")]
    assert counted(reader) == {"failed_attempts_total Unavailable": 1}


@pytest.mark.usefixtures("steps")
def test_how_long_a_first_attempt_waited(reader: Attempts, pipeline: Pipeline) -> None:
    """No later one, and none of a hand-over that does not say when it came."""
    now = datetime(2026, 1, 5, 7).astimezone()
    handover = HANDOVER.model_copy(update={"queued_at": now - timedelta(seconds=90)})
    pipeline.troubles = [ValueError(), ValueError()]
    timed = replace(reader, now=lambda: now)
    for _ in range(2):
        with pytest.raises(Again):
            timed.attempt(handover)
    timed.attempt(HANDOVER)
    timed.attempt(HANDOVER.model_copy(update={"revision": 2}))

    found = counted(reader)
    assert (found["queue_wait_seconds_count"], found["queue_wait_seconds_sum"]) == (1, 90)


@pytest.mark.usefixtures("pipeline", "steps")
def test_a_redis_that_is_away(reader: Attempts, monkeypatch: pytest.MonkeyPatch, logs: list[Any]) -> None:
    """With how long it waits before it asks again."""
    troubles = [redis.TimeoutError("frozen"), redis.ConnectionError("away")]
    published = reader.publisher.published

    def of(*about: Any) -> Any:
        if troubles:
            raise troubles.pop(0)
        return published(*about)

    monkeypatch.setattr(reader.publisher, "published", of)
    reader.attempt(HANDOVER)

    away = {"event": "redis_away", "log_level": "warning"}
    assert logs[:2] == [
        {**away, "error": "TimeoutError: frozen", "pause_s": 0.25},
        {**away, "error": "ConnectionError: away", "pause_s": 0.5},
    ]
    assert reader.client.get(names.DEFAULT.trouble_key) == "ConnectionError: away"


@pytest.mark.parametrize(
    ("readers", "seen"),
    [((), ""), (("wps of zhibiao-wps 1.0", "png of b 2"), " (in use here: wps of zhibiao-wps 1.0, png of b 2)")],
)
@pytest.mark.usefixtures("pipeline", "steps")
def test_one_that_is_given_up(reader: Attempts, readers: tuple[str, ...], seen: str) -> None:
    """Where a process died without a word, readers of others may have killed it: they are named."""
    tools: Any = SimpleNamespace(readers=readers)
    for token in "abc":
        attempt.attempt_log.begin(reader.client, HANDOVER, token)
    replace(reader, tools=tools).attempt(HANDOVER)

    [(_, fields)] = reader.client.xrange(names.DEFAULT.failures_stream)
    said = FailedEvent.model_validate_json(fields["data"]).data
    assert (said.code, said.stage, said.attempts, said.trace) == ("too_many_attempts", "attempt", 3, ())
    assert said.message == (
        "a.txt: stage attempt: begun 3 times without a result; the last time: its process died without a word, and its worker with "
        f"it: killed, or the machine was stopped{seen}. `zhibiao retry` tries again once the cause is mended"
    )
    assert counted(reader) == {"reports_total failed": 1}


@pytest.mark.usefixtures("steps")
def test_the_places_of_an_error_are_told_without_its_words(reader: Attempts, pipeline: Pipeline) -> None:
    """The last seven, also of another process, and none of what raises for a time limit; where these tell, no reader of others is named."""
    error = ValueError("secret")
    frames = [f"there:read:{line}" for line in range(7)]
    error.frames = (*frames, "worker.time_limit:noted:9", "billiard.pool:soft:1")  # type: ignore[attr-defined]
    error.add_note("read by wps")
    pipeline.troubles = [error] * 3
    tools: Any = SimpleNamespace(readers=("wps",))
    for _ in range(3):
        with pytest.raises(Again):
            replace(reader, tools=tools).attempt(HANDOVER)
    replace(reader, tools=tools).attempt(HANDOVER)

    [(_, fields)] = reader.client.xrange(names.DEFAULT.failures_stream)
    said = FailedEvent.model_validate_json(fields["data"]).data
    assert said.trace == tuple(frames)
    assert "; the last time: ValueError at there:read:6, read by wps. `zhibiao retry`" in said.message
    assert (said.round, said.source.name, said.source.size_bytes, said.disposition) == (1, "a.txt", 7, "quarantined")


def test_what_an_attempt_is_given_by_itself() -> None:
    """A clock that does not go back, and limits that those of the settings are by default."""
    given = Attempts.__dataclass_fields__

    assert given["most_event_bytes"].default == 64_000_000 == attempt.MOST_READING_BYTES
    assert given["owed"].default_factory().maxlen == 1000  # type: ignore[misc]
