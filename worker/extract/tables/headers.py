"""What a table's cells measure, when, and whether that is planned: from labels of rows and columns and the table's title."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from schemas.report import Document
from worker.extract.fields.statuses import words_of_plans
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.negations import vocabulary
from worker.extract.language.reading_text import ReadingText
from worker.extract.time.expressions import Time, find_times
from worker.extract.time.period_parts import years_of
from worker.facts import load_facts
from worker.once import Once
from worker.parts import Span
from worker.patterns import Pattern, filled, set_of, words_of

STATED_UNIT = re.compile(r"单位: ?(?P<unit>[^\s,;:()0-9]{1,10})|\((?!单位)(?P<bracketed>[^()]{1,8})\)")
_NUMBERING = re.compile(
    r"^(?:[#*]|其中[:,]?|[一二三四五六七八九十]+、|[0-9]+[、.．]|\([一二三四五六七八九十0-9]+\)|\s)+"
)
_REMARK = re.compile(r"\((?=[^()]*,)[^()]*\)$|\([^()]{9,}\)$")
# 一般公共预算, 政府性基金预算 and 国有资本经营预算 are names of funds.
_NO_FUND = "(?<!{tables.funds})"
_PER_CENT = re.compile("的?±?[%‰]$")
# 决算数为上年决算数的%, 与上年执行数之比: a ratio to another time, and no time of its own.
_SET_AGAINST = Pattern("{tables.set_against}$")
_IS_RATIO = Pattern(r"(?:[%‰]|{tables.ratios})\)?$")
_BESIDE = re.compile("[与同和]$")
_TO_ONE_ANOTHER = re.compile(r"之比(?:\([%‰]\)|[%‰])?$")
_OF_ANOTHER_TIME = Pattern("({tables.set_against}(?:[上去]一?年|同期|(?:19|20)[0-9]{2}年)[^%‰]*?)的±?[%‰]$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOTAL = Pattern("{tables.totals}$")
_VAGUE = Pattern("(?:{tables.totals}|{tables.totals.vague}[数额]|{tables.totals.bare})$")
_SIDE = Pattern(f"{_NO_FUND}({{tables.sides}})[数额]?$")
_TABLE_WORD = Pattern("{tables.kinds}*表$")
_LABELS = 8192
_TABLE_NUMBER = re.compile(r"^附?表 ?[0-9一二三四五六七八九十]+(?:[-.][0-9]+)?[:.、 ]*")


def place_of(places: Sequence[Span], at: int) -> Span | None:
    """The place numbered ``at``; None where the reader of the file did not give the places of labels."""
    return places[at] if at < len(places) else None


def unit_stated(match: re.Match[str], lexicon: Lexicon) -> tuple[str, str]:
    """Multipliers and unit that a match of ``STATED_UNIT`` gives (万元 is 万, 元), or two empty strings."""
    stated = match["unit"] or match["bracketed"]
    for at in range(len(stated) - len(stated.lstrip("十百千万亿")) + 1):
        unit = stated[at:]
        if unit and lexicon.unit_at(unit, 0) == unit:  # 万千瓦时 is 万, 千瓦时
            return stated[:at], unit
    return "", ""


class Dated(NamedTuple):
    """A time, the label that states it, and which label of the row or the column that is."""

    period: str | None
    label: str
    at: int


class StatedUnit(NamedTuple):
    """Multipliers and a unit that a label or a caption states; where the words begin."""

    multipliers: str
    unit: str
    start: int


@dataclass
class TableLabels:
    """The labels of one table, folded: ``caption`` holds its title and its note on units, each on a line.

    A table has few labels and many cells: what is found out about a label is found out once.

    ``columns`` are the labels of all its columns, ``caption_at`` the places in the file of the caption's lines.
    """

    caption: str
    columns: frozenset[str]
    reading: ReadingText
    document: Document
    caption_at: tuple[Span, ...] = ()
    _plain: dict[str, str] = field(default_factory=dict)
    _stated: dict[str, tuple[StatedUnit, ...]] = field(default_factory=dict)
    _alone: dict[str, int | None] = field(default_factory=dict)
    _past: dict[str, bool] = field(default_factory=dict)
    _budgets: dict[str, str | None] = field(default_factory=dict)
    _title_places: dict[str | None, Span | None] = field(default_factory=dict)
    _times: dict[tuple[str, int | None], tuple[Time, ...]] = field(default_factory=dict)

    def name(self, rows: Sequence[str], columns: Sequence[str]) -> str:
        """The name of a cell by the words of its row and its column (:meth:`words`), without what only repeats others."""
        if len(columns) > 1:
            columns = [*(label for label in columns[:-1] if not label.endswith("情况")), columns[-1]]
        if len(rows) == 1 and _is_total(rows[0]) and not all(map(_is_total, columns)):
            rows, columns = columns, rows
        parts = _distinct((*rows, *columns))
        own = (*rows[-1:], *columns[-1:])
        for part in parts.copy():
            if self._is_told(part, parts, is_own=part in own):
                parts.remove(part)
        if all(map(_is_vague, parts)):
            parts = _distinct((self._subject, *parts))
        return _joined(parts)

    def period(self, headers: Sequence[str]) -> tuple[str | None, str]:
        """The time that the nearest label states, or else the table's title, and the label or title that does.

        A part of a year (上半年, 年末总人口) is of the year that another label of the cell states.
        """
        has_year = any(map(self.year_alone, headers))
        for label in (*reversed(headers), self.title):
            if times := self._times_in(label, self._year_beside(label, headers) if has_year else None):
                return times[-1].period, label
        return None, ""

    def dated(self, labels: Sequence[str]) -> Dated | None:
        """The time that the nearest of the labels of one row or one column states, where those across state no year."""
        has_year = any(map(self.year_alone, labels))
        for at in range(len(labels) - 1, -1, -1):
            if times := self._times_in(labels[at], self._year_beside(labels[at], labels) if has_year else None):
                return Dated(times[-1].period, labels[at], at)
        return None

    @Once
    def dated_by_title(self) -> tuple[str | None, str]:
        """The time that the title states, where no label is a year, and the title; nothing where it states none."""
        times = self._times_in(self.title)
        return (times[-1].period, self.title) if times else (None, "")

    def units_in(self, text: str) -> tuple[StatedUnit, ...]:
        """The units that a label, or a caption, states, in their order."""
        if text not in self._stated:
            found = ((*unit_stated(match, self.reading.lexicon), match.start()) for match in STATED_UNIT.finditer(text))
            self._stated[text] = tuple(StatedUnit(*one) for one in found if one[1])
        return self._stated[text]

    def title_at(self, period: str | None) -> Span | None:
        """The place in the file of the title's last line that states a time, or else of its last line."""
        if period not in self._title_places:
            lines = [line for line in enumerate(self.caption.split("\n")) if not STATED_UNIT.match(line[1])]
            stating = [line for line in lines if any(time.period == period for time in self._times_in(line[1]))]
            places = (place_of(self.caption_at, at) for at, _ in reversed(stating or lines))
            self._title_places[period] = next(places, None)
        return self._title_places[period]

    def budget_words(self, column: str | None, period: str | None, *, is_past: bool) -> str | None:
        """The words of a budget's title that make plans of cells of this period, or None.

        ``column`` is the label that :meth:`budget_column` finds, ``is_past`` says that a label tells of what was done.
        """
        found = self._budget or (self._planning(column) if column is not None and not is_past else None)
        if found is None:
            return None
        of_its_year = period is None or self._report_year is None or years_of(period)[-1] >= self._report_year
        return found if of_its_year and not (is_past or self.has_accounts) else None

    def budget_column(self, labels: Sequence[str]) -> str | None:
        """The first of the labels that heads a column of a budget."""
        names = set_of("tables.budget.columns")
        return next((one for one in labels if one in self.columns and self.words(one) in names), None)

    def _planning(self, label: str) -> str | None:
        """The label of a budget's column, where no column beside holds what was done in its year."""
        if label not in self._budgets:
            year = {time.period for time in self._times_in(label)}
            beside = (one for one in self.columns if self.is_past(one))
            is_done = any(not (of := self._times_in(one)) or of[-1].period in year for one in beside)
            self._budgets[label] = None if is_done else label
        return self._budgets[label]

    def is_past(self, label: str) -> bool:
        """Whether a label tells of what was done, or what had been budgeted for it."""
        if label not in self._past:
            self._past[label] = bool(re.search(load_facts("tables")["budget"]["past"], label))
        return self._past[label]

    @Once
    def _budget(self) -> str | None:
        """The words of the title that call the table a budget."""
        found = re.search(load_facts("tables")["budget"]["table"], self.title)
        return found.group() if found else None

    @Once
    def has_accounts(self) -> bool:
        """Whether the title calls the table one of accounts."""
        return bool(re.search(load_facts("tables")["budget"]["accounts"], self.title)) and self._budget is None

    @Once
    def title(self) -> str:
        """The table's title, without the note on units."""
        lines = (line for line in self.caption.split("\n") if not STATED_UNIT.match(line))
        return "\n".join(lines)

    @Once
    def of_plans(self) -> str:
        """The title, where it is the name of a column of targets or budgets."""
        return words_of_plans(self.title)

    @Once
    def _subject(self) -> str:
        """The table's title as the name of a quantity."""
        last = _TABLE_NUMBER.sub("", self.title.rsplit("\n", 1)[-1])
        return _TABLE_WORD.sub("", self.words(last))

    @Once
    def _report_year(self) -> int | None:
        period = self.document.period or ""
        return int(period) if period.isdigit() else None

    @Once
    def _year(self) -> int | None:
        """What 本年 means in this table."""
        years = re.findall(r"(?<!\d)(?:19|20)\d\d(?=年)", self.title)
        return int(years[0]) if len(years) == 1 else self._report_year

    @Once
    def _side(self) -> str | None:
        """预算 or 决算, where the title says it and no column says the other."""
        sides = {match[1] for label in self.columns if (match := _SIDE.search(label))}
        said = {side for side in words_of("tables.sides") if re.search(filled(_NO_FUND) + side, self.title)}
        return next(iter(sides)) if len(sides) == 1 and sides <= said else None

    def _is_told(self, part: str, parts: Sequence[str], *, is_own: bool) -> bool:
        """Whether the other parts say what this one says; ``is_own`` is the row's or the column's innermost label."""
        if _is_total(part):
            return any(_TOTAL.search(other) for other in parts if other != part)
        start, side = _side_in(part)
        if side and side == self._side:
            return any(other.endswith(part[:start]) for other in parts if other != part)
        for other in parts:
            # 出口 is a part of 进出口, not the same, and 办结 is not told by 未办结
            if other != part and (other.startswith(part) or (not is_own and _ends_in(other, part))):
                return True
        return False

    def words(self, label: str) -> str:
        """The words of a label as part of a name: without numbering, units, remarks and times."""
        if label not in self._plain:
            self._plain[label] = self._bare(label)
        return self._plain[label]

    def _bare(self, label: str) -> str:
        def unless_unit(match: re.Match[str]) -> str:
            if unit_stated(match, self.reading.lexicon)[1]:
                return ""
            return match["unit"] or match.group()  # 单位 is an office as well

        for time in reversed(self._times_in(label)):
            if time.period:  # one that is not known stays, to tell the cell from its neighbours
                label = label[: time.start] + label[time.end :]
        label = STATED_UNIT.sub(unless_unit, _NUMBERING.sub("", label))
        label = _REMARK.sub("", label.replace("()", ""))
        label = _PER_CENT.sub("", _OF_ANOTHER_TIME.sub(r"\1的比例", label))
        return label.replace(" ", "").strip(":,;、。")

    def _times_in(self, label: str, year: int | None = None) -> tuple[Time, ...]:
        """The times that a label states; one without a year is of ``year``, else of the table's, where that is known."""
        key = (label, year)
        if key not in self._times:
            own = self._report_year if label == self.title else self._year
            self._times[key] = self._found_in(label, year or own)
        return self._times[key]

    def _found_in(self, label: str, year: int | None) -> tuple[Time, ...]:
        if _YEAR.fullmatch(label):
            return (Time(0, len(label), label),)
        found = find_times(ReadingText(label, self.reading.lexicon, self.reading.words), year, year)
        carried = load_facts("tables")["carried"]["words"]  # 上年结转 is the name of a sum of this year
        own = (time for time in found if not label.startswith(tuple(carried), time.end))
        return tuple(time for time in own if not _is_set_against(label, time))

    def _year_beside(self, label: str, headers: Sequence[str]) -> int | None:
        """The year that the cell's other labels are, if it is one: 2021年, not 2021年立项."""
        years = {year for other in headers if other != label and (year := self.year_alone(other))}
        return years.pop() if len(years) == 1 else None

    def year_alone(self, label: str) -> int | None:
        """The year that a label is, where it says nothing else."""
        if label not in self._alone:
            self._alone[label] = self._found_alone(label)
        return self._alone[label]

    def _found_alone(self, label: str) -> int | None:
        if not _YEAR.search(label):
            return None
        time = next(iter(self._times_in(label)), None)
        whole = time and time.only_year and (time.start, time.end) == (0, len(label))
        return int(time.period) if time and time.period and whole else None


