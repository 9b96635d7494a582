"""Tables in traditional script are read as the same in simplified script: units, sums, numbering and titles included."""

import hashlib

import opencc
import pytest

from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

HEAD = "<h1>云山县2023年财政决算报告</h1><p>2023年，全县认真执行预算，各项工作取得成效，现将有关情况报告如下，请予审议。</p>"
TABLES = {
    "units in the headers": (
        f"{HEAD}<table><tr><th>项目</th><th>预算数（万元）</th><th>决算数（万元）</th></tr>"
        "<tr><td>一般公共预算收入</td><td>12,000</td><td>12,345.6</td></tr><tr><td>税收收入</td><td>8,000</td><td>8,100</td></tr></table>"
    ),
    "a note on units in the caption": (
        f"{HEAD}<table><caption>表2 车辆情况 单位：辆</caption><tr><th>项目</th><th>2022年</th><th>2023年</th></tr>"
        "<tr><td>公务用车</td><td>12</td><td>10</td></tr></table>"
    ),
    "a note on units in the first row": (
        f"{HEAD}<table><tr><td colspan=2>单位：亿元</td></tr><tr><th>指标</th><th>2023年</th></tr>"
        "<tr><td>地区生产总值</td><td>120.5</td></tr></table>"
    ),
    "a column of units and a numbering": (
        f"{HEAD}<table><tr><th>序号</th><th>指标名称</th><th>计量单位</th><th>数量</th></tr>"
        "<tr><td>1</td><td>机动车检测线</td><td>条</td><td>14</td></tr><tr><td>2</td><td>巡查车辆</td><td>辆</td><td>36</td></tr></table>"
    ),
    "wholes and parts": (
        f"{HEAD}<table><tr><th>项目</th><th>案件（件）</th></tr><tr><td>行政处罚</td><td>320</td></tr>"
        "<tr><td>其中：交通运输</td><td>120</td></tr><tr><td>总计</td><td>无</td></tr></table>"
    ),
}


def figures(page: str) -> list[tuple[str, str, str, str | None]]:
    data = f"<html><body>{page}</body></html>".encode()
    origin = Origin("d", "a.html", "a.html", hashlib.sha256(data).hexdigest())
    report = read_report(data, origin, load_tools(), lambda: 0.0)
    return [(metric.indicator, metric.value, metric.unit, metric.period) for metric in report.metrics]


@pytest.mark.parametrize("page", TABLES.values(), ids=TABLES)
def test_a_table_is_read_alike_in_both_scripts(page: str) -> None:
    simplified, traditional = figures(page), figures(opencc.OpenCC("s2t").convert(page))

    assert simplified
    assert any(unit for _, _, unit, _ in simplified)
    assert traditional == simplified


def test_a_simplified_report_keeps_a_traditional_name_in_its_labels() -> None:
    """Converting can only harm what is simplified: 乾 in a name of a county stays as it is."""
    (first, *_) = figures(
        f"{HEAD}<p>全县各项工作稳步推进。</p><table><tr><th>项目</th><th>决算数（万元）</th></tr><tr><td>乾安大道建设支出</td><td>35</td></tr></table>"
    )

    assert first[0].startswith("乾安大道")
