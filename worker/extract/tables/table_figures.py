"""The figures that a report's tables give by their labels."""

from typing import Any

from worker.draft import Draft
from worker.extract.language.reading_text import ReadingText
from worker.extract.tables.cell_fields import decide
from worker.extract.tables.cells import TableFigures
from worker.extract.tables.containers import Containers
from worker.extract.time.outline import Outline
from worker.extract.time.report_date import Sections, calendar_of
from worker.figure import Figure, Place
from worker.parts import Heading


def figures_of_tables(reading: ReadingText, draft: Draft, table: TableFigures) -> list[Figure]:
    """The figures of all cells that no damage touches."""
    outline = Outline(draft.headings)
    calendar = calendar_of(draft, reading)
    sections = Sections(reading, calendar.clock)
    containers = Containers(draft.cells)
    headings: tuple[Heading, ...] | None = None
    clock = calendar.clock
    figures = []
    for cell in table.figures:
        if draft.text.is_flawed(cell.start, cell.end):
            continue
        place = Place.of(draft.text, cell.start, cell.end)
        if headings is None or outline.above(cell.start) != headings:
            headings = outline.above(cell.start)
            clock = calendar.enter(sections.under(headings), headings)
        figures.append(
            Figure(
                place=place,
                written=reading.text[cell.start : cell.end],
                value=cell.value,
                unit=cell.unit,
                words=cell.words,
                cell=containers.of(place.raw_start),
                headings=headings,
                **dict[str, Any](decide(cell, clock)),
            )
        )
    return figures
