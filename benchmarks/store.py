"""How long views of the store take over a million figures: processor time each, the median of seven.

    python -m benchmarks.store [FIGURES]

Invented reports of many places and years, put in as the record would; needs about 2 GB below the temporary folder.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from schemas.events import ReportEvent, utc_now
from schemas.metric import Metric, MetricSource
from schemas.report import Document, PipelineInfo, Report, SourceFile
from store.known import places
from store.views import Asked, Views
from store.writing import Store

FIGURES_EACH = 250
WHAT = ("行政复议申请", "行政诉讼案件", "法律援助", "人民调解", "政务服务事项", "行政检查", "规范性文件", "执法案卷")
HOW = ("收到", "受理", "审结", "办结", "撤销", "维持", "评查", "化解", "公开", "备案")
UNITS = ("件", "人次", "%", "元", "亩")


def report(number: int) -> Report:
    """One of 300 places and 15 years, with 250 figures."""
    place, year = number % 300, 2010 + number // 300 % 15
    metrics = []
    for at in range(FIGURES_EACH):
        name = f"{WHAT[(at + number) % len(WHAT)]}{HOW[at % len(HOW)]}{at}"
        sentence = f"{year}年，全市共{name}{at * 7 + number}件，比上年有所增加，各项工作扎实推进。"
        source = MetricSource(start=at * 40, end=at * 40 + 4, quote=str(at * 7 + number))
        id_ = f"law.matter{at}" if at % 4 == 0 else None
        said = {"period": str(year), "indicator_id": id_, "confidence": 0.5 + at % 50 / 100, "sentence": sentence}
        metrics.append(Metric(indicator=name, value=str(at * 7 + number), unit=UNITS[at % 5], source=source, **said))  # type: ignore[arg-type]
    document = Document(
        title=f"第{place}市报告",
        region=f"第{place}市",
        province=f"第{place % 30}省",
        period=str(year),
        kind="rule_of_law",
    )
    origin = SourceFile(
        name="a", path=f"{number}.txt", sha256=f"{number:064x}", size_bytes=1, media_type="text/plain", encoding="utf-8"
    )
    return Report(
        id=f"{number:020x}",
        source=origin,
        document=document,
        metrics=tuple(metrics),
        pipeline=PipelineInfo(version="4"),
    )


def main(figures: int) -> None:
    """Make the store and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite"
        store, began = Store(file), time.process_time()
        for number in range(figures // FIGURES_EACH):
            store.deliver(ReportEvent.of(report(number), utc_now()))
        took = time.process_time() - began
        print(
            f"{figures} figures: {took:.0f} s of processor time, {took / figures * 1e6:.0f} us each; {file.stat().st_size / 1e6:.0f} MB"
        )
        with closing(Views(file)) as views:
            last = views.documents(limit=1)[0]
            asked: dict[str, Callable[[], object]] = {
                "a report": lambda: views.figures_of(last["reading"]),
                "a page of a filter": lambda: views.figures(Asked.of(place="第7市", year="2015")),
                "a search": lambda: views.figures(Asked.of("行政复议")),
                "a search in a place": lambda: views.figures(Asked.of("复议 受理", place="第9市")),
                "facets of everything": views.facets,
                "a series": lambda: views.series("law.matter8", ["第1市", "第2市", "第3市"]),
                "the last documents": views.documents,
                "facets of a place": lambda: views.facets(Asked.of(place="第7市")),
                "facets of a search": lambda: views.facets(Asked.of("行政复议")),
                "the count of a search": lambda: views.count(Asked.of("行政复议")),
                "a page of one unit": lambda: views.figures(Asked.of(unit="亩")),
                "a page of what is sure": lambda: views.figures(Asked.of(min_confidence=0.8)),
                "all places": lambda: places(views),
                "an indicator everywhere": lambda: views.series("law.matter8", status=None),
            }
            for name, ask in asked.items():
                print(f"{name:22} {statistics.median(_cpu_ms(ask) for _ in range(7)):8.1f} ms")
        store.close()


def _cpu_ms(ask: Callable[[], object]) -> float:
    began = time.process_time()
    ask()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
