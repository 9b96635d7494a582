"""Web pages: the report in them, each character's place in the page's source kept."""

import html
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from worker.edits import Edit, Flaw, OffsetMap, Text
from worker.facts import load_facts
from worker.parts import Cell, Label, Span
from worker.readers import digits, plain
from worker.readers.cell_lines import gap_between
from worker.readers.cell_words import caption_above, is_prose
from worker.readers.charset import Decoded, decode_bytes
from worker.readers.markup import attributes
from worker.readers.page_blocks import Block, Page, find_blocks
from worker.readers.page_body import Body, BodyLine, TableItem, blocks_of, find_body, label_name, leading_label
from worker.readers.reading import Reading, refusal
from worker.readers.tables import GridCell, find_headers

_CONTENT = re.compile(r"""\bcontent\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
Run = tuple[int, int, str | None]


def read(data: bytes) -> Reading:
    """The report in a web page.

    ``text.raw`` is the page's source, ``text.now`` the report's lines, tables a row a line.

    Raises:
        BadReport: ``undecodable``, ``unsupported_format`` for binary data, ``empty`` for a page without text.
    """
    return of_decoded(decode_bytes(data))


def of_decoded(decoded: Decoded) -> Reading:
    """The reading of a page that was decoded already; raises as :func:`read` does."""
    source = decoded.text
    plain.refuse_binary(source)
    page = find_blocks(source)
    body = find_body(page, source)
    if not body.items:
        raise refusal("empty", "the page holds no text that is shown; scripts may load it, then save the page as seen")
    flaws = tuple(plain.find_lost(decoded))
    pieces = list(_pieces(body, source))
    origin = OffsetMap.of_edits(len(source), list(_edits(pieces, len(source))))
    text = Text(source, _visible(pieces, source), origin, flaws=flaws)
    plain.refuse_lost(text.now)
    text = text.apply([*plain.find_controls(text.now), *_torn(pieces)], "control_character")
    labels = (*_meta_labels(page, source), *_table_labels(body, source))
    left_out = tuple(_left_out(page, body))
    return Reading("text/html", decoded.encoding, text, cells=tuple(_cells(body)), labels=labels, left_out=left_out)


def _left_out(page: Page, body: Body) -> Iterator[Span]:
    """The visible lines of the page that are not in the report."""
    kept = {id(block) for item in body.items for block in blocks_of(item)}
    yield from (_extent([block]) for block in page.blocks if id(block) not in kept)


def _pieces(body: Body, source: str) -> Iterator[tuple[str, Run]]:
    """Each piece of the page that is kept, and what parts it from the one before."""
    for item in body.items:
        if isinstance(item, BodyLine):
            yield from _with_gap("\n", item.block.runs)
        else:
            yield from _table_pieces(item, source)


def _torn(pieces: Sequence[tuple[str, Run]]) -> Iterator[Flaw]:
    """The places of the visible text where digits of two lines of a cell meet."""
    place = -1
    for gap, (start, end, new) in pieces:
        place += len(gap)
        if gap == digits.GAP:
            yield Flaw(place - len(gap) - 1, place + 1, digits.TORN, digits.MESSAGE)
        place += end - start if new is None else len(new)


def _with_gap(gap: str, runs: Sequence[Run]) -> Iterator[tuple[str, Run]]:
    for run in runs:
        yield gap, run
        gap = ""


def _table_pieces(table: TableItem, source: str) -> Iterator[tuple[str, Run]]:
    row = None
    for cell, blocks in zip(table.cells, table.blocks, strict=True):
        gap = "\n" if cell.row != row else "\t"
        above = ""
        for block in blocks:
            text = block.text(source) if len(blocks) > 1 else ""
            yield from _with_gap(gap_between(above, text) if above else gap, block.runs)
            above = text
            row = cell.row


def _edits(pieces: Sequence[tuple[str, Run]], length: int) -> Iterator[Edit]:
    place = 0
    first = True
    for gap, (start, end, new) in pieces:
        if start > place or gap:
            yield Edit(place, start, "" if first else gap)
        if new is not None:
            yield Edit(start, end, new)
        place = end
        first = False
    yield Edit(place, length)


def _visible(pieces: Sequence[tuple[str, Run]], source: str) -> str:
    text = "".join(gap + (source[start:end] if new is None else new) for gap, (start, end, new) in pieces)
    return text[1:]


def _cells(body: Body) -> Iterator[Cell]:
    for index, item in enumerate(body.items):
        if isinstance(item, TableItem):
            above = list(takewhile(_is_line, reversed(body.items[max(0, index - 2) : index])))
            yield from _table_cells(item, [line for line in reversed(above) if isinstance(line, BodyLine)])


def _is_line(item: BodyLine | TableItem) -> bool:
    """Whether it is a line, not a table: what stands above that is its own title."""
    return isinstance(item, BodyLine)


def _table_cells(table: TableItem, above: Sequence[BodyLine]) -> Iterator[Cell]:
    grid = [
        GridCell(text, cell.row, cell.column, cell.rows, cell.columns, cell.is_header)
        for cell, text in zip(table.cells, table.texts, strict=True)
    ]
    first = next((_extent(blocks)[0] for blocks in table.blocks if blocks), 0)
    held = [*table.blocks, *([line.block] for line in above)]
    places = [_extent(blocks) if blocks else (first, first) for blocks in held]
    paths = find_headers(grid, caption_above([line.text for line in above]))
    for path, text, blocks in zip(paths, table.texts, table.blocks, strict=True):
        if blocks and not is_prose(text):
            yield path.cell(*_extent(blocks), first, places)


def _extent(blocks: Sequence[Block]) -> tuple[int, int]:
    return blocks[0].runs[0][0], blocks[-1].runs[-1][1]


def _meta_labels(page: Page, source: str) -> Iterator[Label]:
    names = load_facts("pages")["meta"]["names"]
    for start, end in page.metas:
        name = names.get(attributes(source[start:end]).get("name", "").lower())
        match = _CONTENT.search(source, start, end) if name else None
        if match and (value := html.unescape(match[2]).strip()):
            yield Label(name, value, *match.span(2))


def _table_labels(body: Body, source: str) -> Iterator[Label]:
    for table in body.metadata:
        pending = None
        for text, blocks in zip(table.texts, table.blocks, strict=True):
            if not text:
                continue
            if name := label_name(text):
                pending = name
            elif led := leading_label(text):
                yield _label(led[0], text[led[1] :], blocks)
                pending = None
            elif pending:
                yield _label(pending, text, blocks)
                pending = None


def _label(name: str, value: str, blocks: Sequence[Block]) -> Label:
    return Label(name, value.strip(), *_extent(blocks))
