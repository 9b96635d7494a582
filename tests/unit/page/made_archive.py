"""A service's state for the tests of the page: a store with what is put in, and a page over it."""

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from page.app import make
from page.settings import PageSettings
from schemas import ids
from schemas.events import ReportEvent
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Relation, RelationMember, Report, SourceFile
from store.writing import FILE_NAME, Store
from tests.unit.store.made import WHEN


def metric(indicator: str, value: str, unit: str, year: str | None = "2023", **more: Any) -> Metric:
    """A figure that stands in a sentence of its own."""
    quote = more.pop("quote", f"{value}{unit}")
    at = more.pop("at", 0)
    said = {"period": year, "sentence": f"全年{indicator}{quote}。", "confidence": 0.95, **more}
    source = MetricSource(start=at, end=at + len(quote), quote=quote)
    return Metric(indicator=indicator, value=value, unit=unit, source=source, **said)


def report(*metrics: Metric, place: str | None = "甲市", code: str | None = "110100", **more: Any) -> Report:
    """A report of a place and a year."""
    path = more.pop("path", f"{place}-{more.get('year', '2023')}.txt")
    sha256 = hashlib.sha256(path.encode()).hexdigest()  # a review knows a document by its bytes, too
    source = SourceFile(name=path, path=path, sha256=sha256, size_bytes=9, media_type="text/plain", encoding="utf-8")
    document = Document(
        title=more.pop("title", f"{place}报告"),
        region=place,
        region_code=code,
        province=more.pop("province", "丙省"),
        period=more.pop("year", "2023"),
        kind=more.pop("kind", "government_work"),
    )
    said = {"id": ids.document_id(path), "pipeline": PipelineInfo(version="5"), "metrics": metrics, **more}
    return Report(source=source, document=document, **said)


def contradiction(*members: int) -> Relation:
    """A relation that the figures at these places break."""
    placed = tuple(RelationMember(metric=member, start=0, end=1) for member in members)
    return Relation(kind="sum", members=placed, formula="a = b", stated="1", computed="2", verdict="contradicts")


def kept(folder: Path, *reports: Report) -> PageSettings:
    """The settings of a service whose store has these reports."""
    with closing(Store(folder / "state" / FILE_NAME)) as store:
        for one in reports:
            store.deliver(ReportEvent.of(one, WHEN))
    return PageSettings(state=folder / "state", processed=folder / "processed", _env_file=None)  # type: ignore[call-arg]


def client(folder: Path, *reports: Report) -> TestClient:
    """A page over these reports, asked without a browser."""
    return TestClient(make(kept(folder, *reports)), base_url="http://127.0.0.1:8480", follow_redirects=False)
