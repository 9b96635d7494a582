"""The figures that a report's tables give by their labels."""

import re
from functools import lru_cache
from typing import Any

from worker.draft import Draft
from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.tables.cell_fields import CellFields
from worker.extract.tables.cells import TableFigures
from worker.extract.tables.containers import Containers
from worker.extract.time.outline import Outline
from worker.extract.time.report_date import Sections, calendar_of
from worker.figure import Figure, Place, Said
from worker.once import Once
from worker.parts import Heading, Span


def figures_of_tables(reading: ReadingText, draft: Draft, table: TableFigures) -> list[Figure]:
    """The figures of all cells that no damage touches."""
    if not table.figures:
        return []
    outline = Outline(draft.headings)
    calendar = calendar_of(draft, reading)
    sections = Sections(reading, calendar.clock)
    containers = Containers(draft.cells)
    headings: tuple[Heading, ...] | None = None
    fields = CellFields(calendar.clock)
    dated = _Dated(draft)
    figures = []
    for cell in table.figures:
        if draft.text.is_flawed(cell.start, cell.end):
            continue
        place = Place.of(draft.text, cell.start, cell.end)
        if headings is None or outline.above(cell.start) != headings:
            headings = outline.above(cell.start)
            fields = CellFields(calendar.enter(sections.under(headings), headings))
        said = fields.of(cell)
        fields_said: dict[str, Any] = {**said}
        figures.append(
            Figure(
                place=place,
                written=reading.text[cell.start : cell.end],
                value=cell.value,
                unit=cell.unit,
                words=cell.words,
                cell=containers.of(place.raw_start),
                headings=headings,
                unit_at=cell.unit_at,
                period_at=cell.period_at
                if said["period"].rule == "period.label"
                else dated.at(said["period"], headings),
                **fields_said,
            )
        )
    return figures


class _Dated:
    """Where the headings stand, and the report's title, that give figures their time."""

    def __init__(self, draft: Draft) -> None:
        self._text = draft.text
        self._title = draft.document.title or ""
        self._period = draft.document.period or ""

    def at(self, said: Said, headings: tuple[Heading, ...]) -> Span | None:
        """The place in the file of the innermost heading, or of the title, whose words these are; None for another source."""
        if said.value is None:
            return None
        for heading in reversed(headings):
            if said.words and said.words == _bare(heading.title):
                return self._place(heading.title, heading.start)
        return self._title_at if said.words or self._period in self._title else None

    @Once
    def _title_at(self) -> Span | None:
        return self._place(self._title, 0) if self._title else None

    def _place(self, words: str, start: int) -> Span | None:
        at = self._text.now.find(words, start)
        return self._text.span(at, at + len(words)) if at >= 0 else None


@lru_cache(maxsize=256)
def _bare(title: str) -> str:
    return fold(re.sub(r"\s", "", title)).strip()
