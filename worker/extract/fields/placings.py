"""What a phrase lacks where it stands: who has an attribute, whom a short name belongs to, what had the effect.

``PLACES`` put it before the phrase; the first that speaks decides.
"""

import re
from collections.abc import Callable

from worker.extract.fields.filled import LONGEST_ABOUT, LONGEST_WHOLE
from worker.extract.fields.fillings import (
    FEWEST_PARTS,
    SHORT_ACT,
    is_act_of_its_own,
    is_after_rate,
    is_kind_of_people,
    people_counted,
)
from worker.extract.fields.in_frame import Naming
from worker.extract.fields.measures import (
    Placed,
    account_of_firm,
    measure_in,
    member_of_measure,
    owner_in,
    placed_after,
    same_stem,
)
from worker.extract.fields.owners_of_rates import of_act, property_of_member, rate_of_both
from worker.extract.fields.two_names import is_sum_of, overlap, without_stem
from worker.extract.language.words import is_action, is_noun, joined
from worker.extract.language.words_before import Phrase, is_actor
from worker.extract.sentence.frames import LONGEST_CONTEXT, SHORT
from worker.facts import load_facts
from worker.patterns import set_of, words_of

_ACCOUNT_SIDES, _BUDGET_SIDES = ("收入", "支出"), ("预算收入", "预算支出", "预算总收入", "预算总支出")
_NAMES = re.compile("[^0-9]*[\u4e00-\u9fff”》)]")  # no money (HK$), and nothing with a number in it
_JOINS = re.compile("[和与及、]")
_QUOTED = re.compile("“[^“”]*”")


def same_gap(naming: Naming, phrase: Phrase) -> Placed | None:
    """A thing with the last word of the one before fills the same gap: 获优秀等次2个，良好等次8个."""
    told = naming.told
    if phrase.act or naming.spot.joint != "," or not any(told.around) or phrase.thing[-2:] != told.thing[-2:]:
        return None
    if phrase.thing.endswith(told.thing) and told.thing in naming.reading.lexicon.grammar["dependents"]:
        return None  # 民办园在园幼儿 says whose
    return Placed(told.around[0] + phrase.thing + told.around[1], "".join(told.around))


def same_series(naming: Naming, phrase: Phrase) -> Placed | None:
    """A word of the kind that the name before holds takes its place there: 一审应诉案件92件，二审41件."""
    level, spots, index = naming.told.level, naming.passage.spots, naming.index
    if phrase.thing and any(naming.own.right(index)):
        return None  # 辖区17个行政村、2个社区
    is_bare = phrase.thing and not (phrase.act or phrase.modifier or phrase.bare) and len(phrase.thing) <= SHORT
    if not is_bare or naming.spot.joint not in (",", "、") or spots[index - 1].figure.unit != naming.spot.figure.unit:
        return None
    if _JOINS.search(level):
        return None  # 培养本科和专科毕业生820人，研究生46人
    if level.endswith(phrase.thing[-1]) or phrase.thing in words_of("indicators.parts_of_trade"):
        return None  # 女生 is no other kind than 学生
    for word in naming.reading.words.cut(level)[:-1]:
        is_like = len(word.text) == len(phrase.thing) > 1 and word.text != phrase.thing and not is_action(word)
        is_beside = word.text[-1] == phrase.thing[-1] and word.tag[0] != "m"
        if is_like and (is_beside or _are_a_pair(word.text, phrase.thing)):
            return Placed(level.replace(word.text, phrase.thing, 1), level)
    return None


def _are_a_pair(one: str, other: str) -> bool:
    """Whether two words are the halves of a third: 城镇 and 农村 of 城乡."""
    return any(one in halves and other in halves for halves in load_facts("indicators")["pairs"].values())


def side_of_account(naming: Naming, phrase: Phrase) -> Placed | None:
    """A side of an account (支出, 结余) takes the name of what has it from the side before, else from the heading."""
    if phrase.thing not in naming.reading.lexicon.grammar["sides"] or not (phrase.leads or not phrase.act):
        return None
    side, told = phrase.act + phrase.thing, naming.told
    if phrase.act in set_of("growth.than"):
        return Placed(told.level + side, told.level) if told.level else None  # 债务余额46亿元，低于限额2亿元
    # 决算数 in a sentence of its own may be of anything.
    outside = () if phrase.thing.endswith("数") else (told.earlier, naming.heading_thing)
    thing = told.undivided if naming.spot.joint == ";" else told.thing
    for whole in (thing, told.about, *outside):
        stem = _without_sides(naming, whole)
        if whole.endswith(_BUDGET_SIDES) and phrase.thing.endswith(_ACCOUNT_SIDES):
            stem = whole[: -len(_ACCOUNT_SIDES[0])].removesuffix("总")  # 一般公共预算收入…、支出; 预算总收入…、总支出
        if stem and len(stem) <= LONGEST_CONTEXT:
            return Placed(stem + side, stem)
    return Placed(side)


