"""Only one hand-over for the one task passes from the queue to Celery, whatever lies there."""

import base64
import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.queue import make_app, task_id
from delivery.queue_entry import LONGEST_WAIT, NoHandOver, checked, written
from schemas import names
from schemas.handover import HandOver

NOW = datetime(2024, 3, 1, tzinfo=UTC)
HANDOVER = HandOver(id="d0c", revision=2, path="年报.txt", sha256="ab", size_bytes=7)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def entry(body: object = None, **headers: Any) -> dict[str, Any]:
    """What Celery's own end writes, as JSON."""
    app = make_app("test", "redis://127.0.0.1:1/0")
    arguments = [HANDOVER.model_dump(mode="json")]
    message = app.amqp.create_task_message(task_id(HANDOVER), names.READ_TASK, arguments, {})
    content = json.dumps(message.body if body is None else body).encode()
    return {
        "body": base64.b64encode(content).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {**message.headers, **headers},
        "properties": {
            **message.properties,
            "delivery_info": {"exchange": "", "routing_key": names.QUEUE},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": "5c1f",
        },
    }


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))


def put(value: Any, path: tuple[Any, ...], odd: object) -> Any:
    if not path:
        return odd
    changed = copy.deepcopy(value)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = odd
    return changed


@pytest.mark.parametrize(
    "handover", [HANDOVER, HANDOVER.model_copy(update={"repeats": 1, "round": 3, "keep": True, "queued_at": NOW})]
)
def test_what_we_write_is_what_is_made_of_what_celery_would_write(handover: HandOver) -> None:
    theirs = entry([[handover.model_dump(mode="json")], {}, dict.fromkeys(("callbacks", "errbacks", "chain", "chord"))])
    ours = written(task_id(HANDOVER), handover, "5c1f")
    assert ours == checked(theirs, NOW) == checked(json.loads(json.dumps(ours)), NOW)


def test_what_celery_writes_passes_with_all_that_is_used_of_it() -> None:
    made = checked(entry(retries=3, redelivered=True), NOW)
    body = json.loads(base64.b64decode(made["body"]))
    assert HandOver.model_validate(body[0][0]) == HANDOVER
    assert made["headers"]["id"] == task_id(HANDOVER)
    assert (made["headers"]["retries"], made["headers"]["redelivered"]) == (3, True)
    assert made["properties"]["delivery_tag"] == "5c1f"
    assert checked(made, NOW) == made


@pytest.mark.parametrize(
    ("far", "kept"), [(timedelta(seconds=9), timedelta(seconds=9)), (timedelta(days=9), LONGEST_WAIT)]
)
def test_none_waits_longer_than_the_queue_would_let_it(far: timedelta, kept: timedelta) -> None:
    made = checked(entry(eta=(NOW + far).isoformat()), NOW)
    assert datetime.fromisoformat(made["headers"]["eta"]) == NOW + kept


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], 7, "", [[]], [[{}], {}, {}], [[HANDOVER.model_dump(mode="json")], {"more": 1}, {}]),
        [[{**HANDOVER.model_dump(mode="json"), "revision": 10**40}], {}, {}],
        [[HANDOVER.model_dump(mode="json")] * 2, {}, {}],
        [[HANDOVER.model_dump(mode="json")], {}, {"chain": [{"task": names.READ_TASK}]}],
    ],
)
def test_another_body_is_refused(body: object) -> None:
    with pytest.raises(NoHandOver):
        checked(entry(body), NOW)


@pytest.mark.parametrize("body", ["###", "e30", "", 7, None, base64.b64encode(b"[" * 10_000).decode(), "\ud800"])
def test_a_body_that_is_no_text_of_celery_is_refused(body: object) -> None:
    with pytest.raises(NoHandOver):
        checked({**entry(), "body": body}, NOW)


GOOD = written("id", HANDOVER, "5c1f")


