"""``make words``: deletes each word of the data files in turn, in memory, and asks whether any test would see it go.

A word that can go unseen holds nothing: no text of the tests has it where it counts. Such words stand in
``tests/cases/unneeded_words.toml``, each list of them with the reason, and that file may only shrink. The command fails
when a word is unneeded and is not in it, and when one that is in it is needed after all, or gone.

The likeliest texts are tried first (``benchmarks/watched_texts.py``), and the word is given up on after some dozens; it then
counts as unneeded, and is said to have been given up on. With ``--all-texts`` none is. What has been found is kept below ``build/`` as it comes: a run that was stopped goes on from there, and one after a change tries the text
first that told the last time.
"""

import argparse
import hashlib
import json
import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.annotated import ROOT
from benchmarks.deleted_words import Entry, entries, without
from benchmarks.watched_texts import Text, concerned, texts
from worker.tools import load_tools

#: How many words a process takes at once; what their texts say with all words there is read before the first is deleted.
AT_ONCE = 12
EXCEPTIONS = ROOT / "tests" / "cases" / "unneeded_words.toml"
FOUND = ROOT / "build" / "needed_words.jsonl"
#: After how many texts a word that more have, as a particle, is given up on.
MOST_TEXTS = 40
#: What can no longer be read at all without the word; any test tells that.
UNREADABLE = "nothing can be read"
#: What the reading of a text says when a list has lost its only word.
BROKEN = (LookupError, ValueError, TypeError, AttributeError, re.error)


@dataclass(frozen=True)
class Found:
    """What was found of a word: ``by`` is the text that tells that it is gone, empty where none does.

    ``state`` is that of the code and the data, and of the text that tells, or of those that were tried;
    ``untried`` is how many texts have the word and were not tried.
    """

    place: str
    word: str
    by: str
    state: str
    untried: int = 0

    @property
    def entry(self) -> Entry:
        """The word that this is about."""
        return Entry(self.place, self.word)


def needed_by(entry: Entry, some: Sequence[Text], seen: Mapping[str, str]) -> str:
    """The first of these texts in which the tests see that the word is gone, or nothing; ``seen`` is what they see with it."""
    try:
        with without(entry) as tools:
            return next((one.text for one in some if one.seen(tools) != seen[one.text]), "")
    except BROKEN:
        return UNREADABLE


class Search:
    """The texts with what is seen in them now, as far as they have been read, and what was found before."""

    def __init__(self, before: Mapping[Entry, Found], most: int | None) -> None:
        """``most`` is after how many texts a word is given up on, if ever."""
        self._most = most
        self._texts = texts()
        self._named = {one.text: one for one in self._texts}
        self._seen: dict[str, str] = {}
        self._before = before
        self._state = _state_of_worker()

    def known(self, entry: Entry) -> Found | None:
        """What was found before, where nothing has changed that it rests on."""
        found = self._before.get(entry)
        if found is None or not found.state.startswith(f"{self._state} "):
            return None  # what it rests on need not be looked for
        return found if found.state == self._state_for(entry, found.by) else None

    def find(self, some: Sequence[Entry]) -> list[Found]:
        """Delete each of the words in turn and look: in the likeliest texts first, at last in all that have it."""
        left = {entry: self._ordered(entry) for entry in some}
        by = dict.fromkeys(some, "")
        for many in (2, self._most and self._most - 2):
            batches = {entry: left[entry][:many] for entry in some if not by[entry]}
            self._read(one for batch in batches.values() for one in batch)
            by |= {entry: needed_by(entry, batch, self._seen) for entry, batch in batches.items()}
            left |= {entry: left[entry][len(batch) :] for entry, batch in batches.items()}
        return [Found(*(entry.place, entry.word, by[entry], self._state_for(entry, by[entry])), len(left[entry]))
                for entry in some]  # fmt: skip

    def _ordered(self, entry: Entry) -> list[Text]:
        """The texts that may tell; of those that are tried, the one first that did the last time."""
        told = self._before[entry].by if entry in self._before else ""
        likely, others = concerned(entry, self._texts), []
        if self._most is not None:
            likely, others = likely[: self._most], likely[self._most :]
        return [*sorted(likely, key=lambda one: one.text != told), *others]

    def _read(self, some: Iterable[Text]) -> None:
        """See what the tests see while no word is gone; of a kept sentence make test does."""
        for one in some:
            if one.text not in self._seen:
                self._seen[one.text] = one.expected or one.seen(load_tools())

    def _state_for(self, entry: Entry, by: str) -> str:
        """The state of what a finding rests on: the worker, and the text that tells, or all that were tried."""
        rests_on = [self._named[by]] if by in self._named else concerned(entry, self._texts)[: self._most]
        asked = [(one.text, one.how, [(row.expect, row.at) for row in one.asked]) for one in rests_on]
        return f"{self._state} {_hash(repr(asked).encode())}"


_SEARCH: list[Search] = []


def _find(some: Sequence[Entry]) -> list[Found]:
    """In a process that was forked from the one that has made the search."""
    return _SEARCH[0].find(some)


