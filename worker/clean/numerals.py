"""Torn numbers: put together where that is sure, noted where it is not."""

import re
from collections.abc import Iterator

from worker.clean.script import HAN
from worker.edits import Edit, Flaw

_SPACED = re.compile(r"(?<![\d.,])\d(?: ?[.．] ?\d| \d)+(?!\d)")
_APART = re.compile(r"(?<![\d.,:/-])\d[\d.,]*(?: \d[\d.,]*)+")
_GROUPS = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?")
_CLOSED = re.compile(r"\d{2,}")
_IN_SENTENCE = re.compile(f"[{HAN}，。、；：“”（）《》％%‰,;:()—-]")
_TORN_DECIMAL = re.compile(r"(?<=\d)\.[ \t]*\n[ \t\u3000]*(?=\d)")

#: Digits with spaces between are one number where a text sets them so at least this often.
FEWEST_SPACED = 5
#: ... and at most so many numbers of several digits stand there closed up, for each one with spaces.
MOST_CLOSED = 0.5


def find_spaced_digits(text: str) -> Iterator[Edit | Flaw]:
    """Propose to close up numbers set with a space behind every digit; note other digits with spaces between.

    ``1 9 9 8 年`` is a number in a text that sets all its numbers like that, inside a sentence. ``2 2 个`` alone may be
    two or twenty-two, and ``1100 8项`` anything. Groups of three (``308 000``) are left alone, but not before 年.
    """
    spaced = [match for match in _SPACED.finditer(text) if " " in match[0]]
    habit = len(spaced) >= FEWEST_SPACED and len(_CLOSED.findall(text)) <= MOST_CLOSED * len(spaced)
    joined = [match for match in spaced if habit and _is_in_sentence(text, match)]
    for match in joined:
        for place, char in enumerate(match[0], match.start()):
            if char in " ．":
                yield Edit(place, place + 1, "" if char == " " else ".", "number", 0.9)
    starts = {match.start() for match in joined}
    for match in _APART.finditer(text):
        if match.start() not in starts and _is_torn(text, match):
            yield Flaw(match.start(), match.end(), "torn_number", f"{match[0][:40]} may be one number or several")


def _is_torn(text: str, match: re.Match[str]) -> bool:
    """Whether digits with spaces between stand in running text and are not one number in groups of three."""
    before = text[max(0, match.start() - 2) : match.start()].rstrip(" ")[-1:]
    after = text[match.end() : match.end() + 2].lstrip(" ")[:1]
    if _GROUPS.fullmatch(match[0]) and after != "年":
        return False
    return bool(_IN_SENTENCE.match(before) or _IN_SENTENCE.match(after))


def _is_in_sentence(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 2].lstrip(" ")
    if before.strip():
        return bool(_IN_SENTENCE.match(before) and _IN_SENTENCE.match(after))
    return after.startswith("年") and match[0].startswith(("1 9", "2 0"))


def find_torn_decimals(text: str) -> Iterator[Edit]:
    """Propose to join a decimal fraction that a line break cut behind its point."""
    for match in _TORN_DECIMAL.finditer(text):
        yield Edit(match.start() + 1, match.end(), "", "number", 0.9)
