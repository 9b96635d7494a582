"""Which headers a table's cell stands under and which labels it stands beside."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from worker.facts import load_facts
from worker.parts import Cell, Span
from worker.readers.cell_words import (
    is_blank,
    is_bounded,
    is_figure,
    is_like_number,
    is_year,
    judged,
    plain,
    title_and_note,
    units_note,
)

_TIME = re.compile(r"\d{1,4}(?:年|月|季度)|^(?:本|上|去|今)年度?(?:[末底]|累计)?$")
_OF_TIME = re.compile(r"年|时间|日期|期间|^(?:19|20)\d\d$")
MOST_COLUMNS = 300
MOST_PLACES = 1_000_000


class GridCell(NamedTuple):
    """A cell that covers ``rows`` x ``columns`` places of a table from ``row`` and ``column`` on, counted from 0."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_header: bool = False


class Path(NamedTuple):
    """The headers above a cell and the labels beside it, outermost first; the table's title and its note on units.

    The units' note may change within a table. Headers, labels, codes and captions have no headers and labels.
    ``column_at``, ``row_at`` and ``caption_at`` number the cells that each of the words stand in; a line over the table
    has -1 where it is the nearest, -2 above that.
    """

    column: tuple[str, ...] = ()
    row: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    column_at: tuple[int, ...] = ()
    row_at: tuple[int, ...] = ()
    caption_at: tuple[int, ...] = ()

    def cell(self, start: int, end: int, table: int, places: Sequence[Span]) -> Cell:
        """The cell ``raw[start:end]`` of the table that begins at ``table``.

        ``places`` are those of the table's cells, in their order, and after them those of the lines over it.
        """
        return Cell(
            start,
            end,
            self.column,
            self.row,
            "\n".join(self.caption) or None,
            table,
            tuple([places[at] for at in self.column_at]),
            tuple([places[at] for at in self.row_at]),
            tuple([places[at] for at in self.caption_at]),
        )


def find_headers(cells: Sequence[GridCell], above: Sequence[str] = ()) -> tuple[Path, ...]:
    """A path for each cell, in their order: headers, labels and figures of a table told apart.

    ``above`` are the lines over the table that name it, from :func:`caption_above`.

    A header ends where the first row with a figure begins. In the middle of a table, a row of one cell over its whole
    width begins a new part; a new header is seen only after such a row, or where the old one is repeated: a row of
    words alone may as well be data, and figures below it would get the wrong names. Cells of a table of more than
    ``MOST_PLACES`` rows x columns get no path.
    """
    if sum(cell.rows * cell.columns for cell in cells) > MOST_PLACES:
        return tuple(Path() for _ in cells)
    return _Table(cells).paths_under(above)


class _Words(NamedTuple):
    """A header or label, and the number of the cell or line that it stands in, as in :class:`Path`."""

    text: str
    at: int


@dataclass
class _State:
    """What holds for the row being read: headers by column, the part's title, the label that parts hang on."""

    headers: dict[int, tuple[_Words, ...]] = field(default_factory=dict)
    parted: dict[int, "_Parted"] = field(default_factory=dict)  # the headers of the columns of data that were asked for
    first_header: tuple[str, ...] = ()
    titles: list[_Words] = field(default_factory=list)
    above: int = 0  # how many of them stand over the table, not in it
    units: _Words | None = None
    section: list[_Words] = field(default_factory=list)
    after_title: bool = False
    may_head: bool = True
    has_data: bool = False
    wholes: dict[int, _Words] = field(default_factory=dict)


