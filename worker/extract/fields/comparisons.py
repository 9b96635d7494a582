"""The names of figures that say how far something has moved, or lies away from something else: growth, gaps, multiples, means;
and of those that only say a figure again, or at another time.

They are rules of a name, and stand among the others in ``indicators.py``.
"""

import re

from worker.extract.fields.filled import LONGEST_WHOLE
from worker.extract.fields.in_frame import LEADS_OUT, Naming, taken, words_led_out
from worker.extract.fields.qualifiers import is_rate_again
from worker.extract.language.growth import gap_in, is_multiple_of_earlier, mean_before, mean_in, more_or_fewer
from worker.extract.language.words import is_noun
from worker.extract.numbers.scan import Candidate
from worker.extract.sentence.frames import SHORT
from worker.extract.sentence.rules import Answer, only_with
from worker.patterns import Pattern, set_of, words_of

# 较2022年的15件, whose time has been taken out of the words; 比上年同期的.
_COMPARED = Pattern(
    "[,、]?{growth.base.than}(?!比)(?:{growth.base.levels}|年度|[的年同期时全底末初上去前])*(?P<named>[^,、的]{2,14}?)?的?约?"
)
# What was planned, and no earlier time: 比年初预算数增加, 较计划任务数减少.
_THAN_PLANNED = Pattern("{growth.base.than}(?:年初|年度|全年|当年|原|调整)*的?(?P<planned>(?:{times.goals})+数?)")
_SET_BESIDE = Pattern("{growth.base.compared}")
_SOONER = Pattern("[,、]?{growth.base.than}[^,;、]{0,8}?{growth.base.times}[快慢早晚长短]")  # 比上年快47秒
_SET_AGAINST = Pattern("^,?{growth.than}[的之]?$")
_FROM_PLAN = Pattern("(?:超过|超出|高于|低于|超)(?:原|年初|年度|预期)?{times.goals}的?")
_LEADS_ON = f"{LEADS_OUT}则是已 "
# 死亡人数为上年同期的80%, whose time stands in the sentence and not in the words.
_OF_EARLIER = Pattern(
    "(?P<before>.*?){growth.earlier.adverbs}*(?:{growth.earlier}|(?P<reached>{growth.earlier.reached}))了?"
    "(?P<when>(?:{growth.earlier.years}|(?:19|20)[0-9]{2} ?年)(?:同期|全年|[底末])?(?:水平)?)的(?:{growth.mean.between}|不足|不到)?"
)
_NOT_REACHED = Pattern("^[但而仍尚还]*(?:{status.missed.before}|{status.missed.with})$")
_OF_A_WHOLE = re.compile("占[^占]*比例$")
_ADDED = ("增加", "减少")
_WHOSE = re.compile("的?[\u4e00-\u9fff]{0,4}(?:要求|标准|规定|目标|任务|水平|底线|红线|考核线|平均)")
_SHORT_BY = re.compile("的(?P<base>[\u4e00-\u9fff]{2,8}?)(?:相比)?[,还仍尚相]*(?P<away>[差低高少多])了?约?")
_DIFFERS = re.compile("[高低多少快慢][出支收]?了?(?=[0-9])|[高低多少快慢][出支收]?了?$")


@only_with("{status.missed.before}", "{status.missed.with}")
def level_not_reached(naming: Naming) -> Answer | None:
    """A level that is not reached has the name of the one that misses it; so has what it misses it by.

    离95%的要求还有差距; 距离90%的目标还差3.5个百分点, 与95%的全省平均水平相比仍低6个百分点.
    """
    spots, at = naming.passage.spots, naming.index
    level, unit = naming.frame.share or naming.frame.level, naming.spot.figure.unit
    if not level.endswith(words_of("indicators.levels")):
        return None
    left = naming.left.strip()
    if _NOT_REACHED.search(left):
        after = naming.reading.text[naming.spot.figure.end : naming.spot.right]
        is_level = at and unit == spots[at - 1].figure.unit and _WHOSE.match(after)
        return taken(naming, level) if is_level else None
    short = _SHORT_BY.fullmatch(left) if naming.spot.joint == "same" and unit in set_of("indicators.points") else None
    if not short or not _NOT_REACHED.search(naming.own.left(at - 1).strip()):
        return None
    return taken(naming, f"{level}{'高于' if short['away'] in '高多' else '低于'}{short['base']}")


