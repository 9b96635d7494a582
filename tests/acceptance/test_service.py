"""The service as such: stopping, starting again, dying, and the commands beside it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from delivery.connect import connect
from schemas import names
from tests.service_rig import ROOT, Home, running
from tests.waiting import LONG_S, eventually
from zhibiao.running import embedded

pytestmark = pytest.mark.service

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


def _many(folder: Path, count: int) -> list[Path]:
    files = []
    for number in range(count):
        files.append(folder / f"many-{number:02}.txt")
        files[-1].write_bytes(SEEDS[number % 5].read_bytes() + f"\n第{number}份。\n".encode())
    return files


@pytest.mark.faults
def test_a_restart_in_the_midst_loses_nothing(fresh_home: Home, tmp_path: Path) -> None:
    """Stopped while reports are waiting and at work, started again: each is published once and filed."""
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    files = _many(drafts, 20)
    for file in files:
        fresh_home.rename_in(file, file.name)
    eventually(lambda: len(fresh_home.events()) >= 2)

    assert fresh_home.stop() == 0
    assert fresh_home.said()[-1] == "stopped"
    assert embedded.running_url(fresh_home.state) is None
    assert any(fresh_home.inbox.iterdir())
    fresh_home.start()

    eventually(lambda: not any(fresh_home.inbox.iterdir()))
    assert sorted(event["subject"] for event in fresh_home.events()) == [file.name for file in files]
    assert {path.name for path in fresh_home.processed.glob("*.txt")} == {file.name for file in files}


def test_a_service_with_a_port_is_reached_with_its_password_alone(tmp_path: Path) -> None:
    """Watcher, worker, store and commands have it; the log says where it is, and never what it is."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with running(tmp_path, ZHIBIAO_WORKERS="1", ZHIBIAO_REDIS_PORT=str(port)) as home:
        home.rename_in(SEEDS[0], "a.txt")
        assert home.event_of("a.txt")["subject"] == "a.txt"
        eventually(lambda: (home.processed / "a.txt.json").exists())
        file = home.state / "redis" / "password"
        with connect(f"redis://:{file.read_text()}@127.0.0.1:{port}/0") as client:
            assert client.xlen(names.DEFAULT.results_stream) == 1
        assert home.run("status", "a.txt").returncode == 0
        assert home.run("tail", "--since", "1h", "-n", "1").stdout
        (said,) = [line for line in home.log() if line.get("message") == "port"]
        assert (said["redis"], said["password_file"]) == (f"redis://:***@127.0.0.1:{port}/0", str(file))
        assert file.read_text() not in (tmp_path / "service.log").read_text("utf-8")


@pytest.mark.faults
def test_damaged_data_of_the_embedded_server_is_restored_from_the_archive(fresh_home: Home, tmp_path: Path) -> None:
    """All events with their ids; log and doctor say where the damaged data is; the next report comes through."""
    for number, seed in enumerate(SEEDS[:3]):
        fresh_home.rename_in(seed, f"{number}.txt")
    eventually(lambda: len(list(fresh_home.processed.glob("*.txt"))) == 3)
    before = {event["id"] for event in fresh_home.events()}
    assert fresh_home.stop() == 0
    (file,) = (fresh_home.state / "redis").rglob("*.incr.aof")
    content = file.read_bytes()
    file.write_bytes(content[:200] + bytes(200) + content[400:])
    fresh_home.start()

    eventually(lambda: {event["id"] for event in fresh_home.events()} == before)
    (aside,) = embedded.moved_aside(fresh_home.state)
    (line,) = [line for line in fresh_home.log() if line["message"] == "redis_data_damaged"]
    assert line["moved_to"] == str(aside)
    assert str(aside.name) in fresh_home.run("doctor").stdout.replace("\n", "").replace(" ", "")
    fresh_home.rename_in(SEEDS[3], "later.txt")
    assert fresh_home.event_of("later.txt")


