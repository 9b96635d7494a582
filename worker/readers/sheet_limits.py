"""What the XML of a sheet claims, looked at before calamine believes it and asks for the memory."""

from worker.readers.reading import refusal
from worker.readers.xlsx_formats import column_number
from worker.readers.xml_tree import local

MOST_PLACES = 4_000_000  # rows x columns of a sheet, empty ones too: they are all held in memory
MOST_REPEATED = 200_000  # filled cells that a row of an ODS stands for
_MOST_LETTERS, _MOST_DIGITS = 3, 7  # XFD1048576 is the last cell of an XLSX


class XlsxExtent:
    """Told of each element of a worksheet; refuses one that spans too much."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._columns = self._rows = 1
        self._cells = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag.

        Raises:
            BadReport: ``too_complex``.
        """
        if local(tag) not in ("c", "row"):
            return
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

    def end(self, _tag: str) -> None:
        """An end tag."""


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
