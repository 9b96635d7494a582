"""OFD: pieces of text placed one by one, in lines and in columns; digits of two of them make no number."""

import re
from collections.abc import Callable, Sequence
from types import ModuleType

import pytest

from worker.errors import BadReport
from worker.readers import ofd
from worker.readers.reading import Reading
from worker.stages.decode import read

PAIRS = [("1286", "8.6%"), ("35.00", "12%"), ("共12", "345件"), ("7,", "120"), ("14", "16万元"), ("98", ".5%")]


def named(reading: Reading) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(reading.text.raw[c.start : c.end], c.column, c.row) for c in reading.cells if c.column or c.row]


def doubted(reading: Reading) -> list[str]:
    return [reading.text.raw[flaw.start : flaw.end] for flaw in reading.text.flaws]


def width(text: str) -> float:
    return sum(2.5 if char.isascii() else 5 for char in text)


@pytest.mark.parametrize("gap", [-4, -1.2, 0, 0.5, 1, 2, 3, 4.9, 5.1, 8, 60])
@pytest.mark.parametrize(("one", "other"), PAIRS, ids=["|".join(pair) for pair in PAIRS])
def test_digits_of_two_objects_make_no_number(packages: ModuleType, one: str, other: str, gap: float) -> None:
    """However near they stand: they are parted so that nobody takes them for groups of three, or doubted, or both."""
    reading = read(packages.ofd([[(20, 40, 30, one), (20 + width(one) + gap, 40, 30, other)]]))

    text = reading.text.raw.rstrip("\n")
    between = re.fullmatch(f"{re.escape(one)}(\t|  |){re.escape(other)}", text)
    assert between
    assert bool(doubted(reading)) == (gap < 5)
    assert between[1] or doubted(reading)


@pytest.mark.parametrize("number", ["1286", "98.6%", "1,204.5", "2023年"])
def test_a_page_written_glyph_by_glyph_has_its_numbers(packages: ModuleType, number: str) -> None:
    """What touches, each character by itself, is one text to whoever sees the page."""
    place, pieces = 20.0, []
    for char in f"共{number}":
        pieces.append((place, 40, width(char), char))
        place += width(char)

    reading = read(packages.ofd([pieces]))

    assert (reading.text.raw, doubted(reading)) == (f"共{number}\n", [])


@pytest.mark.parametrize(("raised", "torn"), [("1", ["31"]), ("２", ["3２"])])
def test_a_raised_glyph_is_none_of_the_number(packages: ModuleType, raised: str, torn: list[str]) -> None:
    """Smaller, and above the line."""
    page = "".join(packages.text_object(20 + 2.5 * n, 40, 2, char) for n, char in enumerate("513"))
    page += packages.text_object(27.5, 39.2, 2, raised).replace('Size="5"', 'Size="3"')

    assert doubted(read(packages.ofd_of_objects([page]))) == torn


@pytest.mark.parametrize("text", ["56", "办结1286件"])
def test_what_is_drawn_twice_to_look_bold_is_there_once(packages: ModuleType, text: str) -> None:
    assert read(packages.ofd([[(20, 40, 40, text), (20.2, 40, 40, text)]])).text.raw == f"{text}\n"


def left(row: Sequence[str], lefts: Sequence[float]) -> list[tuple[float, str]]:
    return [(place, text) for place, text in zip(lefts, row, strict=True) if text]


def right(row: Sequence[str], rights: Sequence[float]) -> list[tuple[float, str]]:
    return [(place - width(text), text) for place, text in zip(rights, row, strict=True) if text]


def centred(row: Sequence[str], middles: Sequence[float]) -> list[tuple[float, str]]:
    return [(place - width(text) / 2, text) for place, text in zip(middles, row, strict=True) if text]


