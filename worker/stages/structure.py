"""Find the headings, and what the report says about itself."""

from bisect import bisect_right

from schemas.report import Section
from worker.draft import Draft
from worker.parts import Heading
from worker.structure.document import read_document
from worker.structure.headings import find_headings
from worker.structure.signature import find_signature
from worker.tools import Tools


def structure(draft: Draft, tools: Tools) -> Draft:
    """The draft with its headings, its sections in offsets of the raw text, and its document data."""
    text = draft.text
    cells = sorted((cell.start, cell.end) for cell in draft.cells)

    def in_table(place: int) -> bool:
        raw = text.span(place, place + 1)[0]
        before = bisect_right(cells, (raw, len(text.raw))) - 1
        return before >= 0 and raw < cells[before][1]

    signature = find_signature(text.now)
    headings = find_headings(text.now, signature.start, in_table)
    sections = []
    for heading in headings:
        start, end = text.span(heading.start, heading.end)
        sections.append(
            Section(
                number=heading.number,
                title=heading.title,
                level=heading.level,
                start=start,
                end=end,
                original=_original_title(draft, heading),
            )
        )
    document, warnings = read_document(draft, headings, signature, tools.jieba.dt.FREQ.__contains__)
    return draft.having(headings=headings, sections=tuple(sections), document=document).warned(*warnings)


def _original_title(draft: Draft, heading: Heading) -> str | None:
    """A heading's title in the script of the file, where that is another."""
    at = draft.text.now.find(heading.title, heading.start, heading.end)
    if draft.unconverted is None or at < 0:
        return None
    written = draft.unconverted[at : at + len(heading.title)]
    return written if written != heading.title else None
