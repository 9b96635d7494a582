"""A small grammar of the words around a figure: what was counted (thing) and what was done to it (act)."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from worker.extract.language.lexicon import Lexicon
from worker.extract.language.trimming import (
    LONGEST_ACT,
    TYPICAL,
    describes,
    is_copula,
    is_described,
    is_due,
    is_rate_of_thing,
    is_short_place,
    measures_act,
    reaches_state,
    takes_as,
    tells_how,
    tells_which_rate,
    trimmed,
    without_actor,
    without_existence,
    without_gloss,
)
from worker.extract.language.words import MARKS, TEXT, Word, Words, is_action, is_noun, is_verb, joined
from worker.patterns import set_of, words_of

_BETWEEN_ACTS = ("了", "并", "和", "、", "或", "或者")


class Phrase(NamedTuple):
    """``modifier`` + ``thing`` + ``act`` in this order make the indicator; each may be empty.

    ``core`` is the thing without its own subject and verb (各类纠纷 of 调解员调解各类纠纷), ``subject`` who or what a verb
    in the middle has before it. ``leads`` says that the act stood in front of the thing, ``is_open`` that the last word
    is a verb whose object may stand after the figure (发送2个提示函), ``follows`` that the act does. ``bare`` says that the
    thing names an attribute and not what has it: 总面积, 最高分, 可网办率.
    """

    thing: str = ""
    act: str = ""
    modifier: str = ""
    leads: bool = False
    bare: bool = False
    core: str = ""
    subject: str = ""
    is_open: bool = False
    follows: bool = False

    def __bool__(self) -> bool:
        return bool(self.thing or self.act)

    @property
    def name(self) -> str:
        """The indicator in canonical order."""
        return self.modifier + self.thing + self.act


def is_actor(name: str) -> bool:
    """Whether a name is that of an office, a body or a firm.

    >>> is_actor("市司法局"), is_actor("司法")
    (True, False)
    """
    return len(name) > 1 and name.endswith(words_of("indicators.actors"))


def read_left(text: str, words: Words, lexicon: Lexicon, *, is_subject: bool = False) -> Phrase:
    """The phrase in the words before a figure; ``is_subject`` says that a verb that leads to it stands after them."""
    cut = words.cut(text)
    return read_words(text, cut, trimmed(cut, lexicon), words, lexicon, is_subject=is_subject)


def read_words(
    text: str, cut: list[Word], kept: list[Word], words: Words, lexicon: Lexicon, *, is_subject: bool = False
) -> Phrase:
    """The same of a text whose words are ``cut``, and ``kept`` without what :func:`trimmed` takes away."""
    found = without_actor(without_gloss(kept))
    if not found:
        return Phrase()
    leads = is_subject or _ends_in_copula(cut, lexicon) or reaches_state(found, words)
    if "的" in text and leads and is_described(found):
        return Phrase(joined(found), core=joined(found))
    if found[0].tag in ("a", "ad") and all(word.tag in ("a", "ad") for word in found):
        return Phrase(act=joined(found))  # 继续有效76件, 优秀49宗
    phrase = _shortened(_parsed(found, lexicon), found, lexicon)
    if phrase.act and len(phrase.thing) == 1 and found[0].text == phrase.thing and found[0].tag == "a":
        phrase = phrase._replace(thing="", act=phrase.thing + phrase.act)  # 新接收122人
    thing = _words_of(phrase.thing, text, cut, words)
    return Phrase(
        phrase.thing,
        phrase.act,
        phrase.modifier,
        phrase.leads,
        bare=(_is_bare(phrase, thing, words, lexicon) and not is_short_place(found[:2]))
        or _is_relation(text, phrase, lexicon),
        core=_core(phrase.thing, thing) if any(map(is_verb, found)) else phrase.thing,
        subject=_subject(phrase, found),
        is_open=bool(phrase.act) and (is_action(found[-1]) or _is_second_act(found)),
    )


def _is_second_act(found: list[Word]) -> bool:
    """Whether the last word is the second of two acts: 升级 of 新签和升级, which may be a noun elsewhere."""
    return len(found) > 2 and found[-1].tag == "vn" and found[-2].text in "、和与及并或" and is_action(found[-3])


def _words_of(thing: str, text: str, cut: Sequence[Word], words: Words) -> Sequence[Word]:
    """The words of a thing that was read from ``text``, whose words are ``cut``.

    Those that stand there in one run are not looked for again: the best division of a text divides its parts best.
    """
    if thing == text:
        return cut
    starts = list(accumulate(map(len, map(TEXT, cut)), initial=0))
    start = text.find(thing)
    first, last = bisect_left(starts, start), bisect_left(starts, start + len(thing))
    is_run = start >= 0 and starts[first] == start and starts[last] == start + len(thing)
    return cut[first:last] if is_run else words.cut(thing)


def _subject(phrase: Phrase, found: list[Word]) -> str:
    """What a verb in the middle of the phrase has before it: 中老铁路 of 中老铁路发送旅客."""
    if phrase.leads or phrase.modifier:
        return ""
    heads = set_of("indicators.compound_heads")
    of_names = {
        at for at, word in enumerate(found[1:]) if at and word.text in heads and is_action(found[at])
    }  # 矛盾调处中心
    verb = next((at for at, word in enumerate(found) if is_action(word) and at not in of_names), 0)
    named = all(
        is_noun(word) or word.tag[0] in "abf" or word.text in "、和与及" or at in of_names
        for at, word in enumerate(found[:verb])
    )
    return joined(found[:verb]) if verb and named else ""


def _ends_in_copula(found: list[Word], lexicon: Lexicon) -> bool:
    last = next((word.text for word in reversed(found) if word.text not in lexicon.grammar["dropped"]), "")
    return last in lexicon.grammar["copulas"]


def _parsed(found: list[Word], lexicon: Lexicon) -> Phrase:
    """A leading verb is the act and goes after its thing; all else keeps the order of the text."""
    modifier = ""
    if found[0].text == "被" and len(found) == _PASSIVE and is_action(found[1]):
        return Phrase("", joined(found), modifier, leads=True)  # 提出意见74条，被采纳71条
    if found[0].text == "被" and len(found) > _PASSIVE and is_verb(found[1]):
        return Phrase(joined(found), core=joined(found[2:]))  # 被申请行政复议43件
    if found[0].text in lexicon.grammar["prepositions"] and len(found) > 1:
        listed = next(
            (at + 1 for at in range(1, len(found) - 1) if found[at].text == "等" and is_action(found[at + 1])), None
        )
        verb = listed or next((at for at, word in enumerate(found) if at > 1 and is_action(word)), None)
        where = found[:1] if is_short_place(found[:2]) or takes_as(found) else []
        is_of_place = bool(where) and any(word.text == "的" for word in found[2:])  # 在粤就读的学生
        if verb is None or verb == len(found) - 1 or is_of_place:
            return Phrase(joined(_plain(where + found[1:])))
        modifier = joined(where + [word for word in found[1:verb] if word.tag not in ("d", "f")]).strip("的、,")
        found = found[verb:]
    if _helps(found):
        found = found[1:]
    if tells_how(found, lexicon):
        return Phrase("", joined(found), modifier, leads=True)
    found = without_existence(_without_examples(found), lexicon)
    if is_due(found) and not is_copula(found[1]):
        return Phrase(joined(found), "", modifier)
    if len(found) == _HELD_AGAINST and found[0].text in lexicon.grammar["held_against"] and is_action(found[1]):
        return Phrase("", joined(found), modifier, leads=True)
    if is_verb(found[0]) and describes(found, lexicon):
        return Phrase(joined(found), "", modifier)
    head = _leading_verbs(found, lexicon)
    if 0 < head < len(found) - 1 and is_action(found[-1]) and found[0].text not in set_of("indicators.leading"):
        return Phrase(joined(_plain(found[:-1])), found[-1].text, modifier)
    if head == 1 and found[0].text == "立" and joined(found).endswith(words_of("indicators.case_ends")):
        return Phrase(joined(found), "", modifier)  # 立刑事案件: half of 立案 is no act by itself
    if head == len(found):
        return Phrase("", joined(found), modifier, leads=True)
    if head and len(found) == head + 1 and _is_attribute(found[0], found[-1], lexicon):
        return Phrase(joined(found[head:] if found[0].text in set_of("indicators.leading") else found), "", modifier)
    if head and found[0].text in set_of("indicators.leading") and is_rate_of_thing(found[head:]):
        return Phrase(joined(found[head:]), "", modifier)
    if head and measures_act(found, head, lexicon):
        return Phrase(joined(found), "", modifier)
    if head:
        return Phrase(joined(_plain(found[head:])), joined(found[:head]), modifier, leads=True)
    tail = _trailing_verbs(found)
    rest = found[: len(found) - tail]
    return Phrase(joined(_plain(rest)), joined(found[len(found) - tail :]), modifier)


def _helps(found: list[Word]) -> bool:
    """Whether the verb at the start only says that somebody was helped to what stands after it: 帮农民工追回欠薪."""
    return len(found) > _PASSIVE and is_noun(found[1]) and helps_to(found[0].text, found[1:])


def helps_to(act: str, found: Sequence[Word]) -> bool:
    """Whether an act only says that somebody was helped to what they did, as words after it say: 帮助126名农民工讨回工资."""
    if act in set_of("indicators.helping_alone"):
        return True
    is_help = act in set_of("indicators.helping")
    return is_help and any(is_action(word) and word.tag == "v" for word in found[1:])


def _is_attribute(verb: Word, last: Word, lexicon: Lexicon) -> bool:
    """Whether a verb's object is a measure of what the clause before speaks of, and no thing of its own: 扩大灌溉面积."""
    grows = verb.text in lexicon.changes or verb.text in lexicon.grammar["making"]
    return last.text.endswith(words_of("indicators.attributes")) and (len(last.text) < _LONG_WORD or not grows)


