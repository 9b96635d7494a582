"""What is worked out once, or by a shorter way, is what it would be if each figure were asked anew."""

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.language.reading_text import ReadingText
from worker.extract.numbers import scan
from worker.extract.sentence.clauses import find_spots
from worker.extract.sentence.own_words import OwnWords
from worker.extract.tables.cell_fields import CellFields, decide
from worker.extract.tables.cells import read_cells
from worker.extract.time.clock import Clock
from worker.parts import Cell
from worker.tools import load_tools

ROWS = ("受理", "办结率（%）", "比上年增减", "2022年计划", "完成")
COLUMNS = ("2021年", "2025年", "目标值", "上半年", "占比（%）")
CELLS = ("120", "≥95", "-3.5", "约80", "1,204.5", "62%")

TEXTS = (
    "全年受理120件、办结98.5%，增长12个百分点，其中3个多月完成8千米，5万千瓦机组2台。",
    "新台币312万元，人民币45元，$600，20—30人，-3.2%，净增-5人，零下12℃。",
    "一是三年零两个月建成十二个，二三十人，十余家，一百多万元，两年半，八五折，七成五，五百万亩。",
    "2023年第3季度12345热线接听24 800个，1 2件，3 .5亿元，12/10，2.5:1，翻一番，百分之八十。",
    "评分95，得分为88.6；壹佰零伍万元，二〇二三年，三分之二，上千人，1至3月，每人每月850元/月。",
)


def test_the_fields_of_cells_are_decided_alike_together_and_alone() -> None:
    tools = load_tools()
    text, cells = "表\n", []
    for row in ROWS:
        for at, column in enumerate(COLUMNS):
            number = CELLS[(at + ROWS.index(row)) % len(CELLS)]
            cells.append(Cell(len(text), len(text) + len(number), (column,), (row,), "完成情况表\n单位：万元"))
            text += f"{number}\t"
    draft = Draft(b"", "report.html", text=Text.of(text), document=Document(period="2022"), cells=tuple(cells))
    figures = read_cells(draft, ReadingText(text, tools.lexicon, tools.words)).figures
    clock = Clock(2022, 2022)
    together = CellFields(clock)

    assert len(figures) == len(cells)
    assert [together.of(figure) for figure in figures] == [decide(figure, clock) for figure in figures]
    assert len({str({**together.of(figure), "indicator": None}) for figure in figures}) > len(ROWS)


@pytest.mark.parametrize("text", TEXTS)
def test_a_plain_number_is_read_as_the_long_way_reads_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lexicon = load_tools().lexicon
    found = list(scan.find_candidates(text, lexicon))
    monkeypatch.setattr(scan, "_plain", lambda *_: None)

    assert found
    assert found == list(scan.find_candidates(text, lexicon))


def test_the_words_after_a_figure_are_those_of_each_way_to_ask() -> None:
    tools = load_tools()
    reading = ReadingText("发送2个打击非法采砂提示函。", tools.lexicon, tools.words)
    spots = find_spots(reading, 0, len(reading.text), list(scan.find_candidates(reading.text, tools.lexicon)))
    asked = [(False, True), (True, False)]

    for first, second in asked:
        own = OwnWords(reading, spots, ())
        found = {is_object: own.right(0, is_object=is_object) for is_object in (first, second, first)}
        assert found == {False: ("", "打击非法采砂提示函"), True: ("打击非法采砂提示函", "")}
