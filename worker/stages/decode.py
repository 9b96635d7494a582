"""Bytes to the text of the file."""

from collections.abc import Callable, Sequence
from importlib import import_module

from worker.draft import Draft
from worker.errors import BadReport
from worker.extract.event_size import refuse_many_numbers
from worker.facts import load_facts
from worker.readers import apart, plain, sniff
from worker.readers.charset import decode_bytes
from worker.readers.crowded import refuse_crowded_numbers
from worker.readers.foreign import ForeignReader, read_by_others
from worker.readers.reading import Reading, refusal
from worker.tools import Tools

Reader = Callable[[bytes], Reading]

# Imported when a file of the format comes: text and HTML are read without the libraries of the others.
_READERS = {
    "pdf": "worker.readers.pdf",
    "docx": "worker.readers.docx",
    "spreadsheet": "worker.readers.spreadsheet",
    "ofd": "worker.readers.ofd",
    "office": "worker.readers.office",
}
# Their libraries are no Python, and may end the process that they read in.
_APART = ("pdf", "spreadsheet")
_READABLE = "a report in text, HTML, PDF, DOCX, XLSX, XLS, ODS or OFD would be right"


def decode(draft: Draft, tools: Tools) -> Draft:
    """Tell the format and the character encoding by content, and read the text.

    Raises:
        BadReport: of stage ``decode``: ``empty``, ``unsupported_format``, ``undecodable``, ``needs_ocr``, ``encrypted``,
            ``damaged_archive``, ``damaged_file``, ``too_complex``, ``too_large`` or ``missing_reader``, or a word of a
            foreign reader.
    """
    try:
        reading = read(draft.data, tools.readers)
    except BadReport as refused:
        raise _by_name(refused, draft.name) from refused
    refuse_many_numbers(reading.text.now, draft.most_event_bytes)
    refuse_crowded_numbers(reading.text.now, len(reading.cells))
    return draft.having(
        media_type=reading.media_type,
        encoding=reading.encoding,
        text=reading.text,
        decoded=reading.text,
        left_out=reading.left_out,
        page_starts=reading.page_starts,
        cells=reading.cells,
        labels=reading.labels,
    ).warned(*reading.warnings)


def _by_name(refused: BadReport, name: str) -> BadReport:
    """What is no text, under the name of a format that is none: advice on encodings would lead astray."""
    claimed = next((kind for end, kind in load_facts("formats")["endings"].items() if name.lower().endswith(end)), None)
    if refused.code != "undecodable" or claimed is None:
        return refused
    seen = f"its name is that of a {claimed}, and its content is none, nor text in any encoding"
    return refusal("damaged_file", f"{seen}; the file as it was sent would be right", "byte 0")


def read(data: bytes, others: Sequence[ForeignReader] = ()) -> Reading:
    """Read a file of any format, with the readers of ``others`` for what ours do not; raises as :func:`decode` does."""
    try:
        return _read_own(data)
    except BadReport as refused:
        if (found := read_by_others(data, others, refused)) is None:
            raise  # without places of its own: the trace of a failure holds few
        return found


def _read_own(data: bytes) -> Reading:
    found = sniff.sniff(data)
    if found is None:
        return _read_text(data)
    if found.reader == "encrypted":
        raise refusal("encrypted", f"this file holds an {found.name}; a file without a password would be right")
    if found.reader is None:
        raise refusal("unsupported_format", f"this file holds: {found.name}; {_READABLE}", "byte 0")
    reader: Reader = import_module(_READERS[found.reader]).read
    return apart.read(reader, data) if found.reader in _APART else reader(data)


def _read_text(data: bytes) -> Reading:
    decoded = decode_bytes(data)
    if not decoded.text.strip():
        raise refusal("empty", f"{len(decoded.text)} characters, all of them blank; a report would be right")
    if sniff.is_saved_page(decoded.text):  # before is_html: the page in it has tags, too
        from worker.readers import saved_page

        return saved_page.read(data)
    if sniff.is_html(decoded.text):
        from worker.readers import web_page

        return web_page.of_decoded(decoded)
    if form := sniff.other_form(decoded.text):
        name, advice = form
        raise refusal("unsupported_format", f"this file holds: {name}; {advice or _READABLE}", "character 0")
    return plain.of_decoded(decoded)
