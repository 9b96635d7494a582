"""Each word of a data file in a sentence, with what the word's own row says of it.

The sentences are in ``tests/cases/words.toml``, one for each list of words: a word that is added to a list gets its case by
itself. ``make golden`` keeps the sentences, so that a word that goes, or says something else, is missed by its own.
The forms of the code's own patterns stand with their sentences in ``tests/cases/forms.toml``.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.annotated import ROOT
from schemas.report import Report
from worker.figure import Number
from worker.pipeline import read_draft
from worker.report_writer import Origin, report_of
from worker.tools import Tools, load_tools

DATA = ROOT / "worker" / "data"
CASES = ROOT / "tests" / "cases" / "words.toml"
FORMS = ROOT / "tests" / "cases" / "forms.toml"
#: Of a row of a data file, what says where it comes from.
REMARKS = {"source", "why"}
#: Kinds of repairs that take away what is no part of the report.
CUTTING = {"boilerplate", "metadata"}


@dataclass(frozen=True)
class Sentence:
    """``expect`` is what is to be seen in ``text`` (see ``tests/cases/words.toml``), at the figure of this place.

    ``gap`` says that it is not read so yet.
    """

    name: str
    text: str
    expect: Mapping[str, Any]
    at: int = -1
    gap: bool = False

    def read(self) -> dict[str, Any]:
        """What is seen instead of what is expected, by its names."""
        return self.seen_in(reading_of(self.text.encode(), load_tools()))

    def seen_in(self, reading: "Reading") -> dict[str, Any]:
        """The same in what was read in the text."""
        return {name: _seen(reading, name, what, self.at) for name, what in self.expect.items()}

    def line(self) -> str:
        """The sentence as it is kept."""
        return json.dumps({"text": self.text, "at": self.at} | dict(self.expect), ensure_ascii=False)

    @classmethod
    def of_line(cls, line: str) -> "Sentence":
        """A sentence that was kept."""
        kept = json.loads(line)
        return cls(kept["text"], kept.pop("text"), kept, kept.pop("at"))


class Reading(NamedTuple):
    """What is read in a text: the report, and every number with its class; ``text`` is the one that these stand in."""

    report: Report
    numbers: tuple[Number, ...]
    text: str


def reading_of(data: bytes, tools: Tools, name: str = "a.txt") -> Reading:
    """What is read in a file.

    Raises:
        BadReport: it can never be read as a report.
    """
    draft = read_draft(data, name, tools)
    origin = Origin("words", Path(name).name, name, hashlib.sha256(data).hexdigest())
    return Reading(report_of(draft, origin, {}), draft.numbers, draft.text.now)


def tables() -> list[str]:
    """The data files that have sentences."""
    return sorted({frame["list"].split(".")[0] for frame in _cases()["frame"]} | {"relations"})


def sentences(table: str) -> Iterator[Sentence]:
    """Those of the words of a data file: by frames, and by what is asked of rows as wholes."""
    yield from _framed(table)
    if table == "units":
        yield from _numerals()
    if table == "relations":
        yield from _pairs()


def forms() -> Iterator[Sentence]:
    """Each form of a pattern in the sentence of its row, with what the row says that it means."""
    for row in tomllib.loads(FORMS.read_text(encoding="utf-8"))["form"]:
        meanings = row["forms"] if isinstance(row["forms"], dict) else dict.fromkeys(row["forms"])
        for form, meaning in meanings.items():
            yield _sentence(f"{row['why']}: {form}", row, form, meaning)


def lists(part: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, Any]]:
    """Every word below with the place of its list, and its value where the list is a table of words."""
    for inner, held in containers(part, place):
        if isinstance(held, dict):
            yield from ((inner, word, said) for word, said in held.items() if word not in REMARKS)
        else:
            yield from ((inner, word, None) for word in held if isinstance(word, str))


def containers(part: Mapping[str, Any], place: str) -> Iterator[tuple[str, list[Any] | dict[str, Any]]]:
    """The lists and the tables of words below, each with its place."""
    for key, value in part.items():
        inner = f"{place}.{key}"
        if key in REMARKS or not isinstance(value, dict | list) or not value:
            continue
        if isinstance(value, dict):
            if all(isinstance(one, str | int) for one in value.values()):
                yield inner, value
            yield from containers(value, inner)
        elif isinstance(value[0], dict):
            for row in value:
                said = (str(one) for name, one in row.items() if name not in REMARKS and isinstance(one, str))
                first = next(said, "")
                yield from containers(row, f"{inner}.{first}" if first else inner)
        else:
            yield inner, value


def words_at(pattern: str) -> set[str]:
    """The words of the lists whose place a pattern fits."""
    name = pattern.split(".")[0]
    return {word for place, word, _ in lists(_table(name), name) if fnmatchcase(place, pattern)}


def _framed(table: str) -> Iterator[Sentence]:
    """Each word in the frame of its list that names it, else in the one that names none."""
    for place, word, value in lists(_table(table), table):
        frames = _rows("frame", place)
        if not frames or any(word in row["words"] for row in _rows("without", place)):
            continue
        own = [frame for frame in frames if word in frame.get("only", ())]
        for frame in own or [frame for frame in frames if "only" not in frame]:
            yield _sentence(f"{place} {word}", frame, word, value)


@lru_cache(maxsize=1024)
def _rows(kind: str, place: str) -> list[Mapping[str, Any]]:
    """Those for the list at a place."""
    return [row for row in _cases()[kind] if fnmatchcase(place, row["list"])]


def _sentence(name: str, frame: Mapping[str, Any], word: str, value: Any) -> Sentence:
    fill = partial(_filled, word, value)
    expect = {what: fill(said) for what, said in frame["expect"].items()}
    return Sentence(name, fill(frame["text"]), expect, frame.get("at", -1), word in frame.get("gap", ()))


def _numerals() -> Iterator[Sentence]:
    """三十家 is thirty of them; 三十面 may be part of a name: whether a unit takes a Chinese numeral."""
    for row in _table("units")["units"]:
        for unit in row["words"]:
            if unit not in _cases()["no_numeral"]["words"]:
                quotes = [f"三十{unit}"] if row.get("numeral", True) else []
                yield Sentence(f"units.numeral {unit}", f"全市共有设施三十{unit}。", {"quotes": quotes})


def _pairs() -> Iterator[Sentence]:
    """Two kinds that are all there are: a sum that fails is an error of the report, and else it says nothing."""
    for row in _table("relations")["pairs"]:
        for one in row["one"]:
            for other in row["other"]:
                text = f"2023年度工作报告\n登记事项120项，其中{one}80项，{other}50项。"
                expect = {"verdicts": ["contradicts"] if row["closed"] else ["holds"]}
                yield Sentence(f"relations.pairs {one} {other}", text, expect)


def _filled(word: str, value: Any, text: Any) -> Any:
    if isinstance(text, list):
        return [_filled(word, value, one) for one in text]
    return text.replace("{}", word).replace("{value}", str(value)) if isinstance(text, str) else text


def _seen(reading: Reading, name: str, what: Any, at: int) -> Any:
    report = reading.report
    if name == "classes":
        return [number.kind for number in reading.numbers]
    if name == "class":
        return "|".join(sorted({number.kind for number in reading.numbers}))
    if name == "warnings":
        return [warning.code for warning in report.warnings]
    if name == "figures":
        return len(report.metrics)
    if name == "quotes":
        return [metric.source.quote for metric in report.metrics]
    if name == "verdicts":
        return [relation.verdict for relation in report.relations]
    if name == "heading":
        return report.sections[-1].title if report.sections else ""
    if name.startswith("document."):
        return getattr(report.document, name.removeprefix("document.")) or ""
    if name == "cut":
        return " ".join(
            one.was.strip() for repair in report.repairs if repair.kind in CUTTING for one in repair.examples
        )
    if name == "measured":
        return "".join(metric.unit for metric in report.metrics)
    if not report.metrics:
        return "no figure"
    metric = report.metrics[at]
    if name == "reasons":
        return [reason[1:] for reason in metric.confidence_reasons]
    if name in ("quantity", "estimate"):
        value = metric.value + (f"~{metric.value_high}" if metric.value_high else "")
        return f"{value} {metric.unit if name == 'quantity' else metric.qualifier}"
    if name == "known":
        return "-unit_unknown" not in metric.confidence_reasons
    if name == "holds":
        return what if what in metric.indicator else metric.indicator
    if name == "since":
        return (metric.period or "").split("/")[0]
    return metric.source.quote if name == "quote" else getattr(metric, name) or ""


@lru_cache(maxsize=1)
def _cases() -> dict[str, Any]:
    return tomllib.loads(CASES.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
