"""PDF: text by PDFium, tables drawn with lines by pdfplumber."""

import ctypes
import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from schemas.report import ReportWarning
from worker.readers import apart, damage, digits, paged, pdf_tables
from worker.readers.charset import plausibility
from worker.readers.layout import LaidLine, without_running_lines
from worker.readers.linear import Linear
from worker.readers.paged import Table
from worker.readers.reading import Reading, refusal, refuse_copies

MOST_PAGES = 3000
#: Of processor time for what PDFium makes of one page: forms that draw others can ask for any amount.
MOST_SECONDS = 20
MOST_PATHS = 4000  # pdfplumber compares all lines of a page with each other
_PATH = 2  # FPDF_PAGEOBJ_PATH
_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_FEWEST_PATHS = 6  # the lines around a table of two rows of two cells
_FEW_CHARACTERS = 10
_LIKELY = 0.5
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_NO_CHARACTER = "\ufffe\uffff\x02"  # what PDFium gives for a hyphen at a line's end and for what has no code


@dataclass
class _Page:
    lines: list[LaidLine] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    has_image: bool = False
    trouble: str | None = None

    @property
    def characters(self) -> int:
        return sum(len(line.text) for line in self.lines) + sum(
            len(cell.text) for table in self.tables for cell in table.cells
        )


def read(data: bytes) -> Reading:
    """The text of a PDF: paragraphs, and tables that lines are drawn around, in the order of the pages.

    Raises:
        BadReport: ``missing_reader``, ``encrypted``, ``damaged_file``, ``too_complex``, ``needs_ocr``, ``empty``.
    """
    pages = _pages(data)
    _refuse_without_text(pages)
    kept = without_running_lines([page.lines for page in pages])
    linear = Linear()
    paged.write(linear, [_items(page, lines) for page, lines in zip(pages, kept, strict=True)])
    reading = linear.reading("application/pdf")
    if plausibility(reading.text.raw) < _LIKELY and any(char > "\x7f" for char in reading.text.raw):
        seen = "the text layer is no Chinese: its fonts do not say which characters they draw"
        raise refusal("needs_ocr", f"{seen}; give it another, as with {_OCR} --force-ocr in.pdf out.pdf")
    return Reading(
        reading.media_type, None, reading.text, reading.page_starts, reading.cells, (), tuple(_warnings(pages))
    )


def _warnings(pages: Sequence[_Page]) -> Iterator[ReportWarning]:
    for number, page in enumerate(pages, 1):
        if page.characters < _FEW_CHARACTERS and page.has_image:
            message = f"page {number} is an image; its text was not read"
            yield ReportWarning(code="page_without_text", message=message)
        if page.trouble:
            message = f"page {number} has lines as of a table that could not be read ({page.trouble})"
            yield ReportWarning(code="table_not_read", message=message)


def _pages(data: bytes) -> list[_Page]:
    try:
        import pdfplumber
        import pypdfium2
    except ImportError as error:
        raise refusal("missing_reader", f"reading PDF needs {error.name}: pip install 'zhibiao[formats]'") from error
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it prints what it finds in damaged files
    with _document(pypdfium2, data) as document:
        if len(document) > MOST_PAGES:
            raise refusal("too_complex", f"{len(document)} pages; {MOST_PAGES} are allowed")
        pages = []
        ruled = []
        characters = 0
        for number in range(len(document)):
            apart.enter(f"page {number + 1}", MOST_SECONDS)
            page, paths = _page(document, pypdfium2, number)
            characters += page.characters
            refuse_copies(characters, len(data), "the PDF")
            if paths > MOST_PATHS:
                page.trouble = f"{paths} lines: a map or a drawing"
            elif paths >= _FEWEST_PATHS:
                ruled.append(number)
            pages.append(page)
        apart.leave()
        if ruled:
            _add_tables(pages, ruled, _copied(pypdfium2, document, ruled), pdfplumber)
        return pages


@contextmanager
def _document(pypdfium2: Any, data: bytes) -> Iterator[Any]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
            raise refusal("encrypted", "the PDF asks for a password; one without would be right") from error
        raise refusal("damaged_file", f"the PDF cannot be opened ({error}); it may be cut off") from error
    try:
        yield document
    finally:
        document.close()


def _page(document: Any, pypdfium2: Any, number: int) -> tuple[_Page, int]:
    raw = pypdfium2.raw
    try:
        page = document[number]
        kinds = [
            raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, index))
            for index in range(raw.FPDFPage_CountObjects(page.raw))
        ]
        height = page.get_height()
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise refusal("damaged_file", f"a page cannot be read: {error}", f"page {number + 1}") from error
    try:
        lines = list(_lines(textpage.raw, raw, height))
    finally:
        textpage.close()
        page.close()
    return _Page(lines, [], _IMAGE in kinds), kinds.count(_PATH)


