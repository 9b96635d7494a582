"""What the commands that look after files say of each, to people and to programs, and how they end."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from watcher.asking.choosing import Chosen
from watcher.filing.put_back import Retried
from watcher.settings import WatcherSettings
from worker import PIPELINE_VERSION
from zhibiao.checks.check import Check
from zhibiao.commands import doctor, reprocess, retry, withdraw
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings

ROW: Any = SimpleNamespace(id=7, event_id="e7")
OTHER_ROW: Any = SimpleNamespace(id=8, event_id=None)


def ended(run: Any) -> int:
    """The exit code that a command ends with."""
    try:
        run()
    except click.exceptions.Exit as end:
        return end.exit_code
    return 0


@pytest.fixture
def settings(tmp_path: Path) -> WatcherSettings:
    return WatcherSettings(inbox=tmp_path / "inbox", state=tmp_path / "state")


class Choosing:
    """Chooses what it is told; remembers how it was asked."""

    chosen: tuple[Chosen, ...] = ()
    asked: tuple[Any, ...] = ()

    def __init__(self, settings: WatcherSettings, ledger: object, version: str, *, any_other: bool) -> None:
        type(self).asked = (version, any_other)

    def named(self, files: object) -> Iterator[Chosen]:
        return iter(self.chosen)

    whole = named

    def all(self) -> Iterator[Chosen]:
        return iter(self.chosen)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The requests that are left for the watcher, which does not run."""
    requests: list[tuple[Any, ...]] = []
    for module in (reprocess, withdraw):
        monkeypatch.setattr(module.Ledger, "beside", lambda _: nullcontext())
        monkeypatch.setattr(module, "Choosing", Choosing)
        monkeypatch.setattr(module, "is_running", lambda _: False)
        monkeypatch.setattr(module.requests, "leave", lambda state, *said: requests.append(said))
    return requests


@pytest.mark.parametrize(
    ("done", "told", "code"),
    [
        ([], "nothing is in quarantine\n", 0),
        ([Retried("a.txt")], "a.txt: back in the inbox, to be read again\n", 0),
        (
            [Retried("a.txt"), Retried("b.txt", "is gone")],
            "a.txt: back in the inbox, to be read again\nb.txt: is gone\n",
            1,
        ),
    ],
)
def test_retry_says_what_became_of_each_file(
    settings: WatcherSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    done: list[Retried],
    told: str,
    code: int,
) -> None:
    monkeypatch.setattr(retry.put_back, "retry", lambda *_: done)

    assert ended(lambda: retry.retry(settings, None, as_json=False)) == code
    assert capsys.readouterr().out == told
    assert ended(lambda: retry.retry(settings, None, as_json=True)) == code
    wanted = [{"path": one.path, "problem": one.problem} for one in done]
    assert json.loads(capsys.readouterr().out) == {"files": wanted}


def test_retry_without_a_ledger_fails(settings: WatcherSettings) -> None:
    with pytest.raises(Failed):
        retry.retry(settings, ["a.txt"], as_json=False)


