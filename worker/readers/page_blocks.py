"""The lines of a web page as they are seen, each with its place in the page's source."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from worker.facts import load_facts
from worker.readers import digits
from worker.readers.markup import Token, attributes, find_tokens
from worker.readers.reading import refuse_many_cells
from worker.readers.tables import MOST_COLUMNS, MOST_PLACES

_WHITE = " \t\r\n\f\v"
_PIECE = re.compile(rf"[^&{_WHITE}]+|[{_WHITE}]+|&(?:#\d{{1,7}}|#[xX][\da-fA-F]{{1,6}}|[A-Za-z][A-Za-z\d]{{1,31}});?|&")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]")
_WORTH_PARSING = re.compile(r"\b(?:class|id|style|hidden|colspan|rowspan)\b", re.IGNORECASE)
_CELL_TAG = re.compile(r"<t[dh](?![-\w])", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,6})")
MOST_ROWS = 1000
_OF_HEAD = ("html", "title")
_PARENTS = ("table", "td", "th")
_BARRIERS: dict[str | None, tuple[str, ...]] = {"table": ("table",), "cell": _PARENTS, None: ()}
# An opening tag ends an open element of these names that lies within the same table or cell.
_IMPLIED_ENDS = {
    "li": ("li",),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
    "tr": ("td", "th", "tr"),
    "td": ("td", "th"),
    "th": ("td", "th"),
}


@dataclass(slots=True)
class PageCell:
    """A cell of table number ``table``; see :class:`worker.readers.tables.GridCell`."""

    table: int
    row: int
    column: int
    rows: int
    columns: int
    is_header: bool


@dataclass(slots=True)
class Block:
    """A line: pieces of the page, ``(start, end, what is read in their place or None)``."""

    runs: list[tuple[int, int, str | None]]
    linked: int
    is_around: bool
    is_article: bool
    is_heading: bool
    cell: PageCell | None

    def text(self, page: str) -> str:
        """The line's text."""
        if len(self.runs) == 1:
            start, end, new = self.runs[0]
            return page[start:end] if new is None else new
        return "".join([page[start:end] if new is None else new for start, end, new in self.runs])


@dataclass
class Page:
    """The blocks of a page, all cells by table, the tables that hold others, the ``<meta>`` tags and the ``<title>``."""

    blocks: list[Block] = field(default_factory=list)
    cells: dict[int, list[PageCell]] = field(default_factory=dict)
    nesting: set[int] = field(default_factory=set)
    metas: list[tuple[int, int]] = field(default_factory=list)
    title: str = ""


def find_blocks(page: str) -> Page:
    """Cut a page into its visible lines, in one pass.

    Raises:
        BadReport: ``too_complex`` for a page of more cells than are allowed.
    """
    refuse_many_cells(sum(1 for _ in _CELL_TAG.finditer(page)), "the page")
    return _Builder(page).build()


@dataclass(slots=True)
class _Element:
    name: str
    effects: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    number: int
    depth: int
    row: int = -1
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict)  # column -> first row in which it is free again
    cell: PageCell | None = None


