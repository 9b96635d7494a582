"""What a clause leaves to those before it, and what a phrase lacks where it stands.

``FILLERS`` make the phrase of a figure's clause, each knowing something that is left out; ``PLACES`` put before it what it
lacks. In both the first that speaks decides.
"""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from typing import NamedTuple

from worker.extract.fields.in_frame import Naming
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.words import Word, is_action, is_noun, is_verb, joined
from worker.extract.language.words_before import Phrase, is_actor
from worker.extract.sentence.frames import LONGEST_CONTEXT, SHORT
from worker.patterns import set_of, words_of

_SHORT_ACT = 6  # a verb with its object of so few characters needs who did it
_LONGEST_ABOUT = 9
_LONGEST_WHOLE = 20
_FEWEST_PARTS = 2
_ACCOUNT_SIDES = ("收入", "支出")
_BUDGET_SIDES = ("预算收入", "预算支出")
_NAMES = re.compile("[^0-9]*[\u4e00-\u9fff”》)]")  # no money (HK$), and nothing with a number in it
_QUOTED = re.compile("“[^“”]*”")
_KINDS_OF_OTHERS = ("money", "person")  # who works there, and what it cost, was not built


class Filled(NamedTuple):
    """A phrase with what it lacked, and the words that were taken over for it."""

    phrase: Phrase
    taken: str = ""


class Placed(NamedTuple):
    """A phrase's name where it stands, and the words that were taken over for it."""

    name: str
    taken: str = ""


def money_spent(naming: Naming) -> Filled | None:
    """投入2亿元: money that was spent on what the sentence is about."""
    phrase, told = naming.phrase, naming.told
    if phrase.thing or phrase.act not in naming.reading.lexicon.grammar["spending"]:
        return None
    same = told.thing if naming.spot.joint == "same" else ""
    beside = told.thing if naming.index and naming.opener_is_before else ""
    thing = same or told.subject or beside or naming.opener or told.thing
    return Filled(Phrase(thing, phrase.act), thing)


def act_beside(naming: Naming) -> Filled | None:
    """The second verb of a pair, where the first holds for both: 监督立案19件、撤案33件."""
    act, told = naming.phrase.act, naming.told
    head, tail = told.name[: -len(act)], told.name[-len(act) :]
    is_pair = 1 < len(act) <= SHORT and act != tail and bool(set(act) & set(tail))
    if naming.spot.joint != "、" or naming.phrase.thing or not head or not is_pair:
        return None
    found = naming.reading.words.cut(head)
    return Filled(Phrase("", head + act), head) if is_verb(found[-1]) else None


def done_to_people(naming: Naming) -> Filled | None:
    """An act on people takes nothing over that is counted in something else: 拘传45人 after 发布失信名单274例."""
    phrase, spots, at = naming.phrase, naming.passage.spots, naming.index
    if phrase.thing or phrase.act not in set_of("indicators.done_to_people"):
        return None
    kind_of = naming.reading.lexicon.kind_of
    before = kind_of(spots[at - 1].figure.unit) if at else ""
    if kind_of(naming.spot.figure.unit) != "person" or (before == "person" and naming.frame.thing):
        return None
    return Filled(Phrase("", phrase.act))


def measured_activity(naming: Naming) -> Filled | None:
    """The growth of an activity is whole by itself after another growth or rate: 进出口增长5% after 失业率3.2%."""
    phrase = naming.phrase
    if phrase.thing:
        return None
    changes = naming.reading.lexicon.changes
    is_trade = naming.told.thing.startswith(words_of("indicators.trade"))
    part = _activity(naming, words_of("indicators.parts_of_trade"), {"", *changes}) if is_trade else None
    return part or (_activity(naming, words_of("indicators.measured"), changes) if _is_after_rate(naming) else None)


def _activity(naming: Naming, names: Iterable[str], acts: Container[str]) -> Filled | None:
    """An activity and what it does, where that is one of these: 进出口 and 增长."""
    act = naming.phrase.act
    name = next((one for one in names if act.startswith(one) and act.removeprefix(one) in acts), None)
    return None if name is None else Filled(Phrase(name, act.removeprefix(name)))


def _is_after_rate(naming: Naming) -> bool:
    return naming.told.name.endswith((*words_of("indicators.growth"), *words_of("indicators.levels")))


