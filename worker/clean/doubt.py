"""Numbers that damage may have touched, and that no figure is to be read from."""

import re
from collections.abc import Iterator

from worker.edits import Flaw

_NUMERAL = frozenset("0123456789０１２３４５６７８９.,．，〇零一二三四五六七八九十百千万亿两")
_MISREAD_DIGITS = re.compile(r"(?<![A-Za-z0-9.])(?=[OolI.,]*\d)[\dOolI][\d.,OolI]*(?![A-Za-z0-9])")
_SENTENCE = re.compile(r"[^。；！？\n]+")
_PAIRS = ("“”", "《》", "（）", "()", "「」", "【】")
LONGEST_NUMBER = 40


def find_beside(text: str, marks: str) -> Iterator[Flaw]:
    """Note every number that touches one of ``marks``: a digit of it may have gone with what the mark stands for."""
    for match in re.finditer(f"[{re.escape(marks)}]+", text):
        start, end = match.span()
        while start > match.start() - LONGEST_NUMBER and text[start - 1 : start] in _NUMERAL:
            start -= 1
        while end < match.end() + LONGEST_NUMBER and text[end : end + 1] in _NUMERAL:
            end += 1
        if start < match.start() or end > match.end():
            yield Flaw(start, end, "doubtful_number", "a number beside a torn character may lack a digit")


def find_broken_sentences(text: str, misread: bool) -> Iterator[Flaw]:
    """Note the sentences that hold an unreadable character, all of each.

    Where a byte is lost, what follows it may be wrong without looking so, and a quotation may have lost its mark. In
    a text that was ``misread`` from another encoding the other characters are right, and a sentence is doubtful only
    if a bracket or quotation mark lacks its partner.
    """
    if "\ufffd" not in text:
        return
    for match in _SENTENCE.finditer(text):
        if "\ufffd" not in match[0]:
            continue
        if not misread or any(match[0].count(pair[0]) != match[0].count(pair[1]) for pair in _PAIRS):
            yield Flaw(match.start(), match.end(), "broken_sentence", "a character of this sentence is unreadable")


def find_misread_digits(text: str) -> Iterator[Flaw]:
    """Note numbers with the letters O, o, l or I among their digits, as character recognition puts them."""
    for match in _MISREAD_DIGITS.finditer(text):
        if not match[0].strip(".,").replace(",", "").replace(".", "").isdigit():
            yield Flaw(match.start(), match.end(), "doubtful_number", f"{match[0][:40]} has letters among its digits")
