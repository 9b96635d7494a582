"""The page of canonical indicators: ``python -m benchmarks.indicators [--write]`` prints or writes docs/indicators.md."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from worker.facts import load_facts

PAGE = Path(__file__).resolve().parent.parent / "docs" / "indicators.md"

_HEAD = """# Canonical indicators

Made from `worker/data/catalogue.toml` by `make generate`. {count} quantities that many reports give, each with the id that
it has in every report, how many wordings beside its name lead to it, what kind of quantity it is (its unit has to agree),
and the norm or the place in a report that it comes from. [relations.md](relations.md) says when a figure gets an id.
"""


def page() -> str:
    """docs/indicators.md."""
    entries = sorted(load_facts("catalogue")["indicator"], key=lambda entry: entry["id"])
    parts = [
        "\n".join(
            [f"## {head}\n", "| id | name | wordings | kind | source |", "| --- | --- | ---: | --- | --- |", *rows]
        )
        for head, rows in _parts(entries)
    ]
    return _HEAD.format(count=len(entries)) + "\n" + "\n\n".join(parts) + "\n"


def _parts(entries: list[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for head, group in groupby(entries, key=lambda entry: entry["id"].partition(".")[0]):
        yield head, [_row(entry) for entry in group]


def _row(entry: Mapping[str, Any]) -> str:
    beside = sum(len(row["names"]) for row in entry.get("beside", ()))
    wordings = len(entry["aliases"]) + len(entry.get("growth", ())) + beside
    cells = (f"`{entry['id']}`", entry["name"], str(wordings), entry["unit_kind"], entry["source"])
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def main() -> int:
    """Print or write the page; 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/indicators.md")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
