"""What a figure measures: the rules for its name, by its own words and by what it takes over from those before it.

``RULES`` name figures whose clause names nothing of its own (a member of a list, growth) or a share. The last of them,
``own_clause``, asks ``FILLERS`` for the phrase, each of which knows something that a clause can leave to those before it,
and then ``PLACES`` for what the phrase lacks where it stands; the one that spoke gives its name to the figure's. What may
not be published so is changed or left out in ``gate``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.extract.fields.comparisons import (
    compared_with,
    counted_alike,
    differs_from_base,
    gap,
    growth_of_before,
    growth_of_subject,
    level_not_reached,
    mean_of_before,
    more_than_before,
    multiple_of_earlier,
    proportion_alone,
    proportion_of_earlier,
    restated,
    same_at_another_time,
)
from worker.extract.fields.dealing import dealt_out_to
from worker.extract.fields.filled import LONGEST_ABOUT
from worker.extract.fields.fillings import FILLERS, done_to_people, people_counted, whole_by_itself
from worker.extract.fields.gate import CANDIDATES, may_stand, passed, unnamed
from worker.extract.fields.in_frame import LEADS_OUT, Naming, taken, with_negations_of_clause, words_led_out
from worker.extract.fields.measures import Placed
from worker.extract.fields.placings import PLACES
from worker.extract.fields.ranked import member_of_ranking, those_that_reach
from worker.extract.fields.two_names import overlap, run_together
from worker.extract.language.growth import Share, fulfilment_in, share_in
from worker.extract.language.name_faults import without_repeats
from worker.extract.language.words import Word, is_noun
from worker.extract.language.words_before import Phrase
from worker.extract.sentence.clauses import clause_before
from worker.extract.sentence.frames import LONGEST_CONTEXT, SHORT, Frame
from worker.extract.sentence.own_words import LISTED
from worker.extract.sentence.rules import Answer, Field, Rule, first_of, only_with
from worker.extract.sentence.seen import Seen
from worker.figure import Said
from worker.patterns import Pattern, set_of, words_of

_HAVING = ("", "具有", "拥有", "具备")
_EACH = Pattern("每(?:[人户亩吨]?每?[日天月年]|{indicators.each})$")
_MEAN_OF_EACH = re.compile("平均每[个名家所位件]?(?P<whose>[\u4e00-\u9fff]{1,6})")
_SECTORS = "三次产业"
_PROPORTIONS = (None, "percent", "tenth", "times")  # kinds of units; a part of one has none
_OVER = Pattern("{indicators.over}$")
_OUTDOES = re.compile(
    "(?P<whole>[\u4e00-\u9fff]{2,}?)以(?![上下内来])(?P<part>[^以为、]{2,}?)(?:最[多高大]|居多|居首|为主)?"
)
_LINKING = Pattern("{indicators.leading_out}$")
_LIMITS = re.compile("(?:[(]含[)])?及?以[上下内]")


def counted_with_next(naming: Naming) -> Answer | None:
    """Figures one after the other in front of one noun all count it: 8类36件惠民实事, 52户、168人实现稳定脱贫."""
    spots, at = naming.passage.spots, naming.index
    leads = naming.left.strip(LEADS_OUT) in {"", *set_of("indicators.existence")}  # 共有126户、412人搬迁入住
    if not leads or (naming.index and naming.spot.joint not in (",", ";", "start")):
        return None
    while at + 1 < len(spots) and spots[at + 1].joint in LISTED and not naming.own.left(at + 1).strip(LEADS_OUT):
        if any(naming.own.right(at)):
            return None
        at += 1
    noun, predicate = naming.own.right(at) if at > naming.index else ("", "")
    return Answer(noun + predicate, noun + predicate) if noun + predicate else None


def label_before(naming: Naming) -> Answer | None:
    """Alone behind a colon, a figure has the name of its label: 按时办结：18611件."""
    reading, start = naming.reading, naming.spot.left
    if naming.left.strip(LEADS_OUT) or reading.text[start - 1 : start] != ":":
        return None
    if any(naming.own.right(naming.index)):
        return None
    begin, end = clause_before(reading, naming.passage.sentence.body, start)
    phrase = reading.phrase_before(naming.text(begin, end))
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
    elif (
        not place
        and _SECTORS in (subject := _clause_before(naming))
        and not (found and _SECTORS in (found.value or ""))
    ):
        found = Answer(f"{_SECTORS}比重", subject)  # 三次产业结构持续优化，调整为8.3:41.4:50.3
    if not found or not found.value or _SECTORS not in found.value or place >= len(sectors):
        return None
    name = found.value.replace(_SECTORS, sectors[place]).replace("结构", "比重")
    return Answer(name, found.words, frame=(found.frame or naming.frame)._replace(name=found.value))


def _clause_before(naming: Naming) -> str:
    begin, end = clause_before(naming.reading, naming.passage.sentence.body, naming.spot.left)
    return naming.text(begin, end)


def same_as_before(naming: Naming) -> Answer | None:
    """The next of a list of numbers that has no words of its own: 同比增长8%、12%."""
    if not naming.index or naming.spot.joint not in LISTED or naming.left.strip(LEADS_OUT):
        return None
    if naming.left in ("至", "到") and (reached := naming.frame.share or naming.frame.level):
        return taken(naming, reached)  # 失业率下降0.3个百分点至3.8%
    noun, predicate = naming.own.right(naming.index)
    if noun or predicate in set_of("indicators.harms"):
        return None
    level = naming.frame.level
    if naming.change and (other := counted_alike(naming)):
        return taken(naming, naming.growth.named(other, naming.frame.name))  # 同比减少9起、11人
    name = (
        naming.frame.name
        if naming.change or not level or naming.spot.figure.unit in set_of("indicators.points")
        else level
    )
    return taken(naming, name)


@only_with("每")
def for_each(naming: Naming) -> Answer | None:
    """每人, 每月: what it is counted for stands after the name."""
    left = words_led_out(naming)  # 每村不少于8名
    if mean := _mean_of_each(naming, left):
        return taken(naming, mean)
    each = _EACH.search(left)
    if each and left == each.group() and naming.index and naming.spot.joint == "," and _is_dealt_to_each(naming):
        return taken(naming, naming.frame.level and naming.frame.level + each.group())  # 发放补贴85名，每人每月90元
    if not each or not left[: each.start()].strip():
        return None
    found = first_of(_BY_CLAUSE, Naming(naming.seen, left[: each.start()]))
    return found._replace(value=(found.value or "") + each.group(), rule="") if found else None


def _mean_of_each(naming: Naming, left: str) -> str:
    """The mean of what the figure before counts for each of others: 平均每个乡镇不足5人 after 14个乡镇有执法人员61人."""
    spots, at, found = naming.passage.spots, naming.index, _MEAN_OF_EACH.fullmatch(left.strip())
    if not found or not at or naming.change or spots[at - 1].figure.unit != naming.spot.figure.unit:
        return ""
    level = naming.frame.level
    name = left.strip() + level.removeprefix(found["whose"])
    return name if level and len(name) <= LONGEST_CONTEXT else ""


def number_in_name(naming: Naming) -> Answer | None:
    """The figure before belongs to this one's name: 财政收入超10亿元乡镇3个, 五年以上有期徒刑37人, 困难儿童两项津贴1.6亿元."""
    if naming.spot.joint != "same" or not naming.left or naming.change:
        return None
    before, limit = naming.own.left(naming.index - 1), _LIMITS.match(naming.left)
    over = _OVER.search(before)
    if not (limit or over or _is_count_of_name(naming)):
        return None
    reading, number = naming.reading, naming.passage.spots[naming.index - 1].figure
    rest = _LINKING.sub("", naming.left[limit.end() if limit else 0 :])
    found = reading.words.cut(rest.removeprefix("的"))
    is_described = bool(limit) and rest.count("的") == 1 and not rest.startswith("的")  # 100Mbps及以上接入速率的用户
    gloss = next((at for at, word in enumerate(found) if at and word.text == "("), len(found))
    found, glossed = found[:gloss], sum(len(word.text) for word in found[gloss:])  # (不含车辆)
    if not found or not is_noun(found[-1]) or not (is_described or all(map(_is_in_noun, found))):
        return None
    phrase = reading.phrase_before(before[: over.start()] if over else before)
    said = reading.text[number.start : number.end].replace(" ", "")
    act = phrase.act or (naming.frame.act if naming.passage.spots[naming.index - 1].joint == "、" else "")
    thing = f"{phrase.thing}{over.group() if over else ''}{said}{limit.group() if limit else ''}{rest}"
    if len(thing) - glossed > LONGEST_CONTEXT:
        return None
    whole = Phrase(thing, act, phrase.modifier, leads=bool(act))
    frame = naming.told.after(whole, whole.name, naming.spot, reading.lexicon.changes, is_part=naming.is_part)
    frame = frame._replace(thing=naming.told.thing) if naming.is_part else frame
    return Answer(whole.name, f"{before}{said}{naming.left}", frame=frame)


