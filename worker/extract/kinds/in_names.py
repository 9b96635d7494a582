"""Numbers that are part of a name: slogans, codes, roads, addresses, groups of people."""

import re

from worker.extract.kinds.surroundings import NumberKind, Sight
from worker.patterns import Pattern, set_of

_JOINED_LEFT = re.compile(
    r"(?:[A-Za-z_@#/&]|[A-Za-z][-.—]|[0-9A-Za-z一二三四五六七八九N][+×*]|[0-9][-—–~～]|[×÷=]|[0-9][·•]|&#x?[0-9A-Fa-f]{1,6};)$"
)
_COLONS = frozenset(":：")
_VIEWS_LEFT = Pattern(r"(?:{numbers.views}|(?:^|[\s(|【]){numbers.views.opening}) ?[:：] ?$")
_LABEL_LEFT = Pattern("{numbers.labels}[^,。;]{0,4}$")
_JOINED_RIGHT = Pattern(
    r"(?:[A-Za-z_@](?![a-z]*[·/])|[+×*][0-9N]|-[0-9A-Za-z]|/[\u4e00-\u9fff]|{numbers.called}|后(?=[,、]|{numbers.called.born}))"
)
_PLUS = re.compile(r"[+×*][0-9N]|\)?[×÷=]")
_ROAD = Pattern("{numbers.roads}|{numbers.roads.crews}")
_ROAD_LEFT = Pattern("{numbers.roads.numbered}(?:[GSXY]?)$")
_LINE = re.compile("(?:复|高速|支)?线")
_SIDE = re.compile("人制")  # 5人制足球场
_LONGEST = 10
_NUMBERED = Pattern(" ?(?:{numbers.addresses}|号(?!{numbers.addresses.no_numbers})|路(?!公里)|版(?!次))")
_PART_OF_HOUSE = re.compile(" ?单元")
_HOUSE_LEFT = re.compile("[0-9]号(?:院|楼)?$")
# What follows 每 is the base of a rate, and so is what follows 每增加: 每少1个扣2分.
_RATE_LEFT = Pattern("每{numbers.rates}?$")
_HAN = re.compile("[\u4e00-\u9fff]")
_FOREIGN = re.compile("[a-z]{2}")
# An age is a figure where it ends its clause or is a mean; elsewhere it says who is meant: 6岁儿童, 满3岁即入园.
_AGE_ENDS = Pattern("[,。;、)的](?!{numbers.groups})|$|左右")
_AGE_MEASURED_LEFT = Pattern("{numbers.ages}[^,。;]{0,9}$|{numbers.ages.changed}[^,。;、]{0,4}$")
_AGE_LIMIT = re.compile("以上[的老人者]|以下[的儿婴幼人者]|以内的|[至及到-]")
_ENDS_THERE = re.compile(r"[,。;、)]|$|以上")
_WITHIN = re.compile("内|以内")
_RAISED = re.compile("(?<!晋)[升降高了]$")
_TURNS = frozenset({"180", "360"})  # 360度评价
_SIZE_CLASS = re.compile("级(?!别)")  # 10万吨级码头
_CIRCLE = re.compile("[\u4e00-\u9fff]{0,6}圈|过境")  # 15分钟便民生活圈, 240小时过境免签
# 7日内程序性回复率, 48小时内响应率: a limit that names the rate, and none where it was kept to (压缩至3日内).
_LIMIT_OF_RATE = re.compile("(?:以)?内的?[\u4e00-\u9fff]{1,9}率")
_KEPT_LEFT = Pattern("(?:{times.counted_days.shortened}|{times.counted_days}|控制)[^,。;]{0,4}$")
_HOW_RARE = re.compile("(?:[至到或、和—-]+[0-9一二三四五六七八九十百]+年)?一遇")  # 50年一遇防洪标准, 10至20年一遇
_SAMPLE = re.compile("(?:人口)?抽样调查")
_BOUND_OF_COUNTED = re.compile(
    "(?:[(]含[)])?(?:及)?以[上下内]的[^,。;、0-9的]{0,4}[0-9]+(?:\\.[0-9]+)?[\u4e00-\u9fff]"
)  # 收入50万元以上的5个村
# 投资5亿元以上项目12个, 年产值1亿元以上的企业达23家: what stands between is a noun, and after it a count of these.
_BOUND_OF_KIND = re.compile(
    "(?:[(]含[)])?及?以[上下内]的?(?P<kind>[\u4e00-\u9fff]{1,6}?)(?:共有?|达到?|有)?(?=[0-9]+(?P<unit>[\u4e00-\u9fff]))"
)
# 对1000平方米以上的商场: a size of those that something is done to.
_BOUND_OF_OBJECT = re.compile("(?:[(]含[)])?及?以[上下内]的?[\u4e00-\u9fff]")
_DONE_TO_LEFT = re.compile("[对向]$")
# What sizes are told in, and what things are counted in.
_MEASURING = frozenset({"money", "length", "area", "volume", "mass", "energy", "power", "duration", "information"})
_COUNTING = frozenset({"case", "item", "organisation", "person", "document", "vehicle", "place"})
_COUNTED = re.compile("的[0-9]+(?:\\.[0-9]+)?[\u4e00-\u9fff]")
_OVER_LEFT = Pattern("(?:{indicators.over}|不足|低于)$")  # 金额超过10万元的23件
_TERMS = ("年", "个月")
_SENTENCE = Pattern("(?:[(]含[)])?以[上下]的?{indicators.punishments}")  # 五年以上有期徒刑37人
# Of one person: 王某(87岁), 李某(女,84岁).
_OF_A_PERSON_LEFT = re.compile(r"(?:[\u4e00-\u9fff]\(|[(,、][男女][,、] ?)$")
_OF_A_PERSON_RIGHT = re.compile(r"[,)、]")
# What a paper says of itself at its end: 共印80份, (共2页).
_PRINTED_LEFT = re.compile(r"共印(?:发|制)? ?$")
_PAGES_LEFT = re.compile(r"\(共 ?$")


