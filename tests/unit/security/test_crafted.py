"""Files that ask for a great deal end as what they are, and early: the reason names the limit that they are over."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from billiard.pool import soft_timeout_sighandler

from tests.fixtures import packages, pdf
from tests.growth import assert_linear
from tests.waiting import wait_for
from worker import time_limit
from worker.draft import Draft
from worker.errors import BadReport, Exhausted
from worker.pipeline import read_draft, read_report
from worker.readers import apart, crowded, reading
from worker.readers import pdf as pdf_reader
from worker.readers.reading import Reading, refusal
from worker.readers.stacked_tables import find_stacked_cells
from worker.report_writer import Origin
from worker.stages import extract
from worker.stages.decode import decode, read
from worker.tools import load_tools

GOOD = "2023年，全市共办结行政复议案件1234件。"


def refused(data: bytes, most_event_bytes: int = 64_000_000) -> BadReport:
    with pytest.raises(BadReport) as caught:
        read_report(data, Origin("x", "a", "a", "0" * 64), load_tools(), time.perf_counter, None, most_event_bytes)
    return caught.value


@pytest.mark.parametrize(
    "data", [pdf.forms(0, 3, GOOD), pdf.forms(30, 2, GOOD, pages=2)], ids=["draws itself", "draws a billion"]
)
def test_a_page_that_asks_for_any_amount_is_broken_off(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFium reads a page in one go, and hears no time limit meanwhile."""
    monkeypatch.setattr(pdf_reader, "MOST_SECONDS", 1)
    error = refused(data)

    assert (error.code, error.place) == ("too_complex", "page 1")
    assert "more than 1 s of processor time" in error.message


@pytest.mark.parametrize(
    "data", [pdf.forms(15, 2, GOOD), pdf.forms(10, 2, GOOD, pages=60)], ids=["on one page", "on sixty"]
)
def test_text_that_is_drawn_again_and_again_is_counted(data: bytes) -> None:
    error = refused(data)

    assert error.code == "too_complex"
    assert "draws more than" in error.message


def test_forms_that_draw_a_little_are_read() -> None:
    assert read(pdf.forms(3, 2, GOOD)).text.raw.count("1234") == 4


def aborts(_data: bytes) -> Reading:
    apart.enter("page 3", 5)
    os.abort()


def crashes(_data: bytes) -> Reading:
    ctypes.string_at(0)
    raise AssertionError


@pytest.mark.parametrize(
    ("reader", "code", "seen"), [(aborts, "out_of_memory", "at page 3 (SIGABRT)"), (crashes, "killed", "by SIGSEGV")]
)
def test_a_library_that_ends_its_process_ends_no_worker(
    reader: Callable[[bytes], Reading], code: str, seen: str
) -> None:
    """The attempt is counted, with how it ended."""
    with pytest.raises(Exhausted) as caught:
        apart.read(reader, b"")

    assert caught.value.code == code
    assert seen in caught.value.message


