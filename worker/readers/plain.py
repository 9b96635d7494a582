"""Plain text."""

import re
from collections.abc import Iterator
from dataclasses import replace

from worker.edits import Edit, Flaw, Text
from worker.errors import BadReport
from worker.parts import Cell
from worker.readers.charset import Decoded, decode_bytes
from worker.readers.crowded import refuse_crowded_lines
from worker.readers.flat_tables import find_flat_cells
from worker.readers.markdown import find_marks
from worker.readers.reading import Reading, refusal
from worker.readers.stacked_tables import find_stacked_cells

# \f parts pages, U+0085 is a newline. Those above U+007F beside letters of Latin-1 are bytes of UTF-8 read as
# Latin-1, and left to the clean stage.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f](?:(?<=[\x00-\x7f])|(?<![\x80-\xff].)(?![\x80-\xff]))", re.DOTALL
)
_MOST_CONTROLS = 0.01
# A title or a note on units that a sheet has over its table, and the empty fields behind it.
_ALONE = re.compile(r"[^,\n]*(,{2,})[^\S\n]*(?:\n|\Z)")
_LOST = re.compile("\ufffd+")
_PAIRS = re.compile(r"[^\x00-\x3f]+")  # no byte below 0x40 is the second of a GBK or Big5 pair
_SELF_SYNCHRONISING = ("utf-8", "utf-8-sig")

# What U+FFFD in UTF-8 (EF BF BD) and the fill bytes of a debugging heap (CC, CD) look like when read as GBK.
_REPLACED_TWICE = re.compile("[锟斤拷錕烫燙屯](?:(?<=[锟斤拷錕])[锟斤拷錕]{2,}|(?<=[烫燙])[烫燙]{2,}|(?<=屯)屯{3,})")
_MOST_REPLACED = 0.05
_MARK = re.compile("[?？\ufffd]")
_MOST_MARKS = 0.3


def read(data: bytes) -> Reading:
    """The text as decoded, nothing taken away but control characters and marks of Markdown; flattened tables are cells.

    Raises:
        BadReport: ``undecodable`` or, for binary data, ``unsupported_format``.
    """
    return of_decoded(decode_bytes(data))


def of_decoded(decoded: Decoded) -> Reading:
    """The reading of text that was decoded already; raises as :func:`read` does."""
    raw = decoded.text
    refuse_binary(raw)
    refuse_lost(raw)
    refuse_crowded_lines(raw)
    text = Text.of(raw).apply([*find_controls(raw), *find_lost(decoded)], "control_character")
    unmarked = text.apply(find_marks(text.now), "markdown")
    told = unmarked.apply(find_empty_fields(unmarked.now), "punctuation")
    return Reading("text/plain", decoded.encoding, told, _page_starts(raw), tuple(_cells(told)))


def _cells(text: Text) -> Iterator[Cell]:
    """The flattened tables of a text, in offsets of the raw one."""
    stacked = tuple(find_stacked_cells(text.now))
    for cell in sorted((*stacked, *find_flat_cells(text.now, stacked)), key=lambda cell: cell.start):
        start, end = text.span(cell.start, cell.end)
        yield replace(
            cell,
            start=start,
            end=end,
            table=text.span(cell.table, cell.table + 1)[0],
            column_at=tuple(text.span(*place) for place in cell.column_at),
            row_at=tuple(text.span(*place) for place in cell.row_at),
            caption_at=tuple(text.span(*place) for place in cell.caption_at),
        )


def refuse_binary(raw: str) -> None:
    """Raise ``unsupported_format`` if control characters show that this is no text."""
    found = len(_CONTROL.findall(raw.rstrip("\0")))
    if found > _MOST_CONTROLS * len(raw):
        first = _CONTROL.search(raw)
        at = first.start() if first else 0
        raise refusal(
            "unsupported_format",
            f"binary data: {found} of {len(raw)} characters are control characters; a report in text, HTML, PDF, DOCX, "
            "XLSX or OFD would be right",
            f"character {at}",
        )


def refuse_lost(raw: str) -> None:
    """Raise ``undecodable`` if the text was destroyed before it was saved."""
    replaced = sum(len(match.group()) for match in _REPLACED_TWICE.finditer(raw))
    if replaced > _MOST_REPLACED * len(raw):
        raise _lost(raw, _REPLACED_TWICE)
    marks = raw.count("?") + raw.count("？") + raw.count("\ufffd")
    if marks > _MOST_MARKS * len(raw) and marks > sum(char.isalnum() for char in raw):
        raise _lost(raw, _MARK)


def _lost(raw: str, pattern: re.Pattern[str]) -> BadReport:
    match = pattern.search(raw)
    at = match.start() if match else 0
    return refusal(
        "undecodable",
        f"the text was lost when it was saved in another encoding (it reads {raw[at : at + 12]!r}); the file as it was "
        "before would be right",
        f"character {at}",
    )


def find_controls(text: str) -> Iterator[Edit | Flaw]:
    """Propose the removal of control characters; between digits, where one may hide a lost point, a flaw."""
    for match in _CONTROL.finditer(text):
        start, end = match.span()
        if text[start - 1 : start].isdigit() and text[end : end + 1].isdigit():
            yield Flaw(start, end, "control_character", f"control character U+{ord(match.group()):04X} inside a number")
        else:
            yield Edit(start, end)


def find_empty_fields(text: str) -> Iterator[Edit]:
    """Propose the removal of the commas behind what stands alone in the first lines of a sheet, so that a title is one."""
    at = 0
    while match := _ALONE.match(text, at):
        yield Edit(*match.span(1))
        at = match.end()


def find_lost(decoded: Decoded) -> Iterator[Flaw]:
    """The places where bytes could not be decoded, or were lost before.

    A broken pair of GBK or Big5 leaves the reading out of step, and what it gives up to the next byte of its own is
    wrong without a sign: the flaw covers all that run.
    """
    if "\ufffd" in decoded.text:
        in_step = decoded.encoding in _SELF_SYNCHRONISING or not decoded.damaged
        for match in (_LOST if in_step else _PAIRS).finditer(decoded.text):
            if "\ufffd" in match.group():
                message = f"bytes that are no {decoded.encoding}; the text here cannot be trusted"
                yield Flaw(match.start(), match.end(), "decode_damage", message)
    for match in _REPLACED_TWICE.finditer(decoded.text):
        yield Flaw(match.start(), match.end(), "decode_damage", "text that was lost when it was saved")


def _page_starts(raw: str) -> tuple[int, ...]:
    breaks = [match.end() for match in re.finditer("\f", raw[: len(raw.rstrip())])]
    return (0, *breaks) if breaks else ()
