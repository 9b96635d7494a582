"""The rules that tell what is no report, each at its bounds: how many lines, letters, prices and words it takes."""

from typing import Any

import pytest

from schemas.report import Document
from worker.figure import Figure, Place, Said
from worker.parts import Cell
from worker.recognition import nature
from worker.recognition.nature import Reading

NO_DOCUMENT = Document()
PLAIN = "今天很好"


def figure(unit: str = "元", *, written: str = "32元", cell: bool = False, **fields: Any) -> Figure:
    said = {"indicator": Said("咖啡", "indicator.said"), "period": Said(None, "period.unknown"), **fields}
    place = Place(0, 3, 0, 3)
    return Figure(place, written, "32", unit, cell=Cell(0, 3, (), ()) if cell else None).having(**said)


def reading(text: str = PLAIN, *figures: Figure, document: Document = NO_DOCUMENT) -> Reading:
    return Reading(text, document, figures)


@pytest.mark.parametrize("place", list("路街道巷弄里村区园苑厦场"))
@pytest.mark.parametrize("house", ["号", "弄", "室", "栋", "幢", "座", "楼", "层", "单元", " 号"])
def test_most_lines_are_addresses(place: str, house: str) -> None:
    lines = [f"老王面馆 体育西{place}甲{number}{house}" for number in (1, 23, 45678)]

    assert nature.is_a_directory(reading("\n".join(lines))) == "3 of its 3 lines are addresses or telephone numbers"


@pytest.mark.parametrize(
    ("line", "is_entry"),
    [
        ("张三 13800138000", True), ("张三 12800138000", False), ("张三 138001380001", False), ("张三 1380013800", False), ("公司 020-85551234", True),
        ("公司 02085551234", True), ("公司 0755-8555123", True), ("公司 075512345678", True), ("公司 20-85551234", False), ("公司 07555-8555123", False),
        ("公司 020-855512345", False), ("体育西路103", False), ("体育西路123456号", False), ("体育西路的旧址在很远很远的地方3号", False),
    ],
)  # fmt: skip
def test_what_is_an_entry_of_a_directory(line: str, *, is_entry: bool) -> None:
    assert bool(nature.is_a_directory(reading("\n".join([line] * 3)))) is is_entry


@pytest.mark.parametrize(
    ("entries", "others", "told"),
    [(2, 0, False), (3, 0, True), (3, 2, True), (3, 3, False), (4, 3, True), (5, 5, False)],
)
def test_a_directory_is_of_three_entries_and_more_than_half_of_its_lines(
    entries: int, others: int, *, told: bool
) -> None:
    text = "\n".join(["张三 13800138000"] * entries + [PLAIN] * others)

    assert bool(nature.is_a_directory(reading(text))) is told


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("a" * 60, "0% of its letters are Chinese"), ("a" * 59, None), ("甲" * 29 + "a" * 31, "48% of its letters are Chinese"), ("甲" * 30 + "a" * 30, None),
        ("1" * 90, None), ("甲" * 90, None),
    ],
)  # fmt: skip
def test_hardly_anything_is_chinese(text: str, share: str | None) -> None:
    assert nature.is_foreign(reading(text)) == share


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ([figure()] * 3, "3 of its 3 figures are prices, and none has a time"), ([figure()] * 2, None), ([figure("元/杯")] * 3, "3 of its 3 figures are prices, and none has a time"),
        ([figure()] * 3 + [figure("件")] * 2, "3 of its 5 figures are prices, and none has a time"), ([figure()] * 3 + [figure("件")] * 3, None),
        ([figure("美元")] * 3, "3 of its 3 figures are prices, and none has a time"), ([figure("元钱")] * 3, None),
        ([figure()] * 3 + [figure(period=Said("2023", "period.said"))], None), ([figure()] * 3 + [figure(written="3万元")], None),
        ([figure()] * 3 + [figure(indicator_id="a.b")], None), ([figure()] * 3 + [figure(written="3亿元")], None), ([figure("元/杯/天")] * 3, "3 of its 3 figures are prices, and none has a time"),
    ],
)  # fmt: skip
def test_prices_without_a_time_are_a_list_of_prices(figures: list[Figure], told: str | None) -> None:
    assert nature.lists_prices(reading(PLAIN, *figures)) == told


