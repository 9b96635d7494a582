"""Logging, set up in one place: structured lines on stderr, JSON for programs and text on a terminal."""

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from delivery.connect import redacted
from delivery.settings import SharedSettings
from schemas.visible import safe_json, visible

# These tell of every task or every connection; what matters of that is in our own line per report.
_QUIETER = ("celery.worker.strategy", "celery.app.trace", "celery.redirected", "kombu", "amqp")

_Event = MutableMapping[str, Any]


def configure(settings: SharedSettings, process: str = "zhibiao", to: TextIO | None = None) -> None:
    """Send structlog and every library's log to stderr, or ``to`` there, in one form; calling it again starts afresh.

    ``process`` goes into each line, so that lines of several processes can be told apart. Passwords in URLs are
    blotted out whoever logs them; on a terminal no text of strangers can move the cursor or turn the line around.
    """
    stream = to or sys.stderr
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not stream.isatty())
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper("iso", utc=True),
        _add_process(process),
        _without_secrets,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), _without_task, *before],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(as_json=as_json)],
        )
    )
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _QUIETER:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _rendering(*, as_json: bool) -> list[Processor]:
    # A plain traceback: the pretty ones show local variables, and those may hold a password. Its text may, too.
    traceback: list[Processor] = [structlog.processors.format_exc_info, _without_secrets]
    if as_json:
        renderer = structlog.processors.JSONRenderer(_to_json, default=str)
        return [*traceback, structlog.processors.EventRenamer("message"), renderer]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )
    return [*traceback, _visible, console]


def _add_process(process: str) -> Processor:
    def add(_logger: Any, _method: str, event: _Event) -> _Event:
        event["process"] = process
        return event

    return add


def _without_task(_logger: Any, _method: str, event: _Event) -> _Event:
    # Celery adds a failed task's arguments, at whatever length, and its traceback once more.
    event.pop("data", None)
    return event


def _without_secrets(_logger: Any, _method: str, event: _Event) -> _Event:
    for key, value in event.items():
        if isinstance(value, str) and "://" in value:
            event[key] = redacted(value)
    return event


def _to_json(event: Any, **options: Any) -> str:
    # `docker logs` and `tail` show the lines as they are.
    return safe_json(json.dumps(event, ensure_ascii=False, **options))


def _visible(_logger: Any, _method: str, event: _Event) -> _Event:
    for key, value in event.items():
        if isinstance(value, str):
            lines = value.split("\n") if key == "exception" else [value]
            event[key] = "\n".join(map(visible, lines))
    return event
