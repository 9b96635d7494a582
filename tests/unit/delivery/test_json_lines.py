"""The sink jsonl: whole lines, each synced, whoever died while it wrote one."""

import fcntl
import json
import os
from pathlib import Path

import pytest

from delivery.json_lines import JsonLines, json_lines
from schemas.events import FailedEvent, ReportEvent
from schemas.handover import HandOver
from tests.watcher_rig import failed_event, report_event


def event(name: str) -> ReportEvent:
    return report_event(HandOver(id=name, revision=1, path=f"{name}.txt", sha256="0" * 64, size_bytes=1))


def kept(file: Path) -> list[str]:
    lines = file.read_text("utf-8").splitlines(keepends=True)
    assert all(line.endswith("\n") for line in lines)
    return [json.loads(line)["subject"] for line in lines]


FIRST, SECOND = event("县一"), event("b")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def test_each_event_is_a_line_as_the_stream_has_it(file: Path) -> None:
    failed: FailedEvent = failed_event(HandOver(id="c", revision=1, path="c.txt", sha256="0" * 64, size_bytes=1))
    sink = json_lines(f"jsonl://{file}")
    for one in (FIRST, failed):
        sink.deliver(one)

    assert file.read_text("utf-8") == f"{FIRST.to_json()}\n{failed.to_json()}\n"


@pytest.mark.parametrize("length", [1, 15, 200, -2, -1])
def test_a_line_that_was_torn_is_written_anew(file: Path, length: int) -> None:
    """By a process that was killed, at whatever byte; by another, or by this one, whose disk was full."""
    line = SECOND.to_json().encode() + b"\n"
    sink = JsonLines(file)
    sink.deliver(FIRST)
    for one in (sink, JsonLines(file)):
        with file.open("ab") as other:
            other.write(line[:length])
        one.deliver(SECOND)
        assert kept(file) == ["县一.txt", "b.txt"]
        file.write_bytes(FIRST.to_json().encode() + b"\n")


@pytest.mark.parametrize("step", [1, 50, 1000, 1_000_000])
def test_what_is_the_last_already_is_not_written_again(file: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever died after it wrote, and before it could say so; also where lines are longer than what is read at once."""
    monkeypatch.setattr("delivery.json_lines._STEP", step)
    JsonLines(file).deliver(FIRST)
    JsonLines(file).deliver(SECOND)
    JsonLines(file).deliver(SECOND)
    JsonLines(file).deliver(FIRST)

    assert kept(file) == ["县一.txt", "b.txt", "县一.txt"]


def test_a_file_that_was_moved_away_is_begun_anew(file: Path) -> None:
    sink = JsonLines(file)
    sink.deliver(FIRST)
    file.rename(file.with_suffix(".1"))
    sink.deliver(SECOND)

    assert (kept(file.with_suffix(".1")), kept(file)) == (["县一.txt"], ["b.txt"])


@pytest.mark.parametrize("content", ["an essay of mine", "a,b\n1,2", '{"a": 1'])
def test_somebody_else_s_file_is_left_as_it_is(file: Path, content: str) -> None:
    """Its last line, without an end, would be taken for a torn one."""
    file.write_text(content)

    with pytest.raises(ValueError, match="no line of events"):
        JsonLines(file).deliver(FIRST)
    assert file.read_text() == content


def test_two_do_not_write_to_one_file(file: Path) -> None:
    holder = os.open(file, os.O_RDWR | os.O_CREAT)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(BlockingIOError):
        JsonLines(file).deliver(FIRST)
    os.close(holder)
    JsonLines(file).deliver(FIRST)

    assert kept(file) == ["县一.txt"]


@pytest.mark.parametrize("url", ["jsonl://host/file", "jsonl:", "jsonl:///folder/"])
def test_a_url_names_a_file(url: str) -> None:
    with pytest.raises(ValueError, match="would be right"):
        json_lines(url)