def test_sentences_and_words_of_reports_are_no_list_of_prices() -> None:
    prose = "今天我们去喝了咖啡，还吃了蛋糕，真的是很好吃啊。"

    assert nature.lists_prices(reading(prose, *[figure()] * 3)) is None
    assert nature.lists_prices(reading(f"{prose}\n" + "很好\n" * 20, *[figure()] * 3))
    assert nature.lists_prices(reading("行政处罚行政复议" + "好" * 20, *[figure()] * 3)) is None


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ([figure("", cell=True, indicator=Said("电话", "a"))] * 2, True), ([], False), ([figure("", indicator=Said("电话", "a"))], False),
        ([figure("", cell=True, indicator=Said("电话", "a")), figure("", indicator=Said("电话", "a"))], False),
        ([figure("", cell=True, indicator=Said("电话", "a")), figure("件", cell=True, indicator=Said("电话", "a"))], False),
        ([figure("", cell=True, indicator=Said("电话", "a")), figure("", cell=True)], False),
        ([figure("", cell=True, indicator=Said(None, "a"))], False),
    ],
)  # fmt: skip
def test_a_table_of_telephone_numbers_counts_nothing(figures: list[Figure], *, told: bool) -> None:
    assert bool(nature.counts_nothing(reading(PLAIN, *figures))) is told


@pytest.mark.parametrize(
    ("dated", "others", "told"), [(1, 0, True), (1, 1, False), (2, 1, True), (0, 1, False), (0, 0, False)]
)
def test_most_cells_have_a_time(dated: int, others: int, *, told: bool) -> None:
    """Figures of the prose are not asked."""
    cells = [figure(cell=True, period=Said("2023", "a"))] * dated + [figure(cell=True)] * others

    assert bool(nature.has_a_dated_table(reading(PLAIN, *cells, figure(period=Said("2023", "a"))))) is told


@pytest.mark.parametrize(
    ("document", "author", "place"),
    [
        (Document(), None, None), (Document(issuer="云山县人民政府"), "云山县人民政府", None), (Document(document_number="云政〔2023〕4号"), "云政〔2023〕4号", None),
        (Document(region="云山县", period="2023"), None, "云山县, 2023"), (Document(region="云山县"), None, None), (Document(period="2023"), None, None),
    ],
)  # fmt: skip
def test_what_a_document_says_of_itself(document: Document, author: str | None, place: str | None) -> None:
    found = reading(document=document)

    assert (nature.names_its_author(found), nature.names_place_and_year(found)) == (author, place)
    assert nature.says_its_kind(reading(document=Document(kind="audit"))) == "audit"


@pytest.mark.parametrize(
    ("text", "figures", "told"),
    [
        ("好" * 130, [], "130 characters"), ("好" * 131, [], None), ("好" * 60 + "\n" + "好" * 60, [], None), ("好" * 130, [figure(cell=True)], None),
        ("\n好好\n", [], "2 characters"),
    ],
)  # fmt: skip
def test_a_sentence_is_too_little_to_tell_more_by(text: str, figures: list[Figure], told: str | None) -> None:
    assert nature.is_an_excerpt(reading(text, *figures)) == told


@pytest.mark.parametrize(("length", "is_prose"), [(99, True), (100, False)])
def test_prose_is_more_than_half_of_a_text(length: int, *, is_prose: bool) -> None:
    """Of all its characters, those between the lines among them."""
    sentence = "今" * 49 + "。"
    others = "\n".join("好" * 9 for _ in range(10))

    assert reading(f"{sentence}\n{others}"[:length]).is_prose is is_prose