def results(wanted: Sequence[Entry], search: Search, jobs: int | None) -> Iterator[Found]:
    """What is found of each word as it comes; what was known is not looked for again."""
    known = {entry: found for entry in wanted if (found := search.known(entry))}
    yield from known.values()
    left = [entry for entry in wanted if entry not in known]
    load_tools()
    _SEARCH[:] = [search]
    FOUND.parent.mkdir(exist_ok=True)
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool, FOUND.open("a", encoding="utf-8") as file:
        for some in pool.map(_find, (left[start : start + AT_ONCE] for start in range(0, len(left), AT_ONCE))):
            for found in some:
                print(json.dumps(vars(found), ensure_ascii=False), file=file, flush=True)
                yield found


def found_before(path: Path) -> dict[Entry, Found]:
    """The last that was found of each word; a line that was cut off is passed over."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found: dict[Entry, Found] = {}
    for line in lines:
        with suppress(ValueError):
            one = Found(**json.loads(line))
            found[one.entry] = one
    return found


def _state_of_worker() -> str:
    paths = [*(ROOT / "worker").rglob("*.py"), *(ROOT / "worker").rglob("*.toml"), *(ROOT / "schemas").glob("*.py")]
    return _hash(b"".join(path.read_bytes() for path in sorted(paths)))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def excepted(found: Iterable[Entry]) -> set[Entry]:
    """Those of these words that are known to be held by no text of the tests."""
    there = set(found)
    return {entry for _, _, entries_ in _named_by_exceptions(there) for entry in entries_ & there}


def gone(found: Iterable[Entry]) -> list[str]:
    """What the file of exceptions names and no list has."""
    there = set(found)
    return [f"{list_}: {word}" for list_, word, entries_ in _named_by_exceptions(there) if not entries_ & there]


def _named_by_exceptions(there: Iterable[Entry]) -> Iterator[tuple[str, str, set[Entry]]]:
    """Each word of the exceptions, with the list that it is named with and itself at all places which that fits."""
    places = {entry.place for entry in there}
    for row in _exceptions():
        fitting = [place for place in places if fnmatchcase(place, row["list"])]
        yield from ((row["list"], word, {Entry(place, word) for place in fitting}) for word in row["words"])


def _exceptions() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))["unneeded"]
    return rows


def report(wanted: Sequence[Entry], coming: Iterable[Found]) -> set[Entry]:
    """Say what is found as it comes, and how each data file does; hands back the words that nothing needs."""
    known, size = excepted(wanted), Counter(entry.table for entry in wanted)
    done: Counter[str] = Counter()
    unneeded: set[Entry] = set()
    began = time.monotonic()
    for found in coming:
        entry = found.entry
        done[entry.table] += 1
        if not found.by:
            unneeded.add(entry)
        if not found.by and entry not in known:
            more = f"; given up on with {found.untried} more texts that have it" if found.untried else ""
            print(f"{entry.place}: {entry.word}: nothing needs it{more}", flush=True)
        if found.by and entry in known:
            print(f"{entry.place}: {entry.word}: needed after all; take it out of the exceptions", flush=True)
        if done[entry.table] == size[entry.table]:
            of_table = sum(one.table == entry.table for one in unneeded)
            took = f"{time.monotonic() - began:.0f} s so far"
            print(f"{entry.table}: {size[entry.table]} words, {of_table} unneeded ({took})", flush=True)
    return unneeded


def main(arguments: Sequence[str] | None = None) -> int:
    """Says which words nothing needs, of these data files or of all, and how that differs from the exceptions."""
    parser = argparse.ArgumentParser(prog="needed_words", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("table", nargs="*", help="a data file by its name, as times; all of them where none is given")
    parser.add_argument("--jobs", type=int, default=None, help="how many processes; as many as there are cores")
    parser.add_argument("--anew", action="store_true", help="ask of words again that nothing has changed for")
    parser.add_argument("--all-texts", action="store_true", help="never give a word up before all texts that have it")
    given = parser.parse_args(arguments)
    all_words = entries()
    if strange := set(given.table) - {entry.table for entry in all_words}:
        right = ", ".join(sorted({entry.table for entry in all_words}))
        parser.error(f"no data file of words: {', '.join(sorted(strange))}; right would be {right}")
    re._MAXCACHE = 1_000_000  # type: ignore[attr-defined]  # a pattern that has not changed need not be compiled again
    wanted = [entry for entry in all_words if not given.table or entry.table in given.table]
    before = {entry: found for entry, found in found_before(FOUND).items() if not given.anew or entry not in wanted}
    search = Search(before, None if given.all_texts else MOST_TEXTS)
    unneeded, known, missing = report(wanted, results(wanted, search, given.jobs)), excepted(wanted), gone(all_words)
    for name in missing:
        print(f"{name}: in no list any more; take it out of the exceptions")
    print(f"{len(wanted)} words, {len(unneeded)} of them unneeded, {len(known)} excepted")
    return 1 if unneeded != known or missing else 0


if __name__ == "__main__":
    sys.exit(main())
