"""An old ledger costs what a new one does: what is asked all the time goes by an index, and states are counted."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from tests.unit.watcher.test_ledger import add
from watcher import whereabouts
from watcher.filing import put_back
from watcher.ledger.database import Ledger
from watcher.ledger.reading import _by_content
from watcher.ledger.rows import State
from watcher.seeing.arrivals import Readiness
from watcher.settings import WatcherSettings

#: What the threads of the watcher, its metrics and ``zhibiao status`` ask.
PERIODIC: dict[str, Callable[[Ledger], object]] = {
    "outstanding": lambda ledger: ledger.outstanding(),
    "to_send": lambda ledger: ledger.to_send(50, 1.0, newest_first=True),
    "to_send oldest": lambda ledger: ledger.to_send(50, 1.0, newest_first=False),
    "silent": lambda ledger: ledger.silent(3.0, 100.0),
    "to_announce": lambda ledger: ledger.to_announce(50),
    "to_file": lambda ledger: ledger.to_file(50, 1.0),
    "to_keep": lambda ledger: ledger.to_keep(50, 1.0),
    "known": lambda ledger: ledger.known(),
    "summary": lambda ledger: ledger.summary(),
    "oldest": lambda ledger: ledger.oldest(),
    "unfinished": lambda ledger: ledger.unfinished(20),
    "count_unfinished": lambda ledger: ledger.count_unfinished(),
    "quarantined": lambda ledger: ledger.quarantined(),
    "failed_places": lambda ledger: ledger.failed_places(),
    "count_failed_unfiled": lambda ledger: ledger.count_failed_unfiled(),
    "find": lambda ledger: ledger.find("a.txt"),
    "in_inbox": lambda ledger: ledger.in_inbox(b"a.txt"),
    "revisions": lambda ledger: ledger.revisions("d0c"),
    "by_hand_over": lambda ledger: ledger.by_hand_over("d0c", 1, 1),
    "by_target": lambda ledger: ledger.by_target("processed", b"a.txt"),
    "original_of": lambda ledger: ledger.original_of("c0ffee"),
    "to_reread": lambda ledger: ledger.to_reread(50, 1.0),
    "rereading": lambda ledger: ledger.rereading(),
    "rereading_of": lambda ledger: ledger.rereading_of(1),
    "reread": lambda ledger: ledger.reread(50, 1.0),
    "to_put_in_place": lambda ledger: ledger.to_put_in_place(50, 1.0),
    "to_take_out": lambda ledger: ledger.to_take_out(50, 1.0),
    "untold_withdrawals": lambda ledger: ledger.untold_withdrawals(50),
    "of_document": lambda ledger: ledger.of_document("d0c"),
    "repeats_of": lambda ledger: ledger.repeats_of("d0c"),
    "mark": lambda ledger: ledger.mark("outcomes"),
    "advance": lambda ledger: ledger.advance(1, "superseded", 1.0),
    "update": lambda ledger: ledger.update(1, tries=1),
    "set_waiting": lambda ledger: ledger.set_waiting({"b.txt": Readiness("quiet", 1.0)}, ["a.txt"]),
}


def scans(ledger: Ledger, ask: Callable[[], object]) -> list[str]:
    """The steps in which all rows of ``files`` are gone through, of all statements that are made."""
    asked: list[str] = []
    ledger._connection.set_trace_callback(asked.append)
    ask()
    ledger._connection.set_trace_callback(None)
    assert asked
    return [step for statement in asked for step in _plan(ledger._connection, statement) if _is_scan(step)]


def _plan(connection: sqlite3.Connection, statement: str) -> Iterator[str]:
    if statement.startswith("--") or not statement.startswith(("SELECT", "UPDATE", "DELETE")):
        return  # what a trigger does is told as a comment
    yield from (str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))


def _is_scan(step: str) -> bool:
    """A partial index holds what is being worked on, and no more; so it may be gone through."""
    partial = ("files_open", "files_accepted", "files_queued", "files_unfiled", "files_unannounced", "files_unkept")
    small = (*partial, "files_in_inbox", "files_in_quarantine", "files_rereading", "files_reread", "files_taken")
    words = step.replace("SCAN TABLE", "SCAN").split()
    return words[:2] == ["SCAN", "files"] and not (words[-1] in small and "INDEX" in words)


@pytest.mark.parametrize("name", PERIODIC)
def test_nothing_periodic_goes_through_all_rows(ledger: Ledger, name: str) -> None:
    add(ledger)
    assert scans(ledger, lambda: PERIODIC[name](ledger)) == []


def test_a_scan_is_seen(ledger: Ledger) -> None:
    assert scans(ledger, lambda: ledger._number("SELECT count(*) FROM files WHERE size_bytes = 3"))
    assert scans(ledger, ledger.archived)  # only after Redis has lost what it held


def test_the_counts_are_those_of_the_rows(ledger: Ledger) -> None:
    """Whatever is added, moved on, taken back, rolled back or taken out."""
    chance, states = random.Random(5), get_args(State)
    for number in range(300):
        add(ledger, state=chance.choice(states), raw=b"%d" % number, revision=number)
        id_ = chance.randint(1, number + 1)
        ledger.advance(id_, chance.choice(states), 1.0)
        if number % 7 == 0:
            ledger.begin_again(id_)
        if number % 11 == 0:
            ledger.read_again(id_)
        if number % 13 == 0:
            with suppress(RuntimeError), ledger.transaction():
                ledger.advance(id_, "published", 2.0)
                raise RuntimeError
        if number % 29 == 0:
            ledger._connection.execute("DELETE FROM files WHERE id = ?", (chance.randint(1, number + 1),))
        counted = Counter(str(row[0]) for row in ledger._connection.execute("SELECT state FROM files"))
        assert ledger.summary() == counted
    assert ledger.outstanding() == ledger.count("queued") == counted["queued"] > 0


def test_the_unfinished_are_listed_oldest_first_of_both_kinds(ledger: Ledger) -> None:
    kinds: tuple[tuple[str, int], ...] = (
        ("accepted", 1),
        ("published", 1),
        ("queued", 0),
        ("published", 0),
        ("duplicate", 1),
    )
    for number, (state, in_inbox) in enumerate(kinds * 2):
        about: dict[str, Any] = {"accepted_at": 100.0 - number, "in_inbox": in_inbox}
        add(ledger, state=state, raw=b"%d" % number, revision=number, **about)

    assert [row.accepted_at for row in ledger.unfinished(3)] == [91.0, 93.0, 94.0]
    assert len(ledger.unfinished(100)) == ledger.count_unfinished() == 8


@pytest.fixture
def settings(tmp_path: Path) -> WatcherSettings:
    folders = {name: tmp_path / name for name in ("inbox", "processed", "quarantine")}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    return WatcherSettings(state=tmp_path, _env_file=None, **folders)  # type: ignore[call-arg]


@pytest.mark.parametrize("file", [None, "a.txt", "2024/通报.html"])
def test_status_goes_through_no_old_rows(
    settings: WatcherSettings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, file: str | None
) -> None:
    """All statements of the command, as they are made."""
    add(ledger, state="published", in_inbox=0)
    add(ledger, state="queued", path="2024/通报.html", raw="2024/通报.html".encode(), revision=2)
    seen: list[str] = []
    opened = Ledger.open

    def traced(path: Path, *, readonly: bool = False) -> Ledger:
        one = opened(path, readonly=readonly)
        one._connection.set_trace_callback(seen.append)
        return one

    monkeypatch.setattr(Ledger, "open", traced)
    if file is None:
        whereabouts.overview(settings)
        put_back.retry(settings, None)
    else:
        whereabouts.describe(settings, settings.inbox / file)
    steps = [step for statement in seen for step in _plan(ledger._connection, statement)]
    assert steps
    assert [step for step in steps if _is_scan(step)] == []


def test_readings_stand_with_the_content_that_they_are_of() -> None:
    """Those that came to nothing before the one that holds; one whose content is of no row here is by itself."""
    rows = {
        id_: SimpleNamespace(id=id_, replaces=replaces, state=state)
        for id_, replaces, state in (
            (1, None, "replaced"), (2, None, "published"), (3, 1, "kept"), (4, 1, "replaced"), (5, 4, "published"), (6, 4, "superseded"),
            (7, 4, "vanished"), (8, 99, "published"), (9, None, "vanished"), (10, 2, "queued"),
        )
    }  # fmt: skip
    key = _by_content(rows)  # type: ignore[arg-type]

    assert [row.id for row in sorted(rows.values(), key=key)] == [3, 6, 7, 1, 4, 5, 2, 10, 8, 9]  # type: ignore[arg-type]
