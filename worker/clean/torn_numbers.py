"""Torn numbers: put together where that is sure, noted where it is not."""

import re
from collections.abc import Iterator

from worker.clean.script import HAN
from worker.edits import Edit, Flaw

# A pattern that begins with a digit and looks back from there is found ten times as fast as one that looks back first.
_SPACED = re.compile(r"\d(?<![\d.,].)(?: ?[.．] ?\d| \d)+(?!\d)")
_APART = re.compile(r"\d(?<![\d.,:/-].)[\d.,]*(?: \d[\d.,]*)+")
_MARKER = re.compile(r"\d{1,2}\. ")
_LINE_START = re.compile(r"(?:^|\n)[ \t\u3000]*\Z")
_GROUPS = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?")
_CLOSED = re.compile(r"\d{2,}")
_IN_SENTENCE = re.compile(f"[{HAN}，。、；：“”（）《》％%‰,;:()—-]")
_CUT_DECIMAL = re.compile(
    rf"(?P<before>[^\s\d.．,])\d{{1,6}}\.(?P<gap>[ \t]*\n[ \t\u3000]*)(?P<rest>\d{{1,6}})(?=(?P<after>[{HAN}％%‰]?))"
)
_ENDS_IN_POINT = re.compile(r"\.[ \t]*\n[ \t\u3000]*\d")
_IS_HAN = re.compile(f"[{HAN}]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER_AND_YEAR = re.compile(r"\d{1,2}(?:-\d{1,2})? (?:19|20)\d\d")
_APART_BY_ONE = re.compile(r"\d \d")
_PAIR = re.compile(rf"(?P<before>[{HAN}])[ \u3000]?(?P<pair>\d \d)(?= ?[{HAN}])(?! ?[年月日号])")
_GAP = re.compile(rf"[{HAN}][ \u3000]\d|\d[ \u3000][{HAN}]")
_NO_GAP = re.compile(rf"[{HAN}]\d|\d[{HAN}]")
#: What comes with a number of its own: 表1, 附件1, 目标1, 方案1.
_NUMBERED = "第表图件注栏页标务案别段步题组型期类章节条款册卷例号"

#: Digits with spaces between are one number where a text sets them so at least this often.
FEWEST_SPACED = 5
#: ... and at most so many numbers of several digits stand there closed up, for each one with spaces.
MOST_CLOSED = 0.5


def find_spaced_digits(text: str) -> Iterator[Edit | Flaw]:
    """Propose to close up numbers set with a space after every digit; note other digits with spaces between.

    ``1 9 9 8 年`` is a number in a text that sets all its numbers like that, inside a sentence. ``2 2 个`` alone may be
    two or twenty-two; after a word, where most other numbers have spaces around them too, it is taken for twenty-two
    with little confidence. ``1100 8项`` may be anything. Groups of three (``308 000``) are left alone, but not before 年.
    """
    spaced = [match for match in _SPACED.finditer(text) if " " in match[0]]
    habit = len(spaced) >= FEWEST_SPACED and len(_CLOSED.findall(text)) <= MOST_CLOSED * len(spaced)
    joined = [match for match in spaced if habit and _is_in_sentence(text, match)]
    pairs = [] if habit else list(_pairs(text))
    for place in pairs:
        yield Edit(place + 1, place + 2, "", "number", 0.6)
    for match in joined:
        for place, char in enumerate(match[0], match.start()):
            if char in " ．":
                yield Edit(place, place + 1, "" if char == " " else ".", "number", 0.9)
    done = {place for match in joined for place in range(match.start(), match.end())} | set(pairs)
    for match in _APART.finditer(text):
        if match.start() not in done and _is_torn(text, match):
            yield Flaw(match.start(), match.end(), "torn_number", f"{match[0][:40]} may be one number or several")


def _is_torn(text: str, match: re.Match[str]) -> bool:
    """Whether digits with spaces between stand in running text and are not one number in groups of three."""
    marker = _MARKER.match(match[0])
    if (
        marker
        and " " not in match[0][marker.end() :]
        and _LINE_START.search(text, max(0, match.start() - 8), match.start())
    ):
        return False
    before = text[max(0, match.start() - 2) : match.start()].rstrip(" ")[-1:]
    if before in _NUMBERED and _NUMBER_AND_YEAR.fullmatch(match[0]) and text.startswith("年", match.end()):
        return False  # 表1 2019年支出情况
    after = text[match.end() : match.end() + 2].lstrip(" ")[:1]
    if _GROUPS.fullmatch(match[0]) and after != "年":
        return False
    return bool(_IN_SENTENCE.match(before) or _IN_SENTENCE.match(after))


def _is_in_sentence(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 2].lstrip(" ")
    if before.strip():
        return bool(_IN_SENTENCE.match(before) and _IN_SENTENCE.match(after))
    return after.startswith("年") and match[0].startswith(("1 9", "2 0"))


def _pairs(text: str) -> Iterator[int]:
    """Where two digits with a space between stand before a unit, in a text that sets its numbers with spaces around."""
    if not _APART_BY_ONE.search(text):
        return
    found = [match for match in _PAIR.finditer(text) if match["before"] not in _NUMBERED]
    if not found:
        return
    own = sum(len(_GAP.findall(match[0])) + (text[match.end()] == " ") for match in found)
    closed = len(_NO_GAP.findall(text)) - sum(len(_NO_GAP.findall(match[0])) for match in found)
    if len(_GAP.findall(text)) - own > closed:
        yield from (match.start("pair") for match in found)


def find_torn_decimals(text: str) -> Iterator[Edit | Flaw]:
    """Propose to join a decimal fraction that a line break cut after its point.

    ``1.`` alone on its line is a list's number. After a mark, before a year, or where no unit follows, the two may be
    two numbers: a flaw.
    """
    if not _ENDS_IN_POINT.search(text):
        return
    for match in _CUT_DECIMAL.finditer(text):
        in_sentence = _IS_HAN.match(match["before"]) and match["after"]
        if in_sentence and not (match["after"] == "年" and _YEAR.fullmatch(match["rest"])):
            yield Edit(match.start("gap"), match.end("gap"), "", "number", 0.9)
        else:
            yield Flaw(
                match.start() + 1, match.end(), "torn_number", "a line break may have cut a number after its point"
            )
