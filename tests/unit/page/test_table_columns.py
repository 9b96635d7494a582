"""In which columns the cells of a table's rows stand: full rows tell, and what is merged goes where its headers are."""

import pytest

from page.report.columns import Placed, placed
from schemas.reading import Span, Table, TableCell


def table(*cells: tuple[int, tuple[Span, ...]]) -> Table:
    """Cells of one character, each with the places of its column's headers."""
    return Table(start=0, end=99, cells=tuple(TableCell(start, start + 1, (), column) for start, column in cells))


A, B, C = ((2, 3),), ((4, 5),), ((6, 7),)
#: A head of three columns over two full rows: 10 to 12, 20 to 22.
FULL = [(10 + at, column) for at, column in enumerate((A, B, C))] + [
    (20 + at, column) for at, column in enumerate((A, B, C))
]


@pytest.mark.parametrize(
    ("row", "cells", "told"),
    [
        ([30, 31, 32], [], [(0, 1), (1, 1), (2, 1)]),
        ([30], [(30, A)], [(0, 1), (None, 2)]),
        ([30], [(30, B)], [(None, 1), (0, 1), (None, 1)]),
        ([30], [(30, C)], [(None, 2), (0, 1)]),
        ([30, 31], [(30, A), (31, C)], [(0, 2), (1, 1)]),
        ([30, 31], [(30, B), (31, C)], [(None, 1), (0, 1), (1, 1)]),
        ([30, 31], [(30, C), (31, A)], [(None, 1), (0, 1), (1, 1)]),
        ([30, 31], [], [(0, 1), (1, 2)]),
        ([4], [(4, ((1, 2),))], [(None, 1), (0, 1), (None, 1)]),
    ],
    ids=[
        "full", "first", "middle", "last", "over two", "both right", "wrong order", "unknown", "a header",
    ],
)  # fmt: skip
def test_a_row_with_fewer_cells_has_room_where_it_has_none(
    row: list[int], cells: list[tuple[int, tuple[Span, ...]]], told: list[tuple[int | None, int]]
) -> None:
    """A header stands over the columns that have it; cells keep their order and all rows have the same width."""
    every = table(*sorted([*FULL, *cells]))
    found = placed([[10, 11, 12], [20, 21, 22], row], every)

    assert found[:2] == [[Placed(at, 1) for at in range(3)]] * 2
    assert found[2] == [Placed(*one) for one in told]


def test_a_header_over_several_columns_reaches_over_all_that_have_it() -> None:
    """And the columns are as most of the full rows have them, whatever one of them says."""
    over = ((4, 6),)
    cells = [
        (2, ()),
        (4, ()),
        *((at, over if at % 10 else ((2, 3),)) for at in (10, 11, 12, 20, 21, 22)),
        (30, A),
        (31, A),
        (32, A),
    ]
    every = Table(
        start=0, end=99, cells=tuple(TableCell(at, at + (2 if at == 4 else 1), (), column) for at, column in cells)
    )

    found = placed([[2, 4], [10, 11, 12], [20, 21, 22], [30, 31, 32]], every)
    assert found[0] == [Placed(0, 1), Placed(1, 2)]
    assert placed([[2, 4], [30, 31, 32]], every)[0] == [Placed(0, 1), Placed(1, 2)]
    assert placed([], every) == []
