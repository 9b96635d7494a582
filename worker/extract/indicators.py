"""What a figure measures: its own words, and what it takes over from the clauses before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.metric import Change
from worker.extract.behind import ends_in_enumeration, read_right
from worker.extract.clauses import Spot, clause_before
from worker.extract.page import Page
from worker.extract.phrases import ACTORS, LEADING, Phrase, read_left
from worker.extract.times import Time
from worker.extract.topics import read_topic, shared_tail

_SHORT = 3  # a name of so few characters needs the name of what it belongs to
_SHORT_ACT = 6  # the same where it is a verb with its object
_LONGEST_CONTEXT = 18
_LONGEST_PART = 8
_PART = re.compile(r"\s*(?:其中|包括|含|包含)")
_SHARE = re.compile(r"(?P<before>.*?)占(?P<whole>[^占]*?)的?(?:比重|比例|比)?(?:约|达到?|为|超过?|的|近|由|从|已)*$")
_RESPECTIVELY = re.compile(r"(?P<items>.+?)(?:分别|依次)(?P<tail>[^、]{0,8})$")
_CHANGE_WORD = r"(?:增长|增加|提高|提升|上升|上涨|扩大|下降|减少|降低|压缩|缩短|下调|回落|增速|增幅|翻|上浮|缩减|下滑|回升|压减|增|降|减|涨)"
_CHANGE_ONLY = re.compile(
    r"(?:同比|环比|比上年同期|比上年|比去年|较上年|较去年|年均|平均每年|预计|较年初|实际|名义|可比|将|也|并|又|再|均|分别|累计|总体|逐年|连续|由|从|(?:比|较|与)[^,;、]{2,12}?(?:相比)?|[,、 ])*"
    + _CHANGE_WORD
)
_MEAN_ONLY = re.compile(r"[,、其中]*(?P<mean>[年月日人户]均|平均每[年月天人户])(?:约|达到?|为|近|超过?)*")
_MULTIPLE_ONLY = re.compile(r"[,、]?(?:是|为|相当于|达到?)?[^,、]{0,8}(?:年|同期|原来|水平)的?")
_CHANGE_NAME = re.compile(
    rf"(同比|环比|年均|比上年|较上年|比去年|较去年|平均每年)?[^,]{{0,4}}?({_CHANGE_WORD}(?:比例|比(?![上去])|率|幅度|幅)?)番?"
)
_EACH = re.compile(r"(?:每[人户亩吨]?每?[日天月年]|每(?:人|户|亩|吨|平方米|立方米))$")
_COSTS = ("投资", "总投资", "投入", "耗资")
_LASTING = re.compile("连续$")  # 连续5年位居全国首位
_RELATIVE = re.compile("^.*(?:将|把|对|向)|^(?:全[国省市县区]|我[国省市县区])")
_LONGEST_RELATIVE = 12
_LONG_BRACKET = re.compile(r"\([^()]{7,}\)")
_LISTED = ("、", "same")


@dataclass
class Topic:
    """What the sentence is about so far."""

    head: str = ""  # what the chain of clauses is about
    subject: str = ""  # whose doings the clauses without a subject tell
    thing: str = ""  # the latest thing
    act: str = ""
    lead: str = ""  # what stands before the latest thing in its own phrase: 网络覆盖 of 网络覆盖政务单位
    frame: tuple[str, str] = ("", "")  # what stands before and behind the latest thing in its name
    full: str = ""  # the latest indicator that is no change
    whole: Phrase = field(default_factory=Phrase)  # what 其中 and brackets divide
    divides: bool = False  # whether the figure before was a part of it
    bracket: int = -1  # the place of the bracket that the figure before stands in


class Namer:
    """Names the figures of a text in reading order."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._topic = Topic()
        self._earlier = ""  # the thing that the sentence before spoke of last
        self._times: Sequence[Time] = ()
        self._start = 0
        self._lefts: list[str] = []  # the words before each figure, without times
        self._firsts: list[int] = []  # for each figure, the one that its list starts with

    def name_all(
        self, start: int, spots: Sequence[Spot], changes: Sequence[Change | None], times: Sequence[Time]
    ) -> list[str]:
        """The indicators of one sentence's figures; ``start`` is where the sentence starts."""
        self._earlier = self._topic.thing or self._earlier
        self._topic, self._times, self._start = Topic(), times, start
        self._lefts = [self._text(spot.left, spot.figure.start) for spot in spots]
        self._firsts = self._starts_of_lists(spots)
        names: list[str] = []
        for index, spot in enumerate(spots):
            if spot.joint == ";":
                topic = self._topic
                self._topic = Topic(thing=topic.thing, whole=topic.whole, divides=topic.divides)
            name = self._name(index, spots, changes[index], names)
            name = name or self._topic.thing or self._earlier or self._text(spot.left, spot.figure.start)
            names.append(_without_odd_brackets(name))
        return names

    def _name(self, index: int, spots: Sequence[Spot], change: Change | None, names: list[str]) -> str:
        left = self._lefts[index]
        if taken_over := self._taken_over(index, spots, change, left, names):
            return taken_over
        each = _EACH.search(left)
        if each and left[: each.start()].strip():
            return self._named(index, spots, change, left[: each.start()]) + each.group()
        return self._named(index, spots, change, left)

    def _named(self, index: int, spots: Sequence[Spot], change: Change | None, left: str) -> str:
        """The name by the clause's own words, and what they lack by the clauses before."""
        spot = spots[index]
        if change == "to" and (reached := self._page.lexicon.change_before.search(left.rstrip("的"))):
            left = left[: reached.start()]  # the level has the name of what changed
        if share := self._share(left):
            self._topic.full = share
            return share
        self._follow(spot)
        phrase = self._own(left, index, spots)
        return self._in_context(phrase, spot, self._is_part(phrase, spot, left))

    def _taken_over(
        self, index: int, spots: Sequence[Spot], change: Change | None, left: str, names: list[str]
    ) -> str | None:
        """The name of a figure whose clause names nothing: a member of a list, growth, a multiple, a mean."""
        if respectively := self._respectively(index, spots):
            return respectively
        spot, full = spots[index], self._topic.full
        alone = not left.strip("、和与及,以达为约近超至到逾过")
        if names and alone and spot.joint in _LISTED and not self._right(index, spots)[0]:
            return names[-1] if change or not full else full
        if names and change and _CHANGE_ONLY.match(left):
            return names[-1] if change == "to" else full and _with_change(full, left)
        if full and spot.figure.unit == "倍" and _MULTIPLE_ONLY.fullmatch(left):
            return full
        mean = _MEAN_ONLY.fullmatch(left)
        return full + mean["mean"] if full and mean else None

    def _share(self, left: str) -> str:
        """The name of a share: 套转干部占需套转干部比例."""
        match = _SHARE.match(left)
        if not match or not (match["whole"].strip() or match["before"].strip()):
            return ""
        phrase = read_left(match["before"], self._page.words, self._page.lexicon)
        context = self._topic.head if phrase.bare and not _overlap(self._topic.head, phrase.name) else ""
        own = context + phrase.name or self._topic.thing
        return f"{own}占{match['whole'].strip()}比例" if match["whole"].strip() else own + "占比"

    def _is_part(self, phrase: Phrase, spot: Spot, left: str) -> bool:
        """Whether the figure is a part of one before: behind 其中, in a bracket, or next to another part."""
        opener = self._page.text[max(0, spot.left - 4) : spot.left].strip(",: ，：")[-2:]
        if _PART.match(left) or _PART.fullmatch(opener) or spot.bracket >= spot.left - 1 >= 0:
            return True
        divides = self._topic.divides and self._topic.bracket == spot.bracket
        return divides and not phrase.act and 0 < len(phrase.thing) <= _LONGEST_PART

    def _own(self, left: str, index: int, spots: Sequence[Spot]) -> Phrase:
        """The phrase of the clause itself: the words in front, those behind, or both."""
        page = self._page
        lasting = _LASTING.search(left)
        left = left[: lasting.start()] if lasting else left
        phrase = read_left(left, page.words, page.lexicon)
        counts = page.lexicon.kind_of(spots[index].figure.unit) != "money"
        noun, predicate = self._right(index, spots, phrase.is_open and counts)
        if lasting:
            return Phrase(phrase.name, lasting.group() + noun + predicate)
        if noun and left.endswith("的"):
            modifier = _RELATIVE.sub("", phrase.modifier + phrase.thing if phrase.modifier else left).strip("的")
            return Phrase((modifier if len(modifier) <= _LONGEST_RELATIVE else "") + noun, predicate, core=noun)
        if noun and (phrase.bare or phrase.act in _COSTS) and page.text.startswith("的", spots[index].figure.end):
            return Phrase(noun + phrase.name, core=noun)  # 总投资30亿元的综合体项目
        if noun and ends_in_enumeration(left):
            phrase = Phrase(act=phrase.act)
        if noun and phrase.is_open:
            modifier = "" if phrase.thing.endswith(ACTORS) else phrase.modifier + phrase.thing
            phrase = Phrase(act=phrase.act, modifier=modifier if len(modifier) <= _LONGEST_CONTEXT else "")
        if noun and spots[index].joint == "same" and not phrase.act:
            phrase = Phrase()
        if noun and not phrase.thing:
            act = phrase.act if phrase.act not in LEADING else ""
            followed = predicate or ("" if act else self._shared_predicate(index, spots))
            return Phrase(noun, followed + (act or ("" if followed else phrase.act)), phrase.modifier, core=noun)
        if predicate and not phrase:
            return Phrase("", predicate, follows=True)
        if predicate and not phrase.thing:
            return Phrase(predicate, phrase.act)
        if phrase.thing and not phrase.act and (noun or predicate):
            thing = phrase.thing + noun if len(phrase.thing + noun) <= _LONGEST_CONTEXT else noun
            return Phrase(thing or phrase.thing, predicate, phrase.modifier)
        return phrase

    def _right(self, index: int, spots: Sequence[Spot], is_object: bool = False) -> tuple[str, str]:
        page, spot = self._page, spots[index]
        end = spot.right
        if index + 1 < len(spots) and spots[index + 1].joint == "、":
            end = min(end, spots[index + 1].left)
        text = page.text[spot.figure.end : end]
        if not text or text[0] in ",、;":
            return "", ""
        if _CHANGE_ONLY.match(text) and not _LASTING.search(self._lefts[index]):
            return "", ""
        return read_right(text, page.words, page.lexicon, is_object)

    def _shared_predicate(self, index: int, spots: Sequence[Spot]) -> str:
        """The predicate behind the last of several things that are counted one after the other."""
        for later in range(index + 1, len(spots)):
            if spots[later].joint not in _LISTED:
                return ""
            _, predicate = self._right(later, spots)
            if predicate:
                return predicate
        return ""

    def _follow(self, spot: Spot) -> None:
        """Turns to what the clause before speaks of, where it stands between this figure and the last."""
        if spot.joint not in (",", ";"):
            return
        thing, is_subject = self._clause_before(spot)
        if thing:
            self._topic.head = thing
            acts = is_subject and len(thing) > _SHORT and not thing.endswith(ACTORS)
            self._topic.subject = thing if acts else ""
            self._topic.thing = self._topic.thing or thing

    def _clause_before(self, spot: Spot) -> tuple[str, bool]:
        page = self._page
        begin, end = clause_before(page, self._start, spot.left)
        text = self._text(begin, end) if begin < end else ""
        if _PART.fullmatch(text):
            begin, end = clause_before(page, self._start, begin)
            text = self._text(begin, end) if begin < end else ""
        return ("", False) if re.search("[0-9]", text) else read_topic(text, page.words, page.lexicon)

    def _in_context(self, phrase: Phrase, spot: Spot, is_part: bool) -> str:
        topic = self._topic
        if not phrase.thing:
            phrase = Phrase(topic.thing or self._earlier, phrase.act)
        elif is_part and topic.whole and not phrase.act:
            whole = "" if _overlap(phrase.thing, topic.whole.thing) else topic.whole.thing
            phrase = Phrase(phrase.thing + whole, topic.whole.act)
        elif phrase.act and phrase.thing.endswith(ACTORS) and spot.right <= spot.figure.end and topic.thing:
            phrase = Phrase(phrase.thing + phrase.act + topic.thing, core=topic.thing)
        elif spot.joint == "、" and not phrase.act and not phrase.bare:
            phrase = Phrase(phrase.thing, topic.act, phrase.modifier or topic.lead, core=phrase.core)
        name = phrase.name
        context = ""
        if not phrase.act and spot.joint == "," and any(topic.frame) and phrase.thing[-2:] == topic.thing[-2:]:
            return self._noted(phrase, topic.frame[0] + phrase.thing + topic.frame[1], spot, is_part)
        if phrase.bare or phrase.act in self._page.lexicon.grammar["stative"]:
            context = topic.thing or topic.head
        elif len(name) <= _SHORT and not phrase.modifier:
            context = topic.head
        elif phrase.opens and len(name) <= _SHORT_ACT and phrase.act not in self._page.lexicon.changes:
            context = topic.subject
        if context and len(context) <= _LONGEST_CONTEXT and not _overlap(context, phrase.thing):
            is_state = phrase.act in self._page.lexicon.grammar["stative"]
            name = context + (phrase.act + phrase.thing if is_state else name)  # 考评对象获优秀等次
        return self._noted(phrase, name, spot, is_part)

    def _noted(self, phrase: Phrase, name: str, spot: Spot, is_part: bool) -> str:
        """The name, after taking note of what the clauses behind it may take over."""
        topic = self._topic
        before, thing, behind = name.partition(phrase.thing) if phrase.thing else ("", "", "")
        topic.frame = (before, behind) if thing and before else ("", "")
        topic.full = name.removesuffix(phrase.act) if phrase.act in self._page.lexicon.changes else name
        if phrase.bare:
            topic.head = topic.head or phrase.thing
            topic.thing = topic.thing or phrase.thing
            return name
        topic.thing, topic.act = phrase.core or phrase.thing or topic.thing, "" if phrase.follows else phrase.act
        if spot.joint != "、":
            topic.lead = phrase.thing.removesuffix(phrase.core) if phrase.core and phrase.core != phrase.thing else ""
        topic.head = topic.head or phrase.core or phrase.thing
        topic.divides, topic.bracket = is_part, spot.bracket
        if not is_part:
            topic.whole = phrase
        return name

    def _respectively(self, index: int, spots: Sequence[Spot]) -> str:
        """分别: the things named one after the other take the figures in the same order."""
        first = self._firsts[index]
        left = self._lefts[first]
        match = _RESPECTIVELY.match(left) if _deals_out(left) else None
        if not match:
            return ""
        last = first
        while last + 1 < len(spots) and spots[last + 1].joint in _LISTED:
            last += 1
        items = [item for item in re.split("[、和与及]|以及", _PART.sub("", match["items"])) if item.strip()]
        count = last - first + 1
        if len(items) < count or count < 2:
            return ""
        name = self._dealt_out(items[-count:])[index - first]
        return _with_change(name, match["tail"])

    def _starts_of_lists(self, spots: Sequence[Spot]) -> list[int]:
        firsts: list[int] = []
        for index, (spot, left) in enumerate(zip(spots, self._lefts, strict=True)):
            goes_on = index and spot.joint in _LISTED and not (_deals_out(left) and _RESPECTIVELY.search(left))
            firsts.append(firsts[-1] if goes_on else index)
        return firsts

    def _dealt_out(self, items: Sequence[str]) -> list[str]:
        """The names of things named one after the other, each with what they share."""
        page = self._page
        names = [read_left(item, page.words, page.lexicon).name or item for item in items]
        first, last = page.words.cut(items[0].strip()), page.words.cut(items[-1].strip())
        attributes = tuple(page.lexicon.grammar["attributes"])
        if tail := shared_tail(first, last, attributes):
            return [name if name.endswith(tail) else name + tail for name in names]
        if len(first) > 1 and first[-1].text.endswith(attributes) and names[0].endswith(first[-1].text):
            head = names[0].removesuffix(first[-1].text)
            return [names[0], *(head + name if len(page.words.cut(name)) == 1 else name for name in names[1:])]
        return names

    def _text(self, start: int, end: int) -> str:
        """The words of a stretch without the times in it."""
        parts, place = [], start
        for time in self._times:
            if start <= time.start and time.end <= end:
                parts.append(self._page.text[place : time.start])
                place = time.end
        parts.append(self._page.text[place:end])
        words = "".join(parts).replace(" ", "").strip("\n")
        return _LONG_BRACKET.sub("", words) if "(" in words else words


def _deals_out(left: str) -> bool:
    return "分别" in left or "依次" in left


def _without_odd_brackets(name: str) -> str:
    """The name without the half of a bracket whose other half lies outside."""
    return name if name.count("(") == name.count(")") else re.sub(r"[()]", "", name)


def _overlap(one: str, other: str) -> bool:
    """Whether one name holds the other, or both end in the same two characters."""
    return bool(one and other) and (one in other or other in one or one[-2:] == other[-2:])


def _with_change(name: str, left: str) -> str:
    match = _CHANGE_NAME.search(left)
    if not match or name.endswith(match[2]):
        return name
    return name + (match[1] or "") + match[2]