class _Table:
    def __init__(self, cells: Sequence[GridCell]) -> None:
        self.cells = cells
        self.blank = [is_blank(cell.text) for cell in cells]
        self.width = min(MOST_COLUMNS, max((cell.column + cell.columns for cell in cells), default=0))
        self.starting: dict[int, list[int]] = {}
        for index, cell in enumerate(cells):
            self.starting.setdefault(cell.row, []).append(index)
        self.covering = _covering(cells, self.width)
        self.paths = [Path() for _ in cells]

    def paths_under(self, above: Sequence[str]) -> tuple[Path, ...]:
        lines = [(line, index - len(above)) for index, line in enumerate(above)]
        said = [(*title_and_note(line), at) for line, at in lines]
        titles = [_Words(title, at) for title, _, at in said if title]
        notes = [_Words(note, at) for _, note, at in said if note]
        state = _State(titles=titles, above=len(titles), units=notes[-1] if notes else None)
        codes, labels = self._columns()
        for row in sorted(self.starting):
            places = self.covering[row]
            full = [index for index in dict.fromkeys(places.values()) if self.cells[index].text.strip()]
            if not full:
                continue
            if self._is_title(row, full, state):
                self._begin_part(full[0], state)
            elif self._is_header(row, full, state):
                self._take_header(places, full, state)
            else:
                self._take_data(row, places, codes, labels, state)
            self._note_caption(row, state)
        return tuple(self.paths)

    def _note_caption(self, row: int, state: _State) -> None:
        caption, caption_at = _parted([*state.titles, *([state.units] if state.units else [])])
        for index in self.starting[row]:
            path = self.paths[index]
            self.paths[index] = Path(path.column, path.row, caption, path.column_at, path.row_at, caption_at)

    def _is_title(self, row: int, full: Sequence[int], state: _State) -> bool:
        if len(full) > 1 or is_figure(self.cells[full[0]].text) or self.width < 2:
            return False
        cell = self.cells[full[0]]
        if units_note(cell.text):
            return True
        alone = cell.columns >= self.width or len(self.starting[row]) == 1
        return cell.row == row and (alone or not state.headers)

    def _begin_part(self, index: int, state: _State) -> None:
        title, note = title_and_note(self.cells[index].text)
        text = _Words(title or "", index)
        if note:
            state.units = _Words(note, index)
            if state.section and state.after_title:  # a table of its own below the first, in the same grid
                state.titles, state.section = state.section, []
        if not title:
            pass
        elif not state.headers:
            state.titles.append(text)
        else:
            state.section = [*state.section, text] if state.after_title else [text]
            state.titles = state.titles[: state.above]  # a title inside the grid was its first part's
            state.wholes.clear()
        state.may_head = state.after_title = True

    def _is_header(self, row: int, full: Sequence[int], state: _State) -> bool:
        texts = [self.cells[index].text for index in full]
        if self._is_numbering(texts):
            return True
        own = [self.cells[index] for index in full if self.cells[index].row == row]
        if not own or any(is_like_number(text) for text in texts):
            return False
        if all(cell.is_header for cell in own) and len(own) > 1:
            return True
        if state.headers and (self._counts_like_years(own) or self._is_bounded(own)):
            return False
        repeated = len(own) > 1 and plain(own[0].text) in state.first_header[:1]
        return state.may_head or repeated

    @staticmethod
    def _counts_like_years(own: Sequence[GridCell]) -> bool:
        """Whether a row is a label and numbers that only look like years: 行政处罚 1973. Years follow one another."""
        label, *others = sorted(own, key=lambda cell: cell.column)
        years = [int(cell.text) for cell in others if is_year(cell.text)]
        follow = len(years) > 1 and all(abs(after - before) == 1 for before, after in pairwise(years))
        is_label = label.column == 0 and not is_blank(label.text) and not _OF_TIME.search(judged(label.text))
        return is_label and len(years) == len(others) > 0 and not follow

    @staticmethod
    def _is_bounded(own: Sequence[GridCell]) -> bool:
        """Whether a row is a label and numbers behind signs: 满意度 ≥95%. Classes that head columns stand below a label."""
        corners = tuple(load_facts("tables")["corners"]["words"])
        label = next((judged(plain(cell.text)) for cell in own if cell.column == 0 and not is_blank(cell.text)), "")
        is_label = bool(label) and not is_bounded(label) and not label.endswith(corners)
        return is_label and any(is_bounded(cell.text) for cell in own)

    @staticmethod
    def _is_numbering(texts: Sequence[str]) -> bool:
        numbers = [int(text) for one in texts if (text := one.strip()).isdecimal() and len(text) < 4]
        if len(numbers) < 2:
            return False
        words = [plain(text) for text in texts if not text.strip().isdecimal()]
        counted = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        return counted and any(judged(word) in load_facts("tables")["numbering"]["labels"] for word in words)

    def _take_header(self, places: Mapping[int, int], full: Sequence[int], state: _State) -> None:
        texts = [self.cells[index].text for index in full]
        if self._is_numbering(texts):
            return
        if state.has_data:
            state.headers.clear()
            state.has_data = False
        state.may_head = True
        if not state.headers:
            state.first_header = tuple(plain(text) for text in texts)
        words = {index: _Words(plain(self.cells[index].text), index) for index in places.values()}
        row_words = [(index, words[index].text) for index in places.values()]
        state.parted.clear()
        outer = _outer_of_parts(row_words) | _times_before_repeated(row_words)
        for column, index in places.items():
            own = words[index]
            above = state.headers.get(column, ())
            if column == min(places) and (note := units_note(own.text)):
                state.units = _Words(note, index)  # 项目（单位：万元） heads the labels, and speaks of all figures
            if self.blank[index] or (above and above[-1].text == own.text):
                state.headers[column] = above
            else:
                state.headers[column] = (*above, *([words[outer[index]]] if index in outer else []), own)

    def _take_data(self, row: int, places: Mapping[int, int], codes: set[int], labels: set[int], state: _State) -> None:
        state.has_data = True
        state.may_head = state.after_title = False
        paths: dict[int, _Parted] = {}  # of the row's cells, by the nearest column of labels to their left
        for index in self.starting[row]:
            cell = self.cells[index]
            if cell.column in codes or cell.column in labels or self.blank[index]:
                continue
            nearest = cell.column - 1
            while nearest >= 0 and nearest not in labels:
                nearest -= 1
            if nearest not in paths:
                beside = self._labels_beside(nearest, places, codes, labels, state)
                paths[nearest] = _parted(self._row_path(beside, state))
            if cell.column not in state.parted:
                state.parted[cell.column] = _parted(state.headers.get(cell.column, ()))
            column, column_at = state.parted[cell.column]
            row_words, row_at = paths[nearest]
            self.paths[index] = Path(column, row_words, column_at=column_at, row_at=row_at)
        for label in labels:
            self._note_whole(label, places, state)

    def _labels_beside(
        self, place: int, places: Mapping[int, int], codes: set[int], labels: set[int], state: _State
    ) -> list[tuple[int, _Words]]:
        """The labels of a row from a column to the left, the outermost first."""
        found: list[tuple[int, _Words]] = []
        while place >= 0 and (place in labels or place in codes):
            index = places.get(place)
            if index is not None and place in labels and not self.blank[index]:
                text = plain(self.cells[index].text)
                above = state.headers.get(place)
                if place and above and judged(above[-1].text) in load_facts("tables")["units"]["headers"]:
                    text = f"单位：{text}"
                if not found or found[-1][1].text != text:
                    found.append((place, _Words(text, index)))
            place -= 1
        return found[::-1]

    @staticmethod
    def _row_path(beside: Sequence[tuple[int, _Words]], state: _State) -> list[_Words]:
        path = list(state.section)
        for column, words in beside:
            if _is_part(words.text) and column in state.wholes:
                path.append(state.wholes[column])
            path.append(words)
        return path

    def _note_whole(self, column: int, places: Mapping[int, int], state: _State) -> None:
        index = places.get(column)
        text = plain(self.cells[index].text) if index is not None else ""
        if index is not None and text and not _is_part(text):
            state.wholes[column] = _Words(text, index)

    def _columns(self) -> tuple[set[int], set[int]]:
        """The columns that number or code the rows, and those of words: in a row's data, labels."""
        body: dict[int, list[str]] = {}
        words: dict[int, list[str]] = {}
        for cell, is_empty in zip(self.cells, self.blank, strict=True):
            if is_empty or cell.columns >= self.width > 1:
                continue
            kind = body if is_like_number(cell.text) or is_year(cell.text) else words
            kind.setdefault(cell.column, []).append(cell.text.strip())
        last = max((column for column in (*body, *words)), default=0)
        for column, texts in words.items():
            if column and (column == last or judged(plain(texts[0])) in load_facts("tables")["bounded"]["headers"]):
                bounded = [text for text in texts if is_bounded(text)]  # elsewhere they are classes, which label a row
                body.setdefault(column, []).extend(text.lstrip(_SIGNS).lstrip() for text in bounded)
        code_headers = load_facts("tables")["codes"]["headers"]
        codes = {
            column
            for column in range(self.width)
            if any(judged(plain(text)) in code_headers for text in words.get(column, ())[:3])
            or (column == 0 and _counts_rows(body.get(column, ())))
        }
        labels = {
            column
            for column in range(self.width)
            if column not in codes and words.get(column) and not _holds_figures(body.get(column, ()), words[column])
        }
        return codes, labels


