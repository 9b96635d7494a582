"""What figures are read from: sentences and where they open, names that numbers belong to, the date a report was given."""

from datetime import date

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.language.sentences import find_sentences
from worker.extract.time.report_date import Sections, calendar_of
from worker.parts import Heading
from worker.tools import load_tools

TOOLS = load_tools()


def reading(text: str) -> ReadingText:
    return ReadingText(fold(text), TOOLS.lexicon, TOOLS.words)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("受理12件。办结9件！是否公开？有。", ["受理12件。", "办结9件！", "是否公开？", "有。"]),
        ("受理12件!办结9件?", ["受理12件!", "办结9件?"]),
        ("“受理12件。”办结9件。", ["“受理12件。”", "办结9件。"]),
        ("（受理12件。）办结9件。", ["（受理12件。）", "办结9件。"]),
        ("受理12件……。。办结", ["受理12件……。。", "办结"]),
        ("社区报到.廉江市办结", ["社区报到.", "廉江市办结"]),
        ("增长1.5%.办结", ["增长1.5%.办结"]),
        ("受理12件\n\n办结9件", ["受理12件", "办结9件"]),
        (" \n。受理12件", ["。", "受理12件"]),
        (" \n \n", []),
    ],
)
def test_sentences_end_at_their_stops_and_at_breaks(text: str, sentences: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_sentences(text)] == sentences


@pytest.mark.parametrize(
    ("text", "bodies", "opens"),
    [
        ("一是受理12件。二要办结9件。三则公开。", ["受理12件。", "办结9件。", "公开。"], [True, True, True]),
        ("(一)受理。（二）办结。", ["受理。", "办结。"], [True, True]),
        ("1.受理。2、办结。３．公开。", ["受理。", "办结。", "３．公开。"], [True, True, False]),
        ("【受理】12件。办结9件。", ["受理】12件。", "办结9件。"], [True, False]),
        ("受理。办结。\n公开。", ["受理。", "办结。", "公开。"], [True, False, True]),
        ("甲。一、二、三产业增长。", ["甲。", "一、二、三产业增长。"], [True, False]),
    ],
)
def test_a_sentence_opens_a_train_of_thought_at_its_number_or_its_paragraph(
    text: str, bodies: list[str], opens: list[bool]
) -> None:
    found = list(find_sentences(text))

    assert [text[one.body : one.end] for one in found] == bodies
    assert [one.opens for one in found] == opens


def test_paragraphs_are_counted_by_their_breaks() -> None:
    assert [one.paragraph for one in find_sentences("甲。乙。\n\n丙。\n丁")] == [0, 0, 1, 2]


def test_a_sentence_without_an_end_is_cut_at_a_mark_of_its_second_half() -> None:
    """Or where no mark is, at its length; only the first piece opens anything."""
    longest = "甲" * 800
    assert len(list(find_sentences(longest))) == 1
    assert [one.end - one.start for one in find_sentences(longest + "乙")] == [800, 1]
    marked = "甲" * 399 + "，" + "甲" * 200 + "、" + "甲" * 300
    assert [(one.end, one.opens) for one in find_sentences(marked)] == [(601, True), (901, False)]
    assert [one.end for one in find_sentences("甲" * 399 + "，" + "甲" * 500)] == [800, 900]
    assert [one.end for one in find_sentences("甲" * 400 + "，" + "甲" * 500)] == [401, 901]


@pytest.mark.parametrize(
    ("text", "part", "why"),
    [
        ("印发《关于2025年的意见》等12件", "2025", "inside the title of a document"),
        ("印发《关于2025年的意见》等12件", "12", None),
        ("12件《意见》", "12", None),
        ("建设“四好2025”公路", "2025", "inside a quoted name or slogan"),
        ("建设「四好2025」公路", "2025", "inside a quoted name or slogan"),
        ('建设"四好2025"公路', "2025", "inside a quoted name or slogan"),
        ("云府〔2024〕4号", "2024", "a document number"),
        ("云府[2024] 第 4 号", "4 号", "a document number"),
        ("云府(2024)4号", "2024", "a document number"),
        ("云府(3024)4号", "3024", None),
        ("提升为“28%”", "28", None),
        ("提升为「28%加减2%」", "28", None),
        ("提升为“28.5%以上”", "28.5", None),
        ("提升为“约28%”", "28", "inside a quoted name or slogan"),
        ("“" + "甲" * 23 + "12”", "12", "inside a quoted name or slogan"),
        ("“" + "甲" * 24 + "12”", "12", None),
        ('"' + "甲" * 13 + '12"', "12", "inside a quoted name or slogan"),
        ('"' + "甲" * 14 + '12"', "12", None),
        ("《" + "甲" * 98 + "12》", "12", "inside the title of a document"),
        ("《" + "甲" * 99 + "12》", "12", None),
        ("《甲\n12》", "12", None),
    ],
)
def test_a_number_may_belong_to_a_name(text: str, part: str, why: str | None) -> None:
    start = text.index(part)
    found = reading(text)

    assert found.cover_of(start) == why
    assert found.cover_of(start, start + len(part)) == why


