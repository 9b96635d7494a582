"""How long to wait before trying again: doubling, capped, with jitter so that many do not come back at once."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits of ``first_s``, twice that, and so on up to ``cap_s``, each shortened by up to half at random."""

    first_s: float
    cap_s: float

    def wait_s(self, failures: int, jitter: float | None = None) -> float:
        """Seconds to wait after so many failures in a row; ``jitter`` from 0 to 1 replaces chance.

        >>> Backoff(0.5, 10).wait_s(3, jitter=0)
        2.0
        >>> Backoff(0.5, 10).wait_s(30, jitter=1)
        5.0
        """
        if jitter is None:
            jitter = random.random()  # noqa: S311 - spreads load, guards nothing
        full = min(self.cap_s, self.first_s * 2.0 ** min(max(failures, 1) - 1, 60))
        return full * (1 - jitter / 2)
