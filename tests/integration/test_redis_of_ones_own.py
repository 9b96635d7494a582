"""The steps of docs/security.md to a Redis with TLS and users, carried out as they stand there."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from delivery.connect import answers
from tests import forks
from tests.service_rig import Home
from tests.waiting import LONG_S, eventually, wait_for

pytestmark = pytest.mark.service

ROOT = Path(__file__).parents[2]
STEPS = (ROOT / "docs" / "security.md").read_text("utf-8").partition("Step by step, on the machine")[2]
SEED = next((ROOT / "seeds").glob("*.txt"))


def blocks(language: str) -> list[str]:
    """Of the steps, in their order, without the indent of the list."""
    found = re.findall(rf"^   ```{language}\n(.*?)^   ```", STEPS, re.DOTALL | re.MULTILINE)
    return [re.sub("^   ", "", block, flags=re.MULTILINE) for block in found]


class Machine:
    """The steps with a folder, a name and a port that a test may use."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]
        self.folder = folder

    def here(self, text: str) -> str:
        text = text.replace("/etc/redis", str(self.folder)).replace("redis.example", "localhost")
        return text.replace("6379", str(self.port)).replace("0.0.0.0", "127.0.0.1")  # noqa: S104

    def run(self, commands: str) -> str:
        program = ["bash", "-euo", "pipefail", "-c", self.here(commands)]
        environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        done = subprocess.run(
            program, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=LONG_S, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def url(self, role: str) -> str:
        return (self.folder / f"{role}.env").read_text().strip().partition("=")[2]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """After the steps, its server running."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program or not shutil.which("openssl"):
        pytest.skip("no redis-server or no openssl on PATH")
    machine = Machine(tmp_path / "etc")
    certificates, users, doctor = blocks("sh")
    (configuration,) = blocks("conf")
    machine.run(certificates)
    machine.run(users)
    (machine.folder / "redis.conf").write_text(machine.here(configuration) + f"dir {machine.folder}\n", "utf-8")
    assert doctor.endswith("zhibiao doctor\n")
    log = machine.folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen([program, machine.folder / "redis.conf"], stdout=out, stderr=out)
    try:
        wait_for(lambda: "Ready to accept" in log.read_text() or process.poll() is not None, what="a server")
        if "TLS support" in log.read_text() or "Bad directive" in log.read_text():
            pytest.skip("this server knows no TLS")
        assert process.poll() is None, log.read_text()
        yield machine
    finally:
        process.terminate()
        process.wait()


def test_the_steps_end_at_a_service_that_publishes(machine: Machine, tmp_path: Path) -> None:
    """With the watcher's line and the worker's; the doctor finds nothing wrong, and who has no password is not let in."""
    home = tmp_path / "home"
    home.mkdir()
    rights = {role: machine.url(role) for role in ("watcher", "worker", "consumer", "relay")}
    started = []
    rig = Home(home, ZHIBIAO_REDIS_URL=rights["consumer"])
    commands = {
        "watcher": ["-m", "watcher"],
        "worker": [
            "-m",
            "celery",
            "-q",
            "-A",
            "worker.app",
            "worker",
            "-c",
            "1",
            "--without-gossip",
            "--without-mingle",
        ],
    }
    for name in ("inbox", "processed", "quarantine", "state"):
        (home / name).mkdir()
    try:
        for role, command in commands.items():
            environ = {**rig.environ, "ZHIBIAO_REDIS_URL": rights[role]}
            with (home / f"{role}.log").open("wb") as log:
                started.append(forks.popen([sys.executable, *command], cwd=home, env=environ, stdout=log, stderr=log))
        rig.rename_in(SEED, "a.txt")
        eventually(lambda: (home / "processed" / "a.txt.json").exists())
        assert [event["subject"] for event in rig.events()] == ["a.txt"]
        machine.run(f"cd {home} && {blocks('sh')[2]}")
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(LONG_S)
    assert all(answers(url) for url in rights.values())
    assert not answers(f"rediss://localhost:{machine.port}/0?ssl_ca_certs={machine.folder}/ca.pem")
    assert not answers(f"redis://localhost:{machine.port}/0")
