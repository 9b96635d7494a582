"""Labels of a table's rows and columns, without what surrounds their words."""

import re
from functools import lru_cache

# A table has few labels, each of which is asked for with every cell.
_LABELS = 8192
_NUMBERINGS = (
    re.compile(r"[一二三四五六七八九十]+[、.．]"),
    re.compile(r"[(（][一二三四五六七八九十]+[)）]"),
    re.compile(r"[0-9]+[、.．]"),
    re.compile(r"[(（][0-9]+[)）]"),
)
_SPACE = re.compile(r"\s+")
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")

UNNUMBERED = len(_NUMBERINGS)


@lru_cache(maxsize=_LABELS)
def bare(label: str) -> str:
    """A label without its numbering, its spaces and the bracket at its end.

    >>> bare("（七）总 计（件）")
    '总计'
    """
    label = _SPACE.sub("", label)
    level = level_of(label)
    if level < UNNUMBERED and (match := _NUMBERINGS[level].match(label)):
        label = label[match.end() :]
    return _REMARK.sub("", label)


@lru_cache(maxsize=_LABELS)
def level_of(label: str) -> int:
    """How deep in a numbered list a label stands: 0 for 一、, 1 for （一）, 2 for 1., 3 for (1), 4 without a number."""
    label = label.lstrip()
    return next((level for level, kind in enumerate(_NUMBERINGS) if kind.match(label)), UNNUMBERED)
