"""The outbox, with a queue that fails when told to."""

from collections.abc import Callable, Sequence

import pytest

from delivery.holdings import Holdings
from delivery.queue import task_id
from schemas.handover import HandOver
from tests.unit.watcher.conftest import Desk
from watcher.ledger.rows import FileRow
from watcher.sending.enqueue import ON_ITS_WAY_S, Outbox


class FakeQueue:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.sent_paths: list[str] = []
        self.alive: set[str] = set()
        self.taken_back: list[str] = []
        self.held = Holdings()
        self.is_away = False
        self.on_sent: Callable[[], object] = lambda: None

    def send(self, handovers: Sequence[HandOver]) -> None:
        if self.is_away:
            raise ConnectionError
        self.sent_paths += [handover.path for handover in handovers]
        self.on_sent()

    def holdings(self) -> Holdings:
        return self.held

    def take_from_worker(self, handover: HandOver) -> None:
        self.taken_back.append(handover.path)

    def is_alive(self, handover: HandOver) -> bool:
        return handover.path in self.alive

    def sent(self, handovers: Sequence[HandOver]) -> None:
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


@pytest.mark.parametrize(
    ("most", "ended", "waits", "has_room"),
    [(8, 1, True, False), (8, 2, True, True), (8, 2, False, False), (1, 0, True, False), (1, 1, True, True)],
)
def test_room_for_what_waits_is_worth_a_pass_once_some_of_it_is_free(
    desk: Desk,
    queue: FakeQueue,
    most: int,
    ended: int,
    waits: bool,  # noqa: FBT001
    has_room: bool,  # noqa: FBT001
) -> None:
    outbox = Outbox(desk.ledger, queue, lambda: desk.now, max_outstanding=most, newest_first=False, redeliver_after_s=9)
    rows = [desk.accept(str(number), str(number).encode()) for number in range(most + waits)]
    assert outbox.send_accepted() == most
    for row in rows[:ended]:
        desk.ledger.advance(row.id, "published", 101)
    assert outbox.has_room_for_many() is has_room


