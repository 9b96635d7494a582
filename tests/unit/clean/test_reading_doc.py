"""docs/reading.md names every kind of repair and every code of flaw that the finders have."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "worker" / "clean").glob("*.py")))


def _table(heading: str) -> set[str]:
    section = DOC.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))


def test_kinds_of_repair() -> None:
    """As the finders spell them."""
    assert _table("The kinds of repair") == set(re.findall(r'Edit\([^\n]*?, "([a-z_]{3,})"', SOURCES))


def test_codes_of_flaws() -> None:
    """As the finders spell them."""
    assert _table("The kinds of flaw") == set(re.findall(r'Flaw\([^"]*"([a-z_]+)"', SOURCES))
