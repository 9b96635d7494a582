"""What a clause leaves to those before it.

``FILLERS`` make the phrase of a figure's clause, each knowing something that is left out; the first that speaks decides.
"""

from collections.abc import Callable, Container, Iterable
from decimal import Decimal

from worker.extract.fields.case_kinds import (
    cases_of_heading,
    fund_of_insurance,
    kind_of_cases,
    kind_of_measured,
    outcome_of_proceeding,
    party_of_cases,
)
from worker.extract.fields.filled import LONGEST_ABOUT, LONGEST_WHOLE, Filled
from worker.extract.fields.in_frame import Naming
from worker.extract.fields.two_names import is_body, part_of_total, run_together, says_all
from worker.extract.language.words import is_noun, is_verb, joined
from worker.extract.language.words_before import Phrase, is_actor
from worker.extract.sentence.clauses import is_population
from worker.extract.sentence.frames import SHORT
from worker.patterns import set_of, words_of

SHORT_ACT = 6  # a verb with its object of so few characters needs who did it
FEWEST_PARTS = 2
_KINDS_OF_OTHERS = ("money", "person")  # who works there, and what it cost, was not built


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
    if kind_of(naming.spot.figure.unit) not in _OCCASIONS or (before == "person" and naming.frame.thing):
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
    return part or (_activity(naming, words_of("indicators.measured"), changes) if is_after_rate(naming) else None)


def _activity(naming: Naming, names: Iterable[str], acts: Container[str]) -> Filled | None:
    """An activity and what it does, where that is one of these: 进出口 and 增长."""
    act = naming.phrase.act
    name = next((one for one in names if act.startswith(one) and act.removeprefix(one) in acts), None)
    return None if name is None else Filled(Phrase(name, act.removeprefix(name)))


def is_after_rate(naming: Naming) -> bool:
    """Whether the figure before is a rate or the growth of something."""
    return naming.told.name.endswith((*words_of("indicators.growth"), *words_of("indicators.levels")))


def act_on_thing_before(naming: Naming) -> Filled | None:
    """A verb without a thing takes the one before: 调解成功485件 after 各类纠纷."""
    if naming.phrase.thing:
        return None
    told, punishments = naming.told, words_of("indicators.punishments")
    if told.thing.endswith(punishments):
        thing = "" if told.about.endswith(punishments) else told.about  # 五年以上有期徒刑43人，适用缓刑146人
        return Filled(Phrase(thing, naming.phrase.act), thing)
    if _is_activity(naming):
        return Filled(Phrase("", naming.phrase.act))
    if doer := _doer_before(naming):
        return Filled(Phrase(told.thing, doer + naming.phrase.act), told.thing)
    before = told.undivided if _exceeds_part(naming) or _is_rest(naming) else told.thing
    if naming.is_part and naming.whole.thing and _is_other_kind_of_part(naming):
        before = naming.whole.thing  # 办理案件156起，罚没款42万元；其中本年度办理49起
    is_same = naming.phrase.act == before or (
        before.endswith(naming.phrase.act) and naming.phrase.act in set_of("indicators.gatherings")
    )  # 开展执法培训7期，培训450人次
    if before and (is_same or (naming.is_part and before.startswith(naming.phrase.act))):
        return Filled(Phrase("", before))  # 举办培训4期，培训320人次; 罚没款42万元；其中本年度罚没13万元
    if naming.phrase.act.startswith("连续"):
        before = told.level or before  # 播种面积41万亩，产量17.6万吨，连续八年稳定在17万吨以上
    if before in naming.reading.lexicon.grammar["dependents"] and told.about:
        before = told.about  # 小学41所，在校学生3.9万人，招生6520人
    thing = _whole_of_cases(naming) or before or naming.frame.earlier or cases_of_heading(naming)
    act = naming.phrase.act
    says_all = act.endswith(words_of("indicators.cases"))  # 依据《…》办理轻微不罚案件
    says_all = says_all or (act.endswith("案") and naming.reading.words.tag(act[-2:])[0] != "v")  # 破现案
    lasts = act.startswith("连续")
    if says_all or (not lasts and is_act_of_its_own(naming, thing)):
        return Filled(Phrase("", naming.phrase.act))
    return Filled(Phrase(thing, naming.phrase.act), thing)


