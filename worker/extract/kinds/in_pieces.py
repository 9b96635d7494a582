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
# 98,5% has a comma for its point, or is two numbers; three with commas are a list.
_COMMA_LEFT = re.compile(r"(?<![0-9.])(?<![0-9],)[0-9]{1,3}(?:,[0-9]{3})*,$")
_COMMA_RIGHT = re.compile(r",[0-9]{1,2}(?![0-9,.])")
_LISTED_LEFT = re.compile("[0-9],$")
_SHORT = re.compile(r"[0-9]{1,3}")
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
    if _SHORT.fullmatch(seen.number) and _has_comma_for_point(seen):
        return TORN
    if candidate.unit in _SHARED and _NEXT_IN_LIST.match(seen.right):
        return TORN
    return None


def _has_comma_for_point(seen: Sight) -> bool:
    if not seen.follows_word and _COMMA_LEFT.search(seen.left):
        return len(seen.number) < 3 and not seen.after.startswith(",")
    return bool(_COMMA_RIGHT.match(seen.after)) and not _LISTED_LEFT.search(seen.left)


TORN = NumberKind("damaged", "a number in pieces", "class.torn")
