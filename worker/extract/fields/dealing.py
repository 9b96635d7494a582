"""分别: the names of figures that are dealt out to the things named before them, in the same order."""

import re
from collections.abc import Sequence
from itertools import pairwise

from worker.extract.fields.filled import LONGEST_ABOUT
from worker.extract.fields.in_frame import LEADS_OUT, Naming
from worker.extract.fields.two_names import overlap
from worker.extract.language.growth import gap_in
from worker.extract.sentence.clauses import clause_before
from worker.extract.sentence.dealt_out import (
    deals_out,
    deals_out_growth,
    dealt_out,
    dealt_out_of,
    dealt_to_pair,
    is_share_alone,
    shared_of,
)
from worker.extract.sentence.own_words import LISTED
from worker.extract.sentence.rules import Answer, only_with
from worker.patterns import set_of, words_of

_UNREAD = re.compile("[0-9\ufffd]")
_UNREAD_NEXT = re.compile(" ?[、和与及] ?[0-9\ufffd]")


@only_with("分别", "依次", "{indicators.pairs}")
def dealt_out_to(naming: Naming) -> Answer | None:
    """分别: the things named one after the other take the figures in the same order.

    Figures listed after them without things of their own are dealt out to them as well.
    """
    passage, index, reading, frame = naming.passage, naming.index, naming.reading, naming.frame
    first = last = passage.firsts[index]
    while last + 1 < len(passage.spots) and passage.spots[last + 1].joint in LISTED:
        last += 1
    left, count = naming.own.left(first), last - first + 1
    if deals_out(left) and _has_unread(naming, first, last):
        return Answer(None, left)  # which is whose is lost with the number
    things, tail = dealt_out(reading, left, count)
    if not things and count > 1 and "分别" in left:
        things, tail = dealt_to_pair(reading, left, count)
    if not things and count > 1 and deals_out(left):
        begin, end = clause_before(reading, passage.sentence.body, passage.spots[first].left)
        things, tail = dealt_out_of(reading, reading.text[begin:end], left, count)
    if not things and count > 1 and _has_no_words(naming, first + 1, last):
        things, tail = dealt_to_pair(reading, left, count)
    levels = (
        naming.told.levels if len(naming.told.levels) >= count else frame.levels
    )  # 律师3人、法官5人(含女2人)，分别增长
    is_new = not things and count > 1 and len(frame.dealt) != count and len(levels) >= count
    before, away = gap_in(left) if "分别" in left else ("", "")
    away = away if before.endswith(("分别", "依次")) else ""
    has_own = bool(before.strip("分别依次"))
    if is_new and ((away and not has_own) or deals_out_growth(naming.growth, left)):
        things, tail = list(levels[-count:]), left
    if things and (owner := _owner_of_rates(naming, first, things)):
        things = [owner + thing for thing in things]
    if things:
        frame = frame._replace(dealt=tuple(things))
    elif count > 1 and len(frame.dealt) == count and (of := shared_of(left)):
        name = f"{frame.dealt[index - first]}{of}"
        return Answer(name, left, frame=frame._replace(share=name))
    elif count > 1 and len(frame.dealt) == count and ((away and not has_own) or _is_shared(naming, left)):
        things, tail = list(frame.dealt), left
    else:
        return None
    own, thing = naming.own.left(index), things[index - first]  # 分别增长8%和下降2%
    if away and naming.spot.figure.unit in set_of("indicators.points"):
        return Answer(thing + away, left, frame=frame)  # 分别高于全省平均0.7个、1.5个百分点
    if is_share_alone(left):
        return Answer(f"{thing}占比", left, frame=frame._replace(level=thing, share=f"{thing}占比"))
    if naming.change == "to" and naming.growth.is_all_of(tail):
        return Answer(thing, left, frame=frame._replace(level=thing))  # 标准分别提高到740元、600元
    name = naming.growth.named(thing, own if index > first and naming.growth.is_all_of(own) else tail)
    name += "" if name != thing else reading.phrase_before(tail).thing
    return Answer(name, left, frame=frame._replace(level=name)) if name else None


def _has_unread(naming: Naming, first: int, last: int) -> bool:
    """Whether a number stands in the list, or goes on behind it, that was not read: 分别为3.2万人、1,5万人、0.8万人."""
    text, spots = naming.reading.text, naming.passage.spots
    gaps = [(one.figure.end, other.figure.start) for one, other in pairwise(spots[first : last + 1])]
    dated = [(time.start, time.end) for time in naming.passage.clock.times]
    unread = (match.start() for gap in gaps for match in _UNREAD.finditer(text, *gap))
    is_unread = any(not any(start <= at < end for start, end in dated) for at in unread)
    return is_unread or bool(_UNREAD_NEXT.match(text, spots[last].figure.end))


def _owner_of_rates(naming: Naming, first: int, things: Sequence[str]) -> str:
    """Whose the rates are that are dealt out, where they are single words: 签约项目37个，开工率、投产率分别达92%和68%."""
    rates, about = words_of("indicators.levels"), naming.told.about
    # What was not done has a rate of its own: 不捕率.
    is_rate = not any(thing.startswith("不") for thing in things)
    is_rate = is_rate and all(thing.endswith(rates) and len(naming.reading.words.cut(thing)) == 1 for thing in things)
    spots = naming.passage.spots
    is_counted = spots[first].joint == "," and any(about in level for level in naming.told.levels)
    is_owner = is_rate and is_counted and 1 < len(about) <= LONGEST_ABOUT and not about.endswith(rates)
    return about if is_owner and not any(overlap(about, thing) for thing in things) else ""


def _has_no_words(naming: Naming, first: int, last: int) -> bool:
    """Whether the figures from ``first`` to ``last`` name nothing, and count in the unit of the one before."""
    spots, own = naming.passage.spots, naming.own
    return all(
        not own.left(at).strip(LEADS_OUT) and spots[at].figure.unit == spots[at - 1].figure.unit
        for at in range(first, last + 1)
    )


def _is_shared(naming: Naming, left: str) -> bool:
    """Whether the words name what all things have, and no thing: 增长, 贡献率分别为."""
    is_all = naming.growth.is_all_of(left) or is_share_alone(left) or deals_out_growth(naming.growth, left)
    return is_all or naming.reading.phrase_before(left).bare
