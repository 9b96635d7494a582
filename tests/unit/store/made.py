"""Events made for the tests of the store."""

from datetime import UTC, datetime
from typing import Any

from schemas import ids
from schemas.events import FailedEvent, FailedFile, Failure, ReportEvent
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Report, SourceFile

WHEN = datetime(2026, 1, 5, 7, tzinfo=UTC)


def metric(indicator: str, value: str = "12", unit: str = "件", **more: Any) -> Metric:
    source = MetricSource(start=0, end=3, quote=value)
    said = {
        "period": "2025",
        "sentence": f"全市{indicator}{value}{unit}。",
        "confidence": 0.9,
        "source": source,
        **more,
    }
    return Metric(indicator=indicator, value=value, unit=unit, **said)


def report(
    *metrics: Metric, path: str = "a.txt", revision: int = 1, version: str = "4", place: str = "湛江市", sha: str = "0"
) -> Report:
    source = SourceFile(name=path, path=path, sha256=sha * 64, size_bytes=9, media_type="text/plain", encoding="utf-8")
    document = Document(
        title="法治政府建设报告",
        region=place,
        region_code="440800",
        province="广东省",
        period="2025",
        kind="rule_of_law",
    )
    said: dict[str, Any] = {"source": source, "document": document, "metrics": metrics, "revision": revision}
    return Report(id=ids.document_id(path), pipeline=PipelineInfo(version=version), **said)


def event(*metrics: Metric, **more: Any) -> ReportEvent:
    return ReportEvent.of(report(*metrics, **more), WHEN)


def failed(path: str = "bad.txt", round_: int = 1) -> FailedEvent:
    source = FailedFile(name=path, path=path, sha256="1" * 64)
    failure = Failure(
        id=ids.document_id(path), round=round_, source=source, code="undecodable", message=f"{path}: no", stage="decode"
    )
    return FailedEvent.of(failure, "4", WHEN)
