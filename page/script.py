"""Simplified and traditional script: the store keeps the one, whatever a report is written in; some readers want the other."""

import re
import tomllib
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

_MOST_KEPT: Final = 4096  # names; the catalogue has a thousand


def simplified(words: str) -> str:
    """Words of a search in the script of the store, as reading brings reports into it.

    >>> simplified("行政復議 受理")
    '行政复议 受理'
    """
    return _converter("t2s")(words)


@lru_cache(_MOST_KEPT)
def traditional(name: str) -> str:
    """A name of ours, of an indicator or a place, as it is written in Taiwan.

    For names alone: what a report says is shown as it was read.

    >>> traditional("行政复议案件受理"), traditional("上海市徐汇区"), traditional("GDP")
    ('行政復議案件受理', '上海市徐匯區', 'GDP')
    """
    words = _words()
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", name)
    return "".join(words.get(piece) or _converter("s2tw")(piece) for piece in pieces)


@cache
def _words() -> dict[str, str]:
    table = tomllib.loads(files("page").joinpath("data", "traditional.toml").read_text("utf-8"))
    return {row["simplified"]: row["traditional"] for row in table["word"]}


@cache
def _converter(config: str) -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC(config).convert
    return convert
