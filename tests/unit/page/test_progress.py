"""How far files have come, from their steps."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from page.progress import Board, Progress
from schemas.events import FileStep

BEGAN = datetime(2024, 3, 1, 8, tzinfo=UTC)
_numbers = count(1)


def step(state: str, path: str = "报告.txt", **more: object) -> FileStep:
    number = next(_numbers)
    values = {"revision": 1, **more}
    return FileStep(number=number, id="d", path=path, state=state, time=BEGAN + timedelta(seconds=number), **values)  # type: ignore[arg-type]


def after(*steps: FileStep) -> Progress:
    board = Board()
    for one in steps:
        found = board.note(one)
    return found


def test_a_report_that_was_read_and_filed() -> None:
    found = after(step("accepted"), step("queued"), step("published"), step("filed", detail="processed"))

    assert (found.state, found.is_filed, found.is_read, found.detail) == ("published", True, True, None)


def test_a_failure_keeps_its_reason_when_it_is_filed() -> None:
    why = {"code": "damaged_file", "detail": "torn"}

    found = after(step("queued"), step("quarantined", **why), step("filed", detail="quarantine"))

    assert (found.state, found.code, found.detail, found.is_read) == ("quarantined", "damaged_file", "torn", False)


def test_a_duplicate_stays_one_when_it_is_filed() -> None:
    found = after(step("duplicate", revision=None), step("filed", revision=None, detail="processed"))

    assert (found.state, found.is_read) == ("duplicate", False)


@pytest.mark.parametrize(("folder", "state"), [("processed", "published"), ("quarantine", "quarantined")])
def test_where_only_the_last_step_is_known_the_folder_tells(folder: str, state: str) -> None:
    assert after(step("filed", detail=folder)).state == state


def test_a_new_round_and_a_new_revision_begin_anew() -> None:
    ended = (step("quarantined"), step("filed", detail="quarantine"))

    assert after(*ended, step("accepted", round=2)).state == "accepted"
    assert after(*ended, step("accepted", revision=2)).is_filed is False


def test_a_step_told_twice_changes_nothing() -> None:
    queued, published = step("queued"), step("published")

    assert after(queued, published, queued, published).state == "published"


def test_numbers_may_begin_again_after_a_loss() -> None:
    """The ledger counts from one again; the time goes on."""
    late = FileStep(number=1, id="d", path="报告.txt", revision=1, state="queued", time=BEGAN + timedelta(days=1))

    assert after(step("published"), late).state == "queued"


def test_the_last_to_move_comes_first_and_the_oldest_is_forgotten() -> None:
    board = Board(most=2)
    for one in (step("queued", "a"), step("queued", "b"), step("queued", "c"), step("published", "b")):
        board.note(one)

    assert [file.path for file in board.newest(9)] == ["b", "c"]
    assert [file.path for file in board.newest(1)] == ["b"]
