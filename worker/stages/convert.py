"""Bring the text into simplified script, paragraph by paragraph."""

from dataclasses import replace

from worker.clean.script import Script, script_of
from worker.draft import Draft
from worker.parts import Cell
from worker.tools import Tools


def convert(draft: Draft, tools: Tools) -> Draft:
    """The draft with its traditional paragraphs in simplified script, character for character.

    A paragraph is a line. Simplified ones stay as they are, because converting them can only harm them
    (``乾`` and ``著`` in names), and so does a line with too little to tell the script from in a simplified report.
    """
    script = script_of(tools.to_simplified)
    text = draft.text.now
    mostly_traditional = script.is_mostly_traditional(text)
    if mostly_traditional or script.has_traditional(text):
        converted = _converted(text, script, mostly_traditional=mostly_traditional)
        cells = tuple(_labelled(cell, script, mostly_traditional=mostly_traditional) for cell in draft.cells)
        draft = draft.having(text=draft.text.with_same_length(converted), unconverted=text, cells=cells)
    return draft.having(script="traditional" if mostly_traditional else "simplified")


def _labelled(cell: Cell, script: Script, *, mostly_traditional: bool) -> Cell:
    """A cell with the words of its headers and labels as its text has them."""

    def simple(words: str) -> str:
        return _converted(words, script, mostly_traditional=mostly_traditional)

    caption = cell.caption and simple(cell.caption)
    return replace(cell, column=tuple(map(simple, cell.column)), row=tuple(map(simple, cell.row)), caption=caption)


def _converted(text: str, script: Script, *, mostly_traditional: bool) -> str:
    return "".join(
        script.convert(line) if script.is_traditional(line, otherwise=mostly_traditional) else line
        for line in text.splitlines(keepends=True)
    )