@pytest.mark.faults
def test_parts_that_die_are_started_again(fresh_home: Home, tmp_path: Path) -> None:
    """kill -9 of the watcher, a worker and Redis in turn; after each a report still comes through, once."""
    for number, part in enumerate(("watcher", "worker1", "redis")):
        pid = [line["pid"] for line in fresh_home.log() if (line["message"], line.get("part")) == ("started", part)][-1]
        os.kill(pid, signal.SIGKILL)
        name = f"after-{part}.txt"
        (tmp_path / name).write_bytes(SEEDS[number].read_bytes() + part.encode())
        fresh_home.rename_in(tmp_path / name, name)
        eventually(
            lambda name=name: (
                embedded.running_url(fresh_home.state) and name in [event["subject"] for event in fresh_home.events()]
            )
        )
        assert [event["subject"] for event in fresh_home.events()].count(name) == 1
    assert [line["part"] for line in fresh_home.log() if line["message"] == "died"] == ["watcher", "worker1", "redis"]


@pytest.mark.faults
def test_nothing_is_left_running_when_the_service_is_killed(tmp_path: Path) -> None:
    """kill -9 of the supervisor ends watcher and workers, too, and the next start takes over."""
    home = Home(tmp_path, ZHIBIAO_WORKERS="1")
    home.start()
    pids = [line["pid"] for line in home.log() if line["message"] == "started" and line["part"] != "redis"]

    assert home.stop(signal.SIGKILL) == -signal.SIGKILL
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    with running(tmp_path, ZHIBIAO_WORKERS="1") as again:
        again.rename_in(SEEDS[0], "again.txt")
        assert again.event_of("again.txt")["subject"] == "again.txt"


