"""Numbers in pieces: typesetting has spaced them out, or recognition has read letters for digits (4O 5万, 2 l,828)."""

import re

from worker.extract.kinds.surroundings import NumberKind, Sight

# A space between two digits, or a letter that looks like one, means that the number begins or goes on there.
# So does a point without a digit right before it (3 .5亿元).
_LEFT = re.compile(
    r"[0-9OIl|],? ?[OIl|]$|[0-9OIl|],? $|[OIl|][,.]$|(?:[\u4e00-\u9fff]|[0-9] )\.$|[0-9](?:[.,]{2,}|['’])$"
)
_RIGHT = re.compile(r"[OIl|](?![A-Za-z])| [0-9OIl|](?![A-Za-z])|[,.] ?[OIl|](?![A-Za-z])")
_GROUPED_RIGHT = re.compile(r" ?, ?[0-9OIl|]")
# 98,5% and 0,500 have a comma for their point, or are two numbers; three with commas are a list.
_COMMA_LEFT = re.compile(r"(?<![0-9.])(?<![0-9],)[0-9]{1,3}(?:,[0-9]{3})*,$")
_COMMA_RIGHT = re.compile(r",[0-9]{1,2}(?![0-9,.])")
_LISTED_LEFT = re.compile("[0-9],$")
_SHORT = re.compile(r"[0-9]{1,3}")
_SHORT_OF_MANY = re.compile(r"[0-9]{1,3}[十百千万亿]*")
# No one divides thousands like this: 1234,500.
_ILL_GROUPED_LEFT = re.compile(r"(?<![0-9.,])[0-9]{4,},$")
_ILL_GROUPED_RIGHT = re.compile(r",[0-9]{3}(?![0-9])")
_GROUPS = re.compile(r"[0-9]{3}(?![0-9])")
_LONG = re.compile(r"[0-9]{4,}")
_NEXT_IN_LIST = re.compile(r" ?[、和与及] ?[OIl|?？�]")
_SHARED = frozenset({"", "个"})


def find_torn(seen: Sight) -> NumberKind | None:
    """A number whose digits go on after a gap, or whose unit stands after such a number."""
    candidate = seen.candidate
    if not candidate.arabic:
        return None
    if _RIGHT.match(seen.after) or (not seen.follows_word and _LEFT.search(seen.left)):
        return TORN
    if "," in seen.number and _GROUPED_RIGHT.match(seen.after):
        return TORN
    if "," in seen.number and seen.number.startswith("0"):
        return TORN
    if _has_comma_for_point(seen) or _is_ill_grouped(seen):
        return TORN
    if candidate.unit in _SHARED and _NEXT_IN_LIST.match(seen.right):
        return TORN
    return None


def _has_comma_for_point(seen: Sight) -> bool:
    if not seen.follows_word and _SHORT_OF_MANY.fullmatch(seen.number) and _COMMA_LEFT.search(seen.left):
        return not seen.after.startswith(",")
    if _SHORT.fullmatch(seen.number) and _COMMA_RIGHT.match(seen.after):
        return not _LISTED_LEFT.search(seen.left)
    return False


def _is_ill_grouped(seen: Sight) -> bool:
    if _GROUPS.match(seen.number) and not seen.follows_word:
        return bool(_ILL_GROUPED_LEFT.search(seen.left))
    return bool(_LONG.fullmatch(seen.number) and _ILL_GROUPED_RIGHT.match(seen.after))


TORN = NumberKind("damaged", "a number in pieces", "class.torn")
