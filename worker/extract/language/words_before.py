"""A small grammar of the words around a figure: what was counted (thing) and what was done to it (act)."""

from bisect import bisect_left
from collections.abc import Container, Sequence
from itertools import accumulate
from typing import NamedTuple

from worker.extract.language.lexicon import Lexicon
from worker.extract.language.negations import is_bound
from worker.extract.language.words import MARKS, Word, Words, is_action, is_noun, is_verb, joined
from worker.patterns import set_of, words_of

TYPICAL = 24  # characters; a longer phrase is cut back to its core
_MARKS_AT_END = MARKS - {")"}
_BETWEEN_ACTS = ("了", "并", "和", "、", "或", "或者")
_PLACES = ("中", "当中", "之中", "里")  # 审结案件中，维持98件


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
    found = _without_actor(_without_gloss(kept))
    if not found:
        return Phrase()
    if _is_described(found) and (is_subject or _ends_in_copula(cut, lexicon)):
        return Phrase(joined(found), core=joined(found))
    if all(word.tag in ("a", "ad") for word in found):
        return Phrase(act=joined(found))  # 继续有效76件, 优秀49宗
    phrase = _shortened(_parsed(found, lexicon), found, lexicon)
    thing = _words_of(phrase.thing, text, cut, words)
    return Phrase(
        phrase.thing,
        phrase.act,
        phrase.modifier,
        phrase.leads,
        bare=(_is_bare(phrase, thing, words, lexicon) and not _is_short_place(found[:2]))
        or _is_relation(text, phrase, lexicon),
        core=_core(phrase.thing, thing) if any(map(is_verb, found)) else phrase.thing,
        subject=_subject(phrase, found),
        is_open=bool(phrase.act) and is_action(found[-1]),
    )


def _words_of(thing: str, text: str, cut: Sequence[Word], words: Words) -> Sequence[Word]:
    """The words of a thing that was read from ``text``, whose words are ``cut``.

    Those that stand there in one run are not looked for again: the best division of a text divides its parts best.
    """
    if thing == text:
        return cut
    starts = list(accumulate((len(word.text) for word in cut), initial=0))
    start = text.find(thing)
    first, last = bisect_left(starts, start), bisect_left(starts, start + len(thing))
    is_run = start >= 0 and starts[first] == start and starts[last] == start + len(thing)
    return cut[first:last] if is_run else words.cut(thing)


def _subject(phrase: Phrase, found: list[Word]) -> str:
    """What a verb in the middle of the phrase has before it: 中老铁路 of 中老铁路发送旅客."""
    verb = next((at for at, word in enumerate(found) if is_action(word)), 0)
    named = all(is_noun(word) or word.tag[0] in "abf" or word.text in "、和与及" for word in found[:verb])
    return joined(found[:verb]) if verb and named and not phrase.leads and not phrase.modifier else ""


def _ends_in_copula(found: list[Word], lexicon: Lexicon) -> bool:
    last = next((word.text for word in reversed(found) if word.text not in lexicon.grammar["dropped"]), "")
    return last in lexicon.grammar["copulas"]


def _is_described(found: list[Word]) -> bool:
    """Whether the verb at the start may only describe the noun after 的: 通高速公路的县达到(152个)."""
    described = next((at for at, word in enumerate(found) if word.text == "的"), 0)
    return (
        1 < described < len(found) - 1
        and is_action(found[0])
        and not is_action(found[1])
        and all(is_noun(word) or is_verb(word) for word in found[described + 1 :])
        and is_noun(found[-1])
        and len(joined(found)) <= TYPICAL
    )


def _without_gloss(found: list[Word]) -> list[Word]:
    """The words without a verb in brackets after another: 换发(新领)."""
    kept = list(found)
    for at in range(len(kept) - 3, 0, -1):
        if kept[at].text != "(":
            continue
        close = next((end for end in range(at + 2, min(at + 4, len(kept))) if kept[end].text == ")"), 0)
        if close and is_verb(kept[close - 1]) and is_verb(kept[at - 1]):
            del kept[at : close + 1]
    return kept


