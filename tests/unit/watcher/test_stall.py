"""A queue of which nobody takes anything is told of."""

import pytest

from delivery.holdings import Turn
from watcher.sending.stall import STALLED_AFTER_S, Stall

SILENT = Turn(3, ("next",), ("tag", "100.0"))


def noted(*turns: Turn) -> list[bool]:
    """Whether each look, half the time apart, finds a stall."""
    stall = Stall()
    return [stall.note(turn, number * STALLED_AFTER_S / 2) is not None for number, turn in enumerate(turns)]


def test_the_same_next_and_no_sign_of_life_is_a_stall() -> None:
    assert noted(SILENT, SILENT, SILENT) == [False, False, True]
    assert noted(*[Turn(1, ("###",), ())] * 3) == [False, False, True]
    assert noted(SILENT, SILENT, Turn(4, ("next",), ("tag", "100.0"))) == [False, False, True]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Turn(2, ("another",), ("tag", "100.0")), id="taken"),
        pytest.param(Turn(3, ("next",), ("tag", "107.5")), id="at work"),
        pytest.param(Turn(0, (), ("tag", "100.0")), id="empty"),
    ],
)
def test_whatever_moves_is_none(other: Turn) -> None:
    assert noted(SILENT, SILENT, other, SILENT, SILENT, SILENT) == [False, False, False, False, False, True]
