"""Tables that lost their grid: rows of a label and numbers in plain text, which are not to be read as prose."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.parts import Cell, Span
from worker.readers.cell_words import caption_above, is_blank, is_bounded, is_figure, is_time, plain, units_note
from worker.readers.tables import GridCell, find_headers

# Both begin with one of a few characters, which a scan finds fast.
_FIELD_GAP = re.compile(r"[\t \u00a0|│┃](?:(?<=[\t|│┃])|(?<=[ \u00a0])[ \u00a0]+)")
_QUOTED = re.compile(r'"[^"]*"|,')
_LOOSE_GAP = re.compile(r"[ \u3000\u00a0]+")
_PARTS = re.compile(r"[\t \u00a0\u3000|│┃,]")  # without any of them a line has one field
_PROSE = re.compile(r"[。；！？，](?:(?<!，)|\s*[\u4e00-\u9fff])")
# A quantity by its word, or by its unit in a bracket; a telephone's number （办） has neither.
_MEASURES = re.compile(
    r"(?:数|额|量|率|比例|比重|面积|人次|收入|支出)\s*$"
    r"|[(（](?:单位[:：]?)?\s*[万亿千百]{0,2}(?:元|件|个|人|户|名|家|次|项|条|起|吨|亩|公里|公顷|平方米|立方米|千瓦|[%％‰])\s*[)）]\s*$"
)
_TABLE_NUMBER = re.compile("附?表 ?[0-9一二三四五六七八九十]{1,3}(?:[-－.][0-9]{1,2})?[:：.、]?")
_CALLED_TABLE = re.compile("..表$")
_LABELLED = 2  # fields of a row that is a label and one figure
_FEWEST_ROWS = 2
_FEWEST_LINES = 4
_LONG_FIELD = 40
_RULE = re.compile(r"[\s|│┃+\-─━═┼┌┐└┘├┤┬┴:=_]*")

# GitHub Flavored Markdown 0.29 (4.10): the delimiter row stands below the header.
_DELIMITER = re.compile(r" {0,3}\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?")

Row = list[Span]


def find_flat_cells(text: str, known: Sequence[Cell] = ()) -> Iterator[Cell]:
    """The cells of flattened tables in ``text``, outside the ``known`` ones.

    Where each row has as many fields as the header above, parted by tabs, bars, commas or several spaces, the cells get
    their headers. So they do where single spaces part both, and each row is a label and a figure for each column. Where
    that does not hold, and where each cell stands on a line of its own, they get none: no figure is read from them.
    """
    taken = iter([*sorted((cell.start, cell.end) for cell in known), (len(text) + 1, len(text) + 1)])
    next_taken = next(taken)
    group: list[tuple[str, Row]] = []
    above: list[Span] = []  # the last two lines of prose
    parted = 0  # how many rows stood before the last empty line
    is_marked = False  # whether a delimiter row says that the first of them is a header
    for start, line in _lines(text):
        while next_taken[1] <= start:
            next_taken = next(taken)
        is_taken = next_taken[0] < start + len(line)
        kind, row = ("prose", []) if is_taken else _row(line, start)
        if kind == "blank" and _DELIMITER.fullmatch(line):
            if len(group) > 1 and parted == len(group) - 1:
                yield from _cells(text, group[:-1], above, is_marked=is_marked)  # the row above heads another table
                group, above = group[-1:], []
            is_marked = is_marked or len(group) == 1
        parted = len(group) if not line.strip() else parted
        if group and kind != group[-1][0] and not (kind == "blank" and group[-1][0] != "number"):
            yield from _cells(text, group, above, is_marked=is_marked)
            is_marked = False
            if group[-1][0] == "pair":
                above = [*above, *((row[0][0], row[1][1]) for _, row in group)][-2:]
            group = []
        if kind == "blank":
            continue
        if kind == "prose":
            above = [*above[-1:], (start, start + len(line))]
        else:
            group.append((kind, row))
    yield from _cells(text, group, above, is_marked=is_marked)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _row(line: str, start: int) -> tuple[str, Row]:
    """What a line is: blank, prose, a number alone, fields kept apart, or numbers after a label."""
    if _RULE.fullmatch(line):
        return "blank", []
    times = _split(line, _FIELD_GAP, 0)
    if _are_times(line, times):
        return "fields", [(start + first, start + last) for first, last in times]
    if is_figure(line):
        return "number", [_trimmed(line, 0, len(line), start)]
    if not _PARTS.search(line) or _PROSE.search(line):
        return "prose", []
    spans = _split(line, _FIELD_GAP, start)
    if len(spans) > 1 and _is_title(line, spans, start):
        return "prose", []
    if len(spans) >= 2 and _are_short(spans):
        return "fields", spans
    spans = _comma_separated(line, start)
    if _is_of_sheet(line, spans) and _are_short(spans):
        return "commas", spans
    spans = _split(line, _LOOSE_GAP, start)
    figures = sum(is_figure(line[a - start : b - start]) for a, b in spans)
    if figures == 1 and len(spans) == 2 and is_figure(line[spans[1][0] - start : spans[1][1] - start]):
        return "pair", spans
    return ("loose", spans) if figures > 1 and figures >= len(spans) - 2 else ("prose", [])


def _is_title(line: str, spans: Row, start: int) -> bool:
    """Whether gaps only set a table's number or the note on its units apart from its title: 表1  行政处罚统计表  单位：件."""
    fields = [line[begin - start : end - start] for begin, end in spans]
    if _TABLE_NUMBER.fullmatch(fields[0]):
        return bool(caption_above(fields[1:2])) and not any(map(is_figure, fields[1:]))
    note = plain(fields[-1].strip("()（） "))
    return len(fields) == _LABELLED and bool(_CALLED_TABLE.search(fields[0])) and units_note(fields[1]) == note


