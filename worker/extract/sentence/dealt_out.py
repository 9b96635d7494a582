"""分别: things named one after the other take the figures after them in the same order."""

import re
from collections.abc import Sequence

from worker.extract.language.reading_text import ReadingText
from worker.extract.language.topics import shared_tail
from worker.extract.language.words_before import read_left
from worker.patterns import Pattern

_RESPECTIVELY = re.compile(r"(?P<items>.+?)(?:分别|依次)(?P<tail>[^、]{0,8})$")
_AND = re.compile("[、和与及]|以及")
_LISTS = re.compile("有|是|为|包括|[:：]")
_PART = Pattern(r"\s*{indicators.parts}")


def deals_out(left: str) -> bool:
    """Whether the words before a figure deal out several."""
    return ("分别" in left or "依次" in left) and bool(_RESPECTIVELY.search(left))


def dealt_out(reading: ReadingText, left: str, count: int) -> tuple[list[str], str]:
    """The names of ``count`` figures and the words between 分别 and the first of them; no names where they do not fit.

    ``left`` are the words before the first figure.
    """
    match = _RESPECTIVELY.match(left) if "分别" in left or "依次" in left else None
    if not match:
        return [], ""
    items = [item for item in _AND.split(_PART.sub("", match["items"])) if item.strip()]
    if len(items) < count or count < 2:
        return [], ""
    return _named(reading, items[-count:]), match["tail"]


def dealt_out_of(reading: ReadingText, before: str, left: str, count: int) -> tuple[list[str], str]:
    """The same where the clause before names the things, and this one what all have: 有甲县、乙县，产值分别为."""
    match = _RESPECTIVELY.match(left)
    items = [item.strip() for item in _AND.split(_LISTS.split(before)[-1]) if item.strip()]
    if not match or len(items) != count or any(map(str.isdigit, "".join(items))):
        return [], ""
    shared = read_left(match["items"], reading.words, reading.lexicon).name
    return [item + shared for item in items], match["tail"]


def _named(reading: ReadingText, items: Sequence[str]) -> list[str]:
    """The names of things named one after the other, each with what they share."""
    names = [read_left(item, reading.words, reading.lexicon).name or item for item in items]
    first, last = reading.words.cut(items[0].strip()), reading.words.cut(items[-1].strip())
    attributes = tuple(reading.lexicon.grammar["attributes"])
    if tail := shared_tail(first, last, attributes):
        return [name if name.endswith(tail) else name + tail for name in names]
    if len(first) > 1 and first[-1].text.endswith(attributes) and names[0].endswith(first[-1].text):
        head = names[0].removesuffix(first[-1].text)
        return [names[0], *(head + name if len(reading.words.cut(name)) == 1 else name for name in names[1:])]
    return names
