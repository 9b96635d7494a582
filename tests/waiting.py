"""Waiting for events. The ends are generous: on a busy machine a wait takes long, and only what never comes may fail."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

#: As long as anything may take on a machine with ten times as much to do as it can.
LONG_S = 180.0
PAUSE_S = 0.02


def eventually(
    look: Callable[[], T], timeout_s: float = LONG_S, what: str | Callable[[], str] = "", pause_s: float = PAUSE_S
) -> T:
    """What ``look`` gives as soon as that is true, looked at again and again until the time is up.

    ``what`` is what does not come, or says what is seen instead.
    """
    deadline = time.monotonic() + timeout_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {timeout_s} s: {what() if callable(what) else what or look}"
        time.sleep(pause_s)
    return found


def wait_for(condition: Callable[[], Any], timeout_s: float = LONG_S, what: str = "") -> float:
    """Wait until ``condition`` holds; gives the seconds it took."""
    began = time.monotonic()
    eventually(condition, timeout_s, what)
    return time.monotonic() - began
