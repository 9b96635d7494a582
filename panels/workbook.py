"""A panel as a workbook: 面板 wide, 明细 long, 待核 doubts, 来源 sources, 方法 method. Every cell leads to its sentence."""

from collections.abc import Sequence
from pathlib import Path

from exports.folder import Unread
from exports.words import said
from exports.xlsx_file import Book, Sheet
from panels.cells import Cell, Key, Panel
from panels.long import ACTIONS, COLUMNS, MARKS, NO_UNIT, STATES, doubts, lines, only_one_of, shown
from panels.series import Series
from panels.tones import TITLES

WIDE, LONG, DOUBTS, SOURCES, METHOD = "面板", "明细", "待核", "来源", "方法"
_SOURCE_COLUMNS = (
    ("place", "地区", "text"),
    ("region_code", "区划代码", "text"),
    ("year", "报告年份", "text"),
    ("title", "标题", "text"),
    ("issuer", "发文机关", "text"),
    ("kind", "文种", "text"),
    ("figures", "数字", "whole"),
    ("used", "是否采用", "text"),
    ("path", "文件", "text"),
    ("id", "文档编号", "text"),
    ("revision", "版次", "whole"),
    ("sha256", "sha256", "text"),
    ("version", "规则版本", "text"),
)
_LONGEST_NOTE = 1000  # characters of a comment


def write(panel: Panel, file: Path, unread: Sequence[Unread], method: dict[str, str]) -> None:
    """Write the workbook.

    Raises:
        OSError: it cannot be written.
    """
    book = Book(file)
    wide = book.sheet(WIDE, _wide_columns(panel), _wide_titles(panel))
    long = book.sheet(LONG, [(line.name, line.kind) for line in COLUMNS], [line.title for line in COLUMNS])
    places = {}
    for cell in lines(panel):
        long.add([line.of(cell) for line in COLUMNS])
        places[cell.key] = long.rows + 1  # as Excel counts rows
    _fill_wide(panel, wide, places)
    _fill_doubts(panel, book, places)
    _fill_sources(panel, book, unread)
    about = book.sheet(METHOD, [("name", "text"), ("message", "text")], ["项目", "内容"])
    for item in (*method.items(), *_legend(panel)):
        about.add(item)
    book.close()


def _wide_columns(panel: Panel) -> list[tuple[str, str]]:
    columns = [("place", "text"), ("region_code", "text"), ("year", "text")]
    for series, status in panel.columns():
        columns.append((f"{series.key}_{status}", "decimal"))
        if status == "planned":
            columns.append((f"{series.key}_tone", "text"))
    return columns


def _wide_titles(panel: Panel) -> list[str]:
    titles = ["地区", "区划代码", "年份"]
    for series, status in panel.columns():
        both = len(series.statuses) > 1
        units = _units(panel, series, status)
        unit = f"（{'、'.join(one or NO_UNIT for one in units)}）" if any(units) else ""
        titles.append(f"{series.title}{'目标' if status == 'planned' else '实绩' if both else ''}{unit}")
        if status == "planned":
            titles.append(f"{series.title}目标语气")
    return titles


def _units(panel: Panel, series: Series, status: str) -> tuple[str, ...]:
    """What the values of a column are counted in; where it has none yet, what the codebook would have."""
    return panel.units(series.key, status) or (series.unit,)


def _fill_wide(panel: Panel, sheet: Sheet, places: dict[Key, int]) -> None:
    for place, place_key, year in panel.lines():
        sheet.add([place, place_key if place_key.isdecimal() else None, year])
        column = 3
        for series, status in panel.columns():
            cell = panel.cells.get(Key(place_key, year, series.key, status))
            if cell is not None:
                # What is not stated has no sentence to lead to; 方法 says what the word means.
                is_sourced = shown(cell) is not None
                link = f"internal:'{LONG}'!A{places[cell.key]}" if is_sourced else None
                several = len(_units(panel, series, status)) > 1
                sheet.put(column, _shown(cell), note=_note(cell, says_unit=several) if is_sourced else "", link=link)
                if cell.tone:
                    sheet.put(column + 1, TITLES[cell.tone])
            column += 2 if status == "planned" else 1


