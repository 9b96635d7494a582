"""Rooms of reports that are read for the tests of the page."""

import hashlib
from functools import cache
from pathlib import Path

from page.report.room import Room
from worker.pipeline import read
from worker.report_writer import Origin
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))

TABLES = """<html><head><title>某市2023年度财政报告</title><script>var a = "1";</script></head><body><div class="nav">首页</div>
<h1>某市2023年度财政报告</h1><p>全市&nbsp;审结行政复议案件<b>1,234</b>件，同比增长12.5%。现将有关情况报告如下，请予审议。</p>
<p>单位：万元</p><table><tr><td rowspan=2>项目</td><td colspan=2>2023年</td></tr><tr><td>收入</td><td>支出</td></tr>
<tr><td>教育</td><td>9746.50</td><td>120</td></tr><tr><td>卫生</td><td>88</td><td>95</td></tr></table>
<p>表2 各县情况表</p><table><tr><td>县</td><td>案件（件）</td></tr><tr><td>甲县</td><td>31</td></tr><tr><td>乙县</td><td>42</td></tr>
</table></body></html>"""
TRADITIONAL = """某市2023年度工作報告

全市審結行政復議案件1,234件，增長12.5%。發放補貼3萬元，惠及羣衆500人。報告期內開展培訓12場。
"""
HOSTILE = """某市<b>\u202e2023年度法治政府建设工作报告

全市审结行政复议案件1,234件，同比增长12.5%。<script>alert("甲")</script>发放\u2066补贴3万元，惠及"群众'500人。
<img src=x onerror=alert("乙")>报告期内开展培训12场，\x1b[31m调解纠纷31件。
"""


@cache
def room_of(text: str | bytes, name: str = "a.txt") -> Room:
    data = text.encode() if isinstance(text, str) else text
    result = read(data, Origin("0" * 20, name, name, hashlib.sha256(data).hexdigest()), load_tools(), lambda: 0.0)
    return Room(result.report, result.reading)


def room_of_seed(seed: Path) -> Room:
    return room_of(seed.read_bytes(), seed.name)
