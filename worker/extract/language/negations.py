"""Negations: one word with the act that they govern, so that nothing which shortens a name can part the two."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Protocol

from worker.facts import load_facts

_LONGEST_OBJECT = 6  # words between a preposition and the act: 未在规定期限内办结
_LONGEST_DENIAL = 8  # words from a negation to what it governs
_ADVERBS = ("d", "ad", "zg", "z")
_NO_WORDS = frozenset({"x", "uj", "ul", "ug", "uz", "m", "mq", "q", "t", "w", "y", "c", "f"})
_OF_TIMES = frozenset({"f", "m", "mq", "q", "t"})  # 未在7天内更新
_LEADING_TO_TIMES = ("在", "于", "按")  # 未在7天内更新
_DESCRIBES = "b"
_MAKE_VERBS = frozenset("不未")  # 不符合要求, where the dictionary has 符合要求 as a noun
_MEASURES = frozenset("率额量数费")


class Tagged(Protocol):
    """A word with its tag."""

    @property
    def text(self) -> str:
        """The word."""

    @property
    def tag(self) -> str:
        """Its tag."""


class Governed(NamedTuple):
    """The words ``found[start:end]`` are a negation with what it governs, together a word with this ``tag``."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True)
class Vocabulary:
    """The lists of ``worker/data/negations.toml``: ``before`` says what each negation stands before.

    ``hanging`` is one whose act stands after the number that follows: 未在(7天)内更新.
    """

    before: dict[str, str]
    bounds: frozenset[str]
    last_bounds: frozenset[str]
    leaving_out: frozenset[str]
    prepositions: frozenset[str]
    between: frozenset[str]
    any_of: re.Pattern[str]
    at_end: re.Pattern[str]
    hanging: re.Pattern[str]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once a process."""
    facts = load_facts("negations")
    before = {word: row["before"] for row in facts["negations"] for word in row["words"]}
    either = "|".join(sorted(before, key=lambda word: (-len(word), word)))
    return Vocabulary(
        before,
        frozenset(facts["bounds"]["words"]),
        frozenset(facts["bounds"]["at_the_end"]),
        frozenset(facts["leaving_out"]["words"]),
        frozenset(facts["prepositions"]["words"]),
        frozenset(facts["between"]["words"]),
        re.compile(either),
        re.compile(f"(?:{either})$"),
        re.compile(f"(?P<negation>{either})(?:{'|'.join(_LEADING_TO_TIMES)}|能在)$"),
    )


def hanging_in(text: str) -> re.Match[str] | None:
    """The negation at the end of the words before a number, whose act stands after it: 未在(7天内更新)."""
    return vocabulary().hanging.search(text) if text.endswith(_LEADING_TO_TIMES) else None


def kept_words() -> frozenset[str]:
    """The words that no name may lose, wherever they stand: the negations, and 只."""
    return frozenset(vocabulary().before) | frozenset(load_facts("negations")["limits"]["words"])


def is_bound(found: Sequence[Tagged]) -> bool:
    """Whether these words, after a negation, make it a bound: 低于, 应低于."""
    words = vocabulary()
    first = next((word.text for word in found if word.text not in words.between), "")
    return first in words.bounds or first in words.last_bounds


def find_governed(found: Sequence[Tagged]) -> Iterator[Governed]:
    """The negations among these words with what each governs; those that make a bound (不超过) are none.

    >>> from worker.extract.language.words import Word
    >>> list(find_governed([Word("案件", "n"), Word("未", "d"), Word("按期", "d"), Word("办结", "v")]))
    [Governed(start=1, end=4, tag='v')]
    """
    at = 0
    while at < len(found):
        governed = _from(found, at)
        if governed:
            yield governed
        at = governed.end if governed else at + 1


def _from(found: Sequence[Tagged], start: int) -> Governed | None:
    words = vocabulary()
    said, at = _negation(found, start)
    if not said:
        return None
    before = words.before[said]
    last = min(len(found), start + _LONGEST_DENIAL)
    while (more := _negation(found, at))[0]:  # 没有不受理, 不得不停止
        at = more[1]
    while at < last and _stands_between(found[at]):
        at += 1
    if at >= last or _denies_nothing(found, at):
        return None
    if _is_preposition(found[at]) and before != "noun":
        return _with_object(found, start, at)
    if found[at].tag in _NO_WORDS or (before == "verb" and found[at].tag[0] != "v" and not _is_measure(found[at])):
        return None
    return Governed(start, at + 1, _tag(found[at], said, is_next=at == start + 1))


def _is_preposition(word: Tagged) -> bool:
    return word.tag == "p" or word.text in vocabulary().prepositions


def _stands_between(word: Tagged) -> bool:
    return not _is_preposition(word) and (word.tag in _ADVERBS or word.text in vocabulary().between)


def _tag(governed: Tagged, said: str, *, is_next: bool) -> str:
    """The tag of both together: what 无 denies describes, what 不 and 未 deny is said of something, as a verb is."""
    if vocabulary().before[said] == "noun":
        return _DESCRIBES if is_next else governed.tag
    return "v" if governed.tag == "n" and said[-1] in _MAKE_VERBS and not _is_measure(governed) else governed.tag


def _is_measure(word: Tagged) -> bool:
    """Whether the word names a measure of an act: 办结率."""
    return word.tag == "n" and word.text[-1] in _MEASURES


def _negation(found: Sequence[Tagged], at: int) -> tuple[str, int]:
    """The negation that starts there, of one word or two (还, 未), and where it ends."""
    before = vocabulary().before
    for length in (2, 1):
        said = "".join(word.text for word in found[at : at + length])
        if said in before and at + length <= len(found):
            return said, at + length
    return "", at


def _denies_nothing(found: Sequence[Tagged], at: int) -> bool:
    words, text = vocabulary(), found[at].text
    return text in words.bounds or text in words.leaving_out or (text in words.last_bounds and at + 1 == len(found))


def _with_object(found: Sequence[Tagged], start: int, preposition: int) -> Governed:
    """The negation with a preposition, its object and the act after that: 未按要求整改."""
    first = preposition + 2
    for at in range(first, min(len(found), first + _LONGEST_OBJECT)):
        if found[at].tag in _NO_WORDS and found[at].tag not in _OF_TIMES and not found[at].text.isdigit():
            break
        is_last = at + 1 == len(found) or found[at + 1].tag[0] != "v"
        if found[at].tag[0] == "v" and is_last:  # 要求 is a verb to the dictionary
            return Governed(start, at + 1, "v")
    return Governed(start, preposition + 1, "v")


def with_its_negations(name: str, said: Sequence[Tagged]) -> str:
    """The name with the negations that ``said``, the words that it was read from, have before an act which it kept bare.

    An act that the words name without a negation as well stays as it is.
    """
    text = "".join(word.text for word in said)
    for word in said:
        opening = vocabulary().any_of.match(word.text)
        if not opening or word.text in name:
            continue
        act = _kept(name, word.text[opening.end() :])
        if act and text.count(act) == 1:
            name = name.replace(act, word.text)
    return name


def _kept(name: str, governed: str) -> str:
    """The longest end of what a negation governs that the name has without one."""
    for start in range(len(governed) - 1):
        before, act, _ = name.partition(governed[start:])
        if act:
            return "" if vocabulary().at_end.search(before) else act
    return ""
