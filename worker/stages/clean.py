"""Repair the text and take away what is no part of the report."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from worker.clean.byteshift import find_byte_shifts
from worker.clean.characters import find_characters, find_wide
from worker.clean.dates import find_lost_dates, read_date
from worker.clean.doubt import find_beside, find_broken_sentences, find_odd_numbers, find_torn_stops
from worker.clean.fluency import fluency_of
from worker.clean.gbk import REPLACEMENTS
from worker.clean.glosses import find_glosses
from worker.clean.labels import Labelled
from worker.clean.misreading import find_misreadings
from worker.clean.one_block import find_one_block
from worker.clean.page import read_page
from worker.clean.pagers import find_pagers
from worker.clean.repeats import find_repeats
from worker.clean.rows import Rows
from worker.clean.running_heads import find_running_heads
from worker.clean.script import Script, script_of
from worker.clean.spacing import find_breaks, find_marks, find_odd_spaces, find_paragraphs, find_spaces
from worker.clean.torn_numbers import find_spaced_digits, find_torn_decimals
from worker.clean.wraps import find_wraps
from worker.draft import Draft
from worker.edits import Edit, Flaw, Text
from worker.parts import Label
from worker.tools import Tools

LOST = "\ufffd"


def on_report(gain: Callable[[str, str], float]) -> tuple[Callable[[str], Iterator[Edit | Flaw]], ...]:
    """What is done to the report alone, in this order: line breaks while indents still show, spaces last."""
    return (
        find_wide,
        find_running_heads,
        find_pagers,
        find_torn_decimals,
        partial(find_wraps, gain=gain),
        find_odd_spaces,
        find_one_block,
        find_paragraphs,
        find_spaced_digits,
        find_spaces,
        find_marks,
        find_repeats,
    )


def clean(draft: Draft, tools: Tools) -> Draft:
    """The draft with its damage repaired, its page furniture gone and its labels read.

    Bytes are put right first, because that needs the marks, brackets and letters as the file has them. Labels are
    read before spaces go, because a space is what parts them.
    """
    script = script_of(tools.to_simplified)
    text = draft.text
    if draft.encoding == "big5hkscs":
        text = text.apply(find_torn_stops(text.now))
    text = _repaired(text, script, tools, in_step=_is_in_step(draft))
    page = read_page(text.now, script)
    labels = draft.labels + tuple(_label(text, value, script) for value in page.labels)
    text = text.apply(page.edits)
    rows = Rows.of(draft.cells)
    for find in on_report(fluency_of(tools.jieba).gain):
        text = text.apply(rows.outside(text, find(text.now)))
    text = text.apply(find_lost_dates(text.now, _published(labels)))
    return draft.having(text=text, labels=labels)


def _is_in_step(draft: Draft) -> bool:
    """Whether what is lost of the file touches no other character: it is UTF-8, and was not lost before it became so."""
    return draft.encoding in ("utf-8", "utf-8-sig") and LOST.encode() not in draft.data


def _repaired(text: Text, script: Script, tools: Tools, *, in_step: bool) -> Text:
    fluency = fluency_of(tools.jieba)
    text = text.apply(find_beside(text.now, LOST))
    misread = list(find_misreadings(text.now, script, fluency))
    text = _settled(text.apply(misread))
    text = text.apply(find_breaks(text.now))
    shifts = list(find_byte_shifts(text.now, script, fluency))
    text = text.apply(shifts)
    if misread or shifts:
        text = text.apply(find_beside(text.now, REPLACEMENTS))
    if not shifts or LOST in text.now:
        text = text.apply(find_broken_sentences(text.now, script, fluency, misread=bool(misread), in_step=in_step))
    text = text.apply(find_odd_numbers(text.now))
    text = text.apply(find_glosses(text.now))
    return text.apply(find_characters(text.now, traditional=script.is_mostly_traditional(text.now)))


def _settled(text: Text) -> Text:
    """The text without the flaws of marks for lost bytes whose character is known again."""
    known = {
        place
        for edit in text.edits
        if edit.kind == "charset" and LOST in edit.was and LOST not in edit.now
        for place in range(edit.start, edit.end)
    }
    flaws = tuple(
        flaw for flaw in text.flaws if flaw.code != "decode_damage" or not known.issuperset(range(flaw.start, flaw.end))
    )
    return replace(text, flaws=flaws) if len(flaws) < len(text.flaws) else text


def _label(text: Text, value: Labelled, script: Script) -> Label:
    start, end = text.span(value.start, value.end)
    words = text.now[value.start : value.end]
    return Label(
        value.name, script.convert(words) if script.is_traditional(words, otherwise=False) else words, start, end
    )


def _published(labels: tuple[Label, ...]) -> date | None:
    return next((read_date(label.value) for label in labels if label.name == "发文日期"), None)
