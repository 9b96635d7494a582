"""The store keeps all that an event says, gives it in pages, and is built whole or not at all."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from schemas.report import Relation, RelationMember, ReportWarning, Section
from store import __main__ as process
from store.asked import where
from store.known import named_figures, of_name, place, place_key
from store.rebuild import discard, rebuild
from store.views import Asked, Count, Views
from store.writing import Store, StoreError
from tests.unit.store.made import WHEN, event, failed, metric, report

SAID = {
    "title": "2025年法治政府建设报告",
    "issuer": "甲县司法局",
    "region": "甲县",
    "period": "2025",
    "document_number": "甲司〔2026〕3号",
    "published": "2026-01-30",
    "signed": "2026-01-28",
    "script": "traditional",
    "kind": "disclosure",
    "region_code": "110101",
    "province": "乙省",
    "city": "丙市",
}


def test_a_reading_keeps_what_its_document_says(store: Store, views: Views) -> None:
    """Each in its own column, and warnings, relations and sections whole."""
    first = event(metric("甲"), metric("乙"), path="d/a.txt", revision=3, version="6", sha="7")
    warning = ReportWarning(code="unread_number", message="数字 3", start=1, end=2)
    member = RelationMember(metric=1, start=0, end=1)
    relation = Relation(kind="sum", members=(member,), formula="a = b", stated="1", computed="1", verdict="holds")
    section = Section(number="一", title="总体情况", level=1, start=0, end=9)
    parts = {"warnings": (warning,), "relations": (relation,), "sections": (section,)}
    document = first.data.document.model_copy(update=SAID)
    store.deliver(
        first.model_copy(update={"data": first.data.model_copy(update={"document": document, **parts})}),
    )

    [row] = views.documents()
    told = {
        "event_id": first.id, "id": first.data.id, "revision": 3, "is_newest": 1, "path": "d/a.txt", "name": "d/a.txt",
        "place": "甲县", "year": "2025", "level": "county", "sha256": "7" * 64,
        "pipeline_version": "6", "read_at": WHEN.isoformat(), "figures": 2, "first_figure": 1,
        **{name: value for name, value in SAID.items() if name not in ("region", "period")},
        "warnings": [warning.model_dump()], "relations": [relation.model_dump(mode="json")], "sections": [section.model_dump()],
    }  # fmt: skip
    found = {name: value for name, value in dict(row).items() if name != "reading"}
    assert {name: json.loads(value) if name in parts else value for name, value in found.items()} == told
    assert "总体情况" in row["sections"]


def test_a_failure_keeps_what_it_says(store: Store, views: Views) -> None:
    one = failed("d/bad.txt")
    said = one.data.model_copy(update={"place": "byte 512", "attempts": 3, "disposition": "kept"})
    store.deliver(one.model_copy(update={"data": said}))

    [row] = views.failures()
    assert dict(row) == {
        "event_id": one.id, "id": said.id, "path": "d/bad.txt", "code": "undecodable", "message": "d/bad.txt: no",
        "stage": "decode", "place": "byte 512", "attempts": 3, "disposition": "kept",
        "failed_at": WHEN.isoformat(), "is_open": 1,
    }  # fmt: skip


def test_documents_and_failures_come_in_pages_the_last_first(store: Store, views: Views) -> None:
    for at in range(5):
        store.deliver(event(metric("甲"), path=f"{at}.txt"))
        bad = failed(f"bad{at}.txt")
        store.deliver(bad.model_copy(update={"time": WHEN + timedelta(hours=at)}))

    first = views.documents(limit=2)
    second = views.documents(before=first[-1]["reading"], limit=2, place="湛江市")
    assert [row["path"] for row in (*first, *second)] == ["4.txt", "3.txt", "2.txt", "1.txt"]
    assert [row["path"] for row in views.failures(limit=2)] == ["bad4.txt", "bad3.txt"]


def test_counting_ends_where_it_is_told_to(store: Store, views: Views) -> None:
    """What is counted in the table of counts is told whole; of equal counts the one that sorts first comes first."""
    units = "亩亩亩人人件件户"
    store.deliver(event(*(metric(f"事项{at}", unit=unit, confidence=0.8) for at, unit in enumerate(units))))
    looked = Asked.of(min_confidence=0.5)

    assert views.count(looked) == 8
    assert views.count(looked, most=3) == 3
    assert views.count(Asked.of(unit="亩"), most=1) == 3
    for asked in (None, looked):
        assert views.facets(asked, most=3)["unit"] == [Count("亩", 3), Count("人", 2), Count("件", 2)]
    assert views.series("no.such") == []


def test_no_more_is_given_than_anybody_looks_at(store: Store, views: Views) -> None:
    """Of 10 001 figures of one report, all alike; as many pages as there are may be asked for."""
    store.deliver(event(metric("事项", indicator_id="a.b")))
    with closing(sqlite3.connect(store.file)) as database:
        others = [name for _, name, *_ in database.execute("PRAGMA table_info(figures)")][1:]
        numbers = "WITH RECURSIVE n (at) AS (SELECT 2 UNION ALL SELECT at + 1 FROM n WHERE at < 10001)"
        database.execute(f"INSERT INTO figures {numbers} SELECT at, {', '.join(others)} FROM n, figures")  # noqa: S608
        database.execute("UPDATE readings SET figures = 10001")
        database.commit()
    [asked, here] = Asked.of(min_confidence=0.1), place(views, "440800")
    assert here is not None

    looked = [views.series("a.b"), named_figures(views, here), of_name(views, "事项")]
    assert [len(figures) for figures in looked] == [5000, 5000, 5000]
    assert (views.facets(asked)["unit"], views.count(asked)) == ([Count("件", 10_000)], 10_000)
    assert [row["figure"] for row in views.figures(asked)] == [*range(10_001, 9_951, -1)]
    assert len([*views.every(asked)]) == 10_001


def test_a_page_is_of_fifty(store: Store, views: Views) -> None:
    for at in range(51):
        store.deliver(event(metric("甲"), path=f"{at}.txt"))
        store.deliver(failed(f"bad{at}.txt"))

    assert [len(page) for page in (views.figures(Asked()), views.documents(), views.failures())] == [50, 50, 50]


def test_words_are_found_in_every_sentence(store: Store, views: Views, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only in the last ones, which are looked through for how many there are."""
    for at in range(3):
        store.deliver(event(metric("复议"), path=f"{at}.txt"))
    monkeypatch.setattr("store.views.where", partial(where, most=1))

    assert len(views.figures(Asked.of("复议"))) == 3


