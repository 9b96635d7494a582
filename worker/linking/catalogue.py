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


def folded(name: str) -> str:
    """A name in one form of its letters and without its marks: PM₂.₅ is PM25.

    >>> folded("PM₂.₅年均浓度")
    'PM25年均浓度'
    """
    return _MARKS.sub("", unicodedata.normalize("NFKC", name).upper())


@dataclass(frozen=True)
class Light:
    """Words that add nothing to a name which has one of the words ``beside`` and says more than these ``alone``."""

    words: re.Pattern[str]
    beside: re.Pattern[str]
    alone: re.Pattern[str]


@dataclass(frozen=True)
class Wordings:
    """The words of ``worker/data/linking.toml``: which say nothing of their own, and which say the same.

    ``said_as`` gives for the words of ``known`` what stands for them in a key: nothing for those that add nothing. What may
    stand at a name's edges (``before``, ``after``) and the ``counters`` have the longest first.
    """

    known: re.Pattern[str]
    said_as: Mapping[str, str]
    changes: re.Pattern[str]
    counters: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    means: re.Pattern[str]
    basis: re.Pattern[str]
    light: tuple[Light, ...]

    def key(self, name: str) -> str:
        """What is left of a name without the words that add nothing, in an order that does not matter.

        Two names with the same characters are the same words in another order: 办理行政复议案件, 行政复议案件办理.
        """
        return self.key_of_folded(folded(name))

    def key_of_folded(self, name: str) -> str:
        """The same of a name that :func:`folded` made."""
        bare = self.known.sub(lambda match: self.said_as[match[0]], name)
        return "".join(sorted(bare.removesuffix(_at_end(bare, self.counters))))

    def trimmed(self, name: str, *, is_change: bool) -> str:
        """The name without what may stand at its edges; that of a change, without the terms that it is reckoned in."""
        if is_change:
            name = self.basis.sub("", name)
        while name.startswith(self.before):
            name = name.removeprefix(next(filter(name.startswith, self.before)))
        while name.endswith(self.after):
            name = name.removesuffix(_at_end(name, self.after))
        return name

    def lightened(self, name: str) -> str | None:
        """The name without its words that add nothing there: 行政复议维持 of 行政复议案件维持; None where too little is left."""
        for light in self.light:
            if light.beside.search(name):
                name = light.words.sub("", name)
                if not light.alone.sub("", name):
                    return None  # 行政复议案件 alone says less than 行政复议申请
        return name

    def without_change(self, name: str) -> str:
        """The name without the words that say that the number is a change: 增加值增长 is 增加值."""
        return self.changes.sub(lambda match: match["kept"] or "", name)


@dataclass(frozen=True)
class Catalogue:
    """``ids`` gives the id of a wording's key, ``ids_of_growth`` that of a wording which means it in its growth only.

    ``light_ids`` are the same by what is left of a wording without the words that add nothing to it (:class:`Light`), where
    that leaves one id. ``unless`` gives for a wording's key the words with which it speaks of something else.
    ``ids_beside`` are those of short wordings, each with the word that has to stand in the same sentence, ``ids_near``, by the
    word, those of wordings for which it has to be the last of the ``proceedings`` before the figure. ``kinds`` gives
    the kind of quantity of an id, ``unit_kinds`` the kinds of unit that agree with one; ``also`` are units of other kinds
    that do, ``not_counted`` those that never do, ``of_growth`` those of any growth. ``alphabet`` has the characters of
    all wordings and of all words that may stand around them.
    """

    ids: Mapping[str, str]
    ids_of_growth: Mapping[str, str]
    light_ids: Mapping[str, str]
    unless: Mapping[str, re.Pattern[str]]
    ids_beside: Mapping[str, tuple[str, str]]
    ids_near: Mapping[str, Mapping[str, str]]
    proceedings: re.Pattern[str]
    kinds: Mapping[str, str]
    unit_kinds: Mapping[str, frozenset[str]]
    also: Mapping[str, frozenset[str]]
    of_growth: frozenset[str]
    not_counted: frozenset[str]
    words: Wordings
    alphabet: frozenset[str]
    forms: tuple[Form, ...]

    def id_of(self, name: str, sentence: str, *, is_change: bool) -> str | None:
        """The id of a name, word for word; then of the name without what may stand at its edges; None for any other."""
        name = folded(name)
        if not self.alphabet.issuperset(name):
            return None  # as most names of a report: whatever else they say, no wording has a word of theirs
        plain = self.words.without_change(name) if is_change else name
        found = self._id(plain, sentence, is_change=is_change)
        trimmed = self.words.trimmed(plain, is_change=is_change)
        return found or (self._id(trimmed, sentence, is_change=is_change) if trimmed != plain else None)

    def id_near(self, name: str, before: str) -> str | None:
        """The id of a short wording by what the paragraph tells of last ``before`` the figure: 维持 behind 复议."""
        name = folded(name)
        if not self.alphabet.issuperset(name):
            return None
        told = self.proceedings.findall(before)
        return self.ids_near.get(told[-1], {}).get(self.words.key_of_folded(name)) if told else None

    def _id(self, name: str, sentence: str, *, is_change: bool) -> str | None:
        key = self.words.key_of_folded(name)
        if key in self.unless and self.unless[key].search(sentence):
            return None
        found = self.ids.get(key) or (self.ids_of_growth.get(key) if is_change else None)
        short, word = self.ids_beside.get(key, (None, ""))
        return found or (short if word in sentence else None) or self._light_id(name)

    def _light_id(self, name: str) -> str | None:
        light = self.words.lightened(name)
        return self.light_ids.get(self.words.key_of_folded(light)) if light else None


