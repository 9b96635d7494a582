"""Numbers that damage may have touched: torn ones are put together where that is sure, all others are kept from use."""

import re
from collections.abc import Iterator

from worker.clean.script import HAN
from worker.edits import Edit, Flaw

_NUMERAL = frozenset("0123456789０１２３４５６７８９.,．，〇零一二三四五六七八九十百千万亿两")
_SPACED = re.compile(r"(?<![\d.,])\d(?: ?[.．] ?\d| \d)+(?!\d)")
_CLOSED = re.compile(r"\d{2,}")
_IN_SENTENCE = re.compile(f"[{HAN}，。、；：“”（）《》％%‰,;:()—-]")
_TORN_DECIMAL = re.compile(r"(?<=\d)\.[ \t]*\n[ \t\u3000]*(?=\d)")

#: Digits with spaces between are one number where a text sets them so at least this often.
FEWEST_SPACED = 5
#: ... and at most so many numbers of several digits stand there closed up, for each one with spaces.
MOST_CLOSED = 0.5
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

    ``1 9 9 8 年`` is a number in a text that sets all its numbers like that, inside a sentence; ``2 2 个`` alone may
    be two or twenty-two, and ``3 5 2`` in a row may be three cells of a table. Groups of three (``308 000``) are left
    alone.
    """
    spaced = [match for match in _SPACED.finditer(text) if " " in match[0]]
    habit = len(spaced) >= FEWEST_SPACED and len(_CLOSED.findall(text)) <= MOST_CLOSED * len(spaced)
    for match in spaced:
        if not habit or not _is_in_sentence(text, match):
            yield Flaw(match.start(), match.end(), "torn_number", f"{match[0]} may be one number or several")
            continue
        for place, char in enumerate(match[0], match.start()):
            if char in " ．":
                yield Edit(place, place + 1, "" if char == " " else ".", "number", 0.9)


def _is_in_sentence(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 2].lstrip(" ")
    if before.strip():
        return bool(_IN_SENTENCE.match(before) and _IN_SENTENCE.match(after))
    return after.startswith("年") and match[0].startswith(("1 9", "2 0"))


def find_torn_decimals(text: str) -> Iterator[Edit]:
    """Propose to join a decimal fraction that a line break cut behind its point."""
    for match in _TORN_DECIMAL.finditer(text):
        yield Edit(match.start() + 1, match.end(), "", "number", 0.9)
