"""The lines of a text, and which of them are running prose."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# The first is several times as fast.
_LINE, _LINE_OF_ANY_BREAK = re.compile(r".+"), re.compile(r"[^\r\n\f\v]+")
_SENTENCE = re.compile(r"[。；;！!？?]")
_CLAUSE = re.compile(r"[，,、]")
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|【[^】]{2,30}】\S|第[一二三四五六七八九十百]{1,4}(?:章|部分|篇)"
)
_SALUTATION = re.compile(r"(?:各位|尊敬的)[^，,。]{2,20}[:：]")

SHORTEST_PROSE = 40
SHORTEST_SENTENCE = 20


class Line(NamedTuple):
    """One line without the blanks around it, in offsets of its text; ``number`` counts blank lines too."""

    start: int
    end: int
    text: str
    number: int

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a paragraph of a report: long and with the marks of sentences."""
        length = len(self.text)
        if length < SHORTEST_SENTENCE:
            return False
        if _SENTENCE.search(self.text):
            return length >= SHORTEST_PROSE or self.text[-1] in "。；;！!"
        return length >= SHORTEST_PROSE and len(_CLAUSE.findall(self.text)) > 1 and "|" not in self.text

    @property
    def opens_body(self) -> bool:
        """Whether a report's body begins at this line at the latest."""
        return self.is_prose or bool(_HEADING.match(self.text) or _SALUTATION.fullmatch(self.text))


# What cleans a text and what reads its structure go through the same lines one after the other.
@lru_cache(maxsize=2)
def lines_of(text: str) -> tuple[Line, ...]:
    """The lines that hold something."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[Line]:
    number = 0
    place = 0
    is_plain = "\r" not in text and "\f" not in text and "\v" not in text
    for match in (_LINE if is_plain else _LINE_OF_ANY_BREAK).finditer(text):
        number += text.count("\n", place, match.start())
        place = match.start()
        line = match[0].lstrip()
        if line:
            start = match.end() - len(line)
            inner = line.rstrip()
            yield Line(start, start + len(inner), inner, number)


def with_break(text: str, line: Line) -> tuple[int, int]:
    """The span of a line together with the blanks around it and the break that ends it."""
    start, end = line.start, line.end
    while start and text[start - 1] in " \t\u00a0\u3000":
        start -= 1
    while end < len(text) and text[end] in " \t\u00a0\u3000\r":
        end += 1
    return start, end + 1 if text[end : end + 1] == "\n" else end
