"""What a figure measures: the rules for its name, by its own words and by what it takes over from those before it.

``RULES`` name figures whose clause names nothing of its own (a member of a list, growth) or a share. The last of them,
``own_clause``, asks ``FILLERS`` for the phrase, each of which knows something that a clause can leave to those before it,
and then ``PLACES`` for what the phrase lacks where it stands; the one that spoke gives its name to the figure's.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from worker.extract.fields.in_frame import Naming, with_negations_of_clause
from worker.extract.language.growth import fulfilment_in, gap_in, is_multiple_of_earlier, mean_in, share_in
from worker.extract.language.words import is_noun
from worker.extract.language.words_before import Phrase, read_left, without_lead_out
from worker.extract.sentence.clauses import clause_before
from worker.extract.sentence.dealt_out import deals_out, dealt_out, dealt_out_of
from worker.extract.sentence.frames import LONGEST_CONTEXT, SHORT, Frame
from worker.extract.sentence.own_words import LISTED
from worker.extract.sentence.rules import Answer, Field, first_of
from worker.extract.sentence.seen import Seen
from worker.figure import Said
from worker.patterns import Pattern, set_of, words_of

_SHORT_ACT = 6  # a verb with its object of so few characters needs who did it
_LONGEST_OWNER = 9
_LONGEST_WHOLE = 20
_KINDS_OF_OTHERS = ("money", "person")  # who works there, and what it cost, was not built
_EACH = Pattern("每(?:[人户亩吨]?每?[日天月年]|{indicators.each})$")
_LEADS_OUT = "、和与及,以达为约近超至到逾过"
_SECTORS = "三次产业"


def sector(naming: Naming) -> Answer | None:
    """A part of 三次产业结构为8.3:41.4:50.3: the shares of the first, the second and the third sector."""
    spots, at = naming.passage.spots, naming.index
    if naming.spot.figure.form != "share":
        return None
    place = 0
    while at and spots[at - 1].figure.form == "share" and spots[at - 1].figure.end + 1 == spots[at].figure.start:
        place, at = place + 1, at - 1
    found = first_of(_OTHERS, naming)
    sectors = words_of("indicators.sectors")
    if not found or not found.value or _SECTORS not in found.value or place >= len(sectors):
        return None
    name = found.value.replace(_SECTORS, sectors[place]).replace("结构", "比重")
    return Answer(name, found.words, frame=(found.frame or naming.frame)._replace(name=found.value))


def dealt_out_to(naming: Naming) -> Answer | None:
    """分别: the things named one after the other take the figures in the same order.

    Figures listed after them without things of their own are dealt out to them as well.
    """
    passage, index, reading, frame = naming.passage, naming.index, naming.reading, naming.frame
    first = last = passage.firsts[index]
    while last + 1 < len(passage.spots) and passage.spots[last + 1].joint in LISTED:
        last += 1
    left, count = naming.own.left(first), last - first + 1
    things, tail = dealt_out(reading, left, count)
    if not things and count > 1 and deals_out(left):
        begin, end = clause_before(reading, passage.sentence.body, passage.spots[first].left)
        things, tail = dealt_out_of(reading, reading.text[begin:end], left, count)
    if things:
        frame = frame._replace(dealt=tuple(things))
    elif count > 1 and len(frame.dealt) == count and _is_shared(naming, left):
        things, tail = list(frame.dealt), left
    else:
        return None
    own, thing = naming.own.left(index), things[index - first]  # 分别增长8%和下降2%
    name = naming.growth.named(thing, own if index > first and naming.growth.is_all_of(own) else tail)
    name += "" if name != thing else read_left(tail, reading.words, reading.lexicon).thing
    return Answer(name, left, frame=frame._replace(level=name)) if name else None


def same_as_before(naming: Naming) -> Answer | None:
    """The next of a list of numbers that has no words of its own: 同比增长8%、12%."""
    if not naming.index or naming.spot.joint not in LISTED or naming.left.strip(_LEADS_OUT):
        return None
    if naming.own.right(naming.index)[0]:
        return None
    level = naming.frame.level
    name = (
        naming.frame.name
        if naming.change or not level or naming.spot.figure.unit in set_of("indicators.points")
        else level
    )
    return _taken(naming, name)


def gap(naming: Naming) -> Answer | None:
    """A distance from somebody else's figure: 森林覆盖率高于全省平均水平."""
    if not naming.index or naming.spot.figure.unit not in set_of("indicators.points"):
        return None
    own, distance = gap_in(naming.left)
    if not distance:
        return None
    phrase = read_left(own, naming.reading.words, naming.reading.lexicon)
    level, before = naming.frame.level, naming.frame.name
    grown = (
        before
        if before.endswith(words_of("indicators.growth")) and not level.endswith(words_of("indicators.levels"))
        else level
    )
    name = phrase.name if phrase and not phrase.bare else grown.removesuffix(phrase.name) + phrase.name
    return _taken(naming, name + distance)


