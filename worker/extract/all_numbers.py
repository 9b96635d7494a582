"""Every number of a text with its kind: figures, and all that are none with the reason."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from schemas.report import ReportWarning
from worker.draft import Draft
from worker.extract.kinds.classify import classify
from worker.extract.kinds.crowds import find_crowds
from worker.extract.kinds.in_pieces import TORN
from worker.extract.kinds.surroundings import NumberKind, sight
from worker.extract.kinds.unread import find_unread
from worker.extract.language.reading_text import ReadingText
from worker.extract.numbers.joined import shares_unit, with_shared_units, with_steps
from worker.extract.numbers.scan import Candidate, find_candidates
from worker.extract.tables.cells import TableFigures

Judged = tuple[Candidate, NumberKind]


def classified(reading: ReadingText, draft: Draft, table: TableFigures) -> list[Judged]:
    """Every number of the text with its kind, in reading order."""
    found = with_shared_units(
        reading.text, with_steps(reading.text, list(find_candidates(reading.text, reading.lexicon)))
    )
    repaired = draft.text.now != draft.text.raw
    lost = any(flaw.code == "decode_damage" for flaw in draft.text.flaws)
    cells = _places(table)
    has_flaws, has_cells = bool(draft.text.flaws), bool(table.starts)
    rows: list[Judged] = []
    for candidate in found:
        if has_flaws and draft.text.is_flawed(candidate.start, candidate.end):
            verdict = _DAMAGED
        elif has_cells and table.covers(candidate.start):
            verdict = _IN_TABLE if candidate.start in cells else _NO_CELL
        else:
            verdict = classify(sight(candidate, reading))
        if repaired and verdict.kind == "metric" and _is_made_up(candidate, draft):
            verdict = _DAMAGED
        if lost and verdict.kind == "metric" and reading.lexicon.kind_of(candidate.unit) is None:
            verdict = _UNSURE  # two lost bytes can turn 万户 into 洼, with nothing else to show for it
        rows.append((candidate, verdict))
        if verdict is _DAMAGED or verdict is TORN:
            _doubt_list(reading.text, rows)
    figures = [place for place, (_, verdict) in enumerate(rows) if verdict.kind == "metric"]
    for start, end in find_crowds([rows[place][0] for place in figures]):
        for place in figures[start:end]:
            rows[place] = (rows[place][0], _CROWDED)
    return rows


def _places(table: TableFigures) -> frozenset[int]:
    """All places inside of the cells that figures were read from."""
    return frozenset(chain.from_iterable([range(figure.start, figure.end) for figure in table.figures]))


def _doubt_list(text: str, rows: list[Judged]) -> None:
    """Take back the numbers of a list whose unit stands at its last, which is damaged."""
    for place in range(len(rows) - 2, -1, -1):
        if not shares_unit(text, rows[place][0], rows[place + 1][0]):
            return
        rows[place] = (rows[place][0], _DAMAGED)


def _is_made_up(candidate: Candidate, draft: Draft) -> bool:
    """Whether repairs alone have made the digits: a torn character can look like one."""
    if not candidate.arabic:
        return False
    start, end = draft.text.span(candidate.start, candidate.end)
    return not any(char.isdigit() for char in draft.text.raw[start:end])


def warnings_of(
    numbers: Sequence[Judged], reading: ReadingText, table: TableFigures, draft: Draft
) -> Iterator[ReportWarning]:
    """What a reader should know of numbers that could be figures and are none."""
    yield from _crowds(numbers, draft)
    yield from _torn(numbers, draft)
    yield from _unread(numbers, reading, table, draft)


def _torn(numbers: Sequence[Judged], draft: Draft) -> Iterator[ReportWarning]:
    """One warning for all numbers in pieces, with the place of the first."""
    torn = [candidate for candidate, verdict in numbers if verdict is TORN]
    if torn:
        start, end = draft.text.span(torn[0].start, torn[0].end)
        more = f" ({len(torn)} places)" if len(torn) > 1 else ""
        message = f"{draft.text.raw[start:end][:40]} may be part of a number{more}"
        yield ReportWarning(code="torn_number", message=message, start=start, end=end)


def _unread(
    numbers: Sequence[Judged], reading: ReadingText, table: TableFigures, draft: Draft
) -> Iterator[ReportWarning]:
    """One warning for all numbers of the prose that look like figures and are none, and one for those of tables."""
    prose = [(candidate.start, candidate.end) for candidate in find_unread(numbers, reading)]
    kinds = (("unread_number", "a figure, perhaps", prose), ("unread_cell", "a cell of figures", table.unread))
    for code, what, places in kinds:
        if places:
            start, end = draft.text.span(*places[0])
            more = f" ({len(places)} places)" if len(places) > 1 else ""
            message = f"{draft.text.raw[start:end][:40]} is {what}, and could not be read{more}"
            yield ReportWarning(code=code, message=message, start=start, end=end)


def _crowds(numbers: Sequence[Judged], draft: Draft) -> Iterator[ReportWarning]:
    figures = [number for number in numbers if number[1].kind == "metric" or number[1] is _CROWDED]
    for is_crowd, group in groupby(figures, key=lambda number: number[1] is _CROWDED):
        if is_crowd:
            crowd = [candidate for candidate, _ in group]
            start, end = draft.text.span(crowd[0].start, crowd[-1].end)
            message = f"{len(crowd)} numbers with hardly a word between them; none of them was read as a figure"
            yield ReportWarning(code="crowded_figures", message=message, start=start, end=end)


_CROWDED = NumberKind("bare", "in a crowd of numbers with hardly a word between them", "class.crowd")
_IN_TABLE = NumberKind("cell", "in a table, read by its headers", "class.cell")
_NO_CELL = NumberKind(
    "cell", "in a table, and no figure: a header, a label, a code, or a cell not read", "class.no_cell"
)
_UNSURE = NumberKind("damaged", "without a known unit, in a text that has lost bytes", "class.bytes_lost")
_DAMAGED = NumberKind("damaged", "touches damage that could not be repaired", "class.damaged")

#: The kinds that a number has by what lies around it, whatever it says itself.
BY_SURROUNDINGS = (_DAMAGED, _IN_TABLE, _NO_CELL, _UNSURE, _CROWDED)