_LONG_WORD = 4
_AFTER = ("后", "之后", "以后", "前", "之前")
_PASSIVE = 2  # 被 and the verb
_HELD = 3  # a verb of no meaning of its own, and what was held
_HELD_AGAINST = 2  # 实际 and the verb


def _without_examples(found: list[Word]) -> list[Word]:
    """A verb and the kind of thing that its examples belong to: 形成制度机制 of 形成预算改革、绩效管理等制度机制."""
    kind = next((at + 1 for at in range(len(found) - 1, 1, -1) if found[at].text == "等"), 0)
    if not kind or kind >= len(found) or not all(is_noun(word) or word.tag in "ab" for word in found[kind:]):
        return found
    listed = any(word.text == "、" for word in found[:kind])
    # 活动 and 法律服务 say too little without an example.
    says_enough = len(joined(found[kind:])) > LONGEST_ACT
    return found[: int(is_action(found[0]))] + found[kind:] if listed and says_enough else found


def _plain(found: list[Word]) -> list[Word]:
    return [
        word for at, word in enumerate(found) if word.tag != "d" or len(word.text) == 1 or tells_which_rate(found, at)
    ]


def _leading_verbs(found: list[Word], lexicon: Lexicon) -> int:
    """How many words at the start are the act."""
    if not is_verb(found[0]) or _is_torn(found) or found[-1].text in ("类", "者"):
        return 0  # 咨询类, 具专业背景者
    if len(found) > 2 and found[1].text in _AFTER:
        return 0  # 接警后十分钟内到场率
    if all(is_verb(word) or word.tag in ("a", "ad", "d") or word.text in _BETWEEN_ACTS for word in found):
        takes = is_action(found[0]) and all(word.tag == "vn" for word in found[1:]) and len(joined(found[1:])) > 3
        takes = takes or (len(found) == 2 and (_receives_case(found) or _is_held(found, lexicon)))
        return 1 if takes else len(found)  # 组织公开听证, 带动综合消费
    if found[0].tag == "vn" and len(found) > 1 and found[-1].text in set_of("indicators.compound_heads"):
        return 0  # 健身中心
    if found[0].tag == "vn" and len(found) == 2 and found[1].text in ("收入", "支出"):
        return 0  # 教育支出
    if found[0].tag == "vn" and len(found) > 1 and (is_noun(found[1]) or is_noun(found[-1])):
        return 0 if len(found) > 2 else 1
    count = 1
    if found[0].text in lexicon.grammar["supporting"] and len(found) > 2 and is_verb(found[1]):
        count = 2
    seconds = set_of("indicators.second_acts")
    if found[0].text in set_of("indicators.sought"):
        seconds |= set_of("indicators.handled")
    while is_action(found[0]) and count < len(found) - 1 and found[count].text in seconds:
        count += 1  # 制定修订行政法规, 排查整治隐患
    while count < len(found) and found[count].text in ("了", "出", "到", "好"):
        count += 1
    while count < len(found) - 1 and _joins_acts(found[count].text, found[count + 1]):
        count += 2  # 新建、改扩建酒店
    if count == 1 and len(found) > 3 and found[0].tag == "v" and _are_acts_on_noun(found):
        count = 3
    return count if count < len(found) else len(found)


