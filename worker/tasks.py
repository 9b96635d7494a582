"""The only task: one report from the inbox to Redis."""

from functools import lru_cache
from typing import Any, Final, NoReturn

import structlog
from celery.exceptions import Reject
from kombu.exceptions import OperationalError

from delivery import attempt_log
from delivery.backoff import Backoff
from delivery.connect import FAULTS, connect
from delivery.lease import Lease
from delivery.publish import Publisher
from schemas import names
from schemas.events import utc_now
from schemas.handover import HandOver
from worker.app import app
from worker.attempts import Attempts
from worker.foreign_readers import tools_with_plugins
from worker.lease_renewal import HEARTBEAT_TTL_S, held
from worker.settings import worker_settings
from worker.telemetry import worker_telemetry

# Waits stay below the queue's visibility timeout: a waiting task is held, not lost.
_WAITS = Backoff(first_s=1.0, cap_s=20.0)
_MOST_RETRIES = 10
_NOT_SENT: Final[tuple[type[Exception], ...]] = (*FAULTS, OperationalError, OSError)

_log = structlog.get_logger("worker")


@app.task(  # type: ignore[untyped-decorator]
    name=names.READ_TASK, bind=True, ignore_result=True, max_retries=None, Request="worker.last_words:Watched"
)
def read_report(self: Any, handover: dict[str, Any]) -> None:
    """Make one attempt at a hand-over; what may pass is tried again after a wait that grows."""
    wanted = HandOver.model_validate(handover)  # the queue gives out nothing else (delivery.queue_entry)
    if (self.request.delivery_info or {}).get("redelivered") and _sent_to_the_end(self):
        return
    attempts = _attempts()
    try:
        with held(Lease(attempts.client, wanted, (self.request.properties or {}).get("delivery_tag"))):
            attempts.attempt(wanted)
    except FAULTS as error:
        # Back to the broker, which is the same Redis: if it cannot be told, the visibility timeout does it.
        raise Reject(str(error), requeue=True) from error
    except Exception as error:
        _again(self, wanted, error)


def _again(task: Any, handover: HandOver, error: Exception) -> NoReturn:
    """Try again later. Counted attempts end by themselves; a file that stays unreadable is left to the watcher."""
    retries = task.request.retries
    _log.warning("again", report=handover.path, id=handover.id, retries=retries, why=f"{type(error).__name__}: {error}")
    if retries >= _MOST_RETRIES:
        # The watcher hands over again what nothing was heard of for a while, so no report is forgotten here.
        raise Reject(str(error), requeue=False) from error
    wait_s = _WAITS.wait_s(retries + 1)
    try:
        attempt_log.heartbeat(_attempts().client, handover, wait_s + HEARTBEAT_TTL_S)
        task.retry(exc=error, countdown=wait_s)
    except FAULTS as away:
        raise Reject(str(away), requeue=True) from away
    except Reject as not_sent:
        raise Reject(not_sent.reason, requeue=True) from not_sent
    raise AssertionError("retry always raises")


def _sent_to_the_end(task: Any) -> bool:
    """Whether a report whose reader has died waits behind the others now. It may have killed it, and would again.

    The queue gives it out first; where Redis does not take it, it is read here and now.
    """
    try:
        task.apply_async(task.request.args, task_id=task.request.id, retries=task.request.retries, retry=False)
    except _NOT_SENT:
        return False
    return True


@lru_cache(maxsize=1)
def _attempts() -> Attempts:
    """What this process makes its attempts with: connections are not shared with the process it was forked from."""
    settings = worker_settings()
    url = app.conf.zhibiao_redis_url
    client = connect(url, settings.site)
    bell = connect(url, settings.site, read_timeout_s=2.0, connect_timeout_s=1.0)
    return Attempts(
        client,
        Publisher(
            client,
            report_ttl_s=settings.report_ttl_s,
            results_maxlen=settings.results_maxlen,
            done_ttl_s=settings.done_ttl_s,
            attempts_ttl_s=settings.attempts_ttl_s,
            bell=bell,
        ),
        tools_with_plugins(wanted=settings.plugins),
        settings.inbox,
        settings.max_file_bytes,
        settings.max_attempts,
        utc_now,
        most_event_bytes=settings.max_event_bytes,
        metrics=worker_telemetry(),
        attempts_ttl_s=settings.attempts_ttl_s,
    )
