"""The columns of a table of figures: one list, in one order, for every format."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from exports import units
from schemas import ids
from schemas.metric import Metric
from schemas.report import Report

#: ``text`` as it is; ``decimal`` a number as text, exact; ``real`` a floating-point number; ``whole`` an integer.
Kind = Literal["text", "decimal", "real", "whole"]
Cell = str | float | int | None
Row = dict[str, Cell]

_YEAR = re.compile(r"(?:\.\.)?(\d{4})(?:H[12]|Q[1-4])?(?:-\d{2})?(?:-\d{2})?")


@dataclass(frozen=True)
class Column:
    """A column: its name for programs, its name for people, what kind its cells are, what they say, the same in Chinese.

    ``of`` gives a figure's cell. Where ``is_of_report``, all figures of a report have the same.
    """

    name: str
    title: str
    kind: Kind
    about: str
    said: str
    of: Callable[[Report, Metric], Cell]

    @property
    def is_of_report(self) -> bool:
        """Whether it looks at the report alone."""
        return isinstance(self.of, _OfReport)


def year_of(period: str | None) -> str | None:
    """The one calendar year that a period lies in; None for a span of several, and for no period.

    >>> [year_of(period) for period in ("2023", "2023H1", "..2023-12", "2023-01/2023-11", "2021/2025", None)]
    ['2023', '2023', '2023', '2023', None, None]
    """
    years = {match[1] for part in (period or "").split("/") if (match := _YEAR.fullmatch(part))}
    return years.pop() if len(years) == 1 else None


def level_of(report: Report) -> str | None:
    """The administrative level of the place reported on: national, province, city or county; None where it is not sure."""
    document = report.document
    if document.region == "全国":
        return "national"
    if not (code := document.region_code):
        return None
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def event_id_of(report: Report) -> str:
    """The id of the event that a report was, or would be, published with."""
    again_as = None if report.repeats is None else report.revision
    return ids.report_event_id(report.id, report.source.sha256, report.pipeline.version, again_as)


def _base(_: Report, metric: Metric) -> str:
    return units.decimal_text(units.in_base(metric.value, metric.unit))


@dataclass(frozen=True)
class _OfReport:
    """A cell that looks at the report alone."""

    get: Callable[[Report], Cell]

    def __call__(self, report: Report, _: Metric) -> Cell:
        return self.get(report)


def _of_report(name: str) -> _OfReport:
    return _OfReport(attrgetter(name))


def _of_metric(name: str) -> Callable[[Report, Metric], Cell]:
    get: Callable[[Metric], Cell] = attrgetter(name)
    return lambda _, metric: None if (cell := get(metric)) == "" else cell


#: What a report does not say.
_OF_NOBODY = _OfReport(lambda _: None)


#: First what a reader of figures looks for, so that a screen holds it: whose, of when, what, how much, and the words.
COLUMNS: tuple[Column, ...] = (
    Column("place", "地区", "text", "the place reported on", "报告所述地区", _of_report("document.region")),
    Column("issuer", "发文机关", "text", "who reports", "发布报告的机关", _of_report("document.issuer")),
    Column(
        "year",
        "年份",
        "text",
        "the one year the period lies in",
        "时期所在的那一年；跨年的为空",
        lambda _, metric: year_of(metric.period),
    ),
    Column(
        "indicator",
        "指标",
        "text",
        "what was counted, in the report's words",
        "统计的事项，用报告的原词",
        _of_metric("indicator"),
    ),
    Column(
        "value",
        "数值",
        "decimal",
        "exact, 万 and 亿 multiplied out; or a fraction",
        "精确值，万、亿已乘开；或为分数",
        _of_metric("value"),
    ),
    Column("value_high", "上限", "decimal", "upper end of a range", "区间的上端", _of_metric("value_high")),
    Column("unit", "单位", "text", "without multiplier", "不含万、亿", _of_metric("unit")),
    Column(
        "measure",
        "量别",
        "text",
        "level, difference, rate_of_change, yearly_mean or share",
        "level 水平、difference 差额、rate_of_change 变化率、yearly_mean 年均、share 占比",
        _of_metric("measure"),
    ),
    Column(
        "change",
        "增减",
        "text",
        "increase, decrease or to",
        "increase 增加、decrease 减少、to 达到",
        _of_metric("change"),
    ),
    Column(
        "qualifier",
        "程度",
        "text",
        "exact, about, over or under",
        "exact 确数、about 约数、over 以上、under 以下",
        _of_metric("qualifier"),
    ),
    Column(
        "status",
        "状态",
        "text",
        "achieved, ongoing, planned or required",
        "achieved 已实现、ongoing 进行中、planned 计划、required 要求",
        _of_metric("status"),
    ),
    Column(
        "quote", "原文", "text", "the number as it stands in the file", "文件中的数字原文", _of_metric("source.quote")
    ),
    Column("sentence", "原句", "text", "the sentence it was read from", "数字所在的句子", _of_metric("sentence")),
    Column(
        "period",
        "时期",
        "text",
        "2023, 2023H1, 2023-01/2023-11, ..2023-12, 2021/2025",
        "2023 全年、2023H1 半年、2023-01/2023-11 起止月、..2023-12 截至、2021/2025 起止年",
        _of_metric("period"),
    ),
    Column("scope", "范围", "text", "whose figure it is", "数字所指的范围", _of_metric("scope")),
    Column("actor", "主体", "text", "who did what is counted", "办理的主体", _of_metric("actor")),
    Column(
        "section",
        "章节",
        "text",
        "headings above it, outermost first",
        "所在各级标题，由外到内",
        lambda _, metric: " > ".join(metric.section) or None,
    ),
    Column("page", "页", "whole", "page of the file, from 1", "文件的页码，从 1 起", _of_metric("source.page")),
    Column("confidence", "可信度", "real", "0 to 1", "0 到 1", _of_metric("confidence")),
    Column("path", "文件", "text", "path of the file", "文件的路径", _of_report("source.path")),
    Column("title", "标题", "text", "title of the report", "报告的标题", _of_report("document.title")),
    Column("kind", "文种", "text", "kind of the report", "报告的种类", _of_report("document.kind")),
    Column(
        "document_year", "报告年份", "text", "the year reported on", "报告所述的年份", _of_report("document.period")
    ),
    Column(
        "document_number",
        "文号",
        "text",
        "number of the document",
        "文件的文号",
        _of_report("document.document_number"),
    ),
    Column("province", "省", "text", "full name of the province", "省级行政区全称", _of_report("document.province")),
    Column("city", "市", "text", "full name of the prefecture", "地级行政区全称", _of_report("document.city")),
    Column(
        "region_code", "区划代码", "text", "GB/T 2260", "GB/T 2260 行政区划代码", _of_report("document.region_code")
    ),
    Column(
        "level",
        "层级",
        "text",
        "national, province, city or county",
        "national 全国、province 省级、city 地级、county 县级",
        _OfReport(level_of),
    ),
    Column(
        "indicator_id",
        "指标编号",
        "text",
        "the same quantity's id in every report",
        "同一指标在各报告中的同一编号",
        _of_metric("indicator_id"),
    ),
    Column(
        "base",
        "基准值",
        "decimal",
        "the value in base_unit, to compare different units",
        "折算为基准单位的数值，便于比较",
        _base,
    ),
    Column(
        "base_unit",
        "基准单位",
        "text",
        "吨 for 斤, 公顷 for 亩 ...",
        "如斤折为吨、亩折为公顷",
        lambda _, metric: units.base_of(metric.unit) or None,
    ),
    Column(
        "start",
        "起",
        "whole",
        "where the quote begins in the decoded text",
        "原文在解码文本中的起点",
        _of_metric("source.start"),
    ),
    Column("end", "止", "whole", "where it ends", "终点", _of_metric("source.end")),
    Column(
        "confidence_reasons",
        "可信度依据",
        "text",
        "what speaks for and against it",
        "加分与减分的依据",
        lambda _, metric: " ".join(metric.confidence_reasons) or None,
    ),
    Column("id", "文档编号", "text", "id of the document", "文档的编号", _of_report("id")),
    Column("revision", "版次", "whole", "revision of the document", "文档的版次", _of_report("revision")),
    Column("event_id", "事件编号", "text", "id of the event", "事件的编号", _OfReport(event_id_of)),
    Column(
        "pipeline_version",
        "规则版本",
        "text",
        "which rules read it",
        "读取所用规则的版本",
        _of_report("pipeline.version"),
    ),
    # What people say of a figure; exports.reviewed fills it in.
    Column(
        "review",
        "复核",
        "text",
        "confirmed, corrected, added or struck by a person",
        "confirmed 已确认、corrected 已更正、added 人工补录、struck 已剔除",
        _OF_NOBODY,
    ),
    Column(
        "read_value",
        "复核前数值",
        "decimal",
        "the value that was read, where a person has corrected it",
        "人工更正前读到的数值",
        _OF_NOBODY,
    ),
    Column(
        "read_as",
        "复核前其他",
        "text",
        "what else was read otherwise, as unit=件",
        "其他被更正的内容，如 unit=件",
        _OF_NOBODY,
    ),
    Column("review_note", "复核说明", "text", "what the person says of it", "复核人的说明", _OF_NOBODY),
    Column("reviewed_by", "复核人", "text", "who", "复核的人", _OF_NOBODY),
    Column("reviewed_at", "复核时间", "text", "when", "复核的时间", _OF_NOBODY),
    # Which only :func:`rows_of` can tell, who sees them all.
    Column(
        "figure",
        "序号",
        "whole",
        "its number in the report, as zhibiao review --figure counts; empty for one that a person added",
        "在报告中的序号，与 zhibiao review --figure 的计数相同；人工补录的没有",
        _OF_NOBODY,
    ),
)
NAMES = tuple(column.name for column in COLUMNS)


def rows_of(report: Report) -> Iterator[Row]:
    """The figures of a report as rows, in reading order."""
    if not report.metrics:
        return
    first = report.metrics[0]
    # What is the same for all is found once, and keeps the columns' order.
    common: Row = {column.name: column.of(report, first) if column.is_of_report else None for column in COLUMNS}
    own = [(column.name, column.of) for column in COLUMNS if not column.is_of_report]
    for number, metric in enumerate(report.metrics, 1):
        yield common | {name: of(report, metric) for name, of in own} | {"figure": number}
