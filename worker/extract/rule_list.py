"""All rules that can decide a kind or a field, in the order in which they are asked, each with its own first line."""

from collections.abc import Iterator
from typing import Any

from worker.extract.all_numbers import BY_SURROUNDINGS
from worker.extract.figure_fields import FIELDS
from worker.extract.kinds import classify
from worker.extract.sentence.rules import Field
from worker.extract.tables.cell_fields import CELL_FIELDS


def catalogue() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The rules by the title of their list, each with the first line of what it says of itself."""
    yield "Kinds of numbers (`class`)", [*_kinds()]
    for field in FIELDS:
        yield f"`{field.name}`, in prose", [*_of_field(field)]
    for cell_field in CELL_FIELDS:
        yield f"`{cell_field.name}`, in tables", [*_of_field(cell_field)]


def _kinds() -> Iterator[tuple[str, str]]:
    for rule in classify.RULES:
        yield classify.rule_name(rule), _says(rule)
    yield "class.measured", "A number with a unit: a figure."
    yield "class.measures", "A number without a unit that measures something: a figure."
    for verdict in BY_SURROUNDINGS:
        yield verdict.rule, f"{verdict.reason[0].upper()}{verdict.reason[1:]}."


def _of_field(field: Field[Any]) -> Iterator[tuple[str, str]]:
    for rule in field.rules:
        for one in field.inner if rule.__name__ == field.asking else (rule,):
            yield f"{field.name}.{one.__name__}", _says(one)


def _says(rule: Any) -> str:
    return (rule.__doc__ or "").strip().split("\n")[0]
