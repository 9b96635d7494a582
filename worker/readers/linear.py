"""Builds the linear text of formats that hold none: a line a paragraph, a line a table's row."""

from collections.abc import Collection, Iterable, Sequence

from worker.edits import Flaw, Text
from worker.parts import Cell, Span
from worker.readers import digits, plain
from worker.readers.cell_lines import join_with_seams
from worker.readers.cell_words import caption_above, is_figure, is_prose
from worker.readers.flat_tables import find_flat_cells
from worker.readers.layout import Paragraph
from worker.readers.reading import Reading, refusal, refuse_long, refuse_many_cells
from worker.readers.stacked_tables import find_stacked_cells
from worker.readers.tables import GridCell, Path, find_headers

_CURRENCY = "¥￥$ "


class Linear:
    """The text so far, and the places in it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._cells_seen = 0
        self._lines: list[tuple[str, Span]] = []
        self.page_starts: list[int] = []
        self.cells: list[Cell] = []
        self.flaws: list[Flaw] = []

    def begin_page(self) -> None:
        """The next text stands on a new page."""
        self.page_starts.append(self._length)

    def begin_pages(self, number: int) -> None:
        """The next text stands on page ``number``, from 0; pages before it that are not begun hold nothing."""
        while len(self.page_starts) <= number:
            self.begin_page()

    def line(self, text: str) -> int:
        """Add a paragraph; its place in the text comes back."""
        start = self._length
        self._lines = [*self._lines[-1:], (text, (start, start + len(text)))]
        self._put(text + "\n")
        return start

    def continue_line(self, text: str) -> None:
        """Add to the paragraph above what its next page says."""
        self._parts[-1] = self._parts[-1].removesuffix("\n")
        self._length -= 1
        if self.page_starts and self.page_starts[-1] == self._length + 1:
            self.page_starts[-1] -= 1
        self._put(text + "\n")

    def table(
        self,
        cells: Sequence[GridCell],
        page_rows: Collection[int] = (),
        doubted: Collection[int] = (),
        *,
        named: bool = True,
    ) -> None:
        """Add a table, its cells in the order of rows.

        A new page begins at each of ``page_rows``. The cells numbered in ``doubted`` are flaws: their text is not
        sure. So are the places where digits of two lines of a cell meet.
        Where they are not ``named``, they get no headers and labels.
        """
        self._cells_seen += sum(1 for cell in cells if cell.text)
        refuse_many_cells(self._cells_seen, "the file")
        above = caption_above([line for line, _ in self._lines])
        lines_at = [place for _, place in self._lines]
        self._lines = []
        row = None
        table = self._length
        paths = find_headers(cells, above) if named else (Path(),) * len(cells)
        places: list[Span] = []
        texts: list[str] = []
        for index, cell in enumerate(cells):
            if cell.row != row:
                self._put("\n" if row is not None else "")
                if cell.row in page_rows:
                    self.begin_page()
            elif row is not None:
                self._put("\t")
            row = cell.row
            text, seams = join_with_seams(cell.text.split("\n"))
            start = self._length
            self._put(text)
            texts.append(text)
            self._doubt(start, seams)
            if index in doubted:
                self.flaws.append(Flaw(start, self._length, "table_cell", "two readings of this cell differ"))
            places.append((start, self._length))
        self._put("\n")
        known = [*places, *lines_at]
        for (start, end), path, text in zip(places, paths, texts, strict=True):
            if text and not is_prose(text):
                self.cells.append(path.cell(start, end, table, known))

    def paragraph(self, paragraph: Paragraph) -> None:
        """Add a paragraph that may go over several pages."""
        start = 0
        for index, (number, text) in enumerate(paragraph.parts):
            self.begin_pages(number)
            if index:
                self.continue_line(text)
            else:
                start = self.line(text)
        self._doubt(start, paragraph.torn)
        if paragraph.apart:
            self._without_names(start, paragraph.parts[0][1])

    def _without_names(self, start: int, fields: str) -> None:
        """Let no figure be read from a field that is a number alone: what it counts stands elsewhere on the page."""
        for field in fields.split("\t"):
            if is_figure(field.strip(_CURRENCY)):
                self.cells.append(Cell(start, start + len(field), (), ()))
            start += len(field) + 1

    def reading(self, media_type: str) -> Reading:
        """All that was added.

        Raises:
            BadReport: ``empty`` if that is nothing.
        """
        raw = "".join(self._parts)
        if not raw.strip():
            raise refusal("empty", "the file holds no text; a report would be right")
        text = Text.of(raw).apply([*plain.find_controls(raw), *self.flaws], "control_character")
        known = tuple(sorted((*self.cells, *find_stacked_cells(raw, self.cells)), key=lambda cell: cell.start))
        cells = sorted((*known, *find_flat_cells(raw, known)), key=lambda cell: cell.start)
        return Reading(media_type, None, text, tuple(self.page_starts), tuple(cells))

    def _doubt(self, start: int, places: Iterable[tuple[int, int]]) -> None:
        for first, last in places:
            self.flaws.append(Flaw(start + first, start + last, digits.TORN, digits.MESSAGE))

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        refuse_long(self._length, "the file")
