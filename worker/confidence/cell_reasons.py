"""The reasons for trusting or doubting the figure of a table's cell."""

from collections.abc import Sequence

from worker.confidence.scale import IN_A_TABLE
from worker.figure import Figure
from worker.parts import Cell


def reasons_of_cell(figure: Figure, cell: Cell, verdicts: Sequence[str]) -> tuple[str, ...]:
    """The reasons that apply to a figure in a cell with labels; damage is none of them."""
    of_relations = "relation_contradicts" if "contradicts" in verdicts else "relation_holds" if verdicts else ""
    return (
        IN_A_TABLE,
        *(("indicator_known",) if figure.indicator_id else ()),
        *((of_relations,) if of_relations else ()),
        *(() if cell.row and cell.column else ("cell_of_one_label",)),
        *(() if figure.unit or figure.indicator_id else ("cell_without_unit",)),
        *(("cell_without_time",) if figure.period.value is None else ()),
    )
