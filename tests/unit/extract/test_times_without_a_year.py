"""Times of a report whose year nobody knows: what names its own year keeps it, what needs the report's has none."""

import pytest

from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.time.expressions import find_times
from worker.tools import load_tools

TOOLS = load_tools()


def periods(text: str, year: int | None) -> list[str | None]:
    reading = ReadingText(fold(f"{text}受理12件"), TOOLS.lexicon, TOOLS.words)
    return [time.period for time in find_times(reading, year, year)]


@pytest.mark.parametrize(
    "text",
    [
        "2019年", "2019年上半年", "截至2019年底", "2019—2022年", "2019年到2022年", "到2025年", "2019年12月31日", "“十四五”期间",
        "民国108年",
    ],
)  # fmt: skip
def test_a_time_with_its_own_year_is_the_same_in_any_report(text: str) -> None:
    [period] = periods(text, None)

    assert period is not None
    assert [period] == periods(text, 2023)


@pytest.mark.parametrize(
    "text",
    [
        "去年", "今年以来", "全年", "当年", "上年同期", "前三季度", "近五年", "五年来", "过去五年", "未来三年", "明年", "12月底",
        "一季度", "1月至6月",
    ],
)  # fmt: skip
def test_a_time_that_is_told_by_the_reports_year_is_unknown_without_it(text: str) -> None:
    """It is a time all the same: no other one takes its place."""
    assert periods(text, None) == [None]
    assert periods(text, 2023) != [None]


@pytest.mark.parametrize(
    "text", ["2019年以来", "2019年起", "自2019年以来", "2019年至今", "2019年6月以来", "自2019年换届以来"]
)
def test_a_span_up_to_the_report_has_no_end_without_its_year(text: str) -> None:
    """Its first year alone would be another time."""
    [open_end], [known] = periods(text, None), periods(text, 2023)

    assert open_end is None
    assert str(known).startswith("2019")
    assert "/2023" in str(known)
