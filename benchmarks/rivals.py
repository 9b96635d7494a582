"""What a user would take instead, on the same text: ``python -m benchmarks.rivals [--python PROGRAM]``.

Prints for each tool how many of the annotated figures it found, with what value and unit, how many numbers it reported
that are no figures, and how fast it is: on the seeds as the files have them; on the seeds as the worker's first stages
have repaired and simplified them; and on the invented reports, which no rule was made for, repaired likewise. The tools
run in a program of their own (``rival_tools.py``) under the Python of ``.venv-rivals``; one that is not installed is
named as skipped.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.annotated import ROOT, Annotated, invented, seeds
from benchmarks.rival_tools import ROUNDS, TOOLS
from benchmarks.scorer import unit_name
from worker.draft import Draft
from worker.edits import Text
from worker.pipeline import STAGES, read_report
from worker.report_writer import Origin
from worker.tools import Tools, load_tools

PYTHON = ROOT / ".venv-rivals" / "bin" / "python"
REPAIRING = ("decode", "clean", "convert")
WIDTH = 28
COLUMNS = ("found", "value right", "wrong", "unit right", "reported", "no figure")
NEARLY = Fraction(1, 10**6)  # of a value: a third comes as 0.333333333333


@dataclass(frozen=True)
class Found:
    """A number that a tool reported; places in the decoded file."""

    start: int
    end: int
    value: Fraction
    unit: str


@dataclass
class Count:
    """How a tool did over some reports."""

    annotated: int = 0
    found: int = 0
    value: int = 0
    unit: int = 0
    reported: int = 0
    no_figure: int = 0

    def add(self, gold: Mapping[str, Any], found: Sequence[Found]) -> None:
        """Compare the numbers of one report with its annotation; optional annotations neither help nor hurt."""
        self.reported += len(found)
        self.no_figure += sum(not any(_overlap(record, one) for record in gold["metrics"]) for one in found)
        for record in gold["metrics"]:
            if record.get("optional"):
                continue
            here = [one for one in found if _overlap(record, one)]
            right = [one for one in here if _same_value(record, one)]
            self.annotated += 1
            self.found += bool(here)
            self.value += bool(right)
            self.unit += any(_same_unit(record, one) for one in right)

    def row(self, name: str, characters: int, seconds: float) -> str:
        """One line of the table."""
        columns = (self.found, self.value, self.found - self.value, self.unit, self.reported, self.no_figure)
        speed = f"{characters / max(seconds, 1e-9):14,.0f}"
        return name.ljust(WIDTH) + "".join(f"{column:12d}" for column in columns) + speed


def _overlap(record: Mapping[str, Any], found: Found) -> bool:
    return bool(found.start < record["end"] and record["start"] < found.end)


def _same_value(record: Mapping[str, Any], found: Found) -> bool:
    wanted = [Fraction(value) for value in (record["value"], *record.get("value_alt", ()))]
    return any(abs(found.value - value) <= NEARLY * abs(value) for value in wanted)


def _same_unit(record: Mapping[str, Any], found: Found) -> bool:
    return unit_name(found.unit) in {unit_name(unit) for unit in (record["unit"], *record.get("unit_alt", ()))}


def of_tool(python: Path, name: str, texts: Sequence[str]) -> dict[str, Any]:
    """What ``rival_tools.run`` returns for the texts, run by the given Python."""
    order = json.dumps({"tool": name, "texts": list(texts)})
    program = Path(__file__).with_name("rival_tools.py")
    done = subprocess.run([str(python), str(program)], input=order, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def of_this_project(reports: Sequence[Annotated], tools: Tools) -> tuple[Count, float]:
    """Our own count, and the median of the seconds for all reports from bytes to figures."""
    seconds = []
    for _ in range(ROUNDS):
        count = Count()
        tools.words.forget()
        started = time.process_time()
        read = [_report(one, tools) for one in reports]
        seconds.append(time.process_time() - started)
    for one, report in zip(reports, read, strict=True):
        found = [
            Found(metric.source.start, metric.source.end, Fraction(metric.value), metric.unit or "")
            for metric in report.metrics
        ]
        count.add(one.gold, found)
    return count, statistics.median(seconds)


def _report(one: Annotated, tools: Tools) -> Any:
    return read_report(one.data, Origin("benchmark", one.name, one.name, "0" * 64), tools, time.perf_counter)


def repaired(one: Annotated, tools: Tools) -> Text:
    """The report's text after the stages that repair it, with the map to the file."""
    draft = Draft(one.data, one.name)
    for name, stage in STAGES:
        if name in REPAIRING:
            draft = stage(draft, tools)
    return draft.text


def compare(python: Path, reports: Sequence[Annotated], texts: Sequence[Text], *, as_in_file: bool) -> list[str]:
    """The rows of the other tools."""
    rows = []
    read = [text.raw if as_in_file else text.now for text in texts]
    for name in TOOLS:
        answer = of_tool(python, name, read)
        if "missing" in answer:
            rows.append(f"{name.ljust(WIDTH)}  skipped: {answer['missing']}")
            continue
        count = Count()
        for one, text, figures in zip(reports, texts, answer["figures"], strict=True):
            found = [
                Found(*((start, end) if as_in_file else text.span(start, end)), Fraction(value), unit)
                for start, end, value, unit in figures
            ]
            count.add(one.gold, found)
        rows.append(count.row(name, sum(map(len, read)), answer["seconds"]))
    return rows


def table(title: str, reports: Sequence[Annotated], tools: Tools, python: Path, *, as_in_file: bool) -> None:
    """Print one table; our own row always starts from the files."""
    texts = [repaired(one, tools) for one in reports]
    characters = sum(len(text.now) for text in texts)
    count, seconds = of_this_project(reports, tools)
    print(f"\n{title}: {len(reports)} reports, {characters} characters, {count.annotated} annotated figures")
    print(" " * WIDTH + "".join(name.rjust(12) for name in COLUMNS) + "characters/s".rjust(14))
    print(count.row("this project", characters, seconds))
    print("\n".join(compare(python, reports, texts, as_in_file=as_in_file)))


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, default=PYTHON, help="a Python that has the other tools")
    arguments = parser.parse_args()
    python = arguments.python if arguments.python.exists() else Path(sys.executable)
    tools = load_tools()
    table("seeds, as in the file", list(seeds()), tools, python, as_in_file=True)
    table("seeds, repaired", list(seeds()), tools, python, as_in_file=False)
    table("invented, repaired", list(invented()), tools, python, as_in_file=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
