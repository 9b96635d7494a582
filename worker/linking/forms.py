"""Gives the figures of standard forms their ids: there a cell's labels mean the same in every report."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from worker.extract.tables.numbering import bare
from worker.facts import load_facts
from worker.once import Once
from worker.parts import Cell

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """``ids`` by the labels that lead to a cell; ``context`` are labels that may be missing. ``size`` counts the cells."""

    ids: Mapping[Labels, str]
    context: frozenset[str]
    size: int

    @Once
    def labels(self) -> frozenset[str]:
        """Those of which each of its cells has one at least."""
        return frozenset(label for labels in self.ids for label in labels)


def load_forms() -> tuple[Form, ...]:
    """The forms of ``worker/data/forms.toml``."""
    return tuple(_form(row) for row in load_facts("forms")["forms"])


def _form(row: Mapping[str, Any]) -> Form:
    parts = row.get("parts", [{"id": "", "labels": []}])
    ids = {
        _labels((*cell["labels"], *part["labels"])): "/".join(filter(None, (cell["id"], part["id"])))
        for cell in row["cells"]
        for part in parts
    }
    return Form({**_without_outer(ids), **ids}, frozenset(map(bare, row["context"])), len(ids))


def _without_outer(ids: Mapping[Labels, str]) -> dict[Labels, str]:
    """The same by the labels without the outermost one, which a flat table has not, where that leaves no doubt."""
    times = Counter(labels[1:] for labels in ids)
    return {labels[1:]: id_ for labels, id_ in ids.items() if len(labels) > 2 and times[labels[1:]] == 1}


def _labels(labels: Iterable[str]) -> Labels:
    return tuple(map(bare, labels))


def ids_of_cells(cells: Sequence[Cell], forms: Sequence[Form]) -> dict[Cell, str]:
    """The ids of the cells of forms that the report has filled in."""
    labelled = [(cell, _labels((*cell.row, *cell.column))) for cell in cells if cell.row or cell.column]
    known = frozenset(chain.from_iterable(form.labels for form in forms))
    labelled = [row for row in labelled if not known.isdisjoint(row[1])]
    return {cell: id_ for form in forms for cell, id_ in _filled(form, labelled)} if labelled else {}


def _filled(form: Form, cells: Sequence[tuple[Cell, Labels]]) -> Iterator[tuple[Cell, str]]:
    found: dict[str, list[Cell]] = {}
    for cell, labels in cells:
        if form.labels.isdisjoint(labels):
            continue
        id_ = form.ids.get(tuple(label for label in labels if label not in form.context))
        if id_:
            found.setdefault(id_, []).append(cell)
    if 2 * len(found) < form.size:
        return
    for id_, same in found.items():
        if len(same) == 1:  # two cells with the same labels: one is a part, or another place's
            yield same[0], id_
