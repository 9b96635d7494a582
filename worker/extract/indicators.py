"""What a figure measures: its own words, and what it takes over from the clauses before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.metric import Change
from worker.extract.clauses import Spot, clause_before
from worker.extract.page import Page
from worker.extract.periods import Time
from worker.extract.phrases import Phrase, read_left, read_right

_SHORT = 4  # a thing of so few characters needs the name of what it belongs to
_PART = re.compile(r"\s*(?:其中|包括|含|包含|其中:)")
_SHARE = re.compile(r"(?P<before>.*?)占(?P<whole>[^占]*?)的?(?:比重|比例|比)?(?:约|达|为|超过?|的|近)*$")
_RESPECTIVELY = re.compile(r"(?P<items>.+?)(?:分别|依次)[^、]{0,6}$")
_CHANGE_ONLY = re.compile(
    r"^(?:同比|环比|比上年|比去年|较上年|较去年|年均|平均每年|比上年同期|其中|预计|较年初|实际|名义|可比|约|将|也|并|又|再|均|分别|累计|总体|逐年|连续)*(?:增长|增加|提高|提升|上升|上涨|扩大|增|降|下降|减少|降低|压缩|缩短|下调|回落|增速|增幅|翻|上浮|减|缩减|下滑|回升|涨)"
)


@dataclass
class Topic:
    """What the sentence is about so far."""

    head: str = ""  # the first thing of the chain of clauses
    thing: str = ""  # the latest thing
    act: str = ""
    full: str = ""  # the latest indicator that is no change
    whole: Phrase = field(default_factory=Phrase)  # what 其中 and brackets divide


class Namer:
    """Names the figures of a text in reading order."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._topic = Topic()

    def name_all(
        self, start: int, spots: Sequence[Spot], changes: Sequence[Change | None], times: Sequence[Time]
    ) -> list[str]:
        """The indicators of one sentence's figures; ``start`` is where the sentence starts."""
        carried = self._topic
        self._topic = Topic(thing=carried.thing, head="", full="")
        names: list[str] = []
        for index, spot in enumerate(spots):
            if spot.joint == ";":
                self._topic = Topic(thing=self._topic.thing)
            name = self._name(start, index, spots, changes[index], times, names)
            names.append(name or self._topic.thing or self._text(spot.left, spot.figure.start, times))
        return names

    def _name(
        self,
        start: int,
        index: int,
        spots: Sequence[Spot],
        change: Change | None,
        times: Sequence[Time],
        names: list[str],
    ) -> str:
        spot, topic, page = spots[index], self._topic, self._page
        left_text = self._text(spot.left, spot.figure.start, times)
        if names and not left_text.strip("、和与及,以 达为约近超至到") and spot.joint in ("、", "same", ","):
            right, _ = read_right(page.text[spot.figure.end : spot.right], page.words, page.lexicon)
            if not right:
                return self._respectively(index, spots, times) or names[-1]
        if respectively := self._respectively(index, spots, times):
            return respectively
        if change in ("increase", "decrease") and topic.full and _CHANGE_ONLY.match(left_text.strip(" ,、")):
            return topic.full + _change_words(left_text)
        if share := _SHARE.match(left_text):
            return self._share(share)
        is_part = bool(_PART.match(left_text)) or spot.bracket >= spot.left - 1 >= 0
        phrase = read_left(left_text, page.words, page.lexicon)
        phrase = self._with_right(phrase, spot, index, spots)
        if not phrase and not topic.thing:
            phrase = self._from_clause_before(start, spot, times)
        return self._with_topic(phrase, spot, is_part, start, times)

    def _with_right(self, phrase: Phrase, spot: Spot, index: int, spots: Sequence[Spot]) -> Phrase:
        """Takes the noun behind the figure where none stands before it: 设置10支执法队伍, 7宗建设工程."""
        page = self._page
        if spot.right <= spot.figure.end:
            return phrase
        noun, predicate = read_right(page.text[spot.figure.end : spot.right], page.words, page.lexicon)
        if not phrase.thing and noun:
            shared = predicate or self._shared_predicate(index, spots)
            act = phrase.act or shared[:12]
            return Phrase(noun, act, phrase.modifier)
        if not phrase and predicate:
            return Phrase("", predicate[:12])
        if phrase.thing and not phrase.act and (noun or predicate):
            return Phrase(
                phrase.thing + noun if len(phrase.thing + noun) <= 16 else noun or phrase.thing,
                predicate[:12],
                phrase.modifier,
            )
        return phrase

    def _shared_predicate(self, index: int, spots: Sequence[Spot]) -> str:
        """The predicate behind the last of several things that are counted one after the other."""
        page = self._page
        for spot in spots[index + 1 :]:
            if spot.joint not in ("、", "same"):
                return ""
            _, predicate = read_right(page.text[spot.figure.end : spot.right], page.words, page.lexicon)
            if predicate:
                return predicate
        return ""

    def _with_topic(self, phrase: Phrase, spot: Spot, is_part: bool, start: int, times: Sequence[Time]) -> str:
        topic = self._topic
        attribute = phrase.thing.endswith(tuple(self._page.lexicon.grammar["attributes"]))
        if is_part and topic.whole and phrase.thing and not phrase.act:
            shared = _overlap(phrase.thing, topic.whole.thing)
            name = phrase.thing + ("" if shared else topic.whole.thing) + topic.whole.act
            return name if len(name) <= 28 else phrase.thing + topic.whole.act
        if not phrase.thing:
            thing = topic.thing or self._from_clause_before(start, spot, times).thing
            phrase = Phrase(thing, phrase.act, "")
            self._note(phrase, is_part)
            return phrase.name
        if spot.joint == "、" and not phrase.act and topic.act and not attribute:
            phrase = Phrase(phrase.thing, topic.act, phrase.modifier)
            self._note(phrase, is_part)
            return phrase.name
        name = phrase.name
        if len(phrase.modifier + phrase.thing) <= (8 if attribute else _SHORT):
            context = topic.thing if attribute else topic.head
            context = context or (self._from_clause_before(start, spot, times).thing if spot.joint != "start" else "")
            if context and not _overlap(context, name) and len(context) <= 18:
                name = context + name
        if not attribute:
            self._note(phrase, is_part)
        elif not topic.head:
            topic.head = topic.thing = phrase.thing
        topic.full = name
        return name

    def _note(self, phrase: Phrase, is_part: bool) -> None:
        topic = self._topic
        topic.thing, topic.act, topic.full = phrase.thing or topic.thing, phrase.act, phrase.name
        topic.head = topic.head or phrase.thing
        if not is_part:
            topic.whole = phrase

    def _from_clause_before(self, start: int, spot: Spot, times: Sequence[Time]) -> Phrase:
        page = self._page
        begin, end = clause_before(page, start, spot.left)
        return read_left(self._text(begin, end, times), page.words, page.lexicon) if begin < end else Phrase()

    def _share(self, match: re.Match[str]) -> str:
        own = read_left(match["before"], self._page.words, self._page.lexicon)
        thing = own.thing or self._topic.thing
        return f"{thing}占{match['whole'].strip()}比例"

    def _respectively(self, index: int, spots: Sequence[Spot], times: Sequence[Time]) -> str:
        """分别: the things named one after the other take the figures in the same order."""
        first = index
        while (
            first
            and spots[first].joint in ("、", "same")
            and not re.search(r"分别|依次", self._text(spots[first].left, spots[first].figure.start, times))
        ):
            first -= 1
        match = _RESPECTIVELY.match(self._text(spots[first].left, spots[first].figure.start, times))
        if not match:
            return ""
        last = first
        while last + 1 < len(spots) and spots[last + 1].joint in ("、", "same"):
            last += 1
        items = [item for item in re.split("[、和与及]|以及", match["items"]) if item.strip()]
        count = last - first + 1
        if len(items) < count or count < 2:
            return ""
        phrase = read_left(items[len(items) - count + index - first], self._page.words, self._page.lexicon)
        return phrase.name

    def _text(self, start: int, end: int, times: Sequence[Time]) -> str:
        """The words of a stretch without the times in it."""
        parts, place = [], start
        for time in times:
            if start <= time.start and time.end <= end:
                parts.append(self._page.text[place : time.start])
                place = time.end
        parts.append(self._page.text[place:end])
        return "".join(parts).replace(" ", "").strip("\n")


def _overlap(one: str, other: str) -> bool:
    """Whether two names share two characters in a row at their end or one holds the other."""
    return bool(one and other) and (one in other or other in one or one[-2:] == other[-2:])


def _change_words(left: str) -> str:
    match = re.search(
        r"(同比|环比|年均|比上年|较上年|比去年|较去年)?(?:[^,]{0,4}?)(增长|增加|提高|提升|上升|上涨|扩大|下降|减少|降低|压缩|缩短|下调|回落|增速|增幅|翻番|上浮|缩减|下滑|回升|增|降|减|涨)",
        left,
    )
    return (match[1] or "") + match[2] if match else ""
