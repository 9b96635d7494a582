"""Links to other pages go from the end of a line; words of the report that look like one stay."""

import pytest

from worker.clean.pagers import find_pagers
from worker.edits import Edit, Text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("新建公路20公里。上一篇：关于100个项目的通知 下一篇：没有了\n二、下一步", "新建公路20公里。\n二、下一步"),
        ("受理案件30宗。 　下一條：施政報告", "受理案件30宗。 　"),
        ("受理案件30宗！\t\xa0上一条:甲", "受理案件30宗！\t\xa0"),
        ("受理案件30宗；" + " " * 9 + "下一篇：乙", "受理案件30宗；" + " " * 9),
        ("受理案件30宗。" + " " * 10 + "下一篇：丙", "受理案件30宗。" + " " * 10 + "下一篇：丙"),
        ("文章见上一篇：讲了5个问题", "文章见上一篇：讲了5个问题"),
        ("上一篇写了5个问题。", "上一篇写了5个问题。"),
    ],
)
def test_link_behind_a_sentence_goes_up_to_the_end_of_its_line(text: str, left: str) -> None:
    assert Text.of(text).apply(find_pagers(text)).now == left


def test_how_far_the_stop_before_a_link_may_be() -> None:
    """And what is proposed for it: the rest of the line goes."""
    assert list(find_pagers("。上一篇：甲\n乙")) == [Edit(1, 6, "", "boilerplate", 0.95)]
    assert [len(list(find_pagers(f"甲。{' ' * blanks}上一篇：乙"))) for blanks in (9, 10)] == [1, 0]
    assert [len(list(find_pagers(f"甲{stop}\u3000\t\u00a0上一篇\u3000 ：乙"))) for stop in "。！？；，、"] == [
        1,
        1,
        1,
        1,
        0,
        0,
    ]
