"""How many of the eighty hard cases are read right: the rows of ``tests/cases/hard_cases.toml``, through all stages."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from worker.pipeline import read_draft
from worker.report_writer import metrics_of
from worker.tools import Tools

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "hard_cases.toml"


def judged(tools: Tools) -> Iterator[tuple[str, bool]]:
    """Each case's id, and whether all its figures are right and none is added."""
    for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]:
        yield case["id"], is_right(case, tools)


def is_right(case: Mapping[str, Any], tools: Tools) -> bool:
    """Whether value, unit, qualifier and change of every figure are as asked for, and its period where one is."""
    draft = read_draft(case["text"].encode(), "report.txt", tools)
    metrics = [metric for metric in metrics_of(draft) if metric.source.quote not in case.get("optional", ())]
    figures = [
        [metric.value, metric.value_high or "", metric.unit, metric.qualifier, metric.change or ""]
        for metric in metrics
    ]
    periods = [metric.period for metric in metrics]
    return bool(figures == case["figures"] and case.get("periods", periods) == periods)
