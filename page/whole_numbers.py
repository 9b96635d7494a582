"""Whole numbers in addresses and forms, which anybody may have written."""

_MOST_DIGITS = 18  # what SQLite holds has more; int() refuses what is very long


def whole(text: str) -> int | None:
    """The number that a text is, in digits of ASCII alone; None where it is none, or longer than any of ours.

    >>> whole("120"), whole("9" * 18), whole("1" + "0" * 18), whole("１２"), whole("-1"), whole("²"), whole("")
    (120, 999999999999999999, None, None, None, None, None)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
