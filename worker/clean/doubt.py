"""Numbers that damage may have touched, and that no figure is to be read from."""

import re
from collections.abc import Iterator

from worker.clean.fluency import Fluency
from worker.clean.script import HAN, Script
from worker.edits import Flaw

_NUMERAL = frozenset("0123456789０１２３４５６７８９.,．，〇零一二三四五六七八九十百千万亿两")
_SENTENCE = re.compile(r"[^。；！？\n]+")
# No second byte of a pair, in GB 18030 or Big5, is a character of ASCII below this: with it the reading is in step again.
_OUT_OF_STEP = re.compile(r"[^\x00-?]+")
_CLAUSE_STOP = re.compile("[，,；;。！？\n](?<!\\d,(?=\\d{3}))")
# What wrong pairs hardly give; a semicolon or a full-width exclamation mark they do: A3 ends 丁's row and BB begins 户.
_SURE_STOP = re.compile("[，。\n]")
_NUMBER = re.compile(r"\d[\d.,]*|[〇零一二三四五六七八九十百千万亿两]{2,}")
_PAIRS = ("“”", "《》", "（）", "()", "「」", "【】")
_STOPS = "。；！？\n"
_STOP = re.compile(f"[{_STOPS}]")
# Each pattern begins with characters that a scan finds fast, and looks back from there.
# A级, B类, C座 are what they seem.
_STRAY_LETTER = re.compile(f"(?![A-Z][级級类類型股座栋棟区區馆館])[@-~](?<=[{HAN}]{{2}}.)(?=[{HAN}\\d，、。；])")
# What pairs of GB 18030 one byte off become, and no report has after a word: private characters, numerals with a stop,
# Bopomofo, rules.
_NO_WORD = re.compile("[\ue000-\ue765]|[\u2488-\u249b\u3105-\u3129\u2550-\u2573](?<=[\u4e00-\u9fff].)")
_LOST = re.compile("\ufffd+")
_SIGN = re.compile(f"\ufffd|{_NO_WORD.pattern}")
_STOP_LETTER = re.compile(f"[A-Z\\]^](?<=[{HAN}].)")
_BEFORE_STRAY = re.compile(f"[{HAN}]{{2,8}}$")
_MISREAD_DIGITS = re.compile(r"[\dOolI](?<![A-Za-z0-9.].)[\d.,OolI]*(?![A-Za-z0-9])")
_DIGIT = re.compile(r"\d")
_FOR_DIGIT = re.compile("[OolI]")
_SEVERAL_POINTS = re.compile(r"\d(?<![\d.].)(?!(?:(?<=1)9|(?<=2)0)\d\d\.)\d*\.\d+(?:\.\d+)+")
_LEAD_OF_MARKS = 0xA1
LONGEST_NUMBER = 40
LONGEST_SENTENCE = 300
#: Characters before a stray letter that score below this are no words (see Fluency.score).
LEAST_FLUENT = -9.0


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


def find_broken_sentences(
    text: str, script: Script, fluency: Fluency, *, misread: bool, in_step: bool = False
) -> Iterator[Flaw]:
    """Note what a lost byte of a damaged text can have touched: what stands around it may be wrong without looking so.

    Of a sentence with an unreadable character those are the clauses around it (see ``_reach``); all of it where a run
    of wrong pairs of bytes ends in a lone Latin letter, or a bracket or quotation mark has no partner. In a text
    ``misread`` from another encoding all readable characters are right, so that an unreadable one alone makes none
    doubtful; in one that is ``in_step`` those beside it are, as in UTF-8. A text is damaged if it holds an unreadable
    character, or a stray letter after characters that are no words; 维生素C is none.
    """
    strays = list(_STRAY_LETTER.finditer(text))
    torn = any(fluency.score(script.characters(_before(text, stray))) < LEAST_FLUENT for stray in strays)
    if "\ufffd" not in text and not torn:
        return
    for stray in () if misread else strays:
        start, end = _sentence_around(text, stray.start() - len(_before(text, stray)), stray.end())
        yield Flaw(start, end, "broken_sentence", f"torn characters may end in the letter {stray[0]}")
    for match in _SENTENCE.finditer(text):
        if any(match[0].count(pair[0]) != match[0].count(pair[1]) for pair in _PAIRS):
            yield _broken(text, match.start(), match.end(), "sentence")
        elif not misread:
            for start, end in _reaches(text, match, in_step=in_step):
                yield _broken(text, start, end, "clause")


