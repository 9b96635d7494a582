"""Names that are replaced and rewritten faster than anybody can read them."""

import time
from pathlib import Path

import pytest

from tests.storms import is_over, storm
from tests.waiting import wait_for
from tests.watcher_rig import Rig, Worker, tell

pytestmark = [pytest.mark.faults, pytest.mark.service]
LASTS_S = 60.0
PER_S = 1000


@pytest.mark.parametrize("way", ["renamed", "rewritten", "both"])
def test_26_a_storm_over_three_names(way: str, tmp_path: Path, redis_url: str) -> None:
    """What stands there at the end is read, nothing else is lost, and the watcher needs no more memory than before."""
    with Rig(tmp_path, redis_url) as rig, Worker(redis_url, rig.inbox):
        process = rig.start()
        warmed = storm(rig, way, PER_S, 5.0)
        before_kib = _resident_kib(process.pid)
        stormed = storm(rig, way, PER_S, LASTS_S, first=warmed.next)
        after_kib = _resident_kib(process.pid)
        ended = time.monotonic()
        wait_for(lambda: is_over(rig, stormed), what="the last content, filed")
        took_s = time.monotonic() - ended
        rig.assert_invariants(stormed.last)
        tell(
            f"26: three names {way} for {LASTS_S:.0f} s",
            f"{(stormed.next - warmed.next) / LASTS_S:.0f} a second, {len(rig.results())} contents read, the last filed {took_s:.1f} s after "
            f"it was written; watcher {before_kib // 1024} MB before, {after_kib // 1024} MB after",
        )
        assert after_kib < before_kib + 20_000


def _resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])
