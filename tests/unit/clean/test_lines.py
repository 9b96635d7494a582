"""Which lines are a report's own words: the parts around it have none that look so."""

import pytest

from worker.clean.lines import SHORTEST_PROSE, SHORTEST_SENTENCE, lines_of

WORDS = "全县各级各部门认真贯彻落实上级工作部署着力推进法治政府建设各项重点任务落地见效不断提升依法行政的能力和水平"


@pytest.mark.parametrize(
    ("text", "is_prose"),
    [
        (WORDS[: SHORTEST_SENTENCE - 1] + "。", True),
        (WORDS[: SHORTEST_SENTENCE - 2] + "。", False),
        (WORDS[: SHORTEST_SENTENCE - 1] + "！", True),
        (WORDS[:10] + "。" + WORDS[10:20], False),
        (WORDS[:10] + "。" + WORDS[10 : SHORTEST_PROSE - 1], True),
        (WORDS[:10] + "，" + WORDS[10:20] + "，" + WORDS[20 : SHORTEST_PROSE - 2], True),
        (WORDS[:10] + "，" + WORDS[10 : SHORTEST_PROSE - 1], False),
        (WORDS[:10] + "，" + WORDS[10:20] + "、" + WORDS[20 : SHORTEST_PROSE - 2] + "|首页", False),
        (WORDS[:SHORTEST_PROSE], False),
    ],
)
def test_a_paragraph_is_long_and_has_the_marks_of_sentences(text: str, *, is_prose: bool) -> None:
    [line] = lines_of(text)

    assert line.is_prose is is_prose


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("一、工作情况", True),
        ("（十二）其他", True),
        ("第三章 附则", True),
        ("【摘要】本文", True),
        ("各位代表：", True),
        ("尊敬的各位领导:", True),
        ("首页", False),
        ("各位代表：请审议", False),
        ("2023年1月", False),
    ],
)
def test_a_body_begins_with_a_heading_or_a_salutation_at_the_latest(text: str, *, opens: bool) -> None:
    [line] = lines_of(text)

    assert line.opens_body is opens


def test_lines_stand_where_they_stand() -> None:
    """Blanks around them are none of theirs; blank lines count."""
    text = "  甲 \r\n\n\u3000乙\f丙"

    assert [(line.text, text[line.start : line.end]) for line in lines_of(text)] == [
        ("甲", "甲"),
        ("乙", "乙"),
        ("丙", "丙"),
    ]
    assert [line.number for line in lines_of("甲\n\n乙\n丙")] == [0, 2, 3]