class Odd(Exception):
    """One that cannot be pickled and read again."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def raising(error: Exception) -> Callable[[bytes], Reading]:
    def reader(_data: bytes) -> Reading:
        raise error

    return reader


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (refusal("damaged_file", "torn", "page 2"), "stage decode at page 2: torn"),
        (MemoryError("full"), "full"),
        (KeyError("x"), "'x'"),
        (Odd(1, 2), "Odd: 1 and 2"),
    ],
)
def test_what_a_reader_raises_comes_back(error: Exception, seen: str) -> None:
    """With the places that it was raised at."""
    with pytest.raises(RuntimeError if isinstance(error, Odd) else type(error)) as caught:
        apart.read(raising(error), b"")

    assert str(caught.value) == seen
    assert caught.value.frames[-1].startswith(f"{__name__}:reader:")  # type: ignore[attr-defined]


def test_a_time_limit_ends_the_waiting_and_the_process(tmp_path: Path) -> None:
    """Also where the library hears nothing."""
    told = tmp_path / "pid"

    def hangs(_data: bytes) -> Reading:
        told.write_text(str(os.getpid()))
        os.kill(os.getppid(), time_limit.SIGNAL)
        signal.pause()
        raise AssertionError

    before = signal.signal(time_limit.SIGNAL, soft_timeout_sighandler)
    try:
        with pytest.raises(SoftTimeLimitExceeded), time_limit.kept():
            apart.read(hangs, b"")
    finally:
        signal.signal(time_limit.SIGNAL, before)
    wait_for(lambda: not Path(f"/proc/{told.read_text()}").exists(), what="the end of the process")


def _hangs(_data: bytes) -> Reading:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(30)  # of its process, so that a limit that is lost ends as something else
    signal.pause()
    raise AssertionError


@pytest.mark.parametrize(
    "unheard", [set(), {time_limit.SIGNAL}], ids=["any thread", "another thread than the one that reads"]
)
def test_a_time_limit_that_falls_while_the_process_begins_is_not_lost(unheard: set[signal.Signals]) -> None:
    """What a handler raises in what libraries do after a fork is swallowed, and the answer would be waited for."""
    moments = [True]
    os.register_at_fork(after_in_parent=lambda: moments and os.kill(os.getpid(), time_limit.SIGNAL))
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    before = signal.signal(time_limit.SIGNAL, soft_timeout_sighandler)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, unheard)
    files = os.listdir("/dev/fd")
    try:
        with pytest.raises(SoftTimeLimitExceeded):
            apart.read(_hangs, b"")
        assert len(os.listdir("/dev/fd")) == len(files)
        assert signal.getsignal(time_limit.SIGNAL) is soft_timeout_sighandler
    finally:
        moments.clear()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(time_limit.SIGNAL, before)
        done.set()
        other.join()
    assert {number: signal.getsignal(number) for number in handlers} == handlers


def test_a_signal_nobody_handles_ends_what_it_would_have_ended() -> None:
    """Held back while a process begins, SIGTERM still ends the one that reads."""
    program = (
        "import os, signal\n"
        "from worker.readers import apart\n"
        "os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
        "apart.read(lambda data: signal.pause(), b'')\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGTERM, b"")


NUMEROUS = {
    "lines": "".join(f"办结案件{number}件。\n" for number in range(300)),
    "shares": "，".join(f"第{number}区占{number}.5%" for number in range(300)),
}
LATE = {
    "numerals": "，".join(f"办结案件{tens}十{ones}件" for tens in "二三四五六七八九" for ones in "一二三四五六七八九")
    + "。",
    "a table": "<html><body><table><tr><th>指标</th><th>案件（件）</th></tr>"
    + "".join(f"<tr><td>第{number}区</td><td>{number + 3000}</td></tr>" for number in range(100))
    + f"</table><p>{GOOD}</p></body></html>",
}


@pytest.mark.parametrize(
    ("text", "stage"),
    [(text, "decode") for text in NUMEROUS.values()] + [(text, "extract") for text in LATE.values()],
    ids=[*NUMEROUS, *LATE],
)
def test_too_many_figures_are_refused_before_they_are_read(
    text: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is measured in digits by the text alone, the rest when each number has its class."""
    read_draft(text.encode(), "a", load_tools())
    monkeypatch.setattr(extract, "figures_of_prose", None)
    error = refused(text.encode(), 20_000)

    assert (error.code, error.stage) == ("too_large", stage)
    assert "at most 20000 are allowed" in error.message