class _Builder:
    def __init__(self, page: str) -> None:
        self.page = page
        self.result = Page()
        self.stack: list[_Element] = []
        self.open_at: dict[str, list[int]] = {}
        self.active = dict.fromkeys(("hidden", "link", "around", "article", "heading", "pre", "raised"), 0)
        self.tables: list[_Table] = []
        self.tables_seen = 0
        self.places = MOST_PLACES  # of a page's tables that spans may still cover
        self.runs: list[tuple[int, int, str | None]] = []
        self.linked = 0
        self.names = _names()

    def build(self) -> Page:
        in_title = False
        for token in find_tokens(self.page):
            if token.kind == "text":
                if in_title:
                    self.result.title = " ".join(html.unescape(self.page[token.start : token.end]).split())
                self._text(token.start, token.end)
            elif token.kind == "open":
                self._open(token)
            else:
                self._close(token.name)
            in_title = token.kind == "open" and token.name == "title"
        self._flush()
        return self.result

    def _open(self, token: Token) -> None:
        name = token.name
        if name == "meta":
            self.result.metas.append((token.start, token.end))
        if name in self.names["blocks"]:
            self._flush()
            if name not in _OF_HEAD and self.open_at.get("head"):
                self._end("head", within=None)
        if name in self.names["void"]:
            return
        for ended in _IMPLIED_ENDS.get(name, ()):
            if self.open_at.get(ended):
                self._end(ended, within="table" if name in ("tr", "td", "th") else None)
        tag = self.page[token.start : token.end]
        found = attributes(tag) if _WORTH_PARSING.search(tag) else {}
        is_in_table = bool(self.tables)
        effects = _effects(name, found, in_table=is_in_table) if found else _plain_effects(name, in_table=is_in_table)
        self._push(_Element(name, effects))
        if name == "table":
            self._open_table()
        elif name in ("tr", "td", "th") and self.tables:
            self._open_cell(name, found)

    def _push(self, element: _Element) -> None:
        self.open_at.setdefault(element.name, []).append(len(self.stack))
        self.stack.append(element)
        for effect in element.effects:
            self.active[effect] += 1

    def _open_table(self) -> None:
        if self.tables:
            self.result.nesting.add(self.tables[-1].number)
        self.tables.append(_Table(self.tables_seen, len(self.stack)))
        self.tables_seen += 1

    def _open_cell(self, name: str, found: Mapping[str, str]) -> None:
        table = self.tables[-1]
        if name == "tr" or table.row < 0:
            table.row += 1
            table.column = 0
            table.cell = None
        if name == "tr":
            return
        while table.taken.get(table.column, 0) > table.row:
            table.column += 1
        columns = _span(found.get("colspan"), max(1, MOST_COLUMNS - table.column)) if found else 1
        rows = _span(found.get("rowspan"), MOST_ROWS) if found else 1
        self.places -= rows * columns
        if self.places < 0:
            rows = columns = 1
        table.cell = PageCell(table.number, table.row, table.column, rows, columns, name == "th")
        self.result.cells.setdefault(table.number, []).append(table.cell)
        if rows > 1:
            table.taken.update(dict.fromkeys(range(table.column, table.column + columns), table.row + rows))
        table.column += columns

    def _close(self, name: str) -> None:
        if name in self.names["blocks"]:
            self._flush()
            self._end(name, within=None if name in (*_PARENTS, "tr", "tbody") else "cell")
        elif places := self.open_at.get(name):
            # An inline element may end outside the block it began in: only its effect ends.
            self._undo(self.stack[places[-1]])
            self.stack[places.pop()] = _Element("", ())

    def _end(self, name: str, within: str | None) -> None:
        """End the innermost open element of that name, and what is open inside it."""
        places = self.open_at.get(name)
        if not places or places[-1] < self._barrier(within):
            return
        at = places[-1]
        while len(self.stack) > at:
            element = self.stack.pop()
            if element.name:
                self.open_at[element.name].pop()
            if element.effects:
                self._undo(element)
            if self.tables and element.name == "table":
                self.tables.pop()
            elif self.tables and element.name in ("td", "th"):
                self.tables[-1].cell = None

    def _barrier(self, within: str | None) -> int:
        innermost = -1
        for name in _BARRIERS[within]:
            places = self.open_at.get(name)
            if places and places[-1] > innermost:
                innermost = places[-1]
        return innermost

    def _undo(self, element: _Element) -> None:
        for effect in element.effects:
            self.active[effect] -= 1

    def _text(self, start: int, end: int) -> None:
        if self.active["hidden"]:
            return
        for match in _PIECE.finditer(self.page, start, end):
            piece = match.group()
            if piece[0] in _WHITE:
                self._white(match.start(), match.end(), piece)
            elif piece[0] == "&" and (new := html.unescape(piece)) != piece:
                self._add(match.start(), match.end(), new)
            else:
                self._add(match.start(), match.end(), None)

    def _white(self, start: int, end: int, piece: str) -> None:
        if self.active["pre"] and "\n" in piece:
            self._flush()
        elif self.runs:
            joins = "\n" in piece and _CJK.match(self.page, start - 1) and _CJK.match(self.page, end)
            self._add(start, end, None if piece == " " else "" if joins else " ")

    def _add(self, start: int, end: int, new: str | None) -> None:
        if not self.runs and (self.page[start:end] if new is None else new).isspace():
            return
        if self.active["link"]:
            self.linked += end - start
        if self.active["raised"]:
            text = self.page[start:end] if new is None else new
            new = raised if (raised := digits.raised(text)) != text else new
        if new is None and self.runs and self.runs[-1][1] == start and self.runs[-1][2] is None:
            self.runs[-1] = (self.runs[-1][0], end, None)
        else:
            self.runs.append((start, end, new))

    def _flush(self) -> None:
        if self.runs and (runs := _trimmed(self.runs, self.page)):
            active = self.active
            self.result.blocks.append(
                Block(
                    runs,
                    self.linked,
                    active["around"] > 0,
                    active["article"] > 0,
                    active["heading"] > 0,
                    self.tables[-1].cell if self.tables else None,
                )
            )
        self.runs = []
        self.linked = 0


