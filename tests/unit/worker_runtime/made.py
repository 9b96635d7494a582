"""Stand-ins for the pipeline and the clock of an attempt, and a hand-over."""

import hashlib
from typing import Any

from schemas.handover import HandOver
from schemas.ids import document_id
from schemas.report import Document, PipelineInfo, Report, SourceFile
from worker import PIPELINE_VERSION
from worker.draft import Draft
from worker.pipeline import Result
from worker.reading_writer import reading_of
from worker.report_writer import Origin

CONTENT = b"content"
HANDOVER = HandOver(
    id=document_id("a.txt"), revision=1, path="a.txt", sha256=hashlib.sha256(CONTENT).hexdigest(), size_bytes=7
)


class Pipeline:
    """Raises what it is told to, else reads a report with nothing in it."""

    def __init__(self) -> None:
        self.troubles: list[Exception] = []
        self.calls = 0

    def __call__(self, data: bytes, origin: Origin, *_arguments: Any) -> Result:
        self.calls += 1
        if self.troubles:
            raise self.troubles.pop(0)
        source = SourceFile(
            name=origin.name,
            path=origin.path,
            sha256=origin.sha256,
            size_bytes=len(data),
            media_type="text/plain",
            encoding="utf-8",
        )
        report = Report(
            id=origin.id,
            revision=origin.revision,
            repeats=origin.repeats,
            replaces=origin.replaces,
            source=source,
            document=Document(),
            pipeline=PipelineInfo(version=PIPELINE_VERSION),
        )
        return Result(report, reading_of(Draft(data, origin.name), origin))


class Clock:
    """Goes on only when someone pauses."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def pause(self, duration_s: float) -> None:
        self.pauses.append(duration_s)
        self.now_s += duration_s
