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
