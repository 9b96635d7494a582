"""分别: things named one after the other take the figures behind them, each with what they share."""

import pytest

from worker.extract.language.growth import Growth
from worker.extract.language.reading_text import ReadingText
from worker.extract.sentence.dealt_out import (
    deals_out,
    deals_out_growth,
    dealt_out,
    dealt_out_of,
    dealt_to_pair,
    is_share_alone,
)
from worker.tools import load_tools

TOOLS = load_tools()


def named(left: str, count: int) -> tuple[list[str], str]:
    return dealt_out(ReadingText(left, TOOLS.lexicon, TOOLS.words), left, count)


@pytest.mark.parametrize(("one", "other"), ["一二", "二三", "三四", "四五", "五六", "六七", "七八", "八九", "九一"])
def test_numerals_that_tell_members_apart_stand_before_what_they_share(one: str, other: str) -> None:
    assert named(f"{one}、{other}产业投资分别为", 2) == ([f"第{one}产业投资", f"第{other}产业投资"], "为")
    assert named(f"{one}、{other}次产业投资依次达", 2) == ([f"{one}次产业投资", f"{other}次产业投资"], "达")
    assert named(f"第{one}、{other}产业投资分别为", 2)[0] != [f"第第{one}产业投资", f"第{other}产业投资"]


@pytest.mark.parametrize(
    ("left", "count", "names", "tail"),
    [
        ("城镇和农村收入分别为", 2, ["城镇收入", "农村收入"], "为"),
        ("受理和办结信访件分别", 2, ["受理信访件", "办结信访件"], ""),
        (
            "财政用于农业、水利、林业的支出分别为",
            3,
            ["财政用于农业的支出", "财政用于水利的支出", "财政用于林业的支出"],
            "为",
        ),
        ("城市道路、农村公路、景区道路依次建成", 3, ["城市道路", "农村公路", "景区道路"], "建成"),
        ("其中甲镇、乙镇分别为", 2, ["甲镇", "乙镇"], "为"),
        ("城镇、农村收入分别为", 3, [], ""),
        ("城镇收入分别为", 1, [], ""),
        ("城镇和农村收入为", 2, [], ""),
        ("", 2, [], ""),
    ],
)
def test_members_are_named_with_what_they_share(left: str, count: int, names: list[str], tail: str) -> None:
    """None are where there are fewer of them than figures, or nothing is dealt out."""
    assert named(left, count) == (names, tail)


def test_of_more_members_than_figures_the_last_are_meant() -> None:
    assert named("上年、城镇和农村收入分别为", 2)[0] == ["城镇收入", "农村收入"]


@pytest.mark.parametrize(
    ("before", "left", "count", "names"),
    [
        ("有甲县、乙县", "产值分别为", 2, ["甲县产值", "乙县产值"]),
        ("包括甲县和乙县", "产值依次为", 2, ["甲县产值", "乙县产值"]),
        ("三县是:甲县、乙县、丙县", "产值分别为", 3, ["甲县产值", "乙县产值", "丙县产值"]),
        ("有甲县、乙县", "产值为", 2, []),
        ("有甲县、乙县", "产值分别为", 3, []),
        ("有甲县12个、乙县", "产值分别为", 2, []),
    ],
)
def test_the_clause_before_names_the_members(before: str, left: str, count: int, names: list[str]) -> None:
    reading = ReadingText(before + "," + left, TOOLS.lexicon, TOOLS.words)

    assert dealt_out_of(reading, before, left, count)[0] == names


def test_a_word_for_two_is_dealt_to_both() -> None:
    def pair(left: str, count: int = 2) -> list[str]:
        return dealt_to_pair(ReadingText(left, TOOLS.lexicon, TOOLS.words), left, count)[0]

    assert pair("城乡居民收入分别为") == ["城镇居民收入", "农村居民收入"]
    assert pair("城乡居民收入") == ["城镇居民收入", "农村居民收入"]
    assert pair("城乡居民收入分别为", 3) == []
    assert pair("居民收入分别为") == []
    assert pair("城乡居民和城乡企业收入分别为") == []


@pytest.mark.parametrize(
    ("left", "deals", "growth", "share"),
    [
        ("分别增长", False, True, False), ("分别占", False, True, True), ("各分别占", True, True, True),
        ("依次占比为", False, True, True), ("分别占达", False, True, True), ("甲县分别为", True, False, False), ("甲县依次建成", True, False, False),
        ("增长", False, False, False), ("甲县分别在去年以前的九个月里建成", False, False, False),
    ],
)  # fmt: skip
def test_what_is_dealt_out(left: str, *, deals: bool, growth: bool, share: bool) -> None:
    """Things, growth of what was named before, or shares of it."""
    words = Growth(TOOLS.lexicon.changes)

    assert (deals_out(left), deals_out_growth(words, left), is_share_alone(left)) == (deals, growth, share)
