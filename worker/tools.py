"""What reading needs and is slow to build: made once per process, before it forks, and handed to the stages."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from worker.confidence.scale import Scale, load_scale
from worker.extract.language.lexicon import Lexicon, load_lexicon
from worker.extract.language.words import Words, load_words
from worker.linking.catalogue import Catalogue, load_catalogue
from worker.patterns import compile_all
from worker.readers.foreign import ForeignReader
from worker.relations.grammar import Grammar, load_grammar

#: Of a dictionary, in bytes: quicker than line by line, and the whole of it would take 20 MB for good.
_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Tools:
    """``to_simplified`` converts traditional text to simplified, character by character; ``jieba`` is the segmenter.

    ``words`` gives its words with their tags, the project's own among them; ``lexicon`` holds the tables for figures,
    ``grammar`` those for their relations, ``catalogue`` the canonical indicators, ``scale`` what
    speaks for a figure and against it. ``readers`` are those of other distributions, none unless the caller adds some.
    """

    to_simplified: Callable[[str], str]
    jieba: Any
    words: Words
    lexicon: Lexicon
    grammar: Grammar
    catalogue: Catalogue
    scale: Scale
    readers: tuple[ForeignReader, ...] = ()


@lru_cache(maxsize=1)
def load_tools() -> Tools:
    """Build the tools, or give the ones that this process has already. Takes about a second the first time."""
    import logging

    jieba, opencc = _load_libraries()
    jieba.setLogLevel(logging.WARNING)
    tags = _load_dictionary(jieba.dt)
    compile_all()
    return Tools(
        to_simplified=opencc.OpenCC("t2s").convert,
        jieba=jieba,
        words=load_words(jieba, tags),
        lexicon=load_lexicon(),
        grammar=load_grammar(),
        catalogue=load_catalogue(),
        scale=load_scale(),
    )


def _load_libraries() -> tuple[Any, Any]:
    """jieba and OpenCC, without what Python has to say about their source.

    Where no compiled copy of them lies, the compiler warns of jieba's escape sequences: a line of somebody else's on the
    user's terminal, and an error where warnings are errors.
    """
    import warnings

    with warnings.catch_warnings(), _without("pkg_resources"):
        warnings.simplefilter("ignore")
        import jieba
        import opencc
    return jieba, opencc


@contextmanager
def _without(name: str) -> Iterator[None]:
    """As if a module was not installed. jieba opens its dictionary without it as well, and to import it takes a sixth of a second."""
    before = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]  # which is how Python notes that there is none
    try:
        yield
    finally:
        del sys.modules[name]
        if before:
            sys.modules[name] = before


def _load_dictionary(tokenizer: Any) -> dict[str, str]:
    """Give jieba its dictionary, with what words begin with at frequency 0; hands back the tag of each word.

    Not with initialize(): that reads /tmp/jieba.cache, which any user of the machine may have put there, and writes it.
    Nor by jieba.posseg, which reads the file twice more for the tags.
    """
    frequencies: dict[str, int] = {}
    tags: dict[str, str] = {}
    total = 0  # a word that the file has twice counts twice, as in jieba
    with tokenizer.get_dict_file() as file:
        while lines := file.readlines(_AT_ONCE):
            fields = b"".join(lines).decode().split()
            words, numbers = fields[0::3], [int(number) for number in fields[1::3]]
            frequencies.update(zip(words, numbers, strict=True))
            tags.update(zip(words, map(sys.intern, fields[2::3]), strict=True))
            total += sum(numbers)
    for word in tags:
        beginning = word[:-1]
        while beginning and beginning not in frequencies:
            frequencies[beginning] = 0
            beginning = beginning[:-1]
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True
    return tags
