"""The content that lies in the inbox last is what consumers have last, also where it was published before."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas import names
from schemas.ids import document_id
from tests.watcher_rig import QUEUE, Rig, Worker, _decode, report_event, sha256, wait_for

pytestmark = pytest.mark.service


@pytest.fixture
def rig(tmp_path: Path, redis_url: str) -> Iterator[Rig]:
    with Rig(tmp_path, redis_url) as rig:
        yield rig


def put(rig: Rig, name: str, content: bytes) -> None:
    """Drop a file and wait until it is filed."""
    known = len(rig.rows(name))
    rig.drop(name, content)
    wait_for(lambda: len(rig.rows(name)) > known and rig.is_filed(name), what=f"{name}: {content!r}")


def envelopes(rig: Rig) -> list[dict[str, Any]]:
    entries: Any = rig.redis.xrange(names.DEFAULT.results_stream)
    events = [json.loads(fields[names.EVENT_FIELD]) for _, fields in entries]
    return [{key: value for key, value in event.items() if key != "time"} for event in events]


def latest(rig: Rig, name: str) -> str:
    """The digest that a consumer of the keys finds for a document."""
    document = document_id(name)
    report: Any = rig.redis.get(
        names.DEFAULT.report_key(document, int(rig.redis.get(names.DEFAULT.latest_key(document)) or 0))
    )
    digest: str = json.loads(report)["source"]["sha256"]
    return digest


@pytest.mark.parametrize(
    "contents", [(b"11", b"12", b"11"), (b"56", b"565656", "已撤回".encode(), b"565656", b"56", b"565656")]
)
def test_content_set_back_is_published_again(rig: Rig, contents: tuple[bytes, ...]) -> None:
    """Each time with an id of its own, the same after Redis has lost everything; once more the same is a duplicate."""
    rig.start()
    with Worker(rig.url, rig.inbox) as worker:
        for content in contents:
            put(rig, "r.txt", content)
            assert latest(rig, "r.txt") == sha256(content)
        put(rig, "r.txt", contents[-1])
    events = envelopes(rig)
    data = [event["data"] for event in events]
    numbered = [*enumerate(contents, start=1)]
    before = [[at for at, old in numbered[: now - 1] if old == content] or [None] for now, content in numbered]

    assert [one["revision"] for one in data] == [*range(1, len(contents) + 1)]
    assert [one["supersedes"] for one in data] == [None, *range(1, len(contents))]
    assert [one["repeats"] for one in data] == [found[-1] for found in before]
    assert len({event["id"] for event in events}) == len(contents)
    assert len(worker.handled) == len(contents)
    rig.assert_invariants({"r.txt": contents[-1]})
    rig.redis.flushall()
    wait_for(lambda: envelopes(rig) == events, what="restored")
    assert latest(rig, "r.txt") == sha256(contents[-1])


@pytest.mark.parametrize("content", [b"21", "更正".encode()])
def test_another_documents_content_replaces_ones_own(rig: Rig, content: bytes) -> None:
    rig.start()
    with Worker(rig.url, rig.inbox):
        put(rig, "x1.txt", content)
        put(rig, "x2.txt", b"own")
        put(rig, "x2.txt", content)
        put(rig, "x3.txt", content)
        put(rig, "x2.txt", b"own")

    results = [("x1.txt", 1), ("x2.txt", 1), ("x2.txt", 2), ("x2.txt", 3)]
    assert [(path, revision) for path, revision, _ in rig.results()] == results
    assert [one["repeats"] for one in rig.events()] == [None, None, None, 1]
    assert latest(rig, "x2.txt") == sha256(b"own")
    assert rig.state_of("x3.txt") == "duplicate"


def test_what_nobody_saw_in_between_is_no_news(rig: Rig) -> None:
    """Another content came and went while the watcher was away."""
    rig.start()
    with Worker(rig.url, rig.inbox):
        put(rig, "a.txt", b"one")
        rig.stop()
        rig.drop("a.txt", b"two")
        rig.drop("a.txt", b"one")
        rig.start()
        wait_for(lambda: len(rig.rows("a.txt")) == 2 and rig.is_filed("a.txt"))

    assert rig.results() == [("a.txt", 1, sha256(b"one"))]
    assert rig.state_of("a.txt") == "duplicate"


@pytest.mark.parametrize("is_killed", [False, True])
def test_put_back_while_all_is_still_queued(rig: Rig, *, is_killed: bool) -> None:
    """Nothing has been read when the first content is back: what comes out last is the last."""
    rig.start()
    for number, content in enumerate((b"one", b"two", b"one"), start=1):
        rig.drop("a.txt", content)
        wait_for(lambda number=number: rig.redis.llen(QUEUE) == number)  # type: ignore[misc]
    if is_killed:
        rig.restart()
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.is_filed("a.txt") and rig.rows("a.txt")[0].revision == 3)
        wait_for(lambda: rig.counts().get("queued", 0) == 0)

    assert latest(rig, "a.txt") == sha256(b"one")
    assert rig.results()[-1] == ("a.txt", 3, sha256(b"one"))
    rig.assert_invariants({"a.txt": b"one"})


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_slow_worker_does_not_have_the_last_word(rig: Rig, *, is_killed: bool) -> None:
    """It had read the content in between, was taken for dead, and publishes after the first content has come back."""
    rig.start()
    worker = Worker(rig.url, rig.inbox)
    with worker:
        put(rig, "a.txt", b"one")
    rig.drop("a.txt", b"two")
    taken: list[Any] = []
    wait_for(lambda: taken.append(rig.redis.lpop(QUEUE)) or taken[-1])
    slow = _decode(taken[-1])
    rig.drop("a.txt", b"one")
    wait_for(lambda: rig.rows("a.txt")[0].revision == 3)
    if is_killed:
        rig.restart()
    worker._publisher.report(report_event(slow), slow)
    with Worker(rig.url, rig.inbox):
        wait_for(lambda: rig.is_filed("a.txt") and rig.state_of("a.txt") == "published")

    assert latest(rig, "a.txt") == sha256(b"one")
    assert [revision for _, revision, _ in rig.results()] == [1, 2, 3]
    rig.assert_invariants({"a.txt": b"one"})
