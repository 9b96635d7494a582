"""Output for people and for programs: nothing from a stranger's file reaches a terminal as a control sequence."""

import sys
import unicodedata
from collections.abc import Sequence

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # control, bidi and zero-width, half characters, private use, separators


def out() -> Console:
    """Console on standard output; without colour where that is no terminal or NO_COLOR is set."""
    return Console(markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160)


def err() -> Console:
    """Console on standard error, for progress and complaints."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def show(renderable: RenderableType) -> None:
    """Print a table on standard output, without the blanks that fill its last column."""
    console = out()
    with console.capture() as captured:
        console.print(renderable)
    for line in captured.get().splitlines():
        print(line.rstrip())


def visible(text: str) -> str:
    """Text fit for a terminal, on one line: each character that acts or hides is shown as its escape.

    >>> visible("a\\x1b[31m\\u202eb")
    'a\\\\x1b[31m\\\\u202eb'
    """
    return "".join(_escaped(char) if unicodedata.category(char) in _HIDDEN else char for char in text)


def safe_json(text: str) -> str:
    """The same JSON value with the characters that act on a terminal as ``\\uXXXX``; letters of all scripts stay.

    >>> safe_json('"年\\u202e\\x9b"')
    '"年\\\\u202e\\\\u009b"'
    """
    return "".join(_json_escaped(char) if ord(char) > 0x7E and _acts(char) else char for char in text)


def print_json(text: str) -> None:
    """Print JSON on one or more lines: always UTF-8, whatever the locale, and safe on a terminal."""
    click.echo(safe_json(text).encode())


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


def _acts(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN


def _escaped(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
