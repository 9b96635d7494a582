"""Who has a measure that a phrase names alone, and what is measured of a thing that it names without its measure."""

from collections.abc import Sequence
from typing import NamedTuple

from worker.extract.fields.filled import LONGEST_WHOLE
from worker.extract.fields.in_frame import Naming
from worker.extract.fields.two_names import overlap, run_together
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.words import Word, is_noun, is_verb, joined
from worker.extract.language.words_before import Phrase, is_actor
from worker.extract.sentence.frames import LONGEST_CONTEXT
from worker.patterns import set_of, words_of


class Placed(NamedTuple):
    """A phrase's name where it stands, and the words that were taken over for it."""

    name: str
    taken: str = ""


def owner_in(found: Sequence[Word], lexicon: Lexicon) -> str:
    """Who has what a name says, without that: 技工学校 of 技工学校招生规模."""
    properties, dependents = words_of("indicators.properties"), lexicon.grammar["dependents"]
    ends = (word.text.endswith(properties) or word.text in dependents or is_verb(word) for word in found)
    end = next((at for at, is_end in enumerate(ends) if is_end), len(found))
    while end and not is_noun(found[end - 1]):
        end -= 1
    return joined(found[:end])


def placed_after(context: str, phrase: Phrase, name: str) -> Placed | None:
    """The name after what it belongs to, if that is short enough and says something new."""
    if not context or len(context) > LONGEST_CONTEXT or overlap(context, phrase.thing) or context == name:
        return None
    return Placed(run_together(context, name), context)


def measure_in(name: str, naming: Naming) -> tuple[str, str]:
    """Who has a measure, and the measure: 采矿业 and 增加值, 居民 and 人均可支配收入; two empty ones where there is none."""
    found, measures = naming.reading.words.cut(name), words_of("indicators.measures")
    at = len(found) - 1
    if at < 0 or not found[at].text.endswith(measures):
        return "", ""
    while at > 1 and (found[at - 1].tag == "vn" or found[at - 1].text in set_of("indicators.means")):
        at -= 1
    owner, measure = found[:at], joined(found[at:])
    return (joined(owner), measure) if owner and all(is_noun(word) or word.tag == "f" for word in owner) else ("", "")


def member_of_measure(naming: Naming, phrase: Phrase) -> Placed | None:
    """A thing beside another has what that one's name measures: 制造业增长9.8% after 采矿业增加值增长5.3%."""
    if phrase.modifier or phrase.bare or phrase.leads or not phrase.thing or naming.spot.joint not in (",", ";"):
        return None
    if phrase.thing in words_of("indicators.parts_of_trade"):
        return None
    is_growth = phrase.act in naming.reading.lexicon.changes
    if (phrase.act and not is_growth) or phrase.thing.endswith(words_of("indicators.measures")):
        return None
    measure = _label_before(naming) or _measure_beside(naming, phrase.thing, is_growth=is_growth)
    name = phrase.thing + measure
    if not measure or len(name) > LONGEST_WHOLE or any(naming.own.right(naming.index)):
        return None  # what stands behind the number is not measured by it
    found = naming.reading.words.cut(phrase.thing)
    named = all(is_noun(word) or word.text in "、和与及" for word in found)
    return Placed(name + phrase.act, measure) if named else None


def _measure_beside(naming: Naming, thing: str, *, is_growth: bool) -> str:
    """What the figure before measures of a thing of the same kind, in the same unit."""
    spots, index, told = naming.passage.spots, naming.index, naming.told
    if not index or (is_growth and not told.name.endswith(words_of("indicators.growth"))):
        return ""
    unit, level = naming.spot.figure.unit, told.level or told.thing
    is_like = spots[index - 1].figure.unit == unit
    if naming.spot.joint == ";":
        is_like = is_like or any(spot.figure.unit == unit for spot in spots[:index])
        name = _without_growth(told.name)
        level = (
            name if name != told.name and thing[-1] in name else level
        )  # 第一产业增加值18亿元，增长3%；第二产业241亿元，增长6%；第三产业
    owner, measure = measure_in(level, naming) if is_like and thing[-1] in level else ("", "")
    if not measure and is_like and not is_growth and level.endswith(words_of("indicators.outputs")):
        measure = next(end for end in words_of("indicators.outputs") if level.endswith(end))
        return measure if thing not in level and len(thing) > 1 else ""  # 蔬菜产量25万吨，水果9万吨
    return measure if len(owner) > 1 and thing != owner and thing[-1] == owner[-1] else ""


