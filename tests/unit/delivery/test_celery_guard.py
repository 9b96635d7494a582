"""What Celery's own connections do where Redis is away or refuses: nothing stays in a worker's hand, and no wait grows long."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import current_app
from kombu.connection import Connection
from kombu.exceptions import OperationalError
from kombu.transport import virtual
from kombu.transport.redis import QoS

from delivery import celery_guard
from delivery.queue import celery_settings, make_app

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
