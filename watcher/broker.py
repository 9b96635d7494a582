"""The watcher's ends of ``delivery``: the queue it sends to, the events it publishes, the outcomes it reads."""

from celery import Celery

from delivery import attempts
from delivery.connect import connect
from delivery.publish import Publisher
from delivery.queue import make_app, send
from delivery.subscribe import read_event, read_outcomes
from schemas import names
from schemas.events import FailedEvent, Progress, ProgressEvent
from schemas.handover import HandOver, Outcome
from watcher.announce import progress_event

APP_NAME = "zhibiao-watcher"


class Broker:
    """Redis and the queue on it, for the threads of one watcher; connects when it is first used.

    What it raises is one of :data:`delivery.connect.UNREACHABLE`.
    """

    def __init__(self, url: str) -> None:
        self._redis = connect(url)
        self._app: Celery = make_app(APP_NAME, url)
        self._publisher = Publisher(self._redis, bell=connect(url, read_timeout_s=1.0, connect_timeout_s=1.0))

    def send(self, handover: HandOver) -> None:
        """Returns once the broker has it."""
        send(self._app, handover)

    def depth(self) -> int:
        """How many hand-overs wait in the queue, begun by nobody."""
        return int(self._redis.llen(names.CELERY_KEY_PREFIX + names.QUEUE))

    def is_alive(self, handover: HandOver) -> bool:
        """Whether a worker is at it."""
        return attempts.is_alive(self._redis, handover.id, handover.revision, handover.round)

    def sent(self, handover: HandOver) -> None:
        """Tell listeners; may be lost."""
        step = Progress(id=handover.id, revision=handover.revision, path=handover.path, stage="queued")
        self._publisher.progress(progress_event(step))

    def failure(self, event: FailedEvent) -> None:
        """Publish once, however often it is called."""
        self._publisher.failure(event, None)

    def progress(self, event: ProgressEvent) -> None:
        """Tell who listens just now."""
        self._publisher.progress(event)

    def outcomes(self, after: str, block_s: float) -> list[tuple[str, Outcome]]:
        """Outcomes after an entry of their stream, waiting for one."""
        return read_outcomes(self._redis, after, block_s, 100)

    def event(self, stream: str, entry_id: str) -> str | None:
        """A published event's JSON."""
        return read_event(self._redis, stream, entry_id)

    def close(self) -> None:
        """Let go of the connections."""
        self._app.close()
        self._redis.close()