def _is_dealt_to_each(naming: Naming) -> bool:
    """Whether it is money, or what the figure before counts: 培养112名，每村不少于8名."""
    before = naming.passage.spots[naming.index - 1].figure.unit
    return _is_money(naming) or (bool(before) and before == naming.spot.figure.unit)


def _is_money(naming: Naming) -> bool:
    return naming.reading.lexicon.kind_of(naming.spot.figure.unit) == "money"


def _is_in_noun(word: Word) -> bool:
    return is_noun(word) or word.tag in ("a", "b")


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
    found = share_in(words_led_out(naming)) if "占" in left else None
    if found and reading.lexicon.kind_of(naming.spot.figure.unit) not in _PROPORTIONS:
        found = replace(found, of="") if found.is_bare else None  # 女性占3席, 占地面积50亩
    found = found or fulfilment_in(left, naming.spot.figure.unit)
    if not found:
        return None
    phrase = reading.phrase_before(found.own, is_subject=True)
    own = _part_with_share(naming, phrase, found)
    if not own and reading.text.startswith("的", naming.spot.figure.end):
        own = naming.own.right(naming.index)[0]  # 占人口65%的地区
    own = own or frame.level or frame.thing or naming.side_before or naming.told.about
    if outdoes := _OUTDOES.fullmatch(own):
        own = outdoes["whole"] + outdoes["part"]  # 纠纷以邻里纠纷最多，占31%
    level = frame.level or (own if found.of.startswith(words_of("growth.fulfilment")) else "")
    return Answer(own + found.of, left, frame=frame._replace(share=own + found.of, level=level))


