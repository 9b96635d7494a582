"""Digits of two pieces of text that stand apart: whoever joins the pieces makes no number of them."""

import re

#: What parts such pieces. One blank would not: it may part groups of three, and ``12 345`` is read as one number.
GAP = "  "
TORN = "torn_number"
MESSAGE = "a number may be torn here, or two run together"
LONGEST = 5  # characters on each side that can decide
#: A blank that is read as part of a number: 12 345.
BETWEEN_GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_WIDE = 0.6  # of a character's height; groups of three stand a third of it apart
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MEETING = re.compile(r"\d[.．]?\0[.．]?\d|\d[,，]?\0[,，]?\d{3}(?!\d)|\d\0\d")


def stand_apart(gap: float, height: float) -> bool:
    """Whether digits with such a gap between are two numbers, to whoever sees the page.

    >>> stand_apart(5.0, 16.0), stand_apart(12.0, 16.0)
    (False, True)
    """
    return gap > _WIDE * height


def raised(text: str) -> str:
    """Text set above or below the line, its digits such that they are none of a number's: a note's mark, a power.

    >>> "513" + raised("1") + "件"
    '513¹件'
    """
    return text.translate(_RAISED)


def meet(before: str, after: str) -> bool:
    """Whether a number could be read over the seam of two pieces.

    >>> meet("1286", "8.6%"), meet("35.", "00"), meet("1,", "234"), meet("12件，", "345件"), meet("2023年", "12件")
    (True, True, True, False, False)
    """
    return bool(_MEETING.search(f"{before[-LONGEST:]}\0{after[:LONGEST]}"))
