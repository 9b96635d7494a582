"""Numbers in pieces: typesetting has spaced them out, or recognition has read letters for digits (4O 5万, 2 l,828)."""

import re

from worker.extract.sight import Sight, Verdict

# A space between two digits, or a letter that looks like one, means that the number begins or goes on there.
_LEFT = re.compile(r"[0-9OIl|],? ?[OIl|]$|[0-9OIl|],? $|[OIl|][,.]$")
_RIGHT = re.compile(r"[OIl|](?![A-Za-z])| [0-9OIl|](?![A-Za-z])|[,.] ?[OIl|](?![A-Za-z])")
_GROUPED_RIGHT = re.compile(r" ?, ?[0-9OIl|]")
_NEXT_IN_LIST = re.compile(r" ?[、和与及] ?[OIl|?？�]")
_SHARED = frozenset({"", "个"})


def find_torn(seen: Sight) -> Verdict | None:
    """A number whose digits go on behind a gap, or whose unit stands behind such a number."""
    candidate = seen.candidate
    if not candidate.arabic:
        return None
    if _LEFT.search(seen.left) or _RIGHT.match(seen.after):
        return TORN
    if "," in seen.number and _GROUPED_RIGHT.match(seen.after):
        return TORN
    if candidate.unit in _SHARED and _NEXT_IN_LIST.match(seen.right):
        return TORN
    return None


TORN = Verdict("damaged", "a number in pieces")
