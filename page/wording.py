"""What the page says, in three languages: a TOML file each, and no word of it in a template or in the code."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from starlette.requests import Request

from page.script import traditional
from watcher.running.in_chinese import in_chinese

#: The languages, the default first.
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
COOKIE = "zhibiao_language"
_BY_TAG = {
    "zh-hant": "zh-Hant",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh": "zh-Hans",
    "en": "en",
}


class _Filling(Formatter):
    """Fills the places in braces; ``{count:figure|figures}`` is a number with the word that goes with it."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if str(value) == '1' else many}"


_FILLING = _Filling()


class Wording:
    """The sentences of one language, by their keys; ``words("inbox.empty", count=3)`` fills the places in braces."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, **values: Any) -> str:
        """A sentence.

        Raises:
            KeyError: there is none of this key.
        """
        sentence = self._sentences[key]
        return _FILLING.format(sentence, **values) if values else sentence

    def or_itself(self, group: str, value: str | None) -> str:
        """The word for a value that a report has, as ``status.planned``; the value itself where there is none."""
        return self._sentences.get(f"{group}.{value}", value or "")

    def told(self, text: str) -> str:
        """A sentence of the watcher, which the ledger and events have in English."""
        return (
            text if self.language == "en" else in_chinese(text, "zh-Hant" if self.language == "zh-Hant" else "zh-Hans")
        )

    def own(self, name: str) -> str:
        """A name of ours, of an indicator or a place, in the script of the language; what a report says is shown as it was read."""
        return traditional(name) if self.language == "zh-Hant" else name

    def keys_of(self, group: str) -> list[str]:
        """Those of a table, in order."""
        return sorted(key for key in self._sentences if key.startswith(f"{group}."))

    def keys(self) -> frozenset[str]:
        """All that it can say."""
        return frozenset(self._sentences)


@cache
def of(language: str) -> Wording:
    """The wording of one of :data:`LANGUAGES`."""
    sentences: dict[str, str] = {}
    for file in sorted(files("page").joinpath("wording").iterdir(), key=lambda one: one.name):
        if file.name.startswith(f"{language}.") and file.name.endswith(".toml"):
            sentences |= _flat("", tomllib.loads(file.read_text("utf-8")))
    return Wording(language, sentences)


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", str(value)


def wanted_by(request: Request) -> str:
    """The language of a request: the one that was chosen, else the first that the browser asks for and that there is."""
    chosen = request.query_params.get("lang") or request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for tag in request.headers.get("accept-language", "").lower().split(","):
        name = tag.partition(";")[0].strip()
        while name:
            if name in _BY_TAG:
                return _BY_TAG[name]
            name = name.rpartition("-")[0]
    return LANGUAGES[0]