def _shown(cell: Cell) -> str:
    if cell.state != "stated":
        return STATES[cell.state]
    return cell.text


def _note(cell: Cell, *, says_unit: bool) -> str:
    """What stands beside a cell: its unit where others of its column have another, its marks, its sentence, where it is from."""
    told = [MARKS[mark] for mark in cell.marks]
    if says_unit and cell.units:
        told.insert(0, f"单位：{'、'.join(unit or NO_UNIT for unit in cell.units)}")
    marks = "；".join(told)
    figure = shown(cell)
    if figure is None:
        return marks
    origin = f"{figure.source.title}，{figure.row['path']}"
    lead = "" if cell.figures else "最接近的候选：" if cell.possible else f"读作他项（{figure.row['indicator']}）："
    reviews = "；".join(
        f"复核：{one.note} {one.by} {one.at}".strip() for one in [item.review for item in cell.figures] if one
    )
    return "\n".join(
        part for part in (marks, reviews, f"{lead}{figure.row['sentence']}{only_one_of(figure)}", origin) if part
    )[:_LONGEST_NOTE]


def _fill_doubts(panel: Panel, book: Book, places: dict[Key, int]) -> None:
    sheet = book.sheet(
        DOUBTS,
        [("row", "whole"), *((line.name, line.kind) for line in COLUMNS)],
        ["明细行", *(line.title for line in COLUMNS)],
    )
    for cell in doubts(panel):
        sheet.add([places[cell.key], *(line.of(cell) for line in COLUMNS)])
    for review in panel.orphans:
        what = (
            ACTIONS[review.action],
            review.path,
            review.series,
            review.year,
            review.quote,
            review.value,
            review.note,
        )
        told = f"此复核找不到对应的数字：{' '.join(part for part in what if part)}"
        sheet.add([None, None, None, review.year, review.series, told])


def _fill_sources(panel: Panel, book: Book, unread: Sequence[Unread]) -> None:
    sheet = book.sheet(
        SOURCES, [(name, kind) for name, _, kind in _SOURCE_COLUMNS], [title for _, title, _ in _SOURCE_COLUMNS]
    )
    for source in sorted(panel.sources, key=lambda source: (source.place_key, source.year)):
        report = source.report
        used = source.why_not_shown() or ("采用" if source.read_whole else "采用；部分内容未能读出")
        code = source.place_key if source.place_key.isdecimal() else None
        document = report.document
        about = (
            source.place,
            code,
            source.year,
            source.title,
            document.issuer,
            said("kind", document.kind),
            source.figures,
        )
        origin = (report.source.path, report.id, report.revision, report.source.sha256, report.pipeline.version)
        sheet.add((*about, used, *origin))
    for file in unread:
        sheet.add([*[None] * 7, f"未能读取：{file.reason}", file.path])


def _legend(panel: Panel) -> list[tuple[str, str]]:
    def belongs(series: Series) -> str:
        parts = [", ".join(series.ids), ", ".join(series.names), " + ".join("/".join(group) for group in series.words)]
        return f"{series.key}: {' | '.join(part for part in parts if part)}; {', '.join(series.units)}; {', '.join(series.measures)}"

    return [
        ("未载明", "报告已通读，其中没有任何数字可能是此项"),
        ("未找到", "可能写了而没有认出：最接近的数字及其原句在批注和明细中"),
        ("读作他项", "报告已通读，其中有相近的数字，但属于另一指标、另一类数量或另一单位：见批注和明细"),
        ("有多个数值", "报告给出不同的数值，全部列出，从不取平均"),
        ("语气", "软：约、左右、区间；硬：以上、以内、不低于、确保；力争；无：只有数字"),
        *((series.title, belongs(series)) for series in panel.codebook.series),
    ]
