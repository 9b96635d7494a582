"""Which indicator words or an id mean, and what there is of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from exports.indicators import Indicator, catalogue
from page.shown.reviewed import Reviewing
from store.known import indicators, of_name
from store.tables import Found
from store.views import Views

_MOST = 24


@dataclass(frozen=True)
class Chosen:
    """An indicator with its newest figures; without an id it is a name, in the words of reports."""

    id: str
    name: str
    rows: list[Found]


def chosen(views: Views, reviewing: Reviewing, words: str) -> Chosen | None:
    """What is meant by an id, by a name of the catalogue, or by the whole name of a figure; None where no figure is."""
    words = words.strip()
    known, _, _ = words.partition("/")
    id_ = words if known in catalogue() else _by_wording().get(words)
    if id_ and (rows := views.series(id_, status=None)):
        return Chosen(id_, "", reviewing.of(rows))
    rows = views.series(words, status=None) or of_name(views, words)
    if not rows:
        return None
    return Chosen(words if rows[0]["indicator_id"] == words else "", words, reviewing.of(rows))


def near(views: Views, words: str) -> list[tuple[str, int]]:
    """Ids that have figures and whose names, wordings or ids have the words; without words, those of most figures."""
    counts = {count.value: count.figures for count in indicators(views)}
    fitting = [id_ for id_ in counts if not words or speaks_of(catalogue(), id_, words)]
    ordered = sorted(fitting, key=lambda id_: (-counts[id_], id_))
    return [(id_, counts[id_]) for id_ in ordered[:_MOST]]


def speaks_of(known: Mapping[str, Indicator], id_: str, words: str) -> bool:
    """Whether all words are in an indicator's id, name or wordings."""
    entry = known.get(id_.partition("/")[0])
    text = " ".join([id_, *([entry.name, *entry.wordings] if entry else [])]).casefold()
    return all(word in text for word in words.casefold().split())


def _by_wording() -> Mapping[str, str]:
    named = {wording: entry.id for entry in catalogue().values() for wording in entry.wordings}
    return named | {entry.name: entry.id for entry in catalogue().values()}
