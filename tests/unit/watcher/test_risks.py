"""What the watcher refuses to start with, as far as no server is needed (tests/integration/test_risks.py has those)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from watcher import risks
from watcher.risks import Risk
from watcher.settings import WatcherSettings

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> WatcherSettings:
    (tmp_path / "inbox").mkdir()
    return WatcherSettings(
        inbox=tmp_path / "inbox",
        state=tmp_path,
        _env_file=None,  # type: ignore[call-arg]
    )


def test_an_ordinary_machine_has_none(settings: WatcherSettings) -> None:
    assert risks.of_machine(settings, NOW) == []
    assert [*settings.inbox.iterdir()] == []


def test_a_clock_that_was_never_set(settings: WatcherSettings) -> None:
    [risk] = risks.of_machine(settings, datetime(1970, 1, 1, tzinfo=UTC))

    assert risk == Risk(
        "clock",
        "the clock",
        "at 1970-01-01T00:00:00+00:00",
        "events get a false time, and hand-overs look as if they were made in the future",
        "the present; use NTP",
    )


@pytest.mark.parametrize(("apart_s", "codes"), [(59.0, []), (-59.0, []), (61.0, ["clock"]), (-3600.0, ["clock"])])
def test_a_clock_far_from_that_of_redis(apart_s: float, codes: list[str]) -> None:
    assert [risk.code for risk in risks.drift({"time_s": 1000.0 + apart_s}, 1000.0)] == codes


CLOCK = Risk(
    "clock",
    "the clock",
    "61 s away from that of Redis",
    "reports at work look lost and are read again",
    "at most 60 s; use NTP on both machines",
)
EVICTION = Risk(
    "eviction",
    "maxmemory-policy of Redis",
    "allkeys-lru",
    "when memory is full it throws away the queue and published results",
    "maxmemory-policy noeviction",
)
FORGETS = Risk(
    "no-persistence",
    "appendonly of Redis",
    "no, without any save point",
    "when Redis ends, results that consumers have not read and their places in the streams are gone",
    "appendonly yes",
)
UNSAVED = Risk(
    "unsaved-writes",
    "stop-writes-on-bgsave-error of Redis",
    "no",
    "with a full disk it takes results that it cannot keep",
    "appendonly yes, or stop-writes-on-bgsave-error yes",
)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"time_s": 939.0}, [CLOCK]),
        ({"maxmemory_policy": "allkeys-lru", "maxmemory": "1"}, [EVICTION]),
        ({"maxmemory_policy": "allkeys-lru", "maxmemory": "0"}, []),
        ({"maxmemory_policy": "allkeys-lru"}, []),
        ({"maxmemory_policy": "noeviction", "maxmemory": "1"}, []),
        ({"maxmemory": "1"}, []),
        ({"aof_enabled": 0, "save": ""}, [FORGETS]),
        ({"aof_enabled": 1, "save": ""}, []),
        ({"aof_enabled": 0}, []),
        ({"save": "60 1", "stop-writes-on-bgsave-error": "no"}, [UNSAVED]),
        ({"save": "60 1", "stop-writes-on-bgsave-error": "yes"}, []),
        ({"aof_enabled": 1, "save": "60 1", "stop-writes-on-bgsave-error": "no"}, []),
        ({"maxmemory_policy": "allkeys-lru", "maxmemory": "1", "save": "", "time_s": 1061.0}, [EVICTION, FORGETS, CLOCK]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_server(settings: WatcherSettings, facts: dict[str, Any], found: list[Risk]) -> None:
    """Each with what comes of it and what would be right."""
    assert risks.of_server(settings, facts, 1000.0) == found
    accepted = settings.model_copy(update={"accept_risks": tuple(risk.code for risk in found)})
    assert risks.of_server(accepted, facts, 1000.0) == []


@pytest.mark.parametrize(
    ("used", "limit", "said"),
    [("97", "100", None), ("97999999", "100000000", None), ("98000000", "100000000", "98.0 of its 100.0 MB"), ("9", "0", None)],
)  # fmt: skip
def test_a_full_server_is_told_with_how_full_it_is(used: str, limit: str, said: str | None) -> None:
    told = risks.full({"used_memory": used, "maxmemory": limit})
    assert told == (said and f"Redis has used {said} and takes nothing more: raise maxmemory")
    assert risks.full({}) is None


def test_a_server_that_tells_nothing_is_not_refused(settings: WatcherSettings) -> None:
    """A user without rights sees neither policy nor time."""
    assert risks.of_server(settings, {}, 1000.0) == []


@pytest.mark.parametrize(
    ("settle_unknown_s", "has_leases", "codes"),
    [(4.9, False, ["short-quiet-time"]), (5.0, False, []), (0.5, True, [])],
)
def test_a_short_quiet_time_is_refused_where_nobody_can_tell_who_writes(
    settings: WatcherSettings,
    monkeypatch: pytest.MonkeyPatch,
    settle_unknown_s: float,
    *,
    has_leases: bool,
    codes: list[str],
) -> None:
    monkeypatch.setattr(risks, "has_leases", lambda _folder: has_leases)
    chosen = settings.model_copy(update={"settle_unknown_s": settle_unknown_s})

    found = risks.of_machine(chosen, NOW)
    assert [risk.code for risk in found] == codes
    assert all(risk.seen.startswith(f"{settle_unknown_s:g}, and on") for risk in found)
    assert [(risk.setting, risk.right) for risk in found] == [
        ("ZHIBIAO_SETTLE_UNKNOWN_S", "at least 5, or files that are renamed in") for _ in codes
    ]


def test_a_ledger_on_another_machine(settings: WatcherSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risks, "network_type", lambda _folder: "nfs4")
    [risk] = risks.of_machine(settings, NOW)

    assert risk == Risk(
        "remote-state",
        f"the file system of the state folder {settings.state}",
        "nfs4",
        "the ledger's write-ahead log and its locks do not work across machines, and it can be destroyed",
        "a folder on a disk of this machine, in ZHIBIAO_STATE",
    )


def test_what_was_accepted_is_left_out(settings: WatcherSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risks, "network_type", lambda _folder: "nfs4")
    monkeypatch.setattr(risks, "has_leases", lambda _folder: False)
    chosen = settings.model_copy(update={"settle_unknown_s": 1.0, "accept_risks": ("remote-state",)})

    assert [risk.code for risk in risks.of_machine(chosen, NOW)] == ["short-quiet-time"]


def test_an_inbox_that_files_cannot_leave(settings: WatcherSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it can be told who still writes is not asked then."""
    monkeypatch.setattr(risks.os, "access", lambda _folder, mode: mode != risks.os.W_OK)
    monkeypatch.setattr(risks, "has_leases", lambda _folder: False)
    [risk] = risks.of_folders(settings.model_copy(update={"settle_unknown_s": 1.0}))

    assert risk == Risk(
        "read-only-inbox",
        f"the inbox {settings.inbox}",
        f"not to be written by user {risks.os.getuid()}",
        "read files stay there for ever, and nothing but the ledger knows that they are done",
        "its owner or mode changed, or another folder in ZHIBIAO_INBOX",
    )
