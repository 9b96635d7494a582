"""The worker's Celery app, with a pipeline that does what a file's first line says: ``celery -A tests.faulty_worker``.

The files are the fault fixtures: ``sleep 3``, ``stall 3`` (the first time only), ``hang``, ``killed``, ``segfault``, ``abort``, ``raise``, ``recurse``, ``hog``, ``BAD...``.
A file that begins with anything else goes through the real pipeline. Each begun reading appends a line to the file
named by ``BEGUN``, so that tests can count executions.
"""

import ctypes
import os
import signal
import time
from typing import Any

from kombu.transport.redis import QoS

from schemas.report import Report
from worker import attempts as attempt
from worker import lease_renewal as lease
from worker.app import app
from worker.errors import BadReport
from worker.pipeline import read
from worker.report_writer import Origin

__all__ = ["app"]

_SHORT_VISIBILITY_S = os.environ.get("VISIBILITY_S")
if _SHORT_VISIBILITY_S:
    app.conf.broker_transport_options["visibility_timeout"] = float(_SHORT_VISIBILITY_S)
    app.conf.broker_transport_options["unacked_restore_interval"] = 1
    app.conf.broker_transport_options["unacked_mutex_expire"] = 2
if "RENEW_S" in os.environ:
    lease.RENEW_EVERY_S = float(os.environ["RENEW_S"])
if "WEDGED" in os.environ:
    QoS.can_consume = lambda _self: False  # type: ignore[method-assign]


def _faulty(data: bytes, origin: Origin, *arguments: Any) -> Report:
    with open(os.environ["BEGUN"], "a") as begun:
        begun.write(f"{origin.path} {os.getpid()}\n")
    if data.startswith(b"BAD"):
        raise BadReport("undecodable", "decode", "made to fail")
    word, _, argument = data.decode().partition("\n")[0].partition(" ")
    match word:
        case "sleep":
            _sleep(float(argument))
        case "stall":
            if _is_first(origin):
                _sleep(float(argument))
        case "once":
            if _is_first(origin):
                raise LookupError("a passing trouble")
        case "hang":
            while True:
                pass
        case "stuck":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})  # beyond the reach of the soft limit
            time.sleep(600)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "segfault":
            ctypes.string_at(0)
        case "abort":
            os.abort()
        case "raise":
            raise LookupError("a secret that no event may quote")
        case "recurse":
            _recurse()
        case "hog":
            bytearray(1 << 40)
    return read(data, origin, *arguments)


def _is_first(origin: Origin) -> bool:
    with open(os.environ["BEGUN"]) as begun:
        return sum(line.startswith(f"{origin.path} ") for line in begun) == 1


def _sleep(duration_s: float) -> None:
    ends = time.monotonic() + duration_s
    while (left_s := ends - time.monotonic()) > 0:
        time.sleep(min(left_s, 0.05))


def _recurse() -> None:
    _recurse()


attempt.read = _faulty
if _dies := os.environ.get("DIES"):
    # Once, "before" or "after" a function of worker.attempts.Attempts, its "child" or the whole "worker" ends by SIGKILL.
    _when, _function, _who = _dies.split()
    _real = getattr(attempt.Attempts, _function)

    def _fatal(*arguments: Any) -> Any:
        result = _real(*arguments) if _when == "after" else None
        try:
            open(f"{os.environ['BEGUN']}.died", "x").close()
        except FileExistsError:
            return result if _when == "after" else _real(*arguments)
        os.kill(os.getpid(), signal.SIGKILL) if _who == "child" else os.killpg(0, signal.SIGKILL)
        return None

    setattr(attempt.Attempts, _function, _fatal)
