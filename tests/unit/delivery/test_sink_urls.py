"""Which sink a URL means: one of ours, one of a package's, or none; and what it is called."""

from types import SimpleNamespace
from typing import Any, cast

import fakeredis
import pytest

from delivery import attempt_log, file_steps, plugins, relay, sink
from delivery.json_lines import json_lines
from delivery.plugins import Plugin
from delivery.publish import another_redis
from schemas import names
from schemas.handover import HandOver


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What packages bring, as they are installed."""
    found: list[Any] = []
    monkeypatch.setattr(plugins, "entry_points", lambda *, group: found if group == plugins.SINKS else [])
    return found


def entry(name: str, value: str, dist: str | None = "acme") -> Any:
    of = SimpleNamespace(name=dist, version="1.2") if dist else None
    return SimpleNamespace(name=name, value=value, dist=of, load=lambda: value)


@pytest.mark.parametrize(
    ("url", "factory"),
    [
        ("jsonl:///srv/a", json_lines), ("redis://h/0", another_redis), ("rediss://h/0", another_redis),
        ("unix:///srv/s", another_redis),
    ],
)  # fmt: skip
def test_schemes_of_ours_are_ours(url: str, factory: object, installed: list[Any]) -> None:
    """Whoever else has them."""
    installed.append(entry(url.partition(":")[0], "theirs"))

    assert sink.factory_of(url, with_plugins=True)() is factory
    assert [*sink.unknown_sinks((url,), with_plugins=True)] == []


def test_a_scheme_of_one_package_is_its_own_where_packages_are_asked(installed: list[Any]) -> None:
    installed += [entry("kafka", "k"), entry("mail", "b", None), entry("mail", "a")]

    assert sink.factory_of("kafka://h", with_plugins=True)() == "k"  # type: ignore[comparison-overlap]
    for url, with_plugins, why in (
        ("kafka://me:secret@h", False, "kafka://me:***@h: there is no sink 'kafka'; one of these would be right: jsonl, redis, rediss, unix"),
        ("ftp://h", True, "ftp://h: there is no sink 'ftp'; one of these would be right: jsonl, redis, rediss, unix, kafka, mail"),
        ("mail://h", True, "mail://h: acme 1.2 and an unknown package each have a sink 'mail'; one of them would be right"),
    ):  # fmt: skip
        with pytest.raises(sink.UnknownSink) as told:
            sink.factory_of(url, with_plugins=with_plugins)
        assert str(told.value) == why
    told_of = [*sink.unknown_sinks(("jsonl:///a", "ftp://h", "x://"), with_plugins=False)]
    assert [line.partition(": ")[0] for line in told_of] == ["ZHIBIAO_SINKS"] * 2
    assert [(one.name, one.origin) for one in plugins.installed(plugins.SINKS)] == [
        ("kafka", "acme 1.2"), ("mail", "acme 1.2"), ("mail", "an unknown package"),
    ]  # fmt: skip
    assert isinstance(plugins.installed(plugins.SINKS)[0], Plugin)


def test_a_sink_is_called_by_its_url_whatever_the_password() -> None:
    """Redis remembers by that name how far it has come."""
    assert sink.name_of("redis://a:secret@h:1/0") == sink.name_of("redis://a:other@h:1/0") == "redis-79698601"
    assert len({sink.name_of(f"jsonl:///srv/{name}") for name in "abc"}) == 3


def test_a_stream_that_begins_later_has_lost_what_was_before(handover: HandOver) -> None:
    """An entry that somebody knows is gone where the first one is younger; nothing is before the beginning."""
    client = fakeredis.FakeRedis(decode_responses=True)
    assert [file_steps.is_gone(client, entry) for entry in ("0-0", "5-1")] == [False, True]
    client.xadd(names.DEFAULT.files_stream, {"a": "b"}, id="5-1")

    assert [file_steps.is_gone(client, entry) for entry in ("0-0", "4-9", "5-0", "5-1", "5-2", "10-0")] == [
        False, True, True, False, False, False,
    ]  # fmt: skip


def test_how_a_process_died_is_kept_with_the_newest_attempt(handover: HandOver) -> None:
    """For as long as attempts are; what the process itself could tell goes before it."""
    client = fakeredis.FakeRedis(decode_responses=True)
    for token in ("a", "b"):
        attempt_log.begin(client, handover, token)
    attempt_log.note_death(client, handover, attempt_log.Ending("killed by signal 9", "out_of_memory"), kept_s=600)

    assert attempt_log.ending(client, handover, 1) is None
    assert attempt_log.ending(client, handover, 2) == ("killed by signal 9", "out_of_memory")
    assert client.ttl(names.DEFAULT.death_key(handover.id, handover.revision, handover.round)) == 600
    attempt_log.note(client, handover, "b", 2, attempt_log.Ending("KeyError at a:b:1"))
    assert attempt_log.ending(client, handover, 2) == ("KeyError at a:b:1", "")
    attempt_log.trouble(client, "x" * 2000)
    assert client.get(names.DEFAULT.trouble_key) == "x" * 1000
    assert 0 < client.pttl(names.DEFAULT.trouble_key) <= 30_000


@pytest.mark.parametrize(
    ("place", "is_right"),
    [("1", True), ("2", True), ("0", False), ("3", False), ("-1", False), ("x", False), ("", False)],
)
def test_a_relay_is_of_one_of_the_sinks(place: str, is_right: bool) -> None:  # noqa: FBT001 - a case's own answer
    settings = SimpleNamespace(redis_url="redis://h/0", sink_urls=lambda: ("jsonl:///a", "jsonl:///b"))
    why = f"ZHIBIAO_SINKS has 2, {place!r} was asked for; a number from 1 would be right"
    assert [*relay._complaints(cast("Any", settings), place)] == ([] if is_right else [why])
