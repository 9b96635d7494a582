"""The names of figures of those whom a ranking or a level tells from others: 投诉量前三位的行业依次为餐饮1203件、物业987件."""

import re

from worker.extract.fields.in_frame import Naming
from worker.extract.sentence.rules import Answer, only_with
from worker.patterns import Pattern, set_of, words_of

_RANKING = Pattern(
    "(?P<measure>[\u4e00-\u9fff]{2,12}?)(?:排名|排序|排|位居|位列|居|列)?在?(?P<place>(?:前|后|末|倒数)(?:第)?"
    "[0-9一二两三四五六七八九十]{1,2}(?:位|名)?)的?(?P<whom>[\u4e00-\u9fff]{0,8}?)(?:依次|分别)?(?:是|为):?"
)
_APART = " ,、()和及"
_LONGEST_MEMBER = 12  # characters
_NO_MEMBER = re.compile("合计|共|占|同比|环比|增长|下降|[0-9;。]")


@only_with("前", "后", "末")
def member_of_ranking(naming: Naming) -> Answer | None:
    """Each of those that a ranking names has what they are ranked by: 区文旅局满意率 of 满意率排名后三位的是区文旅局(86.2%)."""
    text, spots, at = naming.reading.text, naming.passage.spots, naming.index
    rankings = list(_RANKING.finditer(text, naming.passage.sentence.body, naming.spot.figure.start))
    if not rankings:
        return None
    ranking = rankings[-1]
    first = next(index for index, spot in enumerate(spots) if spot.figure.start >= ranking.end())
    run = spots[first : at + 1]
    starts = [ranking.end(), *(spot.figure.end for spot in run[:-1])]
    members = [text[start : spot.figure.start].strip(_APART) for start, spot in zip(starts, run, strict=True)]
    measure = naming.reading.phrase_before(ranking["measure"]).name
    unit, is_rate = naming.spot.figure.unit, measure.endswith(words_of("indicators.levels"))
    is_like = all(spot.figure.unit == unit for spot in run) and is_rate == (unit in set_of("indicators.points"))
    is_named = all(1 < len(one) <= _LONGEST_MEMBER and not _NO_MEMBER.search(one) for one in members)
    if not is_like or not is_named or not measure.endswith(words_of("indicators.measures")):
        return None
    level = f"{measure}{ranking['place']}{ranking['whom']}"
    return Answer(f"{members[-1]}{measure}", ranking.group(), frame=naming.frame._replace(level=level, share=""))


_REACHED = re.compile(
    "(?P<measure>[\u4e00-\u9fff]{2,8}[率度])?(?P<level>(?:达到|达|低于|高于|超过|不足)[0-9]+(?:[.][0-9]+)?%)"
)
_MEASURED_BEFORE = re.compile(f"[0-9][家个名所户人]{_REACHED.pattern}")


@only_with("率", "度")
def those_that_reach(naming: Naming) -> Answer | None:
    """Those of them whose measure reaches a level, or does not: 56家承办单位中，19家满意率达100%，4家低于90%."""
    text, spots, at = naming.reading.text, naming.passage.spots, naming.index
    found, thing = _REACHED.match(text, naming.spot.figure.end), naming.told.thing
    if not found or not at or spots[at - 1].figure.unit != naming.spot.figure.unit or naming.left.strip(" ,有"):
        return None
    body = naming.passage.sentence.body
    told = _MEASURED_BEFORE.search(text, body, naming.spot.figure.start)
    measure = found["measure"] or (told and told["measure"])
    if not measure or not thing or thing.endswith(words_of("indicators.levels")):
        return None
    return Answer(f"{measure}{found['level']}的{thing}", naming.told.level, frame=naming.frame)
