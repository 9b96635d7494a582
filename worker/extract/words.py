"""Chinese words and their tags, from jieba's dictionary and the project's own list."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

USER_WORDS = Path(__file__).parent.parent / "data" / "words.txt"
_LONGEST = 8
_QUOTED = re.compile("(《[^《》]{1,60}》|“[^“”]{1,20}”)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with jieba's tag for it: n noun, v verb, d adverb ... ; ``x`` where the dictionary has none."""

    text: str
    tag: str


@dataclass(frozen=True)
class Words:
    """Segmentation without statistics for unknown words: the same text gives the same words everywhere.

    ``forget`` drops the segmentations remembered so far.
    """

    segment: Callable[[str], Sequence[str]]
    tags: Mapping[str, str]
    forget: Callable[[], None] = lambda: None

    def cut(self, text: str) -> list[Word]:
        """The text's words in order; together they are the text. A title or a quoted name is one word."""
        if not _QUOTED.search(text):
            return [Word(word, self.tag(word)) for word in self.segment(text)]
        found: list[Word] = []
        for part in _QUOTED.split(text):
            if part.startswith(("《", "“")):
                found.append(Word(part, "nz"))
            elif part:
                found += [Word(word, self.tag(word)) for word in self.segment(part)]
        return found

    def tag(self, word: str) -> str:
        """The dictionary's tag of a word."""
        return self.tags.get(word, "x")

    def longest(self, text: str, start: int) -> str:
        """The longest dictionary word of two characters or more that starts there, or nothing."""
        for end in range(min(len(text), start + _LONGEST), start + 1, -1):
            if text[start:end] in self.tags:
                return text[start:end]
        return ""


def load_words(jieba: Any) -> Words:
    """Words from an initialised jieba; adds the project's word list to its dictionary."""
    tags: dict[str, str] = jieba.posseg.dt.word_tag_tab
    for line in USER_WORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, tag = line.split()
            jieba.add_word(word, tag=tag)
            tags[word] = tag

    @lru_cache(maxsize=4096)
    def segment(text: str) -> tuple[str, ...]:
        return tuple(jieba.lcut(text, HMM=False))

    return Words(segment, tags, segment.cache_clear)