def _without_growth(name: str) -> str:
    """What a name of growth says that it is the growth of."""
    end = next((word for word in words_of("indicators.growth") if name.endswith(word)), "")
    return name.removesuffix(end)


def _label_before(naming: Naming) -> str:
    """The measure that a clause without a figure names for all after it: 佩戴率 of 佩戴率：摩托车95%，电动车92%."""
    told, unit = naming.told, naming.spot.figure.unit
    label = told.about
    if not label.endswith(words_of("indicators.measures")) or any(label == level for level in told.levels):
        return ""
    is_rate = label.endswith(words_of("indicators.levels"))
    is_colon = naming.reading.text[naming.spot.left - 1 : naming.spot.left] == ":"
    is_first = not naming.index and (is_rate or is_colon)
    is_like = is_rate == (unit in set_of("indicators.proportions"))
    return label if is_like and (is_first or _goes_on_after_label(naming, label)) else ""


def _goes_on_after_label(naming: Naming, label: str) -> bool:
    """Whether the figure before had its measure of the label, too, and no measure of its own."""
    before = naming.index - 1
    if before < 0 or naming.passage.spots[before].figure.unit != naming.spot.figure.unit:
        return False
    return naming.told.level.endswith(label) and label not in naming.own.left(before)


def same_stem(naming: Naming, phrase: Phrase) -> Placed | None:
    """What opens with a word inside of the name before is of what stands before that: 销售额 after 商品房销售面积."""
    stem, spot = phrase.thing[:_STEM], naming.spot
    level = naming.told.level or (naming.told.thing if spot.joint == ";" else "")
    is_plain = not (phrase.leads or phrase.modifier) and len(phrase.thing) > _STEM and spot.joint in (",", ";")
    measures = words_of("indicators.measures")
    place = level.find(stem) if is_plain and phrase.thing.endswith(measures) else 0
    is_rate = phrase.bare and phrase.thing.endswith(words_of("indicators.levels"))
    is_rate = is_rate or phrase.thing.endswith(words_of("indicators.totals"))
    if place < _STEM or spot.bracket >= 0 or is_rate or phrase.thing in level:
        return None
    owner: list[Word] = []
    for word in naming.reading.words.cut(level):
        if len(joined(owner)) == place:
            break
        owner.append(word)
    is_owner = len(joined(owner)) == place and all(is_noun(word) or word.tag == "f" for word in owner)
    if not is_owner or is_actor(joined(owner)):
        return None
    # 确保行政机关负责人出庭应诉率 after 培训行政执法人员, 法律援助案件满意率 after 公共法律服务站
    is_like = level.endswith(measures) or (len(joined(owner)) > _STEM and owner[-1].tag != "vn")
    return placed_after(joined(owner), phrase, phrase.name) if is_like else None


_STEM = 2  # characters


def account_of_firm(naming: Naming, phrase: Phrase) -> Placed | None:
    """What firms enter in their books is that of the firms before: 营业收入, 利润总额 after 规模以上工业企业138家."""
    told, changes = naming.told, naming.reading.lexicon.changes
    reached = set_of("indicators.reached_in_accounts")
    if phrase.modifier or (phrase.leads and phrase.act not in reached):
        return None
    if phrase.act and phrase.act not in changes and phrase.act not in reached:
        return None
    if phrase.thing not in set_of("indicators.accounts"):
        return None
    owners = (told.about, told.thing, *(measure_in(name, naming)[0] for name in (told.level, told.about)))
    found = naming.reading.words.cut(told.level)
    verb = next((at for at, word in enumerate(found) if is_verb(word)), 0)
    owners = (*owners, joined(found[:verb]) if verb else "")  # 工业企业实现营业收入486亿元，利润31亿元
    owners = (*owners, *(counted.thing for _, counted in reversed(told.wholes)))  # 企业86家，营业收入2亿元；实现利润
    ends = words_of("indicators.firms")
    firm = next((one for one in owners if one.endswith(ends) and one not in set_of("indicators.no_firms")), "")
    return placed_after(firm, phrase, phrase.name)