def _doer_before(naming: Naming) -> str:
    """Who did something with a part of the things, and goes on to do more: 其中，中院受理3.6万件，审结3.5万件."""
    thing = naming.told.thing
    if not naming.told.divides or naming.spot.joint != "," or not thing or not naming.told.name.endswith(thing):
        return ""
    found = naming.reading.words.cut(naming.told.name.removesuffix(thing))
    doer = joined(found[:-1])
    return doer if len(found) > 1 and is_verb(found[-1]) and is_actor(doer) else ""


def _is_other_kind_of_part(naming: Naming) -> bool:
    """Whether it divides a whole that is not the one of the figure before."""
    spots, at = naming.passage.spots, naming.index
    return naming.whole != naming.told.part_of or (bool(at) and spots[at - 1].figure.unit != spots[at].figure.unit)


def _is_activity(naming: Naming) -> bool:
    """Whether an act says by itself what was held, and in which way: 开展联合巡查37次, whatever was counted before."""
    act = naming.phrase.act
    verb = next((word for word in words_of("indicators.holding_activities") if act.startswith(word)), "")
    return bool(verb) and len(naming.reading.words.cut(act)) > 2 and len(act) - len(verb) > SHORT


def is_act_of_its_own(naming: Naming, thing: str) -> bool:
    """Whether an act is not what was done with the thing before: 培训320人次 after 案件186件, 开展接访 after 办结率."""
    act, spots, at = naming.phrase.act or naming.phrase.thing, naming.passage.spots, naming.index
    lexicon, unit = naming.reading.lexicon, naming.spot.figure.unit
    if not thing or naming.change or unit in set_of("indicators.proportions"):
        return False
    held = next((word for word in words_of("indicators.gatherings") if act.endswith(word)), "")
    if not held and not any(map(is_verb, naming.reading.words.cut(act))):
        return False
    if thing.endswith("率"):
        return True
    if not at:
        return False
    kind_of, before = lexicon.kind_of, spots[at - 1].figure.unit
    if kind_of(before) in _STUFF and kind_of(unit) in _OCCASIONS and act not in lexicon.grammar["effects"]:
        return True  # 接待咨询3200人次 after 挽回经济损失960万元
    is_other = unit != before and kind_of(unit) in _OCCASIONS and kind_of(before) not in _OCCASIONS
    is_other = is_other or unit == before  # 开展专题学习6次、集中研讨2次
    return is_other and bool(held) and held not in thing  # 培训900人 is of 培训班12期


_OCCASIONS = ("person", "visit")  # people and times
_STUFF = ("money", "mass", "volume", "area")  # kinds of units of what nobody can be


def _exceeds_part(naming: Naming) -> bool:
    """Whether more is counted than the part before has: 抓获嫌疑人812名，其中逃犯96名，移送起诉605人."""
    spots, at = naming.passage.spots, naming.index
    if not at or not naming.told.divides or naming.change:
        return False
    kind_of, value, before = naming.reading.lexicon.kind_of, spots[at].figure.value, spots[at - 1].figure.value
    unit, other = spots[at].figure.unit, spots[at - 1].figure.unit
    is_like = unit == other or (bool(kind_of(unit)) and kind_of(unit) == kind_of(other))
    return is_like and value is not None and before is not None and Decimal(value) > Decimal(before)


def _is_rest(naming: Naming) -> bool:
    """Whether something was done with all but the part before: 有效42件，其余28件已转办."""
    return naming.told.divides and naming.left.strip() in set_of("indicators.other_kinds")


def _whole_of_cases(naming: Naming) -> str:
    """Cases with what tells them from others, where their last word alone would say which: 一审应诉案件 of 案件."""
    thing, whole = naming.told.thing, naming.told.whole_thing
    if naming.told.divides:
        return ""
    is_told = thing in words_of("indicators.cases") and whole.endswith(thing) and naming.told.level.startswith(whole)
    return whole if is_told and len(whole) <= LONGEST_ABOUT else ""


