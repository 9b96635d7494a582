"""Where each rule for relations ends: a sentence that it is for, and the nearest that it is not for."""

import pytest

from schemas.report import Report
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

HEAD = "2023年度工作报告\n"


def relations(text: str) -> list[str]:
    raw = HEAD + text + "\n"
    report: Report = read_report(raw.encode(), Origin("id", "a.txt", "a.txt", "0" * 64), load_tools(), lambda: 0.0)
    return [
        f"{one.kind} {', '.join(raw[member.start : member.end] for member in one.members)}: {one.verdict}"
        for one in report.relations
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我区共639项政务服务事项。全部639项政务服务事项,均已公开。", ["repetition 639项, 639项: holds"]),
        ("我区共63项政务服务事项。全部63项政务服务事项,均已公开。", []),
        ("我区共600项政务服务事项。全部600项政务服务事项,均已公开。", []),
        ("我区共639项政务服务事项。全部639件政务服务事项,均已公开。", []),
        ("我区共639项政务服务事项。全部639项其他服务事项,均已公开。", []),
        ("我区共639项。全部639项。", []),
        ("政务服务事项增长63.9%。政务服务事项增长63.9%。", []),
        (
            "政务服务事项639项。政务服务事项639项。政务服务事项638项。",
            ["repetition 639项, 639项: holds", "repetition 638项, 639项: contradicts"],
        ),
        (
            "政务服务事项639项。政务服务事项639项。\n政务服务事项638项。",
            ["repetition 639项, 639项: holds"],
        ),
        (
            "政务服务事项639项。政务服务事项639项。政务服务事项758项。",
            ["repetition 639项, 639项: holds"],
        ),
        ("政务服务事项639项。政务服务事项638项。", []),
        (
            "政务服务事项639项。政务服务事项639项。政务服务事项638项。政务服务事项637项。",
            ["repetition 639项, 639项: holds"],
        ),
    ],
)
def test_a_figure_given_again(text: str, found: list[str]) -> None:
    """A number of three digits and its name; one digit off two that agree, in their paragraph, is a slip."""
    assert relations(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("办理时限由45天压缩至18天,减少60%。", ["growth 60%, 18天, 45天: holds"]),
        ("办理时限由45天压缩至18天,减少50%。", ["growth 50%, 18天, 45天: contradicts"]),
        ("办理时限由45天压缩至18天,减少27天。", ["difference 18天, 45天, 27天: holds"]),
        ("办理时限由45天压缩至18天,增加60%。", []),
        ("办理时限45天,压缩至18天,减少60%。", []),
        ("办理时限由45天压缩至18件,减少60%。", []),
        ("去年受理45件,今年受理60件,增长33.3%。", ["growth 33.3%, 60件, 45件: holds"]),
        ("农业增加值由45亿元增加到60亿元,增长20%。", []),
        ("受理20件,同比增加5件、增长33.3%。", ["growth 33.3%, 5件, 20件: holds"]),
        ("受理20件,同比增加5件、下降33.3%。", []),
    ],
)
def test_a_growth_and_what_it_is_from(text: str, found: list[str]) -> None:
    assert relations(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("合格率68.31%,比上年的66.83%高1.48个百分点。", ["difference 68.31%, 66.83%, 1.48个百分点: holds"]),
        ("合格率66.83%,比上年的68.31%低1.48个百分点。", ["difference 66.83%, 68.31%, 1.48个百分点: holds"]),
        ("合格率68.31%,比上年的66.83%高2.48个百分点。", ["difference 68.31%, 66.83%, 2.48个百分点: contradicts"]),
        ("合格率68.31%,比上年的66.83%有所提高。", []),
        ("合格率68.31%,占上年的66.83%高1.48个百分点。", []),
        ("合格率68.31%。\n比上年的66.83%高1.48个百分点。", []),
    ],
)
def test_a_difference_and_its_base(text: str, found: list[str]) -> None:
    assert relations(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("受理执行案件991件,审结970件。", ["subset 970件, 991件: holds"]),
        ("受理执行案件991件,审结998件。", []),
        ("受理执行案件991件;审结970件。", []),
        ("审结执行案件991件,受理970件。", []),
        ("全县立案案件42件,其中交通类18件。", ["subset 18件, 42件: holds"]),
        ("全县立案案件42件,其中交通类58件。", ["subset 58件, 42件: contradicts"]),
        ("全县园区42个,其中交通类58个。", []),
        ("全县立案案件42件,其中交通类约58件。", []),
        ("全县立案案件42件。其中交通类58件。", []),
        ("全县立案案件42件。其中交通类18件。", ["subset 18件, 42件: holds"]),
        ("全县立案案件42件,其中省市县三级交通运输管理部门联合办理的58件。", []),
        ("全县立案案件42件,其中交通类58起。", []),
    ],
)
def test_a_part_is_no_larger_than_its_whole(text: str, found: list[str]) -> None:
    assert relations(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("绿地率41.67%,达到上级要求的30%。", ["threshold 41.67%, 30%: holds"]),
        ("绿地率21.67%,达到上级要求的30%。", ["threshold 21.67%, 30%: contradicts"]),
        ("次品率1.5%,低于规定的3%。", ["threshold 1.5%, 3%: holds"]),
        ("次品率4.5%,低于规定的3%。", ["threshold 4.5%, 3%: contradicts"]),
        ("绿地率41.67%,达到30%。", []),
        ("绿地率41.67%达到上级要求的30%。", []),
        ("绿地率41.67%,达到上级要求的30件。", []),
        ("绿地率增长41.67%,达到上级要求的30%。", []),
    ],
)
def test_a_demand_is_met(text: str, found: list[str]) -> None:
    assert relations(text) == found
