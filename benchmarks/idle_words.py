"""Words of the data files without which everything is read the same, as ``tests/cases/unneeded_words.toml`` says and why.

``make words`` fails when a text of the tests is read otherwise without one of them. Words for which only no sentence is
known yet, and those of a register, are not among these: a report may need one.
"""

import tomllib
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from benchmarks.annotated import ROOT
from benchmarks.words import lists

_STILL_OPEN = ("no sentence is known yet", "a register")


@cache
def idle_words() -> dict[str, frozenset[str]]:
    """The words by the list that they are in, as a pattern of its place."""
    rows = tomllib.loads((ROOT / "tests" / "cases" / "unneeded_words.toml").read_text("utf-8"))["unneeded"]
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        if not row["why"].startswith(_STILL_OPEN):
            found[row["list"]] = found.get(row["list"], frozenset()) | {*row["words"]}
    return found


def lacks_idle_words_alone(path: Path, before: str, after: str) -> bool:
    """Whether a data file has lost such words and is otherwise the same."""
    if path.suffix != ".toml" or path.parent.name != "data":
        return False
    had, has = (
        Counter((place, word, str(said)) for place, word, said in lists(tomllib.loads(text), path.stem))
        for text in (before, after)
    )
    lost = had - has
    return bool(lost) and not has - had and all(_is_idle(place, word) for place, word, _ in lost)


def _is_idle(place: str, word: str) -> bool:
    return any(word in words and fnmatchcase(place, list_) for list_, words in idle_words().items())
