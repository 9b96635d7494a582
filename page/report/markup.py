"""The text of a report as HTML: every character of it escaped, and what hides or acts shown as its number.

Elements say where they stand in ``raw``: ``data-s`` is the place of a line or a cell, ``data-n`` how many characters an element
stands for that shows none of them. The page's script finds places by these two.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

from page.report.blocks import Around, Block, Grid, Line
from page.report.pieces import GONE, HIDDEN, KEPT, PAGE, READ, Piece
from page.report.room import Room
from page.wording import Wording
from schemas.reading import MARKUP, SCRIPT

#: Control, bidi and zero-width characters, halves, private use, separators: shown as numbers, never acted on.
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_DEEPEST = 4
#: Not printable to Python, and harmless.
_SPACES = dict.fromkeys(map(ord, "\t\n\u3000\u00a0\u2002\u2003\u2009\u202f"))


def text_of(room: Room, words: Wording, state: str, chosen: int | None = None) -> Markup:
    """All blocks. ``state`` is what a link to another figure keeps of the address; ``chosen`` is the figure that is open."""
    writer = _Writer(room, words, state, chosen)
    return Markup("".join(part for block in room.blocks for part in writer.block(block)))  # noqa: S704 - escaped below


class _Writer:
    def __init__(self, room: Room, words: Wording, state: str, chosen: int | None) -> None:
        self._room = room
        self._words = words
        self._state = str(escape(state))
        self._chosen = chosen
        self._begun: set[int] = set()
        self._cells = {
            (number, cell.start): row
            for number, table in enumerate(room.reading.tables)
            for row, cell in enumerate(table.cells)
        }

    def block(self, block: Block) -> Iterator[str]:
        """A block as HTML."""
        if isinstance(block, Line):
            yield from self._line(block)
        elif isinstance(block, Grid):
            yield from self._grid(block)
        else:
            yield from self._around(block)

    def _line(self, line: Line) -> Iterator[str]:
        anchor = "" if line.section is None else f' id="s{line.section}"'
        gone = ' class="gone"' if line.is_gone else ""
        name = "p" if line.level is None else f"h{min(line.level, _DEEPEST) + 1}"
        yield f'<{name}{anchor}{gone} data-s="{line.start}">'
        yield from self._pieces(line.pieces)
        yield f"</{name}>\n"

    def _grid(self, grid: Grid) -> Iterator[str]:
        table = self._room.reading.tables[grid.number]
        labels = {span for cell in table.cells for span in (*cell.row, *cell.column)}
        yield f'<div class="scroll grid"><table id="t{grid.number}"><tbody>\n'
        for row in grid.rows:
            yield "<tr>"
            for at, cell in enumerate(row):
                wide = grid.width - at if at == len(row) - 1 and len(row) < grid.width else 1
                known = self._cells.get((grid.number, cell.start))
                span = table.cells[known] if known is not None else None
                is_label = span is not None and (span.start, span.end) in labels
                is_number = any(piece.figures for piece in cell.pieces)
                kind = "label" if is_label else "value" if is_number else ""
                yield f'<td{f" class={kind}" if kind else ""}{f" colspan={wide}" if wide > 1 else ""} data-s="{cell.start}">'
                yield from self._pieces(cell.pieces)
                yield "</td>"
            yield "</tr>\n"
        yield "</tbody></table></div>\n"

    def _around(self, block: Around) -> Iterator[str]:
        lines = [line for line in block.lines if line.text]
        if not lines:
            return
        says = escape(self._words("report.around", count=len(lines)))
        yield f'<details class="around"><summary>{says}</summary>'
        for line in lines:
            yield f"<del>{_shown(line.text)}</del> "
        yield "</details>\n"

    def _pieces(self, pieces: Iterable[Piece]) -> Iterator[str]:
        for figures, group in groupby(pieces, key=lambda piece: piece.figures):
            if not figures:
                for piece in group:
                    yield self._piece(piece)
                continue
            yield self._mark_of(figures)
            for piece in group:
                yield self._piece(piece)
            yield "</a></mark>"

    def _mark_of(self, figures: tuple[int, ...]) -> str:
        number = figures[0] + 1
        anchor = ""
        if number not in self._begun:
            self._begun.add(number)
            anchor = f' id="f{number}"'
        numbers = " ".join(str(one + 1) for one in figures)
        classes = [] if self._room.figures[number - 1].is_sure else ["doubt"]
        if self._chosen is not None and self._chosen - 1 in figures:
            classes.append("on")
        kind = f' class="{" ".join(classes)}"' if classes else ""
        return f'<mark{anchor}{kind} data-f="{numbers}"><a tabindex="-1" href="?f={number}{self._state}#f{number}">'

    def _piece(self, piece: Piece) -> str:
        if piece.kind == KEPT:
            text = _shown(piece.text)
            return text if piece.rejected is None else self._rejected(piece.rejected, text)
        if piece.kind == GONE:
            return self._gone(piece)
        if piece.kind == READ:
            plain = ' class="m"' if piece.why == MARKUP else ' class="t"' if piece.why == SCRIPT else ""
            return f"<ins{plain}>{_shown(piece.text)}</ins>"
        if piece.kind == HIDDEN:
            return f'<i data-n="{piece.end - piece.start}"></i>'
        assert piece.kind == PAGE  # noqa: S101 - there is no other
        says = escape(self._words("report.page", number=piece.text))
        return f'<span class="page" id="p{piece.text}">{says}</span>'

    def _gone(self, piece: Piece) -> str:
        if piece.why == SCRIPT:
            return f'<s class="t">{_shown(piece.text)}</s>'
        says = escape(self._words.or_itself("report.edit", piece.why))
        text = _shown(piece.text.replace("\n", "↵"))
        return f'<del title="{says}">{text}</del>'

    def _rejected(self, number: int, text: str) -> str:
        return f'<span class="n" data-r="{number}">{text}</span>'


def _shown(text: str) -> str:
    if text.translate(_SPACES).isprintable():
        return str(escape(text))
    return "".join(_character(char) for char in text)


def _character(char: str) -> str:
    if char == "\t" or char == "\n" or unicodedata.category(char) not in _HIDDEN:
        return str(escape(char))
    return f'<i class="u" data-n="1" title="U+{ord(char):04X}"></i>'
