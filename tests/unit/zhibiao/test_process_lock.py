"""One process at a time, and the one that is turned away learns who was first."""

import os
from pathlib import Path

import pytest

from zhibiao.running.process_lock import HeldByAnother, hold


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    """An open file is what holds a lock, so that one process can stand for two here."""
    with hold(tmp_path / "lock"), pytest.raises(HeldByAnother, match=f"^{os.getpid()}$"):
        hold(tmp_path / "lock")


def test_a_lock_that_was_let_go_of_can_be_held_again(tmp_path: Path) -> None:
    """What the one before wrote into it, and how long that was, does not matter."""
    (tmp_path / "lock").write_text("123456789 and more\n")
    hold(tmp_path / "lock").close()

    with hold(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_a_holder_that_has_not_said_who_it_is_yet_is_unknown(tmp_path: Path) -> None:
    """Between taking the lock and writing into it."""
    with hold(tmp_path / "lock"):
        os.truncate(tmp_path / "lock", 0)
        with pytest.raises(HeldByAnother, match=r"^unknown$"):
            hold(tmp_path / "lock")
