"""Numbers and dates that damage touched: put together where that is sure, noted where it is not, left where they are whole."""

from collections.abc import Iterable
from datetime import date

import pytest

from worker.clean.dates import LINES_LOOKED_AT, find_dates, find_lost_dates, read_date, run_together
from worker.clean.doubt import LONGEST_NUMBER, find_beside, find_broken_sentences, find_odd_numbers, find_torn_stops
from worker.clean.fluency import fluency_of
from worker.clean.script import script_of
from worker.clean.torn_numbers import find_spaced_digits, find_torn_decimals
from worker.edits import Edit, Flaw
from worker.tools import load_tools

PROSE = "全县各级各部门认真贯彻落实上级工作部署，着力推进各项重点任务落地见效并取得成效。"


def noted(text: str, found: Iterable[Edit | Flaw]) -> list[str]:
    return [text[one.start : one.end] for one in found if isinstance(one, Flaw)]


def mended(text: str, found: Iterable[Edit | Flaw]) -> str:
    for one in sorted((one for one in found if isinstance(one, Edit)), key=lambda one: one.start, reverse=True):
        text = text[: one.start] + one.new + text[one.end :]
    return text


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("编制?02名", ["?02"]),
        ("编制10?名", ["10?"]),
        ("编制1?2名", ["1?2"]),
        ("编制1,2?3.5名", ["1,2?3.5"]),
        ("编制三十?名", ["三十?"]),
        ("编制?万名", ["?万"]),
        ("编制１２?名", ["１２?"]),
        ("编制??12名", ["??12"]),
        ("编制?名，另有12名?", []),
        ("?" + "1" * LONGEST_NUMBER, ["?" + "1" * LONGEST_NUMBER]),
        ("?" + "1" * (LONGEST_NUMBER + 1), ["?" + "1" * LONGEST_NUMBER]),
        ("1" * (LONGEST_NUMBER + 1) + "?", ["1" * LONGEST_NUMBER + "?"]),
    ],
)
def test_a_number_that_touches_a_torn_mark_may_lack_a_digit(text: str, doubtful: list[str]) -> None:
    assert noted(text, find_beside(text, "?")) == doubtful


def test_each_mark_counts_and_is_no_pattern() -> None:
    assert noted("1]2-^3\ufffd45", find_beside("1]2-^3\ufffd45", "]^\ufffd")) == ["1]2", "^3", "3\ufffd45"]


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("增长1.2.3%", ["1.2.3"]),
        ("增长12.5.0.1%", ["12.5.0.1"]),
        ("增长1.2%", []),
        ("2023.12.31", []),
        ("1998.1.2日", []),
        ("1802.1.2", ["1802.1.2"]),
        ("2103.1.2", ["2103.1.2"]),
        ("12023.1.2", ["12023.1.2"]),
        ("第1.2.节", []),
        ("受理1O2件", ["1O2"]),
        ("受理l2件", ["l2"]),
        ("受理3o.5件", ["3o.5"]),
        ("受理I,204件", ["I,204"]),
        ("受理12件，OK", []),
        ("Windows10和H1N1", []),
        ("PO2和10lb", []),
        ("Ol件", []),
        ("编号A.1O", []),
    ],
)
def test_what_only_looks_like_a_number_is_doubtful(text: str, doubtful: list[str]) -> None:
    """Letters for digits, or several points; dates and names have them by right."""
    assert noted(text, find_odd_numbers(text)) == doubtful


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("发放2万份。受教育5000人腹A發放資料。又", ["受教育5000人腹A發放資料"]),
        ("人腹A發放", ["人腹A發放"]),
        ("维生素A含量", []),
        ("人腹a發放", []),
    ],
)
def test_a_mark_torn_in_big5_takes_its_sentence_along(text: str, doubtful: list[str]) -> None:
    assert noted(text, find_torn_stops(text)) == doubtful


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("办理1 2件，调解3 4件，复议5 6件，诉讼7 8件，普法9 0场", "办理12件，调解34件，复议56件，诉讼78件，普法90场"),
        (
            "1 9 9 8 年办理1 2件，调解3 . 5件，复议5 6件，诉讼7 8件",
            "1998 年办理12件，调解3.5件，复议56件，诉讼78件",
        ),
        ("办理1 2件，调解3．5 6件，复议5 6件，诉讼7 8件，又9 0件", "办理12件，调解3.56件，复议56件，诉讼78件，又90件"),
        ("共 2 2 个，另有 3 件，其中 5 件", "共 22 个，另有 3 件，其中 5 件"),
        ("2 0 0 8 年办理1 2件，调解3 4件，复议5 6件，诉讼7 8件", "2008 年办理12件，调解34件，复议56件，诉讼78件"),
    ],
)
def test_digits_set_with_spaces_are_one_number_where_the_text_sets_them_so(text: str, now: str) -> None:
    assert mended(text, find_spaced_digits(text)) == now
    assert noted(text, find_spaced_digits(text)) == []


