"""A word of the data files deleted in memory: what is read in a text while it is in no list of its place.

Nothing is written: the lists in memory lose the word, and what was made of them is made anew, and again afterwards.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from benchmarks import words
from benchmarks.words import DATA, containers
from worker.confidence.scale import load_scale
from worker.extract.language.lexicon import load_lexicon
from worker.extract.language.words import words_of_dictionary
from worker.facts import load_facts
from worker.linking.catalogue import load_catalogue
from worker.patterns import Pattern
from worker.relations.grammar import load_grammar
from worker.tools import Tools, load_tools

#: Data files whose rows are no words of ours to choose: registers and code tables, copied whole; forms by their text. And
#: those words that are only counted together, of which none decides.
EXEMPT = {
    *("regions", "readings", "units", "catalogue", "forms", "formats", "characters", "misreadings", "script"),
    "vocabulary",
}
#: What is slow to build and rests on one data file, or on none that words are deleted from.
SLOW = {"worker.structure.gazetteer": "document", "worker.clean.byteshift": "", "worker.clean.misreading": ""}
#: By whose words texts are cut; what has been cut is remembered where they were read.
CUTTING = {"negations", "indicators"}
KEPT = {"worker.facts", "worker.tools", "worker.tasks", "worker.settings", "worker.telemetry"} | {
    f"worker.clean.{name}" for name in ("glosses", "gbk", "fluency", "script")
}


@dataclass(frozen=True)
class Entry:
    """A word of the list at a place of the data files."""

    place: str
    word: str

    @property
    def table(self) -> str:
        """The data file, by its name."""
        return self.place.split(".")[0]


def entries() -> list[Entry]:
    """The words that can be deleted, by data file."""
    names = sorted(path.stem for path in DATA.glob("*.toml") if path.stem not in EXEMPT)
    found = (Entry(place, word) for name in names for place, word, said in words.lists(load_facts(name), name)
             if said is None or not word.isascii())  # fmt: skip
    return list(dict.fromkeys(found))


@contextmanager
def without(entry: Entry) -> Iterator[Tools]:
    """The tools as they are while a word is in no list of that place."""
    held = [list_ for place, list_ in containers(load_facts(entry.table), entry.table) if place == entry.place]
    before = [list_.copy() for list_ in held]
    for list_ in held:
        if isinstance(list_, dict):
            list_.pop(entry.word, None)
        else:
            list_[:] = [word for word in list_ if word != entry.word]
    try:
        yield fresh_tools(entry.table)
    finally:
        for list_, content in zip(held, before, strict=True):
            list_.clear()
            if isinstance(list_, dict):
                list_.update(content)
            else:
                list_.extend(content)
        forget(entry.table)


def fresh_tools(table: str) -> Tools:
    """The tools as the data files have it now; ``table`` is the one that has changed."""
    forget(table)
    tools = load_tools()
    dictionary = tools.jieba.dt
    return replace(
        tools,
        words=words_of_dictionary(dictionary.FREQ, dictionary.total, tools.words.tags)
        if table in CUTTING
        else tools.words,
        lexicon=load_lexicon(),
        grammar=load_grammar() if table == "relations" else tools.grammar,
        catalogue=load_catalogue() if table == "linking" else tools.catalogue,
        scale=load_scale() if table == "confidence" else tools.scale,
    )


def forget(table: str) -> None:
    """Drop what modules remember of the data files, but for what this one has nothing to do with and is slow to make."""
    for pattern in Pattern.made:
        if pattern.rests_on(table):
            pattern.forget()
    for clear in _memories(table, len(sys.modules)):
        clear()


@lru_cache(maxsize=64)
def _memories(table: str, modules: int) -> list[Callable[[], Any]]:
    """What clears them; ``modules``, how many are imported, is there to look again when more are."""
    return [value.cache_clear for name, module in list(sys.modules.items())
            if name.startswith("worker.") and name not in KEPT and SLOW.get(name, table) == table
            for value in list(vars(module).values()) if hasattr(value, "cache_clear") and value.__module__ == name]  # fmt: skip
