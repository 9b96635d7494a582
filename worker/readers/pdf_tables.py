"""Tables of a PDF page that are drawn with lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worker.readers import digits
from worker.readers.cell_words import is_figure, is_prose
from worker.readers.layout import LaidLine
from worker.readers.paged import Table
from worker.readers.tables import GridCell

Box = tuple[float, float, float, float]  # left, top, right, bottom

_UNMAPPED = "(cid:"  # pdfminer's stand-in for a character without a code
_EDGE = 2.0  # points by which two lines of a grid may be apart and be one
_LONG_TITLE = 30
_SECTION = re.compile(r"[(（]?[一二三四五六七八九十]+[)）]?[、.．]")


def find_tables(page: Any, seen: str) -> tuple[list[Table], list[LaidLine]] | None:
    """The tables of a page of pdfplumber's, and its lines outside them; None if its characters have no codes.

    ``seen`` is the page's text by another reader. A figure that is not in it is doubted.
    """
    page = page.dedupe_chars(tolerance=1)
    tables = []
    for found in page.find_tables():
        texts = _texts(found)
        if any(_UNMAPPED in text for text in texts.values()):
            return None
        if table := _table(texts, re.sub(r"\s+", "", seen)):
            tables.append(table)
    rest = page
    for table in tables:
        rest = rest.filter(_outside(table))
    return tables, [
        LaidLine(line["text"], line["x0"], line["x1"], line["top"], line["bottom"], torn=tuple(_torn(line)))
        for line in rest.extract_text_lines()
    ]


def _torn(line: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Where there is one blank for a wide gap, and digits around it would be read as groups of three."""
    blanks = list(digits.BETWEEN_GROUPS.finditer(line["text"]))
    if not blanks:
        return
    chars = [char for char in line["chars"] for _ in char["text"] if char["text"].strip()]
    for match in blanks:
        place = len("".join(line["text"][: match.start()].split()))
        if 0 < place < len(chars):
            before, after = chars[place - 1], chars[place]
            if digits.stand_apart(after["x0"] - before["x1"], before["bottom"] - before["top"]):
                yield match.start() - 1, match.start() + 2


def _outside(table: Table) -> Any:
    def keep(item: dict[str, Any]) -> bool:
        return not table.top <= (item["top"] + item["bottom"]) / 2 <= table.bottom

    return keep


def _texts(found: Any) -> dict[Box, str]:
    """The text of each cell by its box."""
    return {
        box: (text or "").strip()
        for row, texts in zip(found.rows, found.extract(), strict=True)
        for box, text in zip(row.cells, texts, strict=True)
        if box
    }


def _table(texts: Mapping[Box, str], seen: str) -> Table | None:
    boxes = sorted(texts, key=lambda box: (box[1], box[0]))
    rows = _places([box[1] for box in boxes] + [box[3] for box in boxes])
    columns = _places([box[0] for box in boxes] + [box[2] for box in boxes])
    cells = without_strays(_without_frames(list(_grid(boxes, rows, columns, texts)), len(columns) - 1))
    if sum(_filled(cells, row) > 1 for row in {cell.row for cell in cells}) < 2:
        return None
    used = [row for cell in cells for row in (cell.row, cell.row + cell.rows)]
    doubted = {
        index for index, cell in enumerate(cells) if is_figure(cell.text) and re.sub(r"\s+", "", cell.text) not in seen
    }
    return Table(cells, rows[min(used)], rows[max(used)], len(columns) - 1, doubted)


def _places(values: Sequence[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _EDGE:
            places.append(value)
    return places


def _grid(
    boxes: Sequence[Box], rows: list[float], columns: list[float], texts: Mapping[Box, str]
) -> Iterator[GridCell]:
    for box in boxes:
        left, top, right, bottom = box
        row, column = _nearest(rows, top), _nearest(columns, left)
        height, width = _nearest(rows, bottom) - row, _nearest(columns, right) - column
        if height > 0 and width > 0:
            yield GridCell(texts[box], row, column, height, width)


def _nearest(places: Sequence[float], value: float) -> int:
    return min(range(len(places)), key=lambda index: abs(places[index] - value))


def _filled(cells: Sequence[GridCell], row: int) -> int:
    return sum(bool(cell.text) for cell in cells if cell.row == row)


def without_strays(cells: list[GridCell]) -> list[GridCell]:
    """The cells, each header that a stray line cuts an empty piece off made whole.

    Headers nest: a header of the row below that reaches under both pieces shows that they are one.
    """
    gone: set[int] = set()
    in_row: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        in_row.setdefault(cell.row, []).append(index)
    joined = list(cells)
    for index, empty in enumerate(cells):
        under = [cells[place] for place in in_row.get(empty.row + empty.rows, ()) if _is_words(cells[place])]
        if empty.text or not any(cell.columns > 1 for cell in under):
            continue
        end = empty.column + empty.columns
        beside = [
            place
            for place in in_row[empty.row]
            if joined[place].rows == empty.rows
            and _is_words(joined[place])
            and (
                (joined[place].column == end and _crosses(under, end))
                or (joined[place].column + joined[place].columns == empty.column and _crosses(under, empty.column))
            )
        ]
        if len(beside) == 1:
            whole = joined[beside[0]]
            first = min(whole.column, empty.column)
            joined[beside[0]] = whole._replace(column=first, columns=whole.columns + empty.columns)
            gone.add(index)
    return [cell for index, cell in enumerate(joined) if index not in gone]


def _is_words(cell: GridCell) -> bool:
    return bool(cell.text) and not is_figure(cell.text)


def _crosses(cells: Sequence[GridCell], border: int) -> bool:
    return any(cell.column < border < cell.column + cell.columns for cell in cells)


def _without_frames(cells: list[GridCell], width: int) -> list[GridCell]:
    """The cells without the rows above and below that only frame lines of text: one cell as wide as the table.

    The last of those above is kept if it may be the table's title.
    """
    wide = {cell.row for cell in cells if cell.columns >= width}
    order = sorted({cell.row for cell in cells})
    narrow = [row for row in order if row not in wide]
    if not narrow:
        return []
    first, last = narrow[0], narrow[-1]
    title = next((cell for cell in reversed(cells) if cell.row < first and cell.text), None)
    if title and len(title.text) <= _LONG_TITLE and not is_prose(title.text) and not _SECTION.match(title.text):
        first = title.row
    return [cell for cell in cells if first <= cell.row <= last]
