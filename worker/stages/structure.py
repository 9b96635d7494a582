"""Stage structure."""

from worker.draft import Draft
from worker.tools import Tools


def structure(draft: Draft, tools: Tools) -> Draft:
    """The draft as it is."""
    return draft
