"""An official paper whose number, title, addressee, body, signer and date were run into one line."""

import re
from collections.abc import Iterator

from worker.edits import Edit
from worker.patterns import Pattern

_NUMBER = r"[\u4e00-\u9fffA-Za-z]{1,14}[〔\[(（【]\d{4}[〕\])）】] ?(?:第 ?)?\d{1,5} ?号"
_TITLE = r"[^。；：:，,\n]{0,40}?关于[^。；：:，,\n]{4,60}?(?:报告|总结|通报|公告|汇报)"
_ADDRESSEE = r"[^。；：:，,\s][^。；：:，,\n]{1,28}[：:]"
_HEAD = re.compile(
    rf"(?P<number>{_NUMBER})?(?P<before_title>\s*)(?P<title>{_TITLE})(?P<before_to>\s*)(?P<to>{_ADDRESSEE})(?P<after>\s*)"
)
_SIGNED = Pattern(
    r"(?<=[。！!])(?P<before>\s*)(?P<organ>[\u4e00-\u9fff]{2,28}(?:{document.organisations.suffixes}))(?P<between>\s*)(?P<day>\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日)\s*$"
)
#: A line that holds a whole paper is longer, and its head no title alone.
SHORTEST = 60
_CONFIDENCE = 0.9


def find_one_block(text: str) -> Iterator[Edit]:
    """Propose the line breaks between the parts of a paper that stands on one line with its body."""
    place = 0
    for line in text.split("\n"):
        head = _HEAD.match(line.lstrip()) if len(line) >= SHORTEST and "关于" in line else None
        if head and "。" in line[head.end() :]:
            start = place + len(line) - len(line.lstrip())
            parts = ("before_title", "before_to", "after") if head["number"] else ("before_to", "after")
            yield from (_break(start + head.start(part), start + head.end(part)) for part in parts)
        signed = _SIGNED.search(line) if len(line) >= SHORTEST and line.rstrip().endswith("日") else None
        if signed:
            yield _break(place + signed.start("before"), place + signed.end("before"))
            yield _break(place + signed.start("between"), place + signed.end("between"))
        place += len(line) + 1


def _break(start: int, end: int) -> Edit:
    return Edit(start, end, "\n", "paragraph", _CONFIDENCE)