def _is_held(found: list[Word], lexicon: Lexicon) -> bool:
    """Whether an act is held or brought, as a noun is: 举办培训, 提出抗诉."""
    is_gathering = (
        found[1].text in set_of("indicators.gatherings") and found[0].text not in lexicon.grammar["supporting"]
    )
    return is_gathering or found[1].text in set_of("indicators.appeals")


def _is_torn(found: list[Word]) -> bool:
    """Whether the first two characters are a word that the dictionary has not, and no verb with its object: 退坡补贴."""
    return len(found) > _PASSIVE and all(len(word.text) == 1 and word.text not in MARKS for word in found[:2])


def _receives_case(found: list[Word]) -> bool:
    """Whether the verb takes what is asked or said to an office: 收到申请."""
    return found[0].text in set_of("indicators.receiving") and found[1].text in set_of("indicators.case_ends")


def _joins_acts(word: str, after: Word) -> bool:
    """Whether a word leads from one act to the next: 新建、改扩建, 降低并统一. 并 joins nothing else."""
    return is_verb(after) if word == "并" else word in ("、", "和", "与", "及", "或", "或者") and is_action(after)


def _are_acts_on_noun(found: list[Word]) -> bool:
    """Whether a verb and one used as a noun elsewhere share the noun after them: 取消和调整证明事项."""
    return found[1].text in "和与及" and found[2].tag == "vn" and is_noun(found[3]) and found[3].tag != "vn"


