"""Lines set on pages: which run along at the edge of every page, and which are one paragraph."""

import pytest

from worker.readers.layout import LaidLine, paragraphs, without_running_lines

WORDS = "甲乙丙丁戊己庚辛壬癸"
WIDE = "全市各级行政机关共受理行政复议申请并按期办理完毕"  # sets the width of the page: 24 characters


def line(text: str, top: float = 0, left: float = 100, size: float = 10, *, apart: bool = False) -> LaidLine:
    width = sum(size / 2 if char.isascii() else size for char in text)
    return LaidLine(text, left, left + width, top, top + size, apart)


def page(*texts: str) -> list[LaidLine]:
    return [line(text, 20.0 * index) for index, text in enumerate(texts)]


def left_over(pages: list[list[LaidLine]]) -> list[list[str]]:
    return [[one.text for one in page] for page in without_running_lines(pages)]


def filled(*edges: str, below: bool = False) -> list[list[LaidLine]]:
    """Pages of five lines of their own with one of these above or below."""
    own = [[f"{char}{word}" for word in "一二三四五"] for char in WORDS]
    return [page(*([*rows, edge] if below else [edge, *rows])) for rows, edge in zip(own, edges, strict=False)]


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize(
    ("edges", "gone"),
    [
        (["公报", "公报", "公报"], 3),
        (["公报 第4期", "公报第 5 期", "公报第16期"], 3),
        (["公报", "公报", "别的"], 0),
        (["公报", "公报", "公报", "子", "丑", "寅"], 3),
        (["公报", "公报", "公报", "子", "丑", "寅", "卯"], 0),
        (["1", "2", "3"], 3),
        (["- 7 -", "— 8 —", "·9·"], 3),
        (["第7页", "第 8 页 共9页", "9/9"], 3),
        (["第7页，共 9 页", "8／9页", "第9页"], 3),
        (["1", "2"], 2),
        (["1", "别的", "3"], 2),
        (["1", "2", "8"], 2),
        (["1"], 1),
        (["7"], 0),
        (["7", "7"], 0),
        (["第1章", "第2章"], 0),
        (["12件", "13件"], 0),
        *(([f"{'-' * more}{number}{'-' * 9}" for number in (1, 2)], gone) for more, gone in ((9, 2), (10, 0))),
    ],
)
def test_what_runs_along_goes(edges: list[str], gone: int, *, below: bool) -> None:
    """A line of one form on three pages and on half of them, or the number that counts the pages."""
    pages = filled(*edges, below=below)

    left = left_over(pages)

    assert sum(len(before) - len(after) for before, after in zip(pages, left, strict=True)) == gone
    assert [
        [one for one in rows if one[1:] in "一二三四五" and len(one) == 2 and one[0] in WORDS] for rows in left
    ] == [[f"{char}{word}" for word in "一二三四五"] for char in WORDS[: len(edges)]]


@pytest.mark.parametrize(("at", "gone"), [(0, True), (1, True), (2, False), (-3, False), (-2, True), (-1, True)])
def test_only_two_lines_at_each_edge_can_run_along(at: int, gone: bool) -> None:  # noqa: FBT001
    pages = []
    for char in WORDS[:4]:
        rows = [f"{char}{word}" for word in "一二三四五六七"]
        rows[at] = "公报"
        pages.append(page(*rows))

    assert all(("公报" not in rows) is gone for rows in left_over(pages))


def test_the_edge_is_where_a_line_stands_not_when_it_was_drawn() -> None:
    pages = [[line(f"{char}{word}", 20.0 * n) for n, word in enumerate("一二三四五六")] for char in WORDS[:3]]
    for rows in pages:
        rows.insert(3, line("公报", 500))

    assert all("公报" not in rows for rows in left_over(pages))


def joined(*lines: LaidLine) -> list[str]:
    """The paragraphs of lines that stand below one another, between two that set the width of the text."""
    frame = line(WIDE + "。", apart=True)
    found = paragraphs([(0, one) for one in (frame, *lines, frame)])
    return ["".join(text for _, text in one.parts) for one in found][1:-1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (line("一" * 25), line("二二。")),
        (line("一" * 23), line("二二。")),
        (line("  " + "一" * 24), line("二二。", left=100)),
        (line("一" * 23, left=120), line("二二。")),
        (line("一、" + "一" * 23), line("二二。", left=120)),
        (line("一" * 25), line("二二。", left=106)),
        (line("一" * 25), line("二二。", size=13)),
        (line("第一章" + "一" * 19, left=130), line("二二。", left=130)),
    ],
)
def test_a_full_line_goes_on(first: LaidLine, second: LaidLine) -> None:
    """It may fall two characters short; the next may be a little off, or a little larger."""
    assert joined(first, second) == [first.text.rstrip() + second.text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(line("一" * 22), line("二二。"), id="short"),
        pytest.param(line("一" * 25), line("二、二。"), id="an item"),
        pytest.param(line("一" * 25), line("(3)二。"), id="an item in brackets"),
        pytest.param(line("一" * 25), line("3.二。"), id="an item of a list"),
        pytest.param(line("一" * 25), line("●二。"), id="a bullet"),
        pytest.param(line("一" * 25), line("第三条二。"), id="an article"),
        pytest.param(line("一" * 25), line("\u3000\u3000二二。"), id="indented"),
        pytest.param(line("一" * 25), line("  二二。"), id="indented by blanks"),
        pytest.param(line("一" * 24 + "。"), line("二二。", left=120), id="set in after a stop"),
        pytest.param(line("一" * 25), line("二二。", size=16), id="of another size"),
        pytest.param(line("一" * 22, left=130), line("二二。", left=130), id="centred"),
        pytest.param(line("一" * 25, apart=True), line("二二。"), id="after a row of fields"),
        pytest.param(line("一" * 25), line("二二。", apart=True), id="before a row of fields"),
    ],
)
def test_other_lines_stand_by_themselves(first: LaidLine, second: LaidLine) -> None:
    assert joined(first, second) == [first.text, second.text]


def test_a_number_at_the_start_of_a_line_is_no_item() -> None:
    assert joined(line("一" * 23 + "投资"), line("4.5亿元。")) == ["一" * 23 + "投资4.5亿元。"]


def test_the_second_line_shows_where_the_others_begin() -> None:
    """One that is set in further begins a paragraph, though the first line was set in as far."""
    body = "二" * 25
    assert joined(line("一" * 23, left=120), line(body), line(body), line("三三", left=105)) == [
        "一" * 23 + body + body + "三三"
    ]
    assert joined(line("一" * 23, left=120), line(body), line(body), line("三三", left=107)) == [
        "一" * 23 + body + body,
        "三三",
    ]


def test_a_paragraph_knows_its_pages_and_where_digits_meet() -> None:
    lines = [line("一" * 23 + "12"), line("345" + "二" * 22), line("三三GDP"), line("四", apart=True)]

    found, last = paragraphs([(page, one) for page, one in zip((0, 0, 1, 1), lines, strict=True)])

    assert found.parts == ((0, "一" * 23 + "12345" + "二" * 22), (1, "三三GDP"))
    assert found.torn == ((24, 26),)
    assert (last.parts, last.apart) == (((1, "四"),), True)


def test_torn_places_move_with_their_line() -> None:
    second = LaidLine(" 二12 34二", 100, 160, 20, 30, torn=((4, 6),))

    [found] = paragraphs([(0, line("一" * 6)), (0, second)])

    assert found.parts == ((0, "一" * 6 + "二12 34二"),)
    assert found.torn == ((9, 11),)
