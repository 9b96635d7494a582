"""Stage extract."""

from worker.draft import Draft
from worker.tools import Tools


def extract(draft: Draft, tools: Tools) -> Draft:
    """The draft as it is."""
    return draft
