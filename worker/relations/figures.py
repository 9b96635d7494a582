"""A report's figures as the search for relations sees them: exact, with their precision and the words around them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import NamedTuple

from schemas.metric import Metric
from worker.draft import Draft
from worker.extract.lexicon import Lexicon
from worker.extract.page import fold
from worker.extract.sentences import find_sentences

_MULTIPLIERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_WRITTEN = re.compile(r"[0-9][0-9,]*(?:\.([0-9]+))?([十百千万亿]*)")
_TO_MARK = re.compile("[^,;:()。!?、，；：（）]*")
_TO_STOP = re.compile("[^,;:。!?，；：]*")
_ONE = Fraction(1)
LONGEST_CLAUSE = 120  # characters
LONGEST = 40  # characters of a value; what is longer is no figure of a report
#: Codes of damage that lies on a number.
LOST, DOUBTFUL, TORN = "digit_lost", "doubtful_number", "torn_number"


class Number(NamedTuple):
    """A number by itself. ``start`` and ``end`` are places in the current text, ``raw_*`` in the raw one.

    ``step`` is what one in the last written digit is worth. ``value`` is None for a range, and where damage has
    destroyed it; ``damage`` names the damage on a number that is no metric (``metric``, its place among them, is None).
    """

    metric: int | None
    start: int
    end: int
    raw_start: int
    raw_end: int
    value: Fraction | None
    step: Fraction
    unit: str
    qualifier: str = "exact"
    change: str | None = None
    period: str | None = None
    indicator: str = ""
    damage: str = ""


@dataclass(frozen=True)
class Figure:
    """A number in its sentence, with the fields of a :class:`Number`; ``index`` is its place among the metrics.

    ``gap`` is the text between the figure before and this one, ``tail`` that up to the next one, both within the
    sentence.
    """

    index: int | None
    start: int
    end: int
    raw_start: int
    raw_end: int
    value: Fraction | None
    step: Fraction
    unit: str
    qualifier: str
    change: str | None
    period: str | None
    indicator: str
    damage: str
    gap: str
    tail: str
    sentence: int
    paragraph: int

    @property
    def amount(self) -> Fraction:
        """The value, zero where it is lost."""
        return self.value or Fraction(0)

    @cached_property
    def family(self) -> str:
        """What it can be added to or compared with: 件次 and 件 are one family, % and 个百分点 as well."""
        if self.unit in ("%", "个百分点"):
            return "%"
        return self.unit[:-1] if len(self.unit) > 1 and self.unit.endswith("次") else self.unit

    @cached_property
    def before(self) -> str:
        """Its clause up to the number: from the last mark or figure on."""
        return _tail(_TO_MARK, self.gap).strip()

    @property
    def lead(self) -> str:
        """What stands right before the number: no more than a long clause has, so that looking at it costs little."""
        return self.gap[-LONGEST_CLAUSE:]

    @cached_property
    def after(self) -> str:
        """Its clause behind the unit: up to the next mark or figure."""
        return _head(_TO_MARK, self.tail).strip()

    @cached_property
    def clause(self) -> str:
        """Its whole clause, brackets and lists included: from the last comma or figure to the next mark."""
        return _tail(_TO_STOP, self.gap) + self.after

    @property
    def exact(self) -> bool:
        """Whether it stands for nothing but itself."""
        return self.low == self.high

    @cached_property
    def low(self) -> Fraction:
        """The least true value that a careful writer would give like this."""
        if self.qualifier == "about":
            return self.amount - self._place
        if self.qualifier == "under":
            return self.amount - self._place
        return self.amount if self.qualifier == "over" or self.step == 1 else self.amount - self.step / 2

    @cached_property
    def high(self) -> Fraction:
        """The greatest such value; a figure may have been cut off instead of rounded."""
        if self.qualifier in ("about", "over"):
            return self.amount + self._place
        return self.amount if self.qualifier == "under" or self.step == 1 else self.amount + self.step

    @property
    def digits(self) -> int:
        """How many digits are significant as written: 4 in 41.67 and in 2647, 2 in 75."""
        return len(str(abs(int(self.amount / self.step)))) if self.step and self.amount else 1

    @cached_property
    def _place(self) -> Fraction:
        """What the last digit that is not zero is worth: 10 in 290多个."""
        place, whole = self.step, int(self.amount / self.step)
        while whole and whole % 10 == 0:
            whole //= 10
            place *= 10
        return place


def find_figures(draft: Draft, lexicon: Lexicon) -> list[list[Figure]]:
    """The figures of the prose, sentence by sentence, those among them that damage has touched.

    Leaves out the cells of tables, whose relations are not said in sentences.
    """
    text = _masked(fold(draft.text.now), draft)
    numbers = sorted([*_of_metrics(draft, text), *_of_damage(draft, text, lexicon)], key=itemgetter(1, 2))
    rows: list[list[Figure]] = []
    at = 0
    for number, sentence in enumerate(find_sentences(text)):
        inside: list[Number] = []
        while at < len(numbers) and numbers[at].start < sentence.end:
            if numbers[at].start >= (inside[-1].end if inside else sentence.start):
                inside.append(numbers[at])
            at += 1
        if inside:
            rows.append(_placed(inside, text, sentence.start, sentence.end, number, sentence.paragraph))
    return rows


def _masked(text: str, draft: Draft) -> str:
    """The text with damaged numbers as bare gaps: a question mark in one ends no sentence."""
    damaged = [flaw for flaw in draft.text.flaws if flaw.code in (LOST, DOUBTFUL, TORN)]
    if not damaged:
        return text
    chars = list(text)
    for flaw in damaged:
        start = draft.text.origin.now_position(flaw.start)
        end = max(start, draft.text.origin.now_position(flaw.end - 1) + 1)
        chars[start:end] = "#" * (end - start)
    return "".join(chars)


def _placed(numbers: Sequence[Number], text: str, start: int, end: int, sentence: int, paragraph: int) -> list[Figure]:
    """The numbers with the words between them."""
    bounds = [start, *(number.end for number in numbers)]
    limits = [*(number.start for number in numbers[1:]), end]
    return [
        Figure(*number, text[bounds[at] : number.start], text[number.end : limits[at]], sentence, paragraph)
        for at, number in enumerate(numbers)
    ]


def _of_metrics(draft: Draft, text: str) -> Iterator[Number]:
    cells = sorted((cell.start, cell.end) for cell in draft.cells)
    position = draft.text.origin.now_position
    for index, metric in enumerate(draft.metrics):
        source = metric.source
        row = bisect_right(cells, (source.start, len(draft.text.raw))) - 1
        if len(metric.value) > LONGEST or (row >= 0 and source.start < cells[row][1]):
            continue
        start = position(source.start)
        end = max(start, position(source.end - 1) + 1)
        yield _number(index, metric, start, end, text[start:end])


def _number(index: int, metric: Metric, start: int, end: int, written: str) -> Number:
    return Number(
        index, start, end, metric.source.start, metric.source.end,
        None if metric.value_high else _value(metric.value), _step(written),
        metric.unit, metric.qualifier, metric.change, metric.period, metric.indicator,
    )  # fmt: skip


def figure_of_cell(index: int, metric: Metric, draft: Draft) -> Figure:
    """A table's figure, which stands in no sentence. Its caption may have multiplied it: 单位：万元."""
    position = draft.text.origin.now_position
    start = position(metric.source.start)
    end = max(start, position(metric.source.end - 1) + 1)
    written = fold(draft.text.now[start:end])
    number = _number(index, metric, start, end, written)
    digits = _WRITTEN.search(written)
    bare = Fraction(digits[0].rstrip("十百千万亿").replace(",", "")) if digits else Fraction(0)
    if digits and bare and number.value:
        number = number._replace(step=_step_of(len(digits[1] or ""), "") * abs(number.value / bare))
    return Figure(*number, gap="", tail="", sentence=-1, paragraph=-1)