def _trailing_verbs(found: list[Word]) -> int:
    count = 0
    if len(found) > _HELD and found[-1].tag == "vn" and found[-3].text in set_of("indicators.empty"):
        return 0  # 对药品等领域开展专项检查
    if len(found) > 1 and found[-1].text in set_of("indicators.case_ends") and not is_action(found[-2]):
        return 0  # 当面申请, 电话投诉: kinds of them
    while count < len(found) - 1 and is_verb(found[-1 - count]) and count < 2:
        count += 1
    return count


def _shortened(phrase: Phrase, found: list[Word], lexicon: Lexicon) -> Phrase:
    """The phrase without what makes it longer than a reader would name it."""
    if len(phrase.name) > _LONG_CLAUSE and is_verb(found[0]) and (last := _last_predicate(found)):
        return last
    if len(phrase.name) <= TYPICAL:
        return phrase
    if phrase.modifier and len(phrase.thing) >= 2:
        return _shortened(phrase._replace(modifier=""), found, lexicon)
    words = found
    for at in range(len(found) - 2):
        if found[at].text == "等" and is_verb(found[at + 1]):
            words = found[at + 1 :]
    while len(joined(words)) > TYPICAL:
        cut = next((at for at, word in enumerate(words) if at and (is_action(word) or word.text in "的、,")), None)
        if cut is None or cut >= len(words) - 1:
            break
        words = words[cut + (words[cut].text in "的、,") :]
    if len(words) == len(found):
        return phrase
    shorter = _parsed(words, lexicon)
    return shorter if shorter.act else shorter._replace(act=phrase.act if len(phrase.act) <= LONGEST_ACT else "")


