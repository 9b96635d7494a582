"""Each word of a data file in a sentence: what the word's own row says of it is what is read.

The sentences are in ``tests/cases/words.toml``, one for each list of words; a word that is added to a list gets its case by
itself. A word that goes is noticed by ``tests/golden/words``.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from schemas.report import Report
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "words.toml").read_text(encoding="utf-8"))
REMARKS = {"source", "why"}


@lru_cache(maxsize=64)
def table(name: str) -> Any:
    return tomllib.loads((ROOT / "worker" / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def lists(part: Any, place: str) -> Iterator[tuple[str, str, Any]]:
    """Every word below with the place of its list, and its value where the list is a table of words."""
    for key, value in part.items():
        inner = f"{place}.{key}"
        if key in REMARKS or not isinstance(value, dict | list):
            continue
        if isinstance(value, dict):
            if all(isinstance(one, str | int) for one in value.values()):
                yield from ((inner, word, said) for word, said in value.items() if word not in REMARKS)
            yield from lists(value, inner)
        elif isinstance(value[0], dict):
            for row in value:
                first = next(
                    (str(said) for name, said in row.items() if name not in REMARKS and isinstance(said, str)), ""
                )
                yield from lists(row, f"{inner}.{first}" if first else inner)
        else:
            yield from ((inner, word, None) for word in value)


def cases() -> Iterator[Any]:
    """Each word with its frame: the one of its list that names it, else the one that names none."""
    for name in sorted({frame["list"].split(".")[0] for frame in CASES["frame"]}):
        for place, word, value in lists(table(name), name):
            frames = [frame for frame in CASES["frame"] if fnmatchcase(place, frame["list"])]
            left_out = any(fnmatchcase(place, row["list"]) and word in row["words"] for row in CASES["without"])
            if not frames or left_out:
                continue
            own = [frame for frame in frames if word in frame.get("only", ())]
            [frame] = own or [frame for frame in frames if "only" not in frame]
            marks = [pytest.mark.xfail(strict=True)] if word in frame.get("gap", ()) else []
            yield pytest.param(frame, word, value, id=f"{place} {word}", marks=marks)


def read(text: str) -> Report:
    origin = Origin("words", "a.txt", "a.txt", hashlib.sha256(text.encode()).hexdigest())
    return read_report(text.encode(), origin, load_tools(), lambda: 0.0)


def seen(report: Report, name: str, what: Any, at: int) -> Any:
    """What a frame's expectation names: of the document, the sections, or the figure ``at`` that place."""
    if name == "figures":
        return len(report.metrics)
    if name == "heading":
        return [section.title for section in report.sections][-1]
    if name.startswith("document."):
        return getattr(report.document, name.removeprefix("document.")) or ""
    if name == "known":
        return "-unit_unknown" not in report.metrics[at].confidence_reasons
    if name == "holds":
        return what if what in report.metrics[at].indicator else report.metrics[at].indicator
    if name == "since":
        return (report.metrics[at].period or "").split("/")[0]
    return report.metrics[at].source.quote if name == "quote" else getattr(report.metrics[at], name) or ""


@pytest.mark.parametrize(("frame", "word", "value"), list(cases()))
def test_a_word_does_what_its_row_says(frame: dict[str, Any], word: str, value: Any) -> None:
    def filled(text: Any) -> Any:
        return text.replace("{}", word).replace("{value}", str(value)) if isinstance(text, str) else text

    report = read(filled(frame["text"]))
    expected = {name: filled(what) for name, what in frame["expect"].items()}

    assert {name: seen(report, name, what, frame.get("at", -1)) for name, what in expected.items()} == expected


@pytest.mark.parametrize(
    ("unit", "takes_numeral"),
    sorted(
        {
            (unit, row.get("numeral", True))
            for row in table("units")["units"]
            for unit in row["words"]
            if unit not in CASES["no_numeral"]["words"]
        }
    ),
)
def test_a_unit_takes_a_chinese_numeral_where_its_row_lets_it(unit: str, takes_numeral: bool) -> None:
    """三十家 is thirty of them; 三十面 may be part of a name."""
    found = [metric.source.quote for metric in read(f"全市共有设施三十{unit}。").metrics]

    assert found == ([f"三十{unit}"] if takes_numeral else [])


def test_every_exception_is_one() -> None:
    """A list that no frame and no row names is a slip of the pen."""
    places = {(place, word) for name in table_names() for place, word, _ in lists(table(name), name)}
    for row in [*CASES["frame"], *CASES["without"]]:
        words = {word for place, word in places if fnmatchcase(place, row["list"])}
        assert words, row["list"]
        assert {*row.get("only", ()), *row.get("gap", ()), *row.get("words", ())} <= words, row["list"]


def table_names() -> list[str]:
    return sorted({row["list"].split(".")[0] for row in [*CASES["frame"], *CASES["without"]]})
