"""The time that a figure refers to.

Four levels: a time stated before the figure in its sentence, one carried over from an earlier sentence of the same
point, the year of the heading it stands under, the report's own year.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.extract.numerals import parse
from worker.extract.page import Page
from worker.extract.sentences import Sentence

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:(?:1[89]|20|21)[0-9]{2}|[一二][九〇零][〇零一二三四五六七八九]{2}|民国[0-9]{1,3})"
_PART = (
    rf"{_MONTH} ?月?份?(?:至|到|[-—–~]{{1,2}}){_MONTH} ?月份?"
    rf"|{_MONTH} ?月(?:份|月?底|末|[0-9]{{1,2}} ?日|[一二三]?十?[一二三四五六七八九十] ?日)?"
    r"|上半年|下半年|第?[一二三四1-4]季度|前[二三两]个?季度|年?底(?![线数盘子部蕴气下层座色片稿])|年末"
)
_UNTIL = r"截[至止]?到?|至|到"
_TIME = re.compile(
    r"(?=[截至到0-9一二三四五六七八九十两民今去明前本当上下全年第底目现迄近过最这“])(?:"
    rf"(?P<until>{_UNTIL})? ?(?P<base>{_YEAR} ?[-—–~至到]{{1,2}} ?{_YEAR} ?年度?|{_YEAR} ?(?:学|财政?)?年度?"
    rf"|[今去明前本当上]年度?|全年|年内|上一年度?)(?:(?P<back>以?来)|[的,])?(?(back)|(?P<until_inside>截[至止]?到?)? ?(?P<part>{_PART})?)(?P<since>以来|至今|起(?![诉草]))?"
    rf"|(?P<until_part>{_UNTIL})? ?(?P<alone>{_PART})(?![0-9]|制)"
    r"|(?P<now>(?:截[至止]?到?)?(?:目前|现在|至今)|迄今)"
    r"|(?P<looking_back>(?:近|过去|最近|这)的?(?P<years>[0-9]{1,2}|[一二两三四五六七八九十]+)年(?:以?来)?|(?<![0-9十])(?P<years_past>[0-9]{1,2}|[二两三四五六七八九十]+)年(?:以?来|(?=累计|共)))"
    r"|(?P<plan>“?(?P<plan_name>十?[一二三四五六七八九]五)”?(?:时期|期间|末|以来)(?P<plan_end>末)?))"
)
# Every time holds one of these.
_TIME_SIGN = re.compile("[年月季目现今末期间底]")
_COMPARED = re.compile(r"(?:比|较|与|同|和|跟|是|相当于)$")
_COMPARISON = re.compile(r"(?:同期|相比|的[0-9]|水平)")
_FIRST_PLAN_YEAR = {
    "八五": 1991,
    "九五": 1996,
    "十五": 2001,
    "十一五": 2006,
    "十二五": 2011,
    "十三五": 2016,
    "十四五": 2021,
    "十五五": 2026,
}
_OPENING = 8  # a time within so many characters of its sentence's start governs the sentences that follow
_PLANNED = re.compile(r"下一步|下步|打算|工作计划|工作安排|今后|努力方向|下一年|明年")


@dataclass(frozen=True, slots=True)
class Time:
    """A stated time: ``text[start:end]`` says ``period``, in the forms of ``Metric.period``.

    It is None where the text leaves the year open.
    ``is_base`` marks the time that a change starts from (由2010年的21.6%提高到25.2%): it is that of one figure only.
    """

    start: int
    end: int
    period: str | None
    is_base: bool = False

    @property
    def only_year(self) -> bool:
        """Whether it is one whole year."""
        return bool(self.period and self.period.isdigit())

    @property
    def governs(self) -> bool:
        """Whether it is long enough to be the time of several paragraphs: a year or a span of years."""
        return bool(self.period and re.fullmatch(r"[0-9]{4}(?:/[0-9]{4})?", self.period))

    @property
    def is_day(self) -> bool:
        """Whether it is the date of one event."""
        return bool(self.period and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.period))


@dataclass
class Calendar:
    """Resolves times sentence by sentence.

    ``year`` is the report's own, ``this_year`` what 今年 means in it (a work report given in spring speaks of the year
    before), ``heading_year`` that of the section.

    A time that opens a sentence holds for the sentences after it, to the end of its point or paragraph; one that opens
    a paragraph of a single sentence (这五年,我们…迈上新台阶。) for the paragraphs after it, to the next heading.
    """

    year: int | None
    this_year: int | None = None
    heading_year: int | None = None
    heading_words: str | None = None
    _lead: Time | None = None
    _span: Time | None = None
    _carried: Time | None = None
    _paragraph: int = -1
    _sentences: int = 0
    _start: int = 0
    _end: int = 0
    _times: list[Time] = field(default_factory=list)

    @property
    def times(self) -> list[Time]:
        """The times stated in the sentence."""
        return self._times

    def enter(self, heading_year: int | None, heading_words: str | None = None) -> None:
        """Start a section, whose heading sets the year by its words."""
        self.heading_year, self.heading_words, self._lead = heading_year, heading_words, None

    def turn_to(self, page: Page, sentence: Sentence) -> None:
        """Go on to the next sentence."""
        opener = self._opener(page)
        if sentence.paragraph != self._paragraph:
            announces = self._sentences == 1 and opener and opener.governs and page.text[self._end - 1] in "。:"
            self._lead = opener if announces else self._lead
            self._carried = self._span = None
            self._paragraph, self._sentences = sentence.paragraph, 0
        else:
            if opener and "/" in (opener.period or ""):
                self._span = opener
            if opener:
                self._carried = None if opener.is_day else opener
            if sentence.opens and self._carried and not self._carried.only_year:
                self._carried = None
        self._sentences += 1
        self._start, self._end = sentence.body, sentence.end
        base = self.heading_year or self.year
        self._times = list(find_times(page, sentence.start, sentence.end, base, self.this_year or base))

    def period_at(self, place: int, previous_end: int = 0, is_mean: bool = False) -> str | None:
        """The period of a figure that starts there, behind another that ended at ``previous_end``.

        A yearly mean (``is_mean``) takes a span of years where one is named.
        """
        time = self._time_at(place, previous_end, is_mean)
        if time:
            return time.period
        year = self.heading_year or self.year
        return None if year is None else str(year)

    def later_at(self, page: Page, place: int, previous_end: int = 0, is_mean: bool = False) -> str | None:
        """The words that put a figure's time behind the year reported on, or None."""
        time = self._time_at(place, previous_end, is_mean)
        if time is None:
            return self.heading_words if self.year and (self.heading_year or 0) > self.year else None
        words = page.text[time.start : time.end].strip(" ,的")
        years = re.findall("[0-9]{4}", time.period or "")
        is_later = self.year and years and int(years[-1]) > self.year
        return words if is_later and not words.startswith("截") else None

    def _time_at(self, place: int, previous_end: int, is_mean: bool) -> Time | None:
        inherited = self._carried or self._lead
        stated = [time for time in self._times if time.end <= place and not (time.is_base and time.end <= previous_end)]
        if is_mean:
            spans = [time for time in (self._lead, self._span, *stated) if time and "/" in (time.period or "")]
            stated = spans or stated
        return stated[-1] if stated else inherited

    def _opener(self, page: Page) -> Time | None:
        """The time that the sentence opens with; the last of several that stand there together."""
        opener = None
        for time in self._times:
            if len(page.text[opener.end if opener else self._start : time.start].strip()) > _OPENING:
                break
            opener = time
        return opener


