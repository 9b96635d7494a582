"""How a field of a figure is decided: its rules are asked in order, the first that speaks decides and says why."""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from worker.extract.sentence.frames import Frame
from worker.figure import Said
from worker.once import Once
from worker.patterns import words_meant

S = TypeVar("S")
R = TypeVar("R", bound=Callable[..., object])

_ONLY_WITH: dict[Callable[..., object], tuple[str, ...]] = {}


class Answer(NamedTuple):
    """What a rule makes of a figure: the field's value, and the report's words that it went by, if any.

    ``rule`` is the name of a rule inside the rule that decided, ``frame`` what the figures after may take over, where
    that has changed.
    """

    value: str | None
    words: str = ""
    rule: str = ""
    frame: Frame | None = None


Rule = Callable[[S], Answer | None]


def only_with(*words: str) -> Callable[[R], R]:
    """Of a rule: it speaks only where one of these words stands in the sentence or beside it, and is asked nowhere else.

    ``{file.list}`` stands for the words of a list, as in :class:`worker.patterns.Pattern`.
    """

    def noted(rule: R) -> R:
        _ONLY_WITH[rule] = words
        return rule

    return noted


def openings_of(text: str) -> frozenset[str]:
    """What the words that rules need can begin with in the text: a character, and it with the next. Spaces part no word."""
    found = _looked_for().findall(text.replace(" ", ""))
    return frozenset(one for one, _ in found).union(one + following for one, following in found)


@cache
def _looked_for() -> re.Pattern[str]:
    """A character that a word which some rule needs begins with, and the one after it."""
    firsts = {opening[0] for words in _ONLY_WITH.values() for opening in _openings(words)}
    return re.compile(f"([{re.escape(''.join(sorted(firsts)))}])(?=(.?))")


@dataclass(frozen=True)
class Field(Generic[S]):
    """A field with its rules in their order. A rule's name is the field's and the function's: ``period.carried``.

    The last rule always speaks. ``asking`` names the one that asks ``inner`` rules, and takes their names.
    """

    name: str
    rules: tuple[Rule[S], ...]
    asking: str = ""
    inner: tuple[Callable[..., object], ...] = ()

    @Once
    def _needs(self) -> list[tuple[Rule[S], frozenset[str] | None]]:
        """The rules, with the openings of the words of which each needs one; None for a rule that needs none."""
        return [(rule, _openings(_ONLY_WITH[rule]) if rule in _ONLY_WITH else None) for rule in self.rules]

    @Once
    def _needed(self) -> frozenset[str]:
        """What any of its rules needs."""
        return frozenset().union(*(needs for _, needs in self._needs if needs))

    @Once
    def _without_needs(self) -> tuple[Rule[S], ...]:
        return tuple(rule for rule, needs in self._needs if needs is None)

    def asked(self, openings: Set[str]) -> tuple[Rule[Any], ...]:
        """The rules that may speak of the figures of a sentence that has these openings (:func:`openings_of`)."""
        if self._needed.isdisjoint(openings):
            return self._without_needs
        return tuple([rule for rule, needs in self._needs if needs is None or not needs.isdisjoint(openings)])

    def decide(self, seen: S, asked: Sequence[Rule[S]] | None = None) -> Said:
        """The field of one figure, by the rules that may speak: all of them, unless they are told.

        Raises:
            LookupError: no rule spoke.
        """
        for rule in self.rules if asked is None else asked:
            if answer := rule(seen):
                return _said(self.name, answer[2] or rule.__name__, answer[0], answer[1])
        raise LookupError(f"no rule of {self.name} spoke")

    def answer(self, seen: S, asked: Sequence[Rule[S]]) -> tuple[Said, Frame | None]:
        """The field of one figure, and the frame after it where a rule has changed that."""
        for rule in asked:
            if answer := rule(seen):
                return _said(self.name, answer[2] or rule.__name__, answer[0], answer[1]), answer[3]
        raise LookupError(f"no rule of {self.name} spoke")


# Most fields of most figures are what they are by few rules and few words.
@lru_cache(maxsize=4096)
def _said(field: str, rule: str, value: str | None, words: str) -> Said:
    return Said(value, f"{field}.{rule}", words)


def _openings(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word[:2] for word in words_meant(words))


def first_of(rules: Sequence[Rule[S]], seen: S) -> Answer | None:
    """What the first of the rules that speaks says."""
    for rule in rules:
        if answer := rule(seen):
            return answer
    return None
