"""The text of a report in its room: nothing of it is lost, every figure is lit, and nothing of it acts."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from page.report.blocks import BETWEEN, Grid, Line
from page.report.filling import Asked, Frame, _start, file_of, values_of
from page.report.markup import _shown, text_of
from page.report.pieces import GONE, HIDDEN, KEPT, READ, Marks, Piece, pieces_of
from page.report.room import Room
from page.report.said import Said
from page.wording import LANGUAGES, of
from schemas.metric import Metric
from tests.unit.page.made_rooms import HOSTILE, SEEDS, TABLES, TRADITIONAL, room_of, room_of_seed

ROOMS = [*SEEDS, TABLES, TRADITIONAL, HOSTILE]


def made(source: Path | str) -> Room:
    return room_of_seed(source) if isinstance(source, Path) else room_of(source)


def name_of(source: Path | str) -> str:
    return source.stem[:3] if isinstance(source, Path) else source[:12]


def pieces(room: Room) -> list[Piece]:
    figures = [(metric.source.start, metric.source.end) for metric in room.report.metrics]
    return list(pieces_of(room.reading, Marks(figures, [(one.start, one.end) for one in room.reading.rejected])))


class Shown(HTMLParser):
    """What of a text stands in which mark, and where its elements say that they are."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: dict[int, str] = {}
        self.tags: list[str] = []
        self._in: list[int] = []
        self._out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "mark":
            self._in = [int(number) for number in (dict(attrs)["data-f"] or "").split()]
        self._out += tag == "ins"

    def handle_endtag(self, tag: str) -> None:
        self._out -= tag == "ins"
        if tag == "mark":
            self._in = []

    def handle_data(self, data: str) -> None:
        for number in self._in if not self._out else ():
            self.marks[number] = self.marks.get(number, "") + data


def shown(room: Room) -> Shown:
    parser = Shown()
    parser.feed(text_of(room, of("zh-Hans"), "", Said()))
    return parser


def without_markup(room: Room, metric: Metric) -> str:
    """A quote without what the reader of its format took away."""
    hidden = {place for piece in pieces(room) if piece.kind == HIDDEN for place in range(piece.start, piece.end)}
    start = metric.source.start
    return "".join(char for at, char in enumerate(metric.source.quote, start) if at not in hidden)


@pytest.mark.parametrize("source", ROOMS, ids=name_of)
def test_pieces_are_all_of_the_text(source: Path | str) -> None:
    """What is kept and read is the repaired text; what is kept, gone and hidden covers the file's, each place once."""
    room = made(source)
    held = pieces(room)

    assert "".join(piece.text for piece in held if piece.kind in (KEPT, READ)) == room.reading.text
    place = 0
    for piece in held:
        if piece.start < piece.end:
            assert piece.start == place
            place = piece.end
            if piece.kind in (KEPT, GONE) and piece.why != "around":
                assert piece.text == room.reading.raw[piece.start : piece.end]
    assert place == len(room.reading.raw)


@pytest.mark.parametrize("source", ROOMS, ids=name_of)
def test_every_figure_is_lit_by_its_words(source: Path | str) -> None:
    room = made(source)

    lit = shown(room).marks

    assert lit == {number: without_markup(room, metric) for number, metric in enumerate(room.report.metrics, 1)}
    assert lit


@pytest.mark.parametrize("source", ROOMS, ids=name_of)
def test_blocks_hold_all_pieces(source: Path | str) -> None:
    """Lines, cells and what is around lose no character but line feeds and the tabs between cells."""
    room = made(source)
    lines = [block for block in room.blocks if isinstance(block, Line)]
    lines += [cell for block in room.blocks if isinstance(block, Grid) for row in block.rows for cell in row]

    text = "".join(line.text for line in sorted(lines, key=lambda line: line.start))

    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", room.reading.text)


def test_glosses_are_struck_through() -> None:
    """Seed 003 was glossed by a converter of the site: all of the glosses are there to be seen."""
    seed = next(seed for seed in SEEDS if seed.name.startswith("003"))
    room = room_of_seed(seed)

    html = text_of(room, of("zh-Hans"), "", Said())

    assert html.count('<del title="拼音注音">') == 662
    assert {repair.kind: repair.count for repair in room.report.repairs}["gloss"] == 662


@pytest.mark.parametrize(
    ("text", "was", "now"),
    [("调解成功率82.35％。", "％", "%"), ("办结１２件。", "１２", "12"), ("辦理調解案件7件。", "辦", "办")],
)
def test_what_is_only_written_otherwise_is_not_struck_through(text: str, was: str, now: str) -> None:
    """A sign of per cent that is struck out looks like none."""
    html = text_of(room_of(f"某市2023年度工作报告\n\n{text}\n"), of("zh-Hans"), "", Said())

    assert "<del" not in html
    assert was in re.sub(r"</s>(<ins[^>]*>[^<]*</ins>)?<s[^>]*>", "", html)
    assert now in re.sub(r"</ins>(<s[^>]*>[^<]*</s>)?<ins[^>]*>", "", html)


