"""How exact a number is, and whether it is a change: both from the words right around it."""

import re

from worker.extract.language.growth import more_or_fewer
from worker.extract.language.lexicon import Lexicon
from worker.extract.language.negations import vocabulary
from worker.extract.language.reading_text import ReadingText
from worker.extract.language.words import Words
from worker.extract.numbers.numerals import MULTIPLIERS
from worker.extract.numbers.scan import Candidate
from worker.extract.sentence.clauses import Spot
from worker.extract.sentence.rules import NO_VALUE, Answer, Field, only_with
from worker.extract.sentence.seen import Seen
from worker.patterns import Pattern, set_of, words_of

_EXACT = Answer("exact")
_NEAR = 16
_FAR_AFTER = 7
_OPENING = " “「"  # 提升为“28%”
_CURRENCY = Pattern("{qualifiers.currencies} ?$")  # 约新台币350万元
_TIME_BETWEEN = re.compile(
    r"(?:(?:19|20)[0-9]{2}|(?<![0-9])[0-9]{2,3}|[今去本])年(?:底|末|[0-9]{1,2}月)?[的之]?$"
)  # 增加到2015年的136.3亿元
_REFERS = Pattern("以[上下]{qualifiers.refers}")
_SHARES = frozenset({"%", "倍", ""})
_LIMIT_OF_BASE = Pattern("(?P<limit>不[得应能]?{qualifiers.limits})[^,。;、0-9]{1,16}的$")
_COMPARED_LEFT = Pattern("{qualifiers.compared}[^,。;、]{0,8}$")
_COUNTS = frozenset({"person", "item", "organisation", "place", "area", "length", "vehicle", "case", "event"})
_AND_MORE = re.compile("多(?=[,。;、)的时]|$)")  # 3年多, 两倍多, 20%多
_TENTHS_AND_MORE = Pattern("(?<=成)(?!{numbers.no_remainders.many})多")  # 三成多企业
_LONGEST_WORD, _LONGEST_OBJECT = 4, 30
_ACTS = frozenset({"v", "vn", "vi"})
_LEAD_TO_CHANGE = frozenset("比较均再共微略猛稳激骤陡暴小大")
_LESSENS = Pattern("{changes.adverbs}?(?P<word>{changes.lessening})了?(?!{changes.measures})")
_PROPORTIONS = frozenset({"%", "‰"})
_MEASURED = frozenset({"duration", "times", "length", "mass", "area"})


def number_is_rounded(seen: Seen) -> Answer | None:
    """The number itself says that it is about so much: 290多, 3万余, 十来个."""
    word = seen.spot.figure.inexact
    if word in ("余", "多"):
        return Answer("over", word)
    return Answer("about", word) if word in ("来", "近") else None


def word_after(seen: Seen) -> Answer | None:
    """A word after the unit: 以上, 左右; it decides before one in front."""
    text, end = seen.reading.text, seen.spot.figure.end
    after = text[end : end + _FAR_AFTER].lstrip("的")
    for word, qualifier in seen.reading.lexicon.qualifiers_after.get(after[:1], ()):
        if after.startswith(word) and not _REFERS.match(after):
            return Answer(qualifier, word)
    return None


def and_more(seen: Seen) -> Answer | None:
    """多 after the unit of something measured: 3年多, 两倍多, 两成多."""
    figure, text = seen.spot.figure, seen.reading.text
    is_measured = figure.unit in _PROPORTIONS or figure.form in ("half", "doubling", "fraction")
    is_measured = is_measured or seen.reading.lexicon.kind_of(figure.unit) in _MEASURED
    is_more = _AND_MORE.match(text, figure.end) or _TENTHS_AND_MORE.match(text, figure.end)
    return Answer("over", "多") if is_measured and is_more else None


def word_before(seen: Seen) -> Answer | None:
    """A word in front of the number: 约, 超过, 不低于."""
    return _before(seen, seen.index)


def word_before_list(seen: Seen) -> Answer | None:
    """The word in front of the first of a list, where this one has none: 突破8万亿元、9万亿元."""
    index = seen.index
    while index and _continues_list(seen.reading, seen.passage.spots[index]):
        index -= 1
        if found := _before(seen, index):
            return found
    return None


