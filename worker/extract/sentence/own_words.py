"""What a figure's own clause says that it measures: the words in front of it, those after it, or both."""

import re
from collections.abc import Sequence

from worker.extract.language.name_faults import without_long_brackets, without_notes
from worker.extract.language.negations import hanging_in, vocabulary
from worker.extract.language.reading_text import ReadingText
from worker.extract.language.words import is_action, is_verb
from worker.extract.language.words_after import ends_in_enumeration, read_right
from worker.extract.language.words_before import Phrase, helps_to, is_actor
from worker.extract.numbers.scan import BEGINS_WITH_MANY
from worker.extract.sentence.carriers import carrier_in
from worker.extract.sentence.clauses import MANNER, Spot, ends_clause, is_population, words_from
from worker.extract.sentence.frames import LONGEST_CONTEXT, SHORT
from worker.extract.sentence.stretches import words_between
from worker.extract.time.expressions import Time
from worker.patterns import Pattern, set_of, words_of

_PART = Pattern(r"^\s*{indicators.parts}(?=.)")
_WHERE_TO = re.compile("到|赴|前往|深入")  # 选派14名法官到乡镇任职
_SENT_TO = re.compile("(?<![达加增至涨升降得拓展延扩])[到赴]$|深入$|前往$")
_LASTING = re.compile("连续$")  # 连续5年位居全国首位
_RELATIVE = Pattern("^.*{indicators.fronting}|^{indicators.introducing}|^(?:全[国省市县区]|我[国省市县区])")
_LONGEST_RELATIVE = 12
_LONGEST_EXAMPLE = 10
_AMONG = re.compile("(?:有|中)(?:近|约|超)?$")  # 示范村已有198个村
LISTED = ("、", "same")
_OTHER_UNITS = re.compile(r" ?\((?P<units>[^()0-9]{1,8})\)")
_WITHIN = re.compile("^(?:以内|之内|内)")  # 6小时内抓获3人
_ABOUT = re.compile("^(?:左右|上下)")  # 由50%左右扩大到80%
_FOR = ("为", "帮", "帮助", "给")
_RUN_IN = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}本(?![书册])")
_DIGIT = re.compile("[0-9]")
_AMONG_THEM = ("中", "当中", "之中")  # 审结的159件中
_OUTDOES = re.compile(" ?(?:最[多高大]|为最|居多|居首|为主|为大宗)")
_BOUND_AFTER = re.compile("以[上下内]的")  # 50万元以上的项目
_OVER = Pattern("{indicators.over}$")
_ONLY = ("仅", "实际", "实有")  # open what is said of the next number
_PER = re.compile("/[百千万]?[人户亩]|每(?:[^,;、]{1,3}?(?=[,;、)])|.{1,4}$)")
_LEADING_OUT = Pattern("{indicators.leading_out}+$")