# A table has few labels, each of which is in the names of many cells.


@lru_cache(maxsize=_LABELS)
def _is_total(label: str) -> bool:
    return bool(_TOTAL.fullmatch(label))


@lru_cache(maxsize=_LABELS)
def _is_vague(label: str) -> bool:
    return bool(_VAGUE.fullmatch(label))


@lru_cache(maxsize=_LABELS)
def _without_total(label: str) -> str:
    return _TOTAL.sub("", label)


@lru_cache(maxsize=_LABELS)
def _side_in(label: str) -> tuple[int, str]:
    """Where the side of an account begins that a label ends in, and the side."""
    match = _SIDE.search(label)
    return (match.start(), match[1]) if match else (len(label), "")


def _is_set_against(label: str, time: Time) -> bool:
    """Whether a label names a time only to give a ratio to what was then: 为上年决算数的%, 占2023年执行数的比重."""
    if _BESIDE.search(label, 0, time.start):
        return bool(_TO_ONE_ANOTHER.search(label, time.end))
    return bool(_SET_AGAINST.search(label, 0, time.start) and _IS_RATIO.search(label, time.end))


def _distinct(parts: Iterable[str]) -> list[str]:
    empty = set_of("tables.empty")
    return [part for part in dict.fromkeys(parts) if part and part not in empty]


def _joined(parts: Sequence[str]) -> str:
    """One name; a total of what the words before it end in does not name that again.

    >>> _joined(["住房保障支出", "支出合计"]), _joined(["进出口", "出口增长"])
    ('住房保障支出合计', '进出口出口增长')
    """
    name = ""
    for part in parts:
        what = _without_total(part)
        name += part[len(what) :] if what != part and _ends_in(name, what) else part
    return name


def _ends_in(name: str, part: str) -> bool:
    """Whether a name ends in these words and does not deny them."""
    return name.endswith(part) and not vocabulary().at_end.search(name.removesuffix(part))
