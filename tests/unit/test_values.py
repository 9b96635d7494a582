"""What is handed from part to part cannot be changed behind anybody's back: its classes are frozen."""

import ast
from pathlib import Path

import pytest

from tests.modules import PACKAGES

ROOT = Path(__file__).parents[2]
#: Those that are filled in step by step.
FILLED_IN = {
    "exports/folder.py": {"Archive"},
    "exports/reviewed.py": {"Fitted", "Reviewing"},
    "exports/xlsx_file.py": {"Sheet"},
    "page/coding/archive.py": {"Panels"},
    "page/intake/uploads.py": {"Dropped"},
    "page/live.py": {"_Listener"},
    "page/report/blocks.py": {"Around", "Grid", "Line"},
    "page/shelf.py": {"_Kept"},
    "panels/cells.py": {"Panel"},
    "panels/filling.py": {"_Filling"},
    "watcher/seeing/arrivals.py": {"_Candidate"},
    "watcher/taking/noticing.py": {"Counts"},
    "worker/extract/tables/headers.py": {"TableLabels"},
    "worker/extract/time/calendar.py": {"Calendar"},
    "worker/readers/ofd.py": {"_Pages"},
    "worker/readers/page_blocks.py": {"Block", "Page", "PageCell", "_Element", "_Table"},
    "worker/readers/page_body.py": {"Body", "BodyLine", "TableItem"},
    "worker/readers/paged.py": {"Table"},
    "worker/readers/pdf.py": {"_Page"},
    "worker/readers/placed.py": {"_Run"},
    "worker/readers/tables.py": {"_State"},
    "zhibiao/board.py": {"Row"},
    "zhibiao/commands/codebook.py": {"_Seen"},
    "zhibiao/commands/replay.py": {"Tally"},
    "zhibiao/commands/reprocess.py": {"_Found"},
    "zhibiao/commands/telling.py": {"Account"},
}


def classes(path: Path) -> dict[str, bool]:
    """The dataclasses of a module, and whether each is frozen."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        for mark in node.decorator_list if isinstance(node, ast.ClassDef) else ():
            call = ast.unparse(mark)
            if call.startswith("dataclass"):
                found[node.name] = "frozen=True" in call
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_values_are_frozen(package: str) -> None:
    loose = {
        str(path.relative_to(ROOT)): {name for name, frozen in classes(path).items() if not frozen}
        for path in sorted((ROOT / package).rglob("*.py"))
    }
    wanted = {path: names for path, names in FILLED_IN.items() if path.startswith(f"{package}/")}

    assert {path: names for path, names in loose.items() if names} == wanted
