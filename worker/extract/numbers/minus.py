"""Numbers below zero: 增速为-3.2%, 负2.1%, 零下12℃."""

from typing import NamedTuple

from worker.extract.language.lexicon import Lexicon
from worker.patterns import Pattern, set_of

_SIGN = Pattern(
    "(?:(?<![0-9A-Za-z月日时号点/—–-])(?P<dash>[-−﹣])|(?P<long>[—–])|(?<![{numbers.signed.no_minus}])负|(?P<frost>零下))$"
)
SIGNS = frozenset("-−﹣—–负下")
_SIGNED_LEFT = Pattern("(?:[,:({numbers.signed}]|^)$")
_LONG_DASH_LEFT = Pattern("[{numbers.signed.after_dash}]$")
_COUNTED_LEFT = Pattern("[{numbers.signed.counted}]$")
_NEAR = 8
_SIGNED_KINDS = frozenset({"percent", "money", "temperature", "mass", "energy", "volume", "times", "score", "length"})
_ALWAYS_SIGNED = frozenset({"percent", "temperature"})


class Sign(NamedTuple):
    """Where the minus starts; not ``certain`` where it may be a dash."""

    start: int
    certain: bool


def sign_before(text: str, start: int, unit: str, previous_end: int, lexicon: Lexicon) -> Sign | None:
    """The minus in front of the number that starts there, or None.

    A hyphen between two quantities joins a range (20-30人), one before a count opens a line of a list. A decrease below
    zero (下降-5%) may mean either, and so may a count below zero (净流出-200人).
    """
    if text[start - 1 : start] not in SIGNS:
        return None
    sign = _SIGN.search(text, max(0, start - 2), start)
    if not sign or (previous_end and sign.start() <= previous_end):
        return None
    left = text[max(0, sign.start() - 1) : sign.start()]
    kind = lexicon.kind_of(unit) if unit else None
    if kind not in _SIGNED_KINDS:
        return Sign(sign.start(), certain=False) if sign["dash"] and _COUNTED_LEFT.search(left) else None
    fall = lexicon.change_before.search(text[max(0, sign.start() - _NEAR) : sign.start()])
    if fall and lexicon.changes[fall["word"]] == "decrease":
        return Sign(sign.start(), certain=False)
    if sign["long"]:
        return Sign(sign.start(), certain=False) if _LONG_DASH_LEFT.search(left) else None
    if sign["frost"] and unit not in set_of("numbers.temperatures"):
        return None
    certain = not sign["dash"] or kind in _ALWAYS_SIGNED or bool(_SIGNED_LEFT.search(left))
    return Sign(sign.start(), certain)