class OwnWords:
    """Reads the clauses of one sentence's figures; ``times`` are those that the sentence states."""

    def __init__(self, reading: ReadingText, spots: Sequence[Spot], times: Sequence[Time]) -> None:
        self._reading = reading
        self._spots = spots
        self._lefts = ["".join(words_between(reading, *stretch, times) for stretch in spot.stretches) for spot in spots]
        self._afters: dict[int, str] = {}
        self._rights: dict[tuple[int, bool], tuple[str, str]] = {}
        for index, spot in enumerate(spots[1:], 1):
            if spot.joint == "same":
                is_limit = reading.lexicon.kind_of(spots[index - 1].figure.unit) == "duration"
                self._lefts[index] = (_WITHIN if is_limit else _ABOUT).sub("", self._lefts[index])

    def left(self, index: int) -> str:
        """The words between the clause's start and the figure."""
        return self._lefts[index]

    def right(self, index: int, *, is_object: bool = False) -> tuple[str, str]:
        """The noun after the figure that it counts, and the predicate after that."""
        if (found := self._rights.get((index, is_object))) is None:
            if index not in self._afters:
                self._afters[index] = self._after(index)
            found = self._rights[index, is_object] = self._read_right(index, self._afters[index], is_object=is_object)
        return found

    def _after(self, index: int) -> str:
        """The words after the figure, empty where they are not of what it counts."""
        end = self._spots[index].right
        if index + 1 < len(self._spots) and self._spots[index + 1].joint == "、":
            end = min(end, self._spots[index + 1].left)
        text = self._after_number(index, end)
        if index + 1 < len(self._spots) and end == self._spots[index + 1].figure.start:
            if hanging_in(text):
                text = self._after_number(index, self._spots[index + 1].right)  # 18条信息未在7天内更新
            text = _LEADING_OUT.sub("", text)  # 国家和地区近 of 116个国家和地区近4000名运动员
        if _OUTDOES.match(text):
            return ""  # 以婚姻家庭纠纷612件最多
        if (
            text.strip() in _AMONG_THEM
            or not text
            or text[0] in ",、;"
            or (text.startswith(_ONLY) and self._is_before_like(index))
        ):
            return ""
        is_led = index + 1 < len(self._spots) and self._spots[index + 1].joint == "same"
        if is_led and text.startswith(words_of("indicators.means")):
            return ""  # 423户1297人人均纯收入达1.7万元
        is_done = self._spots[index].figure.unit in set_of("indicators.changed_often")  # 两次降低费率
        is_growth = not is_done and self._reading.growth.is_all_of(text) and not _LASTING.search(self.left(index))
        return "" if is_growth else text

    def _read_right(self, index: int, text: str, *, is_object: bool) -> tuple[str, str]:
        if not text:
            return "", ""
        words, lexicon = self._reading.words, self._reading.lexicon
        found = read_right(text, words, lexicon, is_object=is_object)
        following = self._spots[index : index + 2]
        # 为3605名劳动者追回工资: those for whom it was done.
        is_led = len(following) > 1 and following[1].joint == "same" and not self.left(index).endswith(_FOR)
        if is_led and not vocabulary().any_of.search(text):
            found = carrier_in(found, words, lexicon, (following[0].figure.unit, following[1].figure.unit))
        return (found[0], "") if found[0] and self._is_said_by_next(index, text) else found

    def _is_before_like(self, index: int) -> bool:
        """Whether the next figure stands in the same clause and counts in the same unit: 编制12人仅到岗8人."""
        spots = self._spots[index : index + 2]
        return len(spots) > 1 and spots[1].joint == "same" and spots[0].figure.unit == spots[1].figure.unit

    def _is_said_by_next(self, index: int, text: str) -> bool:
        """Whether the words after its noun end in a verb that leads to the next figure: 16个问题已整改15个."""
        is_like = self._is_before_like(index)
        found = self._reading.words.cut(text.rstrip()) if is_like and not hanging_in(text) else []
        is_said = len(found) > 1 and is_verb(found[-1]) and found[-2].tag == "d"  # 已核查
        return is_said or (bool(found) and is_action(found[-1]))

    def phrase(self, index: int, left: str, *, is_listed: bool, is_first: bool) -> Phrase:
        """The phrase of the clause.

        ``is_listed`` says that a verb before the list that the figure stands in takes it as well, ``is_first`` that
        nothing before it in the sentence says what it could be about.
        """
        reading, figure = self._reading, self._spots[index].figure
        if is_population(reading.text, figure.end):
            return Phrase("人口")
        lasting = _LASTING.search(left) if "连续" in left else None
        left = _PART.sub("", left[: lasting.start()] if lasting else left)
        if "以" in left and _OUTDOES.match(reading.text, figure.end):
            left = "".join(left.rsplit("以", 1))
        hanging = hanging_in(left)
        phrase = reading.phrase_before(left[: hanging.start()] if hanging else left)
        counts = reading.lexicon.kind_of(figure.unit) != "money"
        noun, predicate = self.right(index, is_object=(phrase.is_open and counts) or (is_listed and not left))
        predicate = hanging["negation"] + _WITHIN.sub("", predicate) if hanging and predicate else predicate
        if self._tells_harm(index, phrase, noun + predicate):
            return Phrase(noun + predicate)  # 造成186人死亡、1309人受伤
        if not phrase and not noun + predicate and left.strip() in set_of("indicators.other_kinds"):
            return Phrase(left.strip())  # 其余42件
        if lasting:
            return Phrase(phrase.name, lasting.group() + (self._reached_for_years(index) or noun + predicate))
        spends = not counts and phrase.act in reading.lexicon.grammar["spending"]
        if spends and (not phrase.thing or is_actor(phrase.thing)):
            purpose = noun or self._purpose(index, predicate, is_first=is_first)
            if purpose:
                return Phrase(purpose, phrase.act, core=noun)
        is_relative = reading.text.startswith("的", figure.end)
        if noun and not is_relative and (reached := self._reached_by_listed(left, noun)):
            return reached
        if noun:
            return self._with_noun(index, left, phrase, noun, predicate)
        if predicate and not phrase:
            return self._done_so_often(index, predicate) or Phrase("", predicate, follows=True)
        if predicate and not phrase.thing:
            return Phrase(predicate, phrase.act)
        return Phrase(phrase.thing, predicate, phrase.modifier) if predicate and not phrase.act else phrase

    def _reached_for_years(self, index: int) -> str:
        """What held on, with its number, where the clause has one: 连续五年稳定在11万吨."""
        spots, text = self._spots[index : index + 2], self._reading.text
        if len(spots) == 1 or spots[1].joint != "same":
            return ""
        said = text[spots[0].figure.end : spots[1].figure.end].replace(" ", "")
        if not said.startswith(words_of("indicators.holding")):
            return ""  # 连续两年共拨付3亿元
        limit = self._reading.lexicon.grammar["after_number"]
        bound = next((word for word in limit if text.startswith(word, spots[1].figure.end)), "")
        return said + bound if len(said) <= LONGEST_CONTEXT else ""

    def _done_so_often(self, index: int, predicate: str) -> Phrase | None:
        """What was done as often as the figure says, where a verb and its object stand after it: 4次组织应急演练."""
        if self._spots[index].figure.unit not in set_of("indicators.times_done"):
            return None
        done = self._reading.phrase_before(predicate)
        return done if done.leads and done.thing and done.act else None

    def _tells_harm(self, index: int, phrase: Phrase, said: str) -> bool:
        """Whether what follows a number of people is what has happened to them, and nothing but its cause stands before."""
        is_cause = not phrase or (phrase.act in set_of("indicators.causing") and not phrase.thing)
        is_harm = said in set_of("indicators.harms")
        return is_harm and is_cause and self._reading.lexicon.kind_of(self._spots[index].figure.unit) == "person"

    def _reached_by_listed(self, left: str, noun: str) -> Phrase | None:
        """What a verb reaches that only a mark of lists parts from whose it is: 落实育儿补贴、惠及儿童."""
        head, _, verb = left.rpartition("、")
        if not head or verb not in set_of("indicators.effects"):
            return None
        found = self._reading.phrase_before(head)
        thing = found.thing if len(found.thing) <= LONGEST_CONTEXT else found.core
        is_short = 1 < len(thing) <= LONGEST_CONTEXT
        return Phrase(f"{thing}{verb}{noun}", core=noun) if is_short else Phrase(noun, verb, leads=True)

    def _with_noun(self, index: int, left: str, phrase: Phrase, noun: str, predicate: str) -> Phrase:
        """The phrase where a noun stands after the figure."""
        spot = self._spots[index]
        is_relative = self._reading.text.startswith("的", spot.figure.end)
        if left.endswith("的"):
            left = left[1:] if self._is_among(index, left) else left
            modifier = _RELATIVE.sub("", phrase.modifier + phrase.thing if phrase.modifier else left).strip("的")
            last = modifier.rpartition("、")[2]  # 促增长、保就业的
            modifier = next((one for one in (modifier, last) if len(one) <= _LONGEST_RELATIVE), "")
            return Phrase(modifier + noun, predicate, core=noun)
        if _SENT_TO.search(left) and phrase.act:
            return Phrase(noun, predicate, core=noun)  # 派出医疗队到12个乡镇开展义诊
        is_bound = (is_relative and _OVER.search(left)) or _BOUND_AFTER.match(self._reading.text, spot.figure.end)
        if (is_relative and phrase.bare) or (is_bound and phrase.thing and not phrase.act):
            return Phrase(noun + phrase.name, core=noun)  # 县区采购额 of 采购额超过2亿元的县区
        if is_relative and phrase.act and not phrase.thing:
            return Phrase(noun, phrase.act, core=noun)  # 惠及3400万人的引水工程
        if ends_in_enumeration(left):
            example = self._example(left) if not predicate and noun in set_of("indicators.compound_heads") else ""
            if example:
                return Phrase(example + noun, core=noun)  # 老剧场修缮等9个项目
            phrase = Phrase(act=phrase.act, leads=phrase.leads)
        reaches = phrase.act in set_of("indicators.reaching") and not phrase.leads and not is_relative
        if reaches and (subject := self._subject_of(phrase.thing)):
            return Phrase(subject + phrase.act + noun, core=noun)  # 输水管线惠及200多万群众
        if spot.joint == "same" and (whole := self._counted_before(left, noun)):
            return Phrase(whole[0], whole[1] + predicate)  # 示范村已有198个村实现目标
        if phrase.is_open:
            modifier = "" if self._is_aside(phrase.thing) else phrase.modifier + phrase.thing
            modifier = modifier if len(modifier) <= LONGEST_CONTEXT else ""
            phrase = Phrase(act=phrase.act, modifier=modifier, leads=phrase.leads)
        if spot.joint == "same" and (not phrase.act or self._is_noun_before(index, left)):
            phrase = Phrase()
        if not phrase.thing:
            if helps_to(phrase.act, self._reading.words.cut(noun + predicate)):
                return Phrase(noun, predicate, phrase.modifier, core=noun)  # 帮助126名农民工讨回工资
            act = "" if phrase.act in set_of("indicators.leading") else phrase.act
            if (
                phrase.leads
                and act in set_of("indicators.sending")
                and (sent := _WHERE_TO.split(noun + predicate, 1)[0])
            ):
                noun, predicate = (sent, "") if len(sent) < len(noun + predicate) else (noun, predicate)
            followed = predicate or ("" if act else self._shared_predicate(index))
            act = followed + (act or ("" if followed else phrase.act))
            return Phrase(noun, act, phrase.modifier, leads=phrase.leads, core=noun)
        if phrase.act:
            takes_noun = phrase.leads and self._belongs(index)
            return Phrase(phrase.thing + noun, phrase.act, phrase.modifier, leads=True) if takes_noun else phrase
        thing = phrase.thing + noun if len(phrase.thing + noun) <= LONGEST_CONTEXT else noun
        return Phrase(thing, predicate, phrase.modifier)

    def _is_among(self, index: int, left: str) -> bool:
        """Whether 在 and 中 around the figure only say that more is told of some of them: 在审结的151件案件中."""
        if not left.startswith("在") or not self._afters[index].endswith("中"):
            return False
        found = self._reading.words.cut(left)
        return found[0].text == "在" and len(found[1].text) > 1

    def _example(self, left: str) -> str:
        """The last of the examples before 等, where that is short."""
        example = left.rstrip("共计").rpartition("等")[0].rpartition("、")[2]
        is_named = 1 < len(example) <= _LONGEST_EXAMPLE and not _DIGIT.search(example)
        return f"{example}等" if is_named else ""

    def _counted_before(self, left: str, noun: str) -> tuple[str, str] | None:
        """The thing of the figure before, where this one counts some of it by its last word; and what is said of them."""
        if not _AMONG.search(left):
            return None
        found = self._reading.phrase_before(left)
        last = next((size for size in (2, 1) if noun and found.thing.endswith(noun[:size])), 0)
        is_said = last or (noun and is_action(self._reading.words.cut(noun)[0]))  # 12个模型中仅有5个产生成效
        is_short = found.thing and len(found.thing) > last and not found.act
        return (found.thing, noun[last:]) if is_said and is_short else None

    def _is_noun_before(self, index: int, left: str) -> bool:
        """Whether the words before it are no more than what the figure before counts: 26个执法单位1043名执法人员."""
        return left == self._after_number(index - 1, self._spots[index].figure.start) == self.right(index - 1)[0]

    def _subject_of(self, thing: str) -> str:
        """The noun that reaches somebody, without what was done with it: 输水管线 of 新建输水管线."""
        found = self._reading.words.cut(thing)
        made = bool(found) and found[0].text in self._reading.lexicon.grammar["making"]
        rest = found[int(made) :]
        is_plain = rest and not is_action(rest[0])
        name = "".join(word.text for word in rest)
        return name if is_plain and len(name) <= LONGEST_CONTEXT else ""

    def _is_aside(self, thing: str) -> bool:
        """Whether what stands before the verb is no part of its object: who did it, or another verb with its own."""
        found = self._reading.words.cut(thing)
        return thing.endswith(words_of("indicators.actors")) or (len(found) > 1 and is_action(found[0]))

    def _belongs(self, index: int) -> bool:
        """Whether the words up to the next figure are this one's: 纳入国家102项重大工程的285个项目."""
        if index + 1 == len(self._spots) or self._spots[index + 1].joint != "same":
            return True
        return self._left_ends_in_joint(index + 1)

    def _left_ends_in_joint(self, index: int) -> bool:
        return self.left(index).endswith(("的", "和", "及", "与"))

    def _after_number(self, index: int, end: int) -> str:
        """The words after the figure without other units in a bracket, a rate's base, and what goes with the number."""
        start = words_from(self._reading.text, self._spots[index].figure.end)
        text = without_long_brackets(without_notes(MANNER.sub("", self._reading.text[start:end])))
        if "本" in text:
            text = _RUN_IN.split(text, maxsplit=1)[0]
        lexicon = self._reading.lexicon
        bracket = _OTHER_UNITS.match(text)
        if bracket and all(lexicon.unit_at(unit, 0) == unit for unit in re.split("[、,/]", bracket["units"])):
            text = text[bracket.end() :]
        if base := _PER.match(text):
            text = text[base.end() :]
        return self._without_limits(text)

    def _without_limits(self, text: str) -> str:
        """The words after a number without those that belong to it: 以上, 左右."""
        while text.startswith(words_of("indicators.after_number")) and not BEGINS_WITH_MANY.match(text):
            limits = self._reading.lexicon.grammar["after_number"]
            text = text[len(next(word for word in limits if text.startswith(word))) :]
        return text

    def _purpose(self, index: int, predicate: str, *, is_first: bool) -> str:
        """What money was spent on, in the words after it to the end of the clause, or in the next clause."""
        has_figures = False
        later = self._spots[index + 1].joint if index + 1 < len(self._spots) else ""
        if later != "same" and predicate:
            return predicate
        reading, spot = self._reading, self._spots[index]
        end = spot.right
        for spot_after in self._spots[index + 1 :]:
            if spot_after.joint != "same":
                break
            end = spot_after.right
        numbers = [(s.figure.start, s.figure.end) for s in self._spots[index + 1 :]]
        text = self._without_limits(_without(reading.text, spot.figure.end, end, numbers))
        if is_first and not text.strip() and reading.text[end : end + 1] == ",":
            stop = next(
                (at for at in range(end + 1, min(len(reading.text), end + 60)) if ends_clause(reading.text, at)), end
            )
            beside = [one.figure.unit for one in self._spots[index + 1 :] if end < one.figure.start < stop]
            has_figures = bool(beside)
            if any(reading.lexicon.kind_of(unit) == "money" for unit in beside):
                return ""  # 完成投资47亿元，争取资金21亿元: another sum, and not what the first was for
            text = _without(reading.text, end + 1, stop, numbers)
            first = reading.words.cut(text)[:1]
            if not first or not is_action(first[0]) or first[0].text in reading.lexicon.grammar["no_purpose"]:
                return ""
        phrase = reading.phrase_before(text)
        if has_figures and len(phrase.thing) <= SHORT:
            return ""  # 投入3亿元，实施项目52个
        return phrase.thing if len(phrase.thing) <= LONGEST_CONTEXT else phrase.core

    def _shared_predicate(self, index: int) -> str:
        """The predicate after the last of several things that are counted one after the other."""
        for later in range(index + 1, len(self._spots)):
            if self._spots[later].joint not in LISTED or _AMONG.search(self.left(later)):
                return ""
            noun, predicate = self.right(later)
            kind = (noun + predicate).rpartition("等")[2] if "等" in noun + predicate else ""
            if kind or predicate:
                return kind or predicate  # 工程完工 of 19公里道路等工程完工
        return ""


def _without(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    parts, place = [], start
    for first, last in spans:
        if start <= first and last <= end:
            parts.append(text[place:first])
            place = last
    return "".join((*parts, text[place:end]))
