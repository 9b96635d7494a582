"""A panel as CSV: the list of its cells, for programs and for Excel."""

import csv
from pathlib import Path

from exports.text_files import guarded
from panels.cells import Panel
from panels.long import COLUMNS, lines


def write(panel: Panel, file: Path) -> None:
    """Write the list, with a byte order mark and CRLF.

    Raises:
        OSError: it cannot be written.
    """
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out, lineterminator="\r\n")
        rows.writerow([line.name for line in COLUMNS])
        for cell in lines(panel):
            rows.writerow([guarded(line.kind, line.of(cell)) for line in COLUMNS])
