"""How fast reports are read: ``python -m benchmarks.speed``.

One process, one run, the seeds in simplified script over and over. The whole pipeline and ``jieba.lcut`` alone on the
same text take turns, so that both have the same machine; the best round of each is the one that others disturbed least.
Then how time and memory grow on texts made to be slow.
"""

import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import Tools, load_tools

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ROUNDS = 15
#: Digits, numerals, brackets and quotes without an end, rare characters, both scripts in turn, figures side by side.
HOSTILE = ("1", "万", "(", "《", "\u3400", "國国", "1个、", "1.5%，", "1年", "O,", "字\n", "全市1个，增长2%。")
LENGTHS = (250_000, 500_000, 1_000_000)  # characters
ORIGIN = Origin("benchmark", "report.txt", "report.txt", "0" * 64)


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


def grow(tools: Tools) -> None:
    """Print seconds and memory for texts of growing length."""
    print("\nhostile text    " + "".join(f"{length:>12,}" for length in LENGTHS) + "   seconds")
    for piece in HOSTILE:
        texts = [piece * (length // len(piece)) for length in LENGTHS]
        spent = "".join(f"{timed(partial(read, text, tools)):12.2f}" for text in texts)
        print(f"{piece[:12]!r:16s}{spent}", flush=True)
    print(f"memory {peak_mb():.0f} MB at most")


def main() -> int:
    """Print the tables."""
    tools = load_tools()
    compare(tools)
    grow(tools)
    return 0


if __name__ == "__main__":
    sys.exit(main())