def _are_short(spans: Row) -> bool:
    return all(end - start <= _LONG_FIELD for start, end in spans)


def _is_of_sheet(line: str, spans: Row) -> bool:
    """Whether a line with commas is a row: three fields, a corner that is empty, or more empty ones than a sentence has."""
    told = sum(start < end for start, end in spans)
    return told >= (2 if line.lstrip().startswith(",") else 3) or (told > 0 and len(spans) - told >= 2)


def _comma_separated(line: str, start: int) -> Row:
    """The fields of a line as RFC 4180 parts them: a comma within quotes is the field's, and an empty field is one, too."""
    commas = [match.start() for match in _QUOTED.finditer(line) if match[0] == ","]
    bounds = [-1, *commas, len(line)]
    fields = (_trimmed(line, first + 1, last, start) for first, last in pairwise(bounds))
    return [_unquoted(line, field, start) for field in fields]


def _unquoted(line: str, field: Span, offset: int) -> Span:
    start, end = field
    quoted = end - start > 1 and line[start - offset] == line[end - 1 - offset] == '"'
    return _trimmed(line, start + 1 - offset, end - 1 - offset, offset) if quoted else field


def _split(line: str, gap: re.Pattern[str], start: int) -> Row:
    bounds = [0, *(place for match in gap.finditer(line) for place in match.span()), len(line)]
    spans = [_trimmed(line, bounds[index], bounds[index + 1], start) for index in range(0, len(bounds), 2)]
    while spans and spans[0][0] == spans[0][1]:
        spans.pop(0)
    while spans and spans[-1][0] == spans[-1][1]:
        spans.pop()
    return spans


def _trimmed(line: str, start: int, end: int, offset: int) -> Span:
    part = line[start:end]
    left = len(part) - len(part.lstrip())
    return offset + start + left, offset + start + max(left, len(part.rstrip()))


