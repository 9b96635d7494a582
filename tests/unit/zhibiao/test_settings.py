"""The service's settings."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from delivery.settings import SharedSettings, SinkSettings
from page.settings import PageSettings, address_of
from watcher.settings import RiskCode, WatcherSettings
from zhibiao.settings import BadSettings, ServiceSettings, SpeechSettings, environment, load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_they_come_from_dotenv_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of .env counts unless the environment says otherwise."""
    (tmp_path / ".env").write_text("ZHIBIAO_WORKERS=3\nZHIBIAO_DRAIN_S=5\n", "utf-8")
    monkeypatch.setenv("ZHIBIAO_WORKERS", "7")

    settings = load(ServiceSettings)

    assert (settings.workers, settings.drain_s) == (7, 5.0)


def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variable, reason and value are all in the message."""
    monkeypatch.setenv("ZHIBIAO_WORKERS", "many")

    with pytest.raises(BadSettings, match=r"ZHIBIAO_WORKERS: Input should be a valid integer.*'many' was given"):
        load(ServiceSettings)


def test_children_get_every_shared_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a child reads from its environment equals what the service was given, with absolute folders."""
    settings = ServiceSettings(site="gz", inbox=Path("in"), max_file_bytes=5, log_format="json")
    for name, value in environment(settings, "unix:///x.sock").items():
        monkeypatch.setenv(name, value)

    seen = SharedSettings()

    assert seen.redis_url is not None
    assert seen.redis_url.get_secret_value() == "unix:///x.sock"
    assert seen.model_dump(exclude={"redis_url"}) == {
        "site": "gz",
        "inbox": tmp_path / "in",
        "processed": tmp_path / "processed",
        "quarantine": tmp_path / "quarantine",
        "state": tmp_path / "state",
        "max_file_bytes": 5,
        "max_attempts": 3,
        "report_ttl_s": None,
        "results_maxlen": None,
        "done_ttl_s": None,
        "attempts_ttl_s": 604_800,
        "metrics_port": None,
        "metrics_address": "127.0.0.1",
        "log_level": "INFO",
        "log_format": "json",
        "plugins": True,
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*.bak", ("*.bak",)),
        (" *.bak, *.old ,", ("*.bak", "*.old")),
        ('["a,b.txt"]', ("a,b.txt",)),
        ("", ()),
        ("[]", ()),
    ],
)
def test_a_list_is_words_or_json(written: str, read: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBIAO_IGNORE", written)

    assert load(WatcherSettings).ignore == read


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("ZHIBIAO_IGNORE", '["*.bak"', r"ZHIBIAO_IGNORE: this is no JSON list: .*a,b or \[.* would be right"),
        ("ZHIBIAO_ACCEPT_RISKS", "none", "ZHIBIAO_ACCEPT_RISKS: Input should be 'eviction', .*'none' was given"),
        ("ZHIBIAO_REDIS_URL", "http://:secret@host", "ZHIBIAO_REDIS_URL: redis://host:port/db, .* would be right$"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    name: str, value: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings, match=complaint) as caught:
        load(WatcherSettings)

    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_of_settings_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ZHIBIAO_WORKERS=3\n", "utf-8")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", ".env")

    monkeypatch.setattr("builtins.open", refuse)

    with pytest.raises(BadSettings, match=r"^\.env: Permission denied; a file that this user may read would be right$"):
        load(ServiceSettings)


SHARED: dict[str, Any] = {
    "redis_url": None,
    "site": "",
    "inbox": Path("inbox"),
    "processed": Path("processed"),
    "quarantine": Path("quarantine"),
    "state": Path("state"),
    "max_file_bytes": 100_000_000,
    "max_attempts": 3,
    "report_ttl_s": None,
    "results_maxlen": None,
    "done_ttl_s": None,
    "attempts_ttl_s": 604_800,
    "metrics_port": None,
    "metrics_address": "127.0.0.1",
    "log_level": "INFO",
    "log_format": "auto",
    "plugins": True,
}
SINKS: dict[str, Any] = SHARED | {"sinks": ()}
DEFAULTS: list[tuple[type[BaseSettings], dict[str, Any]]] = [
    (SharedSettings, SHARED),
    (SinkSettings, SINKS),
    (SpeechSettings, {"lang": "auto"}),
    (PageSettings, SHARED | {"page_address": "127.0.0.1", "page_port": 8480, "page_token": None, "page_hosts": ""}),
    (
        ServiceSettings,
        SINKS | {"redis_port": None, "workers": 2, "store": True, "page": True, "drain_s": 30.0},
    ),
    (
        WatcherSettings,
        SINKS
        | {"settle_s": 2.0, "settle_unknown_s": 5.0, "empty_grace_s": 10.0, "reconcile_s": 30.0, "poll_s": 5.0}
        | {"order": "newest", "max_outstanding": 256, "redeliver_after_s": 10.0, "ignore": ()}
        | {"max_pending_events": 50_000, "accept_risks": ()},
    ),
]


