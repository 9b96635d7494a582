"""Rows of tests/cases for reading figures."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.numbers.numerals import parse, text_of
from worker.extract.time.expressions import find_times
from worker.pipeline import read_draft
from worker.report_writer import metrics_of
from worker.stages.extract import extract
from worker.tools import Tools, load_tools

CASES = Path(__file__).parents[2] / "cases"


def rows(name: str) -> list[Any]:
    cases = tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]
    return [
        pytest.param(case, id=case["id"], marks=[pytest.mark.xfail(strict=True)] if case.get("gap") else [])
        for case in cases
    ]


@pytest.fixture(scope="module")
def tools() -> Tools:
    return load_tools()


def draft(text: str, year: str | None = "2023") -> Draft:
    return Draft(text.encode(), "report.txt", text=Text.of(text), document=Document(period=year))


@pytest.mark.parametrize("case", rows("numerals.toml"))
def test_numerals_have_values(case: dict[str, str]) -> None:
    """Exact decimals, or nothing."""
    value = parse(case["run"])
    low = None if value is None else text_of(value.low)
    high = None if value is None or value.high is None else text_of(value.high)
    assert (low, high) == (case.get("low"), case.get("high"))


@pytest.mark.parametrize("case", rows("candidates.toml"))
def test_every_number_has_a_class(case: dict[str, Any], tools: Tools) -> None:
    """Nothing is left out, whatever it is."""
    read = extract(draft(case["text"]), tools)
    found = [[case["text"][one.start : one.end], one.kind] for one in read.numbers]
    assert found == case["numbers"]


@pytest.mark.parametrize("case", rows("figures.toml"))
def test_figures_have_values_units_and_directions(case: dict[str, Any], tools: Tools) -> None:
    """Through the whole pipeline: nothing more and nothing less than these."""
    read = read_draft(case["text"].encode(), "report.txt", tools)
    assert [
        [
            metric.source.quote,
            metric.value + (f"~{metric.value_high}" if metric.value_high else ""),
            metric.unit,
            "" if metric.qualifier == "exact" else metric.qualifier,
            metric.change or "",
        ]
        for metric in metrics_of(read)
    ] == case["figures"]


@pytest.mark.parametrize("case", rows("times.toml"))
def test_times_are_found(case: dict[str, Any], tools: Tools) -> None:
    """With the periods they mean in a report on 2023."""
    reading = ReadingText(fold(case["text"]), tools.lexicon, tools.words)
    found = [
        [case["text"][time.start : time.end].strip(",，"), time.period or ""]
        for time in find_times(reading, 2023, 2023)
    ]
    assert found == case["times"]


@pytest.mark.parametrize("case", rows("indicators.toml"))
def test_figures_are_named_and_dated(case: dict[str, Any], tools: Tools) -> None:
    """The thing first, then what was done to it."""
    metrics = metrics_of(extract(draft(case["text"]), tools))
    assert [[metric.source.quote, metric.indicator, metric.period or ""] for metric in metrics] == case["figures"]


@pytest.mark.parametrize("case", rows("status.toml"))
def test_figures_have_a_status_and_an_owner(case: dict[str, Any], tools: Tools) -> None:
    """Reached, under way, planned or required; whose, and by whom."""
    metrics = metrics_of(extract(draft(case["text"]), tools))
    assert [
        [metric.source.quote, metric.status, metric.status_words or "", metric.scope or "", metric.actor or ""]
        for metric in metrics
    ] == case["figures"]


@pytest.mark.parametrize("case", rows("reports.toml"))
def test_figures_of_whole_reports_have_their_time_and_status(case: dict[str, Any], tools: Tools) -> None:
    """By what the title, the headings and the sentences say."""
    read = read_draft(case["text"].strip().encode(), "report.txt", tools)
    assert [
        [metric.source.quote.strip(), metric.period or "", metric.status, metric.status_words or ""]
        for metric in metrics_of(read)
    ] == case["figures"]


@pytest.mark.parametrize("case", rows("hard_cases.toml"))
def test_hard_cases_are_read_right(case: dict[str, Any], tools: Tools) -> None:
    """Through the whole pipeline, damage included."""
    read = read_draft(case["text"].encode(), "report.txt", tools)
    metrics = [metric for metric in metrics_of(read) if metric.source.quote not in case.get("optional", ())]
    figures = [
        [metric.value, metric.value_high or "", metric.unit, metric.qualifier, metric.change or ""]
        for metric in metrics
    ]
    assert figures == case["figures"]
    if "periods" in case:
        assert [metric.period for metric in metrics] == case["periods"]
