"""Cuts HTML into tags and text, in one pass whatever the page.

The standard library's parser searches to the end of the page again for every comment or tag that is never closed, which
a page of such openings makes quadratic; here each search that failed once is not made again.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What is inside quotes after = does not end a tag (HTML Living Standard, 13.2.5.36). Possessive: nothing is tried twice.
_TAG = re.compile(r"""</?+([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=/"'>]+)\s*+(?:=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?+""")
_RAW_TEXT = ("script", "style", "xmp", "textarea", "iframe", "noembed", "noframes")
_BOGUS = re.compile(r"<(?:[!?]|/[^a-zA-Z])")


class Token(NamedTuple):
    """``kind`` is open, close or text; ``name`` the tag's, in lower case. ``start`` and ``end`` are places in the page."""

    kind: str
    start: int
    end: int
    name: str = ""


def find_tokens(page: str) -> Iterator[Token]:
    """Tags and stretches of text, in order; comments, declarations and what is in scripts are left out."""
    return _Tokens(page).all()


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case, entities as they stand; the first of a name counts.

    >>> attributes('<td colspan=2 class="a b" hidden>')
    {'colspan': '2', 'class': 'a b', 'hidden': ''}
    """
    found: dict[str, str] = {}
    body = _TAG.fullmatch(tag)
    for match in _ATTRIBUTE.finditer(body.group(2) if body else ""):
        found.setdefault(match.group(1).lower(), next((value for value in match.groups()[1:] if value is not None), ""))
    return found


class _Tokens:
    def __init__(self, page: str) -> None:
        self.page = page
        self.exhausted: set[str] = set()

    def all(self) -> Iterator[Token]:
        page, place, text_start = self.page, 0, 0
        while (at := page.find("<", place)) >= 0:
            # Most are tags; they are told without a call between.
            match = _TAG.match(page, at) if "tag" not in self.exhausted else None
            end = match.end() if match else self._past_markup(at)
            if end is None:  # a < that begins nothing is text
                place = at + 1
                continue
            if at > text_start:
                yield Token("text", text_start, at)
            if match:
                name = match[1].lower()
                if page[at + 1] == "/":
                    yield Token("close", at, end, name)
                else:
                    yield Token("open", at, end, name)
                    if name in _RAW_TEXT:
                        end = self._after(name, end)
            place = text_start = end
        if text_start < len(page):
            yield Token("text", text_start, len(page))

    def _past_markup(self, at: int) -> int | None:
        """Where a comment, a declaration or the like ends that begins there; None where none does."""
        if self.page.startswith("<!--", at):
            return self._past("-->", at + 2)
        if self.page.startswith("<%", at):
            return self._past("%>", at)
        if _BOGUS.match(self.page, at):
            return self._past(">", at)
        if self.page[at + 1 : at + 2].isalpha() and self.page[at + 1] < "\x80" and "tag" not in self.exhausted:
            self.exhausted.add("tag")  # no > follows outside quotes, for this tag or any after it
        return None

    def _after(self, name: str, end: int) -> int:
        close = f"</{name}"
        if close in self.exhausted:
            return len(self.page)
        match = re.compile(close + r"(?=[\s/>])", re.IGNORECASE).search(self.page, end)
        if match is None:
            self.exhausted.add(close)
            return len(self.page)
        return match.start()

    def _past(self, needle: str, at: int) -> int | None:
        if needle in self.exhausted:
            return None
        found = self.page.find(needle, at)
        if found < 0:
            self.exhausted.add(needle)
            return None
        return found + len(needle)
