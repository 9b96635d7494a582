"""One thread renews the leases of a process, one after the other."""

import queue
import threading
from collections.abc import Iterator

import pytest
import redis

from delivery.lease import Lease
from tests.waiting import LONG_S
from worker import lease_renewal
from worker.lease_renewal import Keeper


class Told(Lease):
    """A lease that tells who renews it."""

    renewals: "queue.SimpleQueue[tuple[Lease, str]]"
    fails: bool

    def renew(self, now_s: float, heartbeat_ttl_s: float) -> None:
        self.renewals.put((self, threading.current_thread().name + str(threading.get_ident())))
        if self.fails:
            raise redis.ConnectionError("away")


def lease(name: str, renewals: "queue.SimpleQueue[tuple[Lease, str]]", *, fails: bool = False) -> Told:
    made = Told(None, None, name)  # type: ignore[arg-type]
    object.__setattr__(made, "renewals", renewals)
    object.__setattr__(made, "fails", fails)
    return made


@pytest.fixture
def renewals() -> Iterator["queue.SimpleQueue[tuple[Lease, str]]"]:
    return queue.SimpleQueue()  # type: ignore[return-value]


@pytest.mark.parametrize("names", ["ab", "abcd"])
def test_each_lease_is_renewed_at_once_by_the_same_thread(
    renewals: "queue.SimpleQueue[tuple[Lease, str]]", names: str
) -> None:
    keeper = Keeper()
    threads = set()
    for name in names:
        with keeper.held(lease(name, renewals)):
            renewed, thread = renewals.get(timeout=LONG_S)
            assert renewed.delivery_tag == name
            threads.add(thread)
    assert len(threads) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_a_lease_is_renewed_for_as_long_as_it_is_held(
    renewals: "queue.SimpleQueue[tuple[Lease, str]]", monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    """Also where Redis is away; and never after its end."""
    monkeypatch.setattr(lease_renewal, "RENEW_EVERY_S", 0.01)
    keeper = Keeper()
    with keeper.held(lease("first", renewals, fails=fails)):
        for _ in range(3):
            assert renewals.get(timeout=LONG_S)[0].delivery_tag == "first"
    while not renewals.empty():
        renewals.get()
    with keeper.held(lease("second", renewals)):
        for _ in range(3):
            assert renewals.get(timeout=LONG_S)[0].delivery_tag == "second"


def test_the_block_is_left_only_when_no_renewal_is_on_its_way(
    renewals: "queue.SimpleQueue[tuple[Lease, str]]",
) -> None:
    """What is told of the task's end would otherwise come before a last sign of life."""
    may_go_on, ended = threading.Event(), []

    class Slow(Told):
        def renew(self, now_s: float, heartbeat_ttl_s: float) -> None:
            super().renew(now_s, heartbeat_ttl_s)
            may_go_on.wait(LONG_S)
            ended.append(self)

    slow = Slow(None, None, "slow")  # type: ignore[arg-type]
    object.__setattr__(slow, "renewals", renewals)
    object.__setattr__(slow, "fails", False)
    with Keeper().held(slow):
        renewals.get(timeout=LONG_S)
        threading.Timer(0.05, may_go_on.set).start()
    assert ended == [slow]
