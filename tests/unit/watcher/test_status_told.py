"""What the command tells of a file or of the whole inbox, to people and to programs."""

import json
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import ANY

import click
import pytest
import redis
from rich.table import Table
from rich.text import Text

from schemas.handover import HandOver
from tests.unit.watcher.conftest import Desk
from watcher.settings import WatcherSettings
from watcher.whereabouts import (
    AttemptCount,
    Overview,
    Unfinished,
    describe,
)
from zhibiao.commands import status as command
from zhibiao.commands.status import status
from zhibiao.running.presence import Presence


def test_one_file_is_told_to_people_and_to_programs(
    settings: WatcherSettings, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what lies beside it in quarantine, and what would help; names in Chinese are not made escapes of."""
    row = desk.accept("报告.txt", b"one")
    desk.ledger.advance(row.id, "quarantined", 101.0, code="encrypted", detail="报告.txt is encrypted")
    (desk.inbox / "报告.txt").rename(settings.quarantine / "报告.txt")
    desk.ledger.update(row.id, in_inbox=0, folder="quarantine", target="报告.txt".encode())
    reason = {"code": "encrypted", "message": "报告.txt is encrypted"}

    status(settings, "报告.txt", 20, as_json=True)
    told = capsys.readouterr().out
    place = str(settings.quarantine / "报告.txt")
    assert json.loads(told) == {**asdict(describe(settings, "报告.txt")), "lines": ANY, "reason": None}
    assert f'"place": "{place}"' in told
    (settings.quarantine / "报告.txt.error.json").write_text(json.dumps(reason), "utf-8")
    status(settings, "报告.txt", 20, as_json=True)
    told = capsys.readouterr().out
    assert json.loads(told)["reason"] == reason

    status(settings, "报告.txt", 20, as_json=False)
    first, *lines, hint = capsys.readouterr().out.splitlines()
    assert first == "报告.txt: quarantined"
    assert f"  filed as {place}" in lines
    assert hint.startswith("  → ")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_file_that_nobody_has_seen_ends_with_one(
    settings: WatcherSettings, desk: Desk, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    """And says so; one that is known ends well."""
    desk.accept("a.txt", b"one")
    status(settings, "a.txt", 20, as_json=as_json)
    with pytest.raises(click.exceptions.Exit) as end:
        status(settings, "b.txt", 20, as_json=as_json)
    assert end.value.exit_code == 1
    assert "b.txt" in capsys.readouterr().out


def test_the_whole_inbox_is_told_to_people_and_to_programs(
    settings: WatcherSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong first, how many are in which state, and which are not done, and why; nothing acts on a terminal."""
    found = Overview(
        counts={"queued": 2, "published": 7},
        alarms={"queue": "NotQueued: away\x1b[31m"},
        watcher="active, process 7",
        unfinished=(
            Unfinished("报告.txt", "queued", "handed over 3 s ago"),
            Unfinished("b\x1b.txt", "waiting", "writer-open"),
        ),
        more=5,
        rereading=4,
    )
    asked: list[int] = []
    monkeypatch.setattr(command, "look", lambda *_: Presence(Path("/s"), 7, "redis://h/0", answers=True))
    monkeypatch.setattr(command.whereabouts, "overview", lambda _, *, limit: (asked.append(limit), found)[1])

    status(settings, None, 3, as_json=True)
    told = capsys.readouterr().out
    assert json.loads(told) == {"service": "running", **json.loads(json.dumps(asdict(found)))}
    assert '"path": "报告.txt"' in told
    status(settings, None, 3, as_json=False)
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()] == [
        "service runs: watcher process 7, Redis at redis://h/0",
        "watcher active, process 7",
        "published 7",
        "queued 2",
        "to be read again 4",
        r"queue NotQueued: away\x1b[31m",
        "",
        "not done:",
        "报告.txt: handed over 3 s ago",
        r"b\x1b.txt: writer-open",
        "and 5 more; --limit shows them",
    ]
    assert asked == [3, 3]


def test_how_often_workers_have_begun_is_told_where_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """And how the last one ended, by its first line; nothing where none has begun, or Redis goes away."""
    handover = HandOver(id="0" * 20, revision=2, round=3, path="a.txt", sha256="0" * 64, size_bytes=1)
    asked: list[tuple[object, ...]] = []
    ends = SimpleNamespace(text="MemoryError at a:b:1\n  more", code="out_of_memory")

    def count(client: object, *which: object) -> int:
        asked.append(which)
        return begun

    monkeypatch.setattr(command.attempt_log, "count", count)
    monkeypatch.setattr(command.attempt_log, "ending", lambda *_: ends)
    monkeypatch.setattr(command.attempt_log, "is_alive", lambda *_: True)
    begun = 2
    assert command._attempts(None, handover) == AttemptCount(2, "MemoryError at a:b:1", "out_of_memory")  # type: ignore[arg-type]
    begun = 0
    assert command._attempts(None, handover) is None  # type: ignore[arg-type]
    begun, ends = 1, None  # type: ignore[assignment]
    assert command._attempts(None, handover) == AttemptCount(1, is_running=True)  # type: ignore[arg-type]
    assert asked == [("0" * 20, 2, 3)] * 3

    def away(*_: object) -> int:
        raise redis.ConnectionError

    monkeypatch.setattr(command.attempt_log, "count", away)
    assert command._attempts(None, handover) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pid", "full", "style"), [(7, (), ""), (None, (), "yellow"), (7, ("the disk is full",), None)]
)
def test_what_is_wrong_is_coloured(
    pid: int | None, full: tuple[str, ...], style: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk above all: then nobody can tell whether the service runs."""
    shown: list[Table] = []
    monkeypatch.setattr(command.terminal, "show", shown.append)
    found = Overview(counts={}, alarms={"queue": "away"}, watcher="active", unfinished=(), full=full)
    service = Presence(Path("/s"), pid, "redis://h/0", answers=True)
    command._print_overview(found, service)

    [table] = shown
    names = [cell for cell in table.columns[0].cells if isinstance(cell, Text)]
    texts = [cell for cell in table.columns[1].cells if isinstance(cell, Text)]
    first = [("the disk is full", "bold red")] if full else [(str(service), style)]
    assert [(cell.plain, cell.style) for cell in texts] == [*first, ("active", ""), ("away", "yellow")]
    assert [cell.style for cell in names] == [first[0][1], "yellow"]