def act_on_thing_before(naming: Naming) -> Filled | None:
    """A verb without a thing takes the one before: 调解成功485件 after 各类纠纷."""
    if naming.phrase.thing:
        return None
    thing = _whole_of_cases(naming) or naming.told.thing or naming.frame.earlier or _cases_of_heading(naming)
    return Filled(Phrase(thing, naming.phrase.act), thing)


def _whole_of_cases(naming: Naming) -> str:
    """Cases with what tells them from others, where their last word alone would say which: 一审应诉案件 of 案件."""
    thing, whole = naming.told.thing, naming.told.whole_thing
    if naming.told.divides:
        return ""
    is_told = thing in words_of("indicators.cases") and whole.endswith(thing) and naming.told.level.startswith(whole)
    return whole if is_told and len(whole) <= _LONGEST_ABOUT else ""


def handed_over(naming: Naming) -> Filled | None:
    """Who gets it is not what is handed over, which the clause before names: 移交镇街综治中心388起 after 排查矛盾纠纷."""
    phrase, thing = naming.phrase, naming.told.thing or naming.frame.earlier
    if phrase.act not in set_of("indicators.handing_over") or not phrase.leads or phrase.modifier or not thing:
        return None
    before = naming.passage.spots[naming.index - 1].figure.unit if naming.index else naming.spot.figure.unit
    if naming.reading.lexicon.kind_of(before) == "money":
        return Filled(Phrase("", phrase.act + phrase.thing))  # 罚没款2156万元，移送公安31件
    is_receiver = is_actor(phrase.thing) or phrase.thing in set_of("indicators.receivers")
    if not is_receiver or thing.endswith(phrase.thing) or len(thing + phrase.name) > _LONGEST_WHOLE:
        return None
    return Filled(Phrase(thing, phrase.act + phrase.thing), thing)


def _cases_of_heading(naming: Naming) -> str:
    """The cases that the heading is about: 行政复议案件 of 行政复议案件基本情况; none for what is no case."""
    is_money = naming.reading.lexicon.kind_of(naming.spot.figure.unit) == "money"
    return "" if is_money else naming.heading_cases


def kind_of_cases(naming: Naming) -> Filled | None:
    """A kind is one of the cases before, or of those that the heading is about: 邻里类121起 after 排查矛盾纠纷."""
    phrase, told = naming.phrase, naming.told
    is_kind = phrase.thing.endswith("类") or phrase.thing in set_of("indicators.other_kinds") or naming.is_told_apart
    if phrase.act or phrase.modifier or phrase.bare or not phrase.thing or not is_kind:
        return None
    ends = words_of("indicators.cases")
    thing = next((one for one in (told.thing, told.earlier, _cases_of_heading(naming)) if one.endswith(ends)), "")
    if not thing or phrase.thing.endswith(thing[-2:]) or len(phrase.thing + thing) > _LONGEST_WHOLE:
        return None
    return Filled(Phrase(_run_together(phrase.thing, thing), core=thing), thing)


def brought_over(naming: Naming) -> Filled | None:
    """Cases that are brought over from the time before are those of the things before: 上年结转24件 after 受理复议申请."""
    phrase, reading = naming.phrase, naming.reading
    is_counted = reading.lexicon.kind_of(naming.spot.figure.unit) != "money"
    if phrase.act or phrase.thing not in reading.lexicon.grammar["brought_over"] or not is_counted:
        return None
    thing = naming.told.thing or naming.frame.earlier
    return Filled(Phrase(thing, phrase.thing), thing)


def whole_by_itself(naming: Naming) -> Filled | None:
    """A name that says all takes nothing over: 罚没款, 立案."""
    phrase = naming.phrase
    if not _takes_nothing(naming, phrase):
        return None
    if phrase.thing:
        return Filled(phrase._replace(bare=False))
    is_case = naming.told.thing.endswith(words_of("indicators.case_ends"))
    return Filled(Phrase("", phrase.act)) if naming.told.thing and not is_case and not naming.is_part else None