def test_reprocess_asks_for_what_is_chosen_and_tells_the_rest(
    settings: WatcherSettings, left: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    Choosing.chosen = (
        Chosen("a.txt", "asked", ROW, "1"),
        Chosen("b.txt", "asked", OTHER_ROW, "1"),
        Chosen("c.txt", "unchanged", ROW, PIPELINE_VERSION),
    )

    assert ended(lambda: reprocess.reprocess(settings, [], everything=False, as_json=False)) == 0
    assert left == [("reprocess", [(7, "e7")])]
    assert Choosing.asked == (PIPELINE_VERSION, False)
    assert capsys.readouterr().out.splitlines() == [
        "2 to be read again",
        "1 read by the rules that are installed: nothing changes",
        "no service runs: it is done when one starts",
    ]
    assert ended(lambda: reprocess.reprocess(settings, [], everything=True, as_json=True)) == 0
    assert Choosing.asked == (PIPELINE_VERSION, True)
    assert json.loads(capsys.readouterr().out) == {
        "rules": PIPELINE_VERSION,
        "counts": {"asked": 2, "unchanged": 1},
        "service": False,
        "files": [],
    }


def test_reprocess_fails_for_a_named_file_that_is_no_filed_report(
    settings: WatcherSettings, left: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is asked for where nothing is chosen."""
    Choosing.chosen = (Chosen("a.txt", "unknown"), Chosen("b.txt", "newer", ROW, "99"))

    assert ended(lambda: reprocess.reprocess(settings, ["a.txt", "b.txt"], everything=False, as_json=False)) == 1
    assert Choosing.asked == (PIPELINE_VERSION, True)
    assert left == []
    assert capsys.readouterr().out.splitlines() == [
        "a.txt: no report that was filed in the processed folder",
        "b.txt: read by newer rules: left as it is",
    ]
    assert ended(lambda: reprocess.reprocess(settings, ["b.txt"], everything=False, as_json=True)) == 1
    assert json.loads(capsys.readouterr().out)["files"] == [
        {"path": "a.txt", "verdict": "unknown", "version": None},
        {"path": "b.txt", "verdict": "newer", "version": "99"},
    ]
    assert ended(lambda: reprocess.reprocess(settings, [], everything=False, as_json=True)) == 0


def test_reprocess_says_that_nothing_waits(
    settings: WatcherSettings, left: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    Choosing.chosen = ()
    reprocess.reprocess(settings, [], everything=False, as_json=False)
    waits = f"nothing changes: no filed report waits for the rules that are installed ({PIPELINE_VERSION})\n"
    assert capsys.readouterr().out == waits
    Choosing.chosen = (Chosen("a.txt", "going_on", ROW, "1"),)
    reprocess.reprocess(settings, [], everything=False, as_json=False)
    assert capsys.readouterr().out == "1 to be read again since it was asked for before\n"
    assert left == []


def test_withdraw_asks_for_what_was_published(
    settings: WatcherSettings, left: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    Choosing.chosen = (Chosen("a.txt", "asked", ROW), Chosen("b.txt", "asked", OTHER_ROW))

    assert ended(lambda: withdraw.withdraw(settings, ["a.txt"], "wrong file", as_json=False)) == 0
    assert left == [("withdraw", [(7, "e7"), (8, "")], "wrong file")]
    assert Choosing.asked == (PIPELINE_VERSION, True)
    assert capsys.readouterr().out.splitlines() == [
        "a.txt: to be taken back",
        "b.txt: to be taken back",
        "no service runs: it is done when one starts",
    ]


def test_withdraw_fails_where_one_is_of_no_document(
    settings: WatcherSettings, left: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are taken back all the same."""
    Choosing.chosen = (
        Chosen("a.txt", "gone", ROW),
        Chosen("b.txt", "asked", ROW, repeats=("c.txt",)),
    )
    assert ended(lambda: withdraw.withdraw(settings, ["a.txt", "b.txt"], None, as_json=True)) == 1
    assert left == [("withdraw", [(7, "e7")], None)]
    assert json.loads(capsys.readouterr().out) == {
        "service": False,
        "files": [
            {"path": "a.txt", "verdict": "gone", "repeats": []},
            {"path": "b.txt", "verdict": "asked", "repeats": ["c.txt"]},
        ],
    }
    assert ended(lambda: withdraw.withdraw(settings, ["a.txt", "b.txt"], None, as_json=False)) == 1
    assert capsys.readouterr().out.splitlines()[:3] == [
        "a.txt: withdrawn before, or not read",
        "b.txt: to be taken back",
        "  c.txt is a repeat of it: nothing stands published for it then; drop it again, and it is read itself",
    ]
    Choosing.chosen = (Chosen("a.txt", "unknown"),)
    assert ended(lambda: withdraw.withdraw(settings, ["a.txt"], None, as_json=False)) == 1
    assert len(left) == 2
    assert capsys.readouterr().out == "a.txt: no report that was filed in the processed folder\n"


def test_a_request_that_cannot_be_left_fails(
    settings: WatcherSettings, left: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    Choosing.chosen = (Chosen("a.txt", "asked", ROW),)
    for module in (reprocess, withdraw):
        monkeypatch.setattr(module.requests, "leave", refuse)
    with pytest.raises(Failed, match="the request cannot be left there: Permission denied"):
        withdraw.withdraw(settings, ["a.txt"], None, as_json=False)
    with pytest.raises(Failed, match="the request cannot be left there: Permission denied"):
        reprocess.reprocess(settings, ["a.txt"], everything=False, as_json=False)


def test_names_in_chinese_are_told_to_programs_as_they_are(
    settings: WatcherSettings,
    left: list[tuple[Any, ...]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Choosing.chosen = (Chosen("报告.txt", "asked", ROW),)
    monkeypatch.setattr(retry.put_back, "retry", lambda *_: [Retried("报告.txt")])
    for run in (
        lambda: retry.retry(settings, None, as_json=True),
        lambda: withdraw.withdraw(settings, ["报告.txt"], None, as_json=True),
        lambda: reprocess.reprocess(settings, ["报告.txt"], everything=False, as_json=True),
    ):
        run()
        assert '"path": "报告.txt"' in capsys.readouterr().out


def checks(*levels: str) -> list[Check]:
    return [Check("python", level, f"seen {level}", "" if level == "ok" else f"do {level}") for level in levels]  # type: ignore[arg-type]


@pytest.mark.parametrize(("levels", "code"), [(["ok"], 0), (["ok", "warn"], 0), (["fail", "ok"], 1)])
def test_doctor_ends_with_one_where_a_check_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], levels: list[str], code: int
) -> None:
    monkeypatch.setattr(doctor, "look", lambda _: checks(*levels))
    monkeypatch.setattr(doctor, "look_as_worker", lambda: checks("ok", "ok"))
    settings = ServiceSettings()

    assert ended(lambda: doctor.doctor(settings, "service", as_json=False)) == code
    told = capsys.readouterr().out
    assert all(f"seen {level}" in told for level in levels)
    assert all(f"→ do {level}" in told for level in levels if level != "ok")
    assert "→ do ok" not in told
    assert ended(lambda: doctor.doctor(settings, "service", as_json=True)) == code
    found = json.loads(capsys.readouterr().out)
    assert found == {"ok": code == 0, "checks": [check.to_dict() for check in checks(*levels)]}
    assert ended(lambda: doctor.doctor(settings, "worker", as_json=True)) == 0
    assert len(json.loads(capsys.readouterr().out)["checks"]) == 2


def test_doctor_looks_at_nothing_more_where_the_settings_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others would look at what is not meant."""
    monkeypatch.setenv("ZHIBIAO_MAX_FILE_BYTES", "-1")

    for found in (list(doctor.look(ServiceSettings.model_construct())), list(doctor.look_as_worker())):
        assert [check.level for check in found][-1] == "fail"
        assert len(found) == 5
