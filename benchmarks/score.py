"""How right the figures are: ``python -m benchmarks.score [--faults] [--reports DIR] [--reviewed FILE]``.

Reads the seeds, the invented reports, and those of the annotated unseen reports whose text lies in ``--reports`` (or in
the folder that ZHIBIAO_REPORTS names), compares them with ``tests/gold`` and prints a table. Then come false figures, the
hard cases, the relations of the seeds with their misprints, and how often a confidence is right. Exits with 1 below the
floors or above the ceilings of ``floors.json``. ``own_year`` is what ``period`` would be if every figure were given the
report's own year.

The held halves are there to tell whether rules hold for reports that nobody tuned them to: their faults are never
listed.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import confidence, hard_cases, relations
from benchmarks.annotated import Annotated, invented, reviewed, seeds, tables, unseen
from benchmarks.scorer import Tally, compare, lines_of, total
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.stages.decode import read
from worker.tools import Tools, load_tools

FLOORS = Path(__file__).parent / "floors.json"
WIDTH = 36
CALIBRATED = {
    "seen": ("seeds", "dev"),
    "held": ("held",),
    "held later": ("held2",),
    "invented": ("invented dev", "invented held"),
    "tables": ("tables dev", "invented dev"),
}
COLUMNS = (
    "precision",
    "recall",
    "quantity_f1",
    "indicator",
    "qualifier",
    "change",
    "period",
    "own_year",
    "status",
    "hard",
    "record_f1",
    "document",
)


def score(annotated: Annotated) -> Tally:
    """Read one report and compare it with its annotation."""
    name = annotated.gold.get("file") or annotated.gold["source"]
    origin = Origin("benchmark", Path(name).name, name, hashlib.sha256(annotated.data).hexdigest())
    report = read_report(annotated.data, origin, load_tools(), time.perf_counter)
    tally = compare(annotated.gold, report.model_dump())
    start, end = annotated.gold.get("passage") or (0, len(read(annotated.data).text.now))
    tally.counts["characters"] += end - start
    tally.counts["contradictions"] += sum(one.verdict == "contradicts" for one in report.relations)
    return tally


def row(name: str, tally: Tally) -> str:
    """One line of the table."""
    rates = tally.rates()
    counts = f"{tally.counts['annotated']:9d}{tally.counts['extracted']:10d}"
    return name.ljust(WIDTH) + counts + "".join(f"{rates[column]:12.3f}" for column in COLUMNS)


def false_figures(tally: Tally) -> float:
    """Figures that are none, or that have a wrong value or unit, in 10 000 characters."""
    return 10_000 * (tally.counts["extracted"] - tally.counts["matched"]) / max(1, tally.counts["characters"])


def measured(group: str, tally: Tally) -> dict[str, float]:
    """What limits can be set for, by name.

    The figures of an invented report agree with each other, so whatever is said to contradict there is read wrongly.
    """
    values = tally.rates() | {"false_figures": false_figures(tally)}
    return values | ({"false_contradictions": tally.counts["contradictions"]} if group.startswith("invented") else {})


def beyond_limits(values: Mapping[str, Mapping[str, float]], limits: Mapping[str, Any]) -> list[str]:
    """What has fallen below its floor or risen above its ceiling, as lines for people; both go by group and name."""
    low = [
        f"{group} {name}: {values[group][name]:.3f} is below the floor of {floor}"
        for group, floors in limits["floors"].items()
        if group in values
        for name, floor in floors.items()
        if round(values[group][name], 3) < floor
    ]
    high = [
        f"{group} {name}: {values[group][name]:.3f} is above the ceiling of {ceiling}"
        for group, ceilings in limits["ceilings"].items()
        if group in values
        for name, ceiling in ceilings.items()
        if round(values[group][name], 3) > ceiling
    ]
    return low + high


def seed_values(tools: Tools) -> dict[str, float]:
    """Prints the hard cases and the relations of the seeds; gives what floors are set for."""
    cases = list(hard_cases.judged(tools))
    wrong = ", ".join(name for name, right in cases if not right)
    right = sum(right for _, right in cases)
    print(f"\nhard cases: {right} of {len(cases)} right" + (f"; wrong: {wrong}" if wrong else ""))
    rows = list(relations.of_seeds(tools))
    found = sum((row for _, row in rows), relations.Mutations())
    print("\n" + relations.table(rows))
    return {
        "hard_cases": right,
        "relations": found.relations.total() - found.false_alarms,
        "false_contradictions": found.false_alarms,
        "misprints_noticed": found.noticed / found.tried,
    }


def calibration(annotated: Sequence[Annotated], tools: Tools) -> dict[str, dict[str, float]]:
    """Prints how often figures of each confidence are right; gives the share of those that pass for sure."""
    values = {}
    every = [(one.group, row) for one in annotated for row in confidence.rows_of(one, tools.scale, tools)]
    for title, groups in CALIBRATED.items():
        rows = [row for group, row in every if group in groups and row.in_a_table == (title == "tables")]
        sure = [row.right for row in rows if tools.scale.confidence(row.reasons) >= confidence.SURE]
        if rows:
            print("\n" + confidence.table(f"confidence, {title}", rows, tools.scale))
            values[f"confidence {title}"] = {"sure_right": sum(sure) / len(sure) if sure else 1.0}
    return values


def main() -> int:
    """Print the table; 0 where all floors hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", action="store_true", help="list every disagreement")
    parser.add_argument("--group", help="only this group, such as seeds, dev, held2, invented dev or tables dev")
    parser.add_argument(
        "--reports", type=Path, default=os.environ.get("ZHIBIAO_REPORTS"), help="folder of the unseen reports"
    )
    parser.add_argument("--reviewed", type=Path, help="cases that zhibiao gold export wrote, of reports in --reports")
    arguments = parser.parse_args()
    print("document".ljust(WIDTH) + "annotated extracted" + "".join(column.rjust(12) for column in COLUMNS))
    groups: dict[str, list[Tally]] = {}
    everything = [*seeds(), *invented(), *unseen(arguments.reports), *tables(arguments.reports)]
    if arguments.reviewed:
        everything += reviewed(arguments.reviewed, arguments.reports)
    chosen = [one for one in everything if arguments.group in (None, one.group)]
    for annotated in chosen:
        tally = score(annotated)
        groups.setdefault(annotated.group, []).append(tally)
        print(row(f"{annotated.group} {annotated.name}", tally))
        if arguments.faults and not annotated.is_held:
            print("\n".join("    " + line for line in lines_of(tally.faults)))
    totals = {group: total(tallies) for group, tallies in groups.items()}
    values = {group: measured(group, tally) for group, tally in totals.items()}
    for group, tally in totals.items():
        print(row(f"{group} TOTAL", tally))
    print(
        "\nfalse figures in 10 000 characters: " + ", ".join(f"{g} {v['false_figures']:.2f}" for g, v in values.items())
    )
    false = {g: v["false_contradictions"] for g, v in values.items() if "false_contradictions" in v}
    if false:
        print("false contradictions: " + ", ".join(f"{group} {number}" for group, number in false.items()))
    if arguments.group is None:
        values["all"] = seed_values(load_tools())
        values |= calibration(chosen, load_tools())
    failures = beyond_limits(values, json.loads(FLOORS.read_text(encoding="utf-8")))
    print("\n" + ("\n".join(failures) if failures else "all floors and ceilings hold"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
