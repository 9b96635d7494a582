"""Refuses text that is little but numbers or ends of lines: to ask of each what it is takes longer than a reader has."""

import re
from itertools import islice
from typing import Final

from worker.readers.reading import MOST_CELLS, refusal

#: Numbers of a text outside its tables. A hundred thousand take four to eight seconds, be they figures or none; an event
#: holds the figures of fewer.
MOST_NUMBERS: Final = 400_000
#: Lines that are not blank.
MOST_LINES: Final = 300_000

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})++(?:\.\d++)?|\d++(?:\.\d++)?|[〇零一二两兩三四五六七八九十百千万萬亿億]++")
_LINE = re.compile(r"\S[^\S\n]*+(?:\n|\Z)")


def refuse_crowded_lines(text: str) -> None:
    """Look at text before its tables are looked for.

    Raises:
        BadReport: ``too_complex``: it has more lines than ``MOST_LINES``, or more numbers than text and tables may have.
    """
    if (place := _place_of_next(_LINE, text, MOST_LINES)) is not None:
        seen = f"more than {MOST_LINES} lines that are not blank; so many are allowed, split the file"
        raise refusal("too_complex", seen, f"character {place}")
    refuse_crowded_numbers(text, MOST_CELLS)


def refuse_crowded_numbers(text: str, cells: int) -> None:
    """Look at text whose tables have so many cells, each with a number or without.

    Raises:
        BadReport: ``too_complex``: it has more numbers than ``MOST_NUMBERS`` besides those of cells.
    """
    if (place := _place_of_next(_NUMBER, text, MOST_NUMBERS + cells)) is not None:
        seen = f"more than {MOST_NUMBERS + cells} numbers; {MOST_NUMBERS} are allowed outside of tables, split the file"
        raise refusal("too_complex", seen, f"character {place}")


def _place_of_next(what: re.Pattern[str], text: str, number: int) -> int | None:
    """Where the first one more than a number of them is; None where there is none."""
    if len(text) <= number:
        return None
    found = next(islice(what.finditer(text), number, None), None)
    return found.start() if found else None
