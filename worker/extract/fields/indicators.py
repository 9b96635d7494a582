"""What a figure measures: the rules for its name, by its own words and by what it takes over from those before it.

``RULES`` name figures whose clause names nothing of its own (a member of a list, growth) or a share. The last of them,
``own_clause``, asks ``FILLERS`` for the phrase, each of which knows something that a clause can leave to those before it,
and then ``PLACES`` for what the phrase lacks where it stands; the one that spoke gives its name to the figure's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worker.extract.fields.in_frame import Naming, with_negations_of_clause
from worker.extract.language.growth import fulfilment_in, gap_in, is_multiple_of_earlier, mean_in, share_in
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.name_faults import fault_of, is_bare_act, mended
from worker.extract.language.words import Word, is_noun, is_verb, joined
from worker.extract.language.words_before import Phrase, read_left, without_lead_out
from worker.extract.sentence.clauses import clause_before
from worker.extract.sentence.dealt_out import (
    deals_out,
    deals_out_growth,
    dealt_out,
    dealt_out_of,
    dealt_to_pair,
    is_share_alone,
)
from worker.extract.sentence.frames import LONGEST_CONTEXT, SHORT, Frame
from worker.extract.sentence.own_words import LISTED
from worker.extract.sentence.rules import Answer, Field, first_of
from worker.extract.sentence.seen import Seen
from worker.figure import Said
from worker.patterns import Pattern, set_of, words_of

_SHORT_ACT = 6  # a verb with its object of so few characters needs who did it
_LONGEST_OWNER = 9
_LONGEST_WHOLE = 20
_FEWEST_PARTS = 2
_KINDS_OF_OTHERS = ("money", "person")  # who works there, and what it cost, was not built
_EACH = Pattern("每(?:[人户亩吨]?每?[日天月年]|{indicators.each})$")
_LEADS_OUT = "、和与及,以达为约近超至到逾过"
_SECTORS = "三次产业"
# 较2022年的15件, whose time has been taken out of the words; 比上年同期的.
_COMPARED = Pattern(
    "[,、]?{growth.base.than}(?:{growth.base.levels}|[的年同期时全底末上去前])*(?P<named>[^,、的]{2,8})?的?"
)
_OVER = Pattern("{indicators.over}$")
_LIMITS = re.compile("(?:[(]含[)])?以[上下内]")
_DIFFERS = re.compile("[高低多少快慢]出?了?(?=[0-9])|[高低多少快慢]出?了?$")


def counted_with_next(naming: Naming) -> Answer | None:
    """Figures one after the other in front of one noun all count it: 8类36件惠民实事, 52户、168人实现稳定脱贫."""
    spots, at = naming.passage.spots, naming.index
    if naming.left.strip(_LEADS_OUT) or (naming.index and naming.spot.joint not in (",", ";", "start")):
        return None
    while at + 1 < len(spots) and spots[at + 1].joint in LISTED and not naming.own.left(at + 1).strip(_LEADS_OUT):
        if any(naming.own.right(at)):
            return None
        at += 1
    noun, predicate = naming.own.right(at) if at > naming.index else ("", "")
    return Answer(noun + predicate, noun + predicate) if noun + predicate else None


def label_before(naming: Naming) -> Answer | None:
    """Alone behind a colon, a figure has the name of its label: 按时办结：18611件."""
    reading, start = naming.reading, naming.spot.left
    if naming.left.strip(_LEADS_OUT) or reading.text[start - 1 : start] not in (":", "："):
        return None
    if any(naming.own.right(naming.index)):
        return None
    begin, end = clause_before(reading, naming.passage.sentence.body, start)
    phrase = read_left(naming.text(begin, end), reading.words, reading.lexicon)
    return Answer(phrase.name, naming.text(begin, end)) if phrase and not naming.index else None


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
    if _SECTORS in naming.frame.name and not (found and found.value and _SECTORS in found.value):
        found = Answer(naming.frame.name, naming.left)  # 由1.1:50.3:48.6调整为0.7:50.7:48.6
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
    if not things and count > 1 and _has_no_words(naming, first + 1, last):
        things, tail = dealt_to_pair(reading, left, count)
    is_new = not things and count > 1 and len(frame.dealt) != count and len(frame.levels) >= count
    if is_new and deals_out_growth(naming.growth, left):
        things, tail = list(frame.levels[-count:]), left
    if things:
        frame = frame._replace(dealt=tuple(things))
    elif count > 1 and len(frame.dealt) == count and _is_shared(naming, left):
        things, tail = list(frame.dealt), left
    else:
        return None
    own, thing = naming.own.left(index), things[index - first]  # 分别增长8%和下降2%
    if is_share_alone(left):
        return Answer(f"{thing}占比", left, frame=frame._replace(level=thing, share=f"{thing}占比"))
    name = naming.growth.named(thing, own if index > first and naming.growth.is_all_of(own) else tail)
    name += "" if name != thing else read_left(tail, reading.words, reading.lexicon).thing
    return Answer(name, left, frame=frame._replace(level=name)) if name else None


def _has_no_words(naming: Naming, first: int, last: int) -> bool:
    """Whether the figures from ``first`` to ``last`` name nothing, and count in the unit of the one before."""
    spots, own = naming.passage.spots, naming.own
    return all(
        not own.left(at).strip(_LEADS_OUT) and spots[at].figure.unit == spots[at - 1].figure.unit
        for at in range(first, last + 1)
    )


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


def compared_with(naming: Naming) -> Answer | None:
    """What is compared with has the name of what is compared, unless it is named itself: 较2022年的15件, 比预算数1亿元."""
    found = _COMPARED.fullmatch(naming.left.strip()) if naming.index else None
    if not found or (found["named"] and not _DIFFERS.match(naming.reading.text, naming.spot.figure.end)):
        return None
    return _taken(naming, found["named"] or naming.frame.share or naming.frame.level)


def restated(naming: Naming) -> Answer | None:
    """What says the figure before again has its name: 酌删三分之一, 即66万元."""
    said = naming.left.strip(_LEADS_OUT)
    return _taken(naming, naming.frame.name) if naming.index and said in words_of("changes.restating") else None


def differs_from_base(naming: Naming) -> Answer | None:
    """高1.48个百分点 right after what is compared with: how much that is away from it."""
    if naming.spot.joint != "same" or not _DIFFERS.fullmatch(naming.left):
        return None
    base = _COMPARED.fullmatch(naming.own.left(naming.index - 1).strip())
    than = f"比{base['named']}" if base and base["named"] else ""
    level = (naming.frame.share or naming.frame.level) if base else ""
    return _taken(naming, level and level + than + naming.left[0])


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


def number_in_name(naming: Naming) -> Answer | None:
    """The figure before belongs to this one's name: 财政收入超10亿元乡镇3个, 五年以上有期徒刑37人, 困难儿童两项津贴1.6亿元."""
    if naming.spot.joint != "same" or not naming.left or naming.change:
        return None
    before, limit = naming.own.left(naming.index - 1), _LIMITS.match(naming.left)
    over = _OVER.search(before)
    if not (limit or over or _is_count_of_name(naming)):
        return None
    reading, number = naming.reading, naming.passage.spots[naming.index - 1].figure
    found = reading.words.cut(naming.left[limit.end() if limit else 0 :])
    if not found or not all(is_noun(word) for word in found):
        return None
    phrase = read_left(before[: over.start()] if over else before, reading.words, reading.lexicon)
    said = reading.text[number.start : number.end].replace(" ", "")
    act = phrase.act or (naming.frame.act if naming.passage.spots[naming.index - 1].joint == "、" else "")
    thing = f"{phrase.thing}{over.group() if over else ''}{said}{naming.left}"
    if len(thing) > LONGEST_CONTEXT:
        return None
    whole = Phrase(thing, act, phrase.modifier, leads=bool(act))
    frame = naming.told.after(whole, whole.name, naming.spot, reading.lexicon.changes, is_part=naming.is_part)
    frame = frame._replace(thing=naming.told.thing) if naming.is_part else frame
    return Answer(whole.name, f"{before}{said}{naming.left}", frame=frame)


