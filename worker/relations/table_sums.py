"""Sums in tables: a column 合计 and the columns it adds up, a row 总计 and its rows; and laws of standard forms.

Which cells a total adds up is not said in a table (all of them, those since the last 小计, the outer ones of a
numbered list), so the way is taken that holds most often for the same total in the table's other rows or columns. One
that then fails is a contradiction only where the others leave no doubt about the way.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby, takewhile
from operator import attrgetter

from worker.draft import Draft
from worker.extract.tables.numbering import bare, level_of
from worker.parts import Cell
from worker.readers.cell_words import is_blank
from worker.relations.arithmetic import Finding, balance_of, is_one_digit_off, sum_of
from worker.relations.grammar import Grammar
from worker.relations.terms import Term, term_of_cell

MOST_PARTS = 25
FEWEST_WITNESSES = 2

_LABELS = 8192
_PARTIAL = re.compile(r"其中|#")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """A cell in a line of a table: ``path`` names it within the line. ``figure`` is None where it can't be read."""

    path: Path
    figure: Term | None
    is_total: bool


Line = Sequence[_Item]


@dataclass(frozen=True)
class _Attempt:
    """One way to add up one total."""

    total: Path
    way: str
    finding: Finding

    @property
    def is_plain(self) -> bool:
        """Whether at most one part is not zero, so that the total only repeats it."""
        return sum(part.amount != 0 for part in self.finding.members[1:]) < 2


def find_table_sums(draft: Draft, grammar: Grammar) -> Iterator[Finding]:
    """The sums of all tables, row by row and column by column, and the balances of standard forms."""
    if not draft.cells:
        return
    figures = _figures_of(draft)
    is_total = lru_cache(maxsize=_LABELS)(partial(_is_total, grammar=grammar))
    for _, group in groupby(sorted(draft.cells, key=attrgetter("table", "start")), key=attrgetter("table")):
        cells = [cell for cell in group if cell.row or cell.column]
        columns = list(_columns(cells, figures, draft, is_total))
        yield from _sums(list(_rows(cells, figures, draft, is_total)))
        yield from _sums(columns)
        for line in columns:
            yield from _balances(line, grammar)


def _figures_of(draft: Draft) -> dict[int, Term]:
    """The first figure of each cell that has one, by the place where the cell starts."""
    found: dict[int, Term] = {}
    for index, figure in enumerate(draft.figures):
        if figure.cell and figure.cell.start not in found:
            found[figure.cell.start] = term_of_cell(figure, index)
    return found


def _rows(
    cells: Sequence[Cell], figures: dict[int, Term], draft: Draft, is_total: Callable[[str], bool]
) -> Iterator[Line]:
    line: list[_Item] = []
    row: Path | None = None
    for cell in cells:
        if cell.row != row or any(item.path == cell.column for item in line):
            yield line
            line, row = [], cell.row
        if item := _item(cell, cell.column, figures, draft, is_total):
            line.append(item)
    yield line


def _columns(
    cells: Sequence[Cell], figures: dict[int, Term], draft: Draft, is_total: Callable[[str], bool]
) -> Iterator[Line]:
    lines: dict[Path, list[_Item]] = {}
    for cell in cells:
        if item := _item(cell, cell.row, figures, draft, is_total):
            lines.setdefault(cell.column, []).append(item)
    yield from lines.values()


def _item(
    cell: Cell, path: Path, figures: dict[int, Term], draft: Draft, is_total: Callable[[str], bool]
) -> _Item | None:
    """The cell in its line; none for one that says there is no figure, or one that is no amount."""
    found = figures.get(cell.start)
    if not path or (found is None and is_blank(draft.text.raw[cell.start : cell.end])):
        return None
    if found and (found.change or found.family == "%"):
        return None
    return _Item(path, found if found and found.value is not None else None, is_total(path[-1]))


def _is_total(label: str, grammar: Grammar) -> bool:
    return bool(grammar.table_total.fullmatch(bare(label)))


