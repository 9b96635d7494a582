"""Panels over real reports, against tables that were read by hand before the code for panels was written.

The reports are other people's and no part of the project; ``ZHIBIAO_REPORTS`` names the folder that has them.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from exports.units import in_base
from panels.cells import Cell, Key, Panel
from panels.corrections import Corrections
from panels.documents import sources_of
from panels.filling import panel_of
from zhibiao.commands.extract import read
from zhibiao.commands.panel import codebook_of

GOLD = Path(__file__).parents[2] / "gold" / "panel"
REPORTS = Path(os.environ.get("ZHIBIAO_REPORTS", "")) / "txt"
BOOK = codebook_of("work_report")
needs_reports = pytest.mark.skipif(
    "ZHIBIAO_REPORTS" not in os.environ, reason="ZHIBIAO_REPORTS names no folder of reports"
)


def panel(*names: str) -> Panel:
    reports = [read((REPORTS / name).read_bytes(), name) for name in names]
    return panel_of(BOOK, sources_of(reports, Corrections(), BOOK.kinds))


def hand(name: str) -> dict[str, Any]:
    return tomllib.loads((GOLD / name).read_text("utf-8"))


def is_right(cell: Cell | None, value: str, unit: str) -> bool:
    return cell is not None and [figure.value for figure in cell.figures] == [in_base(value, unit)]


@needs_reports
def test_targets_of_six_provinces_and_their_tones() -> None:
    """All that the codebook has, none wrong, each tone as it was read."""
    table = hand("targets.toml")["target"]
    made = panel(*(row["file"].removeprefix("txt/") for row in table))
    places = {source.place: source.place_key for source in made.sources}
    known = {series.key for series in BOOK.series}
    wrong = []
    for row in table:
        for said in [said for said in row["cells"] if said["series"] in known]:
            cell = made.cells.get(Key(places[row["place"]], "2026", said["series"], "planned"))
            if not is_right(cell, said["value"], said["unit"]) or cell is None or cell.tone != said["tone"]:
                wrong.append((row["place"], said["series"], cell and (cell.text, cell.tone)))

    assert wrong == []


@needs_reports
def test_targets_and_what_was_reached_over_national_reports() -> None:
    """No cell is wrong, none is filled that the reports do not state, and at least 82 of 89 are found."""
    made = panel(*(f"national-{year}.txt" for year in range(2014, 2020)))
    counts = {"right": 0, "not found": 0}
    wrong = []
    for series, rows in hand("reached.toml").items():
        for year, said in rows.items():
            if not year.isdigit():
                continue
            for status, name in (("planned", "target"), ("achieved", "reached")):
                if name not in said:
                    continue
                cell = made.cells.get(Key("全国", year, series, status))
                if not cell or not cell.figures:
                    counts["not found"] += bool(said[name])
                elif is_right(cell, said[name], rows["unit"]) and (status == "achieved" or cell.tone == said["tone"]):
                    counts["right"] += 1
                else:
                    wrong.append((series, year, status, cell.text, cell.tone))

    assert wrong == []
    assert counts["right"] >= 82, counts
