"""A title that the page gives twice."""

import re
from collections.abc import Iterator

from worker.clean.lines import lines_of, with_break
from worker.edits import Edit

_BLANKS = re.compile(r"\s+")
#: A title stands among the first lines that a report has.
LINES_LOOKED_AT = 12
SHORTEST_TITLE = 4


def find_repeats(text: str) -> Iterator[Edit]:
    """Propose the removal of a title's repetition: one of the first lines, again right below itself."""
    before = ""
    for index, line in enumerate(lines_of(text)):
        if index >= LINES_LOOKED_AT or line.is_prose:
            return
        words = _BLANKS.sub("", line.text)
        if words == before and len(words) >= SHORTEST_TITLE:
            yield Edit(*with_break(text, line), "", "repeat")
        before = words
