"""What is taken out of a figure's own clause before it names anything, each form by itself, and where what it counts ends."""

import re

import pytest

from worker.extract.language import name_faults, words_after
from worker.extract.language.reading_text import ReadingText
from worker.extract.language.words import Word
from worker.extract.language.words_after import ends_in_enumeration
from worker.extract.sentence import own_words, stretches
from worker.tools import load_tools

TOOLS = load_tools()


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        (own_words._WHERE_TO, ["到", "赴", "前往", "深入"], ["往", "入"]),
        (own_words._SENT_TO, ["派到", "派赴", "深入", "前往"], [*(f"{one}到" for one in "达加增至涨升降得拓展延扩"), "到了", "深入了"]),
        (own_words._LASTING, ["连续"], ["连续了"]),
        (own_words._AMONG, ["有", "其中", "有近", "中约", "有超"], ["有的", "近"]),
        (stretches._NUMBERED, ["3方面", "四个方面", "十大方面", "5个大方面"], ["方面", "个方面"]),
        (own_words._WITHIN, ["以内", "之内", "内"], ["以外", "在内"]),
        (name_faults._LONG_BRACKET, ["(甲乙丙丁戊己庚)"], ["(甲乙丙丁戊己)"]),
        (stretches._POINT, ["一是", "十二要"], ["百是", "一个"]),
        (stretches._ITEM, ["2.2本项", "2本项"], ["2本书", "2本册", "123本", "项2本"]),
        (own_words._RUN_IN, ["项2.2本项"], ["2.2本书", "2.2本册", "2本"]),
        (stretches._YEAR, ["2012年", "民国112年", "12年度"], ["2012年以上", "2012年以下", "1年", "12345年"]),
        (stretches._AT_END, ["于", "在", "自"], ["从", "在于此"]),
        (own_words._BOUND_AFTER, ["以上的", "以下的", "以内的"], ["以上", "以外的"]),
        (stretches._WITHIN_TIME, ["中,", "内,", "间,", "里,"], ["中", "前,"]),
        (stretches._STRAY_NUMBER, ["12.7、", "3和", "5", "1个百分点", "1百分点", "5%", "5‰、"], ["甲12件", "A5"]),
        (own_words._OTHER_UNITS, ["(公里)", " (公里)"], ["(3公里)", "公里"]),
    ],
)  # fmt: skip
def test_words_that_are_no_name(pattern: re.Pattern[str], found: list[str], not_found: list[str]) -> None:
    assert [text for text in found if not pattern.search(text)] == []
    assert [text for text in not_found if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        *((f"{end}建成", end) for end in ("", *"末底初度前后起止之", "之前", "以前", "之后", "以后", "底前", "末起")),
        *((f"{side}{word}", "") for side in "前后" for word in "0一二三四五六七八九十两半几期者"),
        ("后续", ""),
        *((f"起{word}", "") for word in "草诉降重步到用点伏家飞运吊"),
        *((f"止{word}", "") for word in "损跌血滑步"),
        *((f"之{word}", "") for word in "间内一余多外"),
        ("之前3", ""),
    ],
)  # fmt: skip
def test_what_belongs_to_a_time(text: str, end: str) -> None:
    match = stretches._TIME_ENDS.match(text)

    assert match is not None
    assert match[0] == end


@pytest.mark.parametrize(
    ("text", "base"),
    [
        *((f"/{unit}补助", f"/{unit}") for unit in ("人", "户", "亩", "百人", "千户", "万亩")),
        *((f"每人{mark}补助", "每人") for mark in ",;、)"),
        ("每万人口,", "每万人口"),
        ("每一万人口,", None),
        ("每一万人口", "每一万人口"),
        ("每一百万人口", None),
        ("/件", None),
    ],
)  # fmt: skip
def test_what_a_rate_is_of(text: str, base: str | None) -> None:
    match = own_words._PER.match(text)

    assert (match and match[0]) == base


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("办理案件", "办理案件"),
        ("办理 案件\n", "办理案件"),
        ("仅此一项户均增收", "户均增收"),
        ("一是办理案件", "办理案件"),
        ("2.2本项目支出", "项目支出"),
        ("水利等4个方面支出", "水利等方面支出"),
        ("2012年办理案件", "办理案件"),
        ("提高12.7、", "提高"),
        ("用两年时间建成广场", "建成广场"),
        ("规章 本年制发件数 0 本年废止件数 0 现行有效件数", "规章现行有效件数"),
        ("按照国家有关规定(含上级专项补助)办理", "按照国家有关规定办理"),
    ],
)
def test_what_stands_between_without_what_names_nothing(said: str, left: str) -> None:
    reading = ReadingText(said, TOOLS.lexicon, TOOLS.words)

    assert stretches.words_between(reading, 0, len(said), ()) == left


def words(said: str) -> list[Word]:
    """``案件/n 中/f``: each word with its tag."""
    return [Word(*one.split("/")) for one in said.split()]


@pytest.mark.parametrize(
    ("text", "is_enumeration"),
    [*((f"市公安局{end}", True) for end in ("等", "在内的", "、", "和", "以及", "等共", "等 共计")), ("市公安局", False), ("等待", False)],
)  # fmt: skip
def test_examples_before_a_figure(text: str, *, is_enumeration: bool) -> None:
    assert ends_in_enumeration(text) is is_enumeration


@pytest.mark.parametrize(
    ("found", "at", "is_among"),
    [
        ("商品/n 中/f 有/v 6类/m", 1, True),
        ("大类/q 中/f", 1, True),
        ("商品/n 中/f ,/x", 1, True),
        ("指标/n 中/f 仍/d 有/v", 1, True),
        ("县区/n 中/f 排名/v", 1, True),
        ("商品/n 中/f 价格/n", 1, False),
        ("商品/n 中/n 有/v", 1, False),
        ("商品/n 里/f 有/v", 1, False),
        ("检查/v 中/f 有/v", 1, False),
    ],
)
def test_what_is_said_of_some_of_the_things(found: str, at: int, *, is_among: bool) -> None:
    assert words_after._is_among(words(found), at) is is_among


@pytest.mark.parametrize(
    ("found", "most", "kept"),
    [
        ("甲/n 乙/n 丙/n", 2, "甲乙"),
        ("甲乙/n 丙/n", 2, "甲乙"),
        ("甲乙/n 丙/n", 1, ""),
        ("甲/n 《九字以上的文件名》/n 乙/n", 9, "甲乙"),
        ("甲/n 《六字的文件》/n 乙/n", 10, "甲《六字的文件》乙"),
        ("甲乙丙丁戊己庚辛壬癸/n 子/n", 9, "甲乙丙丁戊己庚辛壬癸子"),  # no word counts for more than a title may
    ],
)
def test_as_many_words_as_fit(found: str, most: int, kept: str) -> None:
    assert "".join(word.text for word in words_after._first(words(found), most)) == kept


@pytest.mark.parametrize(
    ("at", "first", "tag", "may"), [(0, 0, "v", True), (1, 2, "v", False), (2, 2, "v", True), (1, 2, "d", True), (0, 2, "d", False)]
)  # fmt: skip
def test_where_what_a_verb_takes_may_end(at: int, first: int, tag: str, *, may: bool) -> None:
    assert words_after._may_end(Word("甲", tag), at, first) is may