def _broken(text: str, start: int, end: int, what: str) -> Flaw:
    count = len(_NUMBER.findall(text, start, end))
    numbers = f"; {count} number{'s' * (count > 1)} of it cannot be trusted" if count else ""
    return Flaw(start, end, "broken_sentence", f"part of this {what} is lost{numbers}")


def _reaches(text: str, sentence: re.Match[str], *, in_step: bool) -> Iterator[tuple[int, int]]:
    """What the losses of a sentence touch, each stretch once, in order."""
    start = end = -1
    for run in (_LOST if in_step else _OUT_OF_STEP).finditer(text, *sentence.span()):
        lost = [match.start() for match in _SIGN.finditer(text, *run.span())]
        if not lost:
            continue
        first, last = _reach(text, sentence, run.start(), lost[0], run.end())
        if first > end >= 0:
            yield start, end
            start = -1
        start, end = (first if start < 0 else start), last
    if start >= 0:
        yield start, end


def _reach(text: str, sentence: re.Match[str], run: int, lost: int, run_end: int) -> tuple[int, int]:
    """The clauses around a run of pairs whose bytes may be out of step, from ``run`` to ``run_end``.

    Before the first sign of the loss a comma within the run is a real one, and the run begins behind it. Outside of the
    run every mark is: the clause ends where it says.
    """
    sure = [stop.end() for stop in _SURE_STOP.finditer(text, max(run, lost - LONGEST_SENTENCE), lost)]
    if sure:
        first = sure[-1]
    else:
        first = max(sentence.start(), run - LONGEST_SENTENCE)
        for before in _CLAUSE_STOP.finditer(text, first, run):
            first = before.end()
    end = min(sentence.end(), run_end + LONGEST_SENTENCE)
    after = _CLAUSE_STOP.search(text, run_end, end)
    return first, after.start() if after else end


def find_torn_stops(text: str) -> Iterator[Flaw]:
    """Note the sentences of a Big5 text where the end of a mark is left as a letter: 人次, is ``人腹A``.

    Such a mark is A1 and a byte that alone is a letter. Without the byte before them, A1 ends another character.
    """
    for letter in _STOP_LETTER.finditer(text):
        before = text[letter.start() - 1].encode("big5hkscs", "ignore")
        if len(before) == 2 and before[1] == _LEAD_OF_MARKS:
            start, end = _sentence_around(text, letter.start() - 1, letter.end())
            yield Flaw(start, end, "broken_sentence", f"torn characters may end in the letter {letter[0]}")


def _before(text: str, stray: re.Match[str]) -> str:
    """The Han characters right before a stray letter, up to eight of them."""
    before = _BEFORE_STRAY.search(text, max(0, stray.start() - 8), stray.start())
    return before[0] if before else ""


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    before = max(0, start - LONGEST_SENTENCE)
    last = max(text.rfind(stop, before, start) for stop in _STOPS)
    stop = _STOP.search(text, end, end + LONGEST_SENTENCE)
    return (last + 1 if last >= 0 else before), (stop.start() if stop else min(len(text), end + LONGEST_SENTENCE))


def find_odd_numbers(text: str) -> Iterator[Flaw]:
    """Note what only looks like a number: letters for digits, as character recognition puts them, or several points."""
    for match in _SEVERAL_POINTS.finditer(text):
        yield Flaw(match.start(), match.end(), "doubtful_number", f"{match[0][:40]} has several decimal points")
    for match in _MISREAD_DIGITS.finditer(text) if _FOR_DIGIT.search(text) else ():
        if _FOR_DIGIT.search(match[0]) and _DIGIT.search(match[0]):
            yield Flaw(match.start(), match.end(), "doubtful_number", f"{match[0][:40]} has letters among its digits")
