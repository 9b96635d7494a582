"""Whose a rate or a measure is that stands behind a list, an act of people, or what a member of a list has."""

from worker.extract.fields.in_frame import Naming
from worker.extract.fields.measures import Placed, placed_after
from worker.extract.language.words import joined
from worker.extract.language.words_before import Phrase
from worker.extract.sentence.frames import LONGEST_CONTEXT, SHORT
from worker.patterns import set_of, words_of

_LONGEST_MEMBER = 8  # characters


def rate_of_both(naming: Naming, phrase: Phrase) -> Placed | None:
    """A rate behind a list of two is that of both: 办理代表建议14件、政协提案9件，办复率100%."""
    spots, at, told = naming.passage.spots, naming.index - 1, naming.told
    if not phrase.bare or phrase.act or not phrase.thing.endswith("率") or naming.spot.joint != ",":
        return None
    while at > 1 and spots[at].joint == "," and spots[at].figure.unit in set_of("indicators.proportions"):
        at -= 1  # 办结率100%，满意率98%
    is_pair = at > 0 and spots[at].joint == "、" and spots[at - 1].joint != "、" and not told.divides
    pair = told.wholes[-2:]
    if not is_pair or len(pair) < 2 or any(unit != spots[at].figure.unit for unit, _ in pair):
        return None
    (_, first), (_, last) = pair
    names = (first.thing, last.thing)
    is_named = all(1 < len(name) <= _LONGEST_MEMBER for name in names) and names[0] not in names[1]
    is_like = first.act == last.act and spots[at - 1].figure.unit == spots[at].figure.unit
    if not is_named or not is_like or names[1] in names[0] or names[1] not in told.level:
        return None
    return placed_after("、".join(names), phrase, phrase.name)


def property_of_member(naming: Naming, phrase: Phrase) -> Placed | None:
    """A measure of an activity that grows beside another is of the same: 旅游投资增长21%、接待规模扩大35%."""
    told, lexicon = naming.told, naming.reading.lexicon
    if naming.spot.joint != "、" or phrase.leads or phrase.modifier or phrase.act not in lexicon.changes:
        return None
    found = naming.reading.words.cut(phrase.thing)
    is_activity = len(found) == _ACTIVITY and found[0].text in set_of("indicators.activities_measured")
    grown = next((word for word in lexicon.changes if told.name.endswith(word)), "")
    level = naming.reading.words.cut(told.name.removesuffix(grown))
    if not is_activity or len(level) < _ACTIVITY or not grown:
        return None
    if not level[-1].text.endswith((*words_of("indicators.measures"), *words_of("indicators.properties"))):
        return None
    return placed_after(joined(level[:-1]), phrase, phrase.name)


_ACTIVITY = 2  # words: what is done, and its measure


def of_act(naming: Naming, phrase: Phrase, context: str) -> str:
    """What a rate is of, where people did something or something was held: 检察长接访, and no rate of cases of a training."""
    told, unit = naming.told, naming.passage.spots[naming.index - 1].figure.unit if naming.index else ""
    if not phrase.thing.endswith("率") or not context:
        return context
    if context.endswith(words_of("indicators.officials")) and told.level.startswith(context):
        is_short = len(context) + SHORT >= len(told.level)
        return told.level if is_short and len(told.level) <= LONGEST_CONTEXT else context
    is_held = context.endswith(words_of("indicators.gatherings")) and unit not in set_of("indicators.units_of_cases")
    return "" if is_held and phrase.thing.endswith(words_of("indicators.rates_of_cases")) else context