def growth_of_before(naming: Naming) -> Answer | None:
    """Growth of what the figure before measures: percentage points of the share before them, per cent of the thing."""
    if not naming.index or not naming.change or not naming.growth.is_all_of(naming.left):
        return None
    frame = naming.frame
    if naming.change == "to":
        return _taken(naming, frame.name)
    base = (frame.level if naming.spot.figure.unit == "%" else "") or frame.share or frame.level
    return _taken(naming, base and naming.growth.named(base, naming.left))


def multiple_of_earlier(naming: Naming) -> Answer | None:
    """是2010年的3倍: the thing, as a multiple of what it was."""
    if naming.spot.figure.unit != "倍" or not is_multiple_of_earlier(naming.left):
        return None
    return _taken(naming, naming.frame.level)


def mean_of_before(naming: Naming) -> Answer | None:
    """年均, 户均: a mean of what the figure before measures."""
    level = naming.frame.level
    mean = mean_in(naming.left) if level else ""
    return _taken(naming, level + mean) if mean else None


def for_each(naming: Naming) -> Answer | None:
    """每人, 每月: what it is counted for stands after the name."""
    each = _EACH.search(naming.left)
    if not each or not naming.left[: each.start()].strip():
        return None
    found = first_of(_BY_CLAUSE, Naming(naming.seen, naming.left[: each.start()]))
    return found._replace(value=(found.value or "") + each.group(), rule="") if found else None


def share(naming: Naming) -> Answer | None:
    """A share: 套转干部占需套转干部比例."""
    naming = naming.reduced
    reading, frame, left = naming.reading, naming.frame, naming.left
    found = share_in(_without_lead_out(naming)) if "占" in left else None
    found = found or fulfilment_in(left, naming.spot.figure.unit)
    if not found:
        return None
    phrase = read_left(found.own, reading.words, reading.lexicon, is_subject=True)
    context = frame.owner if phrase.bare and not _overlap(frame.owner, phrase.name) else ""
    own = context + phrase.name
    if not own and reading.text.startswith("的", naming.spot.figure.end):
        own = naming.own.right(naming.index)[0]  # 占人口65%的地区
    name = (own or frame.level or frame.thing) + found.of
    return Answer(name, left, frame=frame._replace(share=name))


def own_clause(naming: Naming) -> Answer | None:
    """The phrase of its own clause, filled in from the clauses before or from the heading where it lacks something."""
    answer = _of_clause(naming.reduced)
    return answer if answer.value else None


def bare_words(naming: Naming) -> Answer:
    """The words in front of it as they are."""
    words = naming.text(naming.spot.left, naming.spot.figure.start)
    return Answer(words, words, frame=_of_clause(naming.reduced).frame)


def _of_clause(naming: Naming) -> Answer:
    filler, filled = next((rule, found) for rule in FILLERS if (found := rule(naming)))
    places = ((rule.__name__, placed) for rule in PLACES if (placed := rule(naming, filled.phrase)))
    rule_name, placed = next(places, (filler.__name__, Placed(filled.phrase.name)))
    words = _words_of(naming, placed.name, filled.taken, placed.taken)
    changes, is_part = naming.reading.lexicon.changes, naming.is_part
    frame = naming.told.after(filled.phrase, placed.name, naming.spot, changes, is_part=is_part)
    return Answer(placed.name, words, rule_name, frame)