def gap(naming: Naming) -> Answer | None:
    """A distance from somebody else's figure, or from what was planned: 森林覆盖率高于全省平均水平, 财政收入1亿元，超过计划3.5%."""
    if not naming.index:
        return None
    own, distance = gap_in(naming.left) if naming.spot.figure.unit in set_of("indicators.points") else ("", "")
    if not distance and _FROM_PLAN.fullmatch(naming.left.strip()):
        distance = naming.left.strip()
    if not distance:
        return None
    phrase = naming.reading.phrase_before(own)
    level, before = naming.frame.level, naming.frame.name
    grown = (
        before
        if before.endswith(words_of("indicators.growth")) and not level.endswith(words_of("indicators.levels"))
        else level
    )
    name = phrase.name if phrase and not phrase.bare else grown.removesuffix(phrase.name) + phrase.name
    return taken(naming, name + distance)


@only_with("{growth.base.than}")
def compared_with(naming: Naming) -> Answer | None:
    """What is compared with has the name of what is compared, unless it is named itself: 较2022年的15件, 比预算数1亿元."""
    found = _COMPARED.fullmatch(naming.left.strip()) if naming.index else None
    after = naming.reading.text[naming.spot.figure.end : naming.spot.right]
    if found and found.group() in ("与", "同") and not (_has_time(naming) or _SET_BESIDE.match(after)):
        return None  # 与12个省建立合作关系
    named = (found["named"] if found else "") or ""
    is_limit = named in words_of("indicators.limits") and naming.growth.is_all_of(after)
    is_beside = bool(_SET_BESIDE.match(after))
    level = naming.frame.share or naming.frame.level
    if not level and naming.spot.joint == ";" and named.endswith(_accounted()):
        return _told_again(naming, named)
    is_like = bool(naming.index) and naming.spot.figure.unit == naming.passage.spots[naming.index - 1].figure.unit
    if is_like and level and named.endswith(_accounted()) and not _DIFFERS.match(after):
        return taken(naming, _without_account(level) + named)  # 比预算数8.2亿元增加0.4亿元
    if not found or (named and not (_DIFFERS.match(after) or is_limit or is_beside)):
        return None
    if is_beside and level and named:  # 与2010年人口普查的51.3万人相比, 与预算数的360件相比
        return taken(naming, level if _has_time(naming) else named + level)
    return taken(naming, level + named if is_limit else named or level)  # 比法定的60日缩短三成


def _told_again(naming: Naming, account: str) -> Answer | None:
    """What a semicolon sets the same thing against once more: 支出3752万元，比上年增长5.4%；比预算数3520万元增加232万元."""
    thing, unit = naming.told.thing, naming.spot.figure.unit
    if not thing or all(spot.figure.unit != unit for spot in naming.passage.spots[: naming.index]):
        return None
    return Answer(_without_account(thing) + account, naming.left, frame=naming.told._replace(level=thing))


def _accounted() -> tuple[str, ...]:
    """The ends of what a sum is set against in accounts and plans: 预算数, 年度目标."""
    return (*words_of("indicators.told_in_accounts"), *words_of("times.goals"))


def _without_account(level: str) -> str:
    """What a sum is of, without the account that it stands in: 岁入 of 岁入决算数."""
    account = next((word for word in words_of("indicators.told_in_accounts") if level.endswith(word)), "")
    return level.removesuffix(account) or level