def attribute_of_thing(naming: Naming, phrase: Phrase) -> Placed | None:
    """An attribute or a state takes what has it: 成功率94.5%, 达标12个."""
    told, stative = naming.told, naming.reading.lexicon.grammar["stative"]
    lasts = phrase.act.startswith("连续") and _is_measure_of_growth(naming, phrase.thing)
    is_attribute = phrase.bare or phrase.act in stative or lasts or _is_growth_of_attribute(naming, phrase)
    if not is_attribute and not _is_answer(naming, phrase):
        return None
    context = (told.thing if len(told.thing) > SHORT else told.whole_thing) or told.about
    if phrase.thing.endswith("年龄"):
        is_measured = context.endswith(words_of("indicators.own_measures"))  # 人均预期寿命81岁，平均退休年龄61岁
        context = people_counted(naming) or ("" if is_measured else context)
    if context in naming.reading.lexicon.grammar["dependents"]:
        context = told.about  # 打掉团伙38个、成员264名，涉案金额
    if _is_measure_alone(naming, context):
        # 溢价率 after 网络拍卖成交126宗，成交额8830万元
        context = measure_in(told.about, naming)[0] or told.about
    context = of_act(naming, phrase, context) or naming.heading_cases or naming.heading_thing
    if phrase.thing.startswith("涉案") and told.about.endswith(words_of("indicators.cases")):
        context = told.about  # 侦破案件42起，捣毁窝点17处，涉案价值
    if told.parts >= FEWEST_PARTS and told.divides and naming.spot.joint == ",":
        context = told.part_of.thing or context  # 败诉率 of what has the outcomes
    if phrase.bare and context.endswith(words_of("indicators.punishments")):
        return None  # 缓刑适用率 after 五年以上有期徒刑
    opening = naming.reading.words.cut(context)[:1]
    if opening and opening[0].text in naming.reading.lexicon.grammar["empty"] and context != opening[0].text:
        context = context.removeprefix(opening[0].text)  # 作出行政处罚决定1328件，罚没金额652.8万元
    context = without_stem(context, phrase.thing)
    if phrase.bare and _is_rate_of_other_act(naming, phrase.thing, context):
        return None
    if _QUOTED.fullmatch(context) and naming.index == 0:
        context = ""  # 开展“百日攻坚”，死亡人数控制在250人以内
    rates = words_of("indicators.levels")
    if context.endswith(rates) and phrase.thing.endswith(rates):
        is_counted = any(told.about in level for level in told.levels if not level.endswith(rates))
        # A rate has no rate: 出庭率100%，败诉率8%, 小学适龄儿童入学率99%，巩固率98%.
        context = told.about if told.about and is_counted else _whose_rate(naming, context)
        context = context if len(naming.reading.words.cut(phrase.thing)) == 1 else ""  # 卫生户厕普及率
    elif (phrase.bare or lasts) and context.endswith(words_of("indicators.attributes")):
        owner = told.level.removesuffix(context) if told.level.endswith(context) else ""  # 旅游 of 旅游接待规模
        owner = owner or owner_in(naming.reading.words.cut(context), naming.reading.lexicon)  # 粮食 of 粮食播种面积
        context = owner or context
        if context.endswith(rates):
            context = measure_in(context, naming)[0] or context  # 新农合 of 新农合参合率
    if phrase.thing in words_of("indicators.rates_of_places") and not context.endswith(words_of("indicators.places")):
        return None
    if naming.spot.bracket >= 0 and phrase.thing.endswith(rates):
        context = _beside(told.level, phrase.thing) or context
    name = phrase.act + phrase.thing if phrase.act in stative else phrase.name  # 考评对象获优秀等次
    return placed_after(context, phrase, name)


def _is_measure_of_growth(naming: Naming, thing: str) -> bool:
    """Whether it is how much something grew or how much there is of it, which held on: 增幅连续3年高于全市平均."""
    return thing in set_of("indicators.growth") or thing in naming.reading.lexicon.grammar["attributes"]