@pytest.mark.parametrize(
    ("path", "fits", "does_not"),
    [
        (("headers", "id"), ["x", "x" * 300], ["", "x" * 301, 1, None]),
        (("headers", "retries"), [0, 1_000_000], [-1, 1_000_001, True, "1"]),
        (("headers", "redelivered"), [True, False], [1, 0, None, "true"]),
        (("headers", "eta"), [None, "2024-03-01T00:00:00Z"], ["2024-03-01T00:00:00", "soon", True]),
        (("headers", "task"), [names.READ_TASK], ["zhibiao.other", "", None]),
        (("properties", "delivery_tag"), ["x", "x" * 100], ["", "x" * 101, 1, None]),
        (("properties", "priority"), [0], [1, None, "0"]),
        (("properties", "body_encoding"), ["base64"], ["utf-8", None]),
        (("properties", "delivery_info", "exchange"), [""], ["x", None]),
        (("properties", "delivery_info", "routing_key"), [names.QUEUE], ["other", None]),
        (("properties", "delivery_info", "redelivered"), [True, False], [1, None]),
        (("content-type",), ["application/json"], ["application/x-python-serialize", None]),
        (("content-encoding",), ["utf-8"], ["binary", None]),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_each_field_has_its_edges(path: tuple[str, ...], fits: list[object], does_not: list[object]) -> None:
    """What does not fit is named by its place and by what is wrong with it, and not by what it holds."""
    for value in fits:
        checked(put(GOOD, path, value), NOW)
    for value in does_not:
        with pytest.raises(NoHandOver, match=rf"^{'.'.join(path)}: [a-z_]+$"):
            checked(put(GOOD, path, value), NOW)


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (7, "entry: model_type"),
        ({**GOOD, "headers": {"x" * 9: 1}}, "headers.task: missing; headers.id: missing"),
        (
            {"headers": {}},
            "body: missing; content-type: missing; content-encoding: missing; headers.task: missing; headers.id: missing",
        ),
        (entry([[HANDOVER.model_dump(mode="json")], {}, {"x" * 99: None}]), f"2.{'x' * 48}: literal_error"),
    ],
)
def test_what_is_wrong_is_told_shortly(odd: object, why: str) -> None:
    """At most five things, none of them long."""
    with pytest.raises(NoHandOver) as refused:
        checked(odd, NOW)
    assert str(refused.value) == why
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("place", [("headers",), ("properties", "delivery_info")])
def test_what_comes_again_is_told_so_in_both_places(place: tuple[str, ...]) -> None:
    """Wherever it was said; and of what is new it is said in neither."""
    made = checked(put(GOOD, (*place, "redelivered"), odd=True), NOW)
    assert (made["headers"]["redelivered"], made["properties"]["delivery_info"]["redelivered"]) == (True, True)
    assert "redelivered" not in GOOD["headers"]
    assert GOOD["properties"]["delivery_info"] == {"exchange": "", "routing_key": names.QUEUE}


def test_an_entry_is_made_whole() -> None:
    """As Celery's protocol has it, with no time limit, no end of its time, and nobody to be told."""
    assert {**GOOD, "body": json.loads(base64.b64decode(GOOD["body"]))} == {
        "body": [[HANDOVER.model_dump(mode="json")], {}, dict.fromkeys(("callbacks", "errbacks", "chain", "chord"))],
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {
            "lang": "py",
            "task": names.READ_TASK,
            "id": "id",
            "root_id": "id",
            "parent_id": None,
            "retries": 0,
            "eta": None,
            "expires": None,
            "timelimit": [None, None],
            "argsrepr": "",
            "kwargsrepr": "",
        },
        "properties": {
            "correlation_id": "id",
            "delivery_mode": 2,
            "priority": 0,
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": names.QUEUE},
            "delivery_tag": "5c1f",
        },
    }


@given(odd=ANY_JSON, data=st.data())
def test_any_value_anywhere_is_refused_or_means_nothing(odd: object, data: st.DataObject) -> None:
    """Nothing else is raised, and what passes is as good as what Celery writes."""
    good = entry()
    path = data.draw(st.sampled_from(sorted(places(good), key=str)))
    try:
        made = checked(put(good, path, odd), NOW)
    except NoHandOver:
        return
    assert checked(made, NOW) == made
    assert made["headers"]["task"] == names.READ_TASK
