"""DOCX: paragraphs and tables in order, as they read with all tracked changes accepted."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from xml.etree.ElementTree import Element

from worker.readers import archive, digits
from worker.readers.docx_numbering import Numbering
from worker.readers.linear import Linear
from worker.readers.reading import Reading, refuse_long
from worker.readers.tables import MOST_COLUMNS, GridCell
from worker.readers.xml_tree import parse

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FALLBACK = _MC + "Fallback"
_NOT_SHOWN = {W + "del", W + "moveFrom", W + "pPr", W + "sdtPr", W + "instrText", W + "delText", _FALLBACK}
_WRAPPERS = {W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "moveTo"}
_BLOCKS = {W + "p", W + "tbl"}
_CHARACTERS = {W + "tab": "\t", W + "noBreakHyphen": "-", W + "cr": "\n", W + "br": "\n", W + "ptab": "\t"}
_TAB_IN_NUMBER = re.compile(r"(?<=[\d.．,，])\t+(?=[\d.．,，])")
_MOST_DIGITS = 9  # int() refuses what strangers may write
_DOCUMENT = "word/document.xml"
_NUMBERING = "word/numbering.xml"
_STYLES = "word/styles.xml"


@dataclass(frozen=True, slots=True)
class _TableCell:
    """What a cell holds, and the places it covers."""

    blocks: "Sequence[_Block]"
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class _Table:
    """A table; one that only lays out the page holds others, or has one column: a frame around text."""

    cells: Sequence[_TableCell]
    lays_out: bool
    holds_grid: bool  # it is a table of rows and columns, or one stands somewhere in it


_Block = str | _Table  # a line, or a table


def read(data: bytes) -> Reading:
    """The text of a DOCX: insertions kept, deletions and hidden text left out, automatic numbers written out.

    Each paragraph, cell and text box is visited once, in the order of the file.

    Raises:
        BadReport: ``damaged_archive``, ``encrypted``, ``too_complex``, ``damaged_file``, ``empty``.
    """
    with archive.opened(data) as entries:
        root = parse(entries.read(_DOCUMENT), _DOCUMENT)
        numbering = Numbering(
            *(parse(entries.read(name), name) if name in entries.names else None for name in (_NUMBERING, _STYLES))
        )
    linear = Linear()
    _write(linear, _Walk(numbering).blocks(chain.from_iterable(root.findall(W + "body"))))
    return linear.reading(MEDIA_TYPE)


def _write(linear: Linear, blocks: Iterable[_Block]) -> None:
    for block in blocks:
        if isinstance(block, str):
            linear.line(block)
        elif block.lays_out:
            for cell in block.cells:
                _write(linear, cell.blocks)
        else:
            linear.table(
                [
                    GridCell("\n".join(_lines(cell.blocks)), cell.row, cell.column, cell.rows, cell.columns)
                    for cell in block.cells
                ]
            )


def _lines(blocks: Iterable[_Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, str):
            yield block
        else:
            for cell in block.cells:
                yield from _lines(cell.blocks)


class _Walk:
    """One way through a document. Numbers are counted on it, so nothing may be visited a second time."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._length = 0

    def blocks(self, parent: Iterable[Element]) -> list[_Block]:
        """The lines and tables below ``parent``, through the wrappers of controls, custom XML and insertions."""
        found: list[_Block] = []
        self._gather(parent, found)
        return found

    def _gather(self, parent: Iterable[Element], found: list[_Block]) -> None:
        for child in parent:
            if child.tag == W + "p":
                self._paragraph(child, found)
            elif child.tag == W + "tbl":
                found.append(self._table(child))
            elif child.tag not in _NOT_SHOWN:
                self._gather(_shown(child), found)

    def _paragraph(self, paragraph: Element, found: list[_Block]) -> None:
        pieces: list[str] = []
        boxes: list[Iterable[Element]] = []
        _take_text(paragraph, pieces, boxes)
        text = _TAB_IN_NUMBER.sub(_gap_for_tab, "".join(pieces)).replace("\t", " ").strip("\n")
        if text.strip():
            number = self._numbering.next_number(paragraph)
            self._length += len(number) + len(text)
            refuse_long(self._length, "the numbering of paragraphs" if len(number) > len(text) else "the file")
            found += (line for line in f"{number}{text}".split("\n") if line.strip())
        for box in boxes:
            self._gather(box, found)

    def _table(self, table: Element) -> _Table:
        cells = sorted(self._cells(table), key=lambda cell: (cell.row, cell.column))
        holds_grid = any(isinstance(block, _Table) and block.holds_grid for cell in cells for block in cell.blocks)
        lays_out = holds_grid or len({cell.column for cell in cells}) < 2
        return _Table(cells, lays_out, holds_grid or not lays_out)

    def _cells(self, table: Element) -> Iterator[_TableCell]:
        """The cells; one merged downwards is yielded once, with the rows it covers."""
        open_cells: dict[int, tuple[list[_Block], int, int, int]] = {}  # column -> blocks, first row, columns, rows
        for row, element in enumerate(_children(table, "tr")):
            column = _grid_before(element)
            for cell in _children(element, "tc"):
                columns = min(MOST_COLUMNS, _value(cell, "gridSpan", 1))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(W + "val") != "restart" and column in open_cells:
                    blocks, first, width, rows = open_cells[column]
                    open_cells[column] = (blocks, first, width, rows + 1)
                else:
                    if column in open_cells:
                        yield _cell(column, open_cells.pop(column))
                    open_cells[column] = (self.blocks(cell), row, columns, 1)
                column += columns
        for column, held in open_cells.items():
            yield _cell(column, held)


