"""Intake fault 10: the system's limits are reached."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.watcher_rig import Rig, Worker, tell, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.service]


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def limited(script: str) -> list[str]:
    """The watcher's command, after a line of shell."""
    return ["sh", "-c", f'{script} && exec "$0" -m watcher', sys.executable]


def with_inotify_limit(name: str, value: int) -> list[str]:
    """The same with a limit that holds in a user namespace of its own, so that nothing else here feels it."""
    apart = ["unshare", "--user", "--map-root-user"]
    file = f"/proc/sys/user/{name}"
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    if subprocess.run([*apart, "sh", "-c", f"echo {value} > {file}"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces are not allowed here")
    return [*apart, *limited(f"echo {value} > {file}")]


def test_10a_few_file_descriptors(rig: Rig) -> None:
    rig.start(command=limited("ulimit -n 100"))
    written = {f"{n % 20}/{n}.txt": b"%d" % n for n in range(200)}
    with Worker(rig.url, rig.inbox) as worker:
        for name, content in written.items():
            rig.drop(name, content)
        took_s = wait_for(lambda: all(rig.is_filed(name) for name in written))
    tell("10 ulimit -n 100, 200 files in 20 folders", f"filed in {took_s:.1f} s, each read once")

    assert len(worker.handled) == 200
    rig.assert_invariants(written)


@pytest.mark.parametrize(("name", "value"), [("max_inotify_watches", 5), ("max_inotify_instances", 0)])
def test_10b_no_more_folders_can_be_watched(rig: Rig, name: str, value: int) -> None:
    """Folders without events are polled; one line names the limit to raise; no crash, no loop."""
    process = rig.start(command=with_inotify_limit(name, value))
    written = {f"{n % 20}/{n}.txt": b"%d" % n for n in range(200)}
    with Worker(rig.url, rig.inbox) as worker:
        for path, content in written.items():
            rig.drop(path, content)
        took_s = wait_for(lambda: all(rig.is_filed(path) for path in written))
        rig.drop("19/late.txt", b"late")
        late_s = wait_for(lambda: rig.is_filed("19/late.txt"))
    sysctl = name.replace("inotify", "user")
    said = [line for line in rig.log.read_text("utf-8").splitlines() if sysctl in line]
    tell(f"10 {name} = {value}, 200 files in 20 folders", f"filed in {took_s:.1f} s, a late one in {late_s:.1f} s")

    assert process.poll() is None
    assert len(worker.handled) == 201
    assert len(said) == 1, said
    rig.assert_invariants({**written, "19/late.txt": b"late"})
