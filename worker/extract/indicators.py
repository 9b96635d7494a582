"""What a figure measures: its own words, and what it takes over from the clauses before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.metric import Change
from worker.extract.clauses import Spot, clause_before
from worker.extract.growth import Growth, fulfilment_in, gap_in, is_multiple_of_earlier, mean_in, share_in
from worker.extract.negations import vocabulary, with_its_negations
from worker.extract.own import LISTED, LONG_BRACKET, LONGEST_CONTEXT, OwnWords
from worker.extract.page import Page, fold
from worker.extract.phrases import ACTORS, Phrase, read_left, without_lead_out
from worker.extract.respectively import deals_out, dealt_out, dealt_out_of
from worker.extract.times import Time
from worker.extract.topics import read_topic
from worker.extract.words import MARKS, is_noun

_SHORT = 3  # a name of so few characters needs the name of what it belongs to
_SHORT_ACT = 6  # the same where it is a verb with its object
_LONGEST_PART = 8
_LONGEST_OWNER = 9
_LONGEST_WHOLE = 20
_LONGEST_HEADING = 14
_FAR = 200  # characters
_FARTHEST = 3  # clauses that are looked back over for what they speak of
_POINTS = ("百分点", "个百分点", "%", "位", "分")
_KINDS_OF_OTHERS = ("money", "person")  # who works there, and what it cost, was not built
_GROWTH = ("增长", "下降", "提高", "降低", "上升", "增加", "减少", "增幅", "增速")
_LEVELS = ("率", "比例", "占比", "比重", "度")
_PART = re.compile(r"\s*(?:其中|包括|含|包含)")
_EACH = re.compile(r"(?:每[人户亩吨]?每?[日天月年]|每(?:人|户|亩|吨|平方米|立方米))$")
_FROM = re.compile("(?:由|从)(?:[^,;、]{0,8}年[^,;、]{0,3}?)?的?$")
_POINT = re.compile("^[一二三四五六七八九十]{1,2}[是要]")
_YEAR = re.compile("(?:民国)?(?<![0-9])[0-9]{2,4}年度?")
_DIGIT = re.compile("[0-9]")
_AT_END = re.compile("[于在自]$")  # 于2012年
_TIME_ENDS = frozenset("末底初度")
_SPAN = re.compile(
    "(?:于|在)?(?:未来|今后|过去|最近|近)[0-9一二三四五六七八九十两几]{1,3}个?(?:年|月|季度|天)(?:内|间|来|中|里|多)?"
)
# A number of a list that is no figure itself: 提高12.7、1 2个百分点.
_STRAY_NUMBER = re.compile(r"(?<![0-9A-Za-z.])[0-9]+(?:[.,][0-9]+)*(?:个?百分点|[%‰])?(?:[、和]|$)")


@dataclass
class Topic:
    """What the sentence is about so far."""

    head: str = ""  # what the chain of clauses is about
    subject: str = ""  # whose doings the clauses without a subject tell
    thing: str = ""  # the latest thing
    whole_thing: str = ""  # the same with its own subject and verb: 地方税实征净额
    act: str = ""  # the verb in front of it, which what is listed with it shares
    lead: str = ""  # what stands before the latest thing in its own phrase: 网络覆盖 of 网络覆盖政务单位
    frame: tuple[str, str] = ("", "")  # what stands before and behind the latest thing in its name
    full: str = ""  # the latest indicator that is no change and no share
    share: str = ""  # the share named since
    whole: Phrase = field(default_factory=Phrase)  # what 其中 and brackets divide
    divides: bool = False  # whether the figure before was a part of it
    bracket: int = -1  # the place of the bracket that the figure before stands in
    dealt: tuple[str, ...] = ()  # the things that 分别 has dealt figures out to


class Namer:
    """Names the figures of a text in reading order."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._growth = Growth(page.lexicon)
        self._topic = Topic()
        self._earlier = ""  # the thing that the sentence before spoke of last, within the paragraph
        self._heading = ""
        self._times: Sequence[Time] = ()
        self._start = 0
        self._spots: Sequence[Spot] = ()
        self._firsts: list[int] = []
        self._own = OwnWords(page, (), self._growth, self._text)

    def name_all(
        self,
        start: int,
        spots: Sequence[Spot],
        changes: Sequence[Change | None],
        times: Sequence[Time],
        heading: str = "",
    ) -> list[str]:
        """The indicators of one sentence's figures.

        ``start`` is where the sentence starts, ``heading`` the title that it stands under.
        """
        is_new = "\n" in self._page.text[self._start : start]
        self._earlier = "" if is_new else self._topic.thing or self._earlier
        self._heading = heading
        self._topic, self._times, self._start, self._spots = Topic(), times, start, spots
        self._own = OwnWords(self._page, spots, self._growth, self._text)
        self._firsts = self._starts_of_lists()
        names: list[str] = []
        for index, spot in enumerate(spots):
            if spot.joint == ";":
                topic = self._topic
                self._topic = Topic(thing=topic.thing, whole=topic.whole, divides=topic.divides)
            name = self._name(index, changes[index], names)
            name = name or self._topic.thing or self._earlier or self._text(spot.left, spot.figure.start)
            names.append(self._undenied(_without_odd_brackets(name), index))
        return names

    def _undenied(self, name: str, index: int) -> str:
        """The name with the negations of its own clause that what shortened it has cut off."""
        spot, words = self._spots[index], self._page.words
        shares = index + 1 < len(self._spots) and self._spots[index + 1].joint in LISTED
        end = spot.figure.end if shares else spot.right
        first = index
        while first > index - _FARTHEST and self._spots[first].joint == "same":
            first -= 1  # 未在30天内整改的企业12家
        for part in (
            self._page.text[self._spots[first].left : spot.figure.start],
            self._page.text[spot.figure.end : end],
        ):
            if vocabulary().any_of.search(part):
                name = with_its_negations(name, words.cut(part))
        return name

    def _name(self, index: int, change: Change | None, names: list[str]) -> str:
        left = self._own.left(index)
        if taken_over := self._taken_over(index, change, left, names):
            return taken_over
        each = _EACH.search(left)
        if each and left[: each.start()].strip():
            return self._named(index, change, left[: each.start()]) + each.group()
        return self._named(index, change, left)

    def _named(self, index: int, change: Change | None, left: str) -> str:
        """The name by the clause's own words, and what they lack by the clauses before."""
        spot = self._spots[index]
        if change == "to" and (reached := self._page.lexicon.change_before.search(left.rstrip("的"))):
            left = left[: reached.start()]  # the level has the name of what changed
        left = _FROM.sub("", left)
        if share := self._share(index, left):
            self._topic.share = share
            return share
        self._follow(index)
        topic = self._topic
        is_listed = spot.joint == "、" and bool(topic.act)
        phrase = self._own.phrase(index, left, is_listed=is_listed, is_first=not topic.thing)
        return self._in_context(phrase, spot, self._is_part(phrase, spot, left))

    def _taken_over(self, index: int, change: Change | None, left: str, names: list[str]) -> str | None:
        """The name of a figure whose clause names nothing: a member of a list, growth, a gap, a multiple, a mean."""
        if respectively := self._respectively(index):
            return respectively
        spot, full = self._spots[index], self._topic.full
        alone = not left.strip("、和与及,以达为约近超至到逾过")
        if names and alone and spot.joint in LISTED and not self._own.right(index)[0]:
            return names[-1] if change or not full or spot.figure.unit in _POINTS else full
        if names and spot.figure.unit in _POINTS and (gap := self._gap(left, names[-1])):
            return gap
        if names and change and self._growth.is_all_of(left):
            # Shares grow by percentage points; by per cent grows what they are shares of.
            base = (full if spot.figure.unit == "%" else "") or self._topic.share or full
            return names[-1] if change == "to" else base and self._growth.named(base, left)
        if full and spot.figure.unit == "倍" and is_multiple_of_earlier(left):
            return full
        mean = mean_in(left)
        return full + mean if full and mean else None

    def _gap(self, left: str, before: str) -> str:
        """The name of a distance from somebody else's figure: 森林覆盖率高于全省平均水平."""
        own, gap = gap_in(left)
        if not gap:
            return ""
        phrase = read_left(own, self._page.words, self._page.lexicon)
        grown = before if before.endswith(_GROWTH) and not self._topic.full.endswith(_LEVELS) else self._topic.full
        return (phrase.name if phrase and not phrase.bare else grown.removesuffix(phrase.name) + phrase.name) + gap

    def _share(self, index: int, left: str) -> str:
        """The name of a share: 套转干部占需套转干部比例."""
        spot, page = self._spots[index], self._page
        share = share_in(self._trimmed(left)) if "占" in left else None
        share = share or fulfilment_in(left, spot.figure.unit)
        if not share:
            return ""
        phrase = read_left(share.own, page.words, page.lexicon, is_subject=True)
        context = self._topic.head if phrase.bare and not _overlap(self._topic.head, phrase.name) else ""
        own = context + phrase.name
        if not own and page.text.startswith("的", spot.figure.end):
            own = self._own.right(index)[0]  # 占人口65%的地区
        return (own or self._topic.full or self._topic.thing) + share.of

    def _trimmed(self, left: str) -> str:
        """The words without what leads to the number."""
        return "".join(word.text for word in without_lead_out(self._page.words.cut(left), self._page.lexicon))

    def _is_part(self, phrase: Phrase, spot: Spot, left: str) -> bool:
        """Whether the figure is a part of one before: behind 其中, in a bracket, or next to another part."""
        opener = self._page.text[max(0, spot.left - 4) : spot.left].strip(",: ，：")[-2:]
        if _PART.match(left) or _PART.fullmatch(opener) or spot.bracket >= spot.left - 1 >= 0:
            return True
        divides = self._topic.divides and self._topic.bracket == spot.bracket
        grows = phrase.act in self._page.lexicon.changes
        return divides and (grows or not phrase.act) and 0 < len(phrase.thing) <= _LONGEST_PART

    def _follow(self, index: int) -> None:
        """Turns to what the clauses before speak of, where they stand between this figure and the last."""
        if self._spots[index].joint not in (",", ";"):
            return
        thing, is_subject = self._clauses_before(index)
        if thing:
            self._topic.head = thing
            acts = is_subject and len(thing) > _SHORT and not thing.endswith(ACTORS)
            self._topic.subject = thing if acts else ""
            self._topic.thing = self._topic.thing or thing

    def _clauses_before(self, index: int) -> tuple[str, bool]:
        """The topic of the nearest clause that has one, up to the figure before."""
        page, begin = self._page, self._spots[index].left
        last_figure = self._spots[index - 1].figure.start if index else -1
        for _ in range(_FARTHEST):
            begin, end = clause_before(page, self._start, begin)
            text = self._text(begin, end) if begin < end else ""
            if not text or begin <= last_figure < end:
                break
            if not _PART.fullmatch(text) and (found := read_topic(text, page.words, page.lexicon))[0]:
                return found
        return "", False

    def _in_context(self, phrase: Phrase, spot: Spot, is_part: bool) -> str:
        topic, grammar = self._topic, self._page.lexicon.grammar
        if not phrase.thing and phrase.act in grammar["spending"]:
            same = topic.thing if spot.joint == "same" else ""
            phrase = Phrase(same or topic.subject or self._opener() or topic.thing, phrase.act)
        elif not phrase.thing:
            phrase = Phrase(topic.thing or self._earlier, phrase.act)
        elif is_part and topic.whole and (not phrase.act or phrase.act in self._page.lexicon.changes):
            whole = topic.whole.thing
            if len(phrase.thing + whole) > _LONGEST_WHOLE:
                whole = whole.rpartition("的")[2]
            if self._says_all(phrase.thing, whole) or len(phrase.thing + whole) > _LONGEST_WHOLE:
                whole = ""
            phrase = Phrase(phrase.thing + whole, phrase.act or topic.whole.act)
        elif self._acts_on_topic(phrase, spot):
            phrase = Phrase(phrase.thing + phrase.act + topic.thing, core=topic.thing)
        elif spot.joint == "、" and not phrase.act and not phrase.bare:
            phrase = Phrase(phrase.thing, topic.act, phrase.modifier or topic.lead, core=phrase.core)
        elif self._shares_making(phrase, spot):
            phrase = phrase._replace(act=topic.act, leads=True)
        name = phrase.name
        context = ""
        if not phrase.act and spot.joint == "," and any(topic.frame) and phrase.thing[-2:] == topic.thing[-2:]:
            return self._noted(phrase, topic.frame[0] + phrase.thing + topic.frame[1], spot, is_part)
        if phrase.thing in grammar["sides"] and (phrase.leads or not phrase.act):
            return self._noted(phrase, self._side_of(phrase.act + phrase.thing), spot, is_part)
        if phrase.bare or phrase.act in grammar["stative"]:
            context = (
                (topic.thing if len(topic.thing) > _SHORT else topic.whole_thing)
                or topic.head
                or self._thing_of(self._heading)
            )
        elif len(name) <= _SHORT and not phrase.modifier:
            context = topic.head if len(topic.head) <= _LONGEST_OWNER else ""
        elif phrase.leads and len(name) <= _SHORT_ACT and phrase.act not in self._page.lexicon.changes:
            context = topic.subject
        if context and len(context) <= LONGEST_CONTEXT and not _overlap(context, phrase.thing):
            is_state = phrase.act in grammar["stative"]
            name = context + (phrase.act + phrase.thing if is_state else name)  # 考评对象获优秀等次
        return self._noted(phrase, name, spot, is_part)

    def _opener(self) -> str:
        """The subject that the sentence opens with, or the one before where it is about money alone."""
        text, begin = self._page.text, self._start
        if self._first_clause(begin) >= self._spots[0].figure.start:
            begin = max(text.rfind(mark, max(0, begin - _FAR), max(0, begin - 1)) for mark in "。\n;；") + 1
        thing, is_subject = read_topic(text[begin : self._first_clause(begin)], self._page.words, self._page.lexicon)
        return thing if is_subject and len(thing) <= LONGEST_CONTEXT else ""

    def _first_clause(self, start: int) -> int:
        """Where the clause that starts there ends."""
        text = self._page.text
        return next((at for at in range(start, min(len(text), start + _FAR)) if text[at] in ",，。;；\n"), start)

    def _acts_on_topic(self, phrase: Phrase, spot: Spot) -> bool:
        """Whether the clause is who did it and the verb alone: 市公安局立案(5件)."""
        alone = bool(phrase.act) and not phrase.leads and spot.right <= spot.figure.end
        return alone and phrase.thing.endswith(ACTORS) and bool(self._topic.thing)

    def _shares_making(self, phrase: Phrase, spot: Spot) -> bool:
        """Whether the clause before says that this one's thing was built or added, too: 新开工线路87公里，变电容量60万千伏安."""
        lexicon, unit = self._page.lexicon, spot.figure.unit
        if spot.joint != "," or phrase.act or phrase.bare or self._topic.act not in lexicon.grammar["making"]:
            return False
        is_counted = unit not in _POINTS and lexicon.kind_of(unit) not in _KINDS_OF_OTHERS
        return is_counted and len(phrase.thing) > _SHORT and all(map(is_noun, self._page.words.cut(phrase.thing)))

    def _side_of(self, side: str) -> str:
        """The name of an account's side: that of the side before with this one in its place, or the heading's."""
        for owner in (self._topic.thing, self._topic.head, self._earlier, self._thing_of(self._heading)):
            stem = self._without_sides(owner)
            if stem and len(stem) <= LONGEST_CONTEXT:
                return stem + side
        return side

    def _without_sides(self, name: str) -> str:
        sides = self._page.lexicon.grammar["sides"]
        while side := max((side for side in sides if name.endswith(side)), key=len, default=""):
            name = name.removesuffix(side)
        return name

    def _thing_of(self, heading: str) -> str:
        """What a short heading names, without the marks of its place in the budget: (项)."""
        title = re.split(r"\((?:类|款|项|目)\)", fold(heading).replace(" ", "").rstrip("。:;"))
        name = next((part for part in reversed(title) if part), "")
        found = self._page.words.cut(name) if 1 < len(name) <= _LONGEST_HEADING else []
        named = bool(found) and is_noun(found[0]) and all(is_noun(word) or word.text in MARKS for word in found)
        return name if named else ""

    def _says_all(self, part: str, whole: str) -> bool:
        """Whether a part has the words of the whole in its name, or measures something of its own: 零售额."""
        attributes = tuple(self._page.lexicon.grammar["attributes"])
        return _overlap(part, whole) or (part.endswith(attributes) and whole.endswith(attributes))

    def _noted(self, phrase: Phrase, name: str, spot: Spot, is_part: bool) -> str:
        """The name, after taking note of what the clauses behind it may take over."""
        topic = self._topic
        before, thing, behind = name.partition(phrase.thing) if phrase.thing else ("", "", "")
        topic.frame = (before, behind) if thing and before else ("", "")
        topic.full = name.removesuffix(phrase.act) if phrase.act in self._page.lexicon.changes else name
        topic.share = ""
        if phrase.bare:
            topic.head = topic.head or phrase.thing
            topic.thing = topic.thing or phrase.thing
            topic.act = topic.lead = ""
            return name
        topic.thing = phrase.core or phrase.thing or topic.thing
        topic.whole_thing = phrase.thing if len(phrase.thing) <= LONGEST_CONTEXT else topic.thing
        if spot.joint != "、":
            topic.act = phrase.act if phrase.leads else ""
            topic.lead = phrase.thing.removesuffix(phrase.core) if phrase.core and phrase.core != phrase.thing else ""
        elif phrase.leads:
            topic.act = phrase.act
        topic.head = topic.head or phrase.core or phrase.thing
        if phrase.subject and len(phrase.subject) > _SHORT and not phrase.subject.endswith(ACTORS):
            topic.subject = phrase.subject
        topic.divides, topic.bracket = is_part, spot.bracket
        if not is_part:
            topic.whole = phrase
        return name

    def _respectively(self, index: int) -> str:
        """分别: the things named one after the other take the figures in the same order.

        Figures listed behind them without things of their own are dealt out to them as well.
        """
        first = last = self._firsts[index]
        while last + 1 < len(self._spots) and self._spots[last + 1].joint in LISTED:
            last += 1
        left, count = self._own.left(first), last - first + 1
        things, tail = dealt_out(self._page, left, count)
        if not things and count > 1 and deals_out(left):
            begin, end = clause_before(self._page, self._start, self._spots[first].left)
            things, tail = dealt_out_of(self._page, self._page.text[begin:end], left, count)
        if things:
            self._topic.dealt = tuple(things)
        elif count > 1 and len(self._topic.dealt) == count and self._is_shared(left):
            things, tail = list(self._topic.dealt), left
        else:
            return ""
        own = self._own.left(index)  # 分别增长8%和下降2%
        name = self._growth.named(things[index - first], own if index > first and self._growth.is_all_of(own) else tail)
        rest = "" if name != things[index - first] else read_left(tail, self._page.words, self._page.lexicon).thing
        self._topic.full = name + rest
        return name + rest

    def _starts_of_lists(self) -> list[int]:
        """For each figure the one that its list starts with."""
        firsts: list[int] = []
        for index, spot in enumerate(self._spots):
            goes_on = index and spot.joint in LISTED and not deals_out(self._own.left(index))
            firsts.append(firsts[-1] if goes_on else index)
        return firsts

    def _is_shared(self, left: str) -> bool:
        """Whether the words name what all things have, and no thing: 增长, 贡献率分别为."""
        return self._growth.is_all_of(left) or read_left(left, self._page.words, self._page.lexicon).bare

    def _text(self, start: int, end: int) -> str:
        """The words of a stretch without the times in it, and without what changes are measured from."""
        parts, place = [], start
        for time in self._times:
            if start <= time.start and time.end <= end:
                parts.append(_AT_END.sub("", self._page.text[place : time.start]))
                place = time.end + (self._page.text[time.end : time.end + 1] in _TIME_ENDS)
        parts.append(self._page.text[place:end])
        text = LONG_BRACKET.sub("", "".join(parts).replace(" ", "").strip("\n"))
        text = _SPAN.sub("", _POINT.sub("", text))
        if not _DIGIT.search(text):
            return self._growth.without_base(text)
        return _YEAR.sub("", self._growth.without_base(_STRAY_NUMBER.sub("", text)))


def _without_odd_brackets(name: str) -> str:
    """The name without the half of a bracket whose other half lies outside."""
    return name if name.count("(") == name.count(")") else re.sub(r"[()]", "", name)


def _overlap(one: str, other: str) -> bool:
    """Whether one name holds the other, or both end in the same two characters."""
    return bool(one and other) and (one in other or other in one or one[-2:] == other[-2:])
