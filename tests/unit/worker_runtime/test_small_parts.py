"""The parts of a worker that are a table, a number or a call of somebody else's."""

import gc
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from billiard.exceptions import WorkerLostError
from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool
from celery.worker.request import Request

from delivery.attempt_log import Ending
from schemas.events import ProgressEvent
from schemas.handover import HandOver
from worker import foreign_readers, last_words, pool
from worker.collecting import collect_less
from worker.errors import OUT_OF_TIME, BadReport, Exhausted, IngestError, Unavailable
from worker.last_words import Watched, death
from worker.steps import Steps
from worker.tools import load_tools

HANDOVER = HandOver(id="d1", revision=2, path="a/b.txt", sha256="0" * 64, size_bytes=7, round=4)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("signal 9 (SIGKILL) Job: 3", "signal 9 (SIGKILL), by somebody, or by the kernel for want of memory"),
        ("signal 6 (SIGABRT)", "signal 6 (SIGABRT), as a library does that is refused memory"),
        ("signal 11 (SIGSEGV)", "signal 11 (SIGSEGV), a library has crashed"),
        ("signal 7 (SIGBUS)", "signal 7 (SIGBUS), a library has crashed"),
        ("signal 15 (SIGTERM)", "signal 15 (SIGTERM)"),
        ("exitcode 155 Job: 3", "exitcode 155"),
        ("exit code 1", "exit code 1"),
        ("no idea", "nobody saw how"),
    ],
)
def test_how_a_process_died(seen: str, told: str) -> None:
    assert death(f"Worker exited prematurely: {seen}.") == f"its process died without a word: {told}"


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is noted, and what goes on to Celery."""
    told: list[Any] = []
    monkeypatch.setattr(last_words, "_client", lambda: "client")
    monkeypatch.setattr("worker.last_words.attempt_log.note_death", lambda *about: told.append(about))
    monkeypatch.setattr(Request, "on_timeout", lambda _self, *about: told.append(about))

    def on_failure(_self: Any, *about: Any, **options: Any) -> str:
        told.append((*about, options))
        return "done"

    monkeypatch.setattr(Request, "on_failure", on_failure)
    monkeypatch.setattr(Watched, "args", [HANDOVER.model_dump()], raising=False)
    return told


def test_the_hard_time_limit_is_noted_before_the_process_is_killed(noted: list[Any]) -> None:
    """Of the soft one the process tells by itself."""
    request = Watched.__new__(Watched)
    request.on_timeout(soft=True, timeout=60.0)
    request.on_timeout(soft=False, timeout=90.0)

    why = "its process was killed over the hard time limit of 90 s (ZHIBIAO_HARD_TIME_LIMIT_S)"
    assert noted == [(True, 60.0), ("client", HANDOVER, Ending(why, OUT_OF_TIME)), (False, 90.0)]


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_a_death_is_noted_and_an_error_of_the_task_is_not(noted: list[Any], *, is_wrapped: bool) -> None:
    request = Watched.__new__(Watched)
    lost, raised = (
        SimpleNamespace(exception=SimpleNamespace(exc=error) if is_wrapped else error)
        for error in (WorkerLostError("signal 11 (SIGSEGV)"), ValueError("no"))
    )

    assert request.on_failure(raised, "a", b=1) == "done"
    assert noted == [(raised, "a", {"b": 1})]
    request.on_failure(lost)
    assert noted[1:] == [("client", HANDOVER, Ending(death("signal 11 (SIGSEGV)"))), (lost, {})]


@pytest.mark.parametrize("args", [[], [{"id": 3}], [None]])
def test_what_cannot_be_noted_holds_nothing_up(
    noted: list[Any], monkeypatch: pytest.MonkeyPatch, args: list[Any]
) -> None:
    monkeypatch.setattr(Watched, "args", args, raising=False)
    Watched.__new__(Watched).on_timeout(soft=False, timeout=90.0)

    assert noted == [(False, 90.0)]


def test_the_pool_looks_again_soon_after_a_process_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(AsynPool, "_event_process_exit", lambda _self, *about: told.append(about))
    monkeypatch.setattr(TaskPool, "Pool", AsynPool)
    pool.apply()
    one = TaskPool.Pool.__new__(TaskPool.Pool)
    hub = SimpleNamespace(call_later=lambda *about: told.append(about))
    one._event_process_exit(hub, "process")

    assert told == [(hub, "process"), (0.1, one.maintain_pool), (0.5, one.maintain_pool)]


@pytest.fixture
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("thresholds")
def test_cycles_are_looked_for_seldom() -> None:
    """The youngest objects at least seventy times more seldom than by Python's own thresholds, the others more seldom, too."""
    gc.set_threshold(700, 10, 10)
    collect_less()

    assert gc.get_threshold() == (50_000, 20, 100)


def test_readers_of_others_are_there_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(name="wps", origin="zhibiao-wps 1.0", load=lambda: None)
    monkeypatch.setattr("worker.foreign_readers.plugins.installed", lambda kind: [found] if "reader" in kind else [])
    (reader,) = foreign_readers.tools_with_plugins(wanted=True).readers

    assert [getattr(reader, name) for name in reader.__dataclass_fields__] == [found.name, found.origin, found.load]
    assert foreign_readers.tools_with_plugins(wanted=False) is load_tools()


class Publisher:
    def __init__(self, *, is_heard: bool) -> None:
        self.is_heard = lambda: is_heard
        self.sent: list[ProgressEvent] = []
        self.progress = self.sent.append


def test_steps_are_told_to_who_listens() -> None:
    """When they start, and what they took in milliseconds; each under an id of its own."""
    now = datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)
    publisher = Publisher(is_heard=True)
    steps = Steps(publisher, HANDOVER, lambda: now)  # type: ignore[arg-type]
    steps.stage("clean", None)
    steps.stage("clean", 1.234_567_8)
    steps.finished("publish", detail="again")

    assert [(one.data.stage, one.data.state, one.data.elapsed_ms, one.data.detail) for one in publisher.sent] == [
        ("clean", "started", None, None), ("clean", "finished", 1234.568, None), ("publish", "finished", None, "again"),
    ]  # fmt: skip
    assert {(one.subject, one.time, one.data.id, one.data.revision, one.data.path) for one in publisher.sent} == {
        ("a/b.txt", now, "d1", 2, "a/b.txt")
    }
    assert publisher.sent[0].id == f"d1-2-4-clean-started-{now.timestamp():.6f}"
    deaf = Publisher(is_heard=False)
    silent = Steps(deaf, HANDOVER, lambda: now)  # type: ignore[arg-type]
    silent.stage("clean", None)
    silent.stage("clean", 1.0)
    silent.finished("clean")
    assert deaf.sent == []


@pytest.mark.parametrize("kind", [BadReport, Exhausted, Unavailable])
def test_an_error_survives_the_queue(kind: type[IngestError]) -> None:
    error = pickle.loads(pickle.dumps(kind("cut_off", "decode", "it ends early", "page 3")))  # noqa: S301 - its own

    assert (type(error), error.code, error.stage, error.message, error.place) == (
        kind,
        "cut_off",
        "decode",
        "it ends early",
        "page 3",
    )
    assert str(error) == "stage decode at page 3: it ends early"