def _trimmed(runs: list[tuple[int, int, str | None]], page: str) -> list[tuple[int, int, str | None]]:
    while runs:
        start, end, new = runs[-1]
        text = page[start:end] if new is None else new
        bare = text.rstrip()
        if bare:
            if new is None:
                runs[-1] = (start, start + len(bare), None)
            break
        runs.pop()
    if runs and runs[0][2] is None:
        start, end, _ = runs[0]
        runs[0] = (end - len(page[start:end].lstrip()), end, None)
    return runs


def _span(value: str | None, most: int) -> int:
    match = _NUMBER.match(value or "")
    return max(1, min(int(match.group(1)), most)) if match else 1


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    facts = load_facts("pages")
    return {
        "blocks": frozenset(facts["blocks"]["elements"]),
        "void": frozenset(facts["void"]["elements"]),
        "skipped": frozenset(facts["skipped"]["elements"]),
        "around": frozenset(facts["around"]["elements"]),
        "around words": frozenset(facts["around"]["words"]),
        "article words": frozenset(facts["article"]["words"]),
    }


@lru_cache(maxsize=1)
def _hidden_style() -> re.Pattern[str]:
    return re.compile("|".join(load_facts("pages")["hidden"]["styles"]), re.IGNORECASE)


_WHITE_TEXT = re.compile(r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b)", re.IGNORECASE)


def _effects(name: str, found: Mapping[str, str], *, in_table: bool) -> tuple[str, ...]:
    names = _names()
    style = found.get("style", "")
    words = f"{found.get('class', '')} {found.get('id', '')}".lower().split()
    effects = []
    # White text in a table is mostly the header on a coloured ground.
    unseen = name in ("span", "font") and not in_table and "background" not in style and _WHITE_TEXT.search(style)
    if name in names["skipped"] or "hidden" in found or _hidden_style().search(style) or unseen:
        effects.append("hidden")
    stems = load_facts("pages")["around"]["stems"]
    if name in names["around"] or any(
        word in names["around words"] or any(stem in word for stem in stems) for word in words
    ):
        effects.append("around")
    if name == "ucapcontent" or any(word in names["article words"] for word in words):
        effects.append("article")
    effects += {
        "sup": ["raised"],
        "sub": ["raised"],
        "a": ["link"],
        "pre": ["pre"],
        "h1": ["heading"],
        "h2": ["heading"],
        "ucaptitle": ["heading"],
    }.get(name, [])
    return tuple(effects)


@lru_cache(maxsize=1024)
def _plain_effects(name: str, *, in_table: bool) -> tuple[str, ...]:
    """Those of a tag without attributes that matter."""
    return _effects(name, {}, in_table=in_table)
