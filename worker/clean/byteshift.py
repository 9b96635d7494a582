"""Repair of GBK text that lost its byte boundaries.

Sites that gloss characters did it with a search and replace over GBK bytes, which also found a character's two bytes
across two others. Two things then happened. A gloss was put between the bytes of a character (``控?cái)z像`` was
``控攝像``), or a mark was put before a 。, ？ or ！ that was none, so that the text after it was cut into pairs one
byte off (``?。ㄒ唬`` was ``　（一）``). The bytes say what was there; what they leave open a dictionary settles.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from worker.clean.fluency import Fluency
from worker.clean.gbk import REPLACEMENTS, GbkReading, char_of, pair_of, realigned, swallowed_gloss, with_lead
from worker.clean.glosses import LETTERS, glossed_characters, with_reading
from worker.clean.script import Script
from worker.edits import Edit, Flaw
from worker.patterns import any_of

#: A reading is accepted only if it scores at least so much together with its neighbours (see Fluency.score).
LEAST_FLUENT = -6.0
#: ... and more than any other reading of the same bytes, by so much.
LEAD = 0.3
#: ... and more than the text as it stands, by so much.
GAIN = 1.0
LEFT_CHARS = 4
RIGHT_CHARS = 3
LONGEST_INDENT = 40
#: A text with more damaged places than this is no text any more: the rest is noted and not looked into.
MOST_PLACES = 120

_MARK = f"[{REPLACEMENTS}]"
_GLOSS_LOST_BRACKET = re.compile(f"{_MARK}\\(?([{LETTERS}]{{1,7}})[)）]")
_OWN_GLOSS = re.compile(f"[(（][{LETTERS} ]{{1,8}}[)）]\\Z")
_BEFORE_STOP = re.compile(f"{_MARK}(?=[?。？！!][^\\x00-\\x7f])")
#: What no report has after a full stop, and what ``（一）`` and the like become: Bopomofo, vowels with tones, rules.
_OUT_OF_PLACE = re.compile(r"[?。？！!][\u3105-\u3129\u0100-\u01dc\u2550-\u2573]")
_Find = Callable[[int], Iterator[Edit | Flaw]]
_NUMERALS = [*"一二三四五六七八九十", *(f"十{n}" for n in "一二三四五六七八九"), "二十"]
_ENUMERATOR = re.compile(r"^\s*[(（]([一二三四五六七八九十]{1,3})[)）]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Ranked:
    reading: GbkReading
    score: float


class ByteShift:
    """Finds and repairs the damage in one text."""

    def __init__(self, text: str, script: Script, fluency: Fluency) -> None:
        self._text = text
        self._script = script
        self._fluency = fluency
        self._glossed = glossed_characters(text)
        self._half_width = text.count(",") > text.count("，")
        self._enumerators = [(match.start(), match[1]) for match in _ENUMERATOR.finditer(text)]

    def findings(self) -> Iterator[Edit | Flaw]:
        """Every repair that is sure, and a flaw for every damaged place that is not.

        Nothing is found in a text that is neither glossed throughout nor holds the tell-tale signs.
        """
        if not self._glossed and not _OUT_OF_PLACE.search(self._text):
            return
        done = tried = 0
        for place, find in sorted(self._places(), key=lambda one: one[0]):
            if place < done:
                continue
            tried += 1
            for finding in find(place) if tried <= MOST_PLACES else self._given_up(place):
                done = max(done, finding.end)
                yield finding

    def _given_up(self, place: int) -> Iterator[Flaw]:
        yield _torn(place, place + 2)

    def _places(self) -> Iterator[tuple[int, _Find]]:
        if self._glossed:
            for match in _GLOSS_LOST_BRACKET.finditer(self._text):
                yield match.start(), self._inside_character
        for match in _BEFORE_STOP.finditer(self._text):
            yield match.start(), self._before_stop

    # A gloss between the two bytes of a character.

    def _inside_character(self, place: int) -> Iterator[Edit | Flaw]:
        syllable, end = swallowed_gloss(self._text, place)
        before = self._text[_without_gloss(self._text, place) - 1 : place][:1]
        pair = pair_of(before)
        if pair is None or not syllable:
            return
        readings = [
            reading
            for char in with_lead(pair[1])
            if char in with_reading(syllable) and self._may_be_glossed(char, syllable)
            for reading in realigned(self._text, end, char.encode("gbk")[1], self._glossed)
        ]
        yield from self._settle(place, end, readings)

    def _may_be_glossed(self, char: str, syllable: str) -> bool:
        return char in self._glossed.get(syllable, ()) or self._script.telling(char)[0] == 1

    # A mark before what only looked like the end of a sentence.

    def _before_stop(self, place: int) -> Iterator[Edit | Flaw]:
        start = place + 1
        shaped = _enumerators().match(self._text, start) if self._opens_line(place) else None
        if shaped:
            yield from self._enumerator(place, shaped)
        elif self._glossed or _OUT_OF_PLACE.match(self._text, start):
            yield from self._shifted(place, start)

    def _opens_line(self, place: int) -> bool:
        before = self._text[max(0, place - LONGEST_INDENT) : place]
        return not before.rpartition("\n")[2].strip() and (place <= LONGEST_INDENT or "\n" in before)

    def _enumerator(self, place: int, shaped: re.Match[str]) -> Iterator[Edit | Flaw]:
        numerals = _shapes()[shaped[0]]
        numeral = numerals[0] if len(numerals) == 1 else self._next_in_sequence(place, numerals)
        readings = []
        if numeral:
            insort(self._enumerators, (place, numeral))
            head = f"({numeral})" if self._half_width else f"（{numeral}）"
            for reading in self._after_bracket(shaped.end()):
                readings.append(GbkReading(head + reading.out, reading.end, reading.lost, reading.carry))
        yield from self._settle(place, shaped.end(), readings)

    def _after_bracket(self, start: int) -> Iterator[GbkReading]:
        """What follows an enumerator: the bracket's second byte took the first byte of the next character."""
        bracket = 0xA9
        pair = pair_of(self._text[start : start + 1])
        if pair and pair[0] == bracket:
            yield from realigned(self._text, start + 1, pair[1], self._glossed)
            return
        if self._text[start : start + 1] in tuple(REPLACEMENTS):
            syllable, end = swallowed_gloss(self._text, start)
            for char in sorted(self._glossed.get(syllable, ())) or with_reading(syllable):
                if char_of(bracket, char.encode("gbk")[0]) is None:
                    yield GbkReading(char, end)
            return
        for lead in range(0x81, 0xFF):
            if char_of(bracket, lead) is None:
                yield from realigned(self._text, start, lead, self._glossed)

    def _next_in_sequence(self, place: int, numerals: Iterable[str]) -> str | None:
        before = bisect_left(self._enumerators, (place, ""))
        last = self._enumerators[before - 1][1] if before else ""
        following = _NUMERALS[_NUMERALS.index(last) + 1 :][:1] if last in _NUMERALS else []
        return next((numeral for numeral in numerals if numeral in following), None)

    def _shifted(self, place: int, start: int) -> Iterator[Edit | Flaw]:
        left = self._left_of(place)
        likely = [one for carry in _LIKELY for one in realigned(self._text, start, carry, self._glossed)]
        ranked = self._ranked(likely, left)
        if not ranked or not self._is_sure(ranked, place, left):
            for carry in _OTHERS:
                likely += realigned(self._text, start, carry, self._glossed, dropped=False)
        if any(not reading.lost for reading in likely) or _OUT_OF_PLACE.match(self._text, start):
            yield from self._settle(place, start + 1, likely)

    # The choice between readings.

    def _settle(self, place: int, end: int, readings: Iterable[GbkReading]) -> Iterator[Edit | Flaw]:
        left = self._left_of(place)
        readings = list(readings)
        whole = self._ranked(readings, left)
        if whole and self._is_sure(whole, place, left):
            best = whole[0].reading
            new = best.out.lstrip("\u3000") if self._opens_line(place) else best.out
            yield Edit(place, best.end, self._in_style(new), "gbk_misaligned", 0.97)
            return
        named = self._by_word(left, readings)
        if named and not whole:
            yield Edit(place, named.end, self._in_style(named.out) + "?", "gbk_misaligned", 0.8)
            yield Flaw(place, named.end, "digit_lost", "a digit or another ASCII character is lost here for good")
            return
        stop = max([end, *(one.reading.end for one in whole[:4]), *(one.end for one in readings if one.lost)])
        yield _torn(place, stop)

    def _is_sure(self, whole: list[_Ranked], place: int, left: str) -> bool:
        best = whole[0]
        if best.score < LEAST_FLUENT:
            return False
        others = [one.score for one in whole if one.reading.out != best.reading.out]
        if others and best.score - max(others) < LEAD:
            return False
        as_it_stands = self._fluency.score(left + self._simple(self._text[place : best.reading.end]))
        return best.score - as_it_stands >= GAIN

    def _ranked(self, readings: Iterable[GbkReading], left: str) -> list[_Ranked]:
        """The readings that lose nothing, the most fluent first."""
        return sorted((self._rank(one, left) for one in readings if not one.lost), key=lambda one: -one.score)

    def _rank(self, reading: GbkReading, left: str) -> _Ranked:
        right = _letters_off(self._text[reading.end : reading.end + 10]).split("\n")[0]
        words = left + self._simple(reading.out + "".join(c for c in right if c not in REPLACEMENTS)[:RIGHT_CHARS])
        return _Ranked(reading, self._fluency.score(words))

    def _by_word(self, left: str, readings: Iterable[GbkReading]) -> GbkReading | None:
        """The reading whose lost character a dictionary word of three or more names, where only one does."""
        found = {
            reading.out + char: GbkReading(reading.out + char, reading.end)
            for reading in readings
            for char in with_lead(reading.carry)  # none where nothing is lost
            if len(self._fluency.longest_word_at_end(left + self._simple(reading.out + char))) > 2
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _left_of(self, place: int) -> str:
        line = self._text[max(0, place - 40) : place].rpartition("\n")[2]
        return self._simple(_letters_off(line)[-LEFT_CHARS:])

    def _simple(self, text: str) -> str:
        return self._script.characters(text).translate(_FULL_WIDTH)

    def _in_style(self, text: str) -> str:
        return text.translate(_HALF_WIDTH) if self._half_width else text


#: First bytes of what stands before a false stop: marks and blanks, full-width forms; failing these, ideographs.
_LIKELY = (0xA1, 0xA3)
_OTHERS = tuple(range(0xB0, 0xF8))
_HALF_WIDTH = str.maketrans("，（）：；？！％", ",():;?!%")
_FULL_WIDTH = str.maketrans(",():;?!%", "，（）：；？！％")
_GLOSSES = re.compile(f"[(（][{LETTERS} ]{{1,8}}[)）]")


def _torn(place: int, stop: int) -> Flaw:
    return Flaw(max(0, place - 1), stop, "byte_damage", "the bytes of these characters were torn apart")


def _letters_off(text: str) -> str:
    return _GLOSSES.sub("", text)


def _without_gloss(text: str, place: int) -> int:
    own = _OWN_GLOSS.search(text[max(0, place - 10) : place])
    return place - len(own[0]) if own else place


@lru_cache(maxsize=1)
def _shapes() -> Mapping[str, list[str]]:
    """What an indented enumerator looks like one byte off, and which enumerators look so.

    Pairs that GBK does not have were dropped. Those that leave nothing but the full stop tell nothing.
    """
    shapes: dict[str, list[str]] = {}
    for numeral in _NUMERALS:
        shifted = f"\u3000（{numeral}）".encode("gbk")[1:]
        pairs = zip(shifted[0::2], shifted[1::2], strict=False)
        shape = "".join(char_of(*pair) or "" for pair in pairs)
        if len(shape) > 1:
            shapes.setdefault(shape, []).append(numeral)
    return shapes


@lru_cache(maxsize=1)
def _enumerators() -> re.Pattern[str]:
    return re.compile(any_of(_shapes()))


def find_byte_shifts(text: str, script: Script, fluency: Fluency) -> Iterator[Edit | Flaw]:
    """Propose the repair of every place where a gloss or a mark tore the bytes of GBK text apart.

    Only readings that lose nothing and read like words are accepted; anything else is a flaw.
    """
    if not any(mark in text for mark in REPLACEMENTS):
        return
    yield from ByteShift(text, script, fluency).findings()