def _is_count_of_name(naming: Naming) -> bool:
    """Whether the figure before is a numeral of one character that only tells how many kinds: 两项津贴1.6亿元."""
    number = naming.passage.spots[naming.index - 1].figure
    is_small = not number.arabic and number.number_end - number.start == 1
    is_money = naming.reading.lexicon.kind_of(naming.spot.figure.unit) == "money"
    return is_small and is_money and number.unit in set_of("indicators.kinds")


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
    rules = () if filler is whole_by_itself else PLACES
    places = ((rule.__name__, placed) for rule in rules if (placed := rule(naming, filled.phrase)))
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


def whole_by_itself(naming: Naming) -> Filled | None:
    """A name that says all takes nothing over: 罚没款, 立案."""
    phrase, grammar = naming.phrase, naming.reading.lexicon.grammar
    if not _takes_nothing(naming, phrase):
        return None
    if phrase.thing:
        return Filled(phrase._replace(bare=False))
    is_case = naming.told.thing.endswith(tuple(grammar["case_ends"]))
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
    if told.parts >= _FEWEST_PARTS and told.divides and naming.spot.joint == ",":
        context = told.part_of.thing or context  # 败诉率 of what has the outcomes
    name = phrase.act + phrase.thing if phrase.act in stative else phrase.name  # 考评对象获优秀等次
    return _after(context, phrase, name)


