"""Heads and feet of pages that were left in a text: ``— 3 —``, the paper's name and the date, again and again."""

import re
from collections import Counter
from collections.abc import Iterator

from worker.clean.lines import Line, lines_of
from worker.edits import Edit

_PAGE_NUMBER = re.compile(
    r"(?:[-—–─·.] ?)?(?:第 ?)?\d{1,5}(?: ?页)?(?: ?[/／] ?\d{1,5})?(?:[ ,，]*共 ?\d{1,5} ?页)?(?: ?[-—–─·.])?"
)
_DIGITS = re.compile(r"\d+")

#: Lines that differ in their digits only are heads of pages if there are so many, each this near a page's number.
FEWEST_PAGES = 5
NEAR_LINES = 2
LONGEST_HEAD = 60
LEAST_SHARE = 0.8


def find_running_heads(text: str) -> Iterator[Edit]:
    """Propose the removal of page numbers that stand alone and count up, and of the lines that go with them.

    What stood before and after them comes together with one line break between.
    """
    lines = list(lines_of(text))
    numbers = _counted(lines)
    if len(numbers) < FEWEST_PAGES:
        return
    gone = numbers | _with_numbers(lines, numbers)
    for index in sorted(gone):
        if index - 1 in gone:
            continue
        last = index
        while last + 1 in gone:
            last += 1
        start = lines[index - 1].end if index else lines[index].start
        end = lines[last + 1].start if last + 1 < len(lines) else lines[last].end
        yield Edit(start, end, "\n" if index and last + 1 < len(lines) else "", "boilerplate", 0.9)


def _counted(lines: list[Line]) -> set[int]:
    """Lines that hold a page number, each one more than the one before it.

    A number right above or below another is a cell of a table that stands one to a line, and counts for nothing.
    """
    numbers = {
        index
        for index, line in enumerate(lines)
        if len(line.text) <= LONGEST_HEAD and _PAGE_NUMBER.fullmatch(line.text)
    }
    found: set[int] = set()
    last = None
    for index in sorted(numbers):
        if index - 1 in numbers or index + 1 in numbers:
            continue
        match = _DIGITS.search(lines[index].text)
        number = int(match[0]) if match else 0
        if last is not None and number == last[1] + 1:
            found |= {last[0], index}
        last = (index, number)
    return found


def _with_numbers(lines: list[Line], numbers: set[int]) -> set[int]:
    near: dict[str, list[int]] = {}
    total: Counter[str] = Counter()
    for index, line in enumerate(lines):
        if len(line.text) > LONGEST_HEAD or index in numbers:
            continue
        masked = _DIGITS.sub("0", line.text)
        total[masked] += 1
        if any(index + step in numbers for step in range(-NEAR_LINES, NEAR_LINES + 1)):
            near.setdefault(masked, []).append(index)
    return {
        index
        for masked, indexes in near.items()
        if len(indexes) >= FEWEST_PAGES and len(indexes) >= LEAST_SHARE * total[masked]
        for index in indexes
    }
