"""Words that may speak of plans: where they do, and where the same words name something else."""

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.sentence.standings import words_of_status
from worker.facts import load_facts
from worker.stages.extract import extract
from worker.tools import load_tools


def read(text: str) -> Draft:
    draft = Draft(text.encode(), "a.txt", text=Text.of(text), document=Document(period="2023"))
    return extract(draft, load_tools())


def statuses(text: str) -> list[str | None]:
    return [figure.status.value for figure in read(text).figures]


@pytest.mark.parametrize(
    "text",
    [
        "争取引进企业12家。",
        "争取达到12家。",
        "争取在年内建成道路12公里。",
        "争取到年底建成道路12公里。",
        "争取早日建成道路12公里。",
        "争取开展普法活动12场。",
        "争取新增床位12张。",
        "规划建设道路12公里。",
        "规划投资12亿元。",
        "原定投资12亿元。",
        "将新建道路12公里。",
        "要完成道路12公里。",
        "确保建成道路12公里。",
        "计划新建道路12公里。",
        "政府会增加床位12张。",
        "我们亦会提供床位12张。",
        "力争新建道路12公里。",
        "预计新建道路12公里。",
        "有望新建道路12公里。",
        "全县计划资助学徒12万人。",
        "今年计划惠及学生12万人。",
    ],
)
def test_what_is_meant_to_be_is_planned(text: str) -> None:
    assert statuses(text) == ["planned"]


@pytest.mark.parametrize(
    "text",
    [
        "争取转移支付12亿元。",
        "争取补助12万元。",
        "争取到债券12亿元。",
        "争取建设资金12亿元。",
        "资金争取工作进展顺利，到位12亿元。",
        "项目争取任务全面完成，落地12个。",
        "学生营养改善计划惠及学生12万人。",
        "青年技能提升计划资助学徒12万人。",
        "国土空间规划获批12个。",
        "将审批事项12项下放。",
        "重要项目12个。",
        "主要任务12项。",
        "大会代表12人。",
        "完成计划的12%。",
        "新建道路12公里。",
        "已建成道路12公里。",
    ],
)
def test_what_only_sounds_like_a_plan_is_reached(text: str) -> None:
    """Money that was won, plans that are papers, words that hold those of plans inside."""
    assert statuses(text) == ["achieved"]


@pytest.mark.parametrize(
    ("word", "second"),
    [
        ("预计", "planned"),
        ("力争", "planned"),
        ("有望", "achieved"),
        ("可望", "achieved"),
        ("将", "achieved"),
        ("要", "achieved"),
    ],
)
def test_hopes_end_at_a_semicolon_and_plans_go_on(word: str, second: str) -> None:
    assert statuses(f"{word}新建道路12公里；改造管网3公里。") == ["planned", second]
    assert statuses(f"{word}新建道路12公里，改造管网3公里。") == ["planned", "planned"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("编号123。", "identifier"),
        ("热线123。", "identifier"),
        ("证号为1234。", "identifier"),
        ("编号123件。", "metric"),
        ("编号，共有123。", "bare"),
        ("编号0123。", "identifier"),
        ("共有01。", "identifier"),
        ("共有12345678901。", "identifier"),
        ("共有1234567890件。", "metric"),
    ],
)
def test_a_number_by_which_something_is_called_is_no_figure(text: str, kind: str) -> None:
    """It stands right behind such a word and has no unit; nor has a figure a zero in front, or more digits than ten."""
    assert [number.kind for number in read(text).numbers] == [kind]


def test_a_word_of_two_kinds_is_of_the_first() -> None:
    planned, reached = load_facts("status")["planned"], load_facts("status")["reached"]["words"]
    lists = {"other": planned["not_in"], "planned": planned["words"], "striving": planned["striving"]}
    lists |= {"work": planned["before_works"], "modal": planned["before_verbs"], "reached": reached}
    first = {word: kind for kind, words in reversed(lists.items()) for word in words}

    assert words_of_status().kinds == first


def test_each_word_that_may_speak_of_plans_is_found() -> None:
    words = words_of_status()
    found = {word: words.intent.match(word) for word in words.kinds}

    assert [word for word, match in found.items() if match is None or match.group() not in words.kinds] == []
