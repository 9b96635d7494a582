"""What stands before a value where people read it: how exact it is, and which way it went."""

#: What stands before a figure that is not exact. 不少于, 以上 and 余 are all ``over``: at least so many holds for each of them.
SIGNS: dict[str | None, str] = {"about": "≈", "over": "≥", "under": "≤"}
#: Measures whose values are changes: 增长8% is +8, 下降8% is −8, both with the value 8.
SIGNED = frozenset({"rate_of_change", "difference", "yearly_mean"})
_WAYS: dict[str | None, str] = {"increase": "+", "decrease": "−"}


def sign_of(qualifier: str | None, measure: str | None, change: str | None) -> str:
    """The signs before a figure's value; none where it is exact and no change.

    >>> sign_of("exact", "rate_of_change", "decrease"), sign_of("over", "difference", "increase"), sign_of("under", "level", "to")
    ('−', '≥+', '≤')
    """
    way = _WAYS.get(change, "") if measure in SIGNED else ""
    return SIGNS.get(qualifier, "") + way
