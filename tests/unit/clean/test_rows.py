"""Cells of tables are not joined with what stands beside them, and marks for lost bytes that are known again are no flaws."""

from worker.draft import Draft
from worker.edits import Flaw, Text
from worker.parts import Cell
from worker.stages.clean import clean
from worker.stages.decode import decode
from worker.tools import load_tools

ROWS = "指标\t数量\n办结案件12\n34件\n"


def test_a_line_break_between_rows_tears_no_number() -> None:
    """12 ends a row and 34 begins the next: without the cells a number may be torn, with them none is."""
    first, second = ROWS.index("12"), ROWS.index("34")
    cells = (Cell(first - 5, first + 2, (), ()), Cell(second, second + 3, (), ()))
    prose = clean(Draft(b"", "a.txt", text=Text.of(ROWS)), load_tools())
    table = clean(Draft(b"", "a.txt", text=Text.of(ROWS), cells=cells), load_tools())

    assert [flaw.code for flaw in prose.text.flaws] == ["torn_number"]
    assert table.text.flaws == ()


def test_a_number_torn_inside_a_cell_is_a_flaw() -> None:
    """1100 8项 may be anything, in a cell too."""
    raw = "事项\t数量\n全年下放事项1100 8项。\n"
    cell = Cell(raw.index("全年"), raw.index("。") + 1, (), ())
    draft = clean(Draft(b"", "a.txt", text=Text.of(raw), cells=(cell,)), load_tools())

    assert [raw[flaw.start : flaw.end] for flaw in draft.text.flaws] == ["1100 8"]


def test_lost_bytes_that_are_known_again_are_no_flaws() -> None:
    """UTF-8 read as GBK loses 0x80 of 、 and 一, and the words around them give it back; beside a digit nothing is sure."""
    written = "加强农业、水利、教育工作，进一步提高人民生活水平。" * 4 + "全年办结案件总数达到一12件。"
    damaged = written.encode().decode("gbk", "replace")
    draft = clean(decode(Draft(damaged.encode(), "a.txt"), load_tools()), load_tools())

    assert draft.text.now.startswith("加强农业、水利、教育工作，进一步提高人民生活水平。")
    assert {flaw.code for flaw in draft.text.flaws} <= {"decode_damage", "doubtful_number", "misread"}
    start = damaged.rindex("12")
    flaws = [(flaw.start, flaw.end) for flaw in draft.text.flaws]
    assert flaws
    assert all(flaw_start > damaged.index("12") - 12 for flaw_start, _ in flaws)
    assert any(flaw_start <= start <= flaw_end for flaw_start, flaw_end in flaws)


def test_flaws_that_touch_are_found_by_place() -> None:
    """Whatever their order, and where they overlap."""
    text = Text(
        "0123456789", "0123456789", Text.of("0123456789").origin, (), (Flaw(6, 7, "a", ""), Flaw(1, 4, "a", ""))
    )

    assert [text.is_flawed(place, place + 1) for place in range(10)] == [
        True, True, True, True, True, True, True, True, False, False,
    ]  # fmt: skip