def test_a_number_that_begins_a_line_is_one_where_it_is_a_year() -> None:
    text = "办理1 2件，调解3 4件，复议5 6件，诉讼7 8件"
    starts = {"1 9 9 8 年": "1998 年", "1 9 9 8 件": "1 9 9 8 件", "3 9 9 8 年": "3 9 9 8 年"}

    assert {
        one: mended(f"{one}\n{text}", find_spaced_digits(f"{one}\n{text}")).partition("\n")[0] for one in starts
    } == starts


@pytest.mark.parametrize("pair", ["“”", "《》", "（）", "()", "「」", "【】"])
def test_a_bracket_without_its_partner_breaks_a_sentence_of_a_torn_text(pair: str) -> None:
    tools = load_tools()
    texts = {
        f"又\ufffd。办理{pair[0]}3件{pair[1]}。": 1,
        f"又\ufffd。办理{pair[0]}3件。": 2,
        f"又\ufffd。办理3件{pair[1]}。": 2,
    }

    for text, sentences in texts.items():
        found = find_broken_sentences(text, script_of(tools.to_simplified), fluency_of(tools.jieba), misread=False)
        assert len(noted(text, found)) == sentences


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("办理1 2件，调解34件，复议56件", ["1 2"]),
        ("办理1100 8项", ["1100 8"]),
        ("办理12 34 5项", ["12 34 5"]),
        ("收入308 000元", []),
        ("收入1 308 000.5元", []),
        ("截至2 023年", ["2 023"]),
        ("1. 5项任务", []),
        ("办理1. 5项任务", ["1. 5"]),
        ("12 34", []),
        ("a12 34b", []),
        ("，12 34", ["12 34"]),
        ("12 34%", ["12 34"]),
        ("2023-12 34件", []),
        ("10:12 34件", []),
        ("共 2 2 个，另有3件，其中5件", ["2 2"]),
        ("见表 2 2 个，另有 3 件，其中 5 件", ["2 2"]),
        *((f"共 2 2 {word}，另有 3 件，其中 5 件", ["2 2"]) for word in "年月日号"),
        *((f"共 2 2{word}，另有 3 件，其中 5 件", ["2 2"]) for word in "年月日号"),
    ],
)
def test_other_digits_with_spaces_between_may_be_several_numbers(text: str, doubtful: list[str]) -> None:
    assert noted(text, find_spaced_digits(text)) == doubtful
    assert mended(text, find_spaced_digits(text)) == text


@pytest.mark.parametrize(
    ("text", "now", "doubtful"),
    [
        ("增长3.\n5%。", "增长3.5%。", []),
        ("增长3. \n　5%。", "增长3.5%。", []),
        ("投资123456.\n123456亿元", "投资123456.123456亿元", []),
        ("投资1234567.\n5亿元", "投资1234567.\n5亿元", []),
        ("，3.\n5%", "，3.\n5%", ["3.\n5"]),
        ("增长3.\n5", "增长3.\n5", ["3.\n5"]),
        ("任务3.\n2023年", "任务3.\n2023年", ["3.\n2023"]),
        ("任务3.\n20年", "任务3.20年", []),
        ("3.\n5%", "3.\n5%", []),
        ("增长3。\n5%", "增长3。\n5%", []),
        ("增长3.5\n5%", "增长3.5\n5%", []),
    ],
)
def test_a_break_behind_a_point_may_have_cut_a_number(text: str, now: str, doubtful: list[str]) -> None:
    assert (mended(text, find_torn_decimals(text)), noted(text, find_torn_decimals(text))) == (now, doubtful)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年1月5日", date(2024, 1, 5)),
        ("2024 年 1 月 5 日", date(2024, 1, 5)),
        ("2024-01-05", date(2024, 1, 5)),
        ("2024/1/5", date(2024, 1, 5)),
        ("1999.12.31", date(1999, 12, 31)),
        ("二〇二四年一月五日", date(2024, 1, 5)),
        ("二○二四年十月二十日", date(2024, 10, 20)),
        ("二零二四年十二月三十一日", date(2024, 12, 31)),
        ("一九九Ｏ年三月十日", date(1990, 3, 10)),
        ("二OO四年三月十五日", date(2004, 3, 15)),
        ("二〇〇八年十一月十二日", date(2008, 11, 12)),
        ("二零零五年六月七日", date(2005, 6, 7)),
        ("二○一三年八月九日", date(2013, 8, 9)),
        ("二ＯＯ六年二月四日", date(2006, 2, 4)),
        ("一九八七年五月二十二日", date(1987, 5, 22)),
        ("民國113年5月20日", date(2024, 5, 20)),
        ("中华民国 99 年 5 月 20 日", date(2010, 5, 20)),
        ("2024年2月30日", None),
        ("2024年13月1日", None),
        ("1824年1月5日", None),
        ("2024年1月", None),
        ("2024-01-053", None),
        ("2025年1-10月", None),
        ("2023年1-3 季度", None),
        ("2024-1-11月份", None),
        ("2022.1-9", None),
        ("2024年1-6", None),
    ],
)
def test_a_date_is_read_in_the_forms_that_reports_have(text: str, day: date | None) -> None:
    """One that the calendar does not have is none."""
    assert read_date(text) == day
    assert [(text[start:end], found) for start, end, found in find_dates(text)] == ([(text, day)] if day else [])


