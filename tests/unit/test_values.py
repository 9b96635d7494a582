"""What is handed from part to part cannot be changed behind anybody's back: its classes are frozen. And text in files is
read and written in an encoding that is named, not in that of whoever runs it; JSON has Chinese as it is, and patterns leave no
numeral out.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
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
    "worker/readers/page_body.py": {"BodyLine", "TableItem"},
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


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Those of a module's syntax tree."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def classes(path: Path) -> dict[str, bool]:
    """The dataclasses of a module, and whether each is frozen."""
    found = {}
    for node in nodes(path):
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


def test_models_are_frozen() -> None:
    """A message cannot be changed once it is made, and one of a later version, with more fields, can be read.

    What comes off a queue is taken as it stands, and handed to nobody.
    """
    said = {
        str(path.relative_to(ROOT)): ast.unparse(node)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ConfigDict")
    }

    assert {path: config for path, config in said.items() if "frozen=True" not in config} == {
        "delivery/queue_entry.py": "ConfigDict(strict=True, extra='ignore', hide_input_in_errors=True)"
    }
    assert said["schemas/base.py"] == "ConfigDict(frozen=True, extra='ignore')"


#: Where text meets bytes -> how many arguments come before the encoding.
_IN_AN_ENCODING = {"read_text": 0, "write_text": 1, "TextIOWrapper": 1}


def without_encoding(module: Iterable[ast.AST]) -> list[str]:
    """The calls that read or write text and name no encoding."""
    found = []
    for node in module:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            named = {keyword.arg for keyword in node.keywords}
            if name in ("open", "fdopen", "popen", "run", "Popen", "NamedTemporaryFile"):
                modes = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
                is_text = "text" in named or any(
                    mode in ("r", "w", "a", "r+", "w+", "a+", "x", "rt", "wt") for mode in modes
                )
                missing = is_text and "encoding" not in named
            else:
                missing = (
                    name in _IN_AN_ENCODING and len(node.args) <= _IN_AN_ENCODING[name] and "encoding" not in named
                )
            if missing:
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("a.read_text()", True), ("a.read_text('utf-8')", False), ("a.read_text(encoding='utf-8')", False),
        ("a.write_text(b)", True), ("a.write_text(b, 'utf-8')", False), ("open(a, 'w')", True), ("a.open('r')", True),
        ("a.open('rb')", False), ("a.open('w', encoding='utf-8')", False), ("run(a, text=True)", True), ("run(a)", False),
    ],
)  # fmt: skip
def test_a_call_without_an_encoding_is_seen(text: str, *, missing: bool) -> None:
    assert bool(without_encoding(ast.walk(ast.parse(text)))) is missing


def test_text_is_read_and_written_in_an_encoding_that_is_named() -> None:
    found = {
        str(path.relative_to(ROOT)): calls
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if (calls := without_encoding(nodes(path)))
    }
    assert found == {}


#: JSON whose texts have no Chinese, or go to a program that reads escapes as well: entries of the queue, settings, counts.
ESCAPED = {"delivery/queue.py", "delivery/queue_entry.py", "zhibiao/commands/store.py", "zhibiao/running/supervisor.py"}


def test_json_has_chinese_as_it_is() -> None:
    """People read it, and look for words in it; as escapes a name takes six times the room."""
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("json.dumps", "json.dump")
        if "ensure_ascii=False" not in ast.unparse(node)
    }
    assert found == ESCAPED


_NUMERALS = re.compile("[〇○零ＯO一二两兩三四五六七八九十百千万萬亿億几]{7,}")
#: Classes of digits alone, by file, and how many: years, months, ordinals up to nine. All others have 十.
WITHOUT_TEN = {
    "clean/byteshift.py": 1,
    "clean/dates.py": 2,
    "extract/kinds/in_dates.py": 2,
    "extract/kinds/in_names.py": 1,
    "extract/kinds/in_words.py": 3,
    "extract/language/sentences.py": 1,
    "extract/numbers/numerals.py": 3,
    "extract/numbers/scan.py": 2,
    "extract/numbers/units.py": 2,
    "extract/sentence/dealt_out.py": 1,
    "extract/time/expressions.py": 3,
    "extract/time/time_forms.py": 2,
    "extract/time/named_period.py": 3,
    "extract/time/outlook.py": 2,
    "readers/docx_numbering.py": 1,
    "relations/sums.py": 2,
    "structure/headings.py": 1,
    "structure/period.py": 5,
    "structure/region.py": 1,
}
#: Those that begin behind 一: the later items of a list.
FROM_TWO = {"extract/language/sentences.py": 1, "extract/numbers/numerals.py": 1, "extract/time/time_forms.py": 1}


def classes_of_numerals(path: Path) -> list[str]:
    """The runs of Chinese numerals in what a module says, long enough to be meant for all of them."""
    said = [node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [match[0] for text in said for match in _NUMERALS.finditer(text)]


def test_a_class_of_numerals_has_all_of_them() -> None:
    """One that is left out is a heading, a date or a number that is read as words, in one report of many."""
    found = {
        str(path.relative_to(ROOT / "worker")): runs
        for path in sorted((ROOT / "worker").rglob("*.py"))
        if (runs := classes_of_numerals(path))
    }
    counted = {"十": Counter[str](), "一": Counter[str]()}
    for path, runs in found.items():
        for run in runs:
            assert not set("二三四五六七八九") - set(run), f"{path}: {run}"
            for numeral, count in counted.items():
                count[path] += numeral not in run
    assert +counted["十"] == WITHOUT_TEN
    assert +counted["一"] == FROM_TWO
