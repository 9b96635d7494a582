"""The reasons for trusting or doubting the figure of a table's cell."""

from collections.abc import Iterator, Sequence

from worker.confidence.scale import IN_A_TABLE
from worker.figure import Figure
from worker.parts import Cell


def reasons_of_cell(figure: Figure, cell: Cell, verdicts: Sequence[str]) -> Iterator[str]:
    """The reasons that apply to a figure in a cell with labels; damage is none of them."""
    yield IN_A_TABLE
    if figure.indicator_id:
        yield "indicator_known"
    if "contradicts" in verdicts:
        yield "relation_contradicts"
    elif verdicts:
        yield "relation_holds"
    if not (cell.row and cell.column):
        yield "cell_of_one_label"
    if not figure.unit and not figure.indicator_id:
        yield "cell_without_unit"
    if figure.period.value is None:
        yield "cell_without_time"
