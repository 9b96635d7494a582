"""Each form of a time: what period it names, where its words end, how far it holds: rows of ``tests/cases/time_forms.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.time.expressions import Time, find_times
from worker.tools import load_tools

TOOLS = load_tools()
ROWS = tomllib.loads((Path(__file__).parents[2] / "cases" / "time_forms.toml").read_text(encoding="utf-8"))


def times_in(text: str, year: int = 2023, this_year: int = 2023, **around: Any) -> list[Time]:
    reading = ReadingText(fold(f"{text}受理12件"), TOOLS.lexicon, TOOLS.words)
    return list(find_times(reading, year, this_year, **around))


def periods_in(text: str, year: int = 2023, this_year: int = 2023, **around: Any) -> list[str | None]:
    return [time.period for time in times_in(text, year, this_year, **around)]


def told(marked: str) -> tuple[str, str, str, bool]:
    """The time that is found, in braces in its text where it is a part of it, with all that is told of it."""
    text = marked.replace("{", "").replace("}", "")
    (time,) = times_in(text)
    words = text[time.start : time.end]
    found = words if words == text else f"{text[: time.start]}{{{words}}}{text[time.end :]}"
    return found, time.period or "open", time.reach.name, time.is_past


@pytest.mark.parametrize("row", ROWS["time"], ids=lambda row: f"{row['reach']} {row['is_past']}")
def test_a_time_is_told_from_each_of_its_forms(row: dict[str, Any]) -> None:
    wanted = [(text, period, row["reach"], row["is_past"]) for text, period in row["texts"]]

    assert [told(text) for text, _ in row["texts"]] == wanted


def test_what_is_compared_with_or_names_something_is_no_time() -> None:
    assert {text: times_in(text) for text in ROWS["no_time"]["texts"]} == {
        text: [] for text in ROWS["no_time"]["texts"]
    }


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("今年", ["2024"]), ("去年", ["2023"]), ("前年", ["2022"]), ("明年", ["2025"]), ("全年", ["2023"]), ("年内", ["2023"]), ("本年度", ["2023"]),
        ("下一年", ["2024"]), ("新的一年", ["2024"]), ("目前", ["2023"]), ("11月", ["2023-11"]), ("今年1月", ["2024-01"]), ("近三年", ["2021/2023"]),
    ],
)  # fmt: skip
def test_what_is_meant_in_a_report_that_is_given_the_year_after(text: str, periods: list[str]) -> None:
    """今年 is the year of whoever speaks, 全年 the one that is reported on."""
    assert periods_in(text, 2023, 2024) == periods


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2022年，当年", ["2022", "2022"]), ("2022年，次年", ["2022", "2023"]), ("2021年，翌年", ["2021", "2022"]), ("2022年，全年", ["2022", "2022"]),
        ("2022年5月，去年同期", ["2022-05", "2021-05"]), ("上半年，去年同期", ["2023H1", "2022H1"]), ("1至5月，2021年同期", ["2023-01/2023-05", "2021-01/2021-05"]),
        ("2021年，2022年，当年", ["2021", "2022", "2022"]), ("2021年上半年，全年", ["2021H1", "2021"]), ("“十四五”时期，前三年", ["2021/2025", "2021/2023"]),
        ("2016—2020年，五年累计", ["2016/2020", "2016/2020"]), ("2016—2021年，五年累计", ["2016/2021", "2016/2021"]),
        ("2016—2022年，五年累计", ["2016/2022", "2019/2023"]), ("2022年，由上年的", ["2022", "2021"]), ("2022年，较2021年", ["2022"]),
    ],
)  # fmt: skip
def test_what_a_time_means_behind_another(text: str, periods: list[str]) -> None:
    assert periods_in(text) == periods


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("三年新建", ["2023/2025"]),
        ("三年来", ["2021/2023"]),
        ("五年累计", ["2023/2027"]),
        ("新的一年", ["2023"]),
        ("未来三年", ["2024/2026"]),
    ],
)
def test_spans_of_years_lie_ahead_in_plans(text: str, periods: list[str]) -> None:
    assert periods_in(text, plans=True) == periods


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("年内", ["2023/2024"]), ("上一年度", ["2022/2023"]), ("2022年", ["2022"]), ("5月", ["2023-05"]), ("3月", ["2024-03"]), ("2月3日", ["2024-02-03"]),
        ("前3个月", ["2023-01/2023-03"]), ("4月", ["2023-04"]),
    ],
)  # fmt: skip
def test_months_up_to_march_are_of_the_year_in_which_a_fiscal_year_ends(text: str, periods: list[str]) -> None:
    assert periods_in(text, is_fiscal=True) == periods


def test_times_are_looked_for_in_a_part_of_a_text() -> None:
    text = "2021年，2022年，2023年"

    assert periods_in(text, within=(0, 6)) == ["2021"]
    assert periods_in(text, within=(6, 12)) == ["2022"]
    assert periods_in(text, within=(4, 6)) == []
