"""What stands among the words before a figure and belongs to no name: who acts, asides, what only leads to the number."""

from collections.abc import Container, Sequence

from worker.extract.language.lexicon import Lexicon
from worker.extract.language.negations import is_bound
from worker.extract.language.words import MARKS, TEXT, Word, Words, is_action, is_noun, is_verb, joined
from worker.patterns import set_of, words_of

TYPICAL = 24  # characters; a longer phrase is cut back to its core
_MARKS_AT_END = MARKS - {")"}
_PLACES = ("中", "当中", "之中", "里")  # 审结案件中，维持98件
_REVIEW = 2  # words
_FEWEST_HOW = 3  # a verb, a way, and the verb that is done so
LONGEST_ACT = 4


def is_described(found: list[Word]) -> bool:
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


def reaches_state(found: list[Word], words: Words) -> bool:
    """Whether the verb at the start and an activity before 的 say what became of those after it: 实现公交全覆盖的村.

    What is set by somebody can be the object of such a verb: 完成目标, 完成省下达的任务.
    """
    described = next((at for at, word in enumerate(found) if word.text == "的"), 0)
    if described < _FEWEST_REACHED or found[0].text not in set_of("indicators.leading"):
        return False
    last = found[described - 1]
    is_done = is_verb(last) or words.tag(last.text[-_ACTIVITY:])[0] == "v"  # 危房改造
    return is_done and not found[-1].text.endswith(words_of("indicators.set_for_all"))


_FEWEST_REACHED = 2  # words before 的
_ACTIVITY = 2  # characters


def takes_as(found: Sequence[Word]) -> bool:
    """Whether the words say as what somebody is taken, which 以 is half of: 以县政府为被告的案件."""
    described = next((at for at, word in enumerate(found) if word.text == "的"), 0)
    return found[0].text == "以" and any(word.text in ("为", "作为") for word in found[1:described])


def without_gloss(found: list[Word]) -> list[Word]:
    """The words without a verb in brackets after another: 换发(新领)."""
    kept = list(found)
    for at in range(len(kept) - 3, 0, -1):
        if kept[at].text != "(":
            continue
        close = next((end for end in range(at + 2, min(at + 4, len(kept))) if kept[end].text == ")"), 0)
        if close and is_verb(kept[close - 1]) and is_verb(kept[at - 1]):
            del kept[at : close + 1]
    return kept


def without_actor(found: list[Word]) -> list[Word]:
    """The words without who did it, where a verb and its object follow: 市委组织学习重要讲话."""
    joins = int(found[0].text in set_of("indicators.joining")) if found else 0
    acts = is_verb if joins else is_action  # 联合市场监管局检查商户
    verb = next((at for at, word in enumerate(found) if at >= joins and acts(word) and len(word.text) > 1), 0)
    rest = found[verb + 1 :]
    subject = found[joins:verb]
    if (
        not verb
        or not rest
        or rest[0].text == "的"
        or not all(is_noun(word) or word.text in "、和与及" for word in subject)
    ):
        return found
    if not joined(subject).endswith(words_of("indicators.actors")) or not any(map(is_noun, rest)):
        return found
    return found[verb:] if joins or len(joined(rest)) > LONGEST_ACT else found


def trimmed(found: list[Word], lexicon: Lexicon) -> list[Word]:
    """The words without what only leads to the number and without what opens the clause."""
    dropped, scopes = lexicon.grammar["dropped"], lexicon.grammar["scopes"]
    texts = {*map(TEXT, found)}
    idle: set[int] = set()
    has_scopes = not scopes.isdisjoint(texts)
    if has_scopes:
        idle = {at for at, word in enumerate(found[1:]) if word.text in scopes and found[at].tag == "p"}
    if (
        "以来" in texts
        or not set_of("indicators.able").isdisjoint(texts)
        or not set_of("indicators.intended").isdisjoint(texts)
        or not set_of("indicators.planning").isdisjoint(texts)
    ):
        idle |= {at for at in range(len(found)) if _is_modal(found, at, lexicon.changes)}
    if idle or has_scopes or not dropped.isdisjoint(texts):
        found = [
            word
            for at, word in enumerate(found)
            if (word.text not in dropped or _tells_again(found, at)) and word.text not in scopes and at not in idle
        ]
    found = without_lead_out(found, lexicon)
    start = _after_review(found, lexicon)
    while start < len(found) and (_opens(found[start], lexicon) or _stresses(found, start, lexicon)):
        if found[start].tag == "d" and tells_which_rate(found, start):
            break
        if is_short_place(found[start : start + 2]) or _is_bound_of_time(found, start) or takes_as(found[start:]):
            break
        if _opens_word(found[start : start + _TORN]) or _gets(found, start) or is_due(found[start:]):
            break
        start += 1
    found = _without_course(found[start:]) if "中" in texts else found[start:]
    return without_place(_without_limit(found) if "在" in texts else found)


