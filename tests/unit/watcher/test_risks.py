"""What the watcher refuses to start with, as far as no server is needed (tests/integration/test_risks.py has those)."""

from datetime import UTC, datetime
from pathlib import Path

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

    assert (risk.code, risk.setting, risk.seen) == ("clock", "the clock", "at 1970-01-01T00:00:00+00:00")


@pytest.mark.parametrize(("apart_s", "codes"), [(59.0, []), (-59.0, []), (61.0, ["clock"]), (-3600.0, ["clock"])])
def test_a_clock_far_from_that_of_redis(apart_s: float, codes: list[str]) -> None:
    assert [risk.code for risk in risks.drift({"time_s": 1000.0 + apart_s}, 1000.0)] == codes


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

    assert [risk.code for risk in risks.of_machine(chosen, NOW)] == codes


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
