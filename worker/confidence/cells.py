"""The reasons for trusting or doubting the figure of a table's cell."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.metric import Metric
from worker.confidence.scale import IN_A_TABLE
from worker.draft import Cell, Draft


def reasons_of_cells(draft: Draft, verdicts: Mapping[int, Sequence[str]]) -> dict[int, tuple[str, ...]]:
    """For each figure of a table, by its place among the metrics, the reasons that apply to it; damage is none of them."""
    cells = sorted((cell for cell in draft.cells if cell.row or cell.column), key=lambda cell: cell.start)
    found: dict[int, tuple[str, ...]] = {}
    at = 0
    for index, metric in enumerate(draft.metrics):
        while at < len(cells) and cells[at].end <= metric.source.start:
            at += 1
        if at < len(cells) and cells[at].start <= metric.source.start:
            found[index] = tuple(_of_cell(metric, cells[at], verdicts.get(index, ())))
    return found


def _of_cell(metric: Metric, cell: Cell, verdicts: Sequence[str]) -> Iterator[str]:
    yield IN_A_TABLE
    if metric.indicator_id:
        yield "indicator_known"
    if "contradicts" in verdicts:
        yield "relation_contradicts"
    elif verdicts:
        yield "relation_holds"
    if not (cell.row and cell.column):
        yield "cell_of_one_label"
    if not metric.unit and not metric.indicator_id:
        yield "cell_without_unit"
    if metric.period is None:
        yield "cell_without_time"