@pytest.mark.usefixtures("_three")
def test_a_row_stays_accepted_until_the_broker_has_it(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    queue.is_away = True
    with pytest.raises(ConnectionError):
        outbox.send_accepted()

    assert states(desk) == ["accepted"] * 3


class Killed(Exception):
    """The end of the process."""


@pytest.mark.parametrize("is_killed", [False, True])
def test_content_that_comes_back_while_another_is_being_handed_over_goes_behind_it(
    desk: Desk, queue: FakeQueue, outbox: Outbox, *, is_killed: bool
) -> None:
    """A worker may have that in hand already, whether or not it was written down that the queue has it."""
    first = desk.accept("a", b"one")
    desk.ledger.advance(first.id, "published", 101, in_inbox=0, event_id="e1")
    second = desk.accept("a", b"two")

    def come_back() -> None:
        if is_killed:
            raise Killed
        assert desk.take("a", b"one").result == "accepted"

    queue.on_sent = come_back
    if is_killed:
        with pytest.raises(Killed):
            outbox.send_accepted()
        assert desk.take("a", b"one").result == "accepted"
    else:
        outbox.send_accepted()
    last, between = desk.ledger.find("a")[:2]
    assert (last.revision, last.repeats) == (3, 1)
    assert (between.id, between.state, between.sends) == (second.id, "superseded", 1)


@pytest.mark.usefixtures("_three")
def test_a_hand_over_that_the_broker_did_not_take_is_not_counted(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    queue.is_away = True
    for _ in range(3):
        with pytest.raises(ConnectionError):
            outbox.send_accepted()
    queue.is_away = False
    outbox.send_accepted()

    assert [desk.ledger.find(name)[0].sends for name in ("a", "b", "c")] == [1, 1, 0]


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize(
    ("waiting", "taken", "again"), [("ab", "", ""), ("a", "b", ""), ("", "a", "b"), ("", "", "ab")]
)
def test_of_those_that_may_have_gone_only_the_others_are_sent_again(
    desk: Desk, queue: FakeQueue, outbox: Outbox, waiting: str, taken: str, again: str
) -> None:
    """A broker that did not answer may have them, in part; so may one whose watcher was killed."""

    def end() -> None:
        raise Killed

    queue.on_sent = end
    with pytest.raises(Killed):
        outbox.send_accepted()
    queue.on_sent, queue.sent_paths = lambda: None, []
    queue.held = Holdings(waiting=tasks(desk, *waiting), taken=tasks(desk, *taken))
    assert outbox.send_accepted() == 2
    assert queue.sent_paths == [*again]
    assert [(desk.ledger.find(name)[0].state, desk.ledger.find(name)[0].sends) for name in "ab"] == [("queued", 1)] * 2


def tasks(desk: Desk, *names: str) -> frozenset[str]:
    return frozenset(task_id(desk.ledger.find(name)[0].hand_over()) for name in names)


def paths(rows: list[FileRow]) -> list[str]:
    return [row.path for row in rows]


@pytest.mark.usefixtures("_three")
def test_lost_hand_overs_are_repeated(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    """Not at first sight, for it may be on its way; neither those in the queue nor those at a worker."""
    outbox.send_accepted()
    queue.held = Holdings(waiting=tasks(desk, "a"))
    assert outbox.repeat_lost() == []
    desk.now += 10
    assert outbox.repeat_lost() == []
    queue.alive = {"b"}
    desk.now += ON_ITS_WAY_S
    assert outbox.repeat_lost() == []
    queue.alive = set()
    assert outbox.repeat_lost() == []
    desk.now += ON_ITS_WAY_S
    assert paths(outbox.repeat_lost()) == ["b"]
    assert [(row.state, row.sends) for row in desk.ledger.find("b")] == [("queued", 2)]
    desk.now += ON_ITS_WAY_S
    assert outbox.repeat_lost() == []


@pytest.mark.usefixtures("_three")
def test_what_a_worker_has_taken_is_its_own_for_a_while(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    outbox.send_accepted()
    queue.held = Holdings(waiting=tasks(desk, "a"), taken=tasks(desk, "b"))
    desk.now += ON_ITS_WAY_S
    assert outbox.repeat_lost(at_once=True) == []
    desk.now += 59
    assert outbox.repeat_lost() == []
    assert queue.taken_back == []
    desk.now += 1
    assert paths(outbox.repeat_lost()) == ["b"]
    assert queue.taken_back == ["b"]


@pytest.mark.usefixtures("_three")
def test_an_end_between_taking_back_and_sending_loses_nothing(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    """What was taken from a dead worker is nowhere then, and is sent like any other that was lost."""
    outbox.send_accepted()
    queue.held = Holdings(waiting=tasks(desk, "a"), taken=tasks(desk, "b"))
    desk.now += ON_ITS_WAY_S
    outbox.repeat_lost()
    desk.now += 60
    queue.is_away = True
    with pytest.raises(ConnectionError):
        outbox.repeat_lost()
    assert queue.taken_back == ["b"]
    queue.held, queue.is_away = Holdings(waiting=tasks(desk, "a")), False
    assert paths(outbox.repeat_lost()) == ["b"]


@pytest.mark.usefixtures("_three")
def test_after_a_loss_of_everything_nothing_is_waited_for(desk: Desk, queue: FakeQueue, outbox: Outbox) -> None:
    outbox.send_accepted()
    queue.alive = {"a"}
    assert paths(outbox.repeat_lost(at_once=True)) == ["b"]


@pytest.mark.usefixtures("_three")
def test_a_clock_that_is_set_back_hides_no_loss(desk: Desk, outbox: Outbox) -> None:
    outbox.send_accepted()
    desk.now += 1000
    assert outbox.repeat_lost() == []
    desk.now -= 5000
    assert outbox.repeat_lost() == []
    desk.now += ON_ITS_WAY_S
    assert paths(outbox.repeat_lost()) == ["a", "b"]