def _shown(element: Element) -> Iterable[Element]:
    """What of an element is shown: of the same content for several programs, that of the first."""
    if element.tag != _MC + "AlternateContent":
        return element
    choice = element.find(_MC + "Choice")
    branch = choice if choice is not None else element.find(_FALLBACK)
    return () if branch is None else branch


def _take_text(parent: Iterable[Element], pieces: list[str], boxes: list[Iterable[Element]]) -> None:
    """Add a paragraph's own text to ``pieces`` and the text boxes anchored in it to ``boxes``."""
    for child in parent:
        if child.tag in _NOT_SHOWN or _is_hidden(child):
            continue
        if child.tag == W + "t":
            pieces.append(child.text or "")
        elif child.tag in _CHARACTERS:
            pieces.append(_CHARACTERS[child.tag])
        elif child.tag == W + "txbxContent":
            boxes.append(child)
        elif child.tag in _BLOCKS:
            boxes.append((child,))
        else:
            before = len(pieces)
            _take_text(_shown(child), pieces, boxes)
            if _is_raised(child):
                pieces[before:] = [digits.raised("".join(pieces[before:]))]


def _gap_for_tab(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    near = digits.LONGEST
    return digits.GAP if digits.meet(text[max(0, start - near) : start], text[end : end + near]) else " "


def _is_hidden(run: Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish") if run.tag == W + "r" else None
    return vanish is not None and vanish.get(W + "val", "true") not in ("false", "0", "off")


def _cell(column: int, held: tuple[list[_Block], int, int, int]) -> _TableCell:
    blocks, row, columns, rows = held
    return _TableCell(blocks, row, column, rows, columns)


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Rows or cells, through the wrappers of controls; those of nested tables are not among them."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, name)


def _is_raised(run: Element) -> bool:
    place = run.find(f"{W}rPr/{W}vertAlign") if run.tag == W + "r" else None
    return place is not None and place.get(W + "val") in ("superscript", "subscript")


def _grid_before(row: Element) -> int:
    found = row.find(f"{W}trPr/{W}gridBefore")
    return _number(found.get(W + "val")) if found is not None else 0


def _value(cell: Element, name: str, default: int) -> int:
    found = cell.find(f"{W}tcPr/{W}{name}")
    return max(1, _number(found.get(W + "val"))) if found is not None else default


def _number(value: str | None) -> int:
    return min(MOST_COLUMNS, int(value[:_MOST_DIGITS])) if value and value.isdecimal() else 0