def outcome_of_whole(naming: Naming) -> Filled | None:
    """A part that a verb tells of, with a noun of few characters or none: 其中结果维持21件, 尚未审结4件."""
    phrase, whole, told = naming.phrase, naming.told.part_of, naming.told
    if not naming.is_part or not whole.thing or not phrase.act or phrase.leads != (not phrase.thing):
        return None
    is_listed = naming.spot.joint == "、" and told.parts > 0 and not told.act
    goes_on = is_listed or (told.parts >= _FEWEST_PARTS and whole.thing in told.name)
    is_outcome = phrase.thing in naming.reading.lexicon.grammar["outcomes"]
    if not (goes_on if not phrase.thing else is_outcome or (is_listed and len(phrase.thing) <= _SHORT_ACT)):
        return None
    if _says_all(naming, phrase.thing, whole.thing) or len(whole.thing + phrase.name) > _LONGEST_WHOLE:
        return None
    return Filled(Phrase(whole.thing + phrase.thing, phrase.act), whole.thing)


def part_of_whole(naming: Naming) -> Filled | None:
    """A part takes the whole: 其中行政案件12件 after 受理案件."""
    phrase, whole = naming.phrase, naming.told.part_of
    if not naming.is_part or not whole or (phrase.act and phrase.act not in naming.reading.lexicon.changes):
        return None
    is_rate = phrase.thing.endswith("率") and naming.spot.joint == ","
    if (phrase.bare or is_rate) and phrase.thing.endswith(words_of("indicators.levels")):
        return None  # a rate is no part: 终结4800件(终结率82%), 其中投诉30件，投诉办结率99%
    thing = whole.thing
    if len(phrase.thing + thing) > _LONGEST_WHOLE:
        thing = thing.rpartition("的")[2]
    if _says_all(naming, phrase.thing, thing) or len(phrase.thing + thing) > _LONGEST_WHOLE:
        thing = ""
    return Filled(Phrase(_run_together(phrase.thing, thing), phrase.act or whole.act), thing)


def _run_together(part: str, whole: str) -> str:
    """The two as one name, with the word that ends one and opens the other said once: 刑事赔偿 + 赔偿案件."""
    most = min(len(part), len(whole)) - 1
    shared = next((size for size in range(most, 1, -1) if part.endswith(whole[:size])), 0)
    return part + whole[shared:]


def actor_and_act(naming: Naming) -> Filled | None:
    """The clause is who did it and the verb alone: 市公安局立案(5件)."""
    phrase, spot, thing = naming.phrase, naming.spot, naming.told.thing
    alone = bool(phrase.act) and not phrase.leads and spot.right <= spot.figure.end
    actors = words_of("indicators.actors")
    if not alone or not phrase.thing.endswith(actors) or not thing or thing.endswith(actors):
        return None
    return Filled(Phrase(phrase.thing + phrase.act + thing, core=thing), thing)


def act_of_list(naming: Naming) -> Filled | None:
    """The verb before a list holds for its members: 新建校舍5所、宿舍3栋."""
    phrase, told = naming.phrase, naming.told
    if naming.spot.joint != "、" or phrase.act or phrase.bare:
        return None
    act = told.act_outside if told.bracket >= 0 > naming.spot.bracket else told.act
    return Filled(Phrase(phrase.thing, act, phrase.modifier or told.lead, core=phrase.core), act)


def built_as_before(naming: Naming) -> Filled | None:
    """The clause before says that this one's thing was built or added, too: 新开工线路87公里，变电容量60万千伏安."""
    lexicon, unit, phrase, told = naming.reading.lexicon, naming.spot.figure.unit, naming.phrase, naming.told
    if naming.spot.joint != "," or phrase.act or phrase.bare or told.act not in lexicon.grammar["making"]:
        return None
    is_counted = unit not in set_of("indicators.points") and lexicon.kind_of(unit) not in _KINDS_OF_OTHERS
    is_reached = naming.left.rstrip().endswith(words_of("indicators.leading_out"))  # 粮食产量达到5亿斤 is not built
    if (
        is_reached
        or not is_counted
        or len(phrase.thing) <= SHORT
        or not all(map(is_noun, naming.reading.words.cut(phrase.thing)))
    ):
        return None
    return Filled(phrase._replace(act=told.act, leads=True), told.act)


def own_words(naming: Naming) -> Filled:
    """Its own clause says all of it, before the number and behind it: 制定规范性文件61件, 22个村居."""
    return Filled(naming.phrase)