@pytest.mark.parametrize("header", [left, centred, right])
@pytest.mark.parametrize("body", [left, right])
@pytest.mark.parametrize("labels", [["行政处罚", "行政许可"], ["水利工程", "绿地"]])
def test_a_table_without_lines_has_headers_and_labels(
    packages: ModuleType, header: Callable[..., list[tuple[float, str]]], body: Callable[..., object], labels: list[str]
) -> None:
    """By where its texts stand, wherever in its column each does; an empty cell moves none of the others."""
    at = {left: [20.0, 60.0, 100.0, 140.0], centred: [32.5, 75.0, 115.0, 155.0], right: [50.0, 85.0, 125.0, 165.0]}
    rows = [["", "本年数", "上年数", "增长率"], [labels[0], "1286", "10000", "8.6%"], [labels[1], "", "35.00", "12%"]]
    page = [(x, 40, 20, text) for x, text in header(rows[0], at[header])]
    for number, row in enumerate(rows[1:]):
        first, *others = row
        page.append((20, 48 + 8 * number, 20, first))
        page += [(x, 48 + 8 * number, 20, text) for x, text in body(others, at[body][1:])]  # type: ignore[attr-defined]

    reading = read(packages.ofd([[(20, 20, 80, "执法情况统计表"), *page]]))

    assert named(reading) == [
        ("1286", ("本年数",), (labels[0],)),
        ("10000", ("上年数",), (labels[0],)),
        ("8.6%", ("增长率",), (labels[0],)),
        ("35.00", ("上年数",), (labels[1],)),
        ("12%", ("增长率",), (labels[1],)),
    ]


def test_columns_that_reach_into_each_other_are_told_by_their_left_ends(packages: ModuleType) -> None:
    rows = [["项目", "件数", "占比"], ["涉企行政复议", "1286", "8.6%"], ["涉企行政应诉", "77", "35%"]]
    page = [(x, 40 + 8 * n, 20, text) for n, row in enumerate(rows) for x, text in left(row, [20, 40, 56])]

    assert named(read(packages.ofd([page]))) == [
        ("1286", ("件数",), ("涉企行政复议",)),
        ("8.6%", ("占比",), ("涉企行政复议",)),
        ("77", ("件数",), ("涉企行政应诉",)),
        ("35%", ("占比",), ("涉企行政应诉",)),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        # The header over two columns each stands above: 新收 of what?
        [["项目", "新收", "办结", "新收", "办结"], ["甲类", "12", "10", "7", "5"], ["乙类", "34", "30", "9", "8"]],
        # A column of figures without a header.
        [["项目", "新收", "办结", "", ""], ["甲类", "12", "10", "7", "5"], ["乙类", "34", "30", "9", "8"]],
        # Rows whose label stands in another line.
        [["项目", "新收", "办结", "结存", "合计"], ["", "12", "10", "7", "5"], ["", "34", "30", "9", "8"]],
    ],
    ids=["two of one name", "no name", "no label"],
)
def test_no_figure_has_a_name_that_is_not_sure(packages: ModuleType, rows: list[list[str]]) -> None:
    """They stay apart, and nothing is read from them."""
    page = [(x, 40 + 8 * n, 20, t) for n, row in enumerate(rows) for x, t in left(row, [20, 50, 80, 110, 140])]

    reading = read(packages.ofd([page]))

    assert named(reading) == []
    assert "12\t10\t7\t5" in reading.text.raw
    held = {reading.text.raw[cell.start : cell.end] for cell in reading.cells}
    assert {"12", "10", "7", "5", "34", "30", "9", "8"} <= held


def test_a_label_that_goes_on_below_its_row_names_nothing(packages: ModuleType) -> None:
    """It would be cut short."""
    rows = [["项目", "件数"], ["甲类", "12"], ["乙类", "34"], ["行政复议", "56"]]
    page = [(x, 40 + 10 * n, 20, text) for n, row in enumerate(rows) for x, text in left(row, [20, 60])]

    reading = read(packages.ofd([[*page, (20, 75.5, 20, "案件")]]))

    assert [figure for figure, _, _ in named(reading)] == ["12", "34"]


def test_a_template_holds_the_labels_of_a_form(packages: ModuleType) -> None:
    """It is shown on each page that names it, and counted among what a page may hold."""
    form = packages.text_object(20, 40, 20, "建设规模：") + packages.text_object(20, 50, 20, "投资总额：")
    unused = packages.text_object(20, 60, 20, "样张")
    pages = [packages.text_object(45, 40, 20, "4101平方米"), packages.text_object(45, 50, 20, "77万元")]

    reading = read(packages.ofd_of_objects(pages, {"t1": form, "t2": unused}, ["t1", "t1", "nowhere"]))

    text = reading.text.raw
    assert [text.count(part) for part in ("建设规模：4101平方米", "投资总额：77万元", "建设规模：", "样张")] == [
        1,
        1,
        2,
        0,
    ]