def differs_from_base(naming: Naming) -> Answer | None:
    """高1.48个百分点 right after what is compared with: how much that is away from it."""
    if naming.spot.joint != "same" or not _DIFFERS.fullmatch(naming.left):
        return None
    base = _COMPARED.fullmatch(naming.own.left(naming.index - 1).strip())
    than = f"比{base['named']}" if base and base["named"] else ""
    level = (naming.frame.share or naming.frame.level) if base else ""
    if naming.spot.figure.unit not in set_of("indicators.points"):
        level = _OF_A_WHOLE.sub("", level)  # 决算支出占预算数比例98%, 比预算数少支4.7亿元
    return taken(naming, level and level + than + naming.left[0])


def growth_of_subject(naming: Naming) -> Answer | None:
    """Growth of what the clause right before speaks of, where that has no figure: 原油产量继续增长，达到1.42亿吨."""
    mean = mean_before(naming.left)
    grows = bool(naming.change) and naming.growth.is_all_of(naming.left.removeprefix(mean))
    arrives = bool(naming.left) and not naming.left.strip(LEADS_OUT) and not any(naming.own.right(naming.index))
    subject = naming.subject_before if naming.spot.joint == "," and (grows or arrives) else ""
    if not subject:
        return None
    name = naming.growth.named(subject + mean, naming.left) if grows and naming.change != "to" else subject
    frame = naming.told._replace(
        thing=subject, about=subject, level=subject, share="", levels=(*naming.told.levels, subject)
    )
    return Answer(name, naming.left, frame=frame)


def proportion_alone(naming: Naming) -> Answer | None:
    """A proportion with no words but how near it is: of the share before it the same, of a count its share."""
    before = naming.passage.spots[naming.index - 1].figure if naming.index else None
    if before is None or naming.change or naming.spot.figure.unit != "%":
        return None
    if naming.spot.joint == "(":
        return _share_in_bracket(naming, before)
    if naming.spot.joint != ",":
        return None
    said = naming.reading.text[naming.spot.left : naming.spot.figure.start]
    if not said.strip() or any(char.isdigit() for char in said) or words_led_out(naming):
        return None  # 为1955年的98.88%
    if any(naming.own.right(naming.index)):
        return None
    if before.unit == "%":
        return taken(naming, naming.frame.share or naming.frame.name)
    if "百分点" in before.unit:
        return taken(naming, naming.frame.share or naming.frame.level)  # 覆盖率提高2个百分点，达到95%
    level = naming.frame.level
    return Answer(f"{level}占比", naming.left, frame=naming.frame._replace(share=f"{level}占比")) if level else None


def _share_in_bracket(naming: Naming, before: Candidate) -> Answer | None:
    """The share of what is counted right before the bracket that holds nothing else: 工伤认定95件(7.4%)."""
    text, figure = naming.reading.text, naming.spot.figure
    is_alone = text[figure.start - 1] == "(" and text[figure.start].isdigit()
    is_alone = is_alone and text[figure.end : figure.end + 1] == ")"
    is_count = before.unit != "%" and naming.reading.lexicon.kind_of(before.unit) != "money"
    level = naming.frame.level if is_alone and is_count and before.end == figure.start - 1 else ""
    return Answer(f"{level}占比", naming.frame.level) if level else None


def growth_of_before(naming: Naming) -> Answer | None:
    """Growth of what the figure before measures: percentage points of the share before them, per cent of the thing."""
    if not naming.index or not naming.change:
        return None
    frame = naming.frame
    if naming.change == "to" and naming.spot.joint == "same" and naming.left.startswith("的"):
        noun = naming.reduced.left.strip("的由从")  # 现行16%的税率降至13%
        return taken(naming, frame.name) if noun and frame.name.endswith(noun) else None
    if not naming.growth.is_all_of(naming.left) or _grows_by_things(naming):
        return None
    if naming.change == "to":
        return taken(naming, _level_reached(naming))
    if _changes_another(naming):
        return None
    base = (
        frame.share if "百分点" in naming.spot.figure.unit else ""
    ) or frame.level  # 完成预算的60%，比上年减少0.3万元
    base = counted_alike(naming) or without_fulfilment(base or frame.share)
    if not base and naming.spot.joint == ";" and _THAN_PLANNED.match(naming.left):
        base, frame = naming.told.thing, naming.told._replace(level=naming.told.thing)
    planned = _than_planned(naming) if base else ""
    base = _without_account(base) + planned if planned else base
    if naming.left.lstrip(" ,").startswith("转为"):
        base = base.removesuffix(next((word for word in words_of("indicators.growth") if base.endswith(word)), ""))
    name = base and naming.growth.named(base, naming.left)
    return Answer(name, naming.left or name, frame=frame if frame is not naming.frame else None) if name else None


