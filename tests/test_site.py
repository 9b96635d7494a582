"""The site of the documents: whole, with links that lead somewhere, and asking no server for anything."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.site import READMES, linked

ROOT = Path(__file__).parent.parent


def build(root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_every_page_is_on_the_site_and_none_asks_another_server(tmp_path: Path) -> None:
    """Nor a style, a script or a font; a link that somebody may follow is no request."""
    built = build(ROOT, tmp_path)

    assert (built.returncode, "WARNING" in built.stderr) == (0, False), built.stderr
    pages = [*READMES.values(), *(str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md"))]
    made = {str(page.relative_to(tmp_path)) for page in tmp_path.rglob("*.html")}
    assert {re.sub(r"(README)?\.md$", lambda end: "index.html" if end[1] else ".html", page) for page in pages} <= made
    fetched = re.compile(
        r"""(?:<(?:script|img|link|iframe)[^>]*(?:src|href)=|url\(|@import\s)["']?(?:https?:)?//[^"')>\s]+"""
    )
    found = [
        hit
        for file in tmp_path.rglob("*")
        if file.suffix in (".html", ".css")
        for hit in fetched.findall(file.read_text("utf-8"))
    ]
    assert found == []
    languages = [
        re.findall(r'<html lang="([^"]+)"', (tmp_path / page).read_text("utf-8"))
        for page in ("index.html", "zh/index.html")
    ]
    assert languages == [["en"], ["zh-CN"]]


def test_links_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    """A page or a head of it that is not there."""
    links = {
        "nowhere.md": "nowhere.md",
        "panel.md#nowhere": "panel.md#nowhere",
        "../README.md#nowhere": "index.md#nowhere",
    }
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    (tmp_path / "benchmarks").mkdir()
    for name in ("mkdocs.yml", "benchmarks/site.py", *READMES):
        shutil.copy(ROOT / name, tmp_path / name)
    with (tmp_path / "docs" / "store.md").open("a", encoding="utf-8") as page:
        page.writelines(f"\nSee [it]({link}).\n" for link in links)

    built = build(tmp_path, tmp_path / "site")

    assert built.returncode == 1
    assert re.findall(r"WARNING -  Doc file 'store\.md' contains a link '([^']+)'", built.stderr) == [*links.values()]


@pytest.mark.parametrize(
    ("text", "source", "page", "now"),
    [
        ("[a](docs/panel.md#x)", "README.md", "index.md", "[a](panel.md#x)"),
        ("![a](docs/images/a.svg)", "README.zh-CN.md", "zh/index.md", "![a](../images/a.svg)"),
        ("[a](README.md)", "README.zh-CN.md", "zh/index.md", "[a](../index.md)"),
        ("[a](../README.md#settings)", "docs/operations.md", "operations.md", "[a](index.md#settings)"),
        ("[a](../decisions/opencc.md)", "docs/zh/panel.md", "zh/panel.md", "[a](../decisions/opencc.md)"),
        ("[the example](../examples/a.py)", "docs/messages.md", "messages.md", "the example (`examples/a.py`)"),
        ("[examples/a.py](examples/a.py)", "README.md", "index.md", "examples/a.py"),
        ("[a](https://x.example) [b](#c)", "README.md", "index.md", "[a](https://x.example) [b](#c)"),
        ("```\n[a](docs/b.md)\n```", "README.md", "index.md", "```\n[a](docs/b.md)\n```"),
    ],
)
def test_links_are_moved_with_their_pages(text: str, source: str, page: str, now: str) -> None:
    assert linked(text, source, page) == now
