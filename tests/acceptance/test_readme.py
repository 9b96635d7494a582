"""Every command that a README shows works, as it stands there."""

import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from tests.service_rig import ROOT, Home, running
from tests.two_languages import commands_of
from tests.waiting import LONG_S, eventually

pytestmark = pytest.mark.service

READMES = ("README.md", "README.zh-CN.md")
COMMANDS = [*dict.fromkeys(line for name in READMES for line in commands_of((ROOT / name).read_text("utf-8")))]

#: What goes on until it is ended, and words that it says when it is well.
ENDLESS = {
    "zhibiao tail --json": '"specversion"',
    "redis-cli -s state/redis/redis.sock SUBSCRIBE zhibiao:results": "subscribe",
    "redis-cli -s state/redis/redis.sock SUBSCRIBE zhibiao:results:region:湛江市": "subscribe",
    "redis-cli -s state/redis/redis.sock PSUBSCRIBE 'zhibiao:results:period:202?'": "psubscribe",
}
#: What another test runs: the file, and what in it shows that.
ELSEWHERE = {
    "make demo": ("tests/acceptance/test_demo.py", '"zhibiao", "demo"'),
    "make test": (".ci/run", "make test"),
    "source .venv/bin/activate": ("Makefile", "-m venv $(VENV)"),
    "zhibiao up": ("tests/service_rig.py", '"zhibiao", "up"'),
    "ZHIBIAO_WORKERS=4 zhibiao up": ("tests/service_rig.py", '"zhibiao", "up"'),
    "docker compose up --build --detach": ("tests/compose/test_compose.py", "stack.up("),
    "cp report.txt data/inbox/": ("tests/compose/test_compose.py", ".rename("),
    "docker compose exec watcher zhibiao status": ("tests/compose/test_compose.py", '"zhibiao", "status"'),
    "docker compose up --build --scale worker=4": ("tests/compose/test_compose.py", "stack.up(WORKERS, "),
    "export ZHIBIAO_REDIS_URL=redis://redis.example:6379/0": ("tests/service_rig.py", "ZHIBIAO_REDIS_URL"),
    "python -m watcher": ("tests/watcher_rig.py", '"watcher"'),
    "celery -A worker.app worker -P prefork --without-gossip --without-mingle": ("tests/worker_rig.py", "worker.app"),
}
HERE = [line for line in COMMANDS if line not in ENDLESS and line not in ELSEWHERE]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A service over the folder of somebody with reports."""
    folder = tmp_path_factory.mktemp("读者 1")
    seeds = sorted((ROOT / "seeds").glob("*.txt"))
    (folder / "reports" / "2023").mkdir(parents=True)
    for seed in seeds[:3]:
        shutil.copy(seed, folder / "reports" / "2023")
    shutil.copy(seeds[3], folder / "report.txt")
    with running(folder, ZHIBIAO_WORKERS="1", ZHIBIAO_MAX_FILE_BYTES="100000000") as home:
        home.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        home.environ["ZHIBIAO_LANG"] = "en"
        yield home


def as_far_as_there(line: str, path: str) -> str:
    """The commands of a pipe up to the first that this machine has not: not everybody has jq."""
    there = [*takewhile(lambda command: shutil.which(command.split()[0], path=path), line.split(" | "))]
    return " | ".join(there)


def typed(desk: Home, line: str) -> subprocess.Popen[str]:
    there = as_far_as_there(line, desk.environ["PATH"])
    if not there:
        pytest.skip(f"{line.split()[0]} is not installed here")
    line = there
    return subprocess.Popen(
        ["bash", "-c", f"exec {line}" if "|" not in line else line],
        cwd=desk.folder,
        env=desk.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(desk: Home, line: str) -> tuple[int, str]:
    """Status and words of a line that ends by itself. One that is nothing but our command and plain words is a fork of
    it, but for the first: one goes through the program that is installed."""
    words = line.split(" ")
    if words[0] == "zhibiao" and line != HERE[0] and re.fullmatch(r"[\w ./-]+", line):
        done = desk.run(*words[1:])
        return done.returncode, done.stdout + done.stderr
    with typed(desk, line) as process:
        said = process.communicate(timeout=LONG_S)[0]
    return process.returncode, said


def test_a_machine_without_jq_runs_what_comes_before_it(tmp_path: Path) -> None:
    """A pipe is cut at the first program that is missing; what begins with one is not run at all."""
    for name in ("zhibiao", "less"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)

    assert as_far_as_there("zhibiao tail --json | jq .data", str(tmp_path)) == "zhibiao tail --json"
    assert as_far_as_there("zhibiao status | less", str(tmp_path)) == "zhibiao status | less"
    assert as_far_as_there("redis-cli PING | less", str(tmp_path)) == ""


def test_the_commands_lead_from_a_folder_to_a_panel(desk: Home) -> None:
    """Typed one after the other as they are shown, each ends well; what they were to make is there."""
    for line in HERE:
        status, said = run(desk, line)
        assert status == 0, f"{line}\n{said}"
        if line.startswith("cp "):
            desk.until_filed("report.txt")

    made = {path.name for path in desk.folder.iterdir()}
    assert {one for line in HERE for one in re.findall(r"-o (\S+?)/?$", line)} <= made


@pytest.mark.parametrize("line", ENDLESS)
def test_what_listens_hears(desk: Home, line: str) -> None:
    """Until it is ended."""
    with typed(desk, line) as process:
        assert process.stdout is not None
        try:
            if line == "zhibiao tail --json":
                _drop_until_heard(desk, process)
            else:
                assert process.stdout.readline().strip() == ENDLESS[line]
        finally:
            process.terminate()


def _drop_until_heard(desk: Home, process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    number = 0

    def drop_and_look() -> bool:
        nonlocal number
        number += 1
        draft = desk.folder / f"draft-{number}"
        draft.write_bytes((desk.folder / "report.txt").read_bytes() + f"\n第{number}次。\n".encode())
        desk.rename_in(draft, f"heard-{number}.txt")
        desk.event_of(f"heard-{number}.txt")
        return bool(select.select([process.stdout], [], [], 0.5)[0])

    eventually(drop_and_look)
    assert ENDLESS["zhibiao tail --json"] in process.stdout.readline()


@pytest.mark.parametrize("line", ELSEWHERE)
def test_what_is_not_run_here_is_run_elsewhere(line: str) -> None:
    """And every line of these lists is in a README."""
    file, words = ELSEWHERE[line]

    assert line in COMMANDS
    assert words in (ROOT / file).read_text("utf-8")


def test_every_command_has_its_test() -> None:
    assert set(ENDLESS) <= set(COMMANDS)
    assert len(HERE) > 10
