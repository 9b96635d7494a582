"""Figures of the report's prose and tables."""

from collections.abc import Iterator, Sequence

from schemas.report import ReportWarning
from worker.draft import Draft
from worker.extract.all_numbers import classified, warnings_of
from worker.extract.event_size import refuse_many_figures
from worker.extract.language.reading_text import ReadingText
from worker.extract.language.sentences import find_sentences
from worker.extract.prose import figures_of_prose
from worker.extract.tables.cells import read_cells
from worker.extract.tables.table_figures import figures_of_tables
from worker.figure import Figure, Number
from worker.tools import Tools


def extract(draft: Draft, tools: Tools) -> Draft:
    """Class every number of the text, and read the figures of prose and tables, in reading order.

    Raises:
        BadReport: ``too_large`` where they would make too large an event.
    """
    reading = ReadingText.of(draft.text.now, tools.lexicon, tools.words)
    table = read_cells(draft, reading)
    numbers = classified(reading, draft, table)
    found = [number for number, verdict in numbers if verdict.kind == "metric"]
    starts = [one.start for one in found]
    text = draft.text.now
    refuse_many_figures(text, starts, find_sentences(text), len(table.figures), draft.most_event_bytes)
    prose, damaged = figures_of_prose(reading, draft, found)
    figures = sorted([*prose, *figures_of_tables(reading, draft, table)], key=lambda figure: figure.place.raw_start)
    return draft.having(
        numbers=tuple([Number(one.start, one.end, *verdict) for one, verdict in numbers]),
        figures=tuple(figures),
        damaged=tuple(damaged),
    ).warned(*warnings_of(numbers, reading, table, draft), *_unnamed(figures, draft))


def _unnamed(figures: Sequence[Figure], draft: Draft) -> Iterator[ReportWarning]:
    """One warning for all figures without a name, with the place of the first."""
    places = [figure.place for figure in figures if not figure.indicator.value]
    if places:
        start, end = places[0].raw_start, places[0].raw_end
        more = f" ({len(places)} places)" if len(places) > 1 else ""
        message = f"{draft.text.raw[start:end][:40]} has no name: what it measures cannot be told{more}"
        yield ReportWarning(code="unnamed_figure", message=message, start=start, end=end)
