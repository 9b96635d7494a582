"""The catalogue of canonical indicators, with its wordings ready to be looked up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from worker.facts import load_facts
from worker.linking.forms import Form, load_forms
from worker.patterns import any_of

_MARKS = re.compile(r"[\s“”\"'「」《》()（）、,，:：·\-]+")


@dataclass(frozen=True)
class Catalogue:
    """``ids`` gives the ids of a wording's key, ``kinds`` the kind of quantity of an id.

    ``unit_kinds`` says which kinds of unit agree with a kind of quantity.
    """

    ids: Mapping[str, frozenset[str]]
    kinds: Mapping[str, str]
    unit_kinds: Mapping[str, frozenset[str]]
    fillers: re.Pattern[str]
    changes: re.Pattern[str]
    counters: re.Pattern[str]
    forms: tuple[Form, ...]

    def key_of(self, name: str, *, is_change: bool = False) -> str:
        """What is left of a name without the words that add nothing, in an order that does not matter.

        Two names with the same characters are the same words in another order: 办理行政复议案件, 行政复议案件办理.
        """
        if is_change:
            name = self.changes.sub(lambda match: match["kept"] or "", name)
        return _key(name, self.fillers, self.counters)


def load_catalogue() -> Catalogue:
    """Build the catalogue. About 0.1 seconds; hold on to the result."""
    facts: dict[str, Any] = load_facts("linking")
    fillers = re.compile(any_of(facts["fillers"]))
    counters = re.compile(f"(?:{any_of(facts['counters'])})$")
    ids: dict[str, set[str]] = {}
    entries = load_facts("catalogue")["indicator"]
    for entry in entries:
        for name in (entry["name"], *entry["aliases"]):
            ids.setdefault(_key(name, fillers, counters), set()).add(entry["id"])
    return Catalogue(
        ids={key: frozenset(found) for key, found in ids.items() if key},
        kinds={entry["id"]: entry["unit_kind"] for entry in entries},
        unit_kinds={kind: frozenset(units) for kind, units in facts["kinds"].items()},
        fillers=fillers,
        changes=re.compile(f"(?P<kept>{any_of(facts['no_changes'])})|{any_of(facts['changes'])}"),
        counters=counters,
        forms=load_forms(),
    )


def _key(name: str, fillers: re.Pattern[str], counters: re.Pattern[str]) -> str:
    bare = counters.sub("", fillers.sub("", _MARKS.sub("", name)))
    return "".join(sorted(bare))
