"""Where a report and its reading are found: beside its path, anywhere in the archive, or where Redis keeps them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from page import filed
from page.filed import Archive, Filed, NotFiled
from schemas.names import Names
from schemas.paths import READING_SUFFIX, REPORT_SUFFIX
from tests.unit.page.conftest import settings_over
from tests.unit.page.made_rooms import room_of

ROOM = room_of("某市2023年度法治政府建设工作报告\n\n全市审结行政复议案件1234件。\n")
REPORT = ROOM.report.model_dump_json(indent=2).encode()
READING = ROOM.reading.packed()
ID, REVISION = ROOM.report.id, ROOM.report.revision
NAMES = Names("gz")
KEYS = {NAMES.report_key(ID, REVISION): REPORT, NAMES.reading_key(ID, REVISION): READING}


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What Redis has, by key."""
    held: dict[str, bytes] = {}

    class Client:
        def execute_command(self, command: str, key: str, **options: Any) -> bytes | None:
            assert (command, options) == ("GET", {"NEVER_DECODE": True})
            return held.get(key)

    @contextmanager
    def connect(url: str, site: str) -> Iterator[Client]:
        assert (url, site) == ("redis://h/0", "gz")
        if "away" in held:
            raise redis.ConnectionError("refused")
        yield Client()

    monkeypatch.setattr(filed, "connect_briefly", connect)
    monkeypatch.setattr(filed, "names_of", lambda _client: NAMES)
    return held


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(settings_over(tmp_path, site="gz"), lambda: "redis://h/0")


def test_what_is_not_filed_yet_is_where_redis_keeps_it(archive: Archive, kept: dict[str, bytes]) -> None:
    kept.update(KEYS)

    assert archive.filed(ID, REVISION) == Filed(ROOM.report, ROOM.reading)
    with pytest.raises(NotFiled) as gone:
        archive.filed(ID, REVISION + 1)
    assert gone.value.reason == "report"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({}, "report"),
        ({"away": b""}, "report"),
        ({next(iter(KEYS)): REPORT}, "reading"),
        ({**KEYS, next(iter(KEYS)): b"{}"}, "report"),
        ({**KEYS, list(KEYS)[1]: READING[:60]}, "reading"),
    ],
    ids=["nothing", "away", "no reading", "no report", "half a reading"],
)
def test_what_redis_has_not_whole_is_not_filed(
    archive: Archive, kept: dict[str, bytes], held: dict[str, bytes], reason: str
) -> None:
    """It says which of the two is missing."""
    kept.update(held)

    with pytest.raises(NotFiled) as gone:
        archive.filed(ID, REVISION, "a.txt")
    assert gone.value.reason == reason


def test_without_redis_nothing_is_asked(tmp_path: Path, kept: dict[str, bytes]) -> None:
    kept.update(KEYS)

    with pytest.raises(NotFiled):
        Archive(settings_over(tmp_path), lambda: None).filed(ID, REVISION)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("d/a.txt", "d/a.txt"), ("d/a.txt", "d/a.2.txt"), ("a.txt", "a.txt"), ("d/a.txt", "e/b.txt"), (None, "d/a.txt"),
        ("../processed/a.txt", "a.txt"), ("no/such/a.txt", "a.txt"),
    ],
)  # fmt: skip
def test_a_report_is_found_wherever_it_is_filed(tmp_path: Path, path: str | None, file: str) -> None:
    """Beside what else is there: a report of another revision, and what is no report."""
    archive = Archive(settings_over(tmp_path), lambda: None)
    place = tmp_path / "processed" / file
    place.parent.mkdir(exist_ok=True)
    place.with_name(place.name + REPORT_SUFFIX).write_bytes(REPORT)
    place.with_name(place.name + READING_SUFFIX).write_bytes(READING)
    for other in ("d/a.1.txt", "a.1.txt"):
        (tmp_path / "processed" / "d").mkdir(exist_ok=True)
        later = REPORT.replace(f'"revision": {REVISION}'.encode(), f'"revision": {REVISION + 1}'.encode(), 1)
        (tmp_path / "processed" / f"{other}{REPORT_SUFFIX}").write_bytes(later)
    (tmp_path / "processed" / f"d/a.txt.x{REPORT_SUFFIX}").write_bytes(b"[]")

    assert archive.filed(ID, REVISION, path) == Filed(ROOM.report, ROOM.reading)


def test_a_report_without_its_reading_is_looked_for_again(
    tmp_path: Path, archive: Archive, kept: dict[str, bytes]
) -> None:
    """First in Redis; where it is not there either, it is the reading that is missing."""
    (tmp_path / "processed" / f"a.txt{REPORT_SUFFIX}").write_bytes(REPORT)

    with pytest.raises(NotFiled) as gone:
        archive.filed(ID, REVISION, "a.txt")
    assert gone.value.reason == "reading"
    kept.update(KEYS)
    assert archive.filed(ID, REVISION, "a.txt") == Filed(ROOM.report, ROOM.reading)