def exact(seen: Seen) -> Answer:
    """Nothing says otherwise."""
    return _EXACT


QUALIFIER = Field("qualifier", (number_is_rounded, word_after, and_more, word_before, word_before_list, exact))


def below_zero(seen: Seen) -> Answer | None:
    """A negative increase is a decrease, as in tables: 增速为-3.2%. The figure's value is then without its sign."""
    figure = seen.spot.figure
    if figure.high or not (figure.value or "").startswith("-"):
        return None
    if is_rate_again(seen):
        again = _of_amount_before(seen)  # 减少12件(-8.3%)
        return again if again and again.value == "decrease" else None
    found = doubling(seen) or word_of_change(seen) or change_of_list(seen)
    if not found or found.value not in _OPPOSITE:
        return None
    return Answer(_OPPOSITE[found.value], found.words)


def doubling(seen: Seen) -> Answer | None:
    """翻一番."""
    return _own_doubling(seen, seen.index)


def word_of_change(seen: Seen) -> Answer | None:
    """A word of change right before the number: 增长, 下降, 达到; ``to`` where it is the level reached by one."""
    return _own_change(seen, seen.index)


@only_with("{growth.more}", "{growth.fewer}")
def more_or_fewer_than_before(seen: Seen) -> Answer | None:
    """It is how many more or fewer there are than before: 较上年多52件."""
    words = seen.reading.text[seen.spot.left : seen.spot.figure.start].strip()
    change = more_or_fewer(words) if seen.index else ""
    return Answer(change, words) if change else None


def change_of_list(seen: Seen) -> Answer | None:
    """That of the figure before, where nothing but a mark of a list stands between the two."""
    index = seen.index
    while index and _continues_list(seen.reading, seen.passage.spots[index]):
        index -= 1
        if found := _own_doubling(seen, index) or _own_change(seen, index):
            return found
    return None


@only_with("{changes.lessening}")
def change_of_object(seen: Seen) -> Answer | None:
    """A verb that makes its object less: 压减会议、培训等支出6.4亿元, 减少化肥施用量1.2万吨."""
    text = seen.reading.text[seen.spot.left : seen.spot.figure.start].lstrip(" ,、")
    match = _LESSENS.match(text)
    if not match or seen.spot.joint not in (",", ";", "start") or len(text) > _LONGEST_OBJECT:
        return None
    return Answer("decrease", match["word"]) if text[match.end() :] else None


def of_restated(seen: Seen) -> Answer | None:
    """That of the figure before, which this one says again: 酌删三分之一, 即66万元; 增加12件(8.3%)."""
    text = seen.reading.text[seen.spot.left : seen.spot.figure.start].strip(" ,、")
    if not seen.index:
        return None
    if is_rate_again(seen):
        return None if (seen.spot.figure.value or "").startswith("-") else _of_amount_before(seen)
    return _own_change(seen, seen.index - 1) if text in words_of("changes.restating") else None


def is_rate_again(seen: Seen) -> bool:
    """Whether it is a proportion and alone in a bracket right behind the figure before, as the rate of a change is behind its amount."""
    text, figure = seen.reading.text, seen.spot.figure
    if not seen.index or figure.unit not in _PROPORTIONS:
        return False
    between = text[seen.passage.spots[seen.index - 1].figure.end : figure.start]
    return between in ("(", "(+") and text[figure.end : figure.end + 1] == ")"


def _of_amount_before(seen: Seen) -> Answer | None:
    """The change whose amount stands before a proportion; one that is a proportion itself has no rate."""
    before = seen.index - 1
    if seen.passage.spots[before].figure.unit in _PROPORTIONS:
        return None
    found = _own_change(seen, before)
    return found if found and found.value in _OPPOSITE else None


def no_change(seen: Seen) -> Answer:
    """It is not called one."""
    return NO_VALUE


