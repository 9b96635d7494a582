"""What a reader gives back, whatever the format."""

from dataclasses import dataclass

from schemas.report import ReportWarning
from worker.edits import Text
from worker.errors import BadReport
from worker.parts import Cell, Label, Span


@dataclass(frozen=True)
class Reading:
    """The text of a file and the places in it; every offset counts code points of ``text.raw``.

    ``text.raw`` is the decoded file for plain text and HTML, with all its markup, and the linear text that the reader
    builds for the formats that hold none (PDF, DOCX, spreadsheets, OFD). ``encoding`` is a name of Python's for which
    ``data.decode(encoding, "replace") == text.raw``, or None where the file is not one run of characters.

    ``cells`` are table cells, in ``text.now`` one row a line with tabs between. A cell of a header or of a label
    column has no path of its own: no figure is to be read from it. ``caption`` holds the table's title and its note on
    units, each on its line. ``left_out`` are lines of the file that people see and that are no part of the report.
    """

    media_type: str
    encoding: str | None
    text: Text
    page_starts: tuple[int, ...] = ()
    cells: tuple[Cell, ...] = ()
    labels: tuple[Label, ...] = ()
    warnings: tuple[ReportWarning, ...] = ()
    left_out: tuple[Span, ...] = ()


def refusal(code: str, message: str, place: str | None = None) -> BadReport:
    """The error to raise for bytes that can never be read."""
    return BadReport(code, "decode", message, place)


#: Characters of a report, more than any file of the allowed size holds by itself: what refers to a text many times, as
#: numbering and shared strings do, can ask for any number of them.
MOST_TEXT = 64 * 1024 * 1024


def refuse_long(characters: int, what: str) -> None:
    """Count while a text is built, before it is there.

    Raises:
        BadReport: ``too_complex`` above ``MOST_TEXT``.
    """
    if characters > MOST_TEXT:
        raise refusal("too_complex", f"{what} makes more than {MOST_TEXT} characters of text; split the file")


#: Characters that any file may have, and how many more for each of its bytes: compressed text has one to three.
_FREE, _PER_BYTE = 256 * 1024, 20


def refuse_copies(characters: int, size_bytes: int, what: str) -> None:
    """Count while pages are read: one stream can be drawn on all of them, and forms draw others any number of times.

    Raises:
        BadReport: ``too_complex`` above a quarter of a million characters and twenty for each byte of the file.
    """
    if characters > (most := _FREE + _PER_BYTE * size_bytes):
        seen = f"{what} of {size_bytes} bytes draws more than {most} characters"
        raise refusal("too_complex", f"{seen}: the same text is drawn again and again")


#: Cells of all tables of a file: a page of half of them takes half a minute.
MOST_CELLS = 300_000


def refuse_many_cells(cells: int, what: str) -> None:
    """Count the cells of a file before they are put together.

    Raises:
        BadReport: ``too_complex`` above ``MOST_CELLS``.
    """
    if cells > MOST_CELLS:
        raise refusal(
            "too_complex", f"{what} has {cells} cells in its tables; {MOST_CELLS} are allowed, split the file"
        )
