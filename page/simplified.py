"""Words of a search in the script of the store: figures are kept in simplified script, whatever their report is written in."""

from collections.abc import Callable
from functools import cache


def simplified(words: str) -> str:
    """The words in simplified script, as reading brings reports into it.

    >>> simplified("行政復議 受理")
    '行政复议 受理'
    """
    return _converter()(words)


@cache
def _converter() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
