"""Readers that other distributions bring along, and what Zhibiao makes of what they do.

To its files such a reader is what a parser of ours is: one that stumbles says that the file is damaged, and the reason
names it. What it gives back is looked at as a whole before any stage sees it, for a wrong place makes a wrong figure.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.report import ReportWarning
from worker.edits import Applied, Flaw, Text
from worker.errors import BadReport
from worker.parts import Cell, Label
from worker.readers import damage, plain
from worker.readers.reading import Reading, refusal, refuse_long

#: Refusals of ours that others may know better than: nothing here reads the format, or not without its pictures.
ASKED_FOR = ("unsupported_format", "undecodable", "missing_reader", "needs_ocr")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
_MOST_SAID = 300
_RIGHT = "a Reading with its places inside its text, or None for a file that is not its own, would be right"


@dataclass(frozen=True)
class ForeignReader:
    """``load`` imports the function ``(data: bytes) -> Reading | None``; ``origin`` is its distribution and version."""

    name: str
    origin: str
    load: Callable[[], Any]

    def __str__(self) -> str:
        return f"reader {self.name!r} of {self.origin}"

    def read(self, data: bytes) -> Reading | None:
        """What it makes of a file; None where it leaves the file to others.

        Raises:
            BadReport: ``missing_reader`` where it cannot be imported; what it refuses itself; ``damaged_file`` where it
                raises anything else, or gives what is no reading.
            MemoryError: memory was full.
            TimeoutError: it waited for something in vain.
        """
        try:
            read = self.load()
        except Exception as error:
            damage.pass_on_exhausted(error)
            seen = f"the {self} cannot be imported: {_said(error)}"
            raise refusal("missing_reader", f"{seen}; install it anew, or take it away") from error
        try:
            found = read(data)
            return None if found is None else self._checked(found, data)
        except BadReport as error:
            code = error.code if isinstance(error.code, str) and _CODE.fullmatch(error.code) else "damaged_file"
            place = None if error.place is None else _plain(error.place)
            raise refusal(code, f"{self}: {_plain(error.message)}", place) from error
        except (Exception, SystemExit) as error:
            error.add_note(f"in the {self}")
            damage.pass_on_exhausted(error)
            raise refusal(
                "damaged_file", f"the {self} failed: {_said(error)}; a file that it can read would be right"
            ) from error

    def _checked(self, found: Any, data: bytes) -> Reading:
        if seen := next(_nonsense(found, data), None):
            raise refusal("damaged_file", f"it gave {seen}; {_RIGHT}")
        if not found.text.raw.strip():
            raise refusal("empty", "it found no text in this file; a report would be right")
        refuse_long(len(found.text.raw), "the file")
        plain.refuse_binary(found.text.raw)
        warning = ReportWarning(code="foreign_reader", message=f"read by the {self}, which is no part of Zhibiao")
        reading: Reading = found
        return replace(reading, warnings=(*reading.warnings, warning))


def read_by_others(data: bytes, readers: Sequence[ForeignReader], refused: BadReport) -> Reading | None:
    """What the first of ``readers`` that knows the file makes of it, None where ``refused`` stands.

    It stands where none knows the file, and where its code is none of :data:`ASKED_FOR`.

    Raises:
        BadReport: as the reader says that knows the file.
    """
    if refused.code in ASKED_FOR:
        for reader in readers:
            if (found := reader.read(data)) is not None:
                return found
    return None


def _said(error: BaseException) -> str:
    """The error in one line, of a length that people read."""
    return _plain(f"{type(error).__name__}: {error}")


def _plain(said: object) -> str:
    line = " ".join(str(said).split())[:_MOST_SAID].rstrip(".: ")
    return line.encode("utf-8", "backslashreplace").decode()


def _nonsense(found: Any, data: bytes) -> Iterator[str]:
    """What is wrong with a reading, the first of it first."""
    if not isinstance(found, Reading):
        yield f"a {type(found).__name__}"
        return
    if not isinstance(found.media_type, str) or not _MEDIA_TYPE.fullmatch(found.media_type):
        yield f"the media type {found.media_type!r:.60}"
    if not isinstance(found.text, Text) or not isinstance(found.text.raw, str) or not isinstance(found.text.now, str):
        yield "a text that is none"
        return
    yield from _odd_text(found.text)
    if found.encoding is not None and data.decode(found.encoding, "replace") != found.text.raw:
        yield f"a text that is not the file's in {found.encoding}"
    yield from _odd_places(found, len(found.text.raw))


def _odd_text(text: Text) -> Iterator[str]:
    try:
        (text.raw + text.now).encode()
    except UnicodeEncodeError as error:
        yield f"half a character, {error.object[error.start]!r}, in its text"
    if (text.origin.source_length, text.origin.now_length) != (len(text.raw), len(text.now)):
        yield "a text whose places do not fit it"


def _odd_places(found: Reading, length: int) -> Iterator[str]:
    pages = found.page_starts
    if list(pages) != sorted(set(pages)) or not all(type(page) is int and 0 <= page <= length for page in pages):
        yield f"pages that begin at {pages!r:.60}"
    kinds = ((found.cells, Cell), (found.labels, Label), (found.text.flaws, Flaw), (found.text.edits, Applied))
    for parts, kind in kinds:
        for part in parts:
            if not isinstance(part, kind) or not _is_inside(part, length) or not _is_worded(part, length):
                yield f"{part!r:.100} in a text of {length} characters"
    for place in found.left_out:
        if not _is_span(place, length):
            yield f"the place {place!r:.60} left out of a text of {length} characters"
    for warning in found.warnings:
        if not isinstance(warning, ReportWarning):
            yield f"the warning {warning!r:.60}"


def _is_inside(part: Any, length: int) -> bool:
    return type(part.start) is int and type(part.end) is int and 0 <= part.start <= part.end <= length


def _is_worded(part: Any, length: int) -> bool:
    match part:
        case Cell(column=column, row=row, caption=caption, table=table):
            words = (*column, *row, caption or "")
            return (
                type(table) is int and all(isinstance(word, str) for word in words) and _knows_its_labels(part, length)
            )
        case Label(name=name, value=value):
            return isinstance(name, str) and isinstance(value, str)
    return True


def _knows_its_labels(cell: Cell, length: int) -> bool:
    """Whether a cell gives the places of its headers and labels, each of them or none, inside the text."""
    lines = (cell.caption or "").split("\n")
    for words, places in ((cell.column, cell.column_at), (cell.row, cell.row_at), (lines, cell.caption_at)):
        if places and len(places) != len(words):
            return False
        if not all(_is_span(place, length) for place in places):
            return False
    return True


def _is_span(place: Any, length: int) -> bool:
    return (
        isinstance(place, tuple)
        and len(place) == 2
        and all(type(end) is int for end in place)
        and 0 <= place[0] <= place[1] <= length
    )
