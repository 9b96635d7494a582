"""The small parts that figures are read with, each by itself at its bounds."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

from worker.errors import BadReport
from worker.extract.event_size import refuse_many_figures, refuse_many_numbers
from worker.extract.fields import placings
from worker.extract.fields.in_frame import Naming
from worker.extract.kinds.crowds import find_crowds
from worker.extract.language.reading_text import ReadingText, fold
from worker.extract.language.sentences import find_sentences
from worker.extract.numbers.scan import Candidate
from worker.extract.tables.containers import Containers
from worker.extract.tables.numbering import bare, level_of
from worker.extract.time.expressions import Reach, Time
from worker.extract.time.listed import together, whole_of
from worker.extract.time.outline import Outline
from worker.extract.time.period_parts import first_month, last_month, names_month, whole_years, years_of
from worker.parts import Cell, Heading, Sentence
from worker.tools import load_tools


def at(start: int, end: int) -> Candidate:
    return Candidate(start, end, end, "1")


def test_where_figures_crowd() -> None:
    """So many of them with no more than so much between."""
    step = 3
    near = [at(place * step, place * step + 1) for place in range(100)]
    wide = [at(place * (step + 1), place * (step + 1) + 1) for place in range(100)]
    far = [at(9999 + place * step, 10000 + place * step) for place in range(100)]

    assert list(find_crowds(near)) == [(0, 100)]
    assert list(find_crowds(near[1:])) == list(find_crowds(wide)) == list(find_crowds([])) == []
    assert list(find_crowds([*near, *far])) == [(0, 100), (100, 200)]
    assert list(find_crowds([*near[:1], *far])) == [(1, 101)]


def test_the_cell_that_holds_a_place() -> None:
    first, inner, last = Cell(2, 5, (), ()), Cell(5, 7, (), ()), Cell(9, 10, (), ())
    containers = Containers([last, inner, first])

    assert [containers.of(place) for place in range(11)] == [
        None,
        None,
        *[first] * 3,
        *[inner] * 2,
        None,
        None,
        last,
        None,
    ]
    assert Containers([]).of(0) is None
    assert Containers([Cell(2, 4, (), ()), Cell(2, 3, (), ())]).of(3) == Cell(2, 4, (), ())


def test_the_headings_over_a_place() -> None:
    one, two, three = (
        Heading("一", "甲", 1, 2, 9, 3),
        Heading("(一)", "乙", 2, 4, 6, 5),
        Heading("二", "丙", 1, 9, 12, 10),
    )
    outline = Outline([one, two, three])

    assert [[heading.title for heading in outline.above(place)] for place in (0, 1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 99)] == [
        [], [], ["甲"], ["甲"], ["甲", "乙"], ["甲", "乙"], ["甲"], ["甲"], ["丙"], ["丙"], [], [],
    ]  # fmt: skip
    assert [outline.part(place) for place in (0, 2, 3, 4, 6, 9, 12)] == [0, 1, 1, 2, 3, 4, 5]
    assert outline.over(2) == (one, two)


#: Labels of a table -> what they say, and how deep they stand.
LABELS = {
    "一、总计": ("总计", 0), "十二．总计": ("总计", 0), "三.总计": ("总计", 0), "（七）总 计（件）": ("总计", 1), "(十)总计": ("总计", 1), "1、总计": ("总计", 2), "12．总计": ("总计", 2), "3.总计": ("总计", 2),
    "(12)总计(件)": ("总计", 3), "（3）总计": ("总计", 3), " \u3000（一）总计": ("总计", 1), "总计(一)(二)": ("总计(一)", 4), "总计（甲(乙)": ("总计（甲", 4), "总计": ("总计", 4), "一总计": ("一总计", 4),
    "1总计": ("1总计", 4), "（件）总计": ("（件）总计", 4), "": ("", 4), "（件）": ("", 4),
}  # fmt: skip


def test_labels_without_what_surrounds_their_words() -> None:
    assert {label: (bare(label), level_of(label)) for label in LABELS} == LABELS


def test_what_a_period_names() -> None:
    """Its years, its first and its last month."""
    parts = {
        "2023": ((2023,), "2023", False, (2023, 1), (2023, 12)), "2021/2025": ((2021, 2025), "2021/2025", False, (2021, 1), (2025, 12)), "2023-11": ((2023,), "2023", True, (2023, 11), (2023, 11)),
        "2023-01/2023-11": ((2023, 2023), "2023", True, (2023, 1), (2023, 11)), "2022-04/2023-03": ((2022, 2023), "2022/2023", True, (2022, 4), (2023, 3)),
        "2023H1": ((2023,), "2023", True, (2023, 1), (2023, 6)), "2023H2": ((2023,), "2023", True, (2023, 7), (2023, 12)), "..2023": ((2023,), "2023", False, (2023, 1), (2023, 12)),
        "..2023-12": ((2023,), "2023", True, (2023, 12), (2023, 12)), "2023-03-05": ((2023,), "2023", True, (2023, 3), (2023, 3)),
    }  # fmt: skip
    assert {
        one: (years_of(one), whole_years(one), names_month(one), first_month(one), last_month(one)) for one in parts
    } == parts


def test_years_and_months_that_follow_each_other() -> None:
    spans = {
        ("2021", "2022"): "2021/2022", ("2020", "2022"): None, ("2022", "2021"): None, ("2021/2022", "2023"): "2021/2023", ("2023-01", "2023-02"): "2023-01/2023-02", ("2022-12", "2023-01"): "2022-12/2023-01",
        ("2023-01", "2023-03"): None, ("2023-11", "2023-12"): "2023-11/2023-12", ("2023-01/2023-03", "2023-04/2023-06"): "2023-01/2023-06", ("2023H1", "2023H2"): "2023", ("2022H2", "2023H1"): None,
        ("2022", "2023-01"): None, ("2022-12", "2023"): None, ("..2022", "2023"): None, ("2022", "..2023"): None, (None, "2023"): None, ("2022", None): None, ("", "2023"): None,
    }  # fmt: skip
    assert {pair: whole_of(*pair) for pair in spans} == spans


def said(text: str, *times: tuple[str, str | None], **fields: object) -> list[Time]:
    """Times that stand one after the other in a text."""
    found, place = [], 0
    for words, period in times:
        start = text.index(words, place)
        place = start + len(words)
        found.append(Time(start, place, period, **fields))  # type: ignore[arg-type]
    return found


def test_times_named_one_after_the_other_are_one() -> None:
    """With those that they are a list of; a gap leaves no time that could be told."""

    def read(
        text: str, *times: tuple[str, str | None], **fields: object
    ) -> list[tuple[str, str | None, tuple[str | None, ...]]]:
        return [
            (text[one.start : one.end], one.period, one.listed) for one in together(text, said(text, *times, **fields))
        ]

    years = (("2021年", "2021"), ("2022年", "2022"))
    for joint in ("、", "和", "与", "及", "以及", " 和 "):
        text = f"2021年{joint}2022年"
        assert read(text, *years) == [(text, "2021/2022", ("2021", "2022"))], joint
    of_months = [Time(0, 3, "2021-01", listed=("a", "b")), Time(4, 7, "2021-02", listed=("c",))]
    assert [one.listed for one in together("甲甲甲、乙乙乙", of_months)] == [("a", "b", "c")]
    for before, behind in ((Reach.FIGURE, Reach.POINT), (Reach.POINT, Reach.FIGURE)):
        one, other = said("2021年、2022年", *years)
        assert len(list(together("2021年、2022年", [replace(one, reach=before), replace(other, reach=behind)]))) == 2
        one, other = said("2021年、2022年同期", ("2021年", "2021"), ("2022年同期", "2022H1"))
        assert len(list(together("2021年、2022年同期", [replace(one, reach=before), other]))) == (
            2 if before == Reach.FIGURE else 1
        )
    for period in ("2021H1", None):
        [(_, _, listed)] = read("2021年、2022年同期", ("2021年", period), ("2022年同期", "2022"))
        assert listed == (period, "2022")
    assert len(read("2021年、2022年同期", ("2021年", "2021"), ("2022年同期", None))) == 2
    assert len(read("2021年，2022年同期", ("2021年", "2021"), ("2022年同期", "2022H1"))) == 2
    for joint in ("，", "至", "", "、、"):
        assert read(f"2021年{joint}2022年", *years) == [("2021年", "2021", ()), ("2022年", "2022", ())], joint
    assert read("2021年、2023年", ("2021年", "2021"), ("2023年", "2023")) == [
        ("2021年、2023年", None, ("2021", "2023"))
    ]
    three = "2021年、2022年和2023年"
    assert read(three, *years, ("2023年", "2023")) == [(three, "2021/2023", ("2021", "2022", "2023"))]
    assert read("2021年、去年", ("2021年", "2021"), ("去年", None)) == [("2021年", "2021", ()), ("去年", None, ())]
    assert read("2021年、2022年", *years, reach=Reach.FIGURE) == [("2021年", "2021", ()), ("2022年", "2022", ())]
    assert read("2021年、2022年", *years, reach=Reach.SENTENCE) == [("2021年、2022年", "2021/2022", ("2021", "2022"))]
    first, last = said("2021年、2022年", *years)
    assert list(together("2021年、2022年", [first, replace(last, is_past=True)])) == [
        first,
        replace(last, is_past=True),
    ]
    same = "2021年、2022年同期"
    assert read(same, ("2021年", "2021"), ("2022年同期", "2022-01/2022-03")) == [
        (same, None, ("2021-01/2021-03", "2022-01/2022-03"))
    ]


#: A text -> its sentences: where each starts, what it says behind its mark, its paragraph, and whether it opens a point.
SENTENCES = {
    "甲。乙！丙？丁": [("甲。", 0, True), ("乙！", 0, False), ("丙？", 0, False), ("丁", 0, False)], "甲!乙?丙": [("甲!", 0, True), ("乙?", 0, False), ("丙", 0, False)],
    "甲。”乙": [("甲。”", 0, True), ("乙", 0, False)], "甲！？。』」）)乙": [("甲！？。』」）)", 0, True), ("乙", 0, False)], "甲\n\n乙": [("甲", 0, True), ("乙", 1, True)], "甲。\n乙": [("甲。", 0, True), ("乙", 1, True)],
    "甲.乙": [("甲.", 0, True), ("乙", 0, False)], "甲3.5": [("甲3.5", 0, True)], "甲.5": [("甲.5", 0, True)], "a.乙": [("a.乙", 0, True)], " \n甲": [("甲", 1, True)], "": [], "甲。 ": [("甲。", 0, True)],
    "甲；乙": [("甲；乙", 0, True)],
    **{f"甲。{mark}乙": [("甲。", 0, True), ("乙", 0, True)] for mark in ("一是", "十二要", "三则", "一、", "(一)、", "（3）．", "12.", "3、", "(一)", "(12)", "【", " 二是")},
    **{f"甲。{mark}乙": [("甲。", 0, True), (f"{mark}乙", 0, False)] for mark in ("一", "12", "（一")}, "甲。一、二、乙": [("甲。", 0, True), ("一、二、乙", 0, False)],
}  # fmt: skip


def sentences(text: str) -> list[tuple[str, int, bool]]:
    return [
        (text[one.body : one.end] if one.opens else text[one.start : one.end], one.paragraph, one.opens)
        for one in find_sentences(text)
    ]


def test_where_sentences_end() -> None:
    assert {text: sentences(text) for text in SENTENCES} == SENTENCES


def test_what_is_too_long_for_a_sentence_is_cut_at_a_mark() -> None:
    lengths = {
        "甲" * 800: [800], "甲" * 801: [800, 1], "甲" * 1601: [800, 800, 1], f"{'甲' * 500}，{'乙' * 500}": [501, 500], f"{'甲' * 400}，{'乙' * 500}": [401, 500], f"{'甲' * 399}，{'乙' * 500}": [800, 100],
        f"{'甲' * 500}，{'乙' * 100};{'丙' * 400}": [602, 400],
    }  # fmt: skip
    assert {text: [one.end - one.start for one in find_sentences(text)] for text in lengths} == lengths
    assert [one.opens for one in find_sentences("甲" * 801)] == [True, False]
    assert [len(list(find_sentences(f"{'甲' * 500}{mark}{'乙' * 500}"))[0:1]) for mark in ",;，；、 \t"] == [1] * 7
    assert {next(iter(find_sentences(f"{'甲' * 500}{mark}{'乙' * 500}"))).end for mark in ",;，；、 \t"} == {501}


def test_forms_of_full_width_are_folded_in_their_places() -> None:
    every = "".join(chr(0xFF01 + offset) for offset in range(94))

    assert fold(every) == "".join(chr(0x21 + offset) for offset in range(94))
    assert fold("\uff00甲\u3000乙\xa0丙\uff5f") == "\uff00甲 乙 丙\uff5f"


def refusal(refuse: Callable[[], None]) -> str:
    """What is said of a text that is refused; nothing of one that is not."""
    try:
        refuse()
    except BadReport as refused:
        return f"{refused.code}: {refused}"
    return ""


def weighed(*, count: int, words: int, most: int, in_tables: int = 0) -> str:
    sentence = Sentence(0, 0, words, 0, opens=True)
    return refusal(lambda: refuse_many_figures("甲" * words, list(range(count)), [sentence], in_tables, most))


def test_a_report_whose_event_would_be_too_large_is_refused() -> None:
    """What a sentence quotes counts for each of its figures; it is weighed where a tenth of the room is taken by figures."""
    one = 350
    said = "too_large: stage extract: {} figures make an event of more than {} bytes; at most {} are allowed, split the file"

    assert weighed(count=1, words=2000, most=10 * one) == said.format(1, one + 6000, 10 * one)
    assert weighed(count=2, words=100, most=2 * one + 599) == said.format(2, 2 * one + 600, 2 * one + 599)
    assert weighed(count=1, words=10, most=3 * one + 29, in_tables=2) == said.format(3, 3 * one + 30, 3 * one + 29)
    assert weighed(count=1, words=2000, most=10 * one + 1) == weighed(count=2, words=100, most=2 * one + 600) == ""
    assert weighed(count=1, words=10, most=3 * one + 30, in_tables=2) == ""
    later = Sentence(10, 10, 20, 0, opens=True)
    assert refusal(lambda: refuse_many_figures("甲" * 20, [1, 2, 12], [later], 0, 3 * one + 30)) == ""


#: A text -> how many of its numbers stand before a measure.
MEASURED = {
    "办结12件": 1, "12%、3.5‰、12％": 3, "12余万元、12多件、12亿元、12万%、12亿%、12余%、12多‰": 7, "1234.5件、12,345件": 2, "12": 0, "第12章": 0, "12a": 0,
    **{f"12{word}": 0 for word in "年月日号时分秒点第条章节款项届期、"},
}  # fmt: skip


def test_a_text_with_too_many_measured_numbers_is_refused() -> None:
    for text, count in MEASURED.items():
        size = count * 350
        said = f"too_large: stage decode: {count} numbers with their measures make an event of more than {size} bytes; at most {size - 1} are allowed, split the file"
        assert refusal(lambda text=text, size=size: refuse_many_numbers(text, size - 1)) == said, text  # type: ignore[misc]
        assert refusal(lambda text=text, size=size: refuse_many_numbers(text, size)) == "", text  # type: ignore[misc]


def test_sides_of_an_account_are_taken_off_whole() -> None:
    """The longest first: what is left of 年初预算 without 预算 is no name."""
    reading = ReadingText("", load_tools().lexicon, load_tools().words)
    naming = cast(Naming, SimpleNamespace(reading=reading))
    names = {
        "教育年初预算": "教育",
        "教育支出决算": "教育",
        "教育预算数": "教育",
        "教育": "教育",
        "财政结余": "财政",
    }

    assert {name: placings._without_sides(naming, name) for name in names} == names
