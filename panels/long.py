"""A panel as a list: a line for each cell, with all that a referee needs to check it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from exports.columns import Cell as Value
from exports.units import decimal_text
from exports.words import said
from panels.cells import Cell, Key, Panel, Stated
from panels.tones import TITLES

STATES = {"stated": "已载明", "not_found": "未找到", "other": "读作他项", "not_stated": "未载明", "struck": "已剔除"}
MARKS = {
    "several_values": "有多个数值",
    "not_exact": "非精确值",
    "as_at": "截至年末",
    "unsure": "可信度低",
    "contradicted": "与其他数字矛盾",
    "from_another_years_report": "出自其他年份的报告",
    "reviewed": "已人工复核",
}
STATUSES = {"planned": "目标", "achieved": "实绩"}

#: What stands for a unit where others of the same column have one.
NO_UNIT = "不带单位"

ACTIONS = {"confirm": "确认", "correct": "更正", "strike": "剔除", "add": "补录"}


@dataclass(frozen=True)
class Line:
    """A column of the list: name, title, kind, and what stands in it for a cell."""

    name: str
    title: str
    kind: str
    of: Callable[[Cell], Value]


def _row(name: str) -> Callable[[Cell], Value]:
    """A field of the figure that the cell shows first; in an empty one of the candidate, or of what was read as another."""
    return lambda cell: figure.row[name] if (figure := shown(cell)) else None


def _as_read(name: str) -> Callable[[Cell], Value]:
    """The same before any review."""
    return lambda cell: figure.as_read[name] if (figure := shown(cell)) else None


def shown(cell: Cell) -> Stated | None:
    """The figure to look at first."""
    return next(iter((*cell.figures, *([cell.candidate] if cell.candidate else []), *cell.akin)), None)


COLUMNS: tuple[Line, ...] = (
    Line("place", "地区", "text", lambda cell: cell.place),
    Line("region_code", "区划代码", "text", lambda cell: cell.key.code),
    Line("year", "年份", "text", lambda cell: cell.key.year),
    Line("series", "指标", "text", lambda cell: cell.key.series),
    Line("title", "指标名称", "text", lambda cell: cell.series.title),
    Line("status", "目标或实绩", "text", lambda cell: STATUSES[cell.key.status]),
    Line("state", "状态", "text", lambda cell: STATES[cell.state]),
    Line("value", "数值", "decimal", lambda cell: cell.text or None),
    Line("base_unit", "单位", "text", lambda cell: _unit(cell)),
    Line("tone", "语气", "text", lambda cell: TITLES[cell.tone] if cell.tone else None),
    Line("marks", "注意", "text", lambda cell: "；".join(MARKS[mark] for mark in cell.marks) or None),
    Line("sentence", "原句", "text", _row("sentence")),
    Line("quote", "原文", "text", _row("quote")),
    Line("candidate", "候选", "text", lambda cell: "；".join(map(_named, cell.possible)) or None),
    Line("read_as", "读作他项", "text", lambda cell: "；".join(map(_named, cell.read_as_other)) or None),
    Line("also", "另见", "text", lambda cell: "；".join(str(figure.row["sentence"]) for figure in cell.also) or None),
    Line("note", "复核说明", "text", lambda cell: _note(cell)),
    Line("report_value", "报告中的数值", "decimal", _as_read("value")),
    Line("report_unit", "报告中的单位", "text", _as_read("unit")),
    Line("period", "时期", "text", _row("period")),
    Line("indicator", "报告中的名称", "text", _row("indicator")),
    Line("indicator_id", "指标编号", "text", _row("indicator_id")),
    Line("qualifier", "程度", "text", lambda cell: said("qualifier", _row("qualifier")(cell))),
    Line("confidence", "可信度", "real", _row("confidence")),
    Line("report", "报告", "text", lambda cell: figure.source.title if (figure := shown(cell)) else None),
    Line("path", "文件", "text", _row("path")),
    Line("page", "页", "whole", _row("page")),
    Line("start", "起", "whole", _row("start")),
    Line("end", "止", "whole", _row("end")),
    Line("id", "文档编号", "text", _row("id")),
    Line("revision", "版次", "whole", _row("revision")),
    Line("event_id", "事件编号", "text", _row("event_id")),
    Line("pipeline_version", "规则版本", "text", _row("pipeline_version")),
)


def lines(panel: Panel) -> Iterator[Cell]:
    """The cells in the order of the list: by place, year and the codebook's series."""
    columns = [(series.key, status) for series, status in panel.columns()]
    for _, place_key, year in panel.lines():
        for series, status in columns:
            if cell := panel.cells.get(Key(place_key, year, series, status)):
                yield cell


def doubts(panel: Panel) -> list[Cell]:
    """Cells that a person should look at, the most doubtful first."""
    return sorted(
        (cell for cell in panel.cells.values() if _doubt(cell)),
        key=lambda cell: (-_doubt(cell), cell.confidence, cell.key),
    )


def _doubt(cell: Cell) -> int:
    """How doubtful a cell is: two values, a contradiction, a candidate, a figure that is not sure, one that was read as another, nothing."""
    if "reviewed" in cell.marks:
        return 0
    if "several_values" in cell.marks or "contradicted" in cell.marks:
        return 4
    if cell.state == "not_found":
        return 3
    return 2 if "unsure" in cell.marks else int(cell.state == "other" or "from_another_years_report" in cell.marks)


def _unit(cell: Cell) -> Value:
    """What the values are counted in; where one cell has several, each in the order of the values."""
    if len(cell.units) < 2:
        return "".join(cell.units) or None
    return " | ".join(cell.unit_of(figure) or NO_UNIT for figure in cell.figures)


def _named(figure: Stated) -> str:
    row = figure.row
    named = f"{row['indicator'] or '（无名称）'} {decimal_text(figure.value)}{row['base_unit'] or ''}（{row['period'] or '时期不明'}）"
    return f"{named}{only_one_of(figure)}"


def only_one_of(figure: Stated) -> str:
    """Which other series are offered the figure, where any is."""
    titles = "、".join(f"“{title}”" for title in figure.also_for)
    return f"［也可能是{titles}，只能属于其中一项］" if titles else ""


def _note(cell: Cell) -> str | None:
    reviews = [cell.review, *(figure.review for figure in cell.figures)]
    return (
        "；".join(
            f"{ACTIONS[review.action]} {review.by} {review.at} {review.note}".strip() for review in reviews if review
        )
        or None
    )