def _holds_figures(numbers: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a column of these numbers, years among them, and words is one of figures: one is enough, or many alike."""
    return any(is_figure(text) for text in numbers) or 2 * sum(map(is_like_number, numbers)) > len(words)


_SIGNS = "≥≤<>＜＞≈"

_Parted = tuple[tuple[str, ...], tuple[int, ...]]


def _parted(words: Iterable[_Words]) -> _Parted:
    found = tuple(words)
    return tuple(text for text, _ in found), tuple(at for _, at in found)


def _times_before_repeated(row: Sequence[tuple[int, str]]) -> dict[int, int]:
    """For headers to the right of several times, by their cell, the cell of the one that they belong to.

    >>> _times_before_repeated([(0, "指标"), (1, "3月末"), (2, "比年初增减"), (3, "4月末"), (4, "比年初增减")])
    {2: 1, 4: 3}
    """
    cells = dict(row)
    often = {text for text, times in Counter(cells.values()).items() if times > 1}
    found: dict[int, int] = {}
    time: int | None = None
    for index, text in sorted(cells.items()):
        if _TIME.search(judged(text)):
            time = index
        elif text in often and time is not None:
            found[index] = time
        else:
            time = None
    return found


def _outer_of_parts(row: Sequence[tuple[int, str]]) -> dict[int, int]:
    """For headers of a part, by their cell, the cell of the whole's header.

    >>> _outer_of_parts([(0, "年份"), (1, "用电量"), (2, "其中：工业"), (3, "其中：农业")])
    {2: 1, 3: 1}
    """
    found: dict[int, int] = {}
    whole: int | None = None
    for index, text in sorted(dict(row).items()):
        if not _is_part(text):
            whole = index if text else None
        elif whole is not None:
            found[index] = whole
    return found


def _is_part(text: str) -> bool:
    return text.startswith(tuple(load_facts("tables")["parts"]["prefixes"]))


def _counts_rows(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and list(texts) == [str(number) for number in range(1, len(texts) + 1)]


def _covering(cells: Iterable[GridCell], width: int) -> dict[int, dict[int, int]]:
    """Row -> column -> the cell there. A cell that covers rows counts for those that others begin in."""
    rows = {cell.row for cell in cells}
    covering: dict[int, dict[int, int]] = {row: {} for row in rows}
    for index, cell in enumerate(cells):
        for row in range(cell.row, cell.row + cell.rows):
            if row in covering:
                for column in range(cell.column, min(width, cell.column + cell.columns)):
                    covering[row].setdefault(column, index)
    return covering