def _of_damage(draft: Draft, text: str, lexicon: Lexicon) -> Iterator[Number]:
    """Numbers that are no metrics because damage has touched them and that have a unit behind them."""
    for flaw in draft.text.flaws:
        if flaw.code not in (LOST, DOUBTFUL, TORN):
            continue
        start = draft.text.origin.now_position(flaw.start)
        end = max(start, draft.text.origin.now_position(flaw.end - 1) + 1)
        end += text.startswith(" ", end)
        if unit := lexicon.unit_at(text, end):
            yield Number(None, start, end + len(unit), flaw.start, flaw.end, None, _ONE, unit, damage=flaw.code)


def _head(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match[0] if match else ""


def _tail(pattern: re.Pattern[str], text: str) -> str:
    return _head(pattern, text[::-1])[::-1]


def _value(written: str) -> Fraction:
    return Fraction(int(written)) if written.isdigit() else Fraction(written)


def _step(written: str) -> Fraction:
    """What one in the last digit is worth; 1 for Chinese numerals, which are written out."""
    runs = _WRITTEN.findall(written)
    return _step_of(len(runs[-1][0]), runs[-1][1]) if runs else _ONE


@lru_cache(maxsize=256)
def _step_of(decimals: int, multipliers: str) -> Fraction:
    return Fraction(10) ** (sum(_MULTIPLIERS[char] for char in multipliers) - decimals)