@pytest.mark.parametrize(("language", "says"), [("en", "Page {}"), ("zh-Hans", "第 {} 页"), ("zh-Hant", "第 {} 頁")])
def test_a_page_says_its_number_where_it_begins(language: str, says: str) -> None:
    """Which links to a page lead to."""
    room = room_of("某市2023年度工作报告\n\n全市办结12件。\n")
    paged = Room(room.report, room.reading.model_copy(update={"page_starts": (0, 16)}))
    html = text_of(paged, of(language), "", Said())

    first, second = (f'<span class="page" id="p{number}">{says.format(number)}</span>' for number in (1, 2))
    assert html.count('class="page"') == 2
    assert html.index(first) < html.index("某市") < html.index("全市") < html.index(second) < html.index("12")


def test_a_table_is_a_table() -> None:
    room = room_of(TABLES)
    grids = [block for block in room.blocks if isinstance(block, Grid)]

    assert [[[cell.text.strip() for cell in row] for row in grid.rows] for grid in grids] == [
        [["项目", "2023年"], ["收入", "支出"], ["教育", "9746.50", "120"], ["卫生", "88", "95"]],
        [["县", "案件（件）"], ["甲县", "31"], ["乙县", "42"]],
    ]


def test_a_cell_has_its_own_words_of_the_file_and_those_that_are_read() -> None:
    """Also where what is replaced ends one cell or row and begins the next."""
    rows = [["項目", "發件數", "現行數"], ["規章", "3", "0"], ["總計", "萬", "7"]]
    html = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    room = room_of(f"<html><body><h1>北港區2024年度報告</h1><table>{html}</table></body></html>".encode(), "a.html")
    (grid,) = (block for block in room.blocks if isinstance(block, Grid))

    def said(*kinds: str) -> list[list[str]]:
        cells = [[[piece.text for piece in cell.pieces if piece.kind in kinds] for cell in row] for row in grid.rows]
        return [["".join(cell).strip() for cell in row] for row in cells]

    assert said(KEPT, GONE) == rows
    assert said(KEPT, READ) == [["项目", "发件数", "现行数"], ["规章", "3", "0"], ["总计", "万", "7"]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            ",乡村人口,城镇人口\n2021年,49835,91425\n2022年,49104,92071\n2023年,47700,93267\n",
            [["", "乡村人口", "城镇人口"], ["2021年", "49835", "91425"]],
        ),
        (
            "某市2023年统计表\n\n地区    案件（件）    罚款（元）\n甲县    31    20.5\n乙县    42    18\n丙县    53    19\n",
            [["地区", "案件（件）", "罚款（元）"], ["甲县", "31", "20.5"]],
        ),
    ],
    ids=["commas", "gaps"],
)
def test_rows_without_tabs_are_cut_at_their_cells(text: str, rows: list[list[str]]) -> None:
    """What stands between cells is in the text, and in no cell."""
    room = room_of(text, "t.csv" if text.startswith(",") else "t.txt")
    (grid,) = [block for block in room.blocks if isinstance(block, Grid)]

    told = [
        ["".join(piece.text for piece in cell.pieces if piece.why != BETWEEN).strip() for cell in row]
        for row in grid.rows
    ]

    assert told[:2] == rows
    assert shown(room).marks.keys() == {figure.number for figure in room.figures}


def test_a_cell_says_what_named_it() -> None:
    """The labels beside and above, and the line that gave the unit."""
    room = room_of(TABLES)
    figure = next(figure for figure in room.figures if figure.metric.source.quote == "9746.50")

    assert figure.metric.value == "97465000"
    assert (room.labels(figure, "row"), room.labels(figure, "column")) == (["教育"], ["2023年", "收入"])
    assert room.labels(figure, "unit") == ["单位：万元"]


def test_a_sentence_says_where_its_name_stands() -> None:
    room = room_of(TRADITIONAL)
    figure = room.figures[0]
    raw = room.reading.raw

    told = {place.role: raw[place.start : place.end] for place in room.places(figure)}

    assert told["sentence"].startswith("全市審結行政復議案件1,234件")
    assert told["name"] == "全市審結行政復議案件"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_a_report_acts(language: str) -> None:
    """Markup is text, and characters that turn or hide what follows are shown by their numbers."""
    html = file_of(room_of(HOSTILE), language)
    paper = html[html.index('<article class="paper') : html.index("</article>")]

    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(&quot;甲&quot;)" in paper
    assert not set("\u202e\u2066\x1b") & set(html)
    assert 'title="U+202E"' in paper
    assert " style=" not in html
    assert not re.search(r"\son\w+=", re.sub(r"&lt;.*?&gt;", "", html))


