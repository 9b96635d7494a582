"""Which rule decided what, and how often it was right: ``python -m benchmarks.rules [--reports DIR] [--page]``.

Reads every annotated report and counts, for each rule of each field, how often it fired, how many of those figures the
annotations decide on, and how many of these had the field right. A class's rule is right about a number that the
annotation has no figure at, the rules of figures about one that it has. ``--page`` prints docs/rules.md instead.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.annotated import Annotated, invented, seeds, tables, unseen
from benchmarks.scorer import compare, is_judged
from worker import PIPELINE_VERSION
from worker.draft import Draft
from worker.extract.figure_fields import FIELDS
from worker.extract.rule_list import catalogue
from worker.pipeline import read_draft
from worker.report_writer import metrics_of
from worker.tools import Tools, load_tools

JUDGED = ("indicator", "qualifier", "change", "period", "status")
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rules.md"
#: The names of all rules by pipeline version, a file each: readings tell them.
NAMES = ROOT / "tests" / "golden" / "rules"

_HEAD = """# The rules, in the order in which they are asked

Made from the rules themselves by `make generate`. For each field of a figure the rules are asked from the top, and the
first that speaks decides. `zhibiao extract --explain FILE` names the rule of every field, with the words that it went
by, and says what each rule means; `make score-rules` tells how often each was right.
"""


def page() -> str:
    """docs/rules.md."""
    lists = []
    for title, rules in catalogue():
        rows = [f"| `{name}` | {says.replace('|', chr(92) + '|')} |" for name, says in rules]
        lists.append("\n".join([f"## {title}\n", "| rule | what it says |", "| --- | --- |", *rows]))
    return _HEAD + "\n" + "\n\n".join(lists) + "\n"


def names() -> str:
    """The names of all rules, one a line."""
    return "".join(f"{name}\n" for name in sorted({name for _, rules in catalogue() for name, _ in rules}))


def write() -> None:
    """Write docs/rules.md, and the names of a pipeline version that has no file yet."""
    PAGE.write_text(page(), encoding="utf-8")
    of_version = NAMES / f"{PIPELINE_VERSION}.txt"
    if not of_version.exists():
        of_version.write_text(names(), encoding="utf-8")


class Count(Counter[str]):
    """``fired``, ``judged`` and ``right`` of one rule."""


def counts_of(annotated: Annotated, tools: Tools) -> dict[str, Count]:
    """How often each rule fired in a report, and how often it was right."""
    draft = read_draft(annotated.data, Path(annotated.gold.get("file") or annotated.gold["source"]).name, tools)
    tally = compare(annotated.gold, {"metrics": [metric.model_dump() for metric in metrics_of(draft)]})
    wrong: dict[str, set[int]] = {}
    for fault in tally.faults:
        if fault.got and "source" in fault.got:
            wrong.setdefault(fault.kind, set()).add(fault.got["source"]["start"])
    missed = [(one.wanted["start"], one.wanted["end"]) for one in tally.faults if one.kind == "missed" and one.wanted]
    found: dict[str, Count] = {}
    _count_figures(draft, annotated, wrong, found)
    for number in draft.numbers:
        start, end = draft.text.span(number.start, number.end)
        is_wrong = start in wrong.get("spurious", ()) or any(start < last and first < end for first, last in missed)
        _count(found, number.rule, judged=is_judged(annotated.gold, start, end), right=not is_wrong)
    return found


def _count_figures(draft: Draft, annotated: Annotated, wrong: dict[str, set[int]], found: dict[str, Count]) -> None:
    unmatched = wrong.get("spurious", set()) | wrong.get("wrong quantity", set())
    for figure in draft.figures:
        start = figure.place.raw_start
        judged = is_judged(annotated.gold, start, figure.place.raw_end) and start not in unmatched
        for field in FIELDS:
            told = judged and field.name in JUDGED
            _count(found, getattr(figure, field.name).rule, judged=told, right=start not in wrong.get(field.name, ()))


def _count(found: dict[str, Count], rule: str, *, judged: bool, right: bool) -> None:
    count = found.setdefault(rule, Count())
    count.update(fired=1, judged=int(judged), right=int(judged and right))


def total(counts: Iterable[dict[str, Count]]) -> dict[str, Count]:
    """The counts of several reports together."""
    found: dict[str, Count] = {}
    for one in counts:
        for rule, count in one.items():
            found.setdefault(rule, Count()).update(count)
    return found


def table(found: dict[str, Count]) -> str:
    """All rules with their counts, in the order in which they are asked."""
    lines = ["rule".ljust(40) + "   fired  judged   right"]
    told: set[str] = set()
    for _, rules in catalogue():
        for name, _ in rules:
            if name not in told:
                told.add(name)
                lines.append(_row(name, found.get(name, Count())))
    lines += [_row(name, found[name]) for name in sorted(found.keys() - told)]
    return "\n".join(lines)


def _row(name: str, count: Count) -> str:
    share = f"{count['right'] / count['judged']:7.3f}" if count["judged"] else "      -"
    return f"{name.ljust(40)}{count['fired']:8d}{count['judged']:8d} {share}"


def _reports(folder: Path | None) -> Sequence[Annotated]:
    return [*seeds(), *invented(), *unseen(folder), *tables(folder)]


def main() -> int:
    """Print the table or the page; 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="print docs/rules.md")
    parser.add_argument("--write", action="store_true", help="write docs/rules.md and, once, the names of a version")
    parser.add_argument(
        "--reports", type=Path, default=os.environ.get("ZHIBIAO_REPORTS"), help="folder of others' reports"
    )
    arguments = parser.parse_args()
    if arguments.write:
        write()
    elif arguments.page:
        print(page(), end="")
    else:
        print(table(total(counts_of(one, load_tools()) for one in _reports(arguments.reports))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
