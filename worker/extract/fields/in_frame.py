"""One figure as the rules for its name see it: its own words, and the frame that the figures before have left."""

import re
from typing import Self

from worker.extract.language.growth import Growth
from worker.extract.language.name_faults import holds_quantity
from worker.extract.language.negations import vocabulary, with_its_negations
from worker.extract.language.reading_text import fold
from worker.extract.language.topics import read_topic
from worker.extract.language.trimming import trimmed, without_lead_out
from worker.extract.language.words import MARKS, is_noun, joined
from worker.extract.language.words_before import Phrase
from worker.extract.sentence.clauses import clause_before
from worker.extract.sentence.frames import LONGEST_CONTEXT, Frame
from worker.extract.sentence.own_words import LISTED, OwnWords
from worker.extract.sentence.rules import Answer
from worker.extract.sentence.seen import Seen
from worker.extract.sentence.stretches import words_between
from worker.once import Once
from worker.patterns import Pattern, set_of, words_of

_FROM = Pattern("(?:由|从)(?:[^,;、]{0,8}年[^,;、]{0,3}?|法定|规定|承诺|{indicators.formerly}+)?的?$")
_LONGEST_SIDE = 24  # characters
_FROM_MEAN = re.compile("(?:由|从)(?=[人户亩]均$)")  # 从人均380元提高到
_FROM_CHANGE = Pattern("(?:由|从)的?(?={indicators.growth}$)")  # 同比由上年的下降3.2%转为增长5.6%
_LONGEST_PART = 8
_LONGEST_HEADING = 18  # 机关事业单位基本养老保险缴费支出
_LONGEST_LABEL = 18
_BUDGET_PLACES = re.compile(r"\((?:类|款|项|目)\)")
_DIGIT = re.compile("[0-9]")
_MARKER = re.compile(r"^(?:[(][0-9一二三四五六七八九十]+[)]|[0-9一二三四五六七八九十]+[、.是])")
# A number in pieces, with what it counts, and a rank are no part of a topic: 调解纠纷1,23,456件, 排名全省第3, 6件 of 5,6件.
_NO_FIGURE = re.compile("(?:[0-9]+(?:[,.][0-9]+)+|^[0-9]+)[万亿]*[\u4e00-\u9fff]{0,3}$|第[0-9]*$")
_IN_PIECES = Pattern("[0-9](?:,|[?？])[0-9]|(?:\ufffd|{numbers.boxes})[0-9]|[0-9](?:\ufffd|{numbers.boxes})")
_MEASURED = re.compile(r"[0-9]\.[0-9]+$")
_TOLD_APART = Pattern("(?:[从按依]|按照)[^,，;；。、]{1,14}{indicators.dividing}[,，:：]|分类[来]?看[,，]")
_FOR_EACH = Pattern("(?:(?:每|{indicators.means})[\u4e00-\u9fff]{1,4}){indicators.given}")
_HEADLESS = Pattern("的{indicators.leading_out}*$")
_FAR = 200  # characters
_FARTHEST = 3  # clauses that are looked back over for what they speak of
_PART = Pattern(r"\s*{indicators.parts}")
#: What stands between words and the number that they lead to.
LEADS_OUT = "、和与及,以达为约近超至到逾过"