def same_gap(naming: Naming, phrase: Phrase) -> Placed | None:
    """A thing with the last word of the one before fills the same gap: 获优秀等次2个，良好等次8个."""
    told = naming.told
    if phrase.act or naming.spot.joint != "," or not any(told.around) or phrase.thing[-2:] != told.thing[-2:]:
        return None
    return Placed(told.around[0] + phrase.thing + told.around[1], "".join(told.around))


def same_series(naming: Naming, phrase: Phrase) -> Placed | None:
    """A word of the kind that the name before holds takes its place there: 一审应诉案件92件，二审41件."""
    level, spots, index = naming.told.level, naming.passage.spots, naming.index
    is_bare = phrase.thing and not (phrase.act or phrase.modifier or phrase.bare) and len(phrase.thing) <= SHORT
    if not is_bare or naming.spot.joint not in (",", "、") or spots[index - 1].figure.unit != naming.spot.figure.unit:
        return None
    if level.endswith(phrase.thing[-1]):
        return None  # 女生 is no other kind than 学生
    for word in naming.reading.words.cut(level)[:-1]:
        is_like = len(word.text) == len(phrase.thing) > 1 and word.text != phrase.thing and not is_action(word)
        if is_like and word.text[-1] == phrase.thing[-1] and word.tag[0] != "m":
            return Placed(level.replace(word.text, phrase.thing, 1), level)
    return None


def side_of_account(naming: Naming, phrase: Phrase) -> Placed | None:
    """A side of an account (支出, 结余) takes the name of what has it from the side before, else from the heading."""
    if phrase.thing not in naming.reading.lexicon.grammar["sides"] or not (phrase.leads or not phrase.act):
        return None
    side, told = phrase.act + phrase.thing, naming.told
    for whole in (told.thing, told.about, told.earlier, naming.heading_thing):
        stem = _without_sides(naming, whole)
        if whole.endswith(_BUDGET_SIDES) and phrase.thing in _ACCOUNT_SIDES:
            stem = whole[: -len(phrase.thing)]  # 一般公共预算收入…、支出
        if stem and len(stem) <= LONGEST_CONTEXT:
            return Placed(stem + side, stem)
    return Placed(side)


def attribute_of_thing(naming: Naming, phrase: Phrase) -> Placed | None:
    """An attribute or a state takes what has it: 成功率94.5%, 达标12个."""
    told, stative = naming.told, naming.reading.lexicon.grammar["stative"]
    if not phrase.bare and phrase.act not in stative and not _is_growth_of_attribute(naming, phrase):
        return None
    context = (told.thing if len(told.thing) > SHORT else told.whole_thing) or told.about
    context = context or naming.heading_cases or naming.heading_thing
    if told.parts >= _FEWEST_PARTS and told.divides and naming.spot.joint == ",":
        context = told.part_of.thing or context  # 败诉率 of what has the outcomes
    if _QUOTED.fullmatch(context) and naming.index == 0:
        context = ""  # 开展“百日攻坚”，死亡人数控制在250人以内
    rates = words_of("indicators.levels")
    if context.endswith(rates) and phrase.thing.endswith(rates):
        is_counted = any(told.about in level for level in told.levels if not level.endswith(rates))
        # A rate has no rate: 出庭率100%，败诉率8%, 小学适龄儿童入学率99%，巩固率98%.
        context = told.about if told.about and is_counted else _whose_rate(naming, context)
        context = context if len(naming.reading.words.cut(phrase.thing)) == 1 else ""  # 卫生户厕普及率
    elif phrase.bare and context.endswith(words_of("indicators.attributes")):
        context = owner_in(naming.reading.words.cut(context), naming.reading.lexicon) or context  # 粮食 of 粮食播种面积
    if phrase.thing in words_of("indicators.rates_of_places") and not context.endswith(words_of("indicators.places")):
        return None
    if naming.spot.bracket >= 0 and phrase.thing.endswith(rates):
        context = _beside(told.level, phrase.thing) or context
    name = phrase.act + phrase.thing if phrase.act in stative else phrase.name  # 考评对象获优秀等次
    return _after(context, phrase, name)