def _than_planned(naming: Naming) -> str:
    """比预算数, where that is what it has grown or shrunk from: 运行费31.5万元，比预算数减少8.5万元，下降21%."""
    said = naming.own.left(naming.index - 1) if naming.spot.joint == "same" else naming.left
    written = naming.reading.text[naming.spot.left : naming.spot.figure.start]
    is_same = naming.spot.joint == "," and naming.growth.is_alone(written)
    found = _THAN_PLANNED.match(said.strip(" ,、")) or (_THAN_PLANNED.search(naming.frame.name) if is_same else None)
    return f"比{found['planned']}" if found else ""


def counted_alike(naming: Naming) -> str:
    """What was counted in its unit, where the figure before counts in another: 发生事故58起，死亡61人，同比减少9起."""
    spots, at, unit = naming.passage.spots, naming.index, naming.spot.figure.unit
    if unit in set_of("indicators.points") or spots[at - 1].figure.unit == unit:
        return ""
    wholes = naming.frame.wholes
    phrase = next((phrase for other, phrase in reversed(wholes) if other == unit), None)
    kind_of = naming.reading.lexicon.kind_of
    if phrase is None or not phrase.name or kind_of(unit) in ("money", "item"):
        return ""  # 排名提升2个等级
    return next((level for level in reversed(naming.frame.levels) if level.endswith(phrase.name)), "")


def _grows_by_things(naming: Naming) -> bool:
    """Whether what there is more or fewer of stands after the number: 开放景区5个，增加了34个停车场."""
    is_counted = naming.reading.lexicon.kind_of(naming.spot.figure.unit) in ("item", "organisation", "person")
    noun = naming.own.right(naming.index)[0] if is_counted and naming.spot.joint == "," else ""
    return len(noun) > 1 and naming.left.strip("了") in _ADDED  # 排名提升2个等级 is none


def _changes_another(naming: Naming) -> bool:
    """Whether what grows or shrinks stands behind the word of change: 投入扶贫资金8亿元，减少贫困人口5万人; 涨幅回落 is none."""
    words = naming.reading.words.cut(naming.growth.object_in(naming.left))
    return any(len(word.text) > 1 and is_noun(word) for word in words)


def _level_reached(naming: Naming) -> str:
    """The level that a change arrives at: 财政赤字 of 财政赤字减少3亿元，降至12亿元; a rate arrives at a rate."""
    frame, before = naming.frame, naming.passage.spots[naming.index - 1].figure.unit
    is_change = frame.name.startswith(frame.level) and naming.growth.is_all_of(frame.name[len(frame.level) :])
    is_of_rates = before in set_of("growth.rates") and naming.spot.figure.unit in set_of("growth.rates")
    return frame.level if frame.level and is_change and not is_of_rates else frame.name


def without_fulfilment(level: str) -> str:
    """What grows, without a verb that only says that its level was reached: 地区生产总值 of 地区生产总值完成."""
    thing = level.removesuffix("完成").removesuffix("实现")
    return thing if len(thing) > SHORT and thing.endswith(words_of("indicators.measures")) else level


@only_with("环比", "{growth.base.than}")
def more_than_before(naming: Naming) -> Answer | None:
    """较上年多52件: how many more or fewer there are than before."""
    words = naming.reading.text[naming.spot.left : naming.spot.figure.start].strip(" ,、")
    if not naming.index or not (more_or_fewer(words) or _SOONER.fullmatch(words)):
        return None
    return taken(naming, naming.frame.level and naming.frame.level + words)


