"""How the figures of the seeds hang together, and how many misprints that gives away.

``python -m benchmarks.relations`` prints the relations of each seed by kind and verdict, and the mutation test: every
digit of every number in a relation is changed to every other digit, the figure is read again, and the relations of
the whole report are sought anew.

contradicts   the change brings about a warning on the figure that was changed
noticed       it does that, or a relation that the figure was in is no longer found
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemas.report import Relation
from worker.draft import Draft
from worker.extract.language.reading_text import fold
from worker.extract.numbers.scan import find_candidates
from worker.pipeline import read_draft
from worker.relations.findings import related
from worker.tools import Tools, load_tools

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

Key = tuple[str, frozenset[int]]


@dataclass
class Mutations:
    """Counts over changed digits; ``false_alarms`` are contradictions in the unchanged texts."""

    tried: int = 0
    contradicts: int = 0
    noticed: int = 0
    false_alarms: int = 0
    relations: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Mutations") -> "Mutations":
        return Mutations(
            self.tried + other.tried,
            self.contradicts + other.contradicts,
            self.noticed + other.noticed,
            self.false_alarms + other.false_alarms,
            self.relations + other.relations,
            self.missed + other.missed,
        )


def read(data: bytes, name: str, tools: Tools) -> Draft:
    """A report with its figures and relations."""
    return read_draft(data, name, tools)


def mutate(draft: Draft, tools: Tools) -> Mutations:
    """Change each digit of each figure in a relation, one at a time."""
    result = Mutations(relations=Counter((relation.kind, relation.verdict) for relation in draft.relations))
    result.false_alarms = sum(relation.verdict == "contradicts" for relation in draft.relations)
    members = sorted({member.metric for relation in draft.relations for member in relation.members} - {None})
    for index in members:
        kinds = {relation.kind for relation in draft.relations if index in _metrics_of(relation)}
        before = _standing(draft.relations, index)
        for changed in _changed(draft, index, tools):
            again = related(changed, tools.grammar)
            alarm = any(index in _metrics_of(found) for found in again.relations if found.verdict == "contradicts")
            seen = alarm or not before <= _standing(again.relations, index)
            result.tried += 1
            result.contradicts += alarm
            result.noticed += seen
            if not seen:
                result.missed[" ".join(sorted(kinds))] += 1
    return result


def _standing(relations: Sequence[Relation], index: int) -> set[Key]:
    """The relations of a figure that hold."""
    return {
        (relation.kind, _metrics_of(relation))
        for relation in relations
        if index in _metrics_of(relation) and relation.verdict != "contradicts"
    }


def _metrics_of(relation: Relation) -> frozenset[int]:
    return frozenset(member.metric for member in relation.members if member.metric is not None)


def _changed(draft: Draft, index: int, tools: Tools) -> Iterator[Draft]:
    figure = draft.figures[index]
    start, end, now = figure.place.start, figure.place.end, draft.text.now
    for place in (start + found.start() for found in re.finditer("[0-9]", fold(now[start:end]))):
        for digit in "0123456789":
            quote = now[start:place] + digit + now[place + 1 : end]
            read = next(find_candidates(fold(quote), tools.lexicon), None)
            if digit == fold(now[place]) or read is None or read.value is None or read.value == figure.value:
                continue
            if place == start and digit == "0" and now[start + 1].isdigit():
                continue  # nobody writes 0485件
            misprint = figure.having(value=read.value, written=fold(quote))
            yield draft.having(figures=(*draft.figures[:index], misprint, *draft.figures[index + 1 :]), relations=())


def table(rows: Sequence[tuple[str, Mutations]]) -> str:
    """Relations and mutations as a table for people."""
    lines = ["document".ljust(28) + "relations  false  changed  contradicts      noticed"]
    for name, found in (*rows, ("TOTAL", sum((found for _, found in rows), Mutations()))):
        shares = [f"{part:5d} {part / found.tried:6.1%}" if found.tried else "-" for part in _seen(found)]
        lines.append(
            f"{name:28.28}{found.relations.total():9d}{found.false_alarms:7d}{found.tried:9d} {shares[0]} {shares[1]}"
        )
    return "\n".join(lines)


def _seen(found: Mutations) -> tuple[int, int]:
    return found.contradicts, found.noticed


def of_seeds(tools: Tools) -> Iterator[tuple[str, Mutations]]:
    """Each seed with its counts."""
    for path in sorted(SEEDS.glob("*.txt")):
        yield path.stem, mutate(read(path.read_bytes(), path.name, tools), tools)


def main() -> int:
    """Print both tables; 1 where an unchanged seed is contradicted."""
    rows = list(of_seeds(load_tools()))
    total = sum((found for _, found in rows), Mutations())
    print(table(rows))
    print()
    for (kind, verdict), count in sorted(total.relations.items()):
        print(f"{kind:12}{verdict:24}{count:4d}")
    print("not noticed, by the kinds the figure is in:", dict(total.missed))
    return 1 if total.false_alarms else 0


if __name__ == "__main__":
    sys.exit(main())
