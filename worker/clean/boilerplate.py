"""What a site puts around a report: paths, widgets, related links, the foot of the page."""

import re
from collections.abc import Sequence
from functools import lru_cache

from worker.clean.lines import Line
from worker.facts import load_facts

_WORD = re.compile(r"[^ \u00a0\u3000\t\[\]【】()（）<>《》|｜/:：·•,，、+-]+")
_CRUMB_MARK = re.compile(r"[>＞»›/]+|-?>+")
LONGEST_CRUMB = 20
#: Inside a report's body only lines up to this length can be taken for page furniture.
LONGEST_INSIDE = 60
FEWEST_INSIDE = 2


def boilerplate_lines(lines: Sequence[Line], simple: Sequence[str], first: int, last: int) -> set[int]:
    """The indexes of the lines that are no part of the report.

    ``simple`` are the lines' texts in simplified script; the body lies in ``lines[first:last]``. Inside the body only
    lines go that can be nothing else.
    """
    gone = set(_crumbs(lines, simple, first))
    cues = _cues()
    for index, text in enumerate(simple):
        inside = first <= index < last
        if inside and len(text) > LONGEST_INSIDE:
            continue
        if (
            _is_widgets(text, FEWEST_INSIDE if inside else 1)
            or _matches(cues["any"], text)
            or (index >= last and _matches(cues["tail"], text))
        ):
            gone.add(index)
    opener = next((index for index in range(last, len(lines)) if _matches(cues["opener"], simple[index])), len(lines))
    gone.update(range(opener, len(lines)))
    return _with_neighbours(gone, lines, simple, first, last)


def is_page_furniture(text: str) -> bool:
    """Whether a line in simplified script can be nothing but a part of the page."""
    cues = _cues()
    return _is_widgets(text) or any(_matches(cues[where], text) for where in ("any", "opener"))


def _crumbs(lines: Sequence[Line], simple: Sequence[str], first: int) -> list[int]:
    """A path written one step a line: 首页, >, 政务信息, >, 要闻, and the last step again as the column's name."""
    found: list[int] = []
    for index in range(min(first, len(lines))):
        if found and index <= found[-1]:
            continue
        step = index
        while step + 2 < len(lines) and _CRUMB_MARK.fullmatch(simple[step + 1]) and len(simple[step]) <= LONGEST_CRUMB:
            step += 2
        if step > index and len(simple[step]) <= LONGEST_CRUMB:
            found += range(index, step + 1)
            if step + 1 < first and simple[step + 1] == simple[step]:
                found.append(step + 1)
    return found


def _with_neighbours(gone: set[int], lines: Sequence[Line], simple: Sequence[str], first: int, last: int) -> set[int]:
    """Weak words and stray brackets beside lines that go: they go as well, head and foot of the page only."""
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for index in order:
            if index in gone or first <= index < last:
                continue
            if not {index - 1, index + 1} & gone:
                continue
            if _words_of(simple[index]) <= _words("beside"):
                gone.add(index)
    return gone


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= 300 and bool(pattern.fullmatch(text))


@lru_cache(maxsize=1)
def _cues() -> dict[str, re.Pattern[str]]:
    cues: dict[str, list[str]] = {"any": [], "opener": [], "tail": []}
    for cue in load_facts("boilerplate")["cue"]:
        cues[cue["where"]].append(f"(?:{cue['pattern']})")
    return {where: re.compile("|".join(patterns)) for where, patterns in cues.items()}


def _is_widgets(text: str, fewest: int = 1) -> bool:
    first = _WORD.search(text)
    if first is None or (first[0] not in _words("words") and first[0] not in _words("beside")):
        return False
    words = _words_of(text)
    return len(words & _words("words")) >= fewest and words <= _words("words") | _words("beside")


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(text))


@lru_cache(maxsize=2)
def _words(of: str) -> frozenset[str]:
    return frozenset(load_facts("boilerplate")["widgets"][of])
