"""The Celery app of the workers: ``celery -A worker.app worker``."""

import logging
import resource
import time
from typing import Any

import structlog
from celery import signals
from celery.utils.log import current_process_index

from delivery import celery_guard, logs
from delivery.queue import make_app
from worker import pool
from worker.collecting import collect_less, keep_what_is_there
from worker.foreign_readers import tools_with_plugins
from worker.health import SignOfLife
from worker.pipeline import read
from worker.report_writer import Origin
from worker.settings import worker_settings
from worker.telemetry import Serving, worker_telemetry
from worker.tools import load_tools

_ANY_REPORT = "海口市2023年法治政府建设报告\n一、概况\n2023年，全市共调解纠纷513件。\n海口市司法局\n2024年1月5日\n"
_LOCAL_REDIS = "redis://127.0.0.1:6379/0"

_settings = worker_settings()
_url = _settings.redis_url.get_secret_value() if _settings.redis_url else _LOCAL_REDIS

pool.apply()
app = make_app("zhibiao.worker", _url, _settings.site)
app.conf.update(
    include=["worker.tasks"],
    zhibiao_redis_url=_url,
    zhibiao_site=_settings.site,
    worker_concurrency=_settings.concurrency,
    task_soft_time_limit=_settings.soft_time_limit_s,
    task_time_limit=_settings.hard_time_limit_s,
    worker_max_memory_per_child=_settings.max_child_memory_kib,
    worker_hijack_root_logger=False,
)
app.steps["consumer"].add(SignOfLife)


def _set_up_logging(**_options: Any) -> None:
    logs.configure(_settings, "worker")
    # jieba brings a handler of its own, which would write every line twice.
    logging.getLogger("jieba").handlers.clear()


def _keep_quiet(**_options: Any) -> None:
    celery_guard.keep_quiet()


def _load_before_forking(**_options: Any) -> None:
    # Reading a report loads what is loaded on first use, so that no process has to do it after the fork.
    read(_ANY_REPORT.encode(), Origin("", "", "", ""), load_tools(), time.perf_counter)
    keep_what_is_there()


def _collect_less(**_options: Any) -> None:
    collect_less()


def _tell_foreign_readers(**_options: Any) -> None:
    for reader in tools_with_plugins(wanted=_settings.plugins).readers:
        structlog.get_logger("worker").info("foreign_reader", name=reader.name, of=reader.origin)


def _limit_memory(**_options: Any) -> None:
    if limit := _settings.max_child_address_space_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _count_rejected(**_what: Any) -> None:
    worker_telemetry().rejected()


if _settings.metrics_port:
    _serving = Serving(_settings.metrics_address, _settings.metrics_port, current_process_index)
    signals.worker_init.connect(_serving.prepare)
    signals.worker_ready.connect(_serving.serve)
    signals.worker_shutdown.connect(_serving.stop)
signals.task_rejected.connect(_count_rejected)
signals.setup_logging.connect(_set_up_logging)
signals.worker_init.connect(_load_before_forking)
signals.worker_ready.connect(_keep_quiet)
signals.worker_ready.connect(_tell_foreign_readers)
signals.worker_process_init.connect(_limit_memory)
signals.worker_process_init.connect(_collect_less)