def find_name(seen: Sight) -> NumberKind | None:
    """Inside a title, a quotation or a fixed name."""
    if seen.candidate.form == "discount":
        return None  # 八五折 has nothing to do with the plan called 八五
    why = seen.reading.cover_of(seen.candidate.start, seen.candidate.number_end)
    return NumberKind("identifier" if why == "a document number" else "name", why) if why else None


def find_code(seen: Sight) -> NumberKind | None:
    """Joined to letters, called a number, or too long."""
    candidate, number = seen.candidate, seen.number
    if candidate.form == "range":
        return None
    if not _COLONS.isdisjoint(seen.left[-2:]) and _VIEWS_LEFT.search(seen.left):
        return NumberKind("identifier", "how often the page was looked at")
    if not seen.follows_word:
        if _JOINED_LEFT.search(seen.left) and not seen.left.endswith("GDP"):
            return NumberKind("name", "joined to a letter, a hyphen or a sign of arithmetic")
        if _FOREIGN.search(seen.left) and not _HAN.search(seen.left + seen.right):
            return NumberKind("name", "in a sentence of another language")
    if not candidate.arabic:
        return None
    is_road = _LINE.match(seen.after) and _ROAD_LEFT.search(seen.left)
    if is_road or _ROAD.match(seen.after):
        return NumberKind("name", "the name of a road")
    if _PLUS.match(seen.right):
        return NumberKind("name", "joined to a sign of arithmetic")
    if not candidate.unit and _JOINED_RIGHT.match(seen.after):
        return NumberKind("name", "the name of a line, a version, a road or a programme")
    if not number.isdigit():
        return None
    if (candidate.unit == "份" and _PRINTED_LEFT.search(seen.left)) or (
        candidate.unit == "页" and _PAGES_LEFT.search(seen.left) and seen.right.startswith(")")
    ):
        return NumberKind("identifier", "how many copies or pages a paper has")
    if len(number) > 2 and not candidate.unit and _LABEL_LEFT.search(seen.left):
        return NumberKind("identifier", "a number by which something is called, filed or rung up")
    if len(number) > _LONGEST or (len(number) > 1 and number[0] == "0"):
        return NumberKind("identifier", "too long for a figure, or begins with zero")
    return None


