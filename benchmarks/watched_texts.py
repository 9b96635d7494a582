"""The texts that tests read, each with what they look at in it, and which of them a word is likely to matter in."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import Any

from benchmarks import golden, words
from benchmarks.deleted_words import Entry
from benchmarks.words import Sentence
from worker.errors import BadReport
from worker.extract.language.reading_text import fold
from worker.tools import Tools, load_tools

#: Keys of the cases that hold a text.
TEXTS = ("text", "raw", "report", "input", "words", "now", "page")
#: Places whose words are names of ours, or rows of characters: no text has them as they stand there.
SPELT_NOWHERE = ("linking.kinds.*", "kinds.kind.*.over", "scopes.levels.order")


@dataclass
class Text:
    """A text of the tests; ``asked`` is what is asked of a kept sentence, ``how`` what else is compared.

    ``how`` is ``whole`` for the text of a case, ``figures`` for an annotated report, and empty where only what is asked
    counts. ``plain`` is the text as lists of words spell it.
    """

    text: str
    asked: list[Sentence] = field(default_factory=list)
    how: str = ""

    @property
    def plain(self) -> str:
        """The text simplified and folded."""
        return _plain(self.text)

    @property
    def expected(self) -> str:
        """What the tests see of it while all is well, where that is only what they ask."""
        return "" if self.how else _dumped([dict(one.expect) for one in self.asked])

    def seen(self, tools: Tools) -> str:
        """What the tests see of it, or why it is refused."""
        try:
            reading = words.reading_of(self.text.encode(), tools)
        except BadReport as refused:
            return f"refused: {refused}"
        parts: list[Any] = [one.seen_in(reading) for one in self.asked]
        if self.how == "whole":
            parts.append(reading.report.model_dump(mode="json", exclude={"pipeline"}))
            parts.append([(number.start, number.kind) for number in reading.numbers])
        elif self.how == "figures":
            parts.append(golden.lines_of(reading))
        return _dumped(parts)


def _dumped(parts: list[Any]) -> str:
    return json.dumps(parts, ensure_ascii=False)


def texts() -> list[Text]:
    """Kept sentences, forms, cases, and annotated reports, the shortest first, no text twice."""
    found: dict[str, Text] = {}
    for sentence in [*_kept(), *words.forms()]:
        found.setdefault(sentence.text, Text(sentence.text)).asked.append(sentence)
    for how, some in (
        ("figures", (one.data.decode("utf-8", "replace") for one in golden.reports())),
        ("whole", _cases()),
    ):
        for text in some:
            found.setdefault(text, Text(text)).how = how
    return sorted(found.values(), key=lambda one: (len(one.text), one.text))


def concerned(entry: Entry, among: Sequence[Text]) -> list[Text]:
    """All texts that the word may matter in, the likeliest first: its own sentence, its table's, cases, reports.

    A text that has not got the word is left out, but where the word is a pattern, or is spelt in no text.
    """
    pattern = _as_pattern(entry.word)
    anywhere = pattern is not None or any(fnmatchcase(entry.place, place) for place in SPELT_NOWHERE)
    own = _own_sentences().get(entry) or _sentences_of_rules().get(entry.word)
    ranked = []
    for one in among:
        has = entry.word in one.plain or entry.word in one.text or bool(pattern and pattern.search(one.text))
        if has or anywhere:
            of_table = any(asked.name.startswith(f"{entry.table}.") for asked in one.asked)
            ranked.append(
                ((not has, one.text != own, len(one.text) > 2000, not of_table, one.how == "", len(one.text)), one)
            )
    return [one for _, one in sorted(ranked, key=lambda row: row[0])]


def _as_pattern(word: str) -> re.Pattern[str] | None:
    """The word where it is a pattern and not just its characters."""
    if re.escape(word) == word.replace("-", r"\-"):
        return None
    try:
        return re.compile(word, re.IGNORECASE)
    except re.error:
        return None


def _kept() -> Iterator[Sentence]:
    """The sentences of words as ``make golden`` has kept them, by their table."""
    for table in words.tables():
        for line in golden.sentences_file(table).read_text("utf-8").splitlines():
            kept = Sentence.of_line(line)
            yield Sentence(f"{table}. {kept.name}", kept.text, kept.expect, kept.at)


def _cases() -> Iterator[str]:
    for path in sorted(golden.CASES.glob("*.toml")):
        if path not in (words.CASES, words.FORMS):
            for rows in tomllib.loads(path.read_text(encoding="utf-8")).values():
                for row in filter(lambda row: isinstance(row, dict), rows if isinstance(rows, list) else ()):
                    yield from map(_as_report, (row[key] for key in TEXTS if isinstance(row.get(key), str)))
    yield from _sentences_of_rules().values()


def _as_report(text: str) -> str:
    """As the tests of its kind give it to a reader: a page's part in a page, one line below a title."""
    if text.startswith("<") and "<html" not in text:
        return f"<!DOCTYPE html><html><head><title>年度报告</title></head><body>{text}</body></html>"
    return text if "\n" in text.strip() else golden.TITLE + text


@cache
def _plain(text: str) -> str:
    return fold(load_tools().to_simplified(text))


@lru_cache(maxsize=1)
def _sentences_of_rules() -> dict[str, str]:
    """The text of the case of each rule, below its title, by the rule's name, which data files have for a word."""
    tables, prose = (_rows(name) for name in ("table_rules", "rules"))
    of_prose = {row["rule"]: f"{row.get('title', '2023年度工作报告')}\n\n{row['text']}\n" for row in prose}
    return {row["rule"]: row["text"] for row in tables} | of_prose


def _rows(name: str) -> list[dict[str, str]]:
    cases: list[dict[str, str]] = tomllib.loads((golden.CASES / f"{name}.toml").read_text("utf-8"))["case"]
    return cases


@lru_cache(maxsize=1)
def _own_sentences() -> dict[Entry, str]:
    named: Iterable[tuple[tuple[str, str, str], str]] = (
        (one.name.rpartition(" "), one.text) for table in words.tables() for one in words.sentences(table)
    )
    return {Entry(place, word): text for (place, _, word), text in named}