def load_catalogue() -> Catalogue:
    """Build the catalogue. About 0.1 seconds; hold on to the result."""
    facts: dict[str, Any] = load_facts("linking")
    words = _wordings(facts)
    entries: list[Entry] = load_facts("catalogue")["indicator"]
    wordings = [wording for entry in entries for wording in _all_of(entry)]
    return Catalogue(
        ids={words.key(name): entry["id"] for entry in entries for name in (entry["name"], *entry["aliases"])},
        ids_of_growth={words.key(name): entry["id"] for entry in entries for name in entry.get("growth", ())},
        light_ids=_light_ids(entries, words),
        unless={
            words.key(name): re.compile(any_of(row["words"]))
            for entry in entries
            for row in entry.get("unless", ())
            for name in row["names"]
        },
        ids_beside={words.key(name): (entry["id"], word) for entry in entries for name, word in _beside(entry)},
        ids_near=_ids_near(entries, words),
        proceedings=re.compile(any_of(facts["proceedings"])),
        kinds={entry["id"]: entry["unit_kind"] for entry in entries},
        unit_kinds={kind: frozenset(units) for kind, units in facts["kinds"].items()},
        also={kind: frozenset(units) for kind, units in facts["also"].items()},
        of_growth=frozenset(facts["of_growth"]),
        not_counted=frozenset(facts["not_counted"]),
        words=words,
        alphabet=frozenset(folded("".join([*wordings, *_words_around(facts)]))),
        forms=load_forms(),
    )


def _light_ids(entries: Iterable[Entry], words: "Wordings") -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for entry in entries:
        for name in (entry["name"], *entry["aliases"]):
            if light := words.lightened(folded(name)):
                found.setdefault(words.key_of_folded(light), set()).add(entry["id"])
    return {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1}


def _ids_near(entries: Iterable[Entry], words: "Wordings") -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        for name in entry.get("near", {}).get("names", ()):
            found.setdefault(entry["near"]["word"], {})[words.key(name)] = entry["id"]
    return found


def _all_of(entry: Entry) -> Iterator[str]:
    yield from (entry["name"], *entry["aliases"], *entry.get("growth", ()))
    yield from (name for name, _ in _beside(entry))
    yield from entry.get("near", {}).get("names", ())


def _words_around(facts: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("fillers", "changes", "no_changes", "counters", "before", "after", "means", "basis"):
        yield from facts[kind]
    yield from (word for group in facts["same"] for word in group)
    yield from (word for row in facts["light"] for word in row["words"])


def _beside(entry: Entry) -> Iterator[tuple[str, str]]:
    for row in entry.get("beside", ()):
        yield from ((name, row["word"]) for name in row["names"])


def _wordings(facts: Mapping[str, Any]) -> Wordings:
    said_as = {word: group[0] for group in facts["same"] for word in group} | dict.fromkeys(facts["fillers"], "")
    return Wordings(
        known=re.compile(any_of(said_as)),
        said_as=said_as,
        changes=re.compile(f"(?P<kept>{any_of(facts['no_changes'])})|{any_of(facts['changes'])}"),
        counters=_longest_first(facts["counters"]),
        before=_longest_first(facts["before"]),
        after=_longest_first(facts["after"]),
        means=re.compile(any_of(facts["means"])),
        basis=re.compile(any_of(facts["basis"])),
        light=tuple(
            Light(*(re.compile(any_of(row.get(field, ()))) for field in ("words", "beside", "alone")))
            for row in facts["light"]
        ),
    )


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _at_end(name: str, words: tuple[str, ...]) -> str:
    return next(filter(name.endswith, words), "") if name.endswith(words) else ""
