"""Pages that are kept in Chinese and in English say the same, as far as a program can see."""

import re
from pathlib import Path

import pytest

from benchmarks import still
from tests.two_languages import shape_of

ROOT = Path(__file__).parent.parent
PAIRS = [("README.md", "README.zh-CN.md")]
PAIRS += [(f"docs/{page.name}", f"docs/zh/{page.name}") for page in sorted((ROOT / "docs" / "zh").glob("*.md"))]


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_have_the_same_shape(english: str, chinese: str) -> None:
    """Heads in number and level, blocks of code, tables by rows, columns and what they list; each leads to the other."""
    pages = [(ROOT / name).read_text("utf-8") for name in (english, chinese)]
    shapes = [shape_of(page) for page in pages]

    assert shapes[1].heads == shapes[0].heads
    assert shapes[1].blocks == shapes[0].blocks
    assert shapes[1].tables == shapes[0].tables
    for page, here, there in zip(pages, (english, chinese), (chinese, english), strict=True):
        led_to = {(ROOT / here).parent.joinpath(link).resolve() for link in re.findall(r"\]\(([^)#]+)", page[:400])}
        assert (ROOT / there).resolve() in led_to


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_the_chinese_page_is_chinese(english: str, chinese: str) -> None:
    """No paragraph was left as it was."""
    same = set((ROOT / english).read_text("utf-8").split("\n\n")) & set(
        (ROOT / chinese).read_text("utf-8").split("\n\n")
    )

    assert [text for text in same if re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", text) and "```" not in text] == []


@pytest.mark.parametrize(
    ("page", "other"),
    [
        ("# A\n\n## B\n", "# A\n\n### B\n"),
        ("```sh\nzhibiao up  # 运行\n```\n", "```sh\nzhibiao up --log json\n```\n"),
        ("| a | b |\n| --- | --- |\n| `x` | y |\n", "| a | b |\n| --- | --- |\n"),
        ("| a | b |\n| --- | --- |\n| `x` | y |\n", "| a | b |\n| --- | --- |\n| `z` | y |\n"),
        ("| a | b |\n", "| a | b | c |\n"),
    ],
)
def test_what_differs_is_seen(page: str, other: str) -> None:
    assert shape_of(page) != shape_of(other)
    assert shape_of(page.replace("# 运行", "# run").replace("y", "z")) != shape_of(other)


@pytest.mark.parametrize("language", still.PLACES)
def test_the_still_of_the_terminal_is_what_is_printed(language: str) -> None:
    """``python -m benchmarks.still`` draws it, from what is read now; it asks no server for anything."""
    drawn = still.PLACES[language].read_text("utf-8")

    try:
        assert drawn == still.still(language) + "\n"
    finally:
        still.speak("en")
    assert re.findall(r"url\(\"?https?:", drawn) == []
