"""How a field of a figure is decided: its rules are asked in order, the first that speaks decides and says why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from worker.extract.sentence.frames import Frame
from worker.figure import Said

S = TypeVar("S")


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


@dataclass(frozen=True)
class Field(Generic[S]):
    """A field with its rules in their order. A rule's name is the field's and the function's: ``period.carried``.

    The last rule always speaks. ``asking`` names the one that asks ``inner`` rules, and takes their names.
    """

    name: str
    rules: tuple[Rule[S], ...]
    asking: str = ""
    inner: tuple[Callable[..., object], ...] = ()

    def decide(self, seen: S) -> Said:
        """The field of one figure.

        Raises:
            LookupError: no rule spoke.
        """
        for rule in self.rules:
            if answer := rule(seen):
                return _said(self.name, answer[2] or rule.__name__, answer[0], answer[1])
        raise LookupError(f"no rule of {self.name} spoke")

    def answer(self, seen: S) -> tuple[Said, Frame | None]:
        """The field of one figure, and the frame after it where a rule has changed that."""
        for rule in self.rules:
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