def find_place(seen: Sight) -> NumberKind | None:
    """Numbers of houses, floors and versions."""
    unit = seen.candidate.unit
    in_address = _PART_OF_HOUSE.match(seen.after) or (
        unit in set_of("numbers.houses") and _HOUSE_LEFT.search(seen.left)
    )
    if not in_address and (unit or not _NUMBERED.match(seen.after)):
        return None
    return NumberKind("identifier", "a number by which something is called")


def _bounds_kind(seen: Sight) -> bool:
    """Whether a bound only says which things are counted right after it, or how large those are that something is done to."""
    lexicon = seen.reading.lexicon
    measured = lexicon.kind_of(seen.candidate.unit)
    if measured in _MEASURING and _DONE_TO_LEFT.search(seen.left) and _BOUND_OF_OBJECT.match(seen.right):
        return True
    found = _BOUND_OF_KIND.match(seen.right)
    if not found or measured not in _MEASURING | {"person", "organisation"}:
        return False
    counted = lexicon.kind_of(lexicon.unit_at(seen.right, found.start("unit")))
    is_noun = all(word.tag[0] == "n" for word in seen.reading.words.cut(found["kind"]))
    return counted in _COUNTING and is_noun


def find_group(seen: Sight) -> NumberKind | None:
    """A measure that only says which kind is meant."""
    unit = seen.candidate.unit
    if _SIDE.match(seen.after):
        return NumberKind("name", "how many play on a side")
    if unit in ("岁", "周岁"):
        if _OF_A_PERSON_LEFT.search(seen.left) and _OF_A_PERSON_RIGHT.match(seen.right):
            return NumberKind("name", "the age of one person")
        if _names_group(seen):
            return NumberKind("name", "an age that names a group")
    if unit == "%" and _SAMPLE.match(seen.right):
        return NumberKind("name", "the size of a sample that names a survey")
    is_bound = _BOUND_OF_COUNTED.match(seen.right)
    is_bound = is_bound or (_COUNTED.match(seen.right) and _OVER_LEFT.search(seen.left))
    if unit and (is_bound or _bounds_kind(seen)):
        return NumberKind("name", "a bound that names what is counted after it")
    if unit in _TERMS and _SENTENCE.match(seen.right):
        return NumberKind("name", "a length of sentence that names who is meant")
    if unit == "年" and _HOW_RARE.match(seen.right):
        return NumberKind("name", "how rare an event is")
    if unit and seen.candidate.arabic and _SIZE_CLASS.match(seen.right):
        return NumberKind("name", "a class of size")
    if unit in set_of("numbers.circles") and _CIRCLE.match(seen.right):
        return NumberKind("name", "what can be reached in that time")
    if unit in set_of("numbers.limits") and _LIMIT_OF_RATE.match(seen.right) and not _KEPT_LEFT.search(seen.left):
        return NumberKind("name", "a limit of time that names a rate")
    if unit and "每" in seen.left and _RATE_LEFT.search(seen.left):
        return NumberKind("name", "the base of a rate")
    if unit in set_of("numbers.ratings") and not _ENDS_THERE.match(seen.right):
        return NumberKind("name", "a rating that names a kind of equipment")
    if seen.number == "24" and unit == "小时" and not _WITHIN.match(seen.right):
        return NumberKind("name", "round the clock")
    if unit == "度" and seen.number in _TURNS:
        return NumberKind("name", "all around")
    if unit == "级" and not _RAISED.search(seen.left):
        return NumberKind("name", "a grade")
    return None


def _names_group(seen: Sight) -> bool:
    if _AGE_MEASURED_LEFT.search(seen.left):
        return bool(_AGE_LIMIT.match(seen.right))
    return not _AGE_ENDS.match(seen.right)
