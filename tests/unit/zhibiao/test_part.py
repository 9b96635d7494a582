"""A part that dies is started again, after pauses that grow while it keeps dying."""

import os
import sys
from pathlib import Path

from zhibiao.running.part import WELL_AFTER_S, Part

PAUSES_S = [(0.25, 0.5), (0.5, 1.0), (1.0, 2.0)]  # half a second, then twice as long each time; up to half less


LIVES_UNTIL_TOLD = "import sys; open(sys.argv[1]).read()"


def run_until_it_is_dead(part: Part, now_s: float, end: Path) -> None:
    """Start it; come back when its process has ended, before anybody has asked what became of it."""
    part.tend(now_s)
    pid = part.pid
    assert pid
    end.write_bytes(b"")  # waits until it reads there, and lets it go on
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def test_pauses_grow_while_it_keeps_dying_and_begin_anew_after_a_good_run(tmp_path: Path) -> None:
    end = tmp_path / "end"
    os.mkfifo(end)
    part = Part("short", [sys.executable, "-S", "-c", LIVES_UNTIL_TOLD, str(end)], dict(os.environ))
    now_s = 100.0
    for deaths, (least, most) in enumerate(PAUSES_S, 1):
        run_until_it_is_dead(part, now_s, end)
        part.tend(now_s + WELL_AFTER_S)
        assert part.deaths == deaths
        assert part.due_s is not None
        assert now_s + WELL_AFTER_S + least <= part.due_s <= now_s + WELL_AFTER_S + most
        part.tend(part.due_s - 0.01)
        assert part.pid is None
        now_s = part.due_s

    run_until_it_is_dead(part, now_s, end)
    part.tend(now_s + WELL_AFTER_S + 0.1)
    assert part.deaths == 1
