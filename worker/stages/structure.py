"""Find the headings, and what the report says about itself."""

from schemas.report import Section
from worker.draft import Draft
from worker.structure.document import read_document
from worker.structure.headings import find_headings
from worker.structure.signature import find_signature
from worker.tools import Tools


def structure(draft: Draft, tools: Tools) -> Draft:
    """The draft with its headings, its sections in offsets of the raw text, and its document data."""
    text = draft.text
    signature = find_signature(text.now)
    headings = find_headings(text.now, signature.start)
    sections = []
    for heading in headings:
        start, end = text.span(heading.start, heading.end)
        sections.append(Section(number=heading.number, title=heading.title, level=heading.level, start=start, end=end))
    document, warnings = read_document(draft, headings, signature)
    return draft.having(headings=headings, sections=tuple(sections), document=document).warned(*warnings)
