"""The tables beside the figures: reports, relations, warnings. Each a list of columns, name and kind, and its rows."""

from collections.abc import Iterator

from exports.columns import Cell
from schemas.report import Report

REPORT_COLUMNS = (
    ("path", "text"),
    ("title", "text"),
    ("place", "text"),
    ("region_code", "text"),
    ("province", "text"),
    ("city", "text"),
    ("year", "text"),
    ("kind", "text"),
    ("issuer", "text"),
    ("document_number", "text"),
    ("published", "text"),
    ("signed", "text"),
    ("figures", "whole"),
    ("warnings", "whole"),
    ("id", "text"),
    ("revision", "whole"),
    ("sha256", "text"),
    ("pipeline_version", "text"),
)
RELATION_COLUMNS = (
    ("path", "text"),
    ("kind", "text"),
    ("formula", "text"),
    ("stated", "decimal"),
    ("computed", "decimal"),
    ("verdict", "text"),
    ("quotes", "text"),
    ("id", "text"),
)
WARNING_COLUMNS = (
    ("path", "text"),
    ("code", "text"),
    ("message", "text"),
    ("start", "whole"),
    ("end", "whole"),
    ("id", "text"),
)
#: The same for people.
TITLES = {
    "path": "文件",
    "title": "标题",
    "place": "地区",
    "region_code": "区划代码",
    "province": "省",
    "city": "市",
    "year": "报告年份",
    "kind": "种类",
    "issuer": "发文机关",
    "document_number": "文号",
    "published": "发布日期",
    "signed": "落款日期",
    "figures": "数字",
    "warnings": "警告",
    "id": "文档编号",
    "revision": "版次",
    "sha256": "sha256",
    "pipeline_version": "规则版本",
    "formula": "算式",
    "stated": "报告所载",
    "computed": "计算所得",
    "verdict": "结论",
    "quotes": "各数原文",
    "code": "代码",
    "message": "内容",
    "start": "起",
    "end": "止",
    "name": "项目",
    "made": "生成时间",
    "by": "软件",
    "from": "来源文件夹",
    "reports": "报告数",
    "wanted": "筛选条件",
}


def report_row(report: Report) -> tuple[Cell, ...]:
    """What a report says about itself."""
    said, source = report.document, report.source
    place = (said.region, said.region_code, said.province, said.city)
    paper = (said.kind, said.issuer, said.document_number, said.published, said.signed)
    counts = (len(report.metrics), len(report.warnings))
    reading = (report.id, report.revision, source.sha256, report.pipeline.version)
    return (source.path, said.title, *place, said.period, *paper, *counts, *reading)


def relation_rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    """How its figures hang together; the members as they stand in the file, in the formula's order."""
    for relation in report.relations:
        places = [member.metric for member in relation.members]
        quotes = ["?" if place is None else report.metrics[place].source.quote for place in places]
        said = (relation.kind, relation.formula, relation.stated, relation.computed, relation.verdict)
        yield (report.source.path, *said, "; ".join(quotes), report.id)


def warning_rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    """What a careful reader of it should know."""
    for warning in report.warnings:
        yield report.source.path, warning.code, warning.message, warning.start, warning.end, report.id
