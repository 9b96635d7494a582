"""Patterns built from named parts: the words stand in ``worker/data``, with their source, and the form stands here."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from worker.facts import load_facts

_METHODS = ("search", "match", "fullmatch", "findall", "finditer", "sub", "split", "pattern")
# {growth.means} stands for the words of a list; [^{growth.means}] for their characters.
_PART = re.compile(r"(?P<set>\[\^?[^\[\]{}]*)?\{(?P<place>[a-z_]+(?:\.[a-z_]+)+)\}")


def any_of(words: Iterable[str]) -> str:
    """Any of these words, the longest first, as a pattern without a bracket around it.

    >>> any_of(["超", "超过", "个(次)"])
    '个\\\\(次\\\\)|超过|超'
    """
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@lru_cache(maxsize=512)
def words_of(place: str) -> tuple[str, ...]:
    """The words of a list of ``worker/data``, by its place: file, table, and the list's name unless that is ``words``.

    Raises:
        KeyError: there is no such list.
        FileNotFoundError: there is no such file.
    """
    file, *keys = place.split(".")
    part: Any = load_facts(file)
    for key in keys:
        part = part[key]
    return tuple(part["words"] if isinstance(part, Mapping) and "words" in part else part)


@lru_cache(maxsize=512)
def set_of(place: str) -> frozenset[str]:
    """The same words, to look one up."""
    return frozenset(words_of(place))


def words_meant(parts: Iterable[str]) -> Iterator[str]:
    """The words that these mean: themselves, or those of the list that ``{file.list}`` stands for."""
    for part in parts:
        place = _PART.fullmatch(part)
        yield from words_of(place["place"]) if place else (part,)


def filled(text: str) -> str:
    """A pattern with the words of its parts put in."""

    def words(part: re.Match[str]) -> str:
        found = words_of(part["place"])
        return f"(?:{any_of(found)})" if part["set"] is None else part["set"] + re.escape("".join(found))

    return _PART.sub(words, text)


class Pattern:
    """A pattern with the methods of ``re.Pattern``, compiled when the first of them is asked for.

    ``{file.list}`` in its text stands for any word of a list (see ``words_of``); between square brackets it stands for the
    characters of the list. Importing a module that holds one reads no file.
    """

    made: ClassVar[list["Pattern"]] = []

    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    findall: Callable[..., list[str]]
    finditer: Callable[..., Iterator[re.Match[str]]]
    sub: Callable[..., str]
    split: Callable[..., list[Any]]
    pattern: str

    def __init__(self, text: str) -> None:
        self._text = text
        self.made.append(self)

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        return self.compile()[name]

    def compile(self) -> dict[str, Any]:
        """Put the compiled pattern's methods in place; from now on asking for one costs nothing more."""
        compiled = re.compile(filled(self._text))
        self.__dict__.update({name: getattr(compiled, name) for name in _METHODS})
        return self.__dict__

    def rests_on(self, file: str) -> bool:
        """Whether words of ``worker/data/<file>.toml`` are part of it."""
        return f"{{{file}." in self._text

    def forget(self) -> None:
        """Let the words be read anew when a method is asked for next."""
        for name in _METHODS:
            self.__dict__.pop(name, None)


def compile_all() -> None:
    """Compile the patterns of all modules that are imported, so that processes that are forked have them."""
    for pattern in Pattern.made:
        pattern.compile()