class Naming:
    """A figure with the words of its clause in front of it, ``left``; ``frame`` is what the figures before have left."""

    def __init__(self, seen: Seen, left: str) -> None:
        self.seen = seen
        self.left = left
        self.index = seen.index
        self.passage = seen.passage
        self.reading = seen.reading
        self.spot = seen.spot
        self.frame = seen.frame
        self.change = seen.said["change"].value

    @classmethod
    def of(cls, seen: Seen) -> Self:
        """The figure with all words of its clause."""
        return cls(seen, seen.passage.own.left(seen.index))

    @property
    def growth(self) -> Growth:
        """The words of growth."""
        return self.reading.growth

    @property
    def own(self) -> OwnWords:
        """The words of the sentence's clauses."""
        return self.passage.own

    @property
    def reduced(self) -> "Naming":
        """The figure without what it changed from or to in its words: a level has the name of what changed."""
        return self._shortened or self

    @Once
    def _shortened(self) -> "Naming | None":
        """The same, None where it is the figure itself: one that held itself would lie there until cycles are looked for."""
        left = self.left
        if self.change == "to" and (reached := self.reading.lexicon.change_before.search(left.rstrip("的"))):
            left = left[: reached.start()]
        left = _FROM_CHANGE.sub("", _FROM_MEAN.sub("", _FROM.sub("", left)))
        return None if left == self.left else Naming(self.seen, left)

    def text(self, start: int, end: int) -> str:
        """The words of a stretch without the times in it, and without what changes are measured from."""
        return words_between(self.reading, start, end, self.passage.clock.times)

    @Once
    def told(self) -> Frame:
        """The frame, turned to what the clauses before speak of, where they stand between this figure and the last."""
        frame = self.frame.behind_bracket() if self.spot.bracket < 0 else self.frame
        if self.spot.joint not in (",", ";"):
            return frame
        thing, is_subject = self._clauses_before()
        return frame.turned_to(thing, is_subject=is_subject) if thing else frame

    @Once
    def whole(self) -> Phrase:
        """What the figure is a part of: the phrase of the nearest whole in its unit, where the last one has another."""
        told, unit = self.told, self.spot.figure.unit
        if unit in set_of("indicators.proportions") or not told.wholes or told.wholes[-1][1] != told.part_of:
            return told.part_of
        return next((phrase for other, phrase in reversed(told.wholes) if other == unit), told.part_of)

    @Once
    def phrase(self) -> Phrase:
        """The phrase of its own clause."""
        is_listed = self.spot.joint == "、" and bool(self.told.act)
        phrase = self.own.phrase(self.index, self.left, is_listed=is_listed, is_first=not self.told.thing)
        if phrase.act and not phrase.modifier and _FOR_EACH.fullmatch(self.left.strip()):
            return Phrase(self.left.strip(), bare=True)  # 公益岗位86个，每人每月补助800元
        is_plain = phrase.leads and phrase.thing and not phrase.modifier and self.spot.joint != "、"
        if self.change == "to" and is_plain and phrase.act + phrase.thing == self.left.strip(" ,、"):
            return Phrase(phrase.act + phrase.thing, core=phrase.thing)  # 起降设施增至3592个
        return phrase

    @Once
    def is_headless(self) -> bool:
        """Whether its clause only describes things that those before have named: 以县政府为被告的有47件."""
        return bool(_HEADLESS.search(self.left.rstrip())) and not any(self.own.right(self.index))

    @Once
    def is_part(self) -> bool:
        """Whether the figure is a part of one before: after 其中, in a bracket, or next to another part."""
        spot, phrase, told = self.spot, self.phrase, self.told
        if phrase.thing in set_of("indicators.harms"):
            return False  # those who died are no part of the accidents
        opener = self.reading.text[max(0, spot.left - 4) : spot.left].strip(",: ")[-2:]
        if _PART.match(self.left) or _PART.fullmatch(opener) or spot.bracket >= spot.left - 1 >= 0:
            return True
        sides = self.reading.lexicon.grammar["sides"]
        if spot.joint == ";" and phrase.thing in sides and told.part_of.thing in sides:
            return False  # 总收入21亿元，其中医疗收入19亿元；总支出20亿元
        is_kind = phrase.thing.endswith("类") or phrase.thing in set_of("indicators.other_kinds")
        is_kind_beside = is_kind and spot.joint == ";" and "类" in told.part_of.thing
        divides = told.divides and told.bracket == spot.bracket and not is_kind_beside and self.counts_alike
        grows = phrase.act in self.reading.lexicon.changes
        if divides and phrase.act and not grows and spot.joint in ",、":
            is_outcome = phrase.thing in self.reading.lexicon.grammar["outcomes"]
            return phrase.leads if not phrase.thing else (is_outcome or spot.joint == "、") and not phrase.leads
        if phrase.bare and spot.joint == "," and told.parts > 1:
            return False  # 败诉率 is none of the outcomes
        return divides and (grows or not phrase.act) and 0 < len(phrase.thing) <= _LONGEST_PART

    @property
    def counts_alike(self) -> bool:
        """Whether it has the unit of the figure before, or one that measures the same: what divides one whole has.

        In a list of parts of several wholes it has the unit of another of these: 办理156起，罚没42万元；其中本年度办理49起、罚没13万元.
        """
        unit, before = self.spot.figure.unit, self.passage.spots[self.index - 1].figure.unit if self.index else ""
        kind = self.reading.lexicon.kind_of(unit)
        is_of_other_whole = self.spot.joint == "、" and any(unit == other for other, _ in self.told.wholes)
        return unit == before or (bool(kind) and kind == self.reading.lexicon.kind_of(before)) or is_of_other_whole

    @Once
    def is_told_apart(self) -> bool:
        """Whether a clause before says by what the figures after it are told apart: 按事项分，行政处罚534件."""
        text, begin = self.reading.text, self.passage.sentence.body
        return bool(_TOLD_APART.search(text, begin, self.spot.left))

    @property
    def opener_is_before(self) -> bool:
        """Whether the sentence opens with a figure's own clause, so that only the one before can say its subject."""
        return self._first_clause(self.passage.sentence.body) >= self.passage.spots[0].figure.start

    @Once
    def opener(self) -> str:
        """The subject that the sentence opens with, or the one before where it is about money alone."""
        reading, begin = self.reading, self.passage.sentence.body
        if self.opener_is_before:
            begin = max(reading.text.rfind(mark, max(0, begin - _FAR), max(0, begin - 1)) for mark in "。\n;") + 1
        clause = _MARKER.sub("", self.text(begin, self._first_clause(begin)).strip())
        thing, is_subject = read_topic(clause, reading.words, reading.lexicon)
        return thing if is_subject and len(thing) <= LONGEST_CONTEXT else ""

    @Once
    def label(self) -> str:
        """The subject of the sentence before, where that only names it: 民营企业提质扩容。"""
        reading, end = self.reading, self.passage.sentence.start
        begin = max(reading.text.rfind(mark, max(0, end - _FAR), max(0, end - 1)) for mark in "。\n!?;") + 1
        text = _MARKER.sub("", reading.text[begin:end].strip(" ")).removesuffix("。")
        if not 1 < len(text) <= _LONGEST_LABEL or any(mark in text for mark in ",:、\n") or _DIGIT.search(text):
            return ""
        thing, is_subject = read_topic(text, reading.words, reading.lexicon)
        return thing if is_subject and len(thing) <= LONGEST_CONTEXT else ""

    @property
    def heading_thing(self) -> str:
        """What a short heading over it names, without the marks of its place in the budget: (项)."""
        return self._named_by_headings[-1] if self._named_by_headings else ""

    @Once
    def heading_cases(self) -> str:
        """The cases or proceedings that the nearest heading of some is about: 行政复议 over 审理结果."""
        ends = words_of("indicators.cases") + words_of("indicators.proceedings")
        return next((thing for thing in reversed(self._named_by_headings) if thing.endswith(ends)), "")

    @Once
    def _named_by_headings(self) -> tuple[str, ...]:
        return tuple(map(self._named_by, self.passage.headings))

    def _named_by(self, heading: str) -> str:
        title = _BUDGET_PLACES.split(fold(heading).replace(" ", "").rstrip("。:;"))
        name = next((part for part in reversed(title) if part), "")
        ends = self.reading.lexicon.grammar["heading_ends"]
        name = name.removesuffix(max((end for end in ends if name.endswith(end)), key=len, default=""))
        if len(title) > 1 and len(name) <= _LONGEST_HEADING:
            return name  # an item of the budget, whatever its words are
        found = self.reading.words.cut(name) if 1 < len(name) <= _LONGEST_HEADING else []
        if not found or not is_noun(found[0]):
            return ""
        is_case = name.endswith(words_of("indicators.cases")) and is_noun(found[-1])
        is_case = is_case or name.endswith(words_of("indicators.proceedings"))
        if not is_case and (
            name.endswith(words_of("indicators.no_owners")) or any(char in name for char in "、和与及")
        ):
            return ""  # 综合, 经济运行, 国内贸易和对外经济
        named = is_case or all(is_noun(word) or word.text in MARKS for word in found)
        return name if named else ""

    @Once
    def subject_before(self) -> str:
        """What the clause right before says that it changes, where no figure stands in it: 养老金 of 养老金继续提高."""
        begin, end = clause_before(self.reading, self.passage.sentence.body, self.spot.left)
        text = self.text(begin, end) if begin < end else ""
        if not text.strip() or _DIGIT.search(self.reading.text[begin:end]) or holds_quantity(text):
            return ""
        if self.index and self.passage.spots[self.index - 1].figure.end > begin:
            return ""
        lexicon = self.reading.lexicon
        opening = next(iter(self.reading.words.cut(text.strip()))).text
        changed = None if opening in lexicon.grammar["asides"] else lexicon.change_before.search(text)
        found = trimmed(self.reading.words.cut(text[: changed.start()]), lexicon) if changed else []
        while found and not is_noun(found[-1]):
            found.pop()  # 继续, 逐年
        thing = joined(found)
        return thing if found and is_noun(found[0]) and 1 < len(thing) <= LONGEST_CONTEXT else ""

    @property
    def side_before(self) -> str:
        """The side of an account that the clause right before names: 财政用于教育的支出, 共占总支出的21.4%."""
        begin, end = clause_before(self.reading, self.passage.sentence.body, self.spot.left)
        name = self.reading.phrase_before(self.text(begin, end), is_subject=True).name if begin < end else ""
        return name if name.endswith(words_of("indicators.sides")) and len(name) <= _LONGEST_SIDE else ""

    def _first_clause(self, start: int) -> int:
        """Where the clause that starts there ends."""
        text = self.reading.text
        return next((at for at in range(start, min(len(text), start + _FAR)) if text[at] in ",。;\n"), start)

    def _clauses_before(self) -> tuple[str, bool]:
        """The topic of the nearest clause that has one, up to the figure before."""
        reading, begin = self.reading, self.spot.left
        last_figure = self.passage.spots[self.index - 1].figure.start if self.index else -1
        for _ in range(_FARTHEST):
            begin, end = clause_before(reading, self.passage.sentence.body, begin)
            text = self.text(begin, end) if begin < end else ""
            if not text or begin <= last_figure < end:
                break
            if holds_quantity(text) or _MEASURED.search(text):
                continue  # 新增装机一千瓦, 万人律师比2.15
            text = _NO_FIGURE.sub("", text)
            if _IN_PIECES.search(text) or _IN_PIECES.match(reading.text, max(0, begin - 2)):
                continue  # 得分98,120个村达标
            if not _PART.fullmatch(text) and (found := read_topic(text, reading.words, reading.lexicon))[0]:
                return found
        return "", False


def with_negations_of_clause(name: str, seen: Seen) -> str:
    """The name with the negations of the figure's own clause that what shortened it has cut off."""
    reading, spots, index = seen.reading, seen.passage.spots, seen.index
    shares = index + 1 < len(spots) and spots[index + 1].joint in LISTED
    end = seen.spot.figure.end if shares else seen.spot.right
    first = index
    while first > index - _FARTHEST and spots[first].joint == "same":
        first -= 1  # 未在30天内整改的企业12家
    for part in (reading.text[spots[first].left : seen.spot.figure.start], reading.text[seen.spot.figure.end : end]):
        if vocabulary().any_of.search(part):
            name = with_its_negations(name, reading.words.cut(part))
    return name


def taken(naming: Naming, name: str) -> Answer | None:
    """A name that is taken over whole, and changes nothing for the figures after; none where it is empty."""
    return Answer(name, naming.left or name) if name else None


def words_led_out(naming: Naming) -> str:
    """The words in front of it without what leads to the number."""
    found = without_lead_out(naming.reading.words.cut(naming.left), naming.reading.lexicon)
    return "".join(word.text for word in found)