def test_the_first_date_counts_whatever_its_form() -> None:
    assert read_date("二〇二一年一月七日至2021年1月6日") == date(2021, 1, 7)
    assert read_date("2021年1月6日至二〇二一年一月七日") == date(2021, 1, 6)


@pytest.mark.parametrize(
    ("rest", "days"),
    [
        ("0107", [(1, 7)]),
        ("1231", [(12, 31)]),
        ("1301", []),
        ("111", [(1, 11), (11, 1)]),
        ("123", [(1, 23), (12, 3)]),
        ("105", [(10, 5)]),
        ("107", [(10, 7)]),
        ("230", []),
        ("331", [(3, 31)]),
        ("17", [(1, 7)]),
        ("01", []),
        ("010", []),
    ],
)
def test_digits_run_together_may_be_these_dates(rest: str, days: list[tuple[int, int]]) -> None:
    assert run_together("2021", rest) == [date(2021, month, day) for month, day in days]


@pytest.mark.parametrize(
    ("above", "line", "published", "now", "doubtful"),
    [
        ("云山县人民政府", "20210107", None, "2021年1月7日", []),
        ("云山县人民政府", "2021111", None, "2021111", ["2021111"]),
        ("云山县人民政府", "2021111", date(2021, 3, 1), "2021年1月11日", []),
        ("云山县人民政府", "2021111", date(2021, 1, 11), "2021年1月11日", []),
        ("云山县人民政府", "2021111", date(2021, 12, 1), "2021111", ["2021111"]),
        ("云山县人民政府", "2021111", date(2020, 12, 1), "2021111", ["2021111"]),
        ("云山县人民政府", "20211301", None, "20211301", []),
        ("云山县人民政府", "20210107号", None, "20210107号", []),
        ("云" * 40, "20210107", None, "2021年1月7日", []),
        ("云" * 41, "20210107", None, "20210107", []),
        (PROSE, "20210107", None, "20210107", []),
    ],
)
def test_a_signature_gets_its_date_again(
    above: str, line: str, published: date | None, now: str, doubtful: list[str]
) -> None:
    """A report is signed before it is put out, and its date stands below who signs."""
    text = f"{above}\n{line}"
    found = list(find_lost_dates(text, published))

    assert (mended(text, found), noted(text, found)) == (f"{above}\n{now}", doubtful)


def test_a_signature_stands_at_the_end() -> None:
    near = "\n".join(["云山县人民政府", "20210107", *["附表"] * (LINES_LOOKED_AT - 2)])

    assert mended(near, find_lost_dates(near, None)) == near.replace("20210107", "2021年1月7日")
    assert list(find_lost_dates(f"{near}\n附表", None)) == []


def test_how_sure_a_date_without_its_marks_is() -> None:
    """Less where another reading would be later than the report was put out."""
    texts = [f"云山县人民政府\n{digits}" for digits in ("20211231", "2021111")]
    found = [
        one
        for text in texts
        for one in find_lost_dates(text, date(2021, 12, 31) if "1231" in text else date(2021, 2, 1))
    ]

    assert [(one.new, one.confidence) for one in found if isinstance(one, Edit)] == [
        ("2021年12月31日", 0.95), ("2021年1月11日", 0.85),
    ]  # fmt: skip
