"""Which headers a table's cell stands under and which labels it stands beside."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from worker.facts import load_facts
from worker.readers.cell_words import is_blank, is_figure, is_like_number, is_year, plain, units_note

_TIME = re.compile(r"\d{1,4}(?:年|月|季度)|^(?:本|上|去|今)年度?(?:[末底]|累计)?$")
MOST_COLUMNS = 300
MOST_PLACES = 1_000_000


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that covers ``rows`` x ``columns`` places of a table from ``row`` and ``column`` on, counted from 0."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """The headers above a cell and the labels beside it, outermost first; the table's title and its note on units.

    The units' note may change within a table. Headers, labels, codes and captions have no headers and labels.
    """

    column: tuple[str, ...] = ()
    row: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()


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


@dataclass
class _State:
    """What holds for the row being read: headers by column, the part's title, the label that parts hang on."""

    headers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    first_header: tuple[str, ...] = ()
    titles: list[str] = field(default_factory=list)
    above: int = 0  # how many of them stand over the table, not in it
    units: str | None = None
    section: list[str] = field(default_factory=list)
    after_title: bool = False
    may_head: bool = True
    has_data: bool = False
    wholes: dict[int, str] = field(default_factory=dict)


class _Table:
    def __init__(self, cells: Sequence[GridCell]) -> None:
        self.cells = cells
        self.width = min(MOST_COLUMNS, max((cell.column + cell.columns for cell in cells), default=0))
        self.starting: dict[int, list[int]] = {}
        for index, cell in enumerate(cells):
            self.starting.setdefault(cell.row, []).append(index)
        self.covering = _covering(cells, self.width)
        self.paths = [Path() for _ in cells]

    def paths_under(self, above: Sequence[str]) -> tuple[Path, ...]:
        state = _State(
            titles=[plain(line) for line in above if not units_note(line)],
            above=sum(not units_note(line) for line in above),
            units=next((note for line in reversed(above) if (note := units_note(line))), None),
        )
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
        caption = tuple(state.titles) + ((state.units,) if state.units else ())
        for index in self.starting[row]:
            path = self.paths[index]
            self.paths[index] = Path(path.column, path.row, caption)

    def _is_title(self, row: int, full: Sequence[int], state: _State) -> bool:
        if len(full) > 1 or is_figure(self.cells[full[0]].text) or self.width < 2:
            return False
        cell = self.cells[full[0]]
        if units_note(cell.text):
            return True
        alone = cell.columns >= self.width or len(self.starting[row]) == 1
        return cell.row == row and (alone or not state.headers)

    def _begin_part(self, index: int, state: _State) -> None:
        text = plain(self.cells[index].text)
        if note := units_note(text):
            state.units = note
            if state.section and state.after_title:  # a table of its own below the first, in the same grid
                state.titles, state.section = state.section, []
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
        repeated = len(own) > 1 and plain(own[0].text) in state.first_header[:1]
        return state.may_head or repeated

    @staticmethod
    def _is_numbering(texts: Sequence[str]) -> bool:
        numbers = [int(text) for text in texts if text.strip().isdecimal() and len(text.strip()) < 4]
        words = [plain(text) for text in texts if not text.strip().isdecimal()]
        counted = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        return counted and any(word in load_facts("tables")["numbering"]["labels"] for word in words)

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
        words = {column: plain(self.cells[index].text) for column, index in places.items()}
        outer = _outer_of_parts([(index, words[column]) for column, index in places.items()])
        outer |= _times_before_repeated([(index, words[column]) for column, index in places.items()])
        for column, index in places.items():
            text = words[column]
            above = state.headers.get(column, ())
            if not is_blank(text) and text not in above[-1:]:
                state.headers[column] = (*above, *outer.get(index, ()), text)
            else:
                state.headers[column] = above

    def _take_data(self, row: int, places: Mapping[int, int], codes: set[int], labels: set[int], state: _State) -> None:
        state.has_data = True
        state.may_head = state.after_title = False
        for index in self.starting[row]:
            cell = self.cells[index]
            if cell.column in codes or cell.column in labels or is_blank(cell.text):
                continue
            beside = self._labels_beside(cell.column, places, codes, labels, state)
            row_path = self._row_path(beside, state)
            self.paths[index] = Path(state.headers.get(cell.column, ()), row_path)
        for column in labels:
            self._note_whole(column, places, state)

    def _labels_beside(
        self, column: int, places: Mapping[int, int], codes: set[int], labels: set[int], state: _State
    ) -> list[tuple[int, str]]:
        place = column - 1
        while place >= 0 and place not in labels:
            place -= 1
        found: list[tuple[int, str]] = []
        while place >= 0 and (place in labels or place in codes):
            index = places.get(place)
            if index is not None and place in labels and not is_blank(self.cells[index].text):
                text = plain(self.cells[index].text)
                if place and state.headers.get(place, ("",))[-1] in load_facts("tables")["units"]["headers"]:
                    text = f"单位：{text}"
                if not found or found[-1][1] != text:
                    found.append((place, text))
            place -= 1
        return found[::-1]

    @staticmethod
    def _row_path(beside: Sequence[tuple[int, str]], state: _State) -> tuple[str, ...]:
        path = list(state.section)
        for column, text in beside:
            if _is_part(text) and column in state.wholes:
                path.append(state.wholes[column])
            path.append(text)
        return tuple(path)

    def _note_whole(self, column: int, places: Mapping[int, int], state: _State) -> None:
        index = places.get(column)
        text = plain(self.cells[index].text) if index is not None else ""
        if text and not _is_part(text):
            state.wholes[column] = text

    def _columns(self) -> tuple[set[int], set[int]]:
        """The columns that number or code the rows, and those of words: in a row's data, labels."""
        body: dict[int, list[str]] = {}
        words: dict[int, list[str]] = {}
        for cell in self.cells:
            if cell.columns >= self.width > 1:
                continue
            kind = body if is_like_number(cell.text) or is_year(cell.text) else words
            if not is_blank(cell.text):
                kind.setdefault(cell.column, []).append(cell.text.strip())
        code_headers = load_facts("tables")["codes"]["headers"]
        codes = {
            column
            for column in range(self.width)
            if any(plain(text) in code_headers for text in words.get(column, ())[:3])
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


def _times_before_repeated(row: Sequence[tuple[int, str]]) -> dict[int, tuple[str]]:
    """For headers to the right of several times, by their cell, the one that they belong to.

    >>> _times_before_repeated([(0, "指标"), (1, "3月末"), (2, "比年初增减"), (3, "4月末"), (4, "比年初增减")])
    {2: ('3月末',), 4: ('4月末',)}
    """
    cells = dict(row)
    often = {text for text, times in Counter(cells.values()).items() if times > 1}
    found: dict[int, tuple[str]] = {}
    time = None
    for index, text in sorted(cells.items()):
        if _TIME.search(text):
            time = text
        elif text in often and time:
            found[index] = (time,)
        else:
            time = None
    return found


def _outer_of_parts(row: Sequence[tuple[int, str]]) -> dict[int, tuple[str]]:
    """For headers of a part, by their cell, the header of the whole.

    >>> _outer_of_parts([(0, "年份"), (1, "用电量"), (2, "其中：工业"), (3, "其中：农业")])
    {2: ('用电量',), 3: ('用电量',)}
    """
    found: dict[int, tuple[str]] = {}
    whole = None
    for index, text in sorted(dict(row).items()):
        if not _is_part(text):
            whole = text
        elif whole:
            found[index] = (whole,)
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
