"""Paragraphs, sentences and the openers that start a new train of thought."""

import re
from collections.abc import Iterator

from worker.parts import Sentence

_LONGEST = 800  # characters; longer ones are no sentences, and what is read of them would grow with their square

# A full stop of half width ends a sentence between Chinese characters (seed 000: 居住社区报到.廉江市).
# All ends begin with one of a few characters, which a scan finds fast.
_END = re.compile(
    r"[。!?！？\n.](?:(?<=[。!?！？])[。!?！？]*[”」』）)]*|(?<=\n)\n*|(?<=[\u4e00-\u9fff]\.)(?=[\u4e00-\u9fff]))"
)
_NEW_POINT = re.compile(
    r"\s*(?:[一二三四五六七八九十]+(?:是|要|则)|[(（]?[0-9一二三四五六七八九十]+[)）]?[、.．](?![二三四五六七八九]、)|[(（][0-9一二三四五六七八九十]+[)）]|【)"
)


def find_sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order; a line break ends a sentence and a paragraph."""
    start, paragraph, opens = 0, 0, True
    for match in _END.finditer(text):
        broken = text[match.start()] == "\n"
        end = match.start() if broken else match.end()
        if text[start:end].strip():
            if end - start > _LONGEST:
                yield from _pieces(text, start, end, paragraph, opens=opens)
            else:  # as all that are sentences
                mark = _NEW_POINT.match(text, start, end)
                yield Sentence(start, mark.end() if mark else start, end, paragraph, opens or bool(mark))
            opens = False
        if broken:
            paragraph, opens = paragraph + 1, True
        start = match.end()
    if text[start:].strip():
        yield from _pieces(text, start, len(text), paragraph, opens=opens)


def _pieces(text: str, start: int, end: int, paragraph: int, *, opens: bool) -> Iterator[Sentence]:
    while end - start > _LONGEST:
        cut = max(text.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in ",;，；、 \t") + 1
        cut = cut or start + _LONGEST
        yield _sentence(text, start, cut, paragraph, opens=opens)
        start, opens = cut, False
    yield _sentence(text, start, end, paragraph, opens=opens)


def _sentence(text: str, start: int, end: int, paragraph: int, *, opens: bool) -> Sentence:
    mark = _NEW_POINT.match(text, start, end)
    return Sentence(start, mark.end() if mark else start, end, paragraph, opens or bool(mark))