def _counted_by_act(naming: Naming, phrase: Phrase) -> str:
    """What was done, and with what, where that was looked at so often: 庭审直播 of 庭审直播1345场，观看量63万次."""
    level, is_alone = naming.told.level, phrase.thing == phrase.name
    is_view = phrase.thing in set_of("indicators.views")
    is_near = naming.spot.joint == "," and bool(naming.index) and level == naming.told.name
    is_near = is_near and naming.reading.text.endswith(level, 0, naming.passage.spots[naming.index - 1].figure.start)
    return level if is_alone and is_near and is_view and len(level) <= LONGEST_CONTEXT else ""


def _is_measure_alone(naming: Naming, context: str) -> bool:
    """Whether what was measured last only says of what kind its number is, and not whose: 成交额, 利润总额."""
    about = naming.told.about
    kinds = ("measures", "accounts", "outputs")
    measures = tuple(word for kind in kinds for word in words_of(f"indicators.{kind}"))
    if not about or about == context or not context.endswith(measures):
        return False
    if about.endswith(measures) and not measure_in(about, naming)[0]:
        return False
    is_counted = any(about in level for level in naming.told.levels)
    return is_counted and len(naming.reading.words.cut(context)) == 1 and context not in about


def _is_rate_of_other_act(naming: Naming, rate: str, context: str) -> bool:
    """Whether a rate tells of an act of its own, and not of one that stands before: 网上立案率 after 诉前调解成功."""
    found, before = naming.reading.words.cut(rate), naming.reading.words.cut(context)
    if not rate.endswith("率") or len(found) == 1 or not before:
        return False
    if rate.removesuffix("率").endswith(words_of("indicators.whole_acts")):
        return True
    is_act = is_action(before[-1]) or before[-1].tag[0] == "a"
    return is_act and before[-1].text not in rate


def _is_answer(naming: Naming, phrase: Phrase) -> bool:
    """Whether it is the rate of an office's answers, which is of what it was asked: 法院采纳率."""
    if phrase.act or naming.spot.joint != "," or not phrase.thing.endswith(words_of("indicators.answers")):
        return False
    found = naming.reading.words.cut(phrase.thing)
    return len(found) == _OFFICE_AND_RATE and is_actor(found[0].text)


_OFFICE_AND_RATE = 2  # words


def _is_growth_of_attribute(naming: Naming, phrase: Phrase) -> bool:
    """Whether an attribute alone grows: 增加值增长3% after 工业企业7.6万家."""
    lexicon, is_level = naming.reading.lexicon, not phrase.leads and not phrase.modifier
    is_level = is_level and phrase.thing not in set_of("growth.share.alone")  # whose share it is, nothing says
    is_level = is_level and not (phrase.thing in words_of("indicators.measured") and is_after_rate(naming))
    is_rate = phrase.thing.endswith("率") and len(naming.reading.words.cut(phrase.thing)) == 1  # 驳回率提高
    is_attribute = phrase.thing in lexicon.grammar["attributes"] or is_rate
    return is_level and phrase.act in lexicon.changes and is_attribute


def _beside(level: str, rate: str) -> str:
    """What a rate in a bracket is of, by the name of the figure before: 案件 of 案件终结(终结率82%)."""
    stem = rate.removesuffix("率")
    return level.partition(stem)[0] if stem != rate and stem in level else level


def _whose_rate(naming: Naming, rate: str) -> str:
    """What has a rate, without it: 小学适龄儿童 of 小学适龄儿童入学率; nothing where somebody's act has it."""
    found = naming.reading.words.cut(rate)[:-1]
    while found and (found[-1].tag[0] == "d" or found[-1].text in set_of("indicators.modes")):
        found.pop()
    if len(found) > 1 and found[-1].tag == "vn":
        found.pop()  # 行政复议 of 行政复议调解和解率
    return joined(found) if len(found) == 1 or all(map(is_noun, found)) else ""


def dependent_noun(naming: Naming, phrase: Phrase) -> Placed | None:
    """A noun that belongs to somebody takes the owner of the nearest clause: 技工学校招生规模…，在校学生9600人."""
    told, lexicon = naming.told, naming.reading.lexicon
    if phrase.act or phrase.modifier or phrase.thing not in lexicon.grammar["dependents"]:
        return None
    named = told.part_of.thing if told.parts >= FEWEST_PARTS else told.level or told.thing
    return placed_after(owner_in(naming.reading.words.cut(named), lexicon), phrase, phrase.name)


def of_label(naming: Naming, phrase: Phrase) -> Placed | None:
    """An attribute takes the subject of the short sentence before: 民营企业提质扩容。总量达86万户."""
    told = naming.told
    if not phrase.bare or told.thing or told.about or naming.index:
        return None
    return placed_after(naming.label, phrase, phrase.name)


