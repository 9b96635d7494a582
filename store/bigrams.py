"""Text as pairs of characters, and a search as phrases of them: finds what is there, whatever a segmenter would make of it."""

import re
import unicodedata
from operator import add

_RUN = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"\s+")
_MARKS = [(mark, unicodedata.normalize("NFKC", mark)) for mark in "，；：（）％！？"]


def of_text(folded_text: str) -> str:
    """The pairs of letters and digits that stand next to each other in a folded text.

    >>> of_text("行政复议,12件,共")
    '行政 政复 复议 12 2件'
    """
    return " ".join(filter(str.isalnum, map(add, folded_text, folded_text[1:])))


def of_search(words: str) -> tuple[str, tuple[str, ...]]:
    """What FTS5 is asked for, and the single characters that it cannot be asked for; all words have to be there.

    >>> of_search("行政复议 12"), of_search("复"), of_search("!")
    (('"行政 政复 复议" "12"', ()), ('', ('复',)), ('', ()))
    """
    runs = runs_of(words)
    phrases = [f'"{" ".join(map(add, run, run[1:]))}"' for run in runs if len(run) > 1]
    return " ".join(phrases), tuple(run for run in runs if len(run) == 1)


def runs_of(words: str) -> list[str]:
    """The runs of letters and digits of a search, folded: each stands whole in a folded text that has it.

    >>> runs_of("行政复议，ＧＤＰ 复")
    ['行政复议', 'gdp', '复']
    """
    return [run for word in _SPACES.split(folded(words)) for run in _RUN.findall(word)]


def folded(text: str) -> str:
    """Full-width forms and capitals as their plain ones."""
    # Nearly every sentence has one of these, and hardly one anything else that is not plain already: those are left as they
    # are after a look, which takes a fiftieth of the time.
    for mark, plain in _MARKS:
        text = text.replace(mark, plain)
    return unicodedata.normalize("NFKC", text).casefold()
