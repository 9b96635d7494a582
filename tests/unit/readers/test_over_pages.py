"""Tables that go on over the end of a page: a label that was cut there is one."""

import pytest

from worker.readers.layout import LaidLine
from worker.readers.linear import Linear
from worker.readers.paged import Table, write
from worker.readers.tables import GridCell


def table(*rows: tuple[str, ...]) -> Table:
    cells = [GridCell(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
    return Table(cells, 0.0, 100.0, len(rows[0]), set())


def labels_of(number: str, first: Table, second: Table) -> tuple[str, ...]:
    """The labels beside a number of the two pages."""
    linear = Linear()
    write(linear, [[first], [second]])
    found = linear.reading("application/pdf")
    cell = next(one for one in found.cells if found.text.raw[one.start : one.end] == number)
    return cell.row


HEADER = ("办理结果", "细项", "件数")


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("（四）无", "法提供", "（四）无法提供"),
        ("3.不予受", "理", "3.不予受理"),
        ("二、行政", "处罚", "二、行政处罚"),
    ],
)
def test_a_numbered_label_goes_on_where_the_next_has_no_number(above: str, below: str, whole: str) -> None:
    first, second = table(HEADER, (above, "本机关不掌握", "746")), table((below, "没有现成信息", "11"))

    assert labels_of("746", first, second) == (whole, "本机关不掌握")
    assert labels_of("11", first, second) == (whole, "没有现成信息")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("（四）无法提供", "（五）不予处理"),
        ("（四）无法提供", "合计"),
        ("无法提供", "不予处理"),
        ("二、行政处罚", "三、行政强制"),
    ],
)
def test_another_label_is_another(above: str, below: str) -> None:
    first, second = table(HEADER, (above, "本机关不掌握", "746")), table((below, "没有现成信息", "11"))

    assert labels_of("11", first, second) == (below, "没有现成信息")


@pytest.mark.parametrize("new_page", [False, True])
def test_a_paragraph_goes_on_on_the_next_page(*, new_page: bool) -> None:
    """Without a break; the page begins where the paragraph does, not behind its end."""
    linear = Linear()
    linear.begin_pages(0)
    linear.line("全市办结")
    if new_page:
        linear.begin_pages(2)
    linear.continue_line("案件12件。")
    assert linear.line("完") == len("全市办结案件12件。\n")
    found = linear.reading("text/plain")

    assert found.text.raw == "全市办结案件12件。\n完\n"
    assert found.page_starts == ((0, 5, 4) if new_page else (0,))


def test_lines_and_tables_stand_as_they_stand_on_the_page() -> None:
    """A table ends where a line or another table comes, and goes on only on the next page."""

    def line(text: str, top: float) -> LaidLine:
        return LaidLine(text, 0.0, 100.0, top, top + 10)

    def rows(*texts: str) -> Table:
        return table(*((text, "7") for text in texts))

    linear = Linear()
    write(linear, [
        [line("首段。", 0), rows("甲"), line("次段。", 50), rows("乙"), rows("丙")], [rows("合计"), rows("戊")], [], [rows("己")], [],
    ])  # fmt: skip
    found = linear.reading("text/plain")

    assert found.text.raw == "首段。\n甲\t7\n次段。\n乙\t7\n丙\t7\n合计\t7\n戊\t7\n己\t7\n"
    starts = [found.text.raw.index(text) for text in "首合"]
    assert found.page_starts[:2] == tuple(starts)
    assert len(found.page_starts) == 5
    numbers = {found.text.raw[cell.start - 2]: cell.table for cell in found.cells if found.text.raw[cell.start] == "7"}
    assert numbers["丙"] == numbers["计"]
    assert len({*numbers.values()}) == len(numbers) - 1
