"""Real files whose whole reading was compared by eye with the page as it is shown.

Their texts are others' and not kept here: the checksums are of readings that were found right, character by character
(blanks aside) and cell by cell with the headers and labels of each. ZHIBIAO_REPORTS names the folder that they lie in.
"""

import hashlib
import os
from pathlib import Path

import pytest

from worker.draft import Draft
from worker.stages.clean import clean
from worker.stages.decode import decode
from worker.tools import load_tools

FOLDER = os.environ.get("ZHIBIAO_REPORTS")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="ZHIBIAO_REPORTS names no folder")

TEXTS = {
    "pdf/hongze-2024-disclosure.pdf": "442c79e550df48f69334480b2d7c490ce72ad7e2e539a5354363b04538ff842d",
    "html/yantai-2011q1-procurement.jsp.html": "e8ae1e752e3c33eb25daea717b42f2750dc539ed011e5208c8bcb917b90eb396",
    "docx/disclosure-annual-report-template.docx": "69566bad42aef6e3097e08f269987b91a977b268f59e552cfb45523cef14841f",
}
#: The figures of the cells, and their checksum.
TABLES = {
    "pdf/hongze-2024-disclosure.pdf": (186, "63be6f904b94799b9b59aaf487c3334d290e7a4b90836bb7534aa3c5d215fb5e"),
    "pdf/sh-czj-2025-yusuan.pdf": (263, "e5084e90b88970b2e233dc03363a7d3ae11b5768d96d080858bbfb393de9dc28"),
}


def cleaned(name: str) -> Draft:
    path = Path(FOLDER or ".", name)
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return clean(decode(Draft(path.read_bytes(), path.name), load_tools()), load_tools())


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_is_all_there_and_nothing_else(name: str) -> None:
    """Recall and precision of the text are 1."""
    assert checksum("".join(cleaned(name).text.now.split())) == TEXTS[name]


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_has_its_number_and_its_names(name: str) -> None:
    """Numbers, headers, labels and captions."""
    draft = cleaned(name)
    rows = [
        "\t".join([draft.text.raw[cell.start : cell.end], *cell.column, "|", *cell.row, "|", cell.caption or ""])
        for cell in draft.cells
        if cell.column or cell.row
    ]

    assert (len(rows), checksum("\n".join(rows))) == TABLES[name]
