"""Sentences that are known by their form, and said in another language."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_GREATEST_DEPTH: Final = 6
_PLACE: Final = re.compile(r"\{(\w+)\}")


class _Sentence(NamedTuple):
    form: re.Pattern[str]
    said: str


class Sentences:
    """Pairs of a form, with a name in braces where something stands, and what is said for it, with the same names.

    What stands in a place is a sentence, too, where it has a form, except in a place that ``names`` has: what fills that is
    somebody's name for something. The first form that fits holds, so what is longer stands before what it contains.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], names: Iterable[str]) -> None:
        self._sentences = tuple(_Sentence(_form(english), said) for english, said in pairs)
        self._names = frozenset(names)

    def said(self, text: str) -> str:
        """What is said for a text; the text itself where it has no form.

        >>> Sentences([("no {name}", "没有 {name}"), ("a and {rest}", "甲与{rest}")], ["name"]).said("a and no a")
        '甲与没有 a'
        """
        return self._said(text, _GREATEST_DEPTH)

    def _said(self, text: str, depth: int) -> str:
        for sentence in self._sentences:
            if found := sentence.form.fullmatch(text):
                return _PLACE.sub(lambda place: self._filled(place[1], found[place[1]], depth), sentence.said)
        return text

    def _filled(self, name: str, text: str, depth: int) -> str:
        return text if name in self._names or not depth else self._said(text, depth - 1)


def _form(english: str) -> re.Pattern[str]:
    pieces = _PLACE.split(english)
    return re.compile(
        "".join(f"(?P<{piece}>.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)), re.DOTALL
    )
