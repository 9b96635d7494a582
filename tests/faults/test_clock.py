"""The clock jumps under a whole service: all that `zhibiao up` starts sees another day at once, and only Redis does not."""

import os
import time
from pathlib import Path

import pytest

from tests.service_rig import ROOT, running
from tests.waiting import eventually, wait_for
from tests.watcher_rig import tell
from watcher.ledger.database import Ledger

pytestmark = [pytest.mark.faults, pytest.mark.service]

PROGRAM = """
import os, time
real, clock = time.time, {clock!r}
def offset_s():
    with open(clock) as file:
        return 86_400 * int(file.read()[:-1])
time.time = lambda: real() + offset_s()
time.time_ns = lambda: int(time.time() * 1_000_000_000)
"""


def other_clock(folder: Path, clock: Path) -> dict[str, str]:
    """The environment of Python's programs whose wall clock goes by a file, as ``+1d``."""
    (folder / "sitecustomize.py").write_text(PROGRAM.format(clock=str(clock)), "utf-8")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def report(number: int) -> bytes:
    return f"湛江市2023年法治政府建设报告\n2023年，全市共调解纠纷{number}件。\n".encode()


@pytest.mark.parametrize("jumps", [("+1d", "+0d"), ("-1d", "+40d", "-1d")], ids=["a day ahead and back", "to and fro"])
def test_23_the_clock_of_all_processes_jumps(tmp_path: Path, jumps: tuple[str, ...]) -> None:
    """Reports that lie in the inbox at that moment, and those that come after it, are published once and filed."""
    clock, programs = tmp_path / "clock", tmp_path / "programs"
    programs.mkdir()
    clock.write_text("+0d", "ascii")
    environ = other_clock(programs, clock)
    with running(tmp_path, ZHIBIAO_WORKERS="1", ZHIBIAO_CONCURRENCY="1", **environ) as home:
        written = {"before.txt": report(100)}
        (home.inbox / "before.txt").write_bytes(written["before.txt"])
        home.event_of("before.txt")
        waits = []
        for number, jump in enumerate(jumps):
            settling, after = f"{number}-settling.txt", f"{number}-after.txt"
            written |= {settling: report(200 + number), after: report(300 + number)}
            (home.inbox / settling).write_bytes(written[settling])
            shown = clock.with_suffix(".new")
            shown.write_text(jump, "ascii")
            os.replace(shown, clock)
            waits.append(wait_for((home.processed / settling).exists))
            (home.inbox / after).write_bytes(written[after])
            waits.append(wait_for((home.processed / after).exists))
            days = int(jump[:-1])
            with Ledger.beside(home.state) as ledger:
                ahead_s = ledger.find(after)[0].accepted_at - time.time()
            assert round(ahead_s / 86_400) == days, "it has no other clock"
        subjects = [event["subject"] for event in home.events()]
        eventually(lambda: "not running" not in home.run("status").stdout)
        tell(
            f"23 clock of all processes set to {', '.join(jumps)}", f"filed after at most {max(waits):.1f} s, each once"
        )

        assert sorted(subjects) == sorted(written)
        assert {name: (home.processed / name).read_bytes() for name in written} == written
