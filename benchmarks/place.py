"""Fills in the places of a new annotation: ``python -m benchmarks.place tests/gold/invented/dev/NAME.json``.

The report that ``file`` names has ``⟦`` and ``⟧`` around each annotated number; ``metrics`` lists its records in reading
order, without ``q``, ``start`` and ``end``. The marks go out of the report, and what they said goes into the annotation,
with the ``sha256`` of the report as it then is.
"""

import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MARKED = re.compile("⟦([^⟦⟧]+)⟧")
PLACES = ("q", "start", "end")


def placed(marked: str, records: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The text without marks, and the records with their places; ValueError where marks and records do not pair off."""
    found = list(MARKED.finditer(marked))
    if len(found) != len(records):
        raise ValueError(f"{len(found)} marked numbers, {len(records)} records; each number needs one of each")
    full = []
    for at, (match, record) in enumerate(zip(found, records, strict=True)):
        start = match.start() - 2 * at
        places = dict(zip(PLACES, (match[1], start, start + len(match[1])), strict=True))
        full.append(places | {name: value for name, value in record.items() if name not in PLACES})
    text = MARKED.sub(r"\1", marked)
    if stray := re.search("[⟦⟧]", text):
        raise ValueError(f"a mark without its other half: {text[max(0, stray.start() - 10) : stray.end() + 10]!r}")
    return text, full


def written(gold: dict[str, Any]) -> str:
    """The annotation as a file: one record a line, so that changes can be read."""
    head = json.dumps({name: value for name, value in gold.items() if name != "metrics"}, ensure_ascii=False, indent=1)
    records = ",\n".join("  " + json.dumps(record, ensure_ascii=False) for record in gold["metrics"])
    return f'{head[:-2]},\n "metrics": [\n{records}\n ]\n}}\n'


def place(path: Path) -> int:
    """Rewrite the annotation and its report; returns how many records were placed."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    report = path.parent / gold["file"]
    text, gold["metrics"] = placed(report.read_bytes().decode(gold["encoding"]), gold["metrics"])
    data = text.encode(gold["encoding"])
    gold["sha256"] = hashlib.sha256(data).hexdigest()
    report.write_bytes(data)
    path.write_text(written(gold), encoding="utf-8")
    return len(gold["metrics"])


if __name__ == "__main__":
    try:
        print(f"{place(Path(sys.argv[1]))} records placed")
    except (IndexError, ValueError) as error:
        sys.exit(f"nothing is written: {error}" if sys.argv[1:] else __doc__)