def _without_course(found: list[Word]) -> list[Word]:
    """The words without that in whose course, or among which, something was done: 予以公开 of 答复中予以公开."""
    at = next((at for at, word in enumerate(found) if at and word.text == "中" and word.tag == "f"), 0)
    if not 0 < at < len(found) - 1 or not is_action(found[at + 1]) or is_copula(found[at + 1]):
        return found
    if any(word.text == "的" for word in found[at + 1 :]):
        return found  # 评查中发现的问题
    is_course = is_verb(found[at - 1]) and all(is_noun(word) or is_verb(word) for word in found[:at])
    return found[at + 1 :] if is_course else found


def is_copula(word: Word) -> bool:
    """Whether a word only leads from a thing to its number: 占, 达到."""
    return word.text in set_of("indicators.copulas")


def _opens_word(found: Sequence[Word]) -> bool:
    """Whether a preposition and one character are a word that the dictionary has not: 在岗 of 在岗人员."""
    if len(found) < _TORN or found[0].text not in ("在", "到") or len(found[1].text) > 1 or not is_noun(found[2]):
        return False
    return found[1].tag in ("n", "v") and found[1].text not in words_of("indicators.places")


_TORN = 3  # words: the two characters, and what they describe


def _is_bound_of_time(found: list[Word], at: int) -> bool:
    """Whether a length of time with a bound says who is meant, or within what a rate is taken: 五年以上有期徒刑, 七日内答复率."""
    if found[at].tag != "t" or at + 2 >= len(found):
        return False
    return found[at + 1].text in ("以上", "以下") or (found[at + 1].text in _LIMITS and found[-1].text.endswith("率"))


def _without_limit(found: list[Word]) -> list[Word]:
    """The words without the limit between who does something and the verb: 行政机关在法定期限内回复."""
    first = next((at for at, word in enumerate(found) if at and word.text == "在"), 0)
    if not first or not is_noun(found[first - 1]):
        return found
    last = next((at for at in range(first, len(found) - 1) if found[at].text in _LIMITS), 0)
    is_alone = last and is_action(found[last + 1]) and last + 2 == len(found)
    return found[:first] + found[last + 1 :] if is_alone else found


_LIMITS = ("内", "以内", "之内", "前", "之前")


def _after_review(found: Sequence[Word], lexicon: Lexicon) -> int:
    """Where the words go on after a step that all cases go through: 受理 of 经审查受理."""
    if len(found) <= _REVIEW or found[0].text != "经" or found[1].text not in lexicon.grammar["reviewing"]:
        return 0
    return _REVIEW if is_verb(found[_REVIEW]) or found[_REVIEW].text in MARKS else 0


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


def _tells_again(found: Sequence[Word], at: int) -> bool:
    """Whether 再 belongs to a rate, which would be another one without it: 再犯罪率, 再利用率."""
    return found[at].text == "再" and tells_which_rate(found, at)


def tells_which_rate(found: Sequence[Word], at: int) -> bool:
    """Whether an adverb stands before a rate that it tells from another: 按期办结率."""
    return at + 1 < len(found) and found[at + 1].tag == "n" and found[at + 1].text.endswith("率")


