"""The annotated reports: the seeds, the invented reports, and the unseen reports whose text is at hand."""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
SEEDS = ROOT / "seeds"
#: Folders of annotated passages, and the groups they are told in. The second was annotated later, so that there is a
#: measure that no earlier choice of rules has seen.
PASSAGES = {"unseen": "{split}", "unseen2": "{split}2"}


@dataclass(frozen=True)
class Annotated:
    """An annotation with the bytes of its report.

    ``group`` is seeds, dev, held, dev2, held2, invented dev, invented held, tables dev or reviewed.
    """

    name: str
    group: str
    gold: Mapping[str, Any]
    data: bytes

    @property
    def is_held(self) -> bool:
        """Whether only its totals may be looked at."""
        return self.gold.get("split") == "held"


def seeds() -> Iterator[Annotated]:
    """The annotated seeds."""
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        yield Annotated(path.stem, "seeds", gold, (SEEDS / gold["source"]).read_bytes())


def invented() -> Iterator[Annotated]:
    """The reports that were written for the purpose; their text lies beside the annotation."""
    for path in sorted((GOLD / "invented").glob("*/*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        yield Annotated(path.stem, f"invented {gold['split']}", gold, (path.parent / gold["file"]).read_bytes())


def unseen(reports: Path | None) -> Iterator[Annotated]:
    """The annotated reports whose text is at hand; says on stderr which are not."""
    yield from _of_others(PASSAGES, "passages", reports)


def tables(reports: Path | None) -> Iterator[Annotated]:
    """The annotated tables whose report is at hand; says on stderr which are not."""
    yield from _of_others({"tables": "tables {split}"}, "tables", reports)


def reviewed(cases: Path, reports: Path | None) -> Iterator[Annotated]:
    """What `zhibiao gold export` wrote, where the reports are at hand; says on stderr which are not."""
    golds = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    if reports is None:
        print(f"skipped {len(golds)} reviewed reports, as no folder of theirs is named", file=sys.stderr)
        return
    for gold in golds:
        yield from _at_hand(gold["file"], "reviewed", gold, reports)


def _at_hand(name: str, group: str, gold: Mapping[str, Any], reports: Path) -> Iterator[Annotated]:
    text = reports / gold["file"]
    if not text.is_file():
        print(f"skipped {name}: its text is not at hand", file=sys.stderr)
        return
    data = text.read_bytes()
    if hashlib.sha256(data).hexdigest() != gold["sha256"]:
        print(f"skipped {name}: {text} is another text", file=sys.stderr)
        return
    yield Annotated(name, group, gold, data)


def _of_others(folders: Mapping[str, str], what: str, reports: Path | None) -> Iterator[Annotated]:
    """The annotations in ``folders``, each with the pattern of its groups' names."""
    paths = [(path, group) for folder, group in folders.items() for path in sorted((GOLD / folder).glob("*.json"))]
    if reports is None:
        print(
            f"skipped {len(paths)} {what} of other people's reports, as no folder of theirs is named", file=sys.stderr
        )
        return
    for path, group in paths:
        gold = json.loads(path.read_text(encoding="utf-8"))
        yield from _at_hand(path.stem, group.format(split=gold["split"]), gold, reports)