def _without_actor(found: list[Word]) -> list[Word]:
    """The words without who did it, where a verb and its object follow: 市委组织学习重要讲话."""
    verb = next((at for at, word in enumerate(found) if is_action(word) and len(word.text) > 1), 0)
    rest = found[verb + 1 :]
    subject = found[:verb]
    if (
        not verb
        or not rest
        or rest[0].text == "的"
        or not all(is_noun(word) or word.text in "、和与及" for word in subject)
    ):
        return found
    if not joined(subject).endswith(words_of("indicators.actors")) or not any(map(is_noun, rest)):
        return found
    return found[verb:] if len(joined(rest)) > _LONGEST_ACT else found


def trimmed(found: list[Word], lexicon: Lexicon) -> list[Word]:
    """The words without what only leads to the number and without what opens the clause."""
    dropped, scopes = lexicon.grammar["dropped"], lexicon.grammar["scopes"]
    idle = {at for at, word in enumerate(found[1:]) if word.text in scopes and found[at].tag == "p"}
    modal = set_of("indicators.able") | set_of("indicators.intended")
    if any(word.text == "以来" or word.text in modal for word in found):
        idle |= {at for at in range(len(found)) if _is_modal(found, at, lexicon.changes)}
    found = [
        word for at, word in enumerate(found) if word.text not in dropped and word.text not in scopes and at not in idle
    ]
    found = without_lead_out(found, lexicon)
    start = _after_review(found, lexicon)
    while start < len(found) and (_opens(found[start], lexicon) or _stresses(found, start, lexicon)):
        if _is_short_place(found[start : start + 2]):
            break
        start += 1
    return without_place(found[start:])


def _after_review(found: Sequence[Word], lexicon: Lexicon) -> int:
    """Where the words go on after a step that all cases go through: 受理 of 经审查受理."""
    if len(found) <= _REVIEW or found[0].text != "经" or found[1].text not in lexicon.grammar["reviewing"]:
        return 0
    return _REVIEW if is_verb(found[_REVIEW]) or found[_REVIEW].text in MARKS else 0


_REVIEW = 2  # words


def without_place(found: list[Word]) -> list[Word]:
    """The words without what only says that the figures are some of them: 审结案件 of 审结案件中."""
    is_place = len(found) > 1 and found[-1].tag == "f" and found[-1].text in _PLACES and _may_be_among(found[-2])
    return found[:-1] if is_place else found


def _may_be_among(word: Word) -> bool:
    return is_noun(word) or word.tag == "q"  # 行业大类


def without_lead_out(found: list[Word], lexicon: Lexicon) -> list[Word]:
    """The words without those that only lead to the number."""
    before, end = lexicon.grammar["before_number"], len(found)
    while end and (
        (
            found[end - 1].text in before
            and _leads_to_number(found[:end], lexicon)
            and not _sums_up(found[:end], lexicon)
        )
        or found[end - 1].text in _MARKS_AT_END
        or found[end - 1].text in lexicon.grammar["prepositions"]
    ):
        end -= 1
    if end and found[end - 1].text in lexicon.grammar["negations"] and is_bound(found[end:]):
        end -= 1  # 不低于
    return found[:end]


