"""How sure the figures are."""

from worker.confidence.reasons import rated
from worker.draft import Draft
from worker.tools import Tools


def rate(draft: Draft, tools: Tools) -> Draft:
    """The draft with the confidence of its figures and what speaks for and against each."""
    return draft.having(figures=rated(draft, tools.scale, tools.lexicon))
