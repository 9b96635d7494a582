"""Output for people and for programs: nothing from a stranger's file reaches a terminal as a control sequence."""

import shutil
import sys
from collections.abc import Sequence

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType

from schemas.visible import safe_json


def out() -> Console:
    """Console on standard output; without colour where that is no terminal or NO_COLOR is set."""
    return Console(markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160)


def err() -> Console:
    """Console on standard error, for progress and complaints."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def show(renderable: RenderableType) -> None:
    """Print a table on standard output, without the blanks that fill its last column."""
    for line in lines_of(renderable):
        print(line)


def print_json(text: str) -> None:
    """Print JSON on one or more lines: always UTF-8, whatever the locale, and safe on a terminal."""
    click.echo(safe_json(text).encode())


def width() -> int:
    """Columns to fill on standard output: those of the terminal or of ``COLUMNS``, else 80."""
    return shutil.get_terminal_size((80, 24)).columns


def page(lines: Sequence[str]) -> None:
    """Print lines on standard output; what is longer than the screen goes through the pager (``PAGER``)."""
    if sys.stdout.isatty() and len(lines) >= shutil.get_terminal_size().lines:
        click.echo_via_pager("\n".join(lines))
        return
    for line in lines:
        print(line)


def lines_of(renderable: RenderableType, most: int | None = None) -> list[str]:
    """A table as lines of at most ``most`` columns, without the blanks that fill its last one."""
    console = out()
    if most is not None:
        console.width = most
    with console.capture() as captured:
        console.print(renderable)
    return [line.rstrip() for line in captured.get().splitlines()]


def shortened(text: str, most: int) -> str:
    """Text of at most so many terminal columns: its middle gives way, for names differ at both ends.

    >>> shortened("湛江市2023年法治政府建设报告.txt", 16), shortened("a.txt", 16)
    ('湛江市2…报告.txt', 'a.txt')
    """
    if cell_len(text) <= most:
        return text
    head = set_cell_size(text, (most - 1) // 2).rstrip()
    end = len(text)
    while end and cell_len(text[end - 1 :]) <= most - 1 - cell_len(head):
        end -= 1
    return f"{head}…{text[end:]}"


def columns(cells: Sequence[str], widths: Sequence[int], limit: int | None = None) -> str:
    """One line of a table that grows: cells cut or padded to ``widths`` terminal columns, the last one left free.

    ``limit`` is the line's greatest width; None for none.

    >>> columns(["2023", "湛江市", "报告"], [6, 8])
    '2023   湛江市   报告'
    """
    fixed = [set_cell_size(cell, width) for cell, width in zip(cells, widths, strict=False)]
    line = " ".join([*fixed, *cells[len(widths) :]]).rstrip()
    if limit is not None and cell_len(line) > limit:
        return set_cell_size(line, limit - 1) + "…"
    return line


def padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One line of a table whose cells are never cut: padded to ``widths`` terminal columns, the last one left free.

    >>> padded(["法治政府", "2023", "报告"], [6, 6])
    '法治政府 2023   报告'
    """
    fixed = [cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=False)]
    return " ".join([*fixed, *cells[len(widths) :]]).rstrip()
