"""What the XML of a sheet claims, looked at before calamine believes it and asks for the memory."""

from collections import Counter

from worker.readers.reading import refusal, refuse_long
from worker.readers.xlsx_formats import column_number
from worker.readers.xml_tree import local

MOST_PLACES = 4_000_000  # rows x columns of a sheet, empty ones too: they are all held in memory
MOST_REPEATED = 200_000  # filled cells that a row of an ODS stands for
_MOST_LETTERS, _MOST_DIGITS = 3, 7  # XFD1048576 is the last cell of an XLSX


class SharedStrings:
    """The strings that an XLSX writes once, and how often its cells refer to each: every cell gets a copy."""

    def __init__(self) -> None:
        self._tables: list[list[int]] = []
        self._uses: Counter[int] = Counter()

    def begin_table(self) -> list[int]:
        """A table of strings; the caller adds the length of each, in characters."""
        self._tables.append([])
        return self._tables[-1]

    def use(self, index: str) -> None:
        """A cell refers to the string of this number."""
        if index.isdecimal() and len(index) <= _MOST_DIGITS:
            self._uses[int(index)] += 1

    def refuse_copies(self) -> None:
        """Weigh all copies, once all tables and sheets were seen.

        Raises:
            BadReport: ``too_complex``.
        """
        for table in self._tables:
            used = sum(table[index] * times for index, times in self._uses.items() if index < len(table))
            refuse_long(used, "the strings that cells share")


class XlsxExtent:
    """Told of each element of a part of an XLSX; refuses a sheet that spans too much, and counts shared strings."""

    def __init__(self, name: str, shared: SharedStrings) -> None:
        self._name = name
        self._shared = shared
        self._table: list[int] | None = None
        self._is_shared = False
        self._in = ""
        self._pieces: list[str] = []
        self._columns = self._rows = 1
        self._cells = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag.

        Raises:
            BadReport: ``too_complex``.
        """
        self._in = local(tag)
        if self._in == "sst":
            self._table = self._shared.begin_table()
        elif self._in == "si" and self._table is not None:
            self._table.append(0)
        elif self._in == "c":
            self._is_shared = attributes.get("t") == "s"
        if self._in in ("c", "row"):
            self._extend(attributes)

    def _extend(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        letters = reference[: len(reference) - len(digits)]
        if len(letters) > _MOST_LETTERS or len(digits) > _MOST_DIGITS:
            seen = f"{self._name} has a cell {reference[:20]}, which no sheet has; at most XFD1048576 is allowed"
            raise refusal("too_complex", seen, self._name)
        self._columns = max(self._columns, column_number(letters.upper()) + 1)
        self._rows = max(self._rows, int(digits) if digits.isdecimal() else 0)
        self._cells += 1
        # Cells need not say where they are: then each comes after the one before.
        if max(self._columns * self._rows, self._cells) > MOST_PLACES:
            seen = f"{self._name} spans {self._rows} rows and {self._columns} columns"
            raise refusal("too_complex", f"{seen}; {MOST_PLACES} cells are allowed", self._name)

    def text(self, text: str) -> None:
        """Text, whole or a piece."""
        if self._table and self._in == "t":
            self._table[-1] += len(text)
        elif self._is_shared and self._in == "v":
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        """An end tag."""
        if self._pieces and local(tag) == "v":
            self._shared.use("".join(self._pieces).strip())
            self._pieces = []


class OdsRepeats:
    """Told of each element of an ODS, which writes equal cells and rows once.

    Blank ones to the sheet's end are usual; long runs of filled ones, and filled ones after long runs of blank ones,
    are a bomb.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._places = 0
        self._row_times = self._cell_times = 1
        self._width = self._width_filled = self._filled = 0
        self._in_filled = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        named = {local(key): value for key, value in attributes.items()}
        match local(tag):
            case "table-row":
                self._row_times = _times(named.get("number-rows-repeated"))
                self._width = self._width_filled = self._filled = 0
            case "table-cell" | "covered-table-cell":
                self._cell_times = _times(named.get("number-columns-repeated"))
                self._width += self._cell_times
                self._in_filled = False
                if "value" in named or "value-type" in named:
                    self._fill()
            case "p":
                self._fill()

    def text(self, text: str) -> None:
        """Text, which repeats with its cell."""

    def end(self, tag: str) -> None:
        """An end tag.

        Raises:
            BadReport: ``too_complex``.
        """
        if local(tag) != "table-row":
            return
        self._places += self._row_times * self._width_filled
        if self._row_times * self._filled > MOST_REPEATED or self._places > MOST_PLACES:
            seen = (
                f"rows of {self._name} repeat {self._row_times * self._filled} filled cells over {self._places} places"
            )
            raise refusal("too_complex", f"{seen}; {MOST_REPEATED} and {MOST_PLACES} are allowed", self._name)

    def _fill(self) -> None:
        if not self._in_filled:  # a cell with a value and a paragraph counts once
            self._filled += self._cell_times
            self._width_filled = self._width
            self._in_filled = True


def _times(text: str | None) -> int:
    return int(text[:_MOST_DIGITS]) if text and text.isdecimal() else 1
