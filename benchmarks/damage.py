"""How safe figures are in damaged text: ``python -m benchmarks.damage [--verbose]``.

Makes thirty damaged documents from the seeds' clean text, reads them, and compares every figure with what is read
from the same text undamaged. A figure may be missing; a wrong one fails the run (exit 1).
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import opencc

from benchmarks import simulate
from schemas.report import Report
from worker.draft import Draft
from worker.edits import Text
from worker.errors import BadReport
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.stages.clean import clean
from worker.tools import load_tools

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = ("glossed bytes", "wrong encoding", "typesetting", "scan", "bytes lost")


@dataclass(frozen=True)
class Sample:
    """A damaged file and the clean one that it was made from."""

    family: str
    name: str
    clean: bytes
    damaged: bytes


@dataclass(frozen=True)
class Outcome:
    """Numbers of figures read rightly, not at all, and wrongly; ``wrong_figures`` says which."""

    right: int
    missing: int
    wrong_figures: tuple[str, ...]


def samples() -> Iterator[Sample]:
    """Thirty damaged files of five families."""
    simplified = [simulate.printed(text) for text in _clean_texts()]
    to_traditional = opencc.OpenCC("s2t").convert
    traditional = [to_traditional(text) for text in simplified]
    for number, text in enumerate(traditional):
        yield from _glossed(number, text)
    yield from _misread(simplified, traditional)
    for number, text in enumerate(simplified):
        rng = random.Random(number)
        yield _text("typesetting", f"spaces {number}", text, simulate.spaced(text, rng))
        damage = simulate.wrapped(text, 30 + number) if number % 2 else simulate.look_alikes(text, rng)
        yield _text("typesetting", f"{'lines' if number % 2 else 'look-alikes'} {number}", text, damage)
    for number, text in enumerate(simplified[:3]):
        yield _text("scan", f"scan {number}", text, simulate.scanned(text, random.Random(number), 0.1))
    for number, encoding in enumerate(("gb18030", "utf-8")):
        text = simplified[number]
        data = simulate.with_bytes_lost(text.encode(encoding), random.Random(number), 12)
        yield Sample("bytes lost", f"{encoding} {number}", text.encode(), data)


def _clean_texts() -> list[str]:
    tools = load_tools()
    texts = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        draft = clean(Draft(b"", path.name, text=Text.of(path.read_text(encoding="utf-8"))), tools)
        texts.append(tools.to_simplified(draft.text.now))
    return texts


def _glossed(number: int, text: str) -> Iterator[Sample]:
    decoders: tuple[Callable[[bytes], str], ...] = (simulate.folding, simulate.swallowing)
    for variant, decode in enumerate(decoders):
        rng = random.Random(10 * number + variant)
        damaged = simulate.glossed(text, rng, decode, 0.6 + 0.2 * variant)
        yield _text("glossed bytes", f"{decode.__name__} {number}", text, damaged)


def _misread(simplified: list[str], traditional: list[str]) -> Iterator[Sample]:
    plans = (
        (simplified[0], "utf-8", "gb18030"),
        (simplified[1], "utf-8", "latin-1"),
        (simplified[2], "gbk", "latin-1"),
        (traditional[3], "big5hkscs", "gb18030"),
        (simplified[4], "gbk", "big5hkscs"),
    )
    for text, written, read in plans:
        yield _text("wrong encoding", f"{written} read as {read}", text, simulate.misread(text, written, read))


def _text(family: str, name: str, clean_text: str, damaged: str) -> Sample:
    return Sample(family, name, clean_text.encode(), damaged.encode())


def compare(expected: Report, found: Report) -> Outcome:
    """Match the figures of two readings in their order, by value, upper value and unit."""
    truth, read = _figures(expected), _figures(found)
    matcher = SequenceMatcher(None, truth, read, autojunk=False)
    right = sum(block.size for block in matcher.get_matching_blocks())
    wrong = [
        found.metrics[place]
        for tag, _, _, start, end in matcher.get_opcodes()
        if tag in ("replace", "insert")
        for place in range(start, end)
    ]
    shown = tuple(
        f"{metric.value} {metric.unit} from {metric.source.quote!r}: {metric.sentence[:50]}" for metric in wrong
    )
    return Outcome(right, len(truth) - right, shown)


def _figures(report: Report) -> list[tuple[str, str | None, str]]:
    return [(metric.value, metric.value_high, metric.unit) for metric in report.metrics]


def _read(data: bytes, name: str) -> Report:
    return read_report(data, Origin(name, name, name, ""), load_tools(), lambda: 0.0)


def _outcome(sample: Sample) -> Outcome:
    """How a sample was read; a file that is refused has all its figures missing."""
    expected = _read(sample.clean, "clean.txt")
    try:
        return compare(expected, _read(sample.damaged, "damaged.txt"))
    except BadReport:
        return Outcome(0, len(expected.metrics), ())


def main() -> int:
    """Print a table of the families; 1 if any figure is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="show every document and every wrong figure")
    verbose = parser.parse_args().verbose
    totals = {family: [0, 0, 0, 0] for family in FAMILIES}
    for sample in samples():
        outcome = _outcome(sample)
        counts = (1, outcome.right, outcome.missing, len(outcome.wrong_figures))
        totals[sample.family] = [total + count for total, count in zip(totals[sample.family], counts, strict=True)]
        if verbose:
            print(f"{sample.family:15} {sample.name:28} right {counts[1]:4} missing {counts[2]:4} wrong {counts[3]:4}")
            for figure in outcome.wrong_figures:
                print(f"    {figure}")
    print(f"{'family':15} {'documents':>9} {'right':>6} {'missing':>8} {'wrong':>6}")
    for family, counted in totals.items():
        print(f"{family:15} {counted[0]:9} {counted[1]:6} {counted[2]:8} {counted[3]:6}")
    all_counts = [sum(column) for column in zip(*totals.values(), strict=True)]
    print(f"{'all':15} {all_counts[0]:9} {all_counts[1]:6} {all_counts[2]:8} {all_counts[3]:6}")
    return 1 if all_counts[3] else 0


if __name__ == "__main__":
    sys.exit(main())
