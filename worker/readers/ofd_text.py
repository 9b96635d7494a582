"""The text of a page of an OFD, each piece where it is drawn (GB/T 33190-2016, 11: text)."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from xml.etree.ElementTree import Element

from worker.readers.placed import Piece
from worker.readers.reading import refusal
from worker.readers.xml_tree import local

MOST_CHARACTERS = 100_000  # of one object: where each stands is worked out
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_REPEAT = "g"  # "g 3 2.5": three times 2.5
_UNMOVED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MOST_DIGITS = 9
# In widths of a Han character; what is set wider than this holds two texts.
_GAP_OF_DIGITS = 0.6
_GAP_OF_TEXTS = 1.0
# Times the usual distance of an object's characters.
_OTHERWISE_SET = 2.0  # a title set wide is one text
_EVENLY = 1.3


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a text object sets its characters: its place, its matrix, its size, the width of half a character."""

    left: float
    top: float
    matrix: Sequence[float]
    size: float
    half: float

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.matrix
        return self.left + a * x + c * y + e, self.top + b * x + d * y + f

    @property
    def scale(self) -> float:
        return math.hypot(self.matrix[0], self.matrix[1])

    @property
    def drawn_size(self) -> float:
        return self.size * math.hypot(self.matrix[2], self.matrix[3])


def find_pieces(page: Element) -> Iterator[Piece]:
    """The pieces of a page's text in millimetres. Characters set far apart are pieces of their own."""
    for element in page.iter():
        if local(element.tag) != "TextObject" or element.get("Visible", "true") in ("false", "0"):
            continue
        if setting := _setting(element):
            yield from _pieces(element, setting)


def _setting(element: Element) -> _Setting | None:
    box = _numbers(element.get("Boundary"))
    if len(box) != 4:
        return None
    matrix = _numbers(element.get("CTM"))
    size = next(iter(_numbers(element.get("Size"))), 0.0)
    size = size if size > 0 else box[3]
    wide = next(iter(_numbers(element.get("HScale"))), 1.0)
    wide = wide if wide > 0 else 1.0
    setting = _Setting(box[0], box[1], matrix if len(matrix) == 6 else _UNMOVED, size, size * wide / 2)
    # Numbers that are fine by themselves may be none together.
    return setting if all(0 < number < math.inf for number in (setting.drawn_size, setting.half)) else None


def _pieces(element: Element, setting: _Setting) -> Iterator[Piece]:
    x, y = 0.0, setting.size
    for code in element:
        if local(code.tag) == "TextCode":
            text = (code.text or "").strip("\r\n\t")
            # Where they are left out, those of the code before hold.
            x = next(iter(_numbers(code.get("X"))), x)
            y = next(iter(_numbers(code.get("Y"))), y)
            if len(text) > MOST_CHARACTERS:
                seen = f"a text object holds {len(text)} characters; {MOST_CHARACTERS} are allowed"
                raise refusal("too_complex", seen)
            yield from _cut(text, _starts(text, x, y, code, setting), setting)


def _starts(text: str, x: float, y: float, code: Element, setting: _Setting) -> list[tuple[float, float]]:
    """Where each character begins, in the object's own coordinates."""
    across = _steps(code.get("DeltaX"), len(text) - 1)
    down = _steps(code.get("DeltaY"), len(text) - 1)
    starts = []
    for place, char in enumerate(text):
        starts.append((x, y))
        x += across[place] if place < len(across) else 0.0 if place < len(down) else _halves(char) * setting.half
        y += down[place] if place < len(down) else 0.0
    return starts


def _steps(text: str | None, most: int) -> list[float]:
    words = (text or "").split()
    steps: list[float] = []
    place = 0
    while place < len(words) and len(steps) < most:
        if words[place] == _REPEAT and place + 2 < len(words) and words[place + 1].isdecimal():
            times = min(int(words[place + 1][:_MOST_DIGITS]), most - len(steps))
            steps += _numbers(words[place + 2])[:1] * times
            place += 3
        else:
            steps += _numbers(words[place])[:1]
            place += 1
    return steps[: max(0, most)]


def _cut(text: str, starts: Sequence[tuple[float, float]], setting: _Setting) -> Iterator[Piece]:
    first = 0
    for end in [*_seams(text, starts, setting), len(text)]:
        if text[first:end].strip():
            yield _piece(text[first:end], starts[first:end], setting)
        first = end


def _seams(text: str, starts: Sequence[tuple[float, float]], setting: _Setting) -> Iterator[int]:
    steps = [after[0] - before[0] for before, after in pairwise(starts)]
    usual = median(steps) if steps else 0.0
    for place, step in enumerate(steps):
        gap = (step - _halves(text[place]) * setting.half) / (2 * setting.half)
        if text[place].isdigit() and text[place + 1].isdigit():
            evenly = len(steps) > 1 and step < _EVENLY * usual
            is_seam = gap > (_GAP_OF_TEXTS if evenly else _GAP_OF_DIGITS)
        else:
            is_seam = gap > _GAP_OF_TEXTS and step > _OTHERWISE_SET * usual
        if is_seam:
            yield place + 1


def _piece(text: str, starts: Sequence[tuple[float, float]], setting: _Setting) -> Piece:
    xs = [setting.on_page(x, y)[0] for x, y in starts]
    end = max(x + _halves(char) * setting.half * setting.scale for x, char in zip(xs, text, strict=True))
    return Piece(text, xs[0], end, setting.on_page(*starts[0])[1], setting.drawn_size)


def _halves(char: str) -> int:
    """How many half widths a character takes up, as Chinese type sets it."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def _numbers(text: str | None) -> list[float]:
    found = [float(number) for number in _NUMBER.findall(text or "")]
    return found if all(map(math.isfinite, found)) else []
