"""Time and memory of reading files that grow, and of repairing hostile texts: `python -m benchmarks.reading`.

Each row is read in a process of its own, so that its peak memory is its own. Time per megabyte or per page should stay
as it is while the size grows.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable

from tests.fixtures.pdf import PdfPage, pdf
from worker.stages.decode import read

_SENTENCE = "全市各级行政机关共受理行政复议申请761宗，立案受理623宗，办结1.28万件，按时办结率98.5%，同比提高2个百分点。"
_PARAGRAPH = f"<p style='text-indent:2em'>{_SENTENCE * 3}</p>\n"
_ROW = "<tr><td>赤坎区</td><td>120</td><td>135.5</td></tr>"


def text(megabytes: int) -> bytes:
    """Plain text in GB18030 with one broken byte."""
    line = (_SENTENCE * 3 + "\n").encode("gb18030")
    data = line * (megabytes * 1_000_000 // len(line))
    return data[: len(data) // 2] + b"\xff" + data[len(data) // 2 :]


def page(megabytes: int) -> bytes:
    """A web page of paragraphs, every tenth followed by a table."""
    part = (_PARAGRAPH * 10 + f"<table><tr><td>地区</td><td>2022年</td><td>2023年</td></tr>{_ROW * 5}</table>").encode()
    return b"<html><body><h1>2023\xe5\xb9\xb4</h1>" + part * (megabytes * 1_000_000 // len(part)) + b"</body></html>"


def nested(thousands: int) -> bytes:
    """A web page that opens so many elements inside each other."""
    return f"<p>{_SENTENCE}</p>{'<div>' * thousands * 1000}".encode()


def pages(count: int) -> bytes:
    """A PDF of prose, every third page with a ruled table."""
    made = []
    for number in range(count):
        sheet = PdfPage().text(60, 40, "市人民政府公报", 10).text(280, 800, f"— {number + 1} —", 10)
        sheet.lines(60, 80, [_SENTENCE[place : place + 28] for place in (0, 3, 6, 9, 12, 15, 18, 21, 24)])
        if number % 3 == 0:
            sheet.table(60, 400, [["地区", "2022年", "2023年", "增长"], *([["赤坎区", "120", "135.5", "12.9"]] * 10)])
        made.append(sheet)
    return pdf(made)


CASES: dict[str, tuple[Callable[[int], bytes], str, tuple[int, ...]]] = {
    "text": (text, "MB", (1, 3, 10)),
    "web page": (page, "MB", (2, 10, 50)),
    "nested page": (nested, "thousand tags", (10, 100)),
    "PDF": (pages, "pages", (30, 100, 300)),
}


def _measure(name: str, size: int) -> None:
    data = CASES[name][0](size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    reading = read(data)
    elapsed = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{name:<12}{size:>5} {CASES[name][1]:<14}{elapsed:>8.2f} s{1000 * elapsed / size:>9.1f} ms each"
        f"{(peak - before) // 1024:>7} MB more{len(reading.text.now):>12} characters{len(reading.cells):>8} cells"
    )


def main() -> None:
    """Measure every case, or the one named with its size."""
    if len(sys.argv) == 3:
        _measure(sys.argv[1], int(sys.argv[2]))
        return
    for name, (_, _, sizes) in CASES.items():
        for size in sizes:
            subprocess.run([sys.executable, "-m", "benchmarks.reading", name, str(size)], check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.cleaning"], check=True)


if __name__ == "__main__":
    main()