def test_a_second_service_over_the_same_folders_is_refused(home: Home) -> None:
    """It says who holds them, and leaves the first one alone."""
    assert home.process is not None

    second = home.run("up")

    assert second.returncode == 1
    assert f"another service (process {home.process.pid}) runs over {home.state}" in second.stderr
    assert home.process.poll() is None


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Nothing is started."""
    (tmp_path / "inbox").write_text("in the way", "utf-8")

    result = Home(tmp_path).run("up")

    assert (result.returncode, result.stdout) == (1, "")
    assert f"inbox {tmp_path}/inbox: cannot be made: File exists; name another with ZHIBIAO_INBOX" in result.stderr


def test_an_external_redis_is_used_where_one_is_named(tmp_path: Path, redis_url: str) -> None:
    """No server of our own is started, and the named one keeps running."""
    with (
        running(tmp_path, ZHIBIAO_REDIS_URL=redis_url, ZHIBIAO_WORKERS="1") as home,
        connect(redis_url) as client,
    ):
        home.rename_in(SEEDS[0], "a.txt")
        eventually(lambda: client.xlen(names.DEFAULT.results_stream) == 1)
        assert not (home.state / "redis").exists()
        home.stop()
        assert client.ping()


def test_tail_prints_lines_for_people_and_events_for_programs(home: Home, tmp_path: Path) -> None:
    """The table has one line a file; --json gives the stream's events as they are, failures on demand."""
    (tmp_path / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    home.rename_in(SEEDS[1], "tail.txt")
    home.rename_in(tmp_path / "bad.txt", "tail-bad.txt")
    event = home.event_of("tail.txt")
    home.event_of("tail-bad.txt", names.DEFAULT.failures_stream)

    people = home.run("tail", "--since", "0", "-n", "2")
    reports = home.run("tail", "--since", "0", "-n", "1", "--no-failures")
    programs = home.run("tail", "--since", "0", "--json", "--count", "1", "--region", "湛江市", "--period", "2023")
    both = home.run("tail", "--since", "0", "--failures", "--json", "--count", "2")

    heading, *lines = people.stdout.splitlines()
    assert heading.split() == ["time", "place", "year", "figures", "file", "title"]
    expected = {
        ("湛江市", "2023", str(len(event["data"]["metrics"])), "tail.txt"),
        ("failed", "-", "-", "tail-bad.txt"),
    }
    assert {tuple(line.split()[1:5]) for line in lines} == expected
    assert reports.stdout.splitlines()[1].split()[1:5] == [*max(expected)]
    assert json.loads(programs.stdout) == event
    assert {json.loads(line)["type"] for line in both.stdout.splitlines()} == {names.REPORT_TYPE, names.FAILED_TYPE}
    assert "\x1b" not in people.stdout + programs.stdout + both.stdout
    assert [people.returncode, programs.returncode, both.returncode] == [0, 0, 0]


def test_tail_ends_when_its_reader_does(home: Home) -> None:
    """At once, and not at the next event, which may never come."""
    command = [sys.executable, "-m", "zhibiao", "tail", "--json"]
    with subprocess.Popen(command, cwd=home.folder, env=home.environ, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()

        assert process.wait(timeout=LONG_S) == 141


def test_tail_ends_with_130_at_ctrl_c(home: Home) -> None:
    """Quietly."""
    command = [sys.executable, "-m", "zhibiao", "tail"]
    with subprocess.Popen(
        command, cwd=home.folder, env=home.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        complaints = process.stderr.read()

    assert (process.returncode, complaints) == (130, b"")


def test_status_and_retry_see_to_a_bad_file(home: Home, tmp_path: Path) -> None:
    """Status says why it is not done and where it is; retry puts it back, and it fails anew in a second round."""
    (tmp_path / "bad").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(3000))
    home.rename_in(tmp_path / "bad", "deep/again.txt")
    first = home.event_of("deep/again.txt", names.DEFAULT.failures_stream)
    eventually(lambda: "filed as" in home.run("status", "deep/again.txt").stdout)

    status = home.run("status", "deep/again.txt")
    retried = home.run("retry", "quarantine/deep/again.txt", "--json")
    eventually(
        lambda: [event["subject"] for event in home.events(names.DEFAULT.failures_stream)].count("deep/again.txt") == 2
    )
    second = home.event_of("deep/again.txt", names.DEFAULT.failures_stream)
    unknown = home.run("status", "never.txt")
    absent = home.run("retry", "never.txt")
    # The event is the worker's; the watcher counts the file when it has heard of that.
    overview = eventually(lambda: _overview(home, "quarantined"))

    assert status.stdout.startswith("deep/again.txt: quarantined\n")
    assert "filed as quarantine/deep/again.txt" in status.stdout
    said = first["data"]["message"].removeprefix("deep/again.txt: ")
    assert re.search(rf"\n  quarantined \(unsupported_format\) \d+ s ago: {re.escape(said)}\n", status.stdout)
    assert json.loads(retried.stdout) == {"files": [{"path": "deep/again.txt", "problem": None}]}
    assert (first["data"]["round"], second["data"]["round"]) == (1, 2)
    assert (unknown.returncode, absent.returncode) == (1, 1)
    assert absent.stdout == "never.txt: not in quarantine\n"
    assert overview["watcher"].startswith("active, process ")


def _overview(home: Home, state: str) -> dict[str, Any]:
    """What status says of all files; nothing while none of them is in a state."""
    said: dict[str, Any] = json.loads(home.run("status", "--json").stdout)
    return said if said["counts"].get(state) else {}


def test_doctor_passes_a_healthy_service(home: Home) -> None:
    """Every look, on a machine where all is well, ends well; nothing is left in the folders."""
    result = home.run("doctor", "--json")

    checks = {check["name"]: check["level"] for check in json.loads(result.stdout)["checks"]}
    assert result.returncode == 0, result.stdout
    assert {name for name, level in checks.items() if level == "fail"} == set()
    assert {"python", "packages", "clock", "folders", "lease", "canary", "redis", "persistence", "eviction"} <= set(
        checks
    )
    assert [path.name for path in home.inbox.iterdir() if path.name.startswith(".")] == []


def test_doctor_fails_where_redis_is_away(tmp_path: Path) -> None:
    """With status 1, and the advice."""
    result = Home(tmp_path, ZHIBIAO_REDIS_URL="redis://127.0.0.1:1/0").run("doctor")

    assert result.returncode == 1
    assert "FAIL  redis" in result.stdout
    assert "start it, or mend ZHIBIAO_REDIS_URL" in result.stdout


@pytest.mark.parametrize("name", ["subscribe.py", "consume.py"])
def test_examples_print_what_arrives(home: Home, tmp_path: Path, name: str) -> None:
    """A consumer written from the example, started before the report comes, prints it."""
    (tmp_path / "draft").write_bytes(SEEDS[0].read_bytes() + name.encode())
    command = [sys.executable, str(ROOT / "examples" / name)]
    with subprocess.Popen(
        command, cwd=home.folder, env=home.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            if name == "subscribe.py":
                assert process.stderr.readline() == "listening on zhibiao:results\n"
            home.rename_in(tmp_path / "draft", f"{name}.txt")
            line = next(line for line in process.stdout if f"{name}.txt" in line)
        finally:
            process.terminate()
    assert line.rstrip().endswith(f"\t{len(home.event_of(f'{name}.txt')['data']['metrics'])}")