def test_a_part_that_reaches_out_of_a_name_is_none_of_it() -> None:
    text = "《意见2025》12件"
    found = reading(text)

    assert found.cover_of(3, 7) == "inside the title of a document"
    assert found.cover_of(3, 8) == "inside the title of a document"
    assert found.cover_of(3, 9) is None
    assert found.cover_of(8) is None
    assert reading("12件，《意见2025》").cover_of(0) is None


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("民国政府", True),
        ("新台币12元", True),
        ("114年度预算", True),
        ("114 年度预算", True),
        ("(114)年", True),
        ("（114） 年", True),
        ("114年", False),
        ("214年度预算", False),
        ("1.114年度", False),
        ("5114年度", False),
        ("114年度2", False),
    ],
)
def test_years_may_be_counted_from_the_republic(text: str, *, counts: bool) -> None:
    assert reading(text).counts_from_republic is counts


def given(text: str, **document: object) -> tuple[int, int] | None:
    draft = Draft(b"", "a.txt", text=Text.of(text), document=Document.model_validate(document))
    return calendar_of(draft, reading(text)).clock.given


@pytest.mark.parametrize(
    ("text", "document", "month"),
    [
        ("工作报告\n2024年1月5日\n正文", {}, (2024, 1)),
        ("工作报告\n2024年1月5日\n2023年12月31日\n正文", {}, (2023, 12)),
        ("工作报告\n2024年1月5日", {"published": date(2023, 11, 2)}, (2023, 11)),
        ("工作报告", {"published": date(2024, 3, 2), "signed": date(2024, 2, 1)}, (2024, 2)),
        ("工作报告", {}, None),
        ("\n".join(["甲"] * 11) + "\n2024年1月5日", {}, (2024, 1)),
        ("\n".join(["甲"] * 12) + "\n2024年1月5日", {}, None),
        ("甲" * 71 + "2024年1月5日", {}, (2024, 1)),
        ("甲" * 72 + "2024年1月5日", {}, None),
        ("会议于2024年1月5日召开，会议通过了报告，并且提出了要求。", {}, None),
    ],
)
def test_a_report_is_given_on_the_first_day_that_it_names_at_its_head(
    text: str, document: dict[str, object], month: tuple[int, int] | None
) -> None:
    assert given(text, **{name: str(day) for name, day in document.items()}) == month


@pytest.mark.parametrize(
    ("title", "signed", "this_year"),
    [
        ("政府工作报告", "2023-02-01", 2023),
        ("政府工作报告", "2024-02-01", 2024),
        ("政府工作报告", "2025-02-01", 2024),
        ("政府工作报告", None, 2024),
        ("统计公报", "2024-02-01", 2023),
        ("统计公报", None, 2023),
    ],
)
def test_this_year_is_the_one_that_a_report_is_given_in_where_it_looks_back(
    title: str, signed: str | None, this_year: int
) -> None:
    document = Document.model_validate({"title": title, "period": "2023", "signed": signed})
    draft = Draft(b"", "a.txt", text=Text.of(title), document=document)

    assert calendar_of(draft, reading(title)).clock.this_year == this_year


@pytest.mark.parametrize("end", ["会议上", "大会上", "会议", "大会", "会议上）", "大会)"])
@pytest.mark.parametrize(("day", "this_year"), [("2024年2月3日", 2024), ("2023年2月3日", 2023), ("2025年2月3日", 2023)])
def test_whoever_speaks_to_a_meeting_says_this_year_of_the_meetings(end: str, day: str, this_year: int) -> None:
    """Where that is the year after; a meeting that is told of in the text is another one."""
    text = f"某某报告\n（{day}在县人民代表{end}\n今年办结12件。"
    document = Document.model_validate({"title": "某某报告", "period": "2023"})

    def meant(text: str) -> int | None:
        return calendar_of(Draft(b"", "a.txt", text=Text.of(text), document=document), reading(text)).clock.this_year

    assert meant(text) == this_year
    assert meant(text.replace(f"{end}\n", f"{end}闭幕\n")) == 2023


@pytest.mark.parametrize(
    ("signed", "period"), [("2023-11-02", "2024"), ("2023-01-05", "2024"), ("2024-02-01", "2024"), ("2022-12-01", None)]
)
def test_what_is_to_come_is_the_year_after_unless_the_report_was_given_before_its_own(
    signed: str, period: str | None
) -> None:
    """下一步 of a plan for 2023 that was signed in 2022 is 2023 itself."""
    text = "某某情况\n一、下一步打算\n办结12件。"
    document = Document.model_validate({"title": "某某情况", "period": "2023", "signed": signed})
    draft = Draft(b"", "a.txt", text=Text.of(text), document=document)
    heading = Heading("一", "下一步打算", 1, 5, len(text), 13)

    assert Sections(reading(text), calendar_of(draft, reading(text)).clock).under((heading,)).period == period
