"""Numbers that damage may have touched: torn ones are put together where that is sure, all others are kept from use."""

import re
from collections.abc import Iterator

from worker.edits import Edit, Flaw

_NUMERAL = frozenset("0123456789０１２３４５６７８９.,．，〇零一二三四五六七八九十百千万亿两")
_SPACED = re.compile(r"(?<![\d.,])\d(?: ?[.．] ?\d| \d)+(?!\d)")
_TORN_DECIMAL = re.compile(r"(?<=\d)\.[ \t]*\n[ \t\u3000]*(?=\d)")

#: Digits with spaces between are one number where a text sets them so at least this often.
FEWEST_SPACED = 5
LONGEST_NUMBER = 40


def find_doubtful(text: str, marks: str) -> Iterator[Flaw]:
    """Note every number that touches one of ``marks``: a digit of it may have gone with what the mark stands for."""
    for match in re.finditer(f"[{re.escape(marks)}]+", text):
        start, end = match.span()
        while start > match.start() - LONGEST_NUMBER and text[start - 1 : start] in _NUMERAL:
            start -= 1
        while end < match.end() + LONGEST_NUMBER and text[end : end + 1] in _NUMERAL:
            end += 1
        if start < match.start() or end > match.end():
            yield Flaw(start, end, "doubtful_number", "a number beside a torn character may lack a digit")


def find_spaced_digits(text: str) -> Iterator[Edit | Flaw]:
    """Propose to close up numbers set with a space behind every digit; note them where the text does so only rarely.

    ``1 9 9 8 年`` is a number in a text that sets all its numbers like that; ``2 2 个`` alone may be two or twenty-two.
    Groups of three (``308 000``) are left alone.
    """
    spaced = [match for match in _SPACED.finditer(text) if " " in match[0]]
    habit = len(spaced) >= FEWEST_SPACED
    for match in spaced:
        if not habit:
            yield Flaw(match.start(), match.end(), "torn_number", f"{match[0]} may be one number or several")
            continue
        for place, char in enumerate(match[0], match.start()):
            if char in " ．":
                yield Edit(place, place + 1, "" if char == " " else ".", "number", 0.9)


def find_torn_decimals(text: str) -> Iterator[Edit]:
    """Propose to join a decimal fraction that a line break cut behind its point."""
    for match in _TORN_DECIMAL.finditer(text):
        yield Edit(match.start() + 1, match.end(), "", "number", 0.9)
