"""Numbers in pieces: typesetting has spaced them out, or recognition has read letters for digits (4O 5万, 2 l,828)."""

import re
from collections.abc import Sequence
from itertools import pairwise

from worker.extract.kinds.in_words import measures_alone
from worker.extract.kinds.surroundings import NumberKind, Sight
from worker.patterns import Pattern

# A space between two digits, or a letter that looks like one, means that the number begins or goes on there.
# So does a point without a digit right before it (3 .5亿元).
_LEFT = re.compile(
    r"[0-9OIl|],? ?[OIl|]$|[0-9OIl|],? $|[OIl|][,.]$|(?:[\u4e00-\u9fff]|[0-9] )\.$|[0-9](?:[.,]{2,}|['’])$"
)
# A box or, between digits, a question mark stands for a character that was lost: 1□5件, 1?5件.
_LOST_LEFT = Pattern("(?:[\u4e00-\u9fff0-9]{numbers.boxes}|[0-9][?？])$")
_LOST_RIGHT = Pattern("{numbers.boxes}|[?？][0-9]")
_RIGHT = re.compile(r"[OIl|](?![A-Za-z])| [0-9OIl|](?![A-Za-z])|[,.] ?[OIl|](?![A-Za-z])")
_GROUPED_RIGHT = re.compile(r" ?, ?[0-9OIl|]")
# What stands with commas and nothing else around a number.
_GROUPS_LEFT = re.compile(r"(?P<parted>[:∶/]?)(?P<groups>(?:[0-9.]+,)+)$")
_GROUPS = re.compile(r"[0-9.,]*[0-9]")
_NO_GROUP = re.compile("[^0-9]")
_GROUPS_RIGHT = re.compile(r"(?:,[0-9.]*[0-9])+")
# A stop for a point: 12。5万件. After 排名第3 and 为2.3:1 it is a stop.
_STOP_LEFT = re.compile("[\u4e00-\u9fff](?<!第)[0-9]+。$")
_STOP_RIGHT = re.compile("。[0-9]{1,2}(?![0-9年月日])")
_FEW_DIGITS = re.compile("[0-9]{1,2}[十百千万亿]*")
_NEXT_IN_LIST = re.compile(r" ?[、和与及] ?[OIl|?？�]")
_SHARED = frozenset({"", "个"})


def find_torn(seen: Sight) -> NumberKind | None:
    """A number whose digits go on after a gap, or whose unit stands after such a number."""
    candidate = seen.candidate
    if not candidate.arabic:
        return None
    if _RIGHT.match(seen.after) or (not seen.follows_word and _LEFT.search(seen.left)):
        return TORN
    if _LOST_LEFT.search(seen.left) or _LOST_RIGHT.match(seen.after):
        return TORN
    if "," in seen.number and _GROUPED_RIGHT.match(seen.after):
        return TORN
    if _is_ill_divided(seen) or _has_stop_for_point(seen):
        return TORN
    if candidate.unit in _SHARED and _NEXT_IN_LIST.match(seen.right):
        return TORN
    return None


def _is_ill_divided(seen: Sight) -> bool:
    """No one divides thousands so: 98,5 and 0,500 have a comma for their point, 1234,500 and 1,2345 and 12,34,567 lack digits.

    Some with commas, of which no two make a whole number, are a list. A full-width comma parts clauses (得分98，1200人). Where
    it could divide a number, too, neither can be believed behind what is measured without a unit (得分98，120个村).
    """
    if "," not in (seen.number + seen.left[-1:] + seen.after[:1]):
        return False
    if not (digits := _GROUPS.match(seen.number)):
        return False
    left = _GROUPS_LEFT.search(seen.left)
    right = _GROUPS_RIGHT.match(seen.after) if digits[0] == seen.number else None
    start, end, commas = seen.candidate.start, seen.candidate.start + len(digits[0]), seen.reading.wide_commas
    if any(start < comma < end for comma in commas):
        return measures_alone(seen.left)
    groups = ((left["groups"] if left else "") + digits[0] + (right[0] if right else "")).split(",")
    if any(map(_NO_GROUP.search, groups[:-1])) or (right and seen.after.startswith("年", right.end())):
        return False
    if groups[0] == "0":
        return True
    sizes = [len(group.partition(".")[0]) for group in groups]
    if start - 1 in commas or end in commas:
        return len(sizes) == 2 and sizes[0] < 4 and sizes[1] < 3 and not (left and left["parted"])
    if left and left["parted"]:
        return sizes[-1] < 3  # 占1/10,4386万名
    if len(groups) != 2:
        return not _is_whole(sizes) and any(_is_whole(two) for two in pairwise(sizes))
    return not _is_whole(sizes) and (sizes[0] <= 3 or sizes[1] == 3)


def _is_whole(sizes: Sequence[int]) -> bool:
    return sizes[0] <= 3 and all(size == 3 for size in sizes[1:])


def _has_stop_for_point(seen: Sight) -> bool:
    if _STOP_LEFT.search(seen.left):
        return bool(_FEW_DIGITS.fullmatch(seen.number))
    return seen.number.isdecimal() and bool(_STOP_RIGHT.match(seen.after))


TORN = NumberKind("damaged", "a number in pieces", "class.torn")
