"""Links to the pages before and after, copied on to the end of a report's line."""

import re
from collections.abc import Iterator
from functools import lru_cache

from worker.edits import Edit
from worker.facts import load_facts

_STOPS = ("。", "！", "？", "；")
FARTHEST_STOP = 10  # characters, blanks that is


def find_pagers(text: str) -> Iterator[Edit]:
    """Propose the removal of ``上一篇：…`` after a sentence, up to the end of the line: it names other reports."""
    for match in _pager().finditer(text):
        if text[max(0, match.start() - FARTHEST_STOP) : match.start()].rstrip(" \u3000\t\u00a0").endswith(_STOPS):
            yield Edit(match.start(), match.end(), "", "boilerplate", 0.95)


@lru_cache(maxsize=1)
def _pager() -> re.Pattern[str]:
    words = "|".join(load_facts("boilerplate")["pagers"]["words"])
    return re.compile(f"(?:{words})[ \u3000]*[:：].*")