def _stresses(found: list[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a word stands for an adverb: 重点实施, not 重点项目."""
    return found[at].text in lexicon.grammar["adverbial"] and at + 1 < len(found) and is_action(found[at + 1])


def _sums_up(found: list[Word], lexicon: Lexicon) -> bool:
    """Whether a sum is all that tells the side of an account from its parts: 收入合计."""
    return found[-1].text in ("合计", "总计") and len(found) > 1 and found[-2].text in lexicon.grammar["sides"]


def _is_modal(found: list[Word], at: int, changes: Container[str]) -> bool:
    """Whether the word only says that what follows can be done: 可获发, is to come: 要下降, or when it began: 开通以来."""
    if found[at].text in set_of("indicators.able"):
        return at + 1 < len(found) and is_action(found[at + 1])
    if found[at].text in set_of("indicators.intended"):
        verb = next((word for word in found[at + 1 :] if word.tag[0] != "d"), None)
        return at > 0 and is_noun(found[at - 1]) and verb is not None and verb.text in changes  # 排放量要分别下降
    following = found[at + 1].text if at + 1 < len(found) else ""
    return found[at].text == "以来" or (following == "以来" and is_verb(found[at]))


def _opens(word: Word, lexicon: Lexicon) -> bool:
    if word.text in lexicon.grammar["negations"]:
        return False
    return word.text in lexicon.grammar["opening"] or word.text in MARKS or word.tag in ("d", "c", "y", "t")


def _leads_to_number(found: list[Word], lexicon: Lexicon) -> bool:
    # 完成 and 实现 are acts of their own, unless only a thing stands before them: 财政收入完成29亿元.
    if found[-1].text not in ("完成", "实现"):
        return True
    rest = [word for word in found[:-1] if not _opens(word, lexicon)]
    return any(is_noun(word) for word in rest) and not any(is_action(word) for word in rest)


def _without_existence(found: list[Word], lexicon: Lexicon) -> list[Word]:
    """The words without a verb that only says that the thing is there: 体育场馆 of 城区有体育场馆."""
    at = next((at for at, word in enumerate(found) if word.text in lexicon.grammar["existence"]), 0)
    is_plain = 0 < at < len(found) - 1 and all(
        is_noun(word) or word.text == "的" for word in found[:at] + found[at + 1 :]
    )
    return found[:at] + found[at + 1 :] if is_plain else found


def _tells_how(found: list[Word], lexicon: Lexicon) -> bool:
    """Whether the words are a verb and the ways in which it was done: 简易程序、速裁等方式审结."""
    listed = next((at for at, word in enumerate(found) if word.text == "等"), 0)
    return 0 < listed == len(found) - 3 and found[-2].text in lexicon.grammar["manners"] and is_action(found[-1])


def _describes(found: list[Word], lexicon: Lexicon) -> bool:
    """Whether the verbs at the start only describe who is measured: 返乡人员创业规模, 退捕渔民转产就业人数."""
    who = next((at for at, word in enumerate(found) if not is_verb(word)), len(found))
    if not 0 < who < len(found) - 1 or not found[who].text.endswith(words_of("indicators.described")):
        return False
    measures = (*lexicon.grammar["attributes"], *lexicon.grammar["properties"])
    rest = found[who + 1 :]
    return found[-1].text.endswith(measures) and all(is_noun(word) for word in rest)


def _parsed(found: list[Word], lexicon: Lexicon) -> Phrase:
    """A leading verb is the act and goes after its thing; all else keeps the order of the text."""
    modifier = ""
    if found[0].text in lexicon.grammar["prepositions"] and len(found) > 1:
        listed = next(
            (at + 1 for at in range(1, len(found) - 1) if found[at].text == "等" and is_action(found[at + 1])), None
        )
        verb = listed or next((at for at, word in enumerate(found) if at > 1 and is_action(word)), None)
        where = found[:1] if _is_short_place(found[:2]) else []
        is_described = bool(where) and any(word.text == "的" for word in found[2:])  # 在粤就读的学生
        if verb is None or verb == len(found) - 1 or is_described:
            return Phrase(joined(_plain(where + found[1:])))
        modifier = joined(where + [word for word in found[1:verb] if word.tag not in ("d", "f")]).strip("的、,")
        found = found[verb:]
    if _tells_how(found, lexicon):
        return Phrase("", joined(found), modifier, leads=True)
    found = _without_existence(_without_examples(found), lexicon)
    if len(found) == _HELD_AGAINST and found[0].text in lexicon.grammar["held_against"] and is_action(found[1]):
        return Phrase("", joined(found), modifier, leads=True)
    if _describes(found, lexicon):
        return Phrase(joined(found), "", modifier)
    head = _leading_verbs(found, lexicon)
    if 0 < head < len(found) - 1 and is_action(found[-1]) and found[0].text not in set_of("indicators.leading"):
        return Phrase(joined(_plain(found[:-1])), found[-1].text, modifier)
    if head == len(found):
        return Phrase("", joined(found), modifier, leads=True)
    if head and len(found) == head + 1 and _is_attribute(found[0], found[-1], lexicon):
        return Phrase(joined(found[head:] if found[0].text in set_of("indicators.leading") else found), "", modifier)
    if head:
        return Phrase(joined(_plain(found[head:])), joined(found[:head]), modifier, leads=True)
    tail = _trailing_verbs(found)
    rest = found[: len(found) - tail]
    return Phrase(joined(_plain(rest)), joined(found[len(found) - tail :]), modifier)


def _is_short_place(found: Sequence[Word]) -> bool:
    """Whether a place of one character needs the word before it: 在沪持牌机构, 对俄出口."""
    return (
        [word.text for word in found[:1]] in (["在"], ["对"])
        and len(found[-1].text) == 1
        and found[-1].tag in ("j", "ns")
    )


def _is_attribute(verb: Word, last: Word, lexicon: Lexicon) -> bool:
    """Whether a verb's object is a measure of what the clause before speaks of, and no thing of its own: 扩大灌溉面积."""
    grows = verb.text in lexicon.changes or verb.text in lexicon.grammar["making"]
    return last.text.endswith(words_of("indicators.attributes")) and (len(last.text) < _LONG_WORD or not grows)


_LONG_WORD = 4
_HELD_AGAINST = 2  # 实际 and the verb


def _without_examples(found: list[Word]) -> list[Word]:
    """A verb and the kind of thing that its examples belong to: 形成制度机制 of 形成预算改革、绩效管理等制度机制."""
    kind = next((at + 1 for at in range(len(found) - 1, 1, -1) if found[at].text == "等"), 0)
    if not kind or kind >= len(found) or not all(is_noun(word) or word.tag in "ab" for word in found[kind:]):
        return found
    listed = any(word.text == "、" for word in found[:kind])
    # 活动 and 法律服务 say too little without an example.
    says_enough = len(joined(found[kind:])) > _LONGEST_ACT
    return found[: int(is_action(found[0]))] + found[kind:] if listed and says_enough else found


def _plain(found: list[Word]) -> list[Word]:
    return [word for word in found if word.tag != "d" or len(word.text) == 1]


def _leading_verbs(found: list[Word], lexicon: Lexicon) -> int:
    """How many words at the start are the act."""
    if not is_verb(found[0]):
        return 0
    if all(is_verb(word) or word.tag in ("a", "ad", "d") or word.text in _BETWEEN_ACTS for word in found):
        takes = is_action(found[0]) and all(word.tag == "vn" for word in found[1:]) and len(joined(found[1:])) > 3
        return 1 if takes else len(found)  # 组织公开听证, 带动综合消费
    if found[0].tag == "vn" and len(found) > 1 and found[-1].text in set_of("indicators.compound_heads"):
        return 0  # 健身中心
    if found[0].tag == "vn" and len(found) > 1 and (is_noun(found[1]) or is_noun(found[-1])):
        return 0 if len(found) > 2 else 1
    count = 1
    if found[0].text in lexicon.grammar["supporting"] and len(found) > 2 and is_verb(found[1]):
        count = 2
    while is_action(found[0]) and count < len(found) - 1 and found[count].text in set_of("indicators.second_acts"):
        count += 1  # 制定修订行政法规
    while count < len(found) and found[count].text in ("了", "出", "到", "好"):
        count += 1
    while count < len(found) - 1 and found[count].text in "、和与及" and is_action(found[count + 1]):
        count += 2  # 新建、改扩建酒店
    return count if count < len(found) else len(found)


def _trailing_verbs(found: list[Word]) -> int:
    count = 0
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
    return shorter if shorter.act else shorter._replace(act=phrase.act if len(phrase.act) <= _LONGEST_ACT else "")


_LONGEST_ACT = 4
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
    named = any(len(word.text) > 1 and (word.tag[0] == "n" or (is_whole and is_noun(word))) for word in found[:-1])
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
