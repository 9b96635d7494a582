"""A state folder has one id, whatever becomes of the ledger in it."""

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from delivery.connect import FAULTS
from delivery.owner import Other, Service
from watcher.running import identity
from watcher.running.identity import FILE_NAME, in_words, known_id, may_replace, this_service
from watcher.settings import WatcherSettings


def test_an_id_is_made_once(tmp_path: Path) -> None:
    assert known_id(tmp_path) is None
    first = this_service(tmp_path)
    assert this_service(tmp_path) == first
    assert first.id == known_id(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    other = tmp_path / "other"
    other.mkdir()
    assert this_service(other).id != first.id


def test_without_links_it_is_made_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuses)
    assert this_service(tmp_path).id == known_id(tmp_path)


def test_of_two_that_make_it_at_once_both_have_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_late(_made: str, goal: Path) -> None:
        goal.write_text("first\n")
        raise FileExistsError

    monkeypatch.setattr(os, "link", is_late)
    assert this_service(tmp_path).id == "first"


@pytest.mark.parametrize(
    ("risks", "url", "may"),
    [
        ((), "redis://h/0", False),
        (("clock",), "unix:///elsewhere/redis.sock", False),
        (("other-service",), "redis://h/0", True),
        ((), "unix://{state}/redis/redis.sock", True),  # of its own
    ],
)
def test_the_place_of_another_is_taken_on_purpose(
    tmp_path: Path, risks: tuple[str, ...], url: str, *, may: bool
) -> None:
    settings = WatcherSettings(state=tmp_path / "状态", accept_risks=risks, _env_file=None)  # type: ignore[call-arg, arg-type]
    assert may_replace(settings, url.format(state=settings.state)) is may


@pytest.mark.parametrize(
    ("site", "is_alive", "said"),
    [
        (
            "",
            True,
            "Redis at redis://u:***@h/0 belongs to the service over /s on b, which runs: both would overwrite each "
            "other's reports; give this one a name in ZHIBIAO_SITE, or another Redis or database in ZHIBIAO_REDIS_URL",
        ),
        (
            "gz",
            False,
            "site 'gz' of Redis at redis://u:***@h/0 belongs to the service over /s on b, which does not run now; give "
            "this one another name in ZHIBIAO_SITE, or another Redis or database in ZHIBIAO_REDIS_URL, or, where that "
            "folder is gone for good and this one takes its place, set ZHIBIAO_ACCEPT_RISKS=other-service",
        ),
    ],
)
def test_the_other_is_named_with_the_ways_out(site: str, said: str, *, is_alive: bool) -> None:
    assert in_words(Other(Service("1", "b", "/s"), is_alive), site, "redis://u:pw@h/0") == said


@pytest.mark.parametrize(
    ("other", "risks", "refused"),
    [
        (None, (), False),
        (FAULTS[0]("away"), (), False),  # whoever it is will say so when it is there again
        (Other(Service("1", "b", "/s"), is_alive=True), ("other-service",), True),
        (Other(Service("1", "b", "/s"), is_alive=False), ("other-service",), False),
        (Other(Service("1", "b", "/s"), is_alive=False), (), True),
    ],
)
def test_who_may_use_a_server_that_knows_another(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    other: Other | Exception | None,
    risks: tuple[str, ...],
    *,
    refused: bool,
) -> None:
    asked: list[object] = []

    def other_than(*given: object) -> Other | None:
        asked.append(given)
        if isinstance(other, Exception):
            raise other
        return other

    monkeypatch.setattr(identity, "other_than", other_than)
    monkeypatch.setattr(identity, "connect_briefly", lambda *given: nullcontext(given))
    settings = WatcherSettings(state=tmp_path, site="gz", accept_risks=risks, _env_file=None)  # type: ignore[call-arg, arg-type]
    mine = this_service(tmp_path)
    said = identity.refusal(settings, "redis://h/0")

    assert said == (in_words(other, "gz", "redis://h/0") if refused and isinstance(other, Other) else None)
    assert asked == [(("redis://h/0", 5.0, "gz"), mine.id)]
