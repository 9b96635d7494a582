"""The service's settings."""

from pathlib import Path

import pytest

from delivery.settings import SharedSettings
from watcher.settings import WatcherSettings
from zhibiao.settings import BadSettings, ServiceSettings, environment, load


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
