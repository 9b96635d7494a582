"""Which canonical indicators the figures are."""

from worker.draft import Draft
from worker.linking.ids import linked
from worker.tools import Tools


def link(draft: Draft, tools: Tools) -> Draft:
    """The draft with the ids of its figures' indicators, where they leave no doubt."""
    return draft.having(figures=linked(draft, tools.catalogue, tools.lexicon))
