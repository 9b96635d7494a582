"""Characters that stand for others: look-alikes, invisible ones, codes of another character set, full-width digits."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from worker.clean.script import HAN
from worker.edits import Edit, Flaw
from worker.facts import load_facts

_COMPOSABLE = re.compile(r"[A-Za-z\u00c0-\u024f][\u0300-\u036f]+")
_WIDE = re.compile(
    r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\uff0e\uff0d]"
    r"(?:(?<![\uff0e\uff0d])|(?<=[0-9\uff10-\uff19].)(?=[0-9\uff10-\uff19]))"
)
_WIDE_THOUSANDS = re.compile(
    r"[\uff10-\uff19](?<![\uff0c\uff10-\uff19].)[\uff10-\uff19]{0,2}(?:\uff0c[\uff10-\uff19]{3})+(?![\uff0c\uff10-\uff19])"
)
_YI = re.compile(r"[\ua000-\ua4cf]")
_HAN_CHAR = re.compile(f"[{HAN}]")
_GUILLEMETS = re.compile(f"[«»](?:(?<=«)(?=[{HAN}])|(?<=[{HAN})）”’]»))")

HONG_KONG_UNKNOWN = "\ufffd"
# Second bytes of Big5: 0x40-0x7E and 0xA1-0xFE.
_BIG5_LOW = 0x7F - 0x40
_BIG5_ROW = _BIG5_LOW + 0xFF - 0xA1

#: A text with fewer Han characters than this many for each Yi one may truly be Yi.
_HAN_PER_YI = 2
#: Unreadable characters no further apart than this are noted together.
NEAR_CHARS = 12


def find_characters(text: str, *, traditional: bool = False) -> Iterator[Edit | Flaw]:
    """Propose the character that was meant for every one that only looks like it.

    Compatibility ideographs and radicals become the ideographs they stand for, marks stored as their GB 2312 codes
    the marks; in a ``traditional`` text private codes of Hong Kong's character set become its characters; invisible
    characters go. Superscripts, circled numbers and unit signs stay, because ``10³`` is not ``103``,
    and so does all full-width punctuation.

    >>> list(find_characters("⼀是"))
    [Edit(start=0, end=1, new='一', kind='character', confidence=1.0)]
    """
    if text.isascii():
        return
    suspects, marks = _suspects()
    unread: list[tuple[int, int]] = []
    for match in suspects.finditer(text):
        new = _meant(match[0])
        if new is None and traditional:
            new = "".join(map(_of_hong_kong, match[0]))
            if HONG_KONG_UNKNOWN in new:
                new = None
        if new is not None:
            yield Edit(match.start(), match.end(), new, "character")
        elif unicodedata.category(match[0][0]) == "Co":
            unread.append(match.span())
    yield from _unreadable(text, unread)
    if marks.search(text) and len(_YI.findall(text)) * _HAN_PER_YI < len(_HAN_CHAR.findall(text)):
        yield from _find_gbk_codes(text, marks)
    for match in _COMPOSABLE.finditer(text):
        composed = unicodedata.normalize("NFC", match[0])
        if composed != match[0]:
            yield Edit(match.start(), match.end(), composed, "character")
    for match in _GUILLEMETS.finditer(text):
        yield Edit(match.start(), match.end(), "《" if match[0] == "«" else "》", "character", 0.9)


def find_wide(text: str) -> Iterator[Edit]:
    """Propose plain digits, Latin letters and per cent signs for full-width ones, one for one.

    A full-width comma between full-width digits is a thousands separator where it parts groups of three.
    """
    for match in _WIDE.finditer(text):
        yield Edit(match.start(), match.end(), chr(ord(match[0]) - 0xFEE0), "width")
    for match in _WIDE_THOUSANDS.finditer(text):
        for place in range(match.start(), match.end()):
            if text[place] == "，":
                yield Edit(place, place + 1, ",", "width")


def _unreadable(text: str, places: Iterable[tuple[int, int]]) -> Iterator[Flaw]:
    """One flaw for each group of a font's own characters that stand near one another."""
    groups: list[list[int]] = []
    for start, end in places:
        if groups and start - groups[-1][1] <= NEAR_CHARS:
            groups[-1][1] = end
        else:
            groups.append([start, end])
    for start, end in groups:
        yield Flaw(start, end, "private_use", f"a font's own character U+{ord(text[start]):04X} cannot be read")


@lru_cache(maxsize=1)
def _suspects() -> tuple[re.Pattern[str], re.Pattern[str]]:
    facts = load_facts("characters")
    invisible = "".join(f"{pair[0]}-{pair[1]}" for pair in facts["invisible"]["ranges"])
    suspects = re.compile(
        f"[{invisible}{facts['radicals']['radicals']}\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f\ue000-\uf8ff]"
        "(?:(?<=([\ue000-\uf8ff]))\\1+)?"
    )
    codes = facts["gbk_codes"]
    return suspects, re.compile(f"[{codes['first']}-{codes['last']}]")


def _meant(found: str) -> str | None:
    char = found[0]
    facts = load_facts("characters")
    private = facts["private_use"]
    if char in facts["radicals"]["radicals"]:
        return str(facts["radicals"]["ideographs"][facts["radicals"]["radicals"].index(char)])
    if "\u2f00" <= char <= "\u2fd5":
        return unicodedata.normalize("NFKC", char)
    if "\uf900" <= char <= "\ufaff" or (char >= "\U0002f800" and char <= "\U0002fa1f"):
        new = unicodedata.normalize("NFC", char)
        return new if new != char else None
    if unicodedata.category(char) != "Co":
        return ""
    if char in private["spaces"]:
        return " " * len(found)
    return "" if private["bullets"][0] <= char <= private["bullets"][1] else None


def _of_hong_kong(char: str) -> str:
    """The ideograph that HKSCS has at the place that Windows gives to a private code; U+FFFD where there is none."""
    for area in load_facts("characters")["hong_kong"]["areas"]:
        if area["first"] <= char <= area["last"]:
            row, place = divmod(ord(char) - ord(area["first"]), _BIG5_ROW)
            trail = place + (0x40 if place < _BIG5_LOW else 0xA1 - _BIG5_LOW)
            new = bytes((area["lead"] + row, trail)).decode("big5hkscs", "replace")
            return new if _HAN_CHAR.fullmatch(new) else HONG_KONG_UNKNOWN
    return HONG_KONG_UNKNOWN


def _find_gbk_codes(text: str, marks: re.Pattern[str]) -> Iterator[Edit]:
    half_width = text.count(",") > text.count("，")
    for match in marks.finditer(text):
        place = match.start()
        try:
            mark = ord(match[0]).to_bytes(2, "big").decode("gb2312")
        except UnicodeDecodeError:
            continue
        if mark == "．":
            mark = _full_stop(text[place - 1 : place], text[place + 1 : place + 2])
        elif half_width and "\uff01" <= mark <= "\uff5e":
            mark = chr(ord(mark) - 0xFEE0)
        yield Edit(place, place + 1, mark, "character", 0.95)


def _full_stop(before: str, after: str) -> str:
    if before.isdigit() and after.isdigit():
        return "."
    return "" if after == "。" else "。"
