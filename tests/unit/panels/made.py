"""Reports made for the tests of panels."""

from typing import Any

from panels.codebook import Codebook
from panels.series import Series
from schemas import ids
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Relation, RelationMember, Report, ReportWarning, SourceFile
from schemas.review import Review

GROWTH = Series(
    "growth",
    "地区生产总值增长",
    ids=("economy.gdp",),
    hints=(("生产总值", "经济增长"),),
    units=("%",),
    measures=("rate_of_change",),
    statuses=("achieved", "planned"),
)
GRAIN = Series(
    "grain", "粮食产量", names=("粮食产量",), hints=(("粮食",),), units=("吨", "斤"), statuses=("achieved", "planned")
)
ENERGY = Series(
    "energy", "能耗下降", words=(("能耗",),), units=("%",), measures=("rate_of_change",), direction="decrease"
)
BOOK = Codebook("t", (GROWTH, GRAIN, ENERGY), ("government_work",), next_year=True)


def metric(indicator: str, value: str, unit: str, *, at: int = 0, **more: Any) -> Metric:
    quote = more.pop("quote", f"{value}{unit}")
    said = {"period": "2025", "sentence": f"{indicator}{quote}。", "confidence": 0.95, **more}
    return Metric(
        indicator=indicator,
        value=value,
        unit=unit,
        source=MetricSource(start=at, end=at + len(quote), quote=quote),
        **said,
    )


def growth(value: str, **more: Any) -> Metric:
    said = {"indicator_id": "economy.gdp", "change": "increase", "measure": "rate_of_change", **more}
    return metric(said.pop("indicator", "地区生产总值增长"), value, "%", **said)


def report(
    *metrics: Metric,
    place: str | None = "广东省",
    code: str | None = "440000",
    year: str | None = "2025",
    path: str = "a.txt",
    **more: Any,
) -> Report:
    source = SourceFile(name=path, path=path, sha256="0" * 64, size_bytes=9, media_type="text/plain", encoding="utf-8")
    province, city = more.pop("above", (None, None))
    document = Document(
        title="报告",
        province=province,
        city=city,
        region=place,
        region_code=code,
        period=year,
        kind=more.pop("kind", "government_work"),
    )
    warnings = tuple(ReportWarning(code=code_, message=code_) for code_ in more.pop("warned", ()))
    id_ = ids.document_id(path)
    said = {"id": id_, "pipeline": PipelineInfo(version="4"), "warnings": warnings, **more}
    return Report(source=source, document=document, metrics=metrics, **said)


def contradiction(*members: int) -> Relation:
    """A relation that the figures at these places break."""
    placed = tuple(RelationMember(metric=member, start=0, end=1) for member in members)
    return Relation(kind="sum", members=placed, formula="a = b", stated="1", computed="2", verdict="contradicts")


def review(action: Any, start: int, quote: str, **more: Any) -> Review:
    """A review of a figure of that report: what stands there is taken, or said to be otherwise."""
    said = {
        "at": "2026-01-01",
        "document": report().id,
        "series": "growth",
        "year": "2025",
        "status": "achieved",
        **more,
    }
    return Review(action=action, start=start, end=start + len(quote), quote=quote, **said)