def _part_with_share(naming: Naming, phrase: Phrase, found: Share) -> str:
    """What has a share, with what it is one of where that was named before: 总诊疗2190万人次，基层占比56.7%."""
    frame, name = naming.frame, phrase.name
    if name.endswith("类"):
        ends = words_of("indicators.cases")
        cases = next((one for one in (frame.thing, frame.earlier) if one.endswith(ends)), "")
        return run_together(name, cases) if cases and not overlap(name, cases) else name
    is_short = 0 < len(name) < SHORT and found.is_bare and naming.spot.joint == "," and not phrase.act
    is_short = is_short and not frame.about.endswith(words_of("indicators.own_measures"))  # 使用率93%，药占比26%
    if found.is_bare and phrase.act in _HAVING and phrase.thing.endswith(words_of("indicators.kinds_of_people")):
        return phrase.thing + _people_before(naming)
    is_part = phrase.bare or (is_short and len(frame.about) <= LONGEST_ABOUT)
    return frame.about + name if is_part and not overlap(frame.about, name) else name


def _people_before(naming: Naming) -> str:
    """The people that the sentence has counted: 民警 of 民警386名，大专以上学历占95%."""
    people = people_counted(naming)
    return people if not overlap(people, naming.left) else ""


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
    rules = () if filler in (whole_by_itself, done_to_people) else PLACES
    places = ((rule.__name__, placed) for rule in rules if (placed := rule(naming, filled.phrase)))
    rule_name, placed = next(places, (filler.__name__, Placed(filled.phrase.name)))
    words = _words_of(naming, placed.name, filled.taken, placed.taken)
    changes, is_part = naming.reading.lexicon.changes, naming.is_part
    frame = naming.told.after(filled.phrase, placed.name, naming.spot, changes, is_part=is_part)
    if naming.is_headless and (described := naming.told.thing or naming.told.earlier):
        frame = frame._replace(thing=described, subject=naming.told.subject)
    return Answer(placed.name, words, rule_name, frame)


def _words_of(naming: Naming, name: str, *others: str) -> str:
    """The words that a name is made of: those taken over, those in front of the number, and those after it if it has any."""
    words = dict.fromkeys(word for word in (*others, naming.left) if word)
    if not set(name).issubset("".join(words)):
        after = naming.reading.text[naming.spot.figure.end : naming.spot.right].strip()
        words.update(dict.fromkeys([after] if after else []))
    return " + ".join(words)


_BY_CLAUSE = (number_in_name, share, own_clause)
_OTHERS = (
    counted_with_next,
    label_before,
    dealt_out_to,
    member_of_ranking,
    those_that_reach,
    same_as_before,
    same_at_another_time,
    level_not_reached,
    gap,
    restated,
    compared_with,
    differs_from_base,
    growth_of_subject,
    proportion_of_earlier,
    proportion_alone,
    growth_of_before,
    more_than_before,
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

    def handed_on(self, seen: Seen, asked: Sequence[Rule[Naming]]) -> tuple[Said, Frame]:
        """The figure's name by the rules that may speak, and the frame after it."""
        naming = Naming.of(seen)
        said, frame = self.answer(naming, asked)
        name = without_repeats(with_negations_of_clause(said.value or "", seen))
        if not may_stand(name, seen):
            said, name = passed(naming, said, name)
        frame = frame or seen.frame
        if frame.name != name and said.rule != _OF_SECTOR:
            frame = frame._replace(name=name)
        return said if said.value == name else said._replace(value=name), frame


INDICATOR = Indicator("indicator", RULES, own_clause.__name__, (*FILLERS, *PLACES, *CANDIDATES, unnamed))
