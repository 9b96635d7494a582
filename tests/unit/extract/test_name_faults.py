"""What no published name may be, and how one is mended: marks of notes, halves of brackets, words said twice."""

import pytest

from worker.extract.language.name_faults import fault_of, holds_quantity, mended, without_notes, without_repeats
from worker.tools import load_tools

WORDS = load_tools().words


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "is_empty"), (" ", "is_empty"),
        ("48.6", "is_number"), ("12:30", "is_number"), ("3%", "is_number"), ("2 - 4", "is_number"), ("１２", "is_number"),
        ("5万人增长", "is_number"), ("1.5万千瓦", "is_number"), ("3平方公里增长", "is_number"), ("2,000公顷", "is_number"),
        ("5亿千瓦时", ""),
        ("较", "is_function_word"), ("对", "is_function_word"), ("、", "is_function_word"), ("较同期", "is_function_word"),
        ("增长", "is_bare_act"), ("开展", "is_bare_act"), ("下降", "is_bare_act"), ("进行", "is_bare_act"),
        ("累计达到", "is_lead"), ("控制在", "is_lead"), ("合计", ""), ("总计", ""),
        ("规范性文件1]备案", "is_unpaired"), ("(市级信访件", "is_unpaired"), ("“一网通办事项", "is_unpaired"),
        ("条例》执法检查", "is_unpaired"), ("窗口」办件", "is_unpaired"), ("【办件", "is_unpaired"), ("令〕文件", "is_unpaired"),
        ("案件②办理", "has_note"), ("案件[1]办理", "has_note"), ("案件[ 12 ]办理", "has_note"), ("*案件", "has_note"),
        ("案件办理**", "has_note"),
        ("以上的企业检查", "opens_with_bound"), ("及以上学历人员", "opens_with_bound"), ("以内行程", "opens_with_bound"),
        ("以下的罚款", "opens_with_bound"), ("规模以上企业", ""), ("以工代赈项目", ""),
        ("案件办理", ""), ("走访", ""), ("信访件(市级)", ""), ("5G基站", ""), ("甲*乙货运量", ""), ("《条例》执法检查", ""),
        ("比对数据核查", ""), ("对外贸易", ""),
    ],
)  # fmt: skip
def test_a_name_is_refused_by_the_first_check_that_it_fails(name: str, fault: str) -> None:
    assert fault_of(name, WORDS) == fault


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("案件②办理", "案件办理"), ("案件 ⑳办理", "案件办理"), ("案件[3]办理", "案件办理"), ("案件[ 12 ]办理", "案件办理"),
        ("案件*", "案件"), ("案件**,办理", "案件,办理"), ("案件*)办理", "案件)办理"), ("案件*、办理", "案件、办理"), ("案件*;办理", "案件;办理"),
        ("案件*。", "案件。"), ("甲*乙货运量", "甲*乙货运量"), ("案件[甲]办理", "案件[甲]办理"), ("案件[123]办理", "案件[123]办理"),
        ("案件(见附表3)办理", "案件办理"), ("案件(市级)办理", "案件(市级)办理"),
    ],
)  # fmt: skip
def test_marks_of_notes_are_no_words(text: str, bare: str) -> None:
    assert without_notes(text) == bare


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("(信访件", "信访件"), ("信访件)", "信访件"), ("[信访件", "信访件"), ("“信访件", "信访件"), ("信访件》", "信访件"), ("「信访件", "信访件"),
        ("信访件〕", "信访件"), ("【信访件", "信访件"), ("(市级)信访件)", "市级信访件"), ("(市级)信访件", "(市级)信访件"),
        ("以上的企业检查", "企业检查"), ("及以上学历人员", "学历人员"), ("以内行程*", "行程"), ("规模以上的企业", "规模以上的企业"),
        ("、信访件,", "信访件"), ("信访件:", "信访件"), (";信访件* ", "信访件"), ("信访件③", "信访件"),
    ],
)  # fmt: skip
def test_a_name_is_mended(name: str, whole: str) -> None:
    """Where the halves do not fit, all of their kind go."""
    assert mended(name) == whole


@pytest.mark.parametrize(
    ("name", "once"),
    [
        ("水库重点工程重点工程", "水库重点工程"), ("重点工程重点工程重点工程", "重点工程重点工程"), ("合计占占比", "合计占比"),
        ("工程工程", "工程工程"), ("重点工程和重点工程", "重点工程和重点工程"), ("信访件", "信访件"),
    ],
)  # fmt: skip
def test_words_that_a_name_says_twice_in_a_row_are_said_once(name: str, once: str) -> None:
    """Three characters and more: two may be a word of its own."""
    assert without_repeats(name) == once


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("装机一千瓦", True),
        ("投资3万元", True),
        ("面积两亩", True),
        ("信访件", False),
        ("千家万户", False),
        ("第一批", False),
    ],
)
def test_a_quantity_in_a_name(text: str, *, held: bool) -> None:
    assert holds_quantity(text) is held