def _is_growth_of_attribute(naming: Naming, phrase: Phrase) -> bool:
    """Whether an attribute alone grows: 增加值增长3% after 工业企业7.6万家."""
    lexicon, is_level = naming.reading.lexicon, not phrase.leads and not phrase.modifier
    is_level = is_level and phrase.thing not in set_of("growth.share.alone")  # whose share it is, nothing says
    is_level = is_level and not (phrase.thing in words_of("indicators.measured") and _is_after_rate(naming))
    return is_level and phrase.act in lexicon.changes and phrase.thing in lexicon.grammar["attributes"]


def _beside(level: str, rate: str) -> str:
    """What a rate in a bracket is of, by the name of the figure before: 案件 of 案件终结(终结率82%)."""
    stem = rate.removesuffix("率")
    return level.partition(stem)[0] if stem != rate and stem in level else level


def _whose_rate(naming: Naming, rate: str) -> str:
    """What has a rate, without it: 小学适龄儿童 of 小学适龄儿童入学率; nothing where somebody's act has it."""
    found = naming.reading.words.cut(rate)[:-1]
    while found and found[-1].tag[0] == "d":
        found.pop()
    return joined(found) if len(found) == 1 or all(map(is_noun, found)) else ""


def _takes_nothing(naming: Naming, phrase: Phrase) -> bool:
    """Whether the name is whole by itself, and what the clauses before speak of is only something else that they count."""
    grammar, told = naming.reading.lexicon.grammar, naming.told
    if not (phrase.name in grammar["whole"] or (not phrase.thing and phrase.act in grammar["whole_acts"])):
        return False
    is_counted = bool(told.about) and any(told.about in level for level in told.levels[:-1])
    is_aside = told.thing in grammar["findings"] or (bool(told.levels) and told.about not in told.levels[-1])
    return naming.spot.joint == "," and is_counted and is_aside


def dependent_noun(naming: Naming, phrase: Phrase) -> Placed | None:
    """A noun that belongs to somebody takes the owner of the nearest clause: 技工学校招生规模…，在校学生9600人."""
    told, lexicon = naming.told, naming.reading.lexicon
    if phrase.act or phrase.modifier or phrase.thing not in lexicon.grammar["dependents"]:
        return None
    named = told.part_of.thing if told.parts else told.level or told.thing
    return _after(owner_in(naming.reading.words.cut(named), lexicon), phrase, phrase.name)


def of_label(naming: Naming, phrase: Phrase) -> Placed | None:
    """An attribute takes the subject of the short sentence before: 民营企业提质扩容。总量达86万户."""
    told = naming.told
    if not phrase.bare or told.thing or told.about or naming.index:
        return None
    return _after(naming.label, phrase, phrase.name)


def short_name(naming: Naming, phrase: Phrase) -> Placed | None:
    """A name of few characters takes the name of what it belongs to."""
    if _is_attribute(naming, phrase) or len(phrase.name) > SHORT or phrase.modifier:
        return None
    if phrase.thing in words_of("indicators.parts_of_trade"):
        return None
    about = naming.told.about
    if _is_counted_beside(naming, about) or (naming.spot.joint == "、" and about not in naming.told.name):
        return None  # 举办发布会2场，制作图解9个、短视频14个
    return _after(about if len(about) <= _LONGEST_ABOUT else "", phrase, phrase.name)


def effect_of_before(naming: Naming, phrase: Phrase) -> Placed | None:
    """What was done reached, cost or showed something: 改造老旧小区48个，惠及居民1.96万户; 检查企业50家，发现隐患30处."""
    told, grammar = naming.told, naming.reading.lexicon.grammar
    depends = phrase.act in grammar["effects"] or phrase.thing in grammar["findings"]
    if not depends or not phrase.leads or phrase.modifier or naming.spot.joint not in (",", "、"):
        return None
    wholes = (told.subject, told.undivided, told.whole_thing, told.about)
    context = next((one for one in wholes if one and one not in grammar["findings"]), "")
    if is_actor(context) or not _NAMES.fullmatch(context) or is_action(naming.reading.words.cut(context)[-1]):
        return None
    if phrase.act in grammar["effects"]:
        return _after(context, phrase, phrase.act + phrase.thing)
    is_one = len(context) <= _LONGEST_ABOUT and "、" not in context
    return _after(context if is_one else "", phrase, phrase.name)


