"""How the figures of a report hang together, and whether they agree."""

from worker.draft import Draft
from worker.relations.findings import related
from worker.tools import Tools


def relate(draft: Draft, tools: Tools) -> Draft:
    """The draft with the relations between its figures."""
    return related(draft, tools.grammar)
