"""How fast reports are read: ``python -m benchmarks.speed``.

One process, one run, the collector of cycles set as a worker's process has it: the seeds in simplified script over and over.
The whole pipeline and ``jieba.lcut`` alone on the same text take turns, so that both have the same machine; the best round of
each is the one that others disturbed least.
Then what a figure costs in reports that grow, and how time and memory grow on texts made to be slow.
"""

import os
import platform
import resource
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

from worker.collecting import collect_less, keep_what_is_there
from worker.errors import BadReport
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import Tools, load_tools

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ROUNDS = 15
#: Digits, numerals, brackets and quotes without an end, rare characters, both scripts in turn, figures side by side.
HOSTILE = ("1", "万", "(", "《", "\u3400", "國国", "1个、", "1.5%，", "1年", "O,", "字\n", "全市1个，增长2%。")
LENGTHS = (250_000, 500_000, 1_000_000)  # characters
FIGURES = (300, 3_000, 15_000)
FIGURE_ROUNDS = 3
ORIGIN = Origin("benchmark", "report", "report", "0" * 64)


#: Invented, and each with three figures.
SENTENCES = (
    "{year}年，全市各级行政机关共收到{what}申请{a}件，受理{b}件，同比增长{c}.5%。",
    "{who}全年开展{what}检查{a}次，发现问题{b}个，整改完成率达{c}.2%。",
    "截至{year}年底，{who}累计培训{what}人员{a}人次，比上年增加{b}人次，覆盖{c}个镇街。",
    "全年共办理{what}案件{a}件，其中{who}办理{b}件，占{c}.1%。",
    "投入{what}专项资金{a}万元，建成{who}服务站点{b}个，惠及群众{c}万人。",
)
WHO = ("市司法局", "市公安局", "市民政局", "市财政局", "市教育局", "市住建局", "市市场监管局")
WHAT = ("行政复议", "法律援助", "人民调解", "食品安全", "安全生产", "政务公开", "环境保护", "劳动监察", "养老服务")
COLUMNS = ("受理件数（件）", "2022年（件）", "2023年（件）", "同比增长（%）", "经费（万元）")


def build() -> str:
    """The interpreter, and whether it was built with the optimisations that packagers use."""
    options = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    kind = "profile-guided" if "--enable-optimizations" in options else "not profile-guided"
    return f"{platform.python_implementation()} {platform.python_version()}, {kind}, {os.cpu_count()} processors"


