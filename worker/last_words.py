"""What a process that reads reports can no longer say: that it was killed over its time limit, or how it died.

The parent process sees it, and notes it before the report goes back to the queue, so that the failure that may come of
it names the cause.
"""

import re
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from billiard.exceptions import WorkerLostError
from celery.worker.request import Request
from pydantic import ValidationError

from delivery import attempt_log
from delivery.attempt_log import Ending
from delivery.connect import FAULTS, Client, connect_briefly
from schemas.handover import HandOver
from worker.app import app
from worker.errors import OUT_OF_TIME

_QUICK_S = 1.0
_STATUS = re.compile(r"signal \d+ \(\w+\)|exit ?code \d+")
_MEANINGS: Final = {
    "SIGKILL": "by somebody, or by the kernel for want of memory",
    "SIGABRT": "as a library does that is refused memory",
    "SIGSEGV": "a library has crashed",
    "SIGBUS": "a library has crashed",
}


class Watched(Request):  # type: ignore[misc]
    """A task as the parent process sees it."""

    def on_timeout(self, soft: bool, timeout: float) -> None:  # noqa: FBT001 - as it is in Celery
        """The pool is about to kill the process at the hard limit; of the soft one the process tells by itself."""
        if not soft:
            seen = f"its process was killed over the hard time limit of {timeout:g} s (ZHIBIAO_HARD_TIME_LIMIT_S)"
            self._note(Ending(seen, OUT_OF_TIME))
        super().on_timeout(soft, timeout)

    def on_failure(self, exc_info: Any, *arguments: Any, **options: Any) -> Any:
        """The process is gone, or the task raised."""
        error = getattr(exc_info.exception, "exc", exc_info.exception)  # with a traceback around it
        if isinstance(error, WorkerLostError):
            self._note(Ending(death(str(error))))
        return super().on_failure(exc_info, *arguments, **options)

    def _note(self, ending: Ending) -> None:
        # The loop that notes it is the one that gives out reports: nothing here may hold it up, or end it.
        with suppress(*FAULTS, ValidationError, LookupError, TypeError):
            attempt_log.note_death(_client(), HandOver.model_validate(self.args[0]), ending)


def death(seen: str) -> str:
    """How a process died, in words, by what the pool has seen.

    >>> death("Worker exited prematurely: signal 9 (SIGKILL) Job: 3.")
    'its process died without a word: signal 9 (SIGKILL), by somebody, or by the kernel for want of memory'
    """
    match = _STATUS.search(seen)
    status = match.group() if match else "nobody saw how"
    meaning = next((f", {words}" for name, words in _MEANINGS.items() if name in status), "")
    return f"its process died without a word: {status}{meaning}"


@lru_cache(maxsize=1)
def _client() -> Client:
    return connect_briefly(str(app.conf.zhibiao_redis_url), _QUICK_S, app.conf.zhibiao_site)
