"""The catalogue of canonical indicators, with its wordings ready to be looked up."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from worker.facts import load_facts
from worker.linking.forms import Form, load_forms
from worker.patterns import any_of

_MARKS = re.compile(r"[\s“”\"'「」《》()（）、,，.。_:：·\-—]+")

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Wordings:
    """The words of ``worker/data/linking.toml``: which say nothing of their own, and which say the same."""

    fillers: re.Pattern[str]
    changes: re.Pattern[str]
    counters: re.Pattern[str]
    edges: re.Pattern[str]
    same: re.Pattern[str]
    first_of: Mapping[str, str]
    means: re.Pattern[str]
    basis: re.Pattern[str]

    def key(self, name: str) -> str:
        """What is left of a name without the words that add nothing, in an order that does not matter.

        Two names with the same characters are the same words in another order: 办理行政复议案件, 行政复议案件办理.
        """
        folded = _MARKS.sub("", unicodedata.normalize("NFKC", name).upper())
        bare = self.counters.sub("", self.fillers.sub("", folded))
        return "".join(sorted(self.same.sub(lambda match: self.first_of[match[0]], bare)))

    def trimmed(self, name: str, is_change: bool) -> str:
        """The name without what may stand at its edges; that of a change, without the terms that it is reckoned in."""
        return self.edges.sub("", self.basis.sub("", name) if is_change else name)

    def without_change(self, name: str) -> str:
        """The name without the words that say that the number is a change: 增加值增长 is 增加值."""
        return self.changes.sub(lambda match: match["kept"] or "", name)


@dataclass(frozen=True)
class Catalogue:
    """``ids`` gives the id of a wording's key, ``ids_of_growth`` that of a wording which means it in its growth only.

    ``ids_beside`` are those of short wordings, each with the word that has to stand in the same sentence; ``kinds`` gives
    the kind of quantity of an id, ``unit_kinds`` the kinds of unit that agree with one, ``also`` units of other kinds that do, ``not_counted`` those that never
    do, ``of_growth`` those of any growth.
    """

    ids: Mapping[str, str]
    ids_of_growth: Mapping[str, str]
    ids_beside: Mapping[str, tuple[str, str]]
    kinds: Mapping[str, str]
    unit_kinds: Mapping[str, frozenset[str]]
    also: Mapping[str, frozenset[str]]
    of_growth: frozenset[str]
    not_counted: frozenset[str]
    words: Wordings
    forms: tuple[Form, ...]

    def id_of(self, name: str, is_change: bool, sentence: str) -> str | None:
        """The id of a name, word for word; then of the name without what may stand at its edges; None for any other."""
        plain = self.words.without_change(name) if is_change else name
        found = self._id(plain, is_change, sentence)
        trimmed = self.words.trimmed(plain, is_change)
        return found or (self._id(trimmed, is_change, sentence) if trimmed != plain else None)

    def _id(self, name: str, is_change: bool, sentence: str) -> str | None:
        key = self.words.key(name)
        found = self.ids.get(key) or (self.ids_of_growth.get(key) if is_change else None)
        short, word = self.ids_beside.get(key, (None, ""))
        return found or (short if word in sentence else None)


def load_catalogue() -> Catalogue:
    """Build the catalogue. About 0.1 seconds; hold on to the result."""
    facts: dict[str, Any] = load_facts("linking")
    words = _wordings(facts)
    entries: list[Entry] = load_facts("catalogue")["indicator"]
    return Catalogue(
        ids={words.key(name): entry["id"] for entry in entries for name in (entry["name"], *entry["aliases"])},
        ids_of_growth={words.key(name): entry["id"] for entry in entries for name in entry.get("growth", ())},
        ids_beside={words.key(name): (entry["id"], word) for entry in entries for name, word in _beside(entry)},
        kinds={entry["id"]: entry["unit_kind"] for entry in entries},
        unit_kinds={kind: frozenset(units) for kind, units in facts["kinds"].items()},
        also={kind: frozenset(units) for kind, units in facts["also"].items()},
        of_growth=frozenset(facts["of_growth"]),
        not_counted=frozenset(facts["not_counted"]),
        words=words,
        forms=load_forms(),
    )


def _beside(entry: Entry) -> Iterator[tuple[str, str]]:
    for row in entry.get("beside", ()):
        yield from ((name, row["word"]) for name in row["names"])


def _wordings(facts: Mapping[str, Any]) -> Wordings:
    first_of = {word: group[0] for group in facts["same"] for word in group}
    return Wordings(
        fillers=re.compile(any_of(facts["fillers"])),
        changes=re.compile(f"(?P<kept>{any_of(facts['no_changes'])})|{any_of(facts['changes'])}"),
        counters=re.compile(f"(?:{any_of(facts['counters'])})$"),
        edges=_edges(facts["before"], facts["after"]),
        same=re.compile(any_of(first_of)),
        first_of=first_of,
        means=re.compile(any_of(facts["means"])),
        basis=re.compile(any_of(facts["basis"])),
    )


def _edges(before: Iterable[str], after: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"^(?:{any_of(before)})+|(?:{any_of(after)})+$")
