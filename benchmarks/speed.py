"""How fast reports are read: ``python -m benchmarks.speed``.

One process, one run, the seeds in simplified script over and over: the whole pipeline, its stages, and ``jieba.lcut``
alone on the same text as a yardstick that moves with the machine. Then how the time grows on texts made to be slow.
"""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from worker.pipeline import Origin, read_report
from worker.tools import load_tools

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ROUNDS = 7
HOSTILE = ("1", "万", "(", "\u3400", "1个、", "第", "《", "一1")
LENGTHS = (10_000, 100_000, 1_000_000)


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> int:
    """Print the table."""
    tools = load_tools()
    origin = Origin("benchmark", "report.txt", "report.txt", "0" * 64)
    texts = [tools.to_simplified(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt"))]
    characters = sum(len(text) for text in texts)
    stages: Counter[str] = Counter()

    def pipeline() -> None:
        for text in texts:
            report = read_report(text.encode(), origin, tools, time.perf_counter)
            stages.update(report.pipeline.timings_ms)

    def read(text: str) -> None:
        read_report(text.encode(), origin, tools, time.perf_counter)

    def segmentation() -> None:
        for text in texts:
            tools.jieba.lcut(text)

    pipeline()
    stages.clear()
    pairs = []
    for _ in range(ROUNDS):
        tools.words.forget()
        pairs.append((timed(pipeline), timed(segmentation)))
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{characters} characters, median of {ROUNDS} rounds, nothing remembered between them")
    print(f"pipeline     {characters / ours:12,.0f} characters/s")
    print(f"jieba.lcut   {characters / theirs:12,.0f} characters/s")
    print(f"ratio        {theirs / ours:12.2f}")
    for name, spent in stages.items():
        print(f"  {name:10s} {spent / ROUNDS:10.2f} ms a round")
    print("\nhostile text " + "".join(f"{length:>12,}" for length in LENGTHS) + "   seconds")
    for piece in HOSTILE:
        spent_on = [timed(partial(read, piece * (length // len(piece)))) for length in LENGTHS]
        print(f"{piece!r:12s} " + "".join(f"{spent:12.2f}" for spent in spent_on))
    return 0


if __name__ == "__main__":
    sys.exit(main())
