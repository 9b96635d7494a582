"""Events carry what the contract says: ids, channels, and Chinese that is not escaped."""

import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat
from pydantic import ValidationError

from schemas import generate, ids
from schemas.events import FailedEvent, FailedFile, Failure, Progress, ProgressEvent, ReportEvent
from schemas.handover import HandOver
from schemas.report import Document, PipelineInfo, Report, SourceFile

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
SHA256 = "ab" * 32


def report(**document: str) -> Report:
    return Report(
        id=ids.document_id("2023年/报告.txt"),
        source=SourceFile(
            name="报告.txt",
            path="2023年/报告.txt",
            sha256=SHA256,
            size_bytes=9,
            media_type="text/plain",
            encoding="utf-8",
        ),
        document=Document(**document),
        pipeline=PipelineInfo(version="7"),
    )


def test_report_event_is_about_a_file_and_named_by_its_content() -> None:
    event = ReportEvent.of(report(), NOW)

    assert event.id == ids.report_event_id(report().id, SHA256, "7")
    assert event.subject == "2023年/报告.txt"
    assert event.time == NOW


@pytest.mark.parametrize(("revision", "repeats"), [(3, 1), (12, 10)])
def test_an_event_about_content_that_comes_again_is_named_by_the_revision_too(revision: int, repeats: int) -> None:
    """The hand-over that leads to it says the same id; without a repetition the revision says nothing."""
    again = report().model_copy(update={"revision": revision, "repeats": repeats})
    about = {"id": again.id, "revision": revision, "path": "a.txt", "sha256": SHA256, "size_bytes": 9}

    assert ReportEvent.of(again, NOW).id == ids.report_event_id(again.id, SHA256, "7", revision)
    assert HandOver.model_validate({**about, "repeats": repeats}).report_event_id("7") == ReportEvent.of(again, NOW).id
    new = again.model_copy(update={"repeats": None})
    assert ReportEvent.of(new, NOW).id == ids.report_event_id(again.id, SHA256, "7")
    assert HandOver.model_validate(about).report_event_id("7") == ReportEvent.of(new, NOW).id


@pytest.mark.parametrize(
    ("document", "channels"),
    [
        ({}, ("zhibiao:results",)),
        ({"region": "东莞市"}, ("zhibiao:results", "zhibiao:results:region:东莞市")),
        ({"period": "2023"}, ("zhibiao:results", "zhibiao:results:period:2023")),
        (
            {"region": "东莞市", "period": "2023"},
            ("zhibiao:results", "zhibiao:results:region:东莞市", "zhibiao:results:period:2023"),
        ),
    ],
)
def test_channels_follow_from_what_the_report_says(document: dict[str, str], channels: tuple[str, ...]) -> None:
    assert ReportEvent.of(report(**document), NOW).channels() == channels


@pytest.mark.parametrize(
    ("sha256", "content"), [(SHA256, SHA256), (None, "too_large")], ids=["content-known", "content-unknown"]
)
def test_failed_event_is_named_by_content_or_code(sha256: str | None, content: str) -> None:
    file = FailedFile(name="报告.txt", path="报告.txt", sha256=sha256)
    failure = Failure(id="0" * 20, round=3, source=file, code="too_large", message="…", stage="intake")

    assert FailedEvent.of(failure, "7", NOW).id == ids.failure_event_id("0" * 20, content, "7", 3)


@pytest.mark.parametrize("region", ["东莞市", '"},\\ "data":{"'])
def test_the_event_around_a_reports_json_is_the_whole_events_json(region: str) -> None:
    event = ReportEvent.of(report(region=region), NOW)
    assert event.around(event.data.model_dump_json()) == event.to_json()


@pytest.mark.parametrize("region", ["东莞市", '"},\\ "data":{"', ',"data":{"a":1}}'])
def test_an_event_is_parted_into_its_head_and_its_reports_json(region: str) -> None:
    """Without reading the report, whatever stands in it; what ends elsewhere, or was made by others, is none."""
    event = ReportEvent.of(report(region=region), NOW)
    text = event.around(event.data.model_dump_json())
    around, data = ReportEvent.parted(text)

    assert data == event.data.model_dump_json()
    assert {**around, "data": None} == {**event.model_dump(mode="json"), "data": None}
    for other in (
        *(text[:-9], text + "}", '{"id":"1"}', "[]", "", '{"id":"1","data":7}', '{"id":"1","data":[1]}', f"[{text}"),
        *(text.replace(',"data":{', ',"data":['), text.replace(',"data":{', ',"data":')),
    ):
        with pytest.raises(ValueError, match=r"\S"):
            ReportEvent.parted(other)


def test_json_is_one_line_with_chinese_as_it_is() -> None:
    line = ReportEvent.of(report(region="东莞市"), NOW).to_json()

    assert "\n" not in line
    assert '"region":"东莞市"' in line
    assert '"time":"2026-03-01T08:30:00Z"' in line


def test_messages_cannot_be_changed() -> None:
    progress = Progress(id="0" * 20, path="a.txt", stage="queued")

    with pytest.raises(ValidationError, match="frozen"):
        progress.stage = "decode"  # type: ignore[misc]


@pytest.mark.parametrize("event", [ReportEvent, FailedEvent, ProgressEvent])
def test_the_cloudevents_sdk_reads_every_event(event: type[ReportEvent | FailedEvent | ProgressEvent]) -> None:
    name = {ReportEvent: "report", FailedEvent: "failed", ProgressEvent: "progress"}[event] + "-event.v1.json"
    ours = event.model_validate(generate.example(name))
    message = HTTPMessage({"content-type": "application/cloudevents+json"}, ours.to_json().encode())

    theirs = from_structured_event(message, JSONFormat())

    assert (theirs.get_id(), theirs.get_type(), theirs.get_subject()) == (ours.id, ours.type, ours.subject)
    assert theirs.get_time() == ours.time
    assert theirs.get_data() == json.loads(ours.data.model_dump_json())
