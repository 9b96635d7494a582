"""Repair the text and take away what is no part of the report."""

from datetime import date

from worker.clean.characters import find_characters, find_wide
from worker.clean.dates import find_lost_dates, read_date
from worker.clean.glosses import find_glosses
from worker.clean.labels import Labelled
from worker.clean.page import read_page
from worker.clean.repeats import find_repeats
from worker.clean.script import Script, script_of
from worker.clean.spacing import find_breaks, find_marks, find_odd_spaces, find_paragraphs, find_spaces
from worker.draft import Draft, Label
from worker.edits import Text
from worker.tools import Tools

#: What is done before the page is taken off: repairs that need the text as the file has it.
BEFORE_PAGE = (find_breaks, find_glosses, find_characters)
#: What is done afterwards: labels are parted by the very spaces that go here.
AFTER_PAGE = (find_wide, find_odd_spaces, find_paragraphs, find_spaces, find_marks, find_repeats)


def clean(draft: Draft, tools: Tools) -> Draft:
    """The draft with its damage repaired, its page furniture gone and its labels read."""
    script = script_of(tools.to_simplified)
    text = draft.text
    for find in BEFORE_PAGE:
        text = text.apply(find(text.now))
    page = read_page(text.now, script)
    labels = tuple(_label(text, value, script) for value in page.labels)
    text = text.apply(page.edits)
    for find in AFTER_PAGE:
        text = text.apply(find(text.now))
    labels = draft.labels + labels
    text = text.apply(find_lost_dates(text.now, _published(labels)))
    return draft.having(text=text, labels=labels)


def _published(labels: tuple[Label, ...]) -> date | None:
    return next((read_date(label.value) for label in labels if label.name == "发文日期"), None)


def _label(text: Text, value: Labelled, script: Script) -> Label:
    start, end = text.span(value.start, value.end)
    words = text.now[value.start : value.end]
    return Label(value.name, script.convert(words) if script.is_traditional(words, False) else words, start, end)
