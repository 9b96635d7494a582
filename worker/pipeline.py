"""The way from a file's bytes to a report, on one screen. No disk, no clock of its own, no queue, no log."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from schemas.report import PipelineInfo, Repair, RepairExample, Report, ReportWarning, SourceFile
from worker import PIPELINE_VERSION
from worker.draft import Clock, Draft
from worker.edits import Text, grouped
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.decode import decode
from worker.stages.extract import extract
from worker.stages.structure import structure
from worker.tools import Tools

Stage = Callable[[Draft, Tools], Draft]

STAGES: tuple[tuple[str, Stage], ...] = (
    ("decode", decode),  # bytes -> text of the file, by what they are
    ("clean", clean),  # repair damage, take boilerplate away
    ("convert", convert),  # simplified script
    ("structure", structure),  # headings, document data
    ("extract", extract),  # figures
)

EXAMPLES_PER_REPAIR = 3


@dataclass(frozen=True)
class Origin:
    """What is known of a file before it is read."""

    id: str
    name: str
    path: str
    sha256: str
    revision: int = 1
    supersedes: int | None = None
    repeats: int | None = None


def read_report(
    data: bytes, origin: Origin, tools: Tools, clock: Clock, on_stage: Callable[[str, float | None], None] | None = None
) -> Report:
    """Read one file.

    ``clock`` gives seconds; ``on_stage(name, None)`` is called when a stage starts, ``on_stage(name, elapsed_s)``
    when it is done.

    Raises:
        BadReport: the bytes can never be read as a report; says why and where.
    """
    draft = Draft(data, origin.name)
    timings: dict[str, float] = {}
    for name, stage in STAGES:
        started = clock()
        if on_stage:
            on_stage(name, None)
        draft = stage(draft, tools)
        elapsed = clock() - started
        timings[name] = round(elapsed * 1000, 3)
        if on_stage:
            on_stage(name, elapsed)
    return _report(draft, origin, timings)


def _report(draft: Draft, origin: Origin, timings: dict[str, float]) -> Report:
    warnings = draft.warnings + tuple(
        ReportWarning(
            code=flaw.code,
            message=flaw.message if count == 1 else f"{flaw.message} ({count} places)",
            start=flaw.start,
            end=flaw.end,
        )
        for flaw, count in grouped(draft.text.flaws)
    )
    if not draft.metrics:
        warnings += (ReportWarning(code="no_metrics", message="no figure was found in this report"),)
    return Report(
        id=origin.id,
        revision=origin.revision,
        supersedes=origin.supersedes,
        repeats=origin.repeats,
        source=SourceFile(
            name=origin.name,
            path=origin.path,
            sha256=origin.sha256,
            size_bytes=len(draft.data),
            media_type=draft.media_type,
            encoding=draft.encoding,
        ),
        document=draft.document,
        sections=draft.sections,
        metrics=draft.metrics,
        relations=draft.relations,
        repairs=_repairs(draft.text),
        warnings=warnings,
        pipeline=PipelineInfo(version=PIPELINE_VERSION, timings_ms=timings),
    )


def _repairs(text: Text) -> tuple[Repair, ...]:
    counts = Counter(edit.kind for edit in text.edits)
    examples: dict[str, list[RepairExample]] = {kind: [] for kind in counts}
    for edit in text.edits:
        if len(examples[edit.kind]) < EXAMPLES_PER_REPAIR:
            examples[edit.kind].append(RepairExample(start=edit.start, end=edit.end, was=edit.was, now=edit.now))
    return tuple(
        Repair(kind=kind, count=count, examples=tuple(examples[kind])) for kind, count in sorted(counts.items())
    )