@pytest.mark.parametrize("text", ["2023年1月5日，第3条、第4款。\n" * 300, "1\n2\n" * 300], ids=["dates", "bare"])
def test_numbers_that_are_no_figures_are_not_counted(text: str) -> None:
    report = read_report(
        (text + GOOD).encode(), Origin("x", "a", "a", "0" * 64), load_tools(), time.perf_counter, None, 100_000
    )
    assert len(report.metrics) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body><table>" + b"<tr><TD>1<td>2" * 30 + b"</table>",
        packages.xlsx({f"{column}{row}": "甲" for column in "ABC" for row in range(1, 20)}),
        packages.docx(packages.table([["甲", "乙"]] * 30)),
    ],
    ids=["page", "workbook", "document"],
)
def test_cells_are_counted_in_all_formats(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CELLS", 50)
    error = refused(data)

    assert error.code == "too_complex"
    assert "cells in its tables; 50 are allowed" in error.message


@pytest.mark.parametrize("scale", ["0", "-0", "1e-400", "0x10", "9" * 400, "nan"])
@pytest.mark.parametrize("place", ['HScale="{}"', 'CTM="{} 0 0 1 0 0"', 'CTM="1 0 0 {} 0 0"'])
def test_no_number_of_an_ofd_raises(scale: str, place: str) -> None:
    """What it does not place is left out; the next object is read."""
    odd = packages.text_object(10, 10, 100, "办结案件5件。", more=place.format(scale))
    data = packages.ofd_of_objects([odd + packages.text_object(10, 40, 100, GOOD)])
    assert GOOD in read(data).text.raw


@pytest.mark.parametrize("number", ["9" * 5000, "x", "²", "-1"])
def test_no_number_of_a_style_sheet_raises(number: str) -> None:
    """A share whose style is sound is read as it is shown."""
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/>'
        f'<xf numFmtId="00000000000009"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    )
    cells: dict[str, str | float] = {"A1": "指标", "B1": "占比", "A2": "案件", "B2": 0.25, "C2": 7.0}
    raw = read(packages.xlsx(cells, styles=styles, shown={"B2": 1, "C2": 2})).text.raw
    assert "25%\t7" in raw


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        ("1,234,", "too_complex"),
        ("1.2.3.4.", "too_complex"),
        ("第一、", "too_complex"),
        ("1 23 456 ", "too_complex"),
        ("一\n", "too_complex"),
        ("页\n", "too_complex"),
        ("页 ", None),
        ("\n \n", None),
    ],
)
def test_text_of_hardly_more_than_numbers_or_ends_of_lines_is_refused(
    piece: str, code: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any of them is looked at: one more than is allowed is where it says that they are too many."""
    monkeypatch.setattr(crowded, "MOST_NUMBERS", 40)
    monkeypatch.setattr(crowded, "MOST_LINES", 60)
    few, many = f"{GOOD}\n{piece * 10}\n", f"{GOOD}\n{piece * 100}\n"

    decode(Draft(few.encode(), "a", 64_000_000), load_tools())
    if code is None:
        decode(Draft(many.encode(), "a", 64_000_000), load_tools())
        return
    with pytest.raises(BadReport) as caught:
        decode(Draft(many.encode(), "a", 64_000_000), load_tools())

    assert (caught.value.code, caught.value.stage) == (code, "decode")
    assert "split the file" in caught.value.message


@pytest.mark.parametrize("part", ["\t", ","])
def test_numbers_of_tables_count_as_cells(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell has room for one; the same numbers in prose are too many."""
    monkeypatch.setattr(crowded, "MOST_NUMBERS", 40)
    rows = [["镇", "受理", "办结"], *([f"东{chr(0x4E00 + 7 * row)}镇", f"{row}", f"{row + 3}"] for row in range(30))]
    table = "\n".join(part.join(row) for row in rows)

    decode(Draft(table.encode(), "a", 64_000_000), load_tools())

    with pytest.raises(BadReport, match="more than 40 numbers"):
        decode(Draft("".join(f"东镇受理{row}件，办结{row + 3}件。" for row in range(30)).encode(), "a"), load_tools())


@pytest.mark.parametrize(
    "lines", ["镇\n", "镇\n1\n", "镇\n村\n1\n2\n东\n3\n4\n", "镇\n1\n2\n", "镇\n村\n组\n1\n2\n3\n东\n4\n5\n6\n"]
)
def test_tables_of_one_cell_to_a_line_are_looked_for_in_linear_time(lines: str) -> None:
    """Whether there are any, many small ones, or one that never ends."""
    assert_linear(lambda length: [*find_stacked_cells(lines * (length // len(lines)))], 32_000)
