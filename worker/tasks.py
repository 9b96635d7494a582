"""The only task: one report from the inbox to Redis."""

import random
from functools import lru_cache
from typing import Any

from delivery.connect import UNREACHABLE, connect
from delivery.lease import Lease
from delivery.publish import Publisher
from schemas import names
from schemas.events import utc_now
from schemas.handover import HandOver
from worker.app import app
from worker.attempt import Again, Reader
from worker.lease import held
from worker.settings import worker_settings
from worker.tools import load_tools

# Waits stay below the queue's visibility timeout: a waiting task counts as unacknowledged.
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 20.0
_PASSING: tuple[type[Exception], ...] = (Again, *UNREACHABLE)


@app.task(name=names.READ_TASK, bind=True, ignore_result=True, max_retries=None)  # type: ignore[untyped-decorator]
def read_report(self: Any, handover: dict[str, Any]) -> None:
    """Make one attempt at a hand-over; what may pass is tried again after a wait that grows."""
    wanted = HandOver.model_validate(handover)
    reader = _reader()
    lease = Lease(reader.client, wanted, (self.request.properties or {}).get("delivery_tag"))
    try:
        with held(lease):
            reader.attempt(wanted)
    except _PASSING as error:
        longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(self.request.retries, 10))
        raise self.retry(exc=error, countdown=random.uniform(longest / 2, longest)) from error  # noqa: S311


@lru_cache(maxsize=1)
def _reader() -> Reader:
    """This process's reader: connections are not shared with the process it was forked from."""
    settings = worker_settings()
    url = app.conf.zhibiao_redis_url
    client = connect(url)
    bell = connect(url, read_timeout_s=2.0, connect_timeout_s=1.0)
    return Reader(
        client,
        Publisher(client, report_ttl_s=settings.report_ttl_s, results_maxlen=settings.results_maxlen, bell=bell),
        load_tools(),
        settings.inbox,
        settings.max_file_bytes,
        settings.max_attempts,
        utc_now,
    )
