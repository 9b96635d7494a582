"""Where an indicator comes from, in a reader's language: the catalogue has names of norms in Chinese, and what it says of them in English."""

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Final

from page import wording
from page.wording import Wording

_GROUP: Final = "source"
_ENGLISH: Final = "en"
#: Between what stands in a source, and as it is written in Chinese.
_STOPS: Final = {"》, 《": "》、《", "; ": "；", ", ": "，", ": ": "：", " (": "（", ")": "）"}
#: A norm in its brackets, or what is written without a space.
_FILLED_BY: Final = r"《[^》]*》|[^\s,;]+"


def source_in(t: Wording, source: str) -> str:
    """A source of the catalogue in the words of ``t``; what has no wording stays as it is.

    >>> source_in(wording.of("zh-Hans"), "《信访工作条例》, article 30; common wording of reports on petitions, as in a.txt, 12")
    '《信访工作条例》，第 30 条；信访报告的通行说法，见报告 a.txt 第 12 字'
    """
    if t.language == _ENGLISH:
        return source
    sentences = _sentences()
    said = _form().sub(lambda found: _said(t, sentences, found[0]), t.own(source))
    for stop, chinese in _STOPS.items():
        said = said.replace(stop, chinese)
    return said


def _said(t: Wording, sentences: Mapping[str, re.Pattern[str]], english: str) -> str:
    key, found = next((key, found) for key, form in sentences.items() if (found := form.fullmatch(english)))
    return t(key, **found.groupdict())


@cache
def _form() -> re.Pattern[str]:
    """Any of them, the longest first: many begin as others do."""
    forms = sorted((form.pattern for form in _sentences().values()), key=len, reverse=True)
    return re.compile("|".join(re.sub(r"\?P<\w+>", "?:", form) for form in forms))


@cache
def _sentences() -> dict[str, re.Pattern[str]]:
    english = wording.of(_ENGLISH)
    return {key: re.compile("".join(_pieces(english(key)))) for key in english.keys_of(_GROUP)}


def _pieces(sentence: str) -> list[str]:
    return [
        re.escape(text) + (f"(?P<{name}>{_FILLED_BY})" if name else "")
        for text, name, _spec, _how in Formatter().parse(sentence)
    ]
