"""What of a web page is the report, and what is around it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from worker.facts import load_facts
from worker.readers.cell_lines import join_lines
from worker.readers.cell_words import is_figure
from worker.readers.page_blocks import Block, Page, PageCell

_HAN = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"[。；！;!]\s*$")
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十百]+[章节部]|[(（]?[一二三四五六七八九十]{1,3}[)）、]|\d{1,2}[.、．](?!\d))"
)
_SPACE_AND_COLON = re.compile(r"[\s:：]+")
_LEADING = re.compile(r"([^:：]{2,12})[:：]\s*")
_LONG = 25  # Han that make a line one of the text
_LONG_CELL = 400
_BEFORE = 3  # short lines kept above the text where no title is found, and below it: place, names, date
_AFTER = 3
_MOSTLY = 0.5
_NEXT_TO_NOTHING = 0.2
_FEW_LABELS = 2


@dataclass(slots=True)
class BodyLine:
    """A line outside tables."""

    block: Block
    text: str


@dataclass(slots=True)
class TableItem:
    """A table of figures: its cells and the blocks in each."""

    cells: list[PageCell]
    blocks: list[list[Block]]
    texts: list[str]
    linked: int = 0


Item = BodyLine | TableItem


@dataclass(frozen=True)
class Body:
    """The report's lines and tables in order, and the tables of metadata."""

    items: list[Item]
    metadata: list[TableItem]


def find_body(page: Page, source: str) -> Body:
    """Choose the report: from its title, or shortly above its first long line, to shortly below its last.

    Parts marked as being around the report are left out, unless next to nothing of the page's long lines remains: then
    the marks are not to be trusted. An element marked as the article is taken if it holds most of them.
    """
    items = list(_items(page, source))
    metadata = [item for item in items if isinstance(item, TableItem) and _is_metadata(item)]
    labelled = set(map(id, metadata))
    rest = [item for item in items if id(item) not in labelled]
    inside = [item for item in rest if not _is_around(item)]
    if _weight(inside) < _NEXT_TO_NOTHING * _weight(rest):
        inside = rest
    inside = [item for item in inside if not _is_linked(item)]
    article = [item for item in inside if _in_article(item)]
    if _weight(article) > _MOSTLY * _weight(inside):
        first = inside.index(article[0])
        inside = [*_head(inside[:first], page.title), *article]
        return Body(inside, metadata)
    return Body(_cut(inside, page.title), metadata)


def label_name(text: str) -> str | None:
    """The metadata label that a cell holds, spaces and colon taken away, or None."""
    bare = _SPACE_AND_COLON.sub("", text)
    return bare if bare in _label_names() else None


def _items(page: Page, source: str) -> Iterator[Item]:
    in_table: dict[int, list[Block]] = {}
    for block in page.blocks:
        if block.cell and block.cell.table not in page.nesting:
            in_table.setdefault(block.cell.table, []).append(block)
    tables = {
        number: table
        for number, blocks in in_table.items()
        if (table := _data_table(page.cells[number], blocks, source)) is not None
    }
    emitted: set[int] = set()
    for block in page.blocks:
        number = block.cell.table if block.cell else None
        if number not in tables:
            yield BodyLine(block, block.text(source))
        elif number is not None and number not in emitted:
            emitted.add(number)
            yield tables[number]


def _data_table(cells: list[PageCell], blocks: Sequence[Block], source: str) -> TableItem | None:
    """The table, or None where it only lays out the page: long cells, or fewer than two rows of two cells."""
    by_cell: dict[int, list[Block]] = {id(cell): [] for cell in cells}
    for block in blocks:
        by_cell[id(block.cell)].append(block)
    held = [by_cell[id(cell)] for cell in cells]
    texts = [join_lines([block.text(source) for block in blocks]) for blocks in held]
    full: dict[int, int] = {}
    for cell, text in zip(cells, texts, strict=True):
        if text:
            full[cell.row] = full.get(cell.row, 0) + 1
    if sum(count > 1 for count in full.values()) < 2 or max(map(len, texts)) > _LONG_CELL:
        return None
    return TableItem(cells, held, texts, sum(block.linked for block in blocks))


def _is_metadata(table: TableItem) -> bool:
    full = [text for text in table.texts if text]
    labels = sum(label_name(text) is not None or leading_label(text) is not None for text in full)
    return labels >= _FEW_LABELS and labels * 4 >= len(full) and sum(map(is_figure, full)) <= labels


def leading_label(text: str) -> tuple[str, int] | None:
    """The metadata label that a cell begins with and the place after its colon, or None."""
    match = _LEADING.match(text)
    name = label_name(match.group(1)) if match else None
    return (name, match.end()) if match and name else None


def blocks_of(item: Item) -> Iterable[Block]:
    """The lines of the page that an item is made of."""
    return (item.block,) if isinstance(item, BodyLine) else chain.from_iterable(item.blocks)


def _is_around(item: Item) -> bool:
    return any(block.is_around for block in blocks_of(item))


def _in_article(item: Item) -> bool:
    return any(block.is_article for block in blocks_of(item))


def _is_linked(item: Item) -> bool:
    if isinstance(item, BodyLine):
        return item.block.linked > _MOSTLY * len(item.text) and not item.block.is_heading
    return item.linked > _MOSTLY * sum(map(len, item.texts))


def _is_text(item: Item) -> bool:
    if isinstance(item, TableItem):
        return True
    han = len(_HAN.findall(item.text))
    return han >= _LONG or (han > 4 and bool(_SENTENCE_END.search(item.text))) or bool(_HEADING.match(item.text))


def _weight(items: Sequence[Item]) -> int:
    return sum(
        len(item.text) if isinstance(item, BodyLine) else sum(map(len, item.texts)) for item in items if _is_text(item)
    )


def _cut(items: list[Item], title: str) -> list[Item]:
    texts = [index for index, item in enumerate(items) if _is_text(item)]
    if not texts:
        return items
    first, last = texts[0], texts[-1]
    return [*_head(items[:first], title), *items[first : last + 1 + _AFTER]]


def _head(items: Sequence[Item], title: str) -> Sequence[Item]:
    """The lines above the text from the title on, and the labelled ones above that; with no title the nearest few."""
    for index, item in enumerate(items):
        if isinstance(item, BodyLine) and (item.block.is_heading or _names(item.text, title)):
            labelled = [above for above in items[:index] if isinstance(above, BodyLine) and leading_label(above.text)]
            return [*labelled, *items[index:]]
    near = items[-_BEFORE:]
    return [*(item for item in items[:-_BEFORE] if isinstance(item, BodyLine) and leading_label(item.text)), *near]


def _names(line: str, title: str) -> bool:
    bare = re.sub(r"\s+", "", line)
    return len(bare) > 5 and re.sub(r"\s+", "", title).startswith(bare)


@lru_cache(maxsize=1)
def _label_names() -> frozenset[str]:
    return frozenset(load_facts("pages")["labels"]["names"])
