"""Bring the text into simplified script, paragraph by paragraph."""

from worker.clean.script import Script, script_of
from worker.draft import Draft
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
        draft = draft.having(text=draft.text.with_same_length(converted), unconverted=text)
    return draft.having(script="traditional" if mostly_traditional else "simplified")


def _converted(text: str, script: Script, *, mostly_traditional: bool) -> str:
    return "".join(
        script.convert(line) if script.is_traditional(line, otherwise=mostly_traditional) else line
        for line in text.splitlines(keepends=True)
    )
