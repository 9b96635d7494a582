"""The count of rules tells which were right."""

from benchmarks.annotated import Annotated
from benchmarks.rules import counts_of, total
from worker.extract.rule_list import catalogue
from worker.tools import load_tools

TEXT = "2023年度工作报告\n\n全年受理案件300件，办结285件，位居第三。\n"


def annotated(indicator: str) -> Annotated:
    records = [
        {
            "start": 18,
            "end": 22,
            "value": "300",
            "unit": "件",
            "period": "2023",
            "indicator": "受理案件",
            "must": ["案件"],
        },
        {"start": 25, "end": 29, "value": "285", "unit": "件", "period": "2023", "indicator": indicator, "must": []},
    ]
    gold = {"file": "a.txt", "document": {"period": "2023"}, "metrics": records}
    return Annotated("a", "seeds", gold, TEXT.encode())


def test_a_rule_is_right_where_its_field_is() -> None:
    """The second name is another one's: its rule was wrong, the rules of its other fields were right."""
    found = counts_of(annotated("调解纠纷成功"), load_tools())

    assert dict(found["indicator.own_words"]) == {"fired": 1, "judged": 1, "right": 1}
    assert dict(found["indicator.act_on_thing_before"]) == {"fired": 1, "judged": 1, "right": 0}
    assert dict(found["period.stated"]) == {"fired": 2, "judged": 2, "right": 2}
    assert dict(found["class.ordinal"]) == {"fired": 1, "judged": 1, "right": 1}


def test_a_class_is_wrong_where_a_figure_was_asked_for() -> None:
    one = annotated("案件办结")
    wanted = {"start": 32, "end": 34, "value": "3", "unit": "", "indicator": "位次", "must": []}
    gold = {**one.gold, "metrics": [*one.gold["metrics"], wanted]}
    found = total([counts_of(Annotated("a", "seeds", gold, one.data), load_tools())] * 2)

    assert dict(found["class.ordinal"]) == {"fired": 2, "judged": 2, "right": 0}


def test_the_catalogue_names_each_rule_of_a_list_once() -> None:
    for title, rules in catalogue():
        names = [name for name, _ in rules]
        assert len(names) == len(set(names)), title
        assert all(says for _, says in rules), title
