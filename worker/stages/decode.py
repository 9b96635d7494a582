"""Bytes to the text of the file."""

from worker.draft import Draft
from worker.edits import Text
from worker.tools import Tools


def decode(draft: Draft, tools: Tools) -> Draft:
    """Tell the format and the character encoding by content, and read the text."""
    return draft.having(media_type="text/plain", encoding="utf-8", text=Text.of(draft.data.decode("utf-8")))
