"""Does work grow with the length of what it is done to, or faster?"""

import time
from collections.abc import Callable

FACTOR = 8
#: Linear work takes FACTOR times as long, quadratic work FACTOR times that. Halfway between them is the limit.
LIMIT = FACTOR * 3
#: Processor time too short to be compared: a page fault or a collection of garbage may take as long.
NOISE_S = 0.1
TRIES = 3


def spent(work: Callable[[], object]) -> float:
    """Seconds of this process's own time; others on the machine hardly change it."""
    began = time.process_time()
    work()
    return time.process_time() - began


def assert_linear(work: Callable[[int], object], length: int) -> None:
    """``work(n)`` is to take time in proportion to ``n``: looked at for ``length``, and for an eighth of it.

    One attempt may be unlucky, on a machine whose processor is shared with others; work that is not linear never is
    lucky.
    """
    attempts = []
    for _ in range(TRIES):
        short, long = spent(lambda: work(length // FACTOR)), spent(lambda: work(length))
        attempts.append(f"{short:.3f} s, then {long:.3f} s")
        if long < LIMIT * short + NOISE_S:
            return
    raise AssertionError(f"{FACTOR} times the length took more than {LIMIT} times as long: {'; '.join(attempts)}")
