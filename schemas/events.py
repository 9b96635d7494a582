"""CloudEvents 1.0 in structured JSON mode, around a report, a failure or a step of progress.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

import json
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field

from schemas import ids, names
from schemas.base import Counted, Message, Whole
from schemas.report import Report

SCHEMA_BASE = "https://zhibiao.io/schemas/"
_BEFORE_DATA = ',"data":'
_LAST = f'"{next(reversed(Report.model_fields))}":'


class FailedFile(Message):
    """The file a failure is about; what could not be learnt is null."""

    name: str
    path: str
    sha256: str | None = None
    size_bytes: Whole | None = None


class Failure(Message):
    """Why a file gave no report, and what would be right."""

    id: str = Field(description="document id")
    revision: Counted | None = None
    round: Counted = 1
    source: FailedFile
    code: str = Field(description="stable word for programs: undecodable, unsupported_format, too_large ...")
    message: str = Field(description="report, stage, place, what was seen, what would be right")
    stage: str
    place: str | None = Field(default=None, description="where in the file, as 'byte 512' or 'page 3'")
    attempts: Whole = 1
    trace: tuple[str, ...] = Field(default=(), description="the last frames, as module:function:line, without values")
    disposition: Literal["quarantined", "ignored", "kept"] = Field(
        default="quarantined",
        description="where the file is: in quarantine, left alone in the inbox, or kept in the archive with its earlier "
        "reading, which holds",
    )


class Progress(Message):
    """A step on a report's way. ``stage`` is queued, one of the pipeline's stages, published, failed, duplicate or retry."""

    id: str
    revision: int | None = None
    path: str
    stage: str
    state: Literal["started", "finished"] = "finished"
    elapsed_ms: float | None = Field(default=None, description="how long the stage took, once it has finished")
    detail: str | None = None


class Withdrawal(Message):
    """A document was taken back: what was published of it no longer holds."""

    id: str = Field(description="document id")
    path: str = Field(description="path below the inbox, with / between its parts; see schemas.paths")
    revisions: tuple[Counted, ...] = Field(description="the revisions that were published, in order")
    events: tuple[str, ...] = Field(
        description="ids of the report events that are taken back, of all revisions and readings, in order"
    )
    why: str | None = Field(default=None, description="as whoever took it back has put it")


class FileStep(Message):
    """A file has come so far, as the watcher has written it down; kept for a while, so that who was away can go on."""

    number: Counted = Field(description="counts the watcher's steps: one that comes twice has the same")
    id: str = Field(description="document id")
    path: str = Field(description="path below the inbox, with / between its parts; see schemas.paths")
    revision: Counted | None = Field(default=None, description="null for duplicates and for what was refused unread")
    round: Counted = Field(default=1, description="grows each time the same content is to be read anew")
    state: str = Field(
        description="accepted, queued, published, filed, quarantined, duplicate, ignored, superseded (other content has "
        "come), replaced (read again since), kept (could not be read again), withdrawn or vanished (deleted before it was read); further states may come"
    )
    code: str | None = Field(default=None, description="why it was refused or failed, as in the failure's event")
    detail: str | None = Field(default=None, description="the same for people; of what is filed, the folder")
    time: datetime


class _Event(Message):
    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = names.DEFAULT.source
    subject: str = Field(description="the file's path below the inbox")
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str

    def to_json(self) -> str:
        """The event as one line of JSON in UTF-8, Chinese unescaped."""
        return self.model_dump_json()


class ReportEvent(_Event):
    """A report has been read."""

    type: Literal["io.zhibiao.report.v1"] = "io.zhibiao.report.v1"
    dataschema: str = SCHEMA_BASE + "report.v1.json"
    data: Report

    def around(self, data: str) -> str:
        """The same as :meth:`to_json`, around the JSON of ``data`` that was made before: a report may be large."""
        return f"{self.model_dump_json(exclude={'data'})[:-1]}{_BEFORE_DATA}{data}}}"

    @staticmethod
    def parted(text: str) -> tuple[dict[str, Any], str]:
        """An event that :meth:`around` has made: what stands around the report, and the report's JSON, unread.

        No text in an event can hold the mark between the two, as a quotation mark in it is escaped.

        Raises:
            ValueError: it was made by something else.
        """
        head, _, data = text.partition(_BEFORE_DATA)
        around: dict[str, Any] = json.loads(head + "}")  # what ends like this is an object, or no JSON
        json.loads("{" + data[data.rfind(_LAST) : -1])
        if not data.startswith("{"):
            raise ValueError("it does not end with a report")
        return around, data[:-1]

    @classmethod
    def of(cls, report: Report, now: datetime) -> "ReportEvent":
        """The event for a report; its id depends on document, content and pipeline version.

        For content that the document had before, and was set back to, it depends on the revision, too.
        """
        again_as = None if report.repeats is None else report.revision
        event_id = ids.report_event_id(report.id, report.source.sha256, report.pipeline.version, again_as)
        return cls(id=event_id, subject=report.source.path, time=now, data=report)

    def channels(self, of: names.Names = names.DEFAULT) -> tuple[str, ...]:
        """The pub/sub channels it goes to: all results, its region's, its year's."""
        document = self.data.document
        return (
            of.results_channel,
            *([of.region_channel(document.region)] if document.region else []),
            *([of.period_channel(document.period)] if document.period else []),
        )


class FailedEvent(_Event):
    """A file could not be read, or was not accepted."""

    type: Literal["io.zhibiao.failed.v1"] = "io.zhibiao.failed.v1"
    dataschema: str = SCHEMA_BASE + "failed.v1.json"
    data: Failure

    @classmethod
    def of(cls, failure: Failure, pipeline_version: str, now: datetime) -> "FailedEvent":
        """The event for a failure; the same content fails once per pipeline version and round."""
        content = failure.source.sha256 or failure.code
        event_id = ids.failure_event_id(failure.id, content, pipeline_version, failure.round)
        return cls(id=event_id, subject=failure.source.path, time=now, data=failure)


class WithdrawnEvent(_Event):
    """A document was taken back. In a stream of its own, which consumers of reports and failures need not know."""

    type: Literal["io.zhibiao.withdrawn.v1"] = "io.zhibiao.withdrawn.v1"
    dataschema: str = SCHEMA_BASE + "withdrawn.v1.json"
    data: Withdrawal

    @classmethod
    def of(cls, withdrawal: Withdrawal, now: datetime) -> "WithdrawnEvent":
        """The event for a withdrawal; its id depends on document and on what is taken back."""
        event_id = ids.withdrawn_event_id(withdrawal.id, withdrawal.events)
        return cls(id=event_id, subject=withdrawal.path, time=now, data=withdrawal)


class ProgressEvent(_Event):
    """A report has moved on; sent on a pub/sub channel only, and not kept."""

    type: Literal["io.zhibiao.progress.v1"] = "io.zhibiao.progress.v1"
    dataschema: str = SCHEMA_BASE + "progress.v1.json"
    data: Progress


def utc_now() -> datetime:
    """The time for an event's ``time``, for callers at the edge."""
    return datetime.now(UTC)
