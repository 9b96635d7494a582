"""Readiness, as timelines in arrivals.toml and as laws that hold for every timeline."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.seeing.arrivals import PROBE_AGAIN_S, Arrivals, Readiness, Rules, Writer
from watcher.seeing.sightings import Kind, StatSignature

RULES = Rules(settle_s=2, settle_unknown_s=5, empty_grace_s=10)
A = b"a.txt"
CASES = tomllib.loads((Path(__file__).parent / "arrivals.toml").read_text(encoding="utf-8"))["case"]


def of_size(size: int) -> StatSignature:
    return StatSignature(1, 1, size, 0, 0)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_timeline(case: dict[str, list[str]]) -> None:
    """Each look gives the verdict in the table, and a ready file is forgotten."""
    arrivals = Arrivals(RULES)
    for step in case["steps"]:
        action, _, expected = step.partition(" = ")
        at, kind, *rest = action.split()
        if kind == "look":
            unfilled = rest[2:] == ["zeros"]
            verdict = arrivals.judge(A, of_size(int(rest[1])), rest[0], float(at), is_unfilled=unfilled)  # type: ignore[arg-type]
            assert verdict.text(float(at)) == expected
        else:
            signature = of_size(int(rest[0])) if rest else None
            arrivals.note(A, kind, float(at), signature)  # type: ignore[arg-type]
    assert A not in arrivals


def test_files_are_due_in_order_and_once() -> None:
    arrivals = Arrivals(RULES)
    arrivals.note(b"later", "closed", 0.5)
    arrivals.note(b"sooner", "closed", 0)

    assert arrivals.next_due() == 2.0
    assert arrivals.due(1.9, 10) == []
    assert arrivals.due(2.2, 10) == [b"sooner"]
    assert arrivals.due(3.0, 10) == [b"later"]


@pytest.mark.parametrize("fresh", ["renamed", "closed", "created"])
@pytest.mark.parametrize("backlog", ["renamed", "closed", "touched"])
def test_a_fresh_file_does_not_wait_behind_a_backlog(backlog: Kind, fresh: Kind) -> None:
    """However either came: a backlog may be a tree that was moved in, and the fresh file one that was written."""
    arrivals = Arrivals(RULES)
    for number in range(5):
        arrivals.note(b"%d" % number, backlog, 0)
    assert arrivals.due(4, 2) == [b"0", b"1"]
    arrivals.note(b"fresh", fresh, 5)

    assert arrivals.due(8, 2) == [b"fresh", b"2"]
    assert arrivals.next_due() == (0 if backlog == "renamed" else 2)
    assert arrivals.due(8, 5) == [b"3", b"4"]


def test_the_oldest_go_first_where_that_is_wanted() -> None:
    arrivals = Arrivals(RULES, newest_first=False)
    for number in range(3):
        arrivals.note(b"%d" % number, "renamed", 0)
    arrivals.note(b"fresh", "renamed", 5)

    assert arrivals.due(8, 2) == [b"0", b"1"]
    assert arrivals.due(8, 5) == [b"2", b"fresh"]


def test_what_is_due_and_goes_away_is_not_given() -> None:
    arrivals = Arrivals(RULES)
    for name in (b"a", b"b", b"c"):
        arrivals.note(name, "renamed", 0)
    assert arrivals.due(1, 1) == [b"a"]
    arrivals.note(b"b", "gone", 2)
    arrivals.note(b"c", "modified", 2)

    assert arrivals.next_due() == 4
    assert arrivals.due(3, 5) == []
    assert arrivals.due(4, 5) == [b"c"]


def test_a_file_that_is_gone_is_forgotten() -> None:
    arrivals = Arrivals(RULES)
    arrivals.note(A, "closed", 0)
    arrivals.note(A, "gone", 1)

    assert arrivals.next_due() is None
    assert arrivals.due(100, 10) == []


def test_no_more_than_asked_for_are_due() -> None:
    arrivals = Arrivals(RULES)
    for number in range(5):
        arrivals.note(b"%d" % number, "renamed", 1)

    assert arrivals.due(10, 3) == [b"0", b"1", b"2"]
    assert arrivals.due(10, 3) == [b"3", b"4"]


def test_an_unreadable_file_says_since_when_and_is_due_when_its_mode_changes() -> None:
    arrivals = Arrivals(RULES)
    arrivals.note(A, "renamed", 0)
    arrivals.postpone(A, 1, "Permission denied", 0)
    arrivals.postpone(A, 30, "Permission denied", 1)

    verdict = arrivals.verdict(A)
    assert verdict is not None
    assert verdict.text(5) == "unreadable 5 s: Permission denied"
    assert arrivals.next_due() == 30
    arrivals.note(A, "touched", 6)
    assert arrivals.due(6, 10) == [A]


KINDS = st.sampled_from([kind for kind in get_args(Kind) if kind not in ("gone", "seen")])
WRITERS = st.sampled_from(get_args(Writer))


@settings(max_examples=500)
@given(st.lists(st.tuples(st.floats(0, 4), KINDS | WRITERS, st.integers(0, 3)), max_size=20))
def test_laws_of_every_timeline(steps: list[tuple[float, str, int]]) -> None:
    """Never ready under a writer; never empty before its grace is over; a quiet file is ready in the end."""
    arrivals = Arrivals(RULES)
    now, changed_at, size = 0.0, 0.0, 1
    arrivals.note(A, "closed", now)
    for wait, action, new_size in steps:
        now += wait
        if action in get_args(Writer):
            if A not in arrivals:
                continue
            ready = arrivals.judge(A, of_size(size), action, now).code == "ready"  # type: ignore[arg-type]
            assert not (ready and action == "held")
            assert not ready or size > 0 or now - changed_at >= RULES.empty_grace_s
        else:
            if action != "touched" or A not in arrivals:
                changed_at = now
            size = new_size if action == "modified" else size
            arrivals.note(A, action, now)  # type: ignore[arg-type]
    quiet_until = now + RULES.empty_grace_s + PROBE_AGAIN_S
    while A in arrivals:
        due = arrivals.next_due()
        assert due is not None
        assert due <= quiet_until
        now = max(now, due)
        arrivals.due(now, 1)
        arrivals.judge(A, of_size(size), "free", now)


@pytest.mark.parametrize("names", [(b"a",), (b"a", b"b", b"c")])
def test_files_renamed_in_again_and_again_are_due_once(names: tuple[bytes, ...]) -> None:
    """Dropped and seen anew within one moment, a file stands in the queue twice with the same time."""
    arrivals = Arrivals(RULES)
    for _ in range(5):
        for name in names:
            arrivals.note(name, "renamed", 10.0)
            arrivals.note(name, "gone", 10.0)
            arrivals.note(name, "renamed", 10.0)
    assert sorted(arrivals.due(100.0, 50)) == sorted(names)


def test_a_file_that_is_to_be_looked_at_at_once_waits_for_nothing() -> None:
    arrivals = Arrivals(RULES)
    arrivals.note(b"a", "renamed", 10.0)
    arrivals.note(b"b", "closed", 10.0)

    assert arrivals.verdicts() == {b"b": Readiness("quiet", 10.0, 2.0)}
    assert (arrivals.verdict(b"a"), arrivals.verdict(b"none")) == (None, None)
