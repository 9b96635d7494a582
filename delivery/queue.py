"""The Celery queue between watcher and worker: one configuration for both ends.

Celery on Redis cannot promise that a task is never lost: a worker takes a message out of the queue before it notes it
as unacknowledged. The settings make that rare; the watcher's ledger makes it harmless.
"""

import json
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import redis
from celery import Celery

from delivery import celery_guard, queue_entry
from delivery.connect import names_of, redacted
from schemas import names
from schemas.events import utc_now
from schemas.handover import HandOver

#: Seconds after which a task whose worker shows no sign of life goes to another; a lease renews it while one works.
VISIBILITY_S = 60
_SWEEP_S = 5
_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_S,
    "unacked_restore_interval": _SWEEP_S,
    "unacked_restore_throttle": 1,  # or only every tenth sweep looks
    "unacked_mutex_expire": 30,  # or a worker killed while it sweeps stops all sweeping for five minutes
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "priority_steps": [0],
}


class NotQueued(redis.ConnectionError):
    """The broker did not confirm a hand-over; it may have it nevertheless."""


def celery_settings(url: str, site: str = "") -> dict[str, Any]:
    """Celery's settings for a site at a Redis at ``url`` (``redis://``, ``rediss://`` or ``unix://``)."""
    return {
        "broker_url": _broker_url(url),
        "broker_transport_options": {**_TRANSPORT_OPTIONS, "global_keyprefix": names.Names(site).celery_prefix},
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": 5,
        # A server that answers and refuses, as one without replicas or rights, is waited for like one that is away.
        "broker_channel_error_retry": True,
        # A task is acknowledged when it has ended, and goes back when its process dies. How often it is begun is
        # counted by delivery.attempt_log, in all of these cases.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_acks_on_failure_or_timeout": True,
        "task_acks_on_timeout": False,
        # No task waits in a process where it could neither start nor be seen by the others.
        "worker_prefetch_multiplier": 1,
        # Nor after a reconnect: a new channel does not know of the tasks that are still at work, and would take as many more.
        "worker_disable_prefetch": True,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "task_default_queue": names.QUEUE,
        "task_create_missing_queues": True,
        "task_ignore_result": True,
        "result_backend": None,
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        # Nobody who reaches the broker may stop workers or look into them; health goes by a file (worker.health).
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "task_send_sent_event": False,
        "enable_utc": True,
        "timezone": "UTC",
    }


def make_app(name: str, url: str, site: str = "") -> Celery:
    """A Celery app for the workers' end of the queue; connects when it is first used."""
    celery_guard.apply()
    app = Celery(name, set_as_current=False)
    app.conf.update(celery_settings(url, site))
    return app


def task_id(handover: HandOver) -> str:
    """The Celery task's id: the same for the same hand-over, so that logs of all its deliveries can be found.

    >>> task_id(HandOver(id="d0c", revision=2, path="a.txt", sha256="", size_bytes=0))
    'd0c-2-1'
    """
    return f"{handover.id}-{handover.revision}-{handover.round}"


def send(client: redis.Redis, url: str, handovers: Sequence[HandOver]) -> None:
    """Hand reports over in one go; comes back when the broker at ``url`` has them, and within half a minute in any case.

    They are written as the queue's other end wants them, without Celery, whose own way takes a round trip each, and
    longer for a message than Redis does.

    Raises:
        NotQueued: the broker is away or refuses; it may have some. The caller tries again later; a second delivery is
            harmless.
    """
    if not handovers:
        return
    now = utc_now()
    queue = names_of(client).queue_key
    try:
        client.lpush(queue, *(_message(handover.model_copy(update={"queued_at": now})) for handover in handovers))
    except (redis.RedisError, OSError) as error:
        what = handovers[0].path + (f" and {len(handovers) - 1} more" if len(handovers) > 1 else "")
        raise NotQueued(f"{what}: not queued at {redacted(url)}: {type(error).__name__}: {error}") from error


def _message(handover: HandOver) -> str:
    return json.dumps(queue_entry.written(task_id(handover), handover, str(uuid.uuid4())))


def _broker_url(url: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        path = {"virtual_host": query.pop("db")} if "db" in query else {}
        # redis-py takes a password from either place, kombu from before the path alone.
        user, password = (quote(query.pop(name, ""), safe="") for name in ("username", "password"))
        who = f"{user}:{password}@" if password else parts.netloc
        # Not urlunsplit: before Python 3.12.6 it leaves the slashes out where there is no host.
        options = urlencode(query | path)
        return f"redis+socket://{who}{parts.path}" + (f"?{options}" if options else "")
    if parts.scheme == "rediss":
        # Without it kombu would encrypt, and believe any server.
        query.setdefault("ssl_cert_reqs", "required")
    return urlunsplit(parts._replace(query=urlencode(query)))