def test_words_of_reports_are_counted_by_their_length() -> None:
    found = reading("行政处罚" + "好" * 46, figure(written="3万件"), figure(written="32件"))

    assert found.words[-1] == "万亿"
    assert (found.han, found.letters) == (50, 50)
    assert found.covered == sum(map(len, found.words)) / 50
    assert reading("abc").covered == 0.0
    assert nature.speaks_as_reports_do(reading("好" * 200, figure(indicator_id="a.b"))) == "a.b"
    assert nature.speaks_as_reports_do(reading("好" * 200)) is None


def test_how_much_of_a_text_is_code() -> None:
    assert nature.is_code(reading("`a`\n" + "甲" * 12)) == "20% of it are code, settings or a log"
    assert nature.is_code(reading("`a`\n" + "甲" * 13)) is None


def test_how_many_words_of_reports_tell_one() -> None:
    """Two, or one beside a table; of the Chinese characters one in twenty-five."""
    cell = figure(cell=True)

    assert nature.speaks_as_reports_do(reading("行政处罚" + "好" * 96)) == "4% of it are words of reports"
    assert nature.speaks_as_reports_do(reading("行政处罚" + "好" * 97)) is None
    assert nature.speaks_as_reports_do(reading("行政" * 9)) is None
    assert nature.speaks_as_reports_do(reading("行政" * 9, cell)) == "100% of it are words of reports"
    assert nature.speaks_as_reports_do(reading("好" * 9, cell)) is None
    assert (
        nature.speaks_as_reports_do(reading("行政" + "好" * 8, figure(written="3亿件")))
        == "40% of it are words of reports"
    )
    assert nature.speaks_as_reports_do(reading("行政" + "好" * 8, figure(written="3件"))) is None
    assert reading("行政", cell, figure()).cells == [cell]


def test_words_of_programs_are_more_than_those_of_reports() -> None:
    """Four of them, and longer together."""
    four = "程序命令行端口缓存"

    assert nature.speaks_of_software(reading(four + "行政" * 4)) == "it has 4 words of programs and their manuals"
    assert (
        nature.speaks_of_software(reading(four + "常委会" + "行政" * 2))
        == "it has 4 words of programs and their manuals"
    )
    assert nature.speaks_of_software(reading("程序命令行端口" * 9)) is None
    assert nature.speaks_of_software(reading("程序命令行端口缓存常委会" + "行政" * 3)) is None


def test_a_list_of_prices_with_words_of_reports() -> None:
    """From one character of five on it is a list of rates."""
    words = "行政处罚行政复议"

    assert nature.lists_prices(reading(words + "好" * 32, *[figure()] * 3)) is None
    assert nature.lists_prices(reading(words + "好" * 33, *[figure()] * 3))


def test_sentences_with_a_word_of_reports_are_an_excerpt() -> None:
    """Of several lines one character of fifty is of such a word; lines without sentences are none."""
    sentence = "今天我们去喝了咖啡，还吃了蛋糕，真的是很好吃啊。\n"

    hundred = f"行政{sentence}{'好' * 77}。"

    assert nature.is_an_excerpt(reading(hundred)) == "100 characters"
    assert nature.is_an_excerpt(reading(f"好{hundred}")) is None
    assert nature.is_an_excerpt(reading(f"行政处罚\n{sentence}" + "好\n" * 40)) is None


def test_the_first_rule_that_speaks_decides() -> None:
    found = nature.nature_of(reading("好好\n好"))

    assert found == nature.Nature(
        is_report=False, rule="says_nothing", seen="0 words of reports among 3 characters, no issuer, no kind"
    )
    assert nature.nature_of(reading("好好")) == nature.Nature(is_report=True, rule="is_an_excerpt", seen="2 characters")
    assert nature.nature_of(reading("`a`", document=Document(issuer="甲"))).rule == "names_its_author"
    assert nature.nature_of(reading("`a`", document=Document(kind="audit"))).rule == "is_code"
