"""Whether a writer still holds a file, asked by a read lease; the kernel's answers are played."""

import errno
import fcntl
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from watcher.seeing import open_writers


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Linux, whose signal of a lease is ignored; what is asked of the kernel."""
    seen: list[Any] = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(signal, "getsignal", lambda _number: signal.SIG_IGN)
    monkeypatch.setattr(fcntl, "fcntl", lambda *about: seen.append(about))
    return seen


def test_a_file_that_nobody_writes_is_free_and_the_lease_is_given_back(asked: list[Any]) -> None:
    assert open_writers.probe_writer(7) == "free"
    assert asked == [(7, fcntl.F_SETLEASE, fcntl.F_RDLCK), (7, fcntl.F_SETLEASE, fcntl.F_UNLCK)]


@pytest.mark.parametrize(
    ("number", "writer"),
    [(errno.EAGAIN, "held"), (errno.EACCES, "unknown"), (errno.EINVAL, "unknown"), (errno.ENOLCK, "unknown")],
)
@pytest.mark.usefixtures("asked")
def test_a_lease_that_is_not_given_tells_of_a_writer_or_of_nothing(
    monkeypatch: pytest.MonkeyPatch, number: int, writer: str
) -> None:
    """A file of somebody else, or a file system without leases, says nothing of writers."""

    def refuse(*_about: object) -> None:
        raise OSError(number, "no lease")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    assert open_writers.probe_writer(7) == writer


@pytest.mark.parametrize(
    ("platform", "handler"), [("linux", signal.SIG_DFL), ("darwin", signal.SIG_IGN), ("darwin", signal.SIG_DFL)]
)
def test_nothing_is_asked_where_an_answer_could_end_the_process(
    asked: list[Any], monkeypatch: pytest.MonkeyPatch, platform: str, handler: Any
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(signal, "getsignal", lambda _number: handler)

    assert open_writers.probe_writer(7) == "unknown"
    assert asked == []


@pytest.mark.parametrize(("platform", "is_main", "is_set"), [("linux", True, True), ("linux", False, False), ("darwin", True, False)])  # fmt: skip
def test_the_signal_of_a_lease_is_ignored_by_the_main_thread_of_linux(
    monkeypatch: pytest.MonkeyPatch, platform: str, *, is_main: bool, is_set: bool
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(signal, "signal", lambda *about: told.append(about))
    other = threading.Thread()
    monkeypatch.setattr(threading, "current_thread", lambda: threading.main_thread() if is_main else other)
    open_writers.ignore_lease_breaks()

    assert told == ([(signal.SIGIO, signal.SIG_IGN)] if is_set else [])


def test_a_file_of_a_process_of_one_s_own_is_known_to_be_written(tmp_path: Path) -> None:
    """By the kernel itself, where it has leases."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    file = tmp_path / "a.txt"
    file.write_bytes(b"1")
    try:
        with file.open("rb") as reading:
            alone = open_writers.probe_writer(reading.fileno())
            with file.open("ab"):
                written = open_writers.probe_writer(reading.fileno())
    finally:
        signal.signal(signal.SIGIO, before)

    assert (alone, written) in (("free", "held"), ("unknown", "unknown"))
