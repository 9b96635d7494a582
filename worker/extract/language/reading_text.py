"""A text prepared for reading figures: full-width forms folded, names and quotations marked."""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from worker.extract.language.growth import Growth
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.words import Words
from worker.extract.language.words_before import Phrase, read_left
from worker.once import Once
from worker.patterns import Pattern

# Full-width ASCII forms and the ideographic space, one for one, so that places stay.
_FOLDED = {chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)} | {"\u3000": " ", "\xa0": " "}
_TO_FOLD = re.compile(f"[{''.join(_FOLDED)}]")
_WIDE_COMMA = re.compile("(?<=[0-9])，(?=[0-9])")

# Longer quotations are speech, and their figures count.
_NAMES = re.compile(
    r"[《“「\"〔\[(](?:(?P<title>(?<=《)[^《》\n]{1,100}》)"
    r"|(?P<quotation>(?<=“)[^“”\n]{1,25}”|(?<=「)[^「」\n]{1,25}」|(?<=\")[^\"\n]{1,15}\")"
    r"|(?P<number>(?<=[〔\[(])[12][0-9]{3}[〕\])] ?(?:第 ?)?[0-9]+ ?号))"
)
# Years counted from 1912, in texts that do not name the Republic.
_REPUBLIC = Pattern(
    r"1(?<![0-9.]1)[01][0-9] ?年(?:度(?![0-9])|底(?=[本全])|本[市县院局府署处])|\(1[01][0-9]\) ?年|{times.republic}"
)
# A quoted share is a share: 提升为「28%加减2%」.
_QUOTED_SHARE = re.compile(r".[0-9]+(?:\.[0-9]+)?%(?:(?:加减|±)[0-9.]+%|以上|以下|左右)?.")
_PHRASES = 4096  # are remembered
_REASONS = {
    "title": "inside the title of a document",
    "quotation": "inside a quoted name or slogan",
    "number": "a document number",
}


@dataclass(frozen=True)
class ReadingText:
    """``text`` has the length and the places of the text it was made from.

    ``wide_commas`` are the places of full-width commas between digits there, which part clauses as a rule.
    """

    text: str
    lexicon: Lexicon
    words: Words
    wide_commas: frozenset[int] = frozenset()

    @classmethod
    def of(cls, text: str, lexicon: Lexicon, words: Words) -> "ReadingText":
        """A text as it is read, by these words."""
        commas = frozenset(match.start() for match in _WIDE_COMMA.finditer(text))
        return cls(fold(text), lexicon, words, commas)

    @Once
    def phrase_before(self) -> Callable[..., Phrase]:
        """What :func:`read_left` makes of words of this text: a report says of many figures what it has said before."""
        return lru_cache(maxsize=_PHRASES)(partial(read_left, words=self.words, lexicon=self.lexicon))

    @property
    def growth(self) -> Growth:
        """What reads the words of growth."""
        return self.lexicon.growth

    @Once
    def counts_from_republic(self) -> bool:
        """Whether years of three digits are those of the Republic of China (114年), which the text names, its money, or so."""
        return "民国" in self.text or "新台币" in self.text or bool(_REPUBLIC.search(self.text))

    def cover_of(self, start: int, end: int | None = None) -> str | None:
        """Why the character there, or all of ``text[start:end]``, belongs to a name; None if it does not.

        The fixed name 十分 is none in 十分之一.
        """
        row = bisect_right(self._cover_starts, start) - 1
        last = start if end is None else end - 1
        return self._covers[row][2] if row >= 0 and last < self._covers[row][1] else None

    @Once
    def _covers(self) -> list[tuple[int, int, str]]:
        found = [
            (m.start(), m.end(), _REASONS[m.lastgroup or "title"])
            for m in _NAMES.finditer(self.text)
            if not _QUOTED_SHARE.fullmatch(m.group())
        ]
        found += [(m.start(), m.end(), "a fixed name") for m in self.lexicon.names.finditer(self.text)]
        found.sort(key=lambda row: (row[0], -row[1]))
        disjoint: list[tuple[int, int, str]] = []
        for row in found:
            if not disjoint or row[0] >= disjoint[-1][1]:
                disjoint.append(row)
        return disjoint

    @Once
    def _cover_starts(self) -> list[int]:
        return [start for start, _, _ in self._covers]


def fold(text: str) -> str:
    """The text with full-width forms of ASCII as ASCII, and special spaces as spaces.

    >>> fold("１２％")
    '12%'
    """
    # Replacing the few characters that occur is five times as fast as str.translate.
    for char in set(_TO_FOLD.findall(text)):
        text = text.replace(char, _FOLDED[char])
    return text
