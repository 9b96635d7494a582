"""What the handler of the time limit raises comes out, whoever caught it on the way."""

import os
import signal
import threading
from collections.abc import Callable, Iterator

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from billiard.pool import SIG_SOFT_TIMEOUT, soft_timeout_sighandler

from worker import time_limit
from worker.errors import BadReport


@pytest.fixture
def limited() -> Iterator[None]:
    """As in a process of the pool."""
    before = signal.signal(time_limit.SIGNAL, soft_timeout_sighandler)
    yield
    signal.signal(time_limit.SIGNAL, before)


def time_is_up() -> None:
    os.kill(os.getpid(), time_limit.SIGNAL)


def swallows_all() -> None:
    try:
        time_is_up()
    except Exception:
        return


def makes_it_a_refusal() -> None:
    try:
        time_is_up()
    except Exception as error:
        raise BadReport("damaged_file", "decode", "a page may be missing") from error


def stumbles_afterwards() -> None:
    swallows_all()
    raise KeyError("what was to be read")


class _Finalized:
    def __del__(self) -> None:
        time_is_up()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def finalizes() -> None:
    _Finalized()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("read", [time_is_up, swallows_all, makes_it_a_refusal, stumbles_afterwards, finalizes])
def test_no_one_swallows_it(limited: None, read: Callable[[], None]) -> None:
    with pytest.raises(SoftTimeLimitExceeded), time_limit.kept():
        read()


def test_it_tells_where_it_struck(limited: None) -> None:
    with pytest.raises(SoftTimeLimitExceeded) as caught, time_limit.kept():
        swallows_all()

    assert "swallows_all" in [entry.name for entry in caught.traceback]


@pytest.mark.parametrize("error", [BadReport("empty", "decode", "0 bytes"), KeyboardInterrupt()])
def test_other_errors_stay_what_they_are(limited: None, error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, time_limit.kept():
        raise error

    assert caught.value is error


def test_the_handler_is_back_afterwards(limited: None) -> None:
    with time_limit.kept():
        pass
    with pytest.raises(SoftTimeLimitExceeded), time_limit.kept():
        time_is_up()

    assert signal.getsignal(time_limit.SIGNAL) is soft_timeout_sighandler


def test_a_handler_is_given_what_the_signal_came_with() -> None:
    given: list[tuple[object, bool]] = []
    before = signal.signal(time_limit.SIGNAL, lambda number, frame: given.append((number, frame is not None)))
    try:
        with time_limit.kept():
            time_is_up()
    finally:
        signal.signal(time_limit.SIGNAL, before)

    assert given == [(time_limit.SIGNAL, True)]


def test_without_a_limit_nothing_changes() -> None:
    before = signal.getsignal(time_limit.SIGNAL)
    with time_limit.kept():
        assert signal.getsignal(time_limit.SIGNAL) is before


def test_in_another_thread_nothing_changes(limited: None) -> None:
    """Signals are handled in the main thread alone."""
    done: list[bool] = []

    def run() -> None:
        with time_limit.kept():
            done.append(signal.getsignal(time_limit.SIGNAL) is soft_timeout_sighandler)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    assert done == [True]


def test_it_is_the_signal_of_the_pool() -> None:
    assert time_limit.SIGNAL == SIG_SOFT_TIMEOUT
