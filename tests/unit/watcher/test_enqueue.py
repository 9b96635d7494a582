"""The outbox, with a queue that fails when told to."""

import pytest

from schemas.handover import HandOver
from tests.unit.watcher.conftest import Desk
from watcher.enqueue import Outbox


class FakeQueue:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.sent_paths: list[str] = []
        self.alive: set[str] = set()
        self.waiting = 0
        self.is_away = False

    def send(self, handover: HandOver) -> None:
        if self.is_away:
            raise ConnectionError
        self.sent_paths.append(handover.path)

    def depth(self) -> int:
        return self.waiting

    def is_alive(self, handover: HandOver) -> bool:
        return handover.path in self.alive

    def sent(self, handover: HandOver) -> None:
        pass


@pytest.fixture
def queue() -> FakeQueue:
    return FakeQueue()


@pytest.fixture
def outbox(desk: Desk, queue: FakeQueue) -> Outbox:
    return Outbox(desk.ledger, queue, lambda: desk.now, max_outstanding=2, newest_first=False, redeliver_after_s=60)


def states(desk: Desk) -> list[str]:
    return [desk.ledger.find(name)[0].state for name in ("a", "b", "c")]


@pytest.fixture
def _three(desk: Desk) -> None:
    for name in ("a", "b", "c"):
        desk.accept(name, name.encode())


@pytest.mark.usefixtures("_three")
def test_no_more_than_the_limit_is_outstanding(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    assert (outbox.send_accepted(), outbox.send_accepted()) == (2, 0)
    assert states(desk) == ["queued", "queued", "accepted"]
    desk.ledger.advance(desk.ledger.find("a")[0].id, "published", 101)
    assert outbox.send_accepted() == 1
    assert queue.sent_paths == ["a", "b", "c"]


@pytest.mark.usefixtures("_three")
def test_a_row_stays_accepted_until_the_broker_has_it(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    queue.is_away = True
    with pytest.raises(ConnectionError):
        outbox.send_accepted()

    assert states(desk) == ["accepted"] * 3


@pytest.mark.usefixtures("_three")
def test_silent_hand_overs_are_repeated(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    """Neither those at a worker nor those that are still in the queue."""
    outbox.send_accepted()
    desk.now += 59
    assert outbox.repeat_lost() == []
    desk.now += 1
    queue.alive = {"a"}
    queue.waiting = 1
    assert outbox.repeat_lost() == []
    queue.waiting = 0
    assert [row.path for row in outbox.repeat_lost()] == ["b"]
    assert [(row.state, row.sends) for row in desk.ledger.find("b")] == [("queued", 2)]
    assert outbox.repeat_lost() == []
