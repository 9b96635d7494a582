"""Stills of the terminal for the READMEs: ``python -m benchmarks.still`` writes them into ``docs/images/``.

What it shows is what ``zhibiao extract FILE --table`` prints of a seed, its first figures.
"""

import re
from html import escape, unescape
from io import StringIO
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from zhibiao import terminal
from zhibiao.commands.extract import facts, figures, read
from zhibiao.wording import speak

ROOT = Path(__file__).parents[1]
PLACES = {
    "en": ROOT / "docs" / "images" / "terminal.svg",
    "zh": ROOT / "docs" / "images" / "terminal.zh-CN.svg",
}
SEED = "seeds/001_8d5a636a54e76dd2.txt"
COLUMNS = 84
FIGURES = 12
# The template fetches its font from somebody else's server; the reader's own will do, in the widths that it has.
_FONTS = re.compile(r"\s*(@font-face \{[^}]*\}|font-variant-east-asian:[^;]*;)")
_TEXT = re.compile(
    r'<text(?P<head> class="still-r\d+" )x="(?P<x>[\d.]+)"(?P<middle> y="[\d.]+" )textLength="[\d.]+"(?P<rest>[^>]*)>(?P<text>[^<]*)</text>'
)
_COLUMN_PX = 12.2


def lines() -> list[str]:
    """What is on the screen."""
    report = read((ROOT / SEED).read_bytes(), Path(SEED).name)
    shown = [
        *terminal.lines_of(facts(report), COLUMNS),
        "",
        *terminal.lines_of(figures(report, FIGURES, COLUMNS), COLUMNS),
    ]
    return [f"$ zhibiao extract {SEED} --table", *shown]


def still(language: str) -> str:
    """The screen in one language as SVG, the same for the same reading."""
    speak(language)
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    for line in lines():
        console.print(Text(line))
    drawn = console.export_svg(title="Zhibiao 指标", unique_id="still")
    return _TEXT.sub(_in_its_columns, _FONTS.sub("", drawn))


def _in_its_columns(found: re.Match[str]) -> str:
    """A line as runs of wide and of narrow characters, each where a terminal has it: rich counts both as narrow."""
    runs = [
        (bool(wide), "".join(chars))
        for wide, chars in groupby(unescape(found["text"]), key=lambda char: cell_len(char) > 1)
    ]
    place, texts = float(found["x"]), []
    for wide, run in runs:
        length = cell_len(run) * _COLUMN_PX
        if wide or run.strip():
            text = escape(run).replace(" ", "\u00a0")
            texts.append(
                f'<text{found["head"]}x="{place:g}"{found["middle"]}textLength="{length:g}"{found["rest"]}>{text}</text>'
            )
        place += length
    return "".join(texts)


if __name__ == "__main__":
    for language, place in PLACES.items():
        place.write_text(still(language) + "\n", "utf-8")
        print(f"wrote {place.relative_to(ROOT)}")
