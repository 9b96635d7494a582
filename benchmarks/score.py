"""How right the figures are: ``python -m benchmarks.score [--faults] [--reports DIR]``.

Reads the seeds, and those of the annotated unseen reports whose text lies in ``--reports`` (or in the folder that
ZHIBIAO_REPORTS names), compares them with ``tests/gold`` and prints a table. Exits with 1 below ``floors.json``.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scorer import Tally, compare, lines_of, total
from worker.pipeline import Origin, read_report
from worker.tools import load_tools

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
SEEDS = ROOT / "seeds"
FLOORS = Path(__file__).parent / "floors.json"
COLUMNS = (
    "precision",
    "recall",
    "quantity_f1",
    "indicator",
    "qualifier",
    "change",
    "period",
    "status",
    "hard",
    "record_f1",
    "document",
)


@dataclass(frozen=True)
class Annotated:
    """An annotation with the bytes of its report; ``group`` is seeds, dev or held."""

    name: str
    group: str
    gold: Mapping[str, Any]
    data: bytes


def seeds() -> Iterator[Annotated]:
    """The annotated seeds."""
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        yield Annotated(path.stem, "seeds", gold, (SEEDS / gold["source"]).read_bytes())


def unseen(reports: Path | None) -> Iterator[Annotated]:
    """The annotated reports whose text is at hand; says on stderr which are not."""
    for path in sorted((GOLD / "unseen").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = reports / gold["file"] if reports else None
        if text is None or not text.is_file():
            print(f"skipped {path.stem}: its text is not at hand", file=sys.stderr)
            continue
        data = text.read_bytes()
        if hashlib.sha256(data).hexdigest() != gold["sha256"]:
            print(f"skipped {path.stem}: {text} is another text", file=sys.stderr)
            continue
        yield Annotated(path.stem, gold["split"], gold, data)


def score(annotated: Annotated) -> Tally:
    """Read one report and compare it with its annotation."""
    name = annotated.gold.get("file") or annotated.gold["source"]
    origin = Origin("benchmark", Path(name).name, name, hashlib.sha256(annotated.data).hexdigest())
    report = read_report(annotated.data, origin, load_tools(), time.perf_counter)
    passage = annotated.gold.get("passage")
    return compare(annotated.gold, report.model_dump(), tuple(passage) if passage else None)


def row(name: str, tally: Tally) -> str:
    """One line of the table."""
    rates = tally.rates()
    counts = f"{tally.counts['annotated']:9d}{tally.counts['extracted']:10d}"
    return name.ljust(24) + counts + "".join(f"{rates[column]:12.3f}" for column in COLUMNS)


def below_floors(totals: Mapping[str, Tally], floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What has fallen below its floor, as lines for people."""
    return [
        f"{group} {name}: {totals[group].rates()[name]:.3f} is below the floor of {floor}"
        for group, row_of_floors in floors.items()
        if group in totals
        for name, floor in row_of_floors.items()
        if round(totals[group].rates()[name], 3) < floor
    ]


def main() -> int:
    """Print the table; 0 where all floors hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", action="store_true", help="list every disagreement")
    parser.add_argument("--group", help="only this group: seeds, dev or held")
    parser.add_argument(
        "--reports", type=Path, default=os.environ.get("ZHIBIAO_REPORTS"), help="folder of the unseen reports"
    )
    arguments = parser.parse_args()
    print("document".ljust(24) + "annotated extracted" + "".join(column.rjust(12) for column in COLUMNS))
    groups: dict[str, list[Tally]] = {}
    for annotated in (*seeds(), *unseen(arguments.reports)):
        if arguments.group in (None, annotated.group):
            tally = score(annotated)
            groups.setdefault(annotated.group, []).append(tally)
            print(row(f"{annotated.group} {annotated.name}", tally))
            if arguments.faults:
                print("\n".join("    " + line for line in lines_of(tally.faults)))
    totals = {group: total(tallies) for group, tallies in groups.items()}
    for group, tally in totals.items():
        print(row(f"{group} TOTAL", tally))
    failures = below_floors(totals, json.loads(FLOORS.read_text(encoding="utf-8")))
    print("\n".join(failures) if failures else "all floors hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
