"""Marks of Markdown in plain text, as tools leave them that turn other formats into it: layout, no part of the words."""

import re
from collections.abc import Iterator

from worker.edits import Edit

# CommonMark 0.31: ATX headings (4.2), code spans (6.1), emphasis (6.2). A single * or _ is left alone: it is a note's
# mark or a multiplication as well. Around numbers, marks stand right beside words: 许可`1286`件.
_MARKS = re.compile(
    r"^[ ]{0,3}(?P<heading>#{1,6}[ \t]{1,8})(?=\S)(?:[^\n]{0,120}?(?P<closing>[ \t]{1,8}#{1,6})$)?"
    r"|(?P<strong>\*\*|__)(?=\S)(?P<words>(?:(?!(?P=strong))[^\n|]){1,200}?)(?<=\S)(?P=strong)"
    r"|(?<!`)`(?P<code>[^`\n|]{1,100})`(?!`)",
    re.MULTILINE,
)


_BEGINNINGS = ("#", "**", "__", "`")


def find_marks(text: str) -> Iterator[Edit]:
    """Propose the removal of the marks of headings, strong emphasis and code, each within one line and one cell.

    >>> [text for text in ("# 报告", "**186**", "`1286`件", "#出口", "3**") if list(find_marks(text))]
    ['# 报告', '**186**', '`1286`件']
    """
    if not any(mark in text for mark in _BEGINNINGS):
        return
    place = 0
    while match := _MARKS.search(text, place):
        if match["heading"]:
            yield Edit(*match.span("heading"))
            place = match.end("heading")
            if match["closing"]:
                yield Edit(*match.span("closing"))
        else:
            inner = "words" if match["strong"] else "code"
            yield Edit(match.start(), match.start(inner))
            yield Edit(match.end(inner), match.end())
            place = match.end()