def test_a_series_is_of_its_places_and_of_what_was_achieved(store: Store, views: Views) -> None:
    """Or of any status where that is asked for, and never of what is the newest no more."""
    for path, town in (("a", "湛江市"), ("b", "吴川市"), ("c", "廉江市")):
        done, planned = metric("甲", "1", indicator_id="a.b"), metric("甲", "2", indicator_id="a.b", status="planned")
        store.deliver(event(done, planned, metric("乙", "3"), path=path, place=town))
    store.deliver(event(metric("甲", "4", indicator_id="a.b"), path="a", revision=2, sha="2"))

    def told(*places: str, **asked: Any) -> list[tuple[str, str]]:
        return [(row["place"], row["value"]) for row in views.series("a.b", places, **asked)]

    assert told() == [("吴川市", "1"), ("廉江市", "1"), ("湛江市", "4")]
    assert told("湛江市", "廉江市") == [("廉江市", "1"), ("湛江市", "4")]
    assert told("吴川市", status="planned") == [("吴川市", "2")]
    assert sorted(told("吴川市", status=None)) == [("吴川市", "1"), ("吴川市", "2")]


def test_places_of_one_name_are_known_by_what_they_lie_in(store: Store, views: Views) -> None:
    """The name alone leads to neither; the key of each leads to it."""
    for path, province in (("a", "甲省"), ("b", "乙省")):
        said = event(metric("事项"), path=path)
        document = said.data.document.model_copy(update={"region": "金石镇", "region_code": None, "province": province})
        store.deliver(said.model_copy(update={"data": said.data.model_copy(update={"document": document})}))

    assert place(views, "金石镇") is None
    found = [place(views, place_key("金石镇", None, province)) for province in ("甲省", "乙省")]
    assert [one and one.province for one in found] == ["甲省", "乙省"]


