"""What stands on several lines of a cell is joined as in a paragraph: Latin words with a space, Chinese ones without."""

import pytest

from worker.stages.decode import read


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>GDP</p><p>growth</p>", "GDP growth"),
        ("<p>地区生产总值</p><p>增长</p>", "地区生产总值增长"),
        ("Gross<br>Product<br>2023", "Gross Product 2023"),
        ("<p>万元</p><p>GDP</p>", "万元GDP"),
    ],
)
def test_the_lines_of_a_cell_are_joined(cell: str, text: str) -> None:
    page = f"<html><body><table><tr><td>项目</td><td>数量</td></tr><tr><td>{cell}</td><td>9</td></tr></table></body></html>"

    assert f"\n{text}\t9" in read(page.encode()).text.now
