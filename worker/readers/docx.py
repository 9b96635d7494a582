"""DOCX: paragraphs and tables in order, as they read with all tracked changes accepted."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from worker.readers import archive
from worker.readers.docx_numbering import Numbering
from worker.readers.linear import Linear
from worker.readers.reading import Reading
from worker.readers.tables import MOST_COLUMNS, GridCell
from worker.readers.xml_tree import parse

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_SHOWN = {W + "del", W + "moveFrom", W + "pPr", W + "sdtPr", W + "instrText", W + "delText", _FALLBACK}
_CHARACTERS = {W + "tab": " ", W + "noBreakHyphen": "-", W + "cr": "\n", W + "br": "\n", W + "ptab": " "}
_DOCUMENT = "word/document.xml"
_NUMBERING = "word/numbering.xml"
_STYLES = "word/styles.xml"


def read(data: bytes) -> Reading:
    """The text of a DOCX: insertions kept, deletions and hidden text left out, automatic numbers written out.

    Raises:
        BadReport: ``damaged_archive``, ``encrypted``, ``too_complex``, ``damaged_file``, ``empty``.
    """
    with archive.opened(data) as entries:
        root = parse(entries.read(_DOCUMENT), _DOCUMENT)
        numbering = Numbering(
            *(parse(entries.read(name), name) if name in entries.names else None for name in (_NUMBERING, _STYLES))
        )
    linear = Linear()
    for body in root.iter(W + "body"):
        _write(linear, body, numbering)
    return linear.reading(MEDIA_TYPE)


def _write(linear: Linear, parent: Element, numbering: Numbering) -> None:
    for block in _blocks(parent):
        if block.tag == W + "tbl":
            cells = sorted(_grid(block, numbering), key=lambda cell: (cell.row, cell.column))
            if len({cell.column for cell in cells}) > 1:
                linear.table(cells)
            else:  # a frame around text
                for cell in block.iter(W + "tc"):
                    _write(linear, cell, numbering)
        else:
            for line in _paragraph_lines(block, numbering):
                linear.line(line)


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables below ``parent``, through the wrappers of controls, custom XML and insertions."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag not in _NOT_SHOWN:
            yield from _blocks(child)


def _paragraph_lines(paragraph: Element, numbering: Numbering) -> Iterator[str]:
    text = "".join(_text(paragraph)).strip("\n")
    if text.strip():
        number = numbering.next_number(paragraph)
        yield from (line for line in f"{number}{text}".split("\n") if line.strip())
    for box in _boxes(paragraph):
        for inner in box.iter(W + "p"):
            yield from _paragraph_lines(inner, numbering)


def _text(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _NOT_SHOWN or child.tag == W + "txbxContent" or _is_hidden(child):
            continue
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        else:
            yield from _text(child)


def _is_hidden(run: Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish") if run.tag == W + "r" else None
    return vanish is not None and vanish.get(W + "val", "true") not in ("false", "0", "off")


def _boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag not in _NOT_SHOWN:
            yield from _boxes(child)


def _grid(table: Element, numbering: Numbering) -> Iterator[GridCell]:
    """The cells of a table; one merged downwards is yielded once, with the rows it covers."""
    open_cells: dict[int, tuple[str, int, int, int]] = {}  # column -> text, first row, columns, rows
    for row, element in enumerate(_children(table, "tr")):
        column = _grid_before(element)
        for cell in _children(element, "tc"):
            columns = min(MOST_COLUMNS, _value(cell, "gridSpan", 1))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(W + "val") != "restart" and column in open_cells:
                text, first, width, rows = open_cells[column]
                open_cells[column] = (text, first, width, rows + 1)
            else:
                if column in open_cells:
                    yield _cell(column, open_cells.pop(column))
                open_cells[column] = (_cell_text(cell, numbering), row, columns, 1)
            column += columns
    for column, held in open_cells.items():
        yield _cell(column, held)


def _cell(column: int, held: tuple[str, int, int, int]) -> GridCell:
    text, row, columns, rows = held
    return GridCell(text, row, column, rows, columns)


def _cell_text(cell: Element, numbering: Numbering) -> str:
    lines = [line for block in cell.iter(W + "p") for line in _paragraph_lines(block, numbering)]
    return "\n".join(lines)


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Rows or cells, through the wrappers of controls; those of nested tables are not among them."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "moveTo"):
            yield from _children(child, name)


def _grid_before(row: Element) -> int:
    found = row.find(f"{W}trPr/{W}gridBefore")
    return _number(found.get(W + "val")) if found is not None else 0


def _value(cell: Element, name: str, default: int) -> int:
    found = cell.find(f"{W}tcPr/{W}{name}")
    return max(1, _number(found.get(W + "val"))) if found is not None else default


def _number(value: str | None) -> int:
    return min(MOST_COLUMNS, int(value)) if value and value.isdecimal() else 0
