"""Numbers and plots lose nothing of what a report says."""

from fractions import Fraction

import pytest

from page import wording
from page.comparing.plots import axis_of
from page.shown.numbers import grouped, scale_of, scaled, short
from page.shown.periods import period_text, period_written


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("14580000000000", "zh-Hans", "14.58万亿"),
        ("6766500000000", "zh-Hans", "67,665亿"),
        ("13510000", "zh-Hant", "1,351萬"),
        ("123456", "zh-Hans", "123,456"),
        ("12000", "zh-Hans", "12,000"),
        ("99999", "zh-Hans", "99,999"),
        ("100000", "zh-Hans", "10万"),
        ("100000000", "zh-Hans", "1亿"),
        ("99999999", "zh-Hans", "99,999,999"),
        ("1000000", "en", "1 million"),
        ("-2500000", "en", "-2.5 million"),
        ("2/3", "en", "2/3"),
        ("0.0025", "en", "0.0025"),
        ("0", "zh-Hans", "0"),
        ("1234567.891", "zh-Hans", "1,234,567.891"),
    ],
)
def test_a_number_is_short_only_where_that_is_all_of_it(value: str, language: str, text: str) -> None:
    """万 and 亿 with two decimals at most, else all digits."""
    assert short(value, language) == text


def test_one_scale_for_a_table() -> None:
    """That of its middle value; a small value keeps its decimals."""
    power, name = scale_of([Fraction(5 * 10**12), Fraction(7 * 10**11), Fraction(3 * 10**6)], "zh-Hans")

    assert (power, name) == (8, "亿")
    assert scaled(Fraction(3 * 10**6), power) == "0.03"
    assert scaled(Fraction(5 * 10**12), power) == "50,000"
    assert scale_of([], "en") == (0, "")
    assert scale_of([Fraction(0), Fraction(12)], "zh-Hans") == (0, "")
    assert grouped("-0.5") == "-0.5"


@pytest.mark.parametrize(
    ("values", "language", "scale"),
    [
        ((99_999,), "zh-Hans", (0, "")),
        ((100_000,), "zh-Hans", (4, "万")),
        ((10**8,), "zh-Hant", (8, "億")),
        ((-(10**8),), "zh-Hans", (8, "亿")),
        ((10**13,), "zh-Hans", (8, "亿")),
        ((10**13,), "en", (9, "billion")),
        ((100_000,), "en", (0, "")),
        ((0, 0, 20, 300_000, 400_000), "zh-Hans", (4, "万")),
        ((5, 20_000, 10**9), "zh-Hans", (4, "万")),
    ],
)
def test_where_a_scale_begins(values: tuple[int, ...], language: str, scale: tuple[int, str]) -> None:
    """None larger than 亿 or a billion, in which the others have too many decimals."""
    assert scale_of([*map(Fraction, values)], language) == scale


@pytest.mark.parametrize(
    ("period", "simplified", "english"),
    [
        ("2023", "2023年", "2023"),
        ("2023H1", "2023年上半年", "first half of 2023"),
        ("2023Q3", "2023年第三季度", "Q3 2023"),
        ("2023-06", "2023年6月", "2023-06"),
        ("..2023-12-31", "截至2023年12月31日", "as at 2023-12-31"),
        ("2021/2025", "2021年至2025年", "2021 to 2025"),
        (None, "时期不明", "no period stated"),
        ("whenever", "whenever", "whenever"),
    ],
)
def test_periods_in_words(period: str | None, simplified: str, english: str) -> None:
    """As people write them; what nobody knows is left as it is."""
    assert period_text(period, wording.of("zh-Hans")) == simplified
    assert period_text(period, wording.of("en")) == english


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize(
    "period",
    [
        "2023",
        "2023H1",
        "2023H2",
        "2024Q1",
        "2023-06",
        "2024-11-05",
        "..2023-12-31",
        "..2024-06",
        "2021/2025",
        "2024-01/2024-03",
    ],
)
def test_a_period_in_words_is_understood_again(language: str, period: str) -> None:
    """Whoever corrects a figure writes its period as the page shows it, or as reports have it."""
    t = wording.of(language)

    assert period_written(period_text(period, t), t) == period
    assert period_written(f" {period} ", t) == period


def test_words_that_are_no_period_stay_as_they_are() -> None:
    t = wording.of("zh-Hans")

    assert [period_written(text, t) for text in ("年底", "2024年冬", "2024年上半年。", "時期不明")] == [
        "年底",
        "2024年冬",
        "2024年上半年。",
        "時期不明",
    ]
    assert period_written(period_text(None, t), t) == ""


@pytest.mark.parametrize(
    "values", [["5.2", "7.7"], ["0", "0"], ["3"], ["-3", "-2.9"], ["-3", "4"], ["100", "1000000"], ["1/3", "2/3"]]
)
def test_anaxis_of_has_all_values_between_round_ends(values: list[str]) -> None:
    """And a handful of ticks."""
    numbers = [Fraction(value) for value in values]
    low, high, ticks = axis_of(numbers)

    assert low <= min(numbers)
    assert max(numbers) <= high
    assert low < high
    assert (ticks[0], ticks[-1]) == (low, high)
    assert 3 <= len(ticks) <= 7