def _is_modal(found: list[Word], at: int, changes: Container[str]) -> bool:
    """Whether the word only says that what follows can be done: 可获发, is to come: 要下降, or when it began: 开通以来."""
    if found[at].text in set_of("indicators.able"):
        return at + 1 < len(found) and is_action(found[at + 1])
    if found[at].text in set_of("indicators.intended"):
        verb = next((word for word in found[at + 1 :] if word.tag[0] != "d"), None)
        is_subject = at > 0 and (is_noun(found[at - 1]) or (at > 1 and is_verb(found[at - 1])))  # 刑事发案要下降
        is_led = verb is not None and (verb.text in changes or is_copula(verb))
        return is_subject and (is_led or verb is None)  # 排放量要分别下降, 里程估计达到
    following = found[at + 1].text if at + 1 < len(found) else ""
    if found[at].text in set_of("indicators.planning"):
        return following in set_of("indicators.fronting")
    if at and found[at].text in set_of("indicators.fronting") and found[at - 1].text in set_of("indicators.planning"):
        return True
    return found[at].text == "以来" or (following == "以来" and is_verb(found[at]))


def is_due(found: Sequence[Word]) -> bool:
    """Whether 应 says what was to be done with the things that are counted: 应办结工单, not 应达到."""
    return len(found) >= _TORN and found[0].text == "应" and is_verb(found[1]) and is_noun(found[-1])


def _gets(found: Sequence[Word], at: int) -> bool:
    """Whether a verb that mostly says what is wished for has got its object: 争取上级资金, not 争取完成."""
    return found[at].text == "争取" and at + 1 < len(found) and is_noun(found[at + 1]) and found[at + 1].tag != "vn"


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


def without_existence(found: list[Word], lexicon: Lexicon) -> list[Word]:
    """The words without a verb that only says that the thing is there: 体育场馆 of 城区有体育场馆."""
    if lexicon.grammar["existence"].isdisjoint(map(TEXT, found)):
        return found
    at = next((at for at, word in enumerate(found) if word.text in lexicon.grammar["existence"]), 0)
    is_plain = 0 < at < len(found) - 1 and all(
        is_noun(word) or word.text == "的" or word.tag in "bs" for word in found[:at] + found[at + 1 :]
    )
    return found[:at] + found[at + 1 :] if is_plain else found


def tells_how(found: list[Word], lexicon: Lexicon) -> bool:
    """Whether the words are a verb and the ways in which it was done: 简易程序、速裁等方式审结, 告知通过其他途径解决."""
    if len(found) <= _FEWEST_HOW:
        return False
    manner = found[-2].text in lexicon.grammar["manners"] and is_verb(found[-1])
    if manner and any(word.text in ("通过", "以", "按", "采取", "采用") for word in found[:-2]):
        return True
    listed = next((at for at, word in enumerate(found) if word.text == "等"), 0)
    return 0 < listed == len(found) - 3 and found[-2].text in lexicon.grammar["manners"] and is_action(found[-1])


def describes(found: list[Word], lexicon: Lexicon) -> bool:
    """Whether the verbs at the start only describe who is measured: 返乡人员创业规模, 退捕渔民转产就业人数."""
    who = next((at for at, word in enumerate(found) if not is_verb(word)), len(found))
    if not 0 < who < len(found) - 1 or not found[who].text.endswith(words_of("indicators.described")):
        return False
    measures = (*lexicon.grammar["attributes"], *lexicon.grammar["properties"])
    rest = found[who + 1 :]
    return found[-1].text.endswith(measures) and all(is_noun(word) for word in rest)


def is_short_place(found: Sequence[Word]) -> bool:
    """Whether a place of one character needs the word before it: 在沪持牌机构, 对俄出口."""
    return (
        [word.text for word in found[:1]] in (["在"], ["对"])
        and len(found[-1].text) == 1
        and found[-1].tag in ("j", "ns")
    )


def is_rate_of_thing(found: list[Word]) -> bool:
    """Whether a rate says of what it is, so that 实现 before it says no more: 实现负责人出庭应诉率100%."""
    return (
        found[-1].text.endswith("率") and len(found) > 1 and all(is_noun(word) or word.tag[0] in "mt" for word in found)
    )


def measures_act(found: list[Word], head: int, lexicon: Lexicon) -> bool:
    """Whether the last word says how much an act came to, and was not itself done: 结案标的额, 抽查结果公示率."""
    verb, last = found[0].text, found[-1].text
    if verb in lexicon.changes or verb in lexicon.grammar["making"] or verb in set_of("indicators.leading"):
        return False
    if not all(is_noun(word) or word.text == "的" for word in found[head:]):
        return False
    is_rate = last.endswith("率") and len(found) > head + 1 and verb in set_of("indicators.rated_acts")
    return is_rate or last in set_of("indicators.worths")