def _lines(textpage: Any, raw: Any, height: float) -> Iterator[LaidLine]:
    count = raw.FPDFText_CountChars(textpage)
    start = 0
    codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    for end in [*(index for index, code in enumerate(codes) if code in (10, 13)), count]:
        text = "".join(map(chr, codes[start:end]))
        if text.strip():
            yield _line(textpage, raw, height, start, text)
        start = end + 1


def _line(textpage: Any, raw: Any, height: float, start: int, text: str) -> LaidLine:
    first = start + len(text) - len(text.lstrip())
    last = start + len(text.rstrip()) - 1
    left, _, bottom, top = _box(textpage, raw, first)
    _, right, other_bottom, other_top = _box(textpage, raw, last)
    torn = tuple(_torn(textpage, raw, start, text))
    return LaidLine(
        _clean(text), left, right, height - max(top, other_top), height - min(bottom, other_bottom), torn=torn
    )


def _torn(textpage: Any, raw: Any, start: int, text: str) -> Iterator[tuple[int, int]]:
    """Where PDFium has one blank for a wide gap, and digits around it would be read as groups of three."""
    for match in digits.BETWEEN_GROUPS.finditer(text):
        _, end, bottom, top = _box(textpage, raw, start + match.start() - 1)
        begin = _box(textpage, raw, start + match.end())[0]
        if digits.stand_apart(begin - end, top - bottom):
            place = len(_clean(text[: match.start()]))
            yield place - 1, place + 2


def _clean(text: str) -> str:
    clean = text.translate(dict.fromkeys(map(ord, _NO_CHARACTER)))
    return clean.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _box(textpage: Any, raw: Any, index: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of the place that a character takes up, its white space included."""
    box = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(box)):
        return box.left, box.right, min(box.bottom, box.top), max(box.bottom, box.top)
    return 0.0, 0.0, 0.0, 0.0


def _copied(pypdfium2: Any, document: Any, numbers: Sequence[int]) -> io.BytesIO:
    """A file of these pages alone, its objects written anew: pdfminer follows an object that refers to itself for ever."""
    copy = pypdfium2.PdfDocument.new()
    written = _Copy()
    try:
        copy.import_pages(document, list(numbers))
        copy.save(written)
    except pypdfium2.PdfiumError as error:
        written.raise_trouble()
        raise refusal("damaged_file", f"pages with tables cannot be copied: {error}") from error
    finally:
        copy.close()
    written.raise_trouble()
    return written.file


class _Copy:
    """A file that keeps what a write has raised until it is asked: PDFium writes from C, where an exception is lost."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.trouble: Exception | None = None

    def write(self, data: Any) -> None:
        try:
            self.file.write(data)
        except Exception as error:
            self.trouble = error

    def raise_trouble(self) -> None:
        if self.trouble:
            raise self.trouble


def _add_tables(pages: Sequence[_Page], numbers: Sequence[int], file: io.BytesIO, pdfplumber: Any) -> None:
    # pdfminer lets through whatever its parser stumbles over in a damaged file; then PDFium's lines remain.
    own = _errors_of_pdfminer()
    try:
        plumbed_pages = pdfplumber.open(file).pages
    except (*damage.STUMBLES, *own) as error:
        damage.pass_on(error, *own)
        for number in numbers:
            pages[number].trouble = _trouble(error)
        return
    for number in numbers[len(plumbed_pages) :]:
        pages[number].trouble = "pdfminer does not find the page"
    for plumbed, number in zip(plumbed_pages, numbers, strict=False):
        page = pages[number]
        try:
            found = pdf_tables.find_tables(plumbed, "\n".join(line.text for line in page.lines))
            plumbed.close()
        except (*damage.STUMBLES, *own) as error:
            damage.pass_on(error, *own)
            page.trouble = _trouble(error)
        else:
            if found and found[0]:
                page.tables, page.lines = found


def _errors_of_pdfminer() -> damage.Kinds:
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    return PSException, MalformedPDFException, PdfminerException


#: What makes a text layer, on any machine; in Debian the packages ocrmypdf and tesseract-ocr-chi-sim (-tra for traditional).
_OCR = "ocrmypdf -l chi_sim"


def _trouble(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _refuse_without_text(pages: Sequence[_Page]) -> None:
    characters = sum(page.characters for page in pages)
    if characters < _FEW_CHARACTERS or (characters < _FEW_CHARACTERS * len(pages) and any(p.has_image for p in pages)):
        raise refusal(
            "needs_ocr",
            f"{characters} characters on {len(pages)} pages: the pages are images; a PDF with a text layer would be right: "
            f"have one made, as with {_OCR} in.pdf out.pdf, and check it",
            "page 1",
        )


def _items(page: _Page, lines: Sequence[LaidLine]) -> Sequence[LaidLine | Table]:
    return sorted([*lines, *page.tables], key=lambda item: item.top) if page.tables else lines