def _is_counted_beside(naming: Naming, about: str) -> bool:
    """Whether what it is about is counted in the same unit, as something beside it: 燃煤占39%，燃气占42%."""
    spots, index, name = naming.passage.spots, naming.index, naming.phrase.name
    is_rest = name in set_of("indicators.other_kinds")
    is_kind = all(word.tag[0] == "n" and word.tag != "ns" for word in naming.reading.words.cut(name))
    is_beside = naming.spot.joint == "、" and is_kind  # 婚姻家庭97件、邻里88件
    is_beside = is_beside and naming.reading.lexicon.kind_of(naming.spot.figure.unit) != "money"
    is_like = len(about) == len(name) > 1 or is_rest or is_beside
    is_counted = bool(index) and about in naming.told.levels and is_like
    return is_counted and spots[index - 1].figure.unit == naming.spot.figure.unit


def short_act(naming: Naming, phrase: Phrase) -> Placed | None:
    """A short verb and object takes the subject of a clause before: 中老铁路…，发送旅客."""
    if _is_attribute(naming, phrase) or (len(phrase.name) <= SHORT and not phrase.modifier):
        return None
    if not phrase.leads or len(phrase.name) > _SHORT_ACT or phrase.act in naming.reading.lexicon.changes:
        return None
    return _after(naming.told.subject, phrase, phrase.name)


FILLERS: tuple[Callable[[Naming], Filled | None], ...] = (
    brought_over,
    whole_by_itself,
    money_spent,
    measured_activity,
    outcome_of_whole,
    act_beside,
    handed_over,
    done_to_people,
    act_on_thing_before,
    part_of_whole,
    kind_of_cases,
    actor_and_act,
    act_of_list,
    built_as_before,
    own_words,
)


def described_thing(naming: Naming, phrase: Phrase) -> Placed | None:
    """A clause that only describes takes what it describes: 因家庭琐事引发的占三成 after 排查矛盾纠纷."""
    thing = naming.told.undivided or naming.frame.earlier
    if not naming.is_headless or not thing.endswith(words_of("indicators.cases")) or overlap(thing, phrase.name):
        return None
    said = phrase.act + phrase.thing if phrase.leads and not phrase.modifier else phrase.name
    is_short = 1 < len(said) <= LONGEST_CONTEXT and len(said + thing) <= _LONGEST_WHOLE
    return Placed(f"{said}的{thing}", thing) if is_short else None


PLACES: tuple[Callable[[Naming, Phrase], Placed | None], ...] = (
    described_thing,
    same_gap,
    same_series,
    side_of_account,
    dependent_noun,
    of_label,
    attribute_of_thing,
    effect_of_before,
    short_name,
    short_act,
)


def owner_in(found: Sequence[Word], lexicon: Lexicon) -> str:
    """Who has what a name says, without that: 技工学校 of 技工学校招生规模."""
    properties = words_of("indicators.properties")
    end = next((at for at, word in enumerate(found) if word.text.endswith(properties) or is_verb(word)), len(found))
    while end and not is_noun(found[end - 1]):
        end -= 1
    return joined(found[:end])


def _is_attribute(naming: Naming, phrase: Phrase) -> bool:
    return phrase.bare or phrase.act in naming.reading.lexicon.grammar["stative"]


def _after(context: str, phrase: Phrase, name: str) -> Placed | None:
    """The name after what it belongs to, if that is short enough and says something new."""
    if not context or len(context) > LONGEST_CONTEXT or overlap(context, phrase.thing):
        return None
    return Placed(_run_together(context, name), context)


def _without_sides(naming: Naming, name: str) -> str:
    sides = naming.reading.lexicon.grammar["sides"]
    while side := max((side for side in sides if name.endswith(side)), key=len, default=""):
        name = name.removesuffix(side)
    return name


def _says_all(naming: Naming, part: str, whole: str) -> bool:
    """Whether a part has the words of the whole in its name, or measures something of its own: 零售额."""
    attributes = words_of("indicators.attributes")
    return overlap(part, whole) or (part.endswith(attributes) and whole.endswith(attributes))


def overlap(one: str, other: str) -> bool:
    """Whether one name holds the other, or both end in the same two characters."""
    return bool(one and other) and (one in other or other in one or one[-2:] == other[-2:])