CHANGE = Field(
    "change",
    (
        below_zero,
        doubling,
        word_of_change,
        more_or_fewer_than_before,
        change_of_list,
        change_of_object,
        of_restated,
        no_change,
    ),
)
_OPPOSITE: dict[str | None, str] = {"increase": "decrease", "decrease": "increase"}


def _before(seen: Seen, index: int) -> Answer | None:
    text, candidate, lexicon = seen.reading.text, seen.passage.spots[index].figure, seen.reading.lexicon
    before = _words_before(text, candidate, 0)
    if candidate.form == "half" and before.endswith(("过", "超")):
        return Answer("over", before[-1])
    if candidate.unit in _SHARES and (limit := _LIMIT_OF_BASE.search(before)):
        before = limit["limit"]  # 不低于最低标准的1.6倍
    for word, qualifier in lexicon.qualifiers_before.get(before[-1:], ()):
        if before.endswith(word) and not _is_part_of_word(before, word, text, candidate, lexicon):
            return Answer(qualifier, word)
    return None


def _words_before(text: str, candidate: Candidate, clause_start: int) -> str:
    before = text[max(0, clause_start, candidate.start - _NEAR) : candidate.start]
    if before.rstrip(" ").endswith(words_of("qualifiers.currencies")):
        before = _CURRENCY.sub("", before)
    return before.rstrip(_OPENING)


def _own_doubling(seen: Seen, index: int) -> Answer | None:
    figure = seen.passage.spots[index].figure
    return Answer("increase", seen.reading.text[figure.start : figure.end]) if figure.form == "doubling" else None


def _own_change(seen: Seen, index: int) -> Answer | None:
    spot, lexicon = seen.passage.spots[index], seen.reading.lexicon
    before = _TIME_BETWEEN.sub("", _words_before(seen.reading.text, spot.figure, spot.left))
    match = lexicon.change_before.search(before)
    if not match or before[: match.start()].endswith("新"):
        return None  # 新增 names something done
    if vocabulary().at_end.search(before, 0, match.start()) or match.group() in set_of("changes.other_acts"):
        return None  # 没有增加37人, 调成198件
    word = match["word"]
    if len(word) == 1 and _is_part_of_verb(before[: match.start() + 1], seen.reading.words):
        return None  # 起降60架次
    if word.endswith(("幅", "速")) and _COMPARED_LEFT.search(before, 0, match.start()):
        return None  # 高于全国增幅3.77个百分点 is a difference
    if word == "提升" and _is_count(seen.reading.text, spot.figure, lexicon):
        return None  # 改造提升24个服务区 names something done
    if match["reached"] and not word.endswith(("幅", "速")):
        return Answer("to", match.group())
    change = lexicon.changes[word]
    return None if change == "to" else Answer(change, match.group())


def _is_part_of_verb(text: str, words: Words) -> bool:
    """Whether the last character only ends a word that says something else: 起降."""
    last = words.cut(text[-_LONGEST_WORD:])[-1:]
    return bool(last) and len(last[0].text) > 1 and last[0].tag in _ACTS and last[0].text[0] not in _LEAD_TO_CHANGE


def _continues_list(reading: ReadingText, spot: Spot) -> bool:
    """Whether nothing but a mark of a list stands between a figure and the one before."""
    between = reading.text[spot.left : spot.figure.start].strip(" 、和与及约近超")
    return spot.joint in ("、", "same") and not between


def _is_part_of_word(before: str, word: str, text: str, candidate: Candidate, lexicon: Lexicon) -> bool:
    if before.endswith(lexicon.no_qualifiers):
        return True
    if word in ("上", "过", "破"):
        # 上千 and 过万 estimate; 网上3件, 通过3件 and 跨过两个大关 do not.
        return text[candidate.start] not in MULTIPLIERS or before.endswith(words_of("qualifiers.places_and_ways"))
    return word == "近" and candidate.unit == "年"  # 近5年来 looks back, it does not round


def _is_count(text: str, candidate: Candidate, lexicon: Lexicon) -> bool:
    is_level = candidate.unit == "位" or text.startswith(words_of("qualifiers.levels"), candidate.end)
    return lexicon.kind_of(candidate.unit) in _COUNTS and not is_level