def _cells(text: str, group: Sequence[tuple[str, Row]], above: Sequence[Span], *, is_marked: bool) -> Iterator[Cell]:
    if not group:
        return
    kind = group[0][0]
    rows = [row for _, row in group]
    while kind == "commas" and rows and (alone := _alone(rows[0])):
        rows, above = rows[1:], [*above[-1:], alone]
    if not rows:
        return
    if kind in ("loose", "pair") and (head := _loose_head(text, rows, above)):
        yield from _headed(text, [head, *rows], above[:-1])
        return
    if kind == "pair":
        return  # a label and a number is as well the end of a sentence
    with_figures = sum(any(is_figure(text[a:b]) or is_bounded(text[a:b]) for a, b in row) for row in rows)
    is_headed = is_marked or _are_times(text, rows[0]) or (kind == "fields" and _is_of_one_row(text, rows))
    least = _FEWEST_LINES if kind == "number" else 1 if is_headed else _FEWEST_ROWS
    if with_figures < least:
        return
    if kind in ("fields", "commas") and _is_regular(text, rows):
        yield from _headed(text, rows, above)
        return
    for row in rows:
        yield from (Cell(start, end, (), ()) for start, end in row if not is_blank(text[start:end]))


def _loose_head(text: str, rows: Sequence[Row], above: Sequence[Span]) -> Row:
    """The line above as a header, where it has a field for the label and for each figure of each row; else nothing.

    A table of one column has besides a header that says what is measured: 办理数量, 金额（万元）.
    """
    if not above:
        return []
    start, end = above[-1]
    head = _split(text[start:end], _LOOSE_GAP, start)
    is_table = not _has_figure(text, head) and _are_short(head) and not _PROSE.search(text[start:end])
    if not is_table or (len(head) == _LABELLED and not _MEASURES.search(text[start:end])):
        return []
    are_rows = all(len(row) == len(head) and _is_labelled(text, row) for row in rows)
    return head if are_rows else []


def _is_labelled(text: str, row: Row) -> bool:
    """Whether a row is a label and figures."""
    told = [is_figure(text[start:end]) or is_blank(text[start:end]) for start, end in row]
    return not told[0] and all(told[1:])


def _alone(row: Row) -> Span | None:
    """The one field of a row that says anything: a title or a note on units, which a sheet has over its table."""
    told = [span for span in row if span[0] < span[1]]
    return told[0] if len(told) == 1 else None


def _is_regular(text: str, rows: Sequence[Row]) -> bool:
    """Whether all rows have as many fields as the header, which may leave the corner above the labels empty."""
    head, widths = rows[0], {len(row) for row in rows[1:]}
    if _has_figure(text, head) or len(widths) > 1:
        return False
    width = widths.pop() if widths else len(head)
    return len(head) == width or (len(head) == width - 1 and not any(_has_figure(text, row[:1]) for row in rows[1:]))


def _are_times(text: str, row: Row) -> bool:
    """Whether a header says of each column what time it is of: a single row below it is a table then."""
    return len(row) > 1 and all(is_time(text[start:end]) for start, end in row)


def _is_of_one_row(text: str, rows: Sequence[Row]) -> bool:
    """Whether a label and a figure stand under a header that says what is measured: 信息内容 本年处理决定数量 / 行政许可 86."""
    is_pair = len(rows) == _LABELLED and all(len(row) == _LABELLED for row in rows)
    return is_pair and bool(_MEASURES.search(text[slice(*rows[0][1])])) and _is_labelled(text, rows[1])


def _has_figure(text: str, row: Row) -> bool:
    return any(is_figure(text[start:end]) for start, end in row)


def _headed(text: str, rows: Sequence[Row], above: Sequence[Span]) -> Iterator[Cell]:
    spans = [span for row in rows for span in row]
    width = max(map(len, rows))
    grid = [
        GridCell(text[start:end], row, column)
        for row, fields in enumerate(rows)
        for column, (start, end) in enumerate(fields, width - len(fields))
    ]
    places = [*spans, *above]
    caption = caption_above([text[start:end] for start, end in above])
    for (start, end), path in zip(spans, find_headers(grid, caption), strict=True):
        if not is_blank(text[start:end]):
            yield path.cell(start, end, spans[0][0], places)
