"""Whose a figure is, the area or the level that it holds for, and who did what it counts: the rules for both."""

from worker.extract.sentence.rules import NO_VALUE, Answer, Field
from worker.extract.sentence.seen import Seen


def level_in_clause(seen: Seen) -> Answer | None:
    """A level of the area holds for its own clause: 市直单位, 各县."""
    return _said(seen.passage.owners[seen.index].level)


def area_in_clause(seen: Seen) -> Answer | None:
    """A whole area in its own clause: 全市."""
    return _said(seen.passage.owners[seen.index].area)


def area_before(seen: Seen) -> Answer | None:
    """A whole area that a clause before names holds for those after it, too."""
    return _said(seen.passage.owners[seen.index].area_before)


def actor_in_clause(seen: Seen) -> Answer | None:
    """An office or a body that a verb of its own clause follows: 市司法局举办."""
    return _said(seen.passage.owners[seen.index].actor)


def actor_before(seen: Seen) -> Answer | None:
    """The actor of a clause before, where its own begins with a verb."""
    return _said(seen.passage.owners[seen.index].actor_before)


def not_said(seen: Seen) -> Answer:
    """The report does not say."""
    return NO_VALUE


def _said(name: str | None) -> Answer | None:
    return Answer(name, name) if name else None


SCOPE = Field("scope", (level_in_clause, area_in_clause, area_before, not_said))
ACTOR = Field("actor", (actor_in_clause, actor_before, not_said))