def _words_of(naming: Naming, name: str, *taken: str) -> str:
    """The words that a name is made of: those taken over, those in front of the number, and those after it if it has any."""
    words = dict.fromkeys(word for word in (*taken, naming.left) if word)
    before = set("".join(words))
    if any(char not in before for char in name):
        after = naming.reading.text[naming.spot.figure.end : naming.spot.right].strip()
        words.update(dict.fromkeys([after] if after else []))
    return " + ".join(words)


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
    thing = same or told.subject or naming.opener or told.thing
    return Filled(Phrase(thing, phrase.act), thing)


def act_on_thing_before(naming: Naming) -> Filled | None:
    """A verb without a thing takes the one before: 调解成功485件 after 各类纠纷."""
    if naming.phrase.thing:
        return None
    thing = naming.told.thing or naming.frame.earlier
    return Filled(Phrase(thing, naming.phrase.act), thing)


def part_of_whole(naming: Naming) -> Filled | None:
    """A part takes the whole: 其中行政案件12件 after 受理案件."""
    phrase, whole = naming.phrase, naming.told.part_of
    if not naming.is_part or not whole or (phrase.act and phrase.act not in naming.reading.lexicon.changes):
        return None
    thing = whole.thing
    if len(phrase.thing + thing) > _LONGEST_WHOLE:
        thing = thing.rpartition("的")[2]
    if _says_all(naming, phrase.thing, thing) or len(phrase.thing + thing) > _LONGEST_WHOLE:
        thing = ""
    return Filled(Phrase(phrase.thing + thing, phrase.act or whole.act), thing)


def actor_and_act(naming: Naming) -> Filled | None:
    """The clause is who did it and the verb alone: 市公安局立案(5件)."""
    phrase, spot, thing = naming.phrase, naming.spot, naming.told.thing
    alone = bool(phrase.act) and not phrase.leads and spot.right <= spot.figure.end
    if not alone or not phrase.thing.endswith(words_of("indicators.actors")) or not thing:
        return None
    return Filled(Phrase(phrase.thing + phrase.act + thing, core=thing), thing)


def act_of_list(naming: Naming) -> Filled | None:
    """The verb before a list holds for its members: 新建校舍5所、宿舍3栋."""
    phrase, told = naming.phrase, naming.told
    if naming.spot.joint != "、" or phrase.act or phrase.bare:
        return None
    return Filled(Phrase(phrase.thing, told.act, phrase.modifier or told.lead, core=phrase.core), told.act)


def built_as_before(naming: Naming) -> Filled | None:
    """The clause before says that this one's thing was built or added, too: 新开工线路87公里，变电容量60万千伏安."""
    lexicon, unit, phrase, told = naming.reading.lexicon, naming.spot.figure.unit, naming.phrase, naming.told
    if naming.spot.joint != "," or phrase.act or phrase.bare or told.act not in lexicon.grammar["making"]:
        return None
    is_counted = unit not in set_of("indicators.points") and lexicon.kind_of(unit) not in _KINDS_OF_OTHERS
    if not is_counted or len(phrase.thing) <= SHORT or not all(map(is_noun, naming.reading.words.cut(phrase.thing))):
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


def side_of_account(naming: Naming, phrase: Phrase) -> Placed | None:
    """A side of an account (支出, 结余) takes the name of what has it from the side before, else from the heading."""
    if phrase.thing not in naming.reading.lexicon.grammar["sides"] or not (phrase.leads or not phrase.act):
        return None
    side, told = phrase.act + phrase.thing, naming.told
    for owner in (told.thing, told.owner, told.earlier, naming.heading_thing):
        stem = _without_sides(naming, owner)
        if stem and len(stem) <= LONGEST_CONTEXT:
            return Placed(stem + side, stem)
    return Placed(side)


def attribute_of_thing(naming: Naming, phrase: Phrase) -> Placed | None:
    """An attribute or a state takes what has it: 成功率94.5%, 达标12个."""
    told, stative = naming.told, naming.reading.lexicon.grammar["stative"]
    if not phrase.bare and phrase.act not in stative:
        return None
    context = (told.thing if len(told.thing) > SHORT else told.whole_thing) or told.owner or naming.heading_thing
    name = phrase.act + phrase.thing if phrase.act in stative else phrase.name  # 考评对象获优秀等次
    return _after(context, phrase, name)