def handed_over(naming: Naming) -> Filled | None:
    """Who gets it is not what is handed over, which the clause before names: 移交镇街综治中心388起 after 排查矛盾纠纷."""
    phrase, thing = naming.phrase, naming.told.thing or naming.frame.earlier
    if phrase.act not in set_of("indicators.handing_over") or not phrase.leads or phrase.modifier or not thing:
        return None
    before = naming.passage.spots[naming.index - 1].figure.unit if naming.index else naming.spot.figure.unit
    if naming.reading.lexicon.kind_of(before) == "money":
        return Filled(Phrase("", phrase.act + phrase.thing))  # 罚没款2156万元，移送公安31件
    is_receiver = is_actor(phrase.thing) or phrase.thing in set_of("indicators.receivers")
    if not is_receiver or thing.endswith(phrase.thing) or len(thing + phrase.name) > LONGEST_WHOLE:
        return None
    return Filled(Phrase(thing, phrase.act + phrase.thing), thing)


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
    phrase, whole, told = naming.phrase, naming.whole, naming.told
    if not naming.is_part or not whole.thing or not phrase.act or phrase.leads != (not phrase.thing):
        return None
    is_listed = naming.spot.joint == "、" and told.parts > 0 and not told.act
    goes_on = is_listed or (told.parts >= FEWEST_PARTS and whole.thing in told.name)
    is_outcome = phrase.thing in naming.reading.lexicon.grammar["outcomes"]
    if not (goes_on if not phrase.thing else is_outcome or (is_listed and len(phrase.thing) <= SHORT_ACT)):
        return None
    if says_all(phrase.thing, whole.thing) or len(whole.thing + phrase.name) > LONGEST_WHOLE:
        return None
    if not phrase.thing and whole.thing.startswith(phrase.act):
        return Filled(Phrase("", whole.thing))  # 罚没款42万元；其中本年度罚没13万元
    if whole.thing.startswith(phrase.act) and not phrase.leads:
        return Filled(
            Phrase(run_together(phrase.name, whole.thing), core=whole.thing), whole.thing
        )  # 小学教育 of 教育支出
    return Filled(Phrase(whole.thing + phrase.thing, phrase.act), whole.thing)


def part_of_whole(naming: Naming) -> Filled | None:
    """A part takes the whole: 其中行政案件12件 after 受理案件."""
    phrase, whole = naming.phrase, naming.whole
    if not naming.is_part or not whole or (phrase.act and phrase.act not in naming.reading.lexicon.changes):
        return None
    is_rate = phrase.thing.endswith("率") and naming.spot.joint == ","
    if (phrase.bare or is_rate) and phrase.thing.endswith(words_of("indicators.levels")):
        return None  # a rate is no part: 终结4800件(终结率82%), 其中投诉30件，投诉办结率99%
    thing = whole.thing
    if len(phrase.thing + thing) > LONGEST_WHOLE:
        thing = thing.rpartition("的")[2]
    thing = thing.removeprefix("各级").removeprefix("各类")
    act = phrase.act or ("" if whole.act in set_of("relations.table_totals") else whole.act)  # 本年支出合计
    if of_total := part_of_total(phrase.thing, thing):
        return Filled(Phrase(of_total, act), thing)
    if says_all(phrase.thing, thing) or is_kind_of_people(naming, phrase.thing, thing) or is_body(phrase.thing, thing):
        thing = ""
    made = (*words_of("indicators.outputs"), *words_of("indicators.made_values"))
    measure = next((end for end in made if thing.endswith(end)), "")
    owner = thing.removesuffix(measure) if measure else ""
    if owner and phrase.thing and owner[-1] == phrase.thing[-1]:
        thing = measure  # 机动车保有量96万辆，其中汽车71万辆
    if len(phrase.thing + thing) > LONGEST_WHOLE:
        thing = ""
    return Filled(Phrase(run_together(phrase.thing, thing), act), thing)


def is_kind_of_people(naming: Naming, part: str, whole: str) -> bool:
    """Whether a part names people by itself, of whom the whole only says so: 本科生 of 在校生, 老人 of 总人口."""
    if whole.endswith("人员") and len(part) > 1 and part.endswith(words_of("indicators.callings")):
        return True  # 执业医师 of 卫生技术人员
    if part[-1:] not in _PEOPLE or part in _PEOPLE:
        return False
    if whole in set_of("indicators.staff") and part.endswith("人员"):
        return True
    return whole.endswith("人口") or (whole[-1:] == part[-1] and len(naming.reading.words.cut(whole)) == 1)


_PEOPLE = tuple("生员人者")
_AGES = ("岁", "周岁")


def people_counted(naming: Naming) -> str:
    """The people whom the figures right before count: 民警、辅警 of 民警386名、辅警540名，平均年龄41岁."""
    kind_of = naming.reading.lexicon.kind_of
    names: list[str] = []
    for unit, phrase in reversed(naming.frame.wholes):
        if kind_of(unit) != "person" or unit in _AGES:
            break
        names.insert(0, phrase.thing if phrase.leads else phrase.name)  # 法官助理
    if not names:
        return ""
    both = "、".join(names[-2:])
    return both if len(both) <= LONGEST_ABOUT + 1 else names[-1] if len(names[-1]) <= LONGEST_ABOUT else ""


