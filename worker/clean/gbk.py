"""GBK as bytes: which character two bytes are, and how a text reads that was cut into pairs one byte off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from worker.clean.glosses import LETTERS, with_reading

_FOLDED = {char: chr(ord(char) + 0xFEE0) for char in ",():;?!%0123456789"}
#: A character that a decoder put for a byte that begins no character.
REPLACEMENTS = "?\ufffd"
#: A text that is off by one byte is read on for so many characters at most.
LONGEST_RUN_CHARS = 40


@dataclass(frozen=True, slots=True)
class GbkReading:
    """``out`` is what ``text[start:end]`` said; ``lost`` where the last character's second byte is gone for good."""

    out: str
    end: int
    lost: bool = False
    carry: int = 0


def pair_of(char: str) -> tuple[int, int] | None:
    """The two bytes of a character in GBK, of its full-width form where a half-width one may have been folded."""
    try:
        encoded = _FOLDED.get(char, char).encode("gbk")
    except UnicodeEncodeError:
        return None
    return (encoded[0], encoded[1]) if len(encoded) == 2 else None


@lru_cache(maxsize=65536)
def char_of(lead: int, trail: int) -> str | None:
    """The character of two bytes, or None where GBK has none."""
    if lead < 0x81:
        return None
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=256)
def with_lead(lead: int) -> str:
    """All characters whose first byte this is."""
    return "".join(char for trail in range(0x40, 0xFF) for char in [char_of(lead, trail)] if char)


def realigned(
    text: str, start: int, carry: int, glossed: Mapping[str, set[str]], *, dropped: bool = True
) -> Iterator[GbkReading]:
    """The ways to read ``text[start:]`` when ``carry`` is the byte that should have stood before it.

    Every character gives its first byte to the one before and its second to the one after, until a byte below 0x80
    closes the run. A replacement mark in the run was either a full-width question mark cut in two, or a byte and the
    bracket of a gloss, whose reading then names the character; else a byte is lost. ``dropped``: the pair before that
    character may be one that GBK does not have and that was left out.
    """
    out: list[str] = []
    place = start
    while place < len(text) and place - start < LONGEST_RUN_CHARS:
        char = text[place]
        if char in REPLACEMENTS:
            yield from _through_mark("".join(out), text, place, carry, glossed, dropped=dropped)
        code = ord(char)
        if char == "\ufffd":
            return
        if 0x40 <= code <= 0x7E:
            last = char_of(carry, code)
            if last:
                yield GbkReading("".join(out) + last, place + 1)
            return
        pair = pair_of(char)
        whole = char_of(carry, pair[0]) if pair else None
        if pair is None or whole is None:
            return
        out.append(whole)
        carry = pair[1]
        place += 1


def _through_mark(
    out: str, text: str, place: int, carry: int, glossed: Mapping[str, set[str]], *, dropped: bool
) -> Iterator[GbkReading]:
    syllable, end = swallowed_gloss(text, place)
    if not syllable:
        yield GbkReading(out, place + 1, lost=True, carry=carry)
        return
    known = glossed.get(syllable) or set(with_reading(syllable))
    for char in with_lead(carry):
        if char in known:
            yield GbkReading(out + char, end)
    for char in sorted(known) if dropped else ():
        pair = pair_of(char)
        if pair:
            for before in _before_gap(carry, pair[0]):
                yield GbkReading(out + before + char, end)


@lru_cache(maxsize=4096)
def _before_gap(lead: int, following: int) -> str:
    """The characters with this first byte whose second makes no pair with the byte that follows."""
    return "".join(
        char
        for char in with_lead(lead)
        for pair in [pair_of(char)]
        if pair and pair[1] >= 0x80 and char_of(pair[1], following) is None
    )


def swallowed_gloss(text: str, place: int) -> tuple[str, int]:
    """The syllable of a gloss whose opening bracket the mark at ``place`` swallowed, and where it ends."""
    start = place + 1
    if text[place] == "\ufffd" and text[start : start + 1] == "(":
        start += 1
    end = start
    while end < len(text) and end - start < 8 and text[end] in _GLOSS_LETTERS:
        end += 1
    if start < end and text[end : end + 1] in (")", "）"):
        return text[start:end], end + 1
    return "", place + 1


_GLOSS_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz" + LETTERS.removeprefix("a-z"))
