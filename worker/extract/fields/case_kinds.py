"""What a clause leaves out that names only a kind, a party or a fund of what those before have counted or measured."""

import re

from worker.extract.fields.filled import LONGEST_ABOUT, LONGEST_WHOLE, Filled
from worker.extract.fields.in_frame import Naming
from worker.extract.fields.two_names import run_together
from worker.extract.language.words import is_noun
from worker.extract.language.words_before import Phrase
from worker.patterns import Pattern, set_of, words_of


def cases_of_heading(naming: Naming) -> str:
    """The cases that the heading is about: 行政复议案件 of 行政复议案件基本情况; none for what is no case."""
    is_money = naming.reading.lexicon.kind_of(naming.spot.figure.unit) == "money"
    return "" if is_money else naming.heading_cases


def kind_of_measured(naming: Naming) -> Filled | None:
    """A kind has what was measured before of all kinds: 城镇603亿元 after 零售总额743亿元。按经营地分."""
    phrase, told = naming.phrase, naming.told
    is_kind = phrase.thing.endswith("类") or naming.is_told_apart
    is_plain = bool(phrase.thing) and not (phrase.leads or phrase.modifier or phrase.bare)
    if not is_kind or not is_plain or (phrase.act and phrase.act not in naming.reading.lexicon.changes):
        return None
    ends = words_of("indicators.sums")
    thing = next((one for one in (told.thing, told.earlier) if one.endswith(ends)), "")
    is_money = naming.reading.lexicon.kind_of(naming.spot.figure.unit) == "money"
    if not thing or not (is_money or phrase.act) or phrase.thing.endswith(words_of("indicators.measures")):
        return None
    is_short = len(phrase.thing + thing) <= LONGEST_WHOLE
    return Filled(Phrase(run_together(phrase.thing, thing), phrase.act, core=thing), thing) if is_short else None


def kind_of_cases(naming: Naming) -> Filled | None:
    """A kind is one of the cases before, or of those that the heading is about: 邻里类121起 after 排查矛盾纠纷."""
    phrase, told, others = naming.phrase, naming.told, set_of("indicators.other_kinds")
    phrase = Phrase(phrase.name) if phrase.name in others else phrase  # 其他处理
    is_kind = phrase.thing.endswith("类") or phrase.thing in others or naming.is_told_apart
    if phrase.act or phrase.modifier or phrase.bare or not phrase.thing or not is_kind:
        return None
    ends = words_of("indicators.cases")
    thing = next((one for one in (told.thing, told.earlier, cases_of_heading(naming)) if one.endswith(ends)), "")
    if not thing or phrase.thing.endswith(thing[-2:]) or len(phrase.thing + thing) > LONGEST_WHOLE:
        return None
    return Filled(Phrase(run_together(phrase.thing, thing), core=thing), thing)


def outcome_of_proceeding(naming: Naming) -> Filled | None:
    """What a proceeding that was told before ended with: 结果维持3件 after 被申请行政复议5件."""
    phrase, thing = naming.phrase, naming.told.thing or naming.frame.earlier
    is_outcome = phrase.thing in naming.reading.lexicon.grammar["outcomes"] and not (phrase.leads or phrase.modifier)
    ends = (*words_of("indicators.proceedings"), *words_of("indicators.cases"))
    if not is_outcome or not thing.endswith(ends) or len(thing + phrase.name) > LONGEST_WHOLE:
        return None
    return Filled(Phrase(thing + phrase.thing, phrase.act, core=thing), thing)


def party_of_cases(naming: Naming) -> Filled | None:
    """Another party stands where the one before did: 以乡镇政府为被告的案件21件；公安12件."""
    phrase, spots, at = naming.phrase, naming.passage.spots, naming.index
    if phrase.act or phrase.modifier or phrase.bare or not phrase.thing or not at or naming.spot.joint == "、":
        return None
    told = next((one for one in (naming.told.level, naming.told.whole_thing) if _PARTY.fullmatch(one)), "")
    party = _PARTY.fullmatch(told)
    thing = phrase.thing
    if (
        party is None
        or len(thing) > LONGEST_ABOUT
        or not any(spot.figure.unit == naming.spot.figure.unit for spot in spots[:at])
    ):
        return None
    if thing.endswith(party["cases"][-2:]) or not all(map(is_noun, naming.reading.words.cut(thing))):
        return None
    name = f"{party['as']}{thing}{party['role']}{party['cases']}"
    return Filled(Phrase(name, core=party["cases"]), told) if len(name) <= LONGEST_WHOLE else None


_PARTY = Pattern(
    "(?P<as>以?)(?P<party>[^的为]{2,})(?P<role>为{indicators.parties}的)(?P<cases>[^的]{0,6}{indicators.cases})"
)


def fund_of_insurance(naming: Naming) -> Filled | None:
    """What a fund takes in is that of the insurance before it: 参加失业保险6.2万人，基金收入3100万元."""
    phrase, told = naming.phrase, naming.told
    if phrase.act or phrase.modifier or not phrase.thing.startswith(_FUND) or not naming.index:
        return None
    found = next((match for one in (told.level, told.about) if (match := _INSURANCE.match(one))), None)
    if found is None or naming.reading.lexicon.kind_of(naming.spot.figure.unit) != "money":
        return None
    return Filled(Phrase(found.group() + phrase.thing), found.group())


_FUND = "基金"
_INSURANCE = re.compile("[^,、]{2,12}保险")
