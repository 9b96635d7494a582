"""Chinese words and their tags, from jieba's dictionary and the project's own list."""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from operator import attrgetter
from pathlib import Path
from typing import Any

from worker.extract.language.negations import find_governed, vocabulary
from worker.patterns import set_of

USER_WORDS = Path(__file__).parents[2] / "data" / "words.txt"
_LONGEST = 8
_NO_WORD = "-"  # the tag of what the dictionary has as a word and is none
MARKS = frozenset(" ,;:、。()[]·.的和与及等各-—\n")  # between words, and part of no name's end
_MEASURES = frozenset("率额量数费")
_JOINTS = frozenset(" 、,的和与及")  # what is left of a list or a clause at its ends
_JOINTS_AT_START, _JOINTS_AT_END = _JOINTS | {")"}, _JOINTS | {"("}
_LEADS = frozenset("为有是占达需增减升降涨跌")
_LATIN = re.compile("[A-Za-z0-9]+(?:[.+#-][A-Za-z0-9]+)*")
_LETTER = re.compile("[A-Za-z0-9]")
_TENSES = frozenset({"ul", "ug", "uz"})  # 了, 过, 着
_QUOTED = re.compile("(《[^《》]{1,60}》|“[^“”]{1,20}”)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with jieba's tag for it: n noun, v verb, d adverb ... ; ``x`` where the dictionary has none."""

    text: str
    tag: str


#: What gives a word's text, and its tag, for going through many.
TEXT, _TAG = attrgetter("text"), attrgetter("tag")


@dataclass(frozen=True)
class Words:
    """Segmentation without statistics for unknown words: the same text gives the same words everywhere.

    ``tags`` has the tag of each word, ``beginnings`` every word and what words begin with. ``forget`` drops the
    segmentations remembered so far.
    """

    tagged: Callable[[str], Sequence[Word]]
    tags: Mapping[str, str]
    beginnings: Container[str]
    forget: Callable[[], None] = lambda: None

    def cut(self, text: str) -> list[Word]:
        """The text's words in order; together they are the text. A title or a quoted name is one word."""
        if "《" not in text and "“" not in text:
            return list(self.tagged(text))
        found: list[Word] = []
        for at, part in enumerate(_QUOTED.split(text)):
            if at % 2:
                found.append(Word(part, "nz"))
            elif part:
                found += self.tagged(part)
        return found

    def tag(self, word: str) -> str:
        """The dictionary's tag of a word."""
        return self.tags.get(word, "x")

    def longest(self, text: str, start: int) -> str:
        """The longest dictionary word of two characters or more that starts there, or nothing."""
        longest = ""
        for end in range(start + 2, min(len(text), start + _LONGEST) + 1):
            word = text[start:end]
            if word not in self.beginnings:
                break
            if word in self.tags:
                longest = word
        return longest


def load_words(jieba: Any, tags: dict[str, str]) -> Words:
    """Words from an initialised jieba and the tags of its dictionary; adds the project's word list to both."""
    for line in USER_WORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, tag = line.split()
            if tag == _NO_WORD:
                jieba.del_word(word)
                tags.pop(word, None)
                continue
            jieba.add_word(word, tag=tag)
            tags[word] = tag
    return words_of_dictionary(jieba.dt.FREQ, jieba.dt.total, tags)


def words_of_dictionary(frequencies: Mapping[str, int], total: int, tags: Mapping[str, str]) -> Words:
    """Words by a dictionary's frequencies, their sum, and its tags."""
    weights = log_weights(frequencies, total)
    negation = vocabulary().any_of

    @lru_cache(maxsize=32768)
    def known(word: str) -> Word:
        return Word(word, "v" if is_denied(word) else tags.get(word, "x"))

    def is_denied(word: str) -> bool:
        """Whether the dictionary has a verb with its negation as an idiom: 拒不执行."""
        if tags.get(word, "x") not in ("i", "l") or not (opening := negation.match(word)):
            return False
        return tags.get(word[opening.end() :], "x")[0] == "v"

    @lru_cache(maxsize=4096)
    def tagged(text: str) -> tuple[Word, ...]:
        found = list(map(known, segment(text, frequencies, weights)))
        if not _MEASURES.isdisjoint(text):
            found = with_measures(found)
        if "(" in text:
            found = with_variants(found, tags)
        if "约" in text:
            found = with_single_verbs(found)
        if "案" in text:
            found = with_cases(found)
        return tuple(with_negations(found) if negation.search(text) else found)

    return Words(tagged, tags, frequencies, tagged.cache_clear)


def log_weights(frequencies: Mapping[str, int], total: int) -> dict[int, float]:
    """The logarithm of the probability of a word, by its frequency."""
    return {count: log(count) - log(total) for count in {1, *frequencies.values()} if count}


def segment(text: str, frequencies: Mapping[str, int], weights: Mapping[int, float]) -> list[str]:
    """The most probable division of a text into dictionary words; Latin letters and digits stay together.

    ``frequencies`` is jieba's dictionary: the frequency of each word, and 0 for what words begin with; ``weights`` those
    of :func:`log_weights`. The division is jieba's without its model for unknown words, found from the end to the start
    in one pass.
    """
    length, get = len(text), frequencies.get
    best = [0.0] * (length + 1)
    ends = [0] * length
    for start in range(length - 1, -1, -1):
        end = start + 1
        score = weights[get(text[start]) or 1] + best[end]
        chosen = end
        while end < length:
            end += 1
            frequency = get(text[start:end])
            if frequency is None:
                break
            if frequency and (other := weights[frequency] + best[end]) > score:
                score, chosen = other, end
        best[start], ends[start] = score, chosen
    words: list[str] = []
    place = 0
    has_latin = _LETTER.search(text) is not None
    while place < length:
        if has_latin and (latin := _LATIN.match(text, place)) and latin.end() > ends[place]:
            words.append(latin.group())
            place = latin.end()
        else:
            words.append(text[place : ends[place]])
            place = ends[place]
    return words


def with_measures(found: list[Word]) -> list[Word]:
    """The words with what makes a measure of a word joined to it: 删减 + 数, 参合 + 率.

    The dictionary knows the common ones (覆盖率); reports make new ones every day.
    """
    kept: list[Word] = []
    for word in found:
        if word.text in _MEASURES and kept and len(kept[-1].text) > 1 and kept[-1].tag[0] in "vnx":
            kept[-1] = Word(kept[-1].text + word.text, "n")
        elif word.text == "率" and len(kept) >= _PAIR and all(map(_is_syllable, kept[-_PAIR:])):
            kept[-_PAIR:] = [Word(joined(kept[-_PAIR:]) + word.text, "n")]  # 妥处率
        else:
            kept.append(word)
    return kept


def with_variants(found: list[Word], tags: Mapping[str, str]) -> list[Word]:
    """The words with each that shows another spelling of itself in a bracket as one: 制(订)定."""
    kept: list[Word] = []
    for word in found:
        kept.append(word)
        last = kept[-_VARIANT:]
        if len(last) == _VARIANT and (last[1].text, last[3].text) == ("(", ")"):
            first, between, end = last[0].text, last[2].text, last[4].text
            is_short = len(first) == len(between) == len(end) == 1
            if is_short and first + end in tags and between + end in tags:
                kept[-_VARIANT:] = [Word("".join(part.text for part in last), tags[first + end])]
    return kept


_VARIANT = 5  # words, with the marks of the bracket
_PAIR = 2  # words


def _is_syllable(word: Word) -> bool:
    """Whether it is one character that can be half of a word which the dictionary has not."""
    return len(word.text) == 1 and word.tag[0] in "avn"


def with_single_verbs(found: list[Word]) -> list[Word]:
    """The words with 约 and the verb of one character after it as one: 约谈; it estimates numbers alone."""
    kept: list[Word] = []
    for word in found:
        if kept and kept[-1].text == "约" and len(word.text) == 1 and word.tag[0] == "v" and word.text not in _LEADS:
            kept[-1] = Word(kept[-1].text + word.text, "v")
        else:
            kept.append(word)
    return kept


def with_cases(found: list[Word]) -> list[Word]:
    """The words with the verb that says what a case is of joined to it: 行劫 + 案, 爆 + 窃案; not with one that handles it."""
    kept: list[Word] = []
    for word in found:
        is_case = word.text.endswith("案") and len(word.text) <= _LONGEST_CASE and word.tag[0] == "n"
        last = kept[-1] if kept and is_case else None
        if last and is_verb(last) and len(last.text + word.text) == _CASE_OF and last.text not in _handling():
            kept[-1] = Word(last.text + word.text, "n")
        else:
            kept.append(word)
    return kept


_LONGEST_CASE = 2
_CASE_OF = 3  # characters: what was done, and 案


@cache
def _handling() -> frozenset[str]:
    """Verbs that are done with cases, and say of none what it is."""
    return set_of("indicators.handling_cases")


def with_negations(found: list[Word]) -> list[Word]:
    """The words with each negation and what it governs as one: 尚未 + 审结."""
    kept: list[Word] = []
    place = 0
    for start, end, tag in find_governed(found):
        kept += found[place:start]
        kept.append(Word("".join(word.text for word in found[start:end]), tag))
        place = end
    return kept + found[place:]


def is_verb(word: Word) -> bool:
    """Whether the word is a verb or an activity."""
    return word.tag[0] == "v"


def is_action(word: Word) -> bool:
    """Whether it is a verb and nothing else."""
    return word.tag in ("v", "vi", "vg")


def is_noun(word: Word) -> bool:
    """Whether it can stand in a noun phrase."""
    return word.tag[0] in "nlijxbsr" or word.tag in ("an", "vn", "eng")


def _without_tenses(found: Sequence[Word]) -> list[Word]:
    kept: list[Word] = []
    for word in found:
        is_particle = word.tag in _TENSES and (word.text == "了" or (kept and is_verb(kept[-1])))
        if not is_particle:
            kept.append(word)
    return kept


def joined(words: Iterable[Word]) -> str:
    """The words as one name, without marks and particles at its ends, and without the particles of tense."""
    kept = list(words)
    if not _TENSES.isdisjoint(map(_TAG, kept)):
        kept = _without_tenses(kept)
    while kept and kept[-1].text in _JOINTS_AT_END:
        kept.pop()
    start = 0
    while start < len(kept) and kept[start].text in _JOINTS_AT_START:
        start += 1
    name = "".join(map(TEXT, kept[start:] or kept))
    return name.replace(" ", "") if " " in name else name
