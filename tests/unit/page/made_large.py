"""A report of 120 000 characters with 12 000 figures, as a service has filed it, without having to be read."""

import json
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from exports.columns import event_id_of
from schemas import ids
from schemas.events import ReportEvent
from schemas.metric import Metric, MetricSource
from schemas.reading import Decided, FigureReading, Reading, Segments
from schemas.report import Document, PipelineInfo, Report, Section, SourceFile
from store.writing import FILE_NAME, Store

FIGURES = 12_000
_EACH_PARAGRAPH = 20
_FIELDS = ("indicator", "period", "status", "qualifier", "change", "measure", "scope", "actor")
_NAMES = ("审结案件", "培训干部", "新增托位", "发放补贴")


def made(path: str = "large.txt", figures: int = FIGURES) -> tuple[Report, Reading]:
    """The report and its reading; ten characters for each figure."""
    parts, metrics, places, sections = list[str](), list[Metric](), list[FigureReading](), list[Section]()
    at = 0
    for number in range(figures):
        if number % _EACH_PARAGRAPH == 0:
            title = f"第{number // _EACH_PARAGRAPH + 1}项"
            sections.append(Section(number="", title=title, level=1, start=at, end=at))
            parts.append(f"{title}\n")
            at += len(parts[-1])
        name, value = _NAMES[number % 4], str(100 + number % 900)
        parts.append(f"{name}{value}件，" if (number + 1) % _EACH_PARAGRAPH else f"{name}{value}件。\n")
        start = at + len(name)
        metrics.append(_metric(name, value, start))
        decided = tuple(Decided(field, f"{field}.own_words", name) for field in _FIELDS)
        places.append(FigureReading(start=start, end=start + 4, decided=decided))
        at += len(parts[-1])
    raw = "".join(parts)
    source = SourceFile(
        name=path, path=path, sha256="5" * 64, size_bytes=len(raw), media_type="text/plain", encoding="utf-8"
    )
    report = Report(
        id=ids.document_id(path),
        source=source,
        document=Document(title="某市2023年度工作报告", region="某市", period="2023"),
        sections=tuple(sections),
        metrics=tuple(metrics),
        pipeline=PipelineInfo(version="5"),
    )
    segments = Segments(now_starts=(0, at), raw_starts=(0,), raw_lengths=(at,), copied=(1,))
    reading = Reading(
        id=report.id, sha256=source.sha256, pipeline_version="5", raw=raw, segments=segments, figures=tuple(places)
    )
    return report, reading


def _metric(name: str, value: str, start: int) -> Metric:
    quote = f"{value}件"
    source = MetricSource(start=start, end=start + len(quote), quote=quote)
    said = f"{name}{quote}"
    return Metric(indicator=name, value=value, unit="件", period="2023", sentence=said, source=source, confidence=0.9)


def file_away(folder: Path, held: Iterable[tuple[Report, Reading]]) -> None:
    """Lay reports into ``processed`` below a folder, and into the store in ``state``."""
    (folder / "processed").mkdir(parents=True, exist_ok=True)
    with closing(Store(folder / "state" / FILE_NAME)) as store:
        for number, (report, reading) in enumerate(held):
            place = folder / "processed" / report.source.path
            name = place.name if report.revision == 1 else f"{place.stem}.{report.revision}{place.suffix}"
            place.parent.mkdir(parents=True, exist_ok=True)
            written = json.dumps(report.model_dump(), ensure_ascii=False, indent=2) + "\n"
            place.with_name(f"{name}.json").write_text(written, "utf-8")
            place.with_name(f"{name}.reading.gz").write_bytes(reading.packed())
            event = ReportEvent.of(report, datetime(2026, 1, 5, 7, number % 60, tzinfo=UTC))
            assert event.id == event_id_of(report)
            store.deliver(event)