def find_times(page: Page, start: int, end: int, year: int | None, this_year: int | None) -> Iterator[Time]:
    """The times stated in ``page.text[start:end]`` that a figure can refer to, not those it is compared with.

    ``this_year`` is what 今年 means, ``year`` the one that a month without a year belongs to; without them, times that
    rest on them are left out.
    """
    if not _TIME_SIGN.search(page.text, start, end):
        return
    for match in _TIME.finditer(page.text, start, end):
        if page.cover_of(match.start()) == "inside the title of a document":
            continue
        if _COMPARED.search(page.text[max(start, match.start() - 3) : match.start()]) or _COMPARISON.match(
            page.text, match.end()
        ):
            continue
        yield Time(
            match.start(),
            match.end(),
            _period(match, year, this_year),
            page.text[match.start() - 1 : match.start()] in ("由", "从"),
        )


def year_of_heading(title: str, year: int | None) -> int | None:
    """The year that a heading sets for its section: one that it names, or the next for plans; else None."""
    years = re.findall(r"((?:19|20)[0-9]{2})年", title)
    if years:
        return int(years[-1])
    return year + 1 if year and _PLANNED.search(title) else None


def _period(match: re.Match[str], year: int | None, this_year: int | None) -> str | None:
    if match["now"]:
        return str(year) if year else None
    if match["looking_back"]:
        span = _count(match["years"] or match["years_past"])
        return f"{year - span + 1}/{year}" if year and span and 1 < span < 100 else None
    if match["plan"]:
        first = _FIRST_PLAN_YEAR.get(match["plan_name"])
        return None if first is None else str(first + 4) if "末" in match["plan"] else f"{first}/{first + 4}"
    if match["alone"]:
        until = match["until_part"] if match["until_part"] and match["until_part"].startswith("截") else ""
        return _with_part(year, match["alone"], until) if year else None
    base = match["base"]
    years = [_year_number(part) for part in re.findall(_YEAR, base)]
    if len(years) == 2:
        return f"{years[0]}/{years[1]}" if years[0] and years[1] and years[0] < years[1] else None
    stated = years[0] if years else _relative(base, year if base[0] in "全年当本" else this_year)
    if stated is None:
        return None
    until = next((word for word in (match["until"], match["until_inside"]) if word and word.startswith("截")), "")
    if match["part"]:
        return _with_part(stated, match["part"], until)
    if (match["since"] or match["back"]) and year and stated < year:
        return f"{stated}/{year}"
    return f"..{stated}" if until else str(stated)


def _relative(word: str, year: int | None) -> int | None:
    if year is None:
        return None
    return year + {"去": -1, "上": -1, "前": -2, "明": 1}.get(word[0], 0)


def _with_part(year: int, part: str, until: str) -> str | None:
    if part in ("上半年", "下半年"):
        return f"{year}H{1 if part[0] == '上' else 2}"
    if "季度" in part:
        quarter = {"两": 2}.get(part.strip("第前个季度")) or _count(part.strip("第前个季度"))
        last = 3 * (quarter or 1)
        return f"{year}-{1 if part.startswith('前') else last - 2:02}/{year}-{last:02}"
    if part in ("底", "年底", "年末"):
        return f"..{year}-12"
    numbers = [_count(word) for word in re.findall(r"[0-9]+|[一二三四五六七八九十]+", part)]
    if None in numbers:
        return None
    if "日" in part and len(numbers) == 2:
        date = f"{year}-{numbers[0]:02}-{numbers[1]:02}"
    elif len(numbers) == 2:
        return f"{year}-{numbers[0]:02}/{year}-{numbers[1]:02}"
    else:
        date = f"{year}-{numbers[0]:02}"
    return f"..{date}" if until or part.endswith(("底", "末")) else date


def _year_number(written: str) -> int | None:
    if written.startswith("民国"):
        return 1911 + int(written[2:])
    return _count(written)


def _count(written: str | None) -> int | None:
    value = parse(written) if written else None
    return int(value.low) if value else None
