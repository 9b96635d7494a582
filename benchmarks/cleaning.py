"""Time of the edit map, and of repairing hostile texts that grow: ``python -m benchmarks.cleaning``.

The map: eight stages over a report of 6000 characters with 700 edits in all. The hostile texts are repetitions that careless patterns take hours over; each is ten times as long as the one
before, and should take ten times as long.
"""

import random
import time

from worker.draft import Draft
from worker.edits import Edit, Text
from worker.errors import BadReport
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.decode import decode
from worker.stages.structure import structure
from worker.tools import load_tools

STAGES = 8
CHARACTERS = 6000
EDITS = 700
MOST_MS = 5.0
SIZES = (100_000, 1_000_000)
#: A larger text may take this many times longer for each byte.
MOST_GROWTH = 2.0

UNITS = {
    "digits": "1",
    "brackets": "(",
    "ten thousands": "万",
    "rare characters": "龘",
    "question marks": "字?",
    "lettered items": "(a)",
    "digits with blanks": "1 ",
    "numbers and units": "2 2 个",
    "cut decimals": "字1.\n2",
    "numbered years": "1. 2025\n",
    "private codes": "隨\ue2e5",
    "UTF-8 as Latin-1": "全市".encode().decode("latin-1"),
    "UTF-8 as GBK": "全市法治政府".encode().decode("gb18030", "replace"),
    "torn bytes": "鎮(zhèn)建設(shè)?。ㄒ唬",
    "organs": "市人民政府",
    "dates": "市人民政府\n2021年1月6日\n",
    "table rows": "赤坎区 120 135\n",
    "labels": "时间:2021 来源:x ",
}


def stages(seed: int = 0) -> list[list[Edit]]:
    """The edits of each stage: deletions, replacements and insertions of up to four characters, spread evenly."""
    rng = random.Random(seed)
    length = CHARACTERS
    made = []
    for _ in range(STAGES):
        edits = []
        for place in sorted(rng.sample(range(0, length - 5, 5), EDITS // STAGES)):
            edits.append(Edit(place, place + rng.randint(0, 4), "字" * rng.randint(0, 2), "a"))
        length += sum(len(edit.new) - edit.end + edit.start for edit in edits)
        made.append(edits)
    return made


def map_ms() -> float:
    """Milliseconds of work for all stages together; the best of twenty runs."""
    best = float("inf")
    edits = stages()
    for _ in range(20):
        text = Text.of("字" * CHARACTERS)
        started = time.process_time()
        for stage in edits:
            text = text.apply(stage)
        best = min(best, time.process_time() - started)
    assert len(text.edits) > EDITS * 0.9
    return best * 1000


def hostile_s(unit: str, size: int) -> float:
    """Seconds of work from the bytes to the structured report; a refusal ends it, and counts as read."""
    data = (unit * (size // len(unit.encode()) + 1)).encode("utf-8", "replace")[:size]
    started = time.process_time()
    draft = Draft(data.decode("utf-8", "ignore").encode(), "a.txt")
    try:
        for stage in (decode, clean, convert, structure):
            draft = stage(draft, load_tools())
    except BadReport:
        # The stages after decode are what is measured.
        draft = Draft(data, "a.txt", text=Text.of(data.decode("utf-8", "ignore")))
        for stage in (clean, convert, structure):
            draft = stage(draft, load_tools())
    return time.process_time() - started


def main() -> None:
    """Print both; fails where the map is slow or a text grows faster than its length."""
    load_tools()
    took = map_ms()
    print(f"edit map: {STAGES} stages, {CHARACTERS} characters, {EDITS} edits: {took:.2f} ms ({MOST_MS} allowed)")
    assert took < MOST_MS
    slow = []
    for name, unit in UNITS.items():
        hostile_s(unit, 1000)
        times = [hostile_s(unit, size) for size in SIZES]
        growth = times[1] / SIZES[1] * SIZES[0] / times[0]
        print(
            f"{name:<20}"
            + "".join(f"{size // 1000:>6} kB {s:>7.2f} s" for size, s in zip(SIZES, times, strict=True))
            + f"   x{growth:.1f} for each byte"
        )
        if growth > MOST_GROWTH and times[1] > 1:
            slow.append(name)
    assert not slow, slow


if __name__ == "__main__":
    main()