def multiple_of_earlier(naming: Naming) -> Answer | None:
    """是2010年的3倍: the thing, as a multiple of what it was."""
    if naming.spot.figure.unit != "倍" or not is_multiple_of_earlier(naming.left):
        return None
    return taken(naming, naming.frame.level)


@only_with("{growth.earlier}", "{growth.earlier.reached}")
def proportion_of_earlier(naming: Naming) -> Answer | None:
    """死亡人数为上年同期的80%, 降至去年的三分之二: what the thing is now in parts of what it was."""
    figure = naming.spot.figure
    if figure.unit not in ("%", "‰", "倍") and figure.form != "fraction":
        return None
    found = _OF_EARLIER.fullmatch(naming.reading.text[naming.spot.left : figure.start].strip(" ,、"))
    if not found or (figure.unit == "倍" and not found["before"]):
        return None
    if found["reached"] and "%" in naming.reading.text[figure.start : figure.end]:
        return None
    own = naming.text(naming.spot.left, naming.spot.left + len(found["before"]))  # without the time: 2021年收案数
    level = _with_cases(naming, naming.reading.phrase_before(own).name) or naming.frame.level
    part = "" if figure.unit == "倍" else f"为{found['when']}的比例"
    return taken(naming, level and level + part)


def _with_cases(naming: Naming, measure: str) -> str:
    """A measure that does not say of which cases it is, with those before: 收案数 after 办理知识产权案件2876件."""
    cases, ends = naming.frame.thing, words_of("indicators.cases")
    lacks = 0 < len(measure) <= SHORT and measure.endswith(words_of("indicators.measures"))
    return cases + measure if lacks and cases.endswith(ends) and len(cases) <= LONGEST_WHOLE else measure


def mean_of_before(naming: Naming) -> Answer | None:
    """年均, 户均: a mean of what the figure before measures."""
    level = naming.frame.level
    added = next((word for word in words_of("indicators.added") if naming.left.endswith(word)), "")
    mean = mean_in(naming.left.removesuffix(added)) if level else ""
    kind_of = naming.reading.lexicon.kind_of
    before = kind_of(naming.passage.spots[naming.index - 1].figure.unit) if naming.index else ""
    if mean and added == "增收" and before not in ("money", "percent"):
        return Answer(naming.left, naming.left)  # 茶叶产量6800吨，户均增收3100元
    return taken(naming, level + mean + added) if mean else None


def same_at_another_time(naming: Naming) -> Answer | None:
    """A clause of nothing but a time has the name of the figure before: 2020年立案71件，2021年96件，2022年达117件, 高于2019年的48%."""
    spots, at = naming.passage.spots, naming.index
    if not at or naming.spot.joint not in (",", ";") or _SET_AGAINST.sub("", naming.left).strip(_LEADS_ON):
        return None
    said = naming.reading.text[naming.spot.left : naming.spot.figure.start].strip(_LEADS_ON)
    is_like = spots[at - 1].figure.unit == naming.spot.figure.unit and not any(naming.own.right(at))
    return taken(naming, naming.frame.level) if said and is_like and _has_time(naming) else None


def _has_time(naming: Naming) -> bool:
    """Whether a time is stated in the figure's own clause, before it."""
    spot = naming.spot
    return any(spot.left <= time.start and time.end <= spot.figure.start for time in naming.passage.clock.times)


def restated(naming: Naming) -> Answer | None:
    """What says the figure before again has its name: 酌删三分之一, 即66万元; 增加12件(8.3%)."""
    said = naming.left.strip(LEADS_OUT)
    is_rate = bool(naming.change) and is_rate_again(naming.seen)
    is_again = naming.index and (is_rate or said in words_of("changes.restating"))
    return taken(naming, naming.frame.name) if is_again else None
