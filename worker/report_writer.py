"""Writes the report, the message that is published, from what the stages have found out."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from schemas.metric import Metric, MetricSource
from schemas.report import PipelineInfo, Repair, RepairExample, Report, ReportWarning, SourceFile
from worker import PIPELINE_VERSION
from worker.draft import Draft
from worker.edits import Text, grouped
from worker.figure import SAID_FIELDS, Figure
from worker.parts import Heading

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
    replaces: str | None = None


def report_of(draft: Draft, origin: Origin, timings: dict[str, float]) -> Report:
    """What is published of a report that has been through all stages; ``timings`` are milliseconds by stage."""
    return Report(
        id=origin.id,
        revision=origin.revision,
        supersedes=origin.supersedes,
        repeats=origin.repeats,
        replaces=origin.replaces,
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
        metrics=metrics_of(draft),
        relations=draft.relations,
        repairs=_repairs(draft.text),
        warnings=warnings_of(draft),
        pipeline=PipelineInfo(version=PIPELINE_VERSION, timings_ms=timings),
    )


def warnings_of(draft: Draft) -> tuple[ReportWarning, ...]:
    """What a reader of the report should know: what the stages have warned of, then the damage, in the order of the text."""
    warnings = draft.warnings + tuple(
        ReportWarning(
            code=flaw.code,
            message=flaw.message if count == 1 else f"{flaw.message} ({count} places)",
            start=flaw.start,
            end=flaw.end,
        )
        for flaw, count in grouped(draft.text.flaws)
    )
    if not draft.figures:
        warnings += (ReportWarning(code="no_metrics", message="this report gives no figure"),)
    return warnings


def _repairs(text: Text) -> tuple[Repair, ...]:
    counts = Counter(edit.kind for edit in text.edits)
    examples: dict[str, list[RepairExample]] = {kind: [] for kind in counts}
    for edit in text.edits:
        if len(examples[edit.kind]) < EXAMPLES_PER_REPAIR:
            examples[edit.kind].append(RepairExample(start=edit.start, end=edit.end, was=edit.was, now=edit.now))
    return tuple(
        Repair(kind=kind, count=count, examples=tuple(examples[kind])) for kind, count in sorted(counts.items())
    )


def metrics_of(draft: Draft) -> tuple[Metric, ...]:
    """The figures of a draft as they are published, in reading order."""
    metrics = []
    headings: tuple[Heading, ...] | None = None
    section: tuple[str, ...] = ()
    for figure in draft.figures:
        if figure.headings is not headings:  # the figures under one heading share them
            headings, section = figure.headings, tuple(map(_heading_text, figure.headings))
        metrics.append(_metric(figure, draft, section))
    return tuple(metrics)


def _metric(figure: Figure, draft: Draft, section: tuple[str, ...]) -> Metric:
    """A figure as it is published: the only place that writes a metric."""
    start, end = figure.place.raw_start, figure.place.raw_end
    return Metric(
        **{name: said.value for name, said in zip(SAID_FIELDS, figure.said, strict=True) if said.value is not None},
        value=figure.value,
        value_high=figure.value_high,
        unit=figure.unit,
        status_words=figure.status.words if figure.status.value != "achieved" else None,
        section=section,
        sentence=figure.words,
        source=MetricSource(
            start=start,
            end=end,
            quote=draft.text.raw[start:end],
            page=bisect_right(draft.page_starts, start) or None,  # 0 in a file without pages
            sentence=figure.original,
        ),
        indicator_id=figure.indicator_id,
        confidence=figure.confidence,
        confidence_reasons=figure.reasons,
    )


def _heading_text(heading: Heading) -> str:
    """The heading as a reader knows it: 一、…, (一)…, 1.…, 一是…."""
    number = heading.number
    if number.isdigit():
        return f"{number}.{heading.title}"
    if number.startswith("附"):
        return f"{number} {heading.title}"
    # A bare numeral is written with its stop; brackets, 一是 and 第一章 stand as they are.
    stop = "、" if number and all(char in "〇零一二三四五六七八九十百壹贰叁参肆伍陆柒捌玖拾" for char in number) else ""
    return f"{number}{stop}{heading.title}"