def test_more_text_than_a_report_holds_is_refused(packages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template is written once, and may be shown on each of thousands of pages."""
    monkeypatch.setattr(ofd, "MOST_PIECES", 30)
    form = "".join(packages.text_object(20, 10 * n, 20, f"第{n}栏") for n in range(10))

    with pytest.raises(BadReport, match="more than 30 pieces of text on the pages") as caught:
        read(packages.ofd_of_objects([packages.text_object(20, 200, 20, "一")] * 3, {"t": form}, ["t"]))

    assert caught.value.code == "too_complex"


@pytest.mark.parametrize(
    ("text", "code", "seen"),
    [
        ("12868.6%", 'X="0" Y="4" DeltaX="g 3 2.5 16 2.5 2.5 2.5"', "1286\t8.6%"),
        ("行政处罚12件", 'X="0" Y="4" DeltaX="g 3 5 30 2.5 2.5"', "行政处罚\t12件"),
        ("12件", 'X="0" Y="4" DeltaX="9 2.5"', "1\t2件"),
        ("12件", 'X="0" Y="4" DeltaX="5.7 2.5"', "1  2件"),
        ("567件", 'X="0" Y="4" DeltaX="9 9 2.5"', "5\t6\t7件"),
        ("公报", 'X="0" Y="4" DeltaX="20"', "公报"),
        ("办结1286件", 'X="0" Y="4" DeltaX="5 5 2.5 2.5 2.5 2.5"', "办结1286件"),
        ("办结1286件", 'X="0" Y="4" DeltaX="g 99999999999999999999 6"', "办结1286件"),
        ("办结1286件", "", "办结1286件"),
        ("办结1286件", 'X="0" Y="4" DeltaX="g"', "办结1286件"),
    ],
)
def test_characters_set_far_apart_are_pieces_of_their_own(
    packages: ModuleType, text: str, code: str, seen: str
) -> None:
    """A whole row may be one object, its columns made by the distances of its characters."""
    data = packages.ofd_of_objects([packages.text_object(20, 40, 150, text, code)])

    assert read(data).text.raw == f"{seen}\n"


def test_two_codes_of_one_object_are_two_pieces(packages: ModuleType) -> None:
    codes = 'X="0" Y="4">1286</ofd:TextCode><ofd:TextCode X="40">8.6%</ofd:TextCode><ofd:TextCode X="0" Y="14"'
    data = packages.ofd_of_objects([packages.text_object(20, 40, 150, "共", codes)])

    assert read(data).text.raw == "1286\t8.6%\n共\n"


@pytest.mark.parametrize("root", ["<ofd:DocRoot/>", "<ofd:DocRoot></ofd:DocRoot>", "<ofd:DocRoot>\n</ofd:DocRoot>"])
def test_a_document_without_a_place_is_refused(packages: ModuleType, root: str) -> None:
    outer = '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody>' + root + "</ofd:DocBody></ofd:OFD>"

    with pytest.raises(BadReport) as found:
        read(packages.package({"OFD.xml": outer}))

    assert found.value.code == "damaged_archive"


def test_a_matrix_moves_and_sizes_what_it_draws(packages: ModuleType) -> None:
    pieces = packages.text_object(20, 40, 9, "办结", 'X="0" Y="0.8"', 'CTM="5 0 0 5 0 0"').replace(
        'Size="5"', 'Size="1"'
    )
    pieces += packages.text_object(30, 40, 9, "12件")

    assert read(packages.ofd_of_objects([pieces])).text.raw == "办结12件\n"


@pytest.mark.parametrize("hidden", ['Visible="false"', 'Visible="0"'])
def test_what_is_not_shown_is_not_read(packages: ModuleType, hidden: str) -> None:
    pieces = packages.text_object(20, 40, 20, "办结12件") + packages.text_object(60, 40, 20, "77件", more=hidden)

    assert read(packages.ofd_of_objects([pieces])).text.raw == "办结12件\n"


@pytest.mark.parametrize("number", ["9" * 400, "1e999", "nan", "x"])
@pytest.mark.parametrize("attribute", ["Boundary", "Size", "CTM", "HScale"])
def test_numbers_of_strangers_are_read_or_left_aside(packages: ModuleType, number: str, attribute: str) -> None:
    value = {"Boundary": f"20 40 {number} 5", "CTM": f"1 0 0 1 0 {number}"}.get(attribute, number)
    odd = re.sub(rf' {attribute}="[^"]*"', "", packages.text_object(20, 40, 20, "77件"))
    odd = odd.replace("<ofd:TextObject", f'<ofd:TextObject {attribute}="{value}"')

    assert "办结12件" in read(packages.ofd_of_objects([odd + packages.text_object(20, 60, 20, "办结12件")])).text.raw