def short_name(naming: Naming, phrase: Phrase) -> Placed | None:
    """A name of few characters takes the name of what it belongs to."""
    is_short = len(phrase.name) <= SHORT or _is_growth_of_output(naming, phrase)
    if _is_attribute(naming, phrase) or not is_short or phrase.modifier or naming.left.endswith("等"):
        return None
    if phrase.thing in words_of("indicators.parts_of_trade"):
        return None
    about = naming.told.about
    is_act = not phrase.thing or phrase.name in set_of("indicators.gatherings")  # 轮训 is a noun to the dictionary
    if is_act and is_act_of_its_own(naming, about):
        return None
    if phrase.thing and not phrase.act and about.endswith(words_of("indicators.own_measures")) and not _is_like(naming):
        return None  # 门急诊量132万人次，手术2.9万台次
    if phrase.name in set_of("indicators.harms") and naming.told.thing.endswith(words_of("indicators.cases")):
        about = naming.told.thing  # 查处酒驾12起，发生事故3起，造成4人死亡
    if phrase.thing and _JOINS.search(about) and about.endswith(phrase.thing[-1]):
        return None  # 培养本科和专科毕业生820人，研究生46人
    if phrase.thing and not phrase.act and _is_of_nobody(naming, phrase, about):
        return None
    is_measure = phrase.thing.endswith(words_of("indicators.measures"))
    if about and is_measure and not any(about in one for one in naming.told.levels):
        about = naming.told.thing or about  # 服务大局，审结合同案件1.2万件，标的额96亿元
    if phrase.thing in words_of("indicators.outputs"):  # 粮食播种面积51万亩，产量连续8年保持在21万吨以上
        owners = (owner_in(naming.reading.words.cut(one), naming.reading.lexicon) for one in (naming.told.level, about))
        about = next((one for one in owners if one), about)
    about = _counted_by_act(naming, phrase) or about
    if phrase.thing in set_of("indicators.funds") and any(about in level for level in naming.told.levels):
        about = naming.told.thing or about  # 开展新技术34项，立项课题19项，经费286万元
    places = words_of("indicators.divisions")
    if phrase.thing in places and not phrase.act and not about.endswith(places):
        return None  # 执法力量薄弱，14个乡镇
    if is_kind_of_people(naming, phrase.name, about) or is_sum_of(phrase.name, about):
        return None
    if _is_counted_beside(naming, about) or (naming.spot.joint == "、" and about not in naming.told.name):
        return None  # 举办发布会2场，制作图解9个、短视频14个
    about = about.removeprefix("等")
    if len(about) > LONGEST_ABOUT:
        head, _, kind = about.rpartition("等")
        about = kind if head and 1 < len(kind) <= LONGEST_ABOUT else ""  # 合同纠纷 of 买卖、租赁等合同纠纷
    return placed_after(about, phrase, phrase.name)


def _is_growth_of_output(naming: Naming, phrase: Phrase) -> bool:
    """Whether an output that says nothing of whose it is grows: 单产提高3% after 粮食播种面积52万亩."""
    return phrase.thing in words_of("indicators.outputs") and phrase.act in naming.reading.lexicon.changes


def effect_of_before(naming: Naming, phrase: Phrase) -> Placed | None:
    """What was done reached, cost or showed something: 改造老旧小区48个，惠及居民1.96万户; 检查企业50家，发现隐患30处."""
    told, grammar = naming.told, naming.reading.lexicon.grammar
    depends = phrase.act in grammar["effects"] or phrase.thing in grammar["findings"]
    if phrase.thing.endswith(words_of("indicators.punishments")):
        return None  # 判处五年以上有期徒刑19人
    if told.act in set_of("indicators.deploying") and phrase.act not in grammar["effects"]:
        return None  # 投入警力320人次，排查隐患
    if not depends or not phrase.leads or phrase.modifier or naming.spot.joint not in (",", "、"):
        return None
    wholes: tuple[str, ...] = (told.subject, told.undivided, told.whole_thing, told.about)
    if told.act in set_of("indicators.singling_out"):
        wholes = (told.about,) if told.about != told.thing else ()
    context = next(
        (one for one in wholes if len(one) > 1 and one not in grammar["findings"] and one not in grammar["dependents"]),
        "",
    )
    if (
        is_actor(context)
        or context.startswith("等")
        or not _NAMES.fullmatch(context)
        or is_action(naming.reading.words.cut(context)[-1])
    ):
        return None
    if phrase.act in grammar["effects"]:
        return placed_after(context, phrase, phrase.act + phrase.thing)
    is_one = len(context) <= LONGEST_ABOUT and "、" not in context
    return placed_after(context if is_one else "", phrase, phrase.name)