def test_a_file_allows_itself_alone() -> None:
    """Its policy names what runs in it by hash, and it asks for nothing else."""
    html = file_of(room_of(TRADITIONAL), "en")

    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert unescape(policy[1]).startswith("default-src 'none'; style-src 'sha256-")
    assert not re.search(r'(?:src|href)="(?!\?|#|/i/)', html)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (
            {"f": "12", "view": "clean", "tab": "rejected", "rejected": "1"},
            Asked(12, "clean", "rejected", rejected=True),
        ),
        ({"f": "０１", "view": "<b>", "tab": "", "only": "x"}, Asked()),
        ({"f": "-1", "find": " 件 ", "only": "doubt"}, Asked(find="件", only_doubtful=True)),
        ({"f": "9" * 400}, Asked()),
    ],
)
def test_an_address_is_understood_or_left_alone(query: dict[str, str], asked: Asked) -> None:
    assert Asked.of(query) == asked


def test_a_figure_that_is_not_there_is_not_chosen() -> None:
    room = room_of(TRADITIONAL)

    assert values_of(room, Frame(of("en")), Asked(figure=999))["chosen"] is None
    assert values_of(room, Frame(of("en")), Asked(figure=2))["chosen"] == room.figures[1]


def test_figures_are_found_by_words_and_by_doubt() -> None:
    room = room_of_seed(SEEDS[0])

    found = values_of(room, Frame(of("en")), Asked(find="村 1801"))
    doubtful = values_of(room, Frame(of("en")), Asked(only_doubtful=True))

    assert (found["listed"], found["rows"].count("<b>1,801")) == (1, 1)
    assert doubtful["listed"] == doubtful["rows"].count('class="doubt"') == room.doubtful
    assert 0 < room.doubtful < len(room.figures)


def test_sums_are_written_out() -> None:
    room = room_of(
        "某市2023年度法治政府建设报告\n\n全市受理行政复议案件326件，其中民事案件15000件、刑事案件5件。办结12345件，共有调解员10人，其中专职7人、兼职3人。\n"
    )

    assert [one.arithmetic for one in room.sums if one.relation.kind == "sum"] == ["10 = 7 + 3"]


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        (
            "截至2022年12月底，全县登记企业30.6万家。",
            "zh-Hans",
            ("<b>30.6万<small> 家", "截至2022年12月", 'data-told="306000 30.6万家"'),
        ),
        ("2021年上半年，全市完成投资15821亿元。", "zh-Hans", ("<b>15,821亿", "2021年上半年", "15821亿元")),
        (
            "2021年上半年，全市受理案件15821件。",
            "en",
            ("<b>15,821<small> 件", "first half of 2021", 'data-told="15821 15821件"'),
        ),
    ],
)
def test_the_list_writes_numbers_and_periods_as_all_rooms_do(text: str, language: str, shown: tuple[str, ...]) -> None:
    """And holds the digits and the words of the file, by which the script finds a figure."""
    rows = values_of(room_of(f"某市2022年工作报告\n\n{text}\n"), Frame(of(language)), Asked())["rows"]

    assert [one for one in shown if one not in rows] == [], rows


@pytest.mark.parametrize(
    ("listed", "asked", "start"),
    [
        (1000, Asked(), 0),
        (1000, Asked(start=7), 7),
        (1000, Asked(start=0, figure=900), 0),
        (1000, Asked(start=1000), 999),
        (0, Asked(start=3), 0),
        (1000, Asked(figure=400), 0),
        (1000, Asked(figure=401), 200),
        (1000, Asked(figure=2000), 0),
        (0, Asked(figure=1), 0),
    ],
)
def test_the_list_begins_where_it_is_asked_to_or_shows_the_chosen_figure(listed: int, asked: Asked, start: int) -> None:
    """In the middle of what it shows, where it is not among the first of them."""
    figures: list[Any] = [SimpleNamespace(number=number) for number in range(1, listed + 1)]

    assert _start(figures, asked) == start


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("甲\t乙\n丙\u3000丁\u202f", "甲\t乙\n丙\u3000丁\u202f"),
        ("甲\t<\n\x1b\u3000", "甲\t&lt;\n" + '<i class="u" data-n="1" title="U+001B"></i>\u3000'),
        *((f"甲{char}", f'甲<i class="u" data-n="1" title="U+{ord(char):04X}"></i>') for char in "\x7f\u200b\ud800\ue000\u2028\u2029"),
    ],
)  # fmt: skip
def test_what_hides_or_acts_is_shown_by_its_number_and_blanks_as_they_are(text: str, html: str) -> None:
    assert _shown(text) == html