_LONG_CLAUSE = 18


def _last_predicate(found: list[Word]) -> Phrase | None:
    """The last verb of a clause with the object that stands between it and the figure: 解决企业诉求."""
    verb = next((at for at in range(len(found) - 2, 0, -1) if is_action(found[at])), None)
    if (
        verb is None
        or found[verb].text == "有"
        or not all(is_noun(word) or word.tag[0] in "abm" or word.text in "、和与及" for word in found[verb + 1 :])
    ):
        return None
    first = verb
    while first > 1 and is_action(found[first - 1]):
        first -= 1
    if not is_noun(found[first - 1]) or found[verb + 1].text in "、和与及":
        return None
    thing = joined(found[verb + 1 :])
    return Phrase(thing, joined(found[first : verb + 1]), leads=True, core=thing) if len(thing) > 1 else None


def _is_bare(phrase: Phrase, found: Sequence[Word], words: Words, lexicon: Lexicon) -> bool:
    if phrase.act or phrase.modifier or not phrase.thing.endswith(words_of("indicators.attributes")):
        return False
    if len(found) == 1:
        return not _names_its_thing(phrase.thing, words, lexicon)
    is_whole = len(found[-1].text) >= _LONG_WORD  # 口岸贸易总额
    modes = set_of("indicators.modes")
    owners = [word for word in found[:-1] if len(word.text) > 1 and word.text not in modes]
    named = any(word.tag[0] in "ns" or (is_whole and is_noun(word)) for word in owners)
    return len(phrase.thing) <= _LONGEST_BARE and not named


def _is_relation(text: str, phrase: Phrase, lexicon: Lexicon) -> bool:
    """Whether the words measure what something does to another, and do not say what does it: 对经济增长的贡献率."""
    opens = not phrase.act and text.lstrip(" ,、").startswith("对")
    return opens and phrase.thing.endswith(words_of("indicators.relations"))


def _names_its_thing(word: str, words: Words, lexicon: Lexicon) -> bool:
    """Whether a single word holds the noun that its attribute measures: 粮食产量, not 可网办率 or 耕地面积."""
    if word.endswith(("率", "面积")):
        return False
    ends = (word[: -len(end)] for end in lexicon.grammar["attributes"] if word.endswith(end))
    return any(len(thing) > 3 or (len(thing) > 1 and words.tag(thing)[0] == "n") for thing in ends)


_LONGEST_BARE = 7


def _core(thing: str, found: Sequence[Word]) -> str:
    verb = next((at for at in range(len(found) - 2, 0, -1) if is_verb(found[at]) and is_noun(found[at - 1])), None)
    if verb is None and len(found) > 2 and is_verb(found[0]) and found[1].tag == "r":
        verb = 0  # 调解各类纠纷
    core = "" if verb is None else joined(found[verb + 1 :])
    return core if len(core) > 1 and (len(thing) > _LONGEST_CORE or found[verb or 0].tag == "v" or verb == 0) else thing


_LONGEST_CORE = 12