def _takes_nothing(naming: Naming, phrase: Phrase) -> bool:
    """Whether the name is whole by itself, and what the clauses before speak of is only something else that they count."""
    grammar, told = naming.reading.lexicon.grammar, naming.told
    if not (phrase.name in grammar["whole"] or (not phrase.thing and phrase.act in grammar["whole_acts"])):
        return False
    is_counted = bool(told.owner) and any(told.owner in level for level in told.levels[:-1])
    return naming.spot.joint == "," and is_counted and told.owner not in told.levels[-1]


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
    if not phrase.bare or told.thing or told.owner or naming.index:
        return None
    return _after(naming.label, phrase, phrase.name)


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
    whole_by_itself,
    money_spent,
    outcome_of_whole,
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
    dependent_noun,
    of_label,
    attribute_of_thing,
    short_name,
    short_act,
)


def owner_in(found: Sequence[Word], lexicon: Lexicon) -> str:
    """Who has what a name says, without that: 技工学校 of 技工学校招生规模."""
    properties = tuple(lexicon.grammar["properties"])
    end = next((at for at, word in enumerate(found) if word.text.endswith(properties) or is_verb(word)), len(found))
    while end and not is_noun(found[end - 1]):
        end -= 1
    return joined(found[:end])


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
    return (
        naming.growth.is_all_of(left)
        or is_share_alone(left)
        or read_left(left, naming.reading.words, naming.reading.lexicon).bare
    )


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


_BY_CLAUSE = (number_in_name, share, own_clause)
_OTHERS = (
    counted_with_next,
    label_before,
    dealt_out_to,
    same_as_before,
    gap,
    restated,
    compared_with,
    differs_from_base,
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
        naming = Naming.of(seen)
        said, frame = self.answer(naming)
        name = with_negations_of_clause(said.value or "", seen)
        if not _may_stand(name, seen):
            said, name = passed(naming, said, name)
        frame = frame or seen.frame
        if frame.name != name and said.rule != _OF_SECTOR:
            frame = frame._replace(name=name)
        return said if said.value == name else said._replace(value=name), frame


def _may_stand(name: str, seen: Seen) -> bool:
    """Whether a name may be published; an act alone may where its unit counts how often: 起降60架次."""
    fault = fault_of(name, seen.reading.words)
    return not fault or (fault == is_bare_act.__name__ and seen.spot.figure.unit.endswith("次"))


def passed(naming: Naming, said: Said, name: str) -> tuple[Said, str]:
    """The best name that may be published instead of one that may not, and why it is that; none where there is none."""
    words = naming.reading.words
    rows = ((candidate.__name__, candidate(naming, name)) for candidate in CANDIDATES)
    rule, found = next((row for row in rows if not fault_of(row[1], words)), (unnamed.__name__, unnamed(naming, name)))
    return Said(found, f"indicator.{rule}", said.words or naming.left), found


def without_marks(naming: Naming, name: str) -> str:
    """The name without halves of brackets and marks of notes."""
    return mended(name)


def of_heading(naming: Naming, name: str) -> str:
    """What the heading or the short sentence before names, with the act."""
    thing = naming.label or naming.heading_thing
    act = name if is_bare_act(name, naming.reading.words) else ""
    return thing + act if thing and (act or not naming.index) else ""


def unnamed(naming: Naming, name: str) -> str:
    """No name at all: the report warns of it."""
    return ""


CANDIDATES: tuple[Callable[[Naming, str], str], ...] = (without_marks, of_heading)


INDICATOR = Indicator("indicator", RULES, own_clause.__name__, (*FILLERS, *PLACES, *CANDIDATES, unnamed))
