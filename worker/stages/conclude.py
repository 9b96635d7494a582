"""What can be said once all figures are known: how they hang together, which indicators they are, how sure they are."""

from worker.confidence.reasons import rate_figures
from worker.draft import Draft
from worker.linking.link import link_figures
from worker.relations.figures import find_figures
from worker.relations.relate import relate
from worker.tools import Tools


def conclude(draft: Draft, tools: Tools) -> Draft:
    """The draft with relations, and its metrics with the ids of their indicators and their confidence."""
    rows = find_figures(draft, tools.lexicon)
    related = relate(draft, rows, tools.grammar)
    linked = related.having(metrics=link_figures(related, tools.catalogue, tools.lexicon))
    return linked.having(metrics=rate_figures(linked, rows, tools.scale, tools.lexicon))