def short_name(naming: Naming, phrase: Phrase) -> Placed | None:
    """A name of few characters takes the name of what it belongs to."""
    if _is_attribute(naming, phrase) or len(phrase.name) > SHORT or phrase.modifier:
        return None
    owner = naming.told.owner
    return _after(owner if len(owner) <= _LONGEST_OWNER else "", phrase, phrase.name)


def short_act(naming: Naming, phrase: Phrase) -> Placed | None:
    """A short verb and object takes the subject of a clause before: 中老铁路…，发送旅客."""
    if _is_attribute(naming, phrase) or (len(phrase.name) <= SHORT and not phrase.modifier):
        return None
    if not phrase.leads or len(phrase.name) > _SHORT_ACT or phrase.act in naming.reading.lexicon.changes:
        return None
    return _after(naming.told.subject, phrase, phrase.name)


FILLERS: tuple[Callable[[Naming], Filled | None], ...] = (
    money_spent,
    act_on_thing_before,
    part_of_whole,
    actor_and_act,
    act_of_list,
    built_as_before,
    own_words,
)

PLACES: tuple[Callable[[Naming, Phrase], Placed | None], ...] = (
    same_gap,
    side_of_account,
    attribute_of_thing,
    short_name,
    short_act,
)


def _is_attribute(naming: Naming, phrase: Phrase) -> bool:
    return phrase.bare or phrase.act in naming.reading.lexicon.grammar["stative"]


def _after(context: str, phrase: Phrase, name: str) -> Placed | None:
    """The name after what it belongs to, if that is short enough and says something new."""
    if not context or len(context) > LONGEST_CONTEXT or _overlap(context, phrase.thing):
        return None
    return Placed(context + name, context)


def _taken(naming: Naming, name: str) -> Answer | None:
    """A name that is taken over whole, and changes nothing for the figures after; none where it is empty."""
    return Answer(name, naming.left or name) if name else None


def _is_shared(naming: Naming, left: str) -> bool:
    """Whether the words name what all things have, and no thing: 增长, 贡献率分别为."""
    return naming.growth.is_all_of(left) or read_left(left, naming.reading.words, naming.reading.lexicon).bare


def _without_lead_out(naming: Naming) -> str:
    """The words in front of it without what leads to the number."""
    found = without_lead_out(naming.reading.words.cut(naming.left), naming.reading.lexicon)
    return "".join(word.text for word in found)


def _without_sides(naming: Naming, name: str) -> str:
    sides = naming.reading.lexicon.grammar["sides"]
    while side := max((side for side in sides if name.endswith(side)), key=len, default=""):
        name = name.removesuffix(side)
    return name


def _says_all(naming: Naming, part: str, whole: str) -> bool:
    """Whether a part has the words of the whole in its name, or measures something of its own: 零售额."""
    attributes = tuple(naming.reading.lexicon.grammar["attributes"])
    return _overlap(part, whole) or (part.endswith(attributes) and whole.endswith(attributes))


def _overlap(one: str, other: str) -> bool:
    """Whether one name holds the other, or both end in the same two characters."""
    return bool(one and other) and (one in other or other in one or one[-2:] == other[-2:])


_BY_CLAUSE = (share, own_clause)
_OTHERS = (
    dealt_out_to,
    same_as_before,
    gap,
    growth_of_before,
    multiple_of_earlier,
    mean_of_before,
    for_each,
    *_BY_CLAUSE,
    bare_words,
)
RULES = (sector, *_OTHERS)


_OF_SECTOR = f"indicator.{sector.__name__}"


@dataclass(frozen=True)
class Indicator(Field[Naming]):
    """The field of the name; each name is handed on to the figures after."""

    def handed_on(self, seen: Seen) -> tuple[Said, Frame]:
        """The figure's name, and the frame after it."""
        said, frame = self.answer(Naming.of(seen))
        name = with_negations_of_clause(_without_odd_brackets(said.value or ""), seen)
        frame = frame or seen.frame
        if frame.name != name and said.rule != _OF_SECTOR:
            frame = frame._replace(name=name)
        return said if said.value == name else said._replace(value=name), frame


def _without_odd_brackets(name: str) -> str:
    """The name without the half of a bracket whose other half lies outside."""
    return name if name.count("(") == name.count(")") else re.sub(r"[()]", "", name)


INDICATOR = Indicator("indicator", RULES, own_clause.__name__, (*FILLERS, *PLACES))
