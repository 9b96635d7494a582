"""Whether a file is a report: an authority's, a court's, news of one or a table of statistics.

The rules are asked from the top, and the first that speaks decides; where none does, the file is something else.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from schemas.report import Document
from worker.clean.lines import lines_of
from worker.facts import load_facts
from worker.figure import Figure
from worker.once import Once
from worker.patterns import Pattern, any_of
from worker.recognition.code import share_of_code

#: Of a text's letters, Chinese and Latin. Reports have next to no Latin ones, those of program and manual prevail.
LEAST_CHINESE = 0.5
FEWEST_LETTERS = 60  # a sentence may have more of them: CPI, PPI和PMI…
#: Of the characters of a file; a page's scripts that were left in a report have fewer.
MOST_CODE = 0.2
#: Of the Chinese characters, those in words of reports: speeches of state and foreign affairs have one in twenty, reports
#: one in eight to one in two; novels, recipes, addresses and price lists fewer than one in fifty.
LEAST_COVERED = 0.04
FEWEST_WORDS = 2
#: A list of prices may have words of reports; a list of rates that an authority pays or charges has many.
LEAST_COVERED_OF_PRICES = 0.2
FEWEST_SOFTWARE_WORDS = 4
#: Chinese characters. A sentence cut out of a report need not have any of its words, paragraphs have some.
LONGEST_EXCERPT = 130
LEAST_COVERED_OF_EXCERPT = 0.02
#: Addresses or prices make a list from so many on.
FEWEST_IN_A_LIST = 3

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_MYRIADS = re.compile("[万亿]")
_MANY = "万亿"
_IDENTIFIER = Pattern("{vocabulary.identifiers}")
_SOFTWARE = Pattern("{vocabulary.software}")
# 体育西路103号, 3栋1单元; 13800138000, 020-85551234: GB/T 23705 (地名地址编码), 电信网编号计划.
_ENTRY = re.compile(
    r"[路街道巷弄里村区园苑厦场]\D{0,8}\d{1,5} ?(?:号|弄|室|栋|幢|座|楼|层|单元)|(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"
)
_PRICE = re.compile("元(?:/.*)?$")


class Nature(NamedTuple):
    """Whether it is a report, the rule that says so, and what it saw, as words for people."""

    is_report: bool
    rule: str
    seen: str


@dataclass(frozen=True)
class Reading:
    """What was read of a file: its repaired text in simplified script, what it says of itself, its figures."""

    text: str
    document: Document
    figures: Sequence[Figure]

    @Once
    def han(self) -> int:
        """How many Chinese characters it has."""
        return len(_HAN.findall(self.text))

    @Once
    def letters(self) -> int:
        """How many letters it has, Chinese and Latin."""
        return self.han + len(_LATIN.findall(self.text))

    @Once
    def words(self) -> list[str]:
        """The words of reports in it, each as often as it stands there; a count of ten thousands is one of them."""
        return [*_vocabulary().findall(self.text), *(_MANY for one in self.figures if _MYRIADS.search(one.written))]

    @Once
    def covered(self) -> float:
        """Of the Chinese characters, those in words of reports."""
        return sum(map(len, self.words)) / self.han if self.han else 0.0

    @property
    def is_prose(self) -> bool:
        """Whether it is made of sentences rather than of lines: no list, no verse, no talk."""
        prose = sum(len(line.text) for line in lines_of(self.text) if line.is_prose)
        return prose * 2 > len(self.text)

    @Once
    def cells(self) -> list[Figure]:
        """The figures of its tables."""
        return [figure for figure in self.figures if figure.cell]


#: What it saw, as words for people; nothing where it does not speak.
Rule = Callable[[Reading], str | None]


def names_its_author(reading: Reading) -> str | None:
    """An authority signs it or gives it a number: 行政机关公文 are told by these."""
    return reading.document.issuer or reading.document.document_number


def is_code(reading: Reading) -> str | None:
    """A program, its settings, its log, or a manual that shows how to call it."""
    share = share_of_code(reading.text)
    return f"{share:.0%} of it are code, settings or a log" if share >= MOST_CODE else None


def counts_nothing(reading: Reading) -> str | None:
    """A table of telephone numbers or accounts."""
    cells = reading.cells
    if not cells or len(cells) < len(reading.figures):
        return None
    if any(one.unit or not _IDENTIFIER.search(one.indicator.value or "") for one in cells):
        return None
    return "its numbers are those of telephones, accounts or papers"


def says_its_kind(reading: Reading) -> str | None:
    """Its title, headings or opening say what it is."""
    return reading.document.kind


def names_place_and_year(reading: Reading) -> str | None:
    """It is about one place in one year."""
    document = reading.document
    return f"{document.region}, {document.period}" if document.region and document.period else None


def has_a_dated_table(reading: Reading) -> str | None:
    """Most figures of its tables have a time: a series, or the statistics of a year."""
    dated = sum(one.period.value is not None for one in reading.cells)
    return f"{dated} of {len(reading.cells)} cells have a time" if dated * 2 > len(reading.cells) else None


def is_foreign(reading: Reading) -> str | None:
    """Hardly anything of it is Chinese."""
    if reading.letters < FEWEST_LETTERS or reading.han >= LEAST_CHINESE * reading.letters:
        return None
    return f"{reading.han / reading.letters:.0%} of its letters are Chinese"


def is_a_directory(reading: Reading) -> str | None:
    """Most of its lines are addresses or telephone numbers."""
    lines = [line.text for line in lines_of(reading.text)]
    entries = sum(bool(_ENTRY.search(line)) for line in lines)
    if entries < FEWEST_IN_A_LIST or entries * 2 <= len(lines):
        return None
    return f"{entries} of its {len(lines)} lines are addresses or telephone numbers"


def speaks_of_software(reading: Reading) -> str | None:
    """A manual or a log in Chinese: it has more of the words of programs than of those of reports."""
    words = _SOFTWARE.findall(reading.text)
    if len({*words}) < FEWEST_SOFTWARE_WORDS or sum(map(len, words)) <= sum(map(len, reading.words)):
        return None
    return f"it has {len({*words})} words of programs and their manuals"


def lists_prices(reading: Reading) -> str | None:
    """A price list, a menu, a bill: sums without a time, none of them large, and no sentence."""
    figures = reading.figures
    prices = sum(bool(_PRICE.search(one.unit)) for one in figures)
    if prices < FEWEST_IN_A_LIST or prices * 2 <= len(figures) or reading.is_prose:
        return None
    is_told = any(one.period.value or one.indicator_id or _MYRIADS.search(one.written) for one in figures)
    if is_told or reading.covered >= LEAST_COVERED_OF_PRICES:
        return None
    return f"{prices} of its {len(figures)} figures are prices, and none has a time"


def speaks_as_reports_do(reading: Reading) -> str | None:
    """It has the words of reports, or a quantity that many of them give."""
    fewest = 1 if reading.cells else FEWEST_WORDS  # labels are few words, and not of chance
    if len({*reading.words}) >= fewest and reading.covered >= LEAST_COVERED:
        return f"{reading.covered:.0%} of it are words of reports"
    return next((figure.indicator_id for figure in reading.figures if figure.indicator_id), None)


def is_an_excerpt(reading: Reading) -> str | None:
    """A sentence or a paragraph, or a few with words of reports: too little to tell more by."""
    if reading.cells or reading.han > LONGEST_EXCERPT:
        return None
    is_alone = "\n" not in reading.text.strip()
    is_short = is_alone or (reading.is_prose and reading.covered >= LEAST_COVERED_OF_EXCERPT)
    return f"{reading.han} characters" if is_short else None


REPORT, OTHER = True, False
RULES: tuple[tuple[Rule, bool], ...] = (
    (names_its_author, REPORT),
    (is_code, OTHER),
    (counts_nothing, OTHER),
    (says_its_kind, REPORT),
    (names_place_and_year, REPORT),
    (has_a_dated_table, REPORT),
    (is_foreign, OTHER),
    (is_a_directory, OTHER),
    (speaks_of_software, OTHER),
    (lists_prices, OTHER),
    (speaks_as_reports_do, REPORT),
    (is_an_excerpt, REPORT),
)


def nature_of(reading: Reading) -> Nature:
    """What the first rule says that speaks."""
    for rule, is_report in RULES:
        seen = rule(reading)
        if seen:
            return Nature(is_report, rule.__name__, seen)
    words = len({*reading.words})
    return Nature(OTHER, "says_nothing", f"{words} words of reports among {reading.han} characters, no issuer, no kind")


@lru_cache(maxsize=1)
def _vocabulary() -> re.Pattern[str]:
    return re.compile(any_of(word for group in load_facts("vocabulary")["words"] for word in group["words"]))
