"""What can be said once all figures are known: how they hang together, and which indicators they belong to."""

from worker.draft import Draft
from worker.linking.link import link_figures
from worker.relations.figures import find_figures
from worker.relations.relate import relate
from worker.tools import Tools


def conclude(draft: Draft, tools: Tools) -> Draft:
    """The draft with relations, and its metrics with the ids of their indicators."""
    rows = find_figures(draft, tools.lexicon)
    related = relate(draft, rows, tools.grammar)
    return related.having(metrics=link_figures(related, tools.catalogue, tools.lexicon))
