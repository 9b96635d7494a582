"""What a page in Markdown is made of, without its words: for pages that are kept in two languages."""

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`]+`")
_COMMENT = re.compile(r"\s+#.*$")


@dataclass(frozen=True)
class Shape:
    """Levels of heads, blocks of code without comments, and tables by the code in their first columns."""

    heads: tuple[int, ...]
    blocks: tuple[tuple[str, str], ...]
    tables: tuple[tuple[int, tuple[str, ...]], ...]


def shape_of(page: str) -> Shape:
    """The shape of a page."""
    prose = _FENCE.sub("", page)
    heads = tuple(len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE))
    blocks = tuple((kind, _without_comments(text)) for kind, text in _FENCE.findall(page))
    return Shape(heads, blocks, tuple(map(_table, re.findall(r"(?:^\|.*\n?)+", prose, re.MULTILINE))))


def commands_of(page: str) -> list[str]:
    """What a page tells its reader to type, line by line."""
    return [line for kind, text in _FENCE.findall(page) if kind == "sh" for line in _without_comments(text).split("\n")]


def _without_comments(text: str) -> str:
    return "\n".join(line for line in (_COMMENT.sub("", one).rstrip() for one in text.split("\n")) if line)


def _table(text: str) -> tuple[int, tuple[str, ...]]:
    rows = [line.strip("|").split(" | ") for line in text.strip().split("\n")]
    return len(rows[0]), tuple(" ".join(_CODE.findall(row[0])) for row in rows)
