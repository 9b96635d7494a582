"""The page of canonical indicators, and their list for programs.

``python -m benchmarks.indicators [--write]`` prints the page, or writes docs/indicators.md and exports/data/indicators.json.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from worker.facts import load_facts

_ROOT = Path(__file__).resolve().parent.parent
PAGE = _ROOT / "docs" / "indicators.md"
LIST = _ROOT / "exports" / "data" / "indicators.json"

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


def listed() -> str:
    """exports/data/indicators.json, an indicator a line."""
    entries = sorted(load_facts("catalogue")["indicator"], key=lambda entry: entry["id"])
    rows = [json.dumps(_listed(entry), ensure_ascii=False) for entry in entries]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def _listed(entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: entry[name] for name in ("id", "name", "unit_kind", "direction", "source")}
    return {**kept, "wordings": [*entry["aliases"], *entry.get("growth", ())]}


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
    parser.add_argument("--write", action="store_true", help="write both files")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
        LIST.write_text(listed(), encoding="utf-8")
    else:
        print(page(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
