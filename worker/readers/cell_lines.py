"""The lines of one table cell, joined."""

from collections.abc import Sequence

from worker.readers import digits


def gap_between(before: str, after: str) -> str:
    """What parts two lines of a cell where they are joined: nothing, but for Latin words, and for digits that meet.

    >>> gap_between("法律服", "务机构"), gap_between("GDP", "per capita"), gap_between("1286", "8.6%")
    ('', ' ', '  ')
    >>> gap_between("GDP", "增长"), gap_between("é", "a"), gap_between("GDP", "2023"), gap_between("9", "a"), gap_between("", "a")
    ('', '', ' ', '', '')
    """
    if digits.meet(before, after):
        return digits.GAP
    last = before[-1:]
    return " " if last.isalpha() and f"{last}{after[:1]}".isascii() else ""


def join_lines(lines: Sequence[str]) -> str:
    """Lines of a cell as one.

    >>> join_lines(["法律服", "务机构"]), join_lines(["GDP", "per capita"])
    ('法律服务机构', 'GDP per capita')
    """
    return join_with_seams(lines)[0]


def join_with_seams(lines: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Lines of a cell as one, and the places in it where digits of two lines meet.

    >>> join_with_seams(["案件", "1286", "8.6%"])
    ('案件1286  8.6%', ((5, 9),))
    """
    text = ""
    seams = []
    for line in lines:
        gap = gap_between(text, line) if text else ""
        if gap == digits.GAP:
            seams.append((len(text) - 1, len(text) + len(gap) + 1))
        text += gap + line
    return text, tuple(seams)
