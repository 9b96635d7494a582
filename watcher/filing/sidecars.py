"""The JSON that lies beside a filed report: its figures, why it failed, or what it repeats.

It is enough to make the published event again, with the same id and, to a few milliseconds, the same time.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pydantic_core
from pydantic import ValidationError

from schemas import ids
from schemas.events import SCHEMA_BASE, FailedEvent, Failure, ReportEvent
from schemas.metric import Metric
from schemas.names import Stream
from schemas.reading import stamp_of
from schemas.report import Report
from watcher.ledger.rows import FileRow

_FIGURE = f'{{"{next(iter(Metric.model_fields))}":'.encode()
_REASON = ("code", "message", "stage", "place", "attempts", "trace")


def for_published(event: str) -> bytes:
    """The report in a published event, as it was published, each figure on a line of its own.

    Raises:
        ValueError: it is no event.
    """
    try:
        _, report = ReportEvent.parted(event)
    except ValueError:
        report = pydantic_core.to_json(pydantic_core.from_json(event)["data"]).decode()
    return _in_lines(report)


def for_kept(row: FileRow, report: str) -> bytes | None:
    """The report under a revision's key; None where it is of another event than the row's."""
    try:
        report_event(row, report.encode())
    except ValueError:
        return None
    return _in_lines(report)


def is_reading_of(row: FileRow, packed: bytes) -> bool:
    """Whether a packed reading is the one whose report a row's event has: an event's id is made of the same things."""
    stamp = stamp_of(packed)
    if stamp is None or (stamp.id, stamp.revision) != (row.document, row.revision):
        return False
    again_as = None if row.repeats is None else row.revision
    return row.event_id == ids.report_event_id(stamp.id, stamp.sha256, stamp.pipeline_version, again_as)


def for_lost(row: FileRow) -> bytes:
    """Where a report was published that nobody has any more."""
    return _as_bytes({**_about(row), "event_id": row.event_id, "entry_id": row.entry_id})


def is_lost(content: bytes) -> bool:
    """Whether the JSON says only where a report was published."""
    if b'"metrics"' in content:
        return False  # without parsing what may be large
    try:
        said = json.loads(content)
    except ValueError:
        return False
    return isinstance(said, dict) and "entry_id" in said


def for_quarantined(row: FileRow, failure: Mapping[str, Any] | None) -> bytes:
    """Code, message, stage, place, attempts and trace of a failure; None where its event is gone."""
    if failure is None:
        failure = {"code": row.code or "unknown", "message": row.detail or "the reason is no longer known"}
    return _as_bytes({**{key: failure.get(key) for key in _REASON}, **_about(row), "event_id": row.event_id})


def reason(row: FileRow, failure: Mapping[str, Any]) -> tuple[str, str]:
    """Code and message of a failure; the message without the path, which stands before it for those who read a log."""
    return failure["code"], failure["message"].removeprefix(f"{row.path}: ")


def for_duplicate(row: FileRow, original: FileRow) -> bytes:
    """Which report has the same content."""
    where = {"id": original.document, "revision": original.revision, "path": original.path}
    return _as_bytes({"duplicate_of": {**where, "event_id": original.event_id}, **_about(row)})


def report_event(row: FileRow, content: bytes) -> ReportEvent:
    """The event that announced a report.

    Raises:
        ValueError: the JSON is not that of the event that was published for the row.
    """
    if is_lost(content):
        raise ValueError("only where the report was published is known, nobody has kept it")
    try:
        report = Report.model_validate_json(content)
    except ValidationError as error:
        raise ValueError(f"it is not the JSON of a report: {error.errors()[0]['msg']}") from error
    event = ReportEvent.of(report, published_at(row))
    if event.id != row.event_id:
        raise ValueError(f"it is of event {event.id}, {row.event_id} was published")
    return event


def failed_event(row: FileRow, content: bytes) -> FailedEvent:
    """The event that announced a failure.

    Raises:
        ValueError: the JSON is not that of the event that was published for the row.
    """
    said = json.loads(content)
    if not isinstance(said, dict) or said.get("event_id") != row.event_id or row.event_id is None:
        raise ValueError(f"it is not of event {row.event_id}")
    known = {key: said[key] for key in _REASON if said.get(key) is not None}
    failure = Failure(
        id=row.document,
        revision=row.revision,
        round=row.round,
        source=row.failed_file(),
        disposition="kept" if row.state == "kept" else "quarantined",
        **known,
    )
    return FailedEvent(
        id=row.event_id,
        subject=row.path,
        time=published_at(row),
        dataschema=SCHEMA_BASE + "failed.v1.json",
        data=failure,
    )


def stream_of(row: FileRow) -> Stream:
    """The stream that the event about a row was published in."""
    return "results" if row.state == "published" else "failures"


def is_event_of(row: FileRow, event: str) -> bool:
    """Whether an entry's JSON is the event of a row: a server that took over may have given its place to another."""
    try:
        return bool(id_of(event) == row.event_id)
    except (ValueError, LookupError, TypeError):
        return False


def id_of(event: str) -> Any:
    """The id of an event; of a report's without reading the report.

    Raises:
        ValueError: it is no JSON.
        LookupError: it has none.
        TypeError: it is no object.
    """
    try:
        said, _ = ReportEvent.parted(event)
    except ValueError:
        said = pydantic_core.from_json(event)
    return said["id"]


def published_at(row: FileRow) -> datetime:
    """When the event was published: an entry's id begins with milliseconds."""
    milliseconds = int(row.entry_id.partition("-")[0]) if row.entry_id else int(row.changed_at * 1000)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _about(row: FileRow) -> dict[str, Any]:
    return {
        "id": row.document,
        "revision": row.revision,
        "round": row.round,
        "path": row.path,
        "sha256": row.sha256,
        "size_bytes": row.size_bytes,
    }


def _in_lines(report: str) -> bytes:
    """The same JSON with a line a figure, to be looked at and searched; to read and write it anew would take long.

    What begins a figure is found in no text, where its quotation mark is escaped.
    """
    return report.encode().replace(_FIGURE, b"\n" + _FIGURE) + b"\n"


def _as_bytes(content: Mapping[str, Any]) -> bytes:
    # The same bytes as of json.dumps with an indent, which does that in Python and takes seven times as long.
    return pydantic_core.to_json(content, indent=2) + b"\n"
