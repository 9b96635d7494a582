"""How a field of a figure is decided: its rules are asked in order, the first that speaks decides and says why."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from worker.extract.sentence.frames import Frame
from worker.figure import Said
from worker.patterns import words_meant

S = TypeVar("S")
R = TypeVar("R", bound=Callable[..., object])

_ONLY_WITH: dict[Callable[..., object], tuple[str, ...]] = {}
_BITS: dict[Callable[..., object], int] = {}


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

#: What the last rule of a field says where nothing gives it a value.
NO_VALUE = Answer(None)


@cache
def _bits_by_opening() -> dict[str, int]:
    """The rules that need a word which begins like this, with one character or two."""
    bits: dict[str, int] = {}
    for rule, words in _ONLY_WITH.items():
        for opening in {word[:2] for word in words_meant(words)}:
            bits[opening] = bits.get(opening, 0) | _BITS[rule]
    return bits


@cache
def _looked_for() -> re.Pattern[str]:
    """A character that a word which some rule needs begins with, and the one after it."""
    firsts = {opening[0] for opening in _bits_by_opening()}
    return re.compile(f"([{re.escape(''.join(sorted(firsts)))}])(?=(.?))")


def only_with(*words: str) -> Callable[[R], R]:
    """Of a rule: it speaks only where one of these words stands in the sentence or beside it, and is asked nowhere else.

    ``{file.list}`` stands for the words of a list, as in :class:`worker.patterns.Pattern`.
    """

    def noted(rule: R) -> R:
        _ONLY_WITH[rule] = words
        _BITS[rule] = 1 << len(_BITS)
        _bits_by_opening.cache_clear()
        _looked_for.cache_clear()
        return rule

    return noted


def words_found(text: str) -> int:
    """Which of the rules that need words may find one of theirs in the text: the bits of these rules. Spaces part no word."""
    bits, found = _bits_by_opening(), 0
    for one, following in set(_looked_for().findall(text.replace(" ", ""))):
        found |= bits.get(one, 0) | bits.get(one + following, 0)
    return found


@dataclass(frozen=True)
class Field(Generic[S]):
    """A field with its rules in their order. A rule's name is the field's and the function's: ``period.carried``.

    The last rule always speaks. ``asking`` names the one that asks ``inner`` rules, and takes their names.
    """

    name: str
    rules: tuple[Rule[S], ...]
    asking: str = ""
    inner: tuple[Callable[..., object], ...] = ()

    def asked(self, found: int) -> tuple[Rule[Any], ...]:
        """The rules that may speak of the figures of a sentence in which these have found words (:func:`words_found`)."""
        return tuple([rule for rule in self.rules if rule not in _BITS or _BITS[rule] & found])

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


def first_of(rules: Sequence[Rule[S]], seen: S) -> Answer | None:
    """What the first of the rules that speaks says."""
    for rule in rules:
        if answer := rule(seen):
            return answer
    return None