def _sums(lines: Sequence[Line]) -> Iterator[Finding]:
    attempts = [attempt for line in lines for attempt in _attempts(line)]
    for total in dict.fromkeys(attempt.total for attempt in attempts):
        yield from _best([attempt for attempt in attempts if attempt.total == total])


def _attempts(line: Line) -> Iterator[_Attempt]:
    for at, item in enumerate(line):
        total = item.figure
        if not item.is_total or total is None:
            continue
        scope = item.path[:-1]
        around = [
            (place, other)
            for place, other in enumerate(line)
            if place != at and other.path[: len(scope)] == scope and not _PARTIAL.match(other.path[-1])
        ]
        for way, choose in _WAYS.items():
            parts = choose(at, around)
            figures = [part.figure for part in parts if part.figure and part.figure.family == total.family]
            if len(parts) < 2 or len(figures) < len(parts) or (total.amount == 0 and not any(map(_size, figures))):
                continue
            shown = figures if len(figures) <= MOST_PARTS else [figure for figure in figures if figure.amount]
            if 0 < len(shown) <= MOST_PARTS:
                yield _Attempt(item.path, way, sum_of([total, *shown]))


def _size(figure: Term) -> bool:
    return figure.amount != 0


def _best(attempts: Sequence[_Attempt]) -> Iterator[Finding]:
    """The findings of the way that holds most often; those that fail only where it is beyond doubt."""
    ways = dict.fromkeys(attempt.way for attempt in attempts)
    best = max(ways, key=lambda way: _credit([attempt for attempt in attempts if attempt.way == way]))
    chosen = [attempt for attempt in attempts if attempt.way == best]
    holding = [attempt for attempt in chosen if attempt.finding.holds]
    telling = sum(not attempt.is_plain for attempt in holding)
    failing = len(chosen) - len(holding)
    yield from (attempt.finding for attempt in holding)
    if len(holding) < max(FEWEST_WITNESSES, 2 * failing):
        return
    for attempt in chosen:
        finding = attempt.finding
        sure = telling >= FEWEST_WITNESSES or is_one_digit_off(sum_of, finding.members)
        if not finding.holds and sure:
            yield finding


def _credit(attempts: Sequence[_Attempt]) -> tuple[int, int]:
    holding = [attempt for attempt in attempts if attempt.finding.verdict == "holds"]
    return sum(not attempt.is_plain for attempt in holding), len(holding)


Around = Sequence[tuple[int, _Item]]


def _all(at: int, around: Around) -> Line:
    return _outer([item for _, item in around if not item.is_total])


def _before(at: int, around: Around) -> Line:
    """Those since the total before."""
    back = [item for place, item in reversed(around) if place < at]
    return _outer([*takewhile(lambda item: not item.is_total, back)][::-1])


def _after(at: int, around: Around) -> Line:
    """Those up to the next total."""
    following = [item for place, item in around if place > at]
    return _outer([*takewhile(lambda item: not item.is_total, following)])


def _totals(at: int, around: Around) -> Line:
    return [item for place, item in around if item.is_total and place < at]


def _top(at: int, around: Around) -> Line:
    """Those with the outermost kind of number before their label."""
    items = [item for _, item in around if not item.is_total]
    levels = [level_of(item.path[-1]) for item in items]
    return [item for item, level in zip(items, levels, strict=True) if level == min(levels)]


_WAYS: dict[str, Callable[[int, Around], Line]] = {
    "all": _all,
    "before": _before,
    "after": _after,
    "totals": _totals,
    "top": _top,
}


def _outer(items: Line) -> Line:
    """Without those that stand under another one, which counts them already."""
    known = {item.path for item in items}
    return [item for item in items if not any(item.path[:depth] in known for depth in range(1, len(item.path)))]


def _balances(line: Line, grammar: Grammar) -> Iterator[Finding]:
    named = {"".join(bare(label) for label in item.path): item.figure for item in line}
    for names in grammar.balances:
        members = [named.get(name) for name in names]
        found = [member for member in members if member]
        if len(found) == len(names) and any(member.amount for member in found):
            yield balance_of(found)
