"""What Celery's own connections do where Redis is away or refuses: nothing stays in a worker's hand, and no wait grows long."""

import warnings
from collections.abc import Callable, Iterator
from queue import Empty
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import current_app, signals
from celery.exceptions import CPendingDeprecationWarning
from celery.worker.consumer.consumer import CANCEL_TASKS_BY_DEFAULT
from kombu.connection import Connection
from kombu.exceptions import OperationalError
from kombu.transport import virtual
from kombu.transport.redis import Channel, QoS, Transport
from structlog.testing import capture_logs

from delivery import celery_guard, queue_entry
from delivery.queue import celery_settings, make_app
from schemas.handover import HandOver

ERRORS = [
    redis.ConnectionError("away"),
    redis.exceptions.NoPermissionError("this user has no permissions to run the 'evalsha' command"),
    redis.ResponseError("NOREPLICAS Not enough good replicas to write."),
]


@pytest.fixture(autouse=True)
def guarded() -> None:
    celery_guard.apply()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "end", [lambda qos: qos.ack("1"), lambda qos: qos.reject("1", requeue=True)], ids=["ack", "reject"]
)
def test_what_cannot_be_given_back_is_in_nobodys_hand(
    error: Exception, end: Callable[[Any], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a worker that may have one at a time would take no other, and nothing would say so."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise error

    qos = QoS(SimpleNamespace(_tag_to_queue={}, do_restore=False), prefetch_count=1)  # type: ignore[no-untyped-call]
    virtual.QoS.append(qos, SimpleNamespace(), "1")  # type: ignore[no-untyped-call]
    assert not qos.can_consume()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(QoS, "_remove_from_indices", refuse)
    monkeypatch.setattr(QoS, "restore_by_tag", refuse)

    with pytest.raises(type(error)):
        end(qos)

    assert qos.can_consume()  # type: ignore[no-untyped-call]


def test_celery_does_not_advise_against_what_is_set_on_purpose(recwarn: pytest.WarningsRecorder) -> None:
    """Nine lines on the terminal each time that Redis was away; other warnings of the kind are still told."""
    warnings.filterwarnings("always", category=CPendingDeprecationWarning)  # as Celery's log does
    celery_guard.keep_quiet()

    warnings.warn(CANCEL_TASKS_BY_DEFAULT, CPendingDeprecationWarning, stacklevel=1)
    warnings.warn("another one", CPendingDeprecationWarning, stacklevel=1)

    assert [str(one.message) for one in recwarn] == ["another one"]


def test_tries_to_connect_again_are_never_far_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the server has been away; and a server that refuses is one to be connected to again."""
    waits: list[float] = []
    connection = Connection("redis://127.0.0.1:1/0")
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda seconds: None)

    with pytest.raises(OperationalError):
        connection.ensure_connection(lambda _error, wait_s: waits.append(wait_s), 6)  # type: ignore[no-untyped-call]

    assert waits[:3] == [1, 2, 3]
    assert set(waits[3:]) == {3}
    assert celery_settings("redis://127.0.0.1:1/0")["broker_channel_error_retry"] is True


@pytest.mark.parametrize("connection", [None, SimpleNamespace(client=None)])
def test_a_closed_connection_is_one_that_is_lost(connection: object) -> None:
    """Whether it is gone, or only its client: either is a reason to connect again."""
    with pytest.raises(redis.ConnectionError, match="the broker connection has been closed"):
        celery_guard._connparams(SimpleNamespace(connection=connection))


def test_every_app_of_the_queue_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is made; and it is nobody's but of who has asked for it."""
    guarded: list[bool] = []
    monkeypatch.setattr(celery_guard, "apply", lambda: guarded.append(True))
    before = current_app._get_current_object()
    app = make_app("reader", "redis://h:1/2", "gz")

    assert guarded == [True]
    assert (app.main, app.conf.broker_url, app.conf.worker_enable_remote_control) == ("reader", "redis://h:1/2", False)
    assert app.conf.broker_transport_options == celery_settings("redis://h:1/2", "gz")["broker_transport_options"]
    assert current_app._get_current_object() is before


@pytest.fixture
def dropped() -> Iterator[list[Exception]]:
    """The errors of what was dropped, as those are told who count tasks."""
    errors: list[Exception] = []

    def hear(exc: Exception, message: object, **_: object) -> None:
        assert message is None
        errors.append(exc)

    signals.task_rejected.connect(hear)
    yield errors
    signals.task_rejected.disconnect(hear)


def failing(error: Exception | None, calls: list[Any]) -> Callable[..., Any]:
    """Takes down what it is called with, and fails where there is an error."""

    def call(*arguments: Any, **options: Any) -> Any:
        calls.append((*arguments, *options.items()))
        if error:
            raise error
        return "done"

    return call


NOT_UNDERSTOOD = [ValueError(), TypeError(), KeyError(), AttributeError(), OverflowError(), RecursionError()]
GOOD = queue_entry.written("id", HandOver(id="d", revision=1, path="a", sha256="", size_bytes=0), "tag")


@pytest.mark.parametrize("error", NOT_UNDERSTOOD, ids=lambda error: type(error).__name__)
def test_what_cannot_be_understood_is_dropped_and_told(
    error: Exception, dropped: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is read, as it is handed on and as it is given back; nothing of it is in hand afterwards."""
    calls: list[Any] = []
    for name in ("_original_read", "_original_deliver", "_original_restore"):
        monkeypatch.setattr(celery_guard, name, failing(error, calls))
    removed = SimpleNamespace(execute=lambda: calls.append("removed"))
    holder = SimpleNamespace(_remove_from_indices=lambda tag: calls.append(tag) or removed)  # type: ignore[func-returns-value]
    channels = [
        SimpleNamespace(qos=SimpleNamespace(_delivered=tags), basic_reject=failing(None, calls))
        for tags in ({"other": 1}, {"tag": 1})
    ]
    with capture_logs() as logs:
        with pytest.raises(Empty):
            Channel._brpop_read("channel", timeout=3)  # type: ignore[arg-type, call-arg]
        Transport._deliver(SimpleNamespace(channels=channels), GOOD, "reports")  # type: ignore[arg-type]
        QoS.restore_by_tag(holder, "tag", "client", leftmost=True)  # type: ignore[arg-type]

    kind = type(error).__name__
    assert [line["why"] for line in logs] == [
        f"entry: {kind}",
        f"Celery does not take it: {kind}",
        f"taken by a worker, and not to be given back: {kind}",
    ]
    assert {(line["event"], line["log_level"]) for line in logs} == {("no_hand_over", "error")}
    assert dropped == [error] * 3
    assert calls[0] == ("channel", ("timeout", 3))
    assert calls[1][1:] == (GOOD | {"body": calls[1][1]["body"]}, "reports")
    assert calls[2:] == [("tag", ("requeue", False)), (holder, "tag", "client", ("leftmost", True)), "tag", "removed"]


@pytest.mark.parametrize("error", [None, redis.ConnectionError("away")])
def test_what_is_understood_goes_on_as_in_celery(
    error: Exception | None, dropped: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is away is no reason to drop anything."""
    calls: list[Any] = []
    for name in ("_original_read", "_original_deliver", "_original_restore"):
        monkeypatch.setattr(celery_guard, name, failing(error, calls))
    for end in (
        lambda: Channel._brpop_read("channel"),  # type: ignore[arg-type]
        lambda: Transport._deliver(SimpleNamespace(), GOOD, "reports"),  # type: ignore[arg-type]
        lambda: QoS.restore_by_tag(SimpleNamespace(), "tag"),  # type: ignore[arg-type]
    ):
        if error is None:
            end()
            continue
        with pytest.raises(redis.ConnectionError):
            end()
    assert (len(calls), dropped) == (3, [])


def test_what_is_no_hand_over_does_not_reach_celery(dropped: list[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(celery_guard, "_original_deliver", failing(None, calls))
    with capture_logs() as logs:
        Transport._deliver(SimpleNamespace(), {**GOOD, "headers": 7}, "reports")  # type: ignore[arg-type]

    assert calls == []
    assert [line["why"] for line in logs] == ["headers: model_type"]
    assert [type(error) for error in dropped] == [queue_entry.NoHandOver]


@pytest.mark.parametrize("name", ["_original_ack", "_original_reject"])
@pytest.mark.parametrize("asked", [True, False])
def test_what_is_given_back_is_given_back_as_asked(name: str, monkeypatch: pytest.MonkeyPatch, *, asked: bool) -> None:
    """With nothing of its own where all goes well."""
    calls: list[Any] = []
    monkeypatch.setattr(celery_guard, name, failing(None, calls))
    if name == "_original_ack":
        QoS.ack("qos", "tag")  # type: ignore[arg-type]
    else:
        QoS.reject("qos", "tag", **({"requeue": True} if asked else {}))  # type: ignore[arg-type]
    assert calls == [("qos", "tag", *([asked] if name == "_original_reject" else []))]


@pytest.mark.parametrize("options", [{}, {"asynchronous": True}])
def test_an_open_connection_is_asked_as_in_kombu(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(celery_guard, "_original", failing(None, calls))
    channel = SimpleNamespace(connection=SimpleNamespace(client="client"))
    assert Channel._connparams(channel, **options) == "done"  # type: ignore[arg-type]
    assert calls == [(channel, bool(options))]