@pytest.mark.parametrize(("kind", "defaults"), DEFAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_each_setting_has_its_default_and_says_what_it_is(kind: type[BaseSettings], defaults: dict[str, Any]) -> None:
    assert kind().model_dump() == defaults
    assert [name for name, field in kind.model_fields.items() if not field.description] == []
    assert (kind.model_config["frozen"], kind.model_config["env_file_encoding"]) == (True, "utf-8")


_SMALL = 1e-9


@pytest.mark.parametrize(
    ("kind", "name", "least", "most", "step"),
    [
        (SharedSettings, "max_file_bytes", 1, None, 1),
        (SharedSettings, "max_attempts", 1, None, 1),
        (SharedSettings, "report_ttl_s", 1, None, 1),
        (SharedSettings, "results_maxlen", 1, None, 1),
        (SharedSettings, "done_ttl_s", 86_400, None, 1),
        (SharedSettings, "attempts_ttl_s", 3_600, None, 1),
        (SharedSettings, "metrics_port", 1, 65_471, 1),
        (PageSettings, "page_port", 1, 65_535, 1),
        (ServiceSettings, "redis_port", 1, 65_535, 1),
        (ServiceSettings, "workers", 1, 64, 1),
        (ServiceSettings, "drain_s", _SMALL, None, _SMALL),
        (WatcherSettings, "settle_s", _SMALL, None, _SMALL),
        (WatcherSettings, "settle_unknown_s", _SMALL, None, _SMALL),
        (WatcherSettings, "empty_grace_s", 0, None, _SMALL),
        (WatcherSettings, "reconcile_s", _SMALL, None, _SMALL),
        (WatcherSettings, "poll_s", _SMALL, None, _SMALL),
        (WatcherSettings, "max_outstanding", 1, None, 1),
        (WatcherSettings, "redeliver_after_s", _SMALL, None, _SMALL),
        (WatcherSettings, "max_pending_events", 100, None, 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_number_has_its_limits(
    kind: type[BaseSettings], name: str, least: float, most: float | None, step: float
) -> None:
    """Those that are documented: what lies beyond would never end, never begin, or be no port."""
    top = 10**12 if most is None else most
    for fits in (least, top):
        assert getattr(kind.model_validate({name: fits}), name) == fits
    for beyond in (least - step, *([] if most is None else [most + step])):
        with pytest.raises(ValidationError):
            kind.model_validate({name: beyond})


def test_each_danger_can_be_accepted_by_its_name() -> None:
    names = get_args(RiskCode)
    assert sorted(names) == [
        *("clock", "eviction", "no-persistence", "other-service", "read-only-inbox", "remote-state"),
        *("short-quiet-time", "unsaved-writes"),
    ]
    assert WatcherSettings.model_validate({"accept_risks": ", ".join(names)}).accept_risks == names


@pytest.mark.parametrize(
    ("address", "shown", "is_local"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("localhost", "localhost", True),
        ("::1", "[::1]", True),
        ("0.0.0.0", "127.0.0.1", False),  # noqa: S104 - to be seen through
        ("::", "127.0.0.1", False),
        ("10.1.2.3", "10.1.2.3", False),
        ("fe80::1", "[fe80::1]", False),
    ],
)
def test_the_page_is_open_to_others_only_with_a_token(address: str, shown: str, *, is_local: bool) -> None:
    """Of so many characters that nobody tries them all; and its address is one that a browser takes."""
    short, enough = "x" * 31, "x" * 32
    settings = PageSettings.model_validate({"page_address": address, "page_port": 99, "page_token": enough})
    assert (settings.is_local, address_of(settings)) == (is_local, f"http://{shown}:99/")
    with pytest.raises(ValidationError, match="32"):
        PageSettings.model_validate({"page_address": address, "page_token": short})
    if is_local:
        assert PageSettings.model_validate({"page_address": address}).page_token is None
        return
    with pytest.raises(ValidationError, match="ZHIBIAO_PAGE_TOKEN of 32 characters or more is needed"):
        PageSettings.model_validate({"page_address": address})


@pytest.mark.parametrize("name", ["processed", "quarantine", "state"])
def test_no_folder_lies_inside_the_inbox(name: str, tmp_path: Path) -> None:
    """Nor is it the inbox; one whose name begins alike is another."""
    for inside in (".", "a", "a/b"):
        with pytest.raises(ValidationError, match=f"{name} is .*, inside the inbox .*; choose a folder outside of it"):
            WatcherSettings.model_validate({"inbox": tmp_path / "in", name: tmp_path / "in" / inside})
    assert WatcherSettings.model_validate({"inbox": tmp_path / "in", name: tmp_path / "in-2"})