def actor_and_act(naming: Naming) -> Filled | None:
    """The clause is who did it and the verb alone: 市公安局立案(5件)."""
    phrase, spot, thing = naming.phrase, naming.spot, naming.told.thing
    alone = bool(phrase.act) and not phrase.leads and spot.right <= spot.figure.end
    actors = words_of("indicators.actors")
    is_actor_alone = phrase.thing.endswith(actors) or phrase.thing in set_of("indicators.parties")
    if naming.is_part and naming.whole.thing:
        thing = naming.whole.core or naming.whole.thing  # 结案标的额8亿元；其中，中院受理3.6万件
    if not alone or not is_actor_alone or not thing or thing.endswith(actors):
        return None
    return Filled(Phrase(phrase.thing + phrase.act + thing, core=thing), thing)


def act_of_list(naming: Naming) -> Filled | None:
    """The verb before a list holds for its members: 新建校舍5所、宿舍3栋."""
    phrase, told = naming.phrase, naming.told
    if naming.spot.joint != "、" or phrase.act or phrase.bare:
        return None
    is_done = naming.spot.figure.unit in set_of("indicators.times_done") and any(naming.own.right(naming.index))
    if is_done or phrase.thing in naming.reading.lexicon.grammar["dependents"]:
        return None  # 两次下调水价、两次降低气价; 打掉团伙4个、成员37名
    act = told.act_outside if told.bracket >= 0 > naming.spot.bracket else told.act
    return Filled(Phrase(phrase.thing, act, phrase.modifier or told.lead, core=phrase.core), act)


def built_as_before(naming: Naming) -> Filled | None:
    """The clause before says that this one's thing was built or added, too: 新开工线路87公里，变电容量60万千伏安."""
    lexicon, unit, phrase, told = naming.reading.lexicon, naming.spot.figure.unit, naming.phrase, naming.told
    if naming.spot.joint != "," or phrase.act or phrase.bare or told.act not in lexicon.grammar["making"]:
        return None
    is_counted = unit not in set_of("indicators.points") and lexicon.kind_of(unit) not in _KINDS_OF_OTHERS
    left = naming.left.rstrip()
    is_reached = left.endswith(words_of("indicators.leading_out")) or left.removesuffix("在").endswith(
        words_of("indicators.holding")
    )  # 粮食产量达到5亿斤 is not built
    if (
        is_reached
        or not is_counted
        or phrase.thing.endswith(words_of("indicators.cases"))
        or len(phrase.thing) <= SHORT
        or phrase.thing.startswith(words_of("indicators.pushing"))  # 优化信号路口
        or not all(map(is_noun, naming.reading.words.cut(phrase.thing)))
    ):
        return None
    return Filled(phrase._replace(act=told.act, leads=True), told.act)


def own_words(naming: Naming) -> Filled:
    """Its own clause says all of it, before the number and behind it: 制定规范性文件61件, 22个村居."""
    return Filled(naming.phrase)


def _takes_nothing(naming: Naming, phrase: Phrase) -> bool:
    """Whether the name is whole by itself, and what the clauses before speak of is only something else that they count."""
    grammar, told = naming.reading.lexicon.grammar, naming.told
    is_all = is_population(naming.reading.text, naming.spot.figure.end)  # 14亿多人口的大国
    if is_all or not (phrase.name in grammar["whole"] or (not phrase.thing and phrase.act in grammar["whole_acts"])):
        return is_all
    is_counted = bool(told.about) and any(told.about in level for level in told.levels[:-1])
    is_aside = told.thing in grammar["findings"] or (bool(told.levels) and told.about not in told.levels[-1])
    return naming.spot.joint == "," and is_counted and is_aside


FILLERS: tuple[Callable[[Naming], Filled | None], ...] = (
    brought_over,
    whole_by_itself,
    money_spent,
    measured_activity,
    outcome_of_whole,
    outcome_of_proceeding,
    act_beside,
    handed_over,
    done_to_people,
    act_on_thing_before,
    part_of_whole,
    kind_of_measured,
    party_of_cases,
    kind_of_cases,
    fund_of_insurance,
    actor_and_act,
    act_of_list,
    built_as_before,
    own_words,
)