def test_a_rebuild_begins_anew_and_takes_the_place_of_the_store(tmp_path: Path) -> None:
    """Whatever an interrupted one has left; what SQLite laid beside the store before goes with it."""
    file, archive = tmp_path / "store.sqlite", tmp_path / "processed"
    archive.mkdir()
    one = archive / "a.txt.json"
    one.write_text(report(metric("甲")).model_dump_json(), "utf-8")
    when = datetime(2025, 7, 1, tzinfo=UTC)
    os.utime(one, (when.timestamp(), when.timestamp()))
    for left in (
        ".store.sqlite.part",
        ".store.sqlite.part-wal",
        "store.sqlite",
        "store.sqlite-wal",
        "store.sqlite-shm",
    ):
        (tmp_path / left).write_bytes(b"no database")

    assert rebuild(file, archive) == (1, [])
    assert sorted(path.name for path in tmp_path.glob("*store*")) == ["store.sqlite", "store.sqlite.lock"]
    with closing(Views(file)) as views:
        assert [row["read_at"] for row in views.documents()] == [when.isoformat()]


def test_a_rebuild_that_cannot_be_written_says_which_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves nothing half done."""
    (tmp_path / "processed").mkdir()
    (tmp_path / "processed" / "a.json").write_text(report(metric("甲")).model_dump_json(), "utf-8")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Store, "deliver", full)
    with pytest.raises(StoreError, match=f"^{tmp_path}/store.sqlite: database or disk is full$"):
        rebuild(tmp_path / "store.sqlite", tmp_path / "processed")
    assert not list(tmp_path.glob("*store*"))


def test_a_store_that_is_taken_away_leaves_nothing_but_its_lock(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    for name in ("store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "store.sqlite.lock", "ledger.sqlite"):
        (tmp_path / name).touch()
    discard(file)
    discard(file)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.sqlite", "store.sqlite.lock"]


@pytest.mark.parametrize("has_followed", [False, True])
def test_its_process_builds_what_is_missing_and_follows_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_followed: bool
) -> None:
    """From its beginning where it never has; a store that is there is not built again."""
    file = tmp_path / "store.sqlite"
    (tmp_path / "processed").mkdir()
    (tmp_path / "processed" / "a.json").write_text(report(metric("甲")).model_dump_json(), "utf-8")
    if has_followed:
        with closing(Store(file)) as store:
            store.note_following()
    url = SecretStr("redis://:secret@h/0")
    settings = SimpleNamespace(redis_url=url, site="gz", state=tmp_path, processed=tmp_path / "processed")
    served: list[Any] = []

    def serve(*arguments: Any) -> None:
        served.extend(arguments)
        assert not arguments[4]._store._lock.closed

    monkeypatch.setattr(process.relay, "settings_of", lambda _: settings)
    monkeypatch.setattr(process.logs, "configure", lambda *_: None)
    monkeypatch.setattr(process.relay, "serve", serve)
    (tmp_path / "processed" / "b.json").write_text("{", "utf-8")
    with capture_logs() as lines:
        process.main()

    *told, kept, anew, hold_s = served
    assert told == ["redis://:secret@h/0", "gz", str(file), "store"]
    assert (anew is None, hold_s) == (has_followed, process.HOLD_S)
    built = {"event": "built", "log_level": "info", "reports": 1, "unread": 1}
    assert lines == ([] if has_followed else [built])
    assert kept._store._lock.closed
    with closing(Views(file)) as views:
        assert views.sizes()["documents"] == (0 if has_followed else 1)


def test_its_process_needs_redis_and_a_store_that_nobody_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else it ends with 2, and is not started again."""
    settings = SimpleNamespace(redis_url=None, site="", state=tmp_path, processed=tmp_path)
    monkeypatch.setattr(process.relay, "settings_of", lambda _: settings)
    monkeypatch.setattr(process.logs, "configure", lambda *_: None)
    for url, why in ((None, "ZHIBIAO_REDIS_URL is not set"), (SecretStr("redis://h/0"), "written by another process")):
        settings.redis_url = url
        with closing(Store(tmp_path / "store.sqlite")), pytest.raises(SystemExit) as end:
            process.main()
        assert end.value.code == 2
        assert why in capsys.readouterr().err
