"""The text of a report as HTML: every character of it escaped, and what hides or acts shown as its number.

Elements say where they stand in ``raw``: ``data-s`` is the place of a line or a cell, ``data-n`` how many characters an element
stands for that shows none of them. The page's script finds places by these two.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from markupsafe import Markup

from page.report.blocks import BETWEEN, Around, Block, Grid, Line
from page.report.columns import placed
from page.report.pieces import GONE, HIDDEN, KEPT, PAGE, READ, Piece
from page.report.room import Figure, Room
from page.report.said import Said
from page.shown.numbers import short
from page.shown.periods import period_text
from page.shown.seen import visible
from page.wording import Wording
from schemas.metric import Metric
from schemas.reading import MARKUP, SCRIPT

#: Control, bidi and zero-width characters, halves, private use, separators: shown as numbers, never acted on.
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_DEEPEST = 4
#: Of more figures only the list has links: they would double what a browser has to lay out.
MOST_LINKED = 3000
#: Edits that write a character otherwise and take nothing away: ％ is read as %, 鄉 as 乡. Struck out it would look like gone.
_SAME = (SCRIPT, "width")
#: Not printable to Python, and harmless.
_SPACES = dict.fromkeys(map(ord, "\t\n\u3000\u00a0\u2002\u2003\u2009\u202f"))


def text_of(room: Room, words: Wording, state: str, said: Said, chosen: int | None = None) -> Markup:
    """All blocks. ``state`` is what a link to another figure keeps of the address; ``chosen`` is the figure that is open."""
    writer = _Writer(room, words, state, said, chosen)
    return Markup("".join(part for block in room.blocks for part in writer.block(block)))  # noqa: S704 - escaped below


def rows_of(figures: Iterable[Figure], words: Wording, state: str, said: Said, chosen: int | None = None) -> Markup:
    """The figures as a list: what, how much, when, each a link."""
    state, unnamed = escape(state), words("report.unnamed")
    changes = {change: words.or_itself("report.change", change) for change in ("increase", "decrease", "to")}
    return Markup("".join(_row(figure, words, changes, unnamed, state, said, chosen) for figure in figures))  # noqa: S704 - escaped


def _row(
    figure: Figure, words: Wording, changes: dict[str, str], unnamed: str, state: str, said: Said, chosen: int | None
) -> str:
    metric, number = said.metric(figure), figure.number
    besides = [period_text(metric.period, words) if metric.period else "", changes.get(metric.change or "", "")]
    if metric.measure in ("yearly_mean", "share"):
        besides.append(words(f"report.measure.{metric.measure}"))
    if metric.status != "achieved":
        besides.append(words(f"report.status.{metric.status}"))
    told = escape(visible(f"{metric.value} {metric.source.quote}"))
    doubt = "" if figure.is_sure else ' class="doubt"'
    current = ' aria-current="true"' if number == chosen else ""
    return (
        f'<li><a href="?f={number}{state}#f{number}" data-f="{number}" data-told="{told}"{doubt}{_reviewed(said, number)}{current}>'
        f'<span class="name">{_shown(metric.indicator) or unnamed}</span><b>{value_of(metric, words)}</b>'
        f'<span class="besides">{escape(" · ".join(filter(None, besides)))}</span></a></li>\n'
    )


def _reviewed(said: Said, number: int) -> str:
    return f' data-review="{said.state(number)}"' if number in said.of_figure else ""


def value_of(metric: Metric, words: Wording) -> str:
    """How much, as HTML and as all rooms write it: about 12,000 cases, 2,291.6亿元."""
    value = short(metric.value, words.language)
    high = f"–{short(metric.value_high, words.language)}" if metric.value_high else ""
    gap = "" if metric.unit in ("%", "‰") else " "
    unit = f"<small>{gap}{_shown(metric.unit)}</small>" if metric.unit else ""
    sign = "" if metric.qualifier == "exact" else words(f"report.sign.{metric.qualifier}")
    return f"{sign}{value}{high}{unit}"


class _Writer:
    def __init__(self, room: Room, words: Wording, state: str, said: Said, chosen: int | None) -> None:
        self._room = room
        self._words = words
        self._state = escape(state)
        self._chosen = chosen
        self._said = said
        self._begun: set[int] = set()
        self._is_linked = len(room.figures) <= MOST_LINKED

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
        rows = placed([[cell.first for cell in row] for row in grid.rows], table)
        label = escape(self._words("report.in_table"))
        yield f'<div class="scroll grid" tabindex="0" role="region" aria-label="{label}"><table><tbody>\n'
        for row, told in zip(grid.rows, rows, strict=True):
            yield "<tr>"
            for number, columns in told:
                wide = f' colspan="{columns}"' if columns > 1 else ""
                if number is None:
                    yield f"<td{wide}></td>"
                    continue
                cell = row[number]
                is_label = (cell.first, cell.last) in labels
                kind = "label" if is_label else "value" if any(piece.figures for piece in cell.pieces) else ""
                yield f'<td{f" class={kind}" if kind else ""}{wide} data-s="{cell.start}">'
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
            yield "</a></mark>" if self._is_linked else "</mark>"

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
        link = f'<a tabindex="-1" href="?f={number}{self._state}#f{number}">' if self._is_linked else ""
        return f'<mark{anchor}{kind}{_reviewed(self._said, number)} data-f="{numbers}">{link}'

    def _piece(self, piece: Piece) -> str:
        if piece.kind == KEPT:
            text = _shown(piece.text)
            if piece.why == BETWEEN:
                return f'<span class="between">{text}</span>'
            return text if piece.rejected is None else self._rejected(piece.rejected, text)
        if piece.kind == GONE:
            return self._gone(piece)
        if piece.kind == READ:
            plain = ' class="m"' if piece.why == MARKUP else ' class="t"' if piece.why in _SAME else ""
            return f"<ins{plain}>{_shown(piece.text)}</ins>"
        if piece.kind == HIDDEN:
            return f'<i data-n="{piece.end - piece.start}"></i>'
        assert piece.kind == PAGE  # noqa: S101 - there is no other
        says = escape(self._words("report.page", number=piece.text))
        return f'<span class="page" id="p{piece.text}">{says}</span>'

    def _gone(self, piece: Piece) -> str:
        if piece.why in _SAME:
            return f'<s class="t">{_shown(piece.text)}</s>'
        says = escape(self._words.or_itself("report.edit", piece.why))
        text = _shown(piece.text.replace("\n", "↵"))
        space = "" if piece.text.strip() else ' class="w"'
        return f'<del{space} title="{says}">{text}</del>'

    def _rejected(self, number: int, text: str) -> str:
        return f'<span class="n" data-r="{number}">{text}</span>'


def _shown(text: str) -> str:
    if text.isprintable() or text.translate(_SPACES).isprintable():
        return escape(text)
    return "".join(_character(char) for char in text)


def _character(char: str) -> str:
    if char == "\t" or char == "\n" or unicodedata.category(char) not in _HIDDEN:
        return escape(char)
    return f'<i class="u" data-n="1" title="U+{ord(char):04X}"></i>'
