"""``make words``: deletes each word of the data files in turn, in memory, and asks whether anything is read otherwise.

A word that can go unseen holds nothing: no text of the tests has it where it counts. Such words stand in
``tests/cases/unneeded_words.toml``, each list of them with the reason, and that file may only shrink. The command fails
when a word is unneeded and is not in it, and when one that is in it is needed after all, or gone.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from multiprocessing import get_context
from typing import Any

from benchmarks import golden, words
from benchmarks.annotated import ROOT
from benchmarks.words import DATA, Sentence, containers
from worker.confidence.scale import load_scale
from worker.errors import BadReport
from worker.extract.language.lexicon import load_lexicon
from worker.extract.language.reading_text import fold
from worker.extract.language.words import words_of_dictionary
from worker.facts import load_facts
from worker.linking.catalogue import load_catalogue
from worker.patterns import Pattern
from worker.relations.grammar import load_grammar
from worker.tools import Tools, load_tools

EXCEPTIONS = ROOT / "tests" / "cases" / "unneeded_words.toml"
#: Data files whose rows are no words of ours to choose: registers and code tables, copied whole; forms by their text. And
#: those words that are only counted together, of which none decides.
EXEMPT = {
    *("regions", "readings", "units", "catalogue", "forms", "formats", "characters", "misreadings", "script"),
    "vocabulary",
}
#: A word that many texts have is asked of so many, the shortest first: a particle would take the whole of them.
MOST_TEXTS = 200
#: Keys of the cases that hold a text.
TEXTS = ("text", "raw", "report", "input", "words", "now")
#: What is slow to build and rests on one data file, or on none that words are deleted from.
SLOW = {"worker.structure.gazetteer": "document", "worker.clean.byteshift": "", "worker.clean.misreading": ""}
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
    """The words that are asked after."""
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
        if table == "negations"
        else tools.words,
        lexicon=load_lexicon(),
        grammar=load_grammar() if table == "relations" else tools.grammar,
        catalogue=load_catalogue() if table == "linking" else tools.catalogue,
        scale=load_scale() if table == "confidence" else tools.scale,
    )


def forget(table: str) -> None:
    """Drop what modules remember of the data files, but for what this one has nothing to do with and is slow to make."""
    for pattern in Pattern.made:
        pattern.forget()
    for name, module in list(sys.modules.items()):
        if not name.startswith("worker.") or name in KEPT or SLOW.get(name, table) != table:
            continue
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear") and value.__module__ == name:
                value.cache_clear()


@dataclass(frozen=True)
class Text:
    """A text of the tests with what is read in it now; ``plain`` is it as lists of words spell it."""

    text: str
    plain: str
    read: str


def texts() -> list[str]:
    """The texts of the tests: kept sentences, cases, annotated reports that may be looked at."""
    kept = [Sentence.of_line(line).text for table in words.tables()
            for line in golden.sentences_file(table).read_text("utf-8").splitlines()]  # fmt: skip
    found = {*kept, *_cases(), *(one.data.decode("utf-8", "replace") for one in golden.reports())}
    return sorted(found, key=lambda text: (len(text), text))


def _cases() -> Iterator[str]:
    for path in sorted(golden.CASES.glob("*.toml")):
        for rows in tomllib.loads(path.read_text(encoding="utf-8")).values():
            for row in filter(lambda row: isinstance(row, dict), rows if isinstance(rows, list) else ()):
                for text in (row[key] for key in TEXTS if isinstance(row.get(key), str)):
                    yield text if "\n" in text.strip() else golden.TITLE + text


def read(text: str, tools: Tools) -> str:
    """All that is published of a text, but for times."""
    try:
        return words.report_on(text, tools).model_dump_json(exclude={"pipeline"})
    except BadReport as refused:
        return f"refused: {refused.detail if hasattr(refused, 'detail') else refused}"


@lru_cache(maxsize=1)
def _texts() -> list[Text]:
    """The texts of the tests with what is read in them; a process that is forked has them."""
    tools = fresh_tools("")
    return [Text(text, fold(tools.to_simplified(text)), read(text, tools)) for text in texts()]


def is_needed(entry: Entry, among: Sequence[Text]) -> bool:
    """Whether one of these texts is read otherwise without the word; also where nothing can be read without it."""
    with without(entry) as tools:
        try:
            return any(read(one.text, tools) != one.read for one in _concerned(entry, among))
        except (LookupError, ValueError, re.error):
            return True


def _concerned(entry: Entry, among: Iterable[Text]) -> list[Text]:
    """The texts that have the word, its own sentence first; a word that is a pattern may fit any."""
    is_pattern = re.escape(entry.word) != entry.word.replace("-", r"\-")
    has = [one for one in among if is_pattern or entry.word in one.plain or entry.word in one.text]
    own = _own_sentences().get(entry, "")
    return sorted(has, key=lambda one: (one.text != own, len(one.text)))[:MOST_TEXTS]


@lru_cache(maxsize=1)
def _own_sentences() -> dict[Entry, str]:
    named = ((one.name.rpartition(" "), one.text) for table in words.tables() for one in words.sentences(table))
    return {Entry(place, word): text for (place, _, word), text in named}


def _unneeded(entry: Entry) -> Entry | None:
    return None if is_needed(entry, _texts()) else entry


def excepted(found: Iterable[Entry]) -> set[Entry]:
    """Those of these words that are known to be held by no text of the tests."""
    rows: list[dict[str, Any]] = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))["unneeded"]
    return {entry for entry in found for row in rows
            if fnmatchcase(entry.place, row["list"]) and entry.word in row["words"]}  # fmt: skip


def gone(found: Iterable[Entry]) -> list[str]:
    """What the file of exceptions names and no list has."""
    there = set(found)
    rows = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))["unneeded"]
    return [f"{row['list']}: {word}" for row in rows for word in row["words"]
            if not any(fnmatchcase(one.place, row["list"]) and one.word == word for one in there)]  # fmt: skip


def main(tables: Sequence[str] = ()) -> int:
    """Says which words nothing needs, of these data files or of all, and how that differs from the exceptions."""
    re._MAXCACHE = 1_000_000  # type: ignore[attr-defined]  # a pattern that has not changed need not be compiled again
    found = [entry for entry in entries() if not tables or entry.table in tables]
    _texts(), _own_sentences()
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        unneeded = {entry for entry in pool.map(_unneeded, found, chunksize=8) if entry}
    known = excepted(found)
    for title, rows in (
        ("nothing needs", unneeded - known),
        ("needed after all; take it out of the exceptions", known - unneeded),
    ):
        for entry in sorted(rows, key=lambda one: (one.place, one.word)):
            print(f"{entry.place}: {entry.word}: {title}")
    missing = gone(entries())
    for name in missing:
        print(f"{name}: in no list any more; take it out of the exceptions")
    print(f"{len(found)} words, {len(unneeded)} of them unneeded, {len(known)} excepted")
    return 1 if unneeded != known or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
