"""What a number is by what stands around it, rule by rule, without a report: each form of a rule, and the nearest that is none."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from worker.extract.kinds.classify import classify
from worker.extract.kinds.in_pieces import find_torn
from worker.extract.kinds.surroundings import NumberKind, Sight, sight
from worker.extract.kinds.unread import find_unread, is_unread
from worker.extract.language.reading_text import ReadingText
from worker.extract.numbers.joined import with_shared_units
from worker.extract.numbers.scan import Candidate, find_candidates
from worker.tools import load_tools

CASES = Path(__file__).parents[2] / "cases" / "kinds_of_numbers.toml"
TOOLS = load_tools()


def seen(marked: str, handed_on: Callable[[str, list[Candidate]], list[Candidate]] = lambda _, found: found) -> Sight:
    """The number in braces as the rules see it; with ``handed_on``, after units were shared."""
    left, number, right = marked.replace("}", "{").split("{")
    reading = ReadingText.of(left + number + right, TOOLS.lexicon, TOOLS.words)
    every = handed_on(reading.text, list(find_candidates(reading.text, TOOLS.lexicon)))
    found = {(one.start, one.end): one for one in every}
    return sight(found[len(left), len(left + number)], reading)


def test_each_number_is_known_by_its_rule() -> None:
    rows = tomllib.loads(CASES.read_text("utf-8"))["kind"]
    wanted = {text: (row["kind"], f"class.{row['rule']}") for row in rows for text in row["texts"]}
    found = {text: classify(seen(text)) for text in wanted}

    assert {text: (one.kind, one.rule) for text, one in found.items() if (one.kind, one.rule) != wanted[text]} == {}


A_YEAR, NAMED = "a year", "a span of time that dates or names something"
#: Why a number says when.
REASONS = {
    "a month": ("{8}月", "7、{8}三月", "1、{2两}个月", "7和{8两}月"), "a day": ("{8日}", "{3}号"), "the start of a span of months or days": ("{3}、5月", "{3}和5日"),
    "a quarter, decade or century": ("{一}季度", "{45年}代", "{21}世纪"), "a time of day": ("{8}时", "{8点}半", "下午{3}"), "an anniversary": ("{20周}年",),
    "how long it took to do what the clause tells of": ("用{3年}时间", "经过{两年}多的努力"), "a span of years that says when": (",{3年}", "这{3年}", "建成{3年}累计"),
    "a span of time looked back on or ahead to": ("今后{5年}", "过去{3天}", "上个{5年}"), NAMED: ("{5年}来", *(f"新台币3元共{{112年}}{word}" for word in "来间内后")),
    A_YEAR: ("{80年}代", "民国{112年}来", "甲{112年}度", "甲{112年}底", "甲{112年}初", "截至{112年}", "新台币3元共{112年}", "{2023年}", "{二〇二三年}", "2018、{2019}三年"),
}  # fmt: skip


def test_why_a_number_says_when() -> None:
    wanted = {text: reason for reason, texts in REASONS.items() for text in texts}

    assert {text: classify(seen(text)).reason for text in wanted} == wanted


#: Numbers that go on beyond what was read of them, and whole ones.
TORN = (
    *("{4}O 5万", "{3}I件", "{3}l", "{3}|", "{3} 5", "{3} O件", "{3},O", "{3}. l5", "{3}.|", "4O{3件}", "4 l{3件}", "4,I{3件}", "O|{3件}", "3 {5件}", "O {5件}", "O,{5件}", "l.{5件}"),
    *("甲.{5件}", "3 .{5件}", "3..{5件}", "3,,{5件}", "98,{5万吨}", "{0,500万吨}", "1234,{500万吨}", "{1234},500万吨", "{12345},500件", "{12,500},32件", "12,500,{32件}", "12,{34,567件}", "{12},34,567件", "1,{2345件}", "{1},2345件", "{12},34,567.5元", "共12。{5件}", "共{12}。5件", "共12。{56万件}", "占50/50,{5‰}", "得分{98，120个}村达标", "率98，{5%}", "{1234},500,320件", "1234,{500,320件}", "3'{5件}", "3’{5件}", "{1,234} ,567", "{1,234}, 5", "{1,234} , O", "98,{5%}", "98,{56%}", "1,198,{5%}", "{98},5%"),
    *("{3}、l2个", "{3个}、l2个", "{3}和O2", "{3}与I2", "{3} 及 |2", "{3个}、?", "{3}、？"),
)  # fmt: skip
WHOLE = (
    *("{3}OK", "{3} A", "{3件}、l2", "{3个}至l2", "三 {十}O", "{三}O", "{3} ,甲", "1198,{5%}", "{1198},5%", "1,98,{5},6", "0.98,{5%}", "{98},5,6", "1234,{5000件}", "{1234},5000件", "1234万,{500件}", "{1234万},500件", "{98万},5%", "{12},2023年", "第3。{24个}", "为2.3:1。{15个}", "1/10,{4386万名}", "1/10，{4386万名}", "得分98，{1200人}参加", "指数为{108}，12,345人", "指数为108，{12,345人}", "于9:30，{5人}", "第12，{34,567件}", "纠纷{1，842件}", "2.49。{15个}", "{3}。2023年", "{3}。5月", "3。{250件}", "甲。{5件}", "12.5,{3件}", "{1,234,567.5元}", "1234,{56.5件}", "甲{500件}", "{1,234,500件}", "1,{98},5", "{3}.甲", "{3},甲", "甲{3件}", "OK{3件}甲"),
)  # fmt: skip


def test_numbers_in_pieces() -> None:
    assert [text for text in TORN if find_torn(seen(text)) is None] == []
    assert [text for text in WHOLE if find_torn(seen(text)) is not None] == []


#: Numbers without a unit that look like figures, and those that are rightly none.
UNREAD = (
    *("{13万2}", "预算为{0}", "预算达{3}", "合计 {3}", "缩小到{1.88}", "提高为{1.88}", "比由去年同期的{1.1}", "户籍人口{13万2}", "增加至{3}"),
)  # fmt: skip
READ = (
    *("第{3件}", "甲{3}", "预算为{0}]", "预算为{3}弄", "预算为{0}A", "预算为{3}网", "预算为{3}×4", "预算为{3} /", "预算为{三}", "{2023年}", "预算为{3.2}.1"),
)  # fmt: skip


def test_numbers_that_look_like_figures() -> None:
    def unread(text: str) -> bool:
        one = seen(text)
        return is_unread(one.candidate, classify(one), one.reading)

    share, led = seen("{8.3}:41.4:50.3"), seen("缩小到{1.88}")
    assert [text for text in (*UNREAD, "{8.3}:41.4:50.3") if not unread(text)] == []
    for reason in (
        *("no value can be told from it", "a price as it is spoken", "what it counts cannot be read"),
        "without a known unit, in a text that has lost bytes",
    ):
        assert is_unread(led.candidate, NumberKind("vague", reason), led.reading), reason
    assert not is_unread(led.candidate, NumberKind("vague", "some tens, hundreds or thousands"), led.reading)
    pairs = [(led.candidate, classify(led)), (led.candidate, NumberKind("date", "a day"))]
    assert list(find_unread(pairs, led.reading)) == [led.candidate]
    assert share.candidate.form == "share"
    assert [text for text in READ if unread(text)] == []


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        *(
            (text, "the start of a span of months or days")
            for text in ("{3}和5日", "{3}及5日", "{3}、5号", "3月{3}、5、8日", "{7}、8两月", "{7}和8两月", "{7}、8两个月", "{7}和8月")
        ),
        *((text, "a number with a unit") for text in ("缩短至{3}、5日", "时限为{3}和5日", "{3}和5日内", "{7}、8个月", "药材{1}、2两")),
    ],
)  # fmt: skip
def test_numbers_of_a_list_have_the_unit_of_the_last_unless_it_says_when(marked: str, reason: str) -> None:
    assert classify(seen(marked, with_shared_units)).reason == reason