def _is_of_nobody(naming: Naming, phrase: Phrase, about: str) -> bool:
    """Whether staff or residents stand after things that have none: 开放床位860张，职工1284人."""
    if phrase.thing not in set_of("indicators.staff") or not any(about in level for level in naming.told.levels):
        return False
    houses = (*words_of("indicators.firms"), *words_of("indicators.places"), *words_of("indicators.venues"))
    return not about.endswith((*houses, *words_of("indicators.actors"), *words_of("indicators.houses")))


_OF_STUFF = ("volume", "mass")  # kinds of units


def _is_like(naming: Naming) -> bool:
    """Whether the figure before counts in the same unit."""
    spots, at = naming.passage.spots, naming.index
    return bool(at) and spots[at - 1].figure.unit == spots[at].figure.unit


def _is_counted_beside(naming: Naming, about: str) -> bool:
    """Whether what it is about is counted in the same unit, as something beside it: 燃煤占39%，燃气占42%."""
    spots, index, name = naming.passage.spots, naming.index, naming.phrase.name
    is_rest = name in set_of("indicators.other_kinds")
    is_kind = all(word.tag[0] == "n" and word.tag != "ns" for word in naming.reading.words.cut(name))
    is_beside = naming.spot.joint == "、" and is_kind  # 婚姻家庭97件、邻里88件
    kind = naming.reading.lexicon.kind_of(naming.spot.figure.unit)
    is_beside = is_beside and kind != "money"
    is_stuff = is_kind and kind in _OF_STUFF and not about.endswith(words_of("indicators.measures"))
    # 完成土方14万立方米，混凝土6万立方米
    is_like = len(about) == len(name) > 1 or is_rest or is_beside or is_stuff
    is_counted = about in naming.told.levels or (is_stuff and any(one.startswith(about) for one in naming.told.levels))
    is_counted = bool(index) and is_counted and is_like
    return is_counted and spots[index - 1].figure.unit == naming.spot.figure.unit


def short_act(naming: Naming, phrase: Phrase) -> Placed | None:
    """A short verb and object takes the subject of a clause before: 中老铁路…，发送旅客."""
    if _is_attribute(naming, phrase) or (len(phrase.name) <= SHORT and not phrase.modifier):
        return None
    if not phrase.leads or len(phrase.name) > SHORT_ACT or phrase.act in naming.reading.lexicon.changes:
        return None
    return placed_after(naming.told.subject, phrase, phrase.name)


def described_thing(naming: Naming, phrase: Phrase) -> Placed | None:
    """A clause that only describes takes what it describes: 因家庭琐事引发的占三成 after 排查矛盾纠纷."""
    thing = naming.told.undivided or naming.frame.earlier
    is_person = naming.is_part and naming.reading.lexicon.kind_of(naming.spot.figure.unit) == "person"
    if is_person and naming.whole.thing and naming.counts_alike:
        thing = naming.whole.thing  # 民警682名，其中持有高级证书的57名
    elif not thing.endswith(words_of("indicators.cases")):
        return None
    if not naming.is_headless or overlap(thing, phrase.name):
        return None
    said = phrase.act + phrase.thing if phrase.leads and not phrase.modifier else phrase.name
    is_short = 1 < len(said) <= LONGEST_CONTEXT and len(said + thing) <= LONGEST_WHOLE
    return Placed(f"{said}的{thing}", thing) if is_short else None


PLACES: tuple[Callable[[Naming, Phrase], Placed | None], ...] = (
    described_thing,
    same_gap,
    same_series,
    same_stem,
    member_of_measure,
    account_of_firm,
    side_of_account,
    dependent_noun,
    of_label,
    rate_of_both,
    property_of_member,
    attribute_of_thing,
    effect_of_before,
    short_name,
    short_act,
)


def _is_attribute(naming: Naming, phrase: Phrase) -> bool:
    return phrase.bare or phrase.act in naming.reading.lexicon.grammar["stative"]


def _without_sides(naming: Naming, name: str) -> str:
    sides = (*naming.reading.lexicon.grammar["sides"], *words_of("relations.table_totals"))
    while side := max((side for side in sides if name.endswith(side)), key=len, default=""):
        name = name.removesuffix(side)
    return name
