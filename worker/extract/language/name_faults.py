"""What no published name may be: empty, a number, only a preposition, half of a bracket, a mark of a note, the end of a bound.

``CHECKS`` are asked in order; the first that holds names the fault.
"""

import re
from collections.abc import Callable
from functools import cache

from worker.extract.language.words import MARKS, Words
from worker.patterns import Pattern, set_of

_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("《", "》"), ("「", "」"), ("〔", "〕"), ("【", "】"))
_HALVES = frozenset(half for pair in _PAIRS for half in pair)
_NUMBER = re.compile("[0-9０-９.,，:：%‰/ -]+")
_PIECE = Pattern("[0-9][0-9.,]*[十百千万亿]*(?:{names.quantities}|[\u4e00-\u9fff])(?:{indicators.growth})?")
_NOTE = Pattern(r"[①-⑳]|\[ ?[0-9]{1,2} ?\]|\({names.references}[^()]{0,12}\)|^\*+|\*+$")
_MARK_OF_NOTE = Pattern(r" ?(?:[①-⑳]|\[ ?[0-9]{1,2} ?\]|\({names.references}[^()]{0,12}\)|\*+(?=[,;。、)]|$))")
_BOUND = re.compile("及?以[上下内]的?")
_AGAINST = Pattern("{growth.base.than}.{0,4}{indicators.told_in_accounts}(?:{indicators.growth}|[多少高低])?|.+相比")
_TWICE = re.compile("([\u4e00-\u9fff]{3,})\\1")
_FEWEST_REPEATED = 3  # characters
_HINT = re.compile(r"[①-⑳\[(*]")
# What a word of only function can be: prepositions, conjunctions, adverbs, particles, marks.
_FUNCTION = frozenset("pcduxy")


def is_empty(name: str, words: Words) -> bool:
    """Nothing."""
    return not name.strip()


def is_number(name: str, words: Words) -> bool:
    """A number, or a piece of one, with what it counts: 48.6, 5万人增长 of 1,5万人."""
    return bool(_NUMBER.fullmatch(name) or _PIECE.fullmatch(name))


def is_base(name: str, words: Words) -> bool:
    """Only what a sum is set against: 比预算数, 较上年决算数增加, 第七次人口普查相比."""
    return bool(_AGAINST.fullmatch(name))


def is_lead(name: str, words: Words) -> bool:
    """Only what leads to a number: 累计达到. A sum may be called 合计."""
    return name in set_of("indicators.before_number") and name not in set_of("relations.table_totals")


def is_function_word(name: str, words: Words) -> bool:
    """Only prepositions, adverbs, particles and words that compare: 较, 比同期高."""
    if len(name) > _LONGEST_FUNCTION:
        return False
    idle = set_of("names.idle")
    return all(
        word.text in idle or word.text in MARKS or (word.tag[0] in _FUNCTION and len(word.text) == 1)
        for word in words.cut(name)
    )


def is_bare_act(name: str, words: Words) -> bool:
    """Only a change, or a verb of no meaning of its own: 增长, 开展. Others may say what their unit counts: 走访12家."""
    return name in _bare_acts()


@cache
def _bare_acts() -> frozenset[str]:
    lists = ("growth", "empty", "leading", "existence")
    return frozenset().union(*(set_of(f"indicators.{name}") for name in lists))


def is_unpaired(name: str, words: Words) -> bool:
    """With half of a bracket or of a quotation: 规范性文件1]备案."""
    return not _HALVES.isdisjoint(name) and any(name.count(left) != name.count(right) for left, right in _PAIRS)


def has_note(name: str, words: Words) -> bool:
    """With the mark of a note: 案件②办理."""
    return bool(_HINT.search(name) and _NOTE.search(name))


def opens_with_bound(name: str, words: Words) -> bool:
    """With what belongs to the number before: 以上的企业检查, after 对100人."""
    return bool(_BOUND.match(name))


_LONGEST_FUNCTION = 6
CHECKS: tuple[Callable[[str, Words], bool], ...] = (
    is_empty,
    is_number,
    is_base,
    is_function_word,
    is_bare_act,
    is_lead,
    is_unpaired,
    has_note,
    opens_with_bound,
)


def fault_of(name: str, words: Words) -> str:
    """Why a name may not be published, as the name of the check that it fails; empty where it may.

    Whether its words are those of the report is no matter of this: names are made of the report's words alone.
    """
    return next((check.__name__ for check in CHECKS if check(name, words)), "")


def without_notes(text: str) -> str:
    """The words without marks of notes and brackets that only refer: [1], ②, (见附表3)."""
    return _MARK_OF_NOTE.sub("", text) if _HINT.search(text) else text


def mended(name: str) -> str:
    """The name without the halves of brackets and quotations, marks of notes, and the end of a bound before it."""
    for left, right in _PAIRS:
        if name.count(left) != name.count(right):
            name = name.replace(left, "").replace(right, "")
    name = without_notes(name).strip("、,;: *")
    return name[bound.end() :] if (bound := _BOUND.match(name)) else name


def without_repeats(name: str) -> str:
    """The name with words that it says twice in a row said once: 水库重点工程重点工程, 合计占占比."""
    if len(name) - len(set(name)) >= _FEWEST_REPEATED:
        name = _TWICE.sub(r"\1", name)
    return name.replace("占占", "占")


def holds_quantity(text: str) -> bool:
    """Whether a number with a unit stands in the words: 装机一千瓦."""
    return bool(_QUANTITY.search(text))


_QUANTITY = Pattern("[0-9一二两三四五六七八九十百千万亿]{names.quantities}")


_LONG_BRACKET = re.compile(r"\([^()]{7,}\)")


def without_long_brackets(text: str) -> str:
    """The text without what stands in brackets and is longer than another spelling or a unit is."""
    return _LONG_BRACKET.sub("", text) if "(" in text else text