def prose(figures: int) -> bytes:
    """A text report of about so many figures, eight sentences to a heading."""
    lines = ["海口市2023年法治政府建设年度报告"]
    for number in range(figures // 3):
        if number % 8 == 0:
            lines.append(f"{number // 8 + 1}.重点工作进展")
        sentence = SENTENCES[number % len(SENTENCES)]
        who, what = WHO[number % len(WHO)], WHAT[number // 3 % len(WHAT)]
        said = {"year": 2023, "a": 100 + number * 7, "b": 10 + number * 3, "c": 3 + number % 90}
        lines.append(sentence.format(who=who, what=what, **said))
    return "\n".join(lines).encode()


def table(figures: int) -> bytes:
    """A web page with one table of five columns and so many figures in all."""
    head = "".join(f"<th>{name}</th>" for name in ("单位", *COLUMNS))
    rows = []
    for number in range(figures // len(COLUMNS)):
        label = f"{WHO[number % len(WHO)]}{WHAT[number // 7 % len(WHAT)]}第{number + 1}科"
        cells = (100 + number, 90 + number, 100 + number, f"{number % 40}.5", f"{number % 900}.25")
        rows.append(f"<tr><td>{label}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    page = f"<h1>海口市2023年统计表</h1><table><tr>{head}</tr>{''.join(rows)}</table>"
    return f"<html><body>{page}</body></html>".encode()


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    started = time.process_time()
    work()
    return time.process_time() - started


def read(text: str, tools: Tools) -> dict[str, float]:
    """Read one text; milliseconds of processor time by stage."""
    return read_report(text.encode(), ORIGIN, tools, time.process_time).pipeline.timings_ms


def peak_mb() -> float:
    """The most memory that the process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)


def compare(tools: Tools) -> None:
    """Print the pipeline's speed, its stages' times, and jieba's speed."""
    texts = [tools.to_simplified(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt"))]
    characters = sum(map(len, texts))
    stages: list[dict[str, float]] = []

    def pipeline() -> None:
        timings = [read(text, tools) for text in texts]
        stages.append({name: sum(one[name] for one in timings) for name in timings[0]})

    def segmentation() -> None:
        for text in texts:
            tools.jieba.lcut(text)

    ours, theirs, memory = [], [], []
    for _ in range(ROUNDS):
        tools.words.forget()
        ours.append(timed(pipeline))
        theirs.append(timed(segmentation))
        memory.append(peak_mb())
    print(f"{characters} characters, best of {ROUNDS} rounds in turn, nothing remembered between them")
    print(f"pipeline     {characters / min(ours):12,.0f} characters/s")
    print(f"jieba.lcut   {characters / min(theirs):12,.0f} characters/s")
    print(f"ratio        {min(theirs) / min(ours):12.2f}")
    for name in stages[0]:
        print(f"  {name:10s} {min(one[name] for one in stages):10.2f} ms a round")
    print(f"memory       {memory[0]:9.0f} MB after the first round, {memory[-1]:.0f} MB after the last")


def a_figure(tools: Tools) -> None:
    """Print milliseconds a figure in prose and in tables, the best of three rounds.

    Each round reads as many figures of each length, a long report once and a short one often: of runs that take a
    tenth of the time, the best would be one that no other process has disturbed, and long reports would look dear.
    """
    print("\nfigures         " + "".join(f"{count:>12,}" for count in FIGURES) + "   ms a figure")
    for name, made in (("prose", prose), ("table", table)):
        reports = {count: made(count) for count in FIGURES}
        best = dict.fromkeys(FIGURES, float("inf"))
        for _ in range(FIGURE_ROUNDS):
            for count, data in reports.items():
                best[count] = min(best[count], _each_figure(data, max(FIGURES) // count, tools))
        print(f"{name:16s}" + "".join(f"{1000 * best[count]:12.3f}" for count in FIGURES), flush=True)


def _each_figure(data: bytes, times: int, tools: Tools) -> float:
    """Seconds of processor time for each figure of a report that is read so often."""
    found = 0
    started = time.process_time()
    for _ in range(times):
        tools.words.forget()
        found += len(read_report(data, ORIGIN, tools, time.process_time).metrics)
    return (time.process_time() - started) / max(found, 1)


def grow(tools: Tools) -> None:
    """Print seconds and memory for texts of growing length."""
    print("\nhostile text    " + "".join(f"{length:>12,}" for length in LENGTHS) + "   seconds")
    for piece in HOSTILE:
        texts = [piece * (length // len(piece)) for length in LENGTHS]
        spent = "".join(f"{cost(text, tools):>12s}" for text in texts)
        print(f"{piece[:12]!r:16s}{spent}", flush=True)
    print(f"* refused, as making too large an event; memory {peak_mb():.0f} MB at most")


def cost(text: str, tools: Tools) -> str:
    """Seconds that a text takes, with a star where it is refused after them."""
    started = time.process_time()
    try:
        read(text, tools)
    except BadReport:
        return f"{time.process_time() - started:.2f}*"
    return f"{time.process_time() - started:.2f}"


def main() -> int:
    """Print the tables."""
    print(build())
    tools = load_tools()
    keep_what_is_there()
    collect_less()
    compare(tools)
    a_figure(tools)
    grow(tools)
    return 0


if __name__ == "__main__":
    sys.exit(main())
