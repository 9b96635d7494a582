"""A time limit that cannot be swallowed.

The pool tells a process that its time is up by a signal, whose handler raises ``SoftTimeLimitExceeded`` wherever the
process happens to be: in a library that catches everything, in a callback from C, in a finalizer. What is read after
that lacks something, and nothing says so.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNAL = signal.SIGUSR1  # billiard's, for its soft time limit


@contextmanager
def kept() -> Iterator[None]:
    """What the handler of the time limit has raised in here comes out, whoever caught it inside."""
    handler = signal.getsignal(SIGNAL)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield  # no time limit is set, or it is told elsewhere
        return
    told: list[BaseException] = []

    def noted(number: int, frame: FrameType | None) -> None:
        try:
            handler(number, frame)
        except BaseException as error:
            told.append(error)
            raise

    signal.signal(SIGNAL, noted)
    try:
        yield
    finally:
        signal.signal(SIGNAL, handler)
        if told and sys.exception() is not told[0]:
            raise told[0]
