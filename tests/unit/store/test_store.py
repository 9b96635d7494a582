"""What is put into the store is found in it, once, and the newest holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.events import ReportEvent, Withdrawal, WithdrawnEvent
from store.figure_rows import FACETS
from store.rebuild import rebuild
from store.views import Asked, Count, NoStore, Views
from store.writing import Store, StoreInUse
from tests.unit.store.made import WHEN, event, failed, metric, report


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "of it" / "store.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = Store(file)
    yield opened
    opened.close()


def names(rows: list[sqlite3.Row]) -> list[str]:
    return [row["indicator"] for row in rows]


def contents(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows, by what they say and not by the numbers that the database gave them."""
    with closing(sqlite3.connect(file)) as database:
        readings = database.execute(
            "SELECT event_id, id, revision, is_newest, path, title, place, sha256, pipeline_version, figures FROM readings"
        ).fetchall()
        figures = database.execute(
            "SELECT event_id, number, figures.is_newest, indicator, value, base, unit, text, searched"
            " FROM figures JOIN sentences USING (sentence) JOIN readings ON readings.reading = figures.reading"
        ).fetchall()
        counts = database.execute("SELECT * FROM counts").fetchall()
    return {"readings": sorted(readings), "figures": sorted(figures), "counts": sorted(counts)}


def test_a_report_is_found_by_its_words_and_fields(store: Store, file: Path) -> None:
    """Its figures, the last first; its sentence and its file with each."""
    store.deliver(event(metric("行政复议收到"), metric("调解纠纷", status="planned", unit="亩")))
    store.deliver(event(metric("行政复议审结"), path="b.txt", place="吴川市"))

    with closing(Views(file)) as views:
        assert names(views.figures(Asked.of("行政复议"))) == ["行政复议审结", "行政复议收到"]
        assert names(views.figures(Asked.of("政复"))) == ["行政复议审结", "行政复议收到"]
        assert names(views.figures(Asked.of("复议 全市", place="湛江市"))) == ["行政复议收到"]
        assert names(views.figures(Asked.of("解"))) == ["调解纠纷"]
        assert names(views.figures(Asked.of("复 收到"))) == ["行政复议收到"]
        assert names(views.figures(Asked.of("议复"))) == []
        assert names(views.figures(Asked.of("！"))) == []
        assert names(views.figures(Asked.of(status="planned"))) == ["调解纠纷"]
        assert names(views.figures(Asked.of(min_confidence=0.95))) == []
        found = views.figures(Asked.of("审结"))[0]
        assert (found["sentence_text"], found["path"], found["base_unit"]) == ("全市行政复议审结12件。", "b.txt", "件")


def test_pages_go_on_where_the_last_one_ended(store: Store, file: Path) -> None:
    """Nothing twice, nothing left out."""
    store.deliver(event(*(metric(f"事项{number:02}") for number in range(7))))

    with closing(Views(file)) as views:
        first = views.figures(Asked(), limit=3)
        second = views.figures(Asked(), before=first[-1]["figure"], limit=3)
        third = views.figures(Asked(), before=second[-1]["figure"], limit=3)
    assert names([*first, *second, *third]) == [f"事项{number:02}" for number in range(6, -1, -1)]


def test_a_page_has_fifty_rows_where_nothing_else_is_asked(store: Store, file: Path) -> None:
    store.deliver(event(*(metric(f"事项{number:02}") for number in range(51))))

    with closing(Views(file)) as views:
        assert len(views.figures(Asked())) == 50
        assert len(views.figures(Asked(), limit=51)) == 51


@pytest.mark.parametrize("words", ["事项", "事项 全市", ""])
def test_pages_of_a_search_hold_all_of_it(words: str, store: Store, file: Path) -> None:
    """Sentences of one figure and of several."""
    shared = "事项甲乙，全市都有。"
    store.deliver(event(*(metric(f"事项{at}", sentence=shared if at % 3 else f"全市事项{at}。") for at in range(8))))
    store.deliver(event(metric("事项8"), path="b.txt"))

    seen: list[str] = []
    with closing(Views(file)) as views:
        page = views.figures(Asked.of(words), limit=2)
        while page:
            seen += names(page)
            page = views.figures(Asked.of(words), before=page[-1]["figure"], limit=2)
    assert seen == [f"事项{at}" for at in range(8, -1, -1)]


def test_the_same_event_twice_changes_nothing(store: Store, file: Path) -> None:
    """As a redelivery brings it."""
    store.deliver(event(metric("复议")))
    before = contents(file)
    store.deliver(event(metric("复议")))

    assert contents(file) == before


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [
        ({"revision": 1}, {"revision": 2, "sha": "2"}, "乙"),
        ({"revision": 2, "sha": "2"}, {"revision": 1}, "甲"),
        ({"version": "4"}, {"version": "5"}, "乙"),
        ({"version": "10"}, {"version": "9"}, "甲"),
        ({"version": "5"}, {"revision": 2, "version": "4", "sha": "2"}, "乙"),
    ],
)
def test_the_newest_reading_holds(
    first: dict[str, Any], second: dict[str, Any], holds: str, store: Store, file: Path
) -> None:
    """By revision, then by the version of the rules; the others stay, and are neither found nor counted."""
    store.deliver(event(metric("甲乙丙甲"), metric("甲"), **first))
    store.deliver(event(metric("甲乙丙乙"), metric("乙"), **second))

    with closing(Views(file)) as views:
        assert names(views.figures(Asked.of("甲乙丙"))) == [f"甲乙丙{holds}"]
        assert views.facets()["place"] == [Count("湛江市", 2)]
        assert views.count(Asked.of(place="湛江市")) == 2
        assert [row["revision"] for row in views.documents()] == [
            max(first.get("revision", 1), second.get("revision", 1))
        ]
        assert len(contents(file)["readings"]) == 2


def test_facets_count_what_is_there_and_what_is_asked(store: Store, file: Path) -> None:
    """Of everything from the table of counts, of a search by looking; both say the same."""
    store.deliver(event(metric("甲"), metric("乙", unit="人"), metric("丙", status="planned")))
    store.deliver(event(metric("丁"), path="b.txt", place="吴川市"))

    with closing(Views(file)) as views:
        everything = views.facets()
        looked = views.facets(Asked.of(min_confidence=0.1))
        assert everything == looked
        assert everything["status"] == [Count("achieved", 3), Count("planned", 1)]
        assert everything["unit"] == [Count("件", 3), Count("人", 1)]
        assert set(everything) == set(FACETS)
        assert views.facets(Asked.of(place="吴川市"))["status"] == [Count("achieved", 1)]


def test_a_series_over_places_and_years(store: Store, file: Path) -> None:
    """In the base unit."""
    for path, place, period, value in (
        ("a", "湛江市", "2025", "30"),
        ("b", "湛江市", "2024", "15"),
        ("c", "吴川市", "2025", "45"),
    ):
        store.deliver(
            event(metric("耕地", value, "亩", indicator_id="land.farm", period=period), path=path, place=place)
        )

    with closing(Views(file)) as views:
        rows = [(row["place"], row["period"], row["base"]) for row in views.series("land.farm")]
        assert rows == [("吴川市", "2025", 3.0), ("湛江市", "2024", 1.0), ("湛江市", "2025", 2.0)]
        assert len(views.series("land.farm", ["湛江市"])) == 2
        assert views.series("land.farm", status="planned") == []


def test_a_document_with_its_figures_and_revisions(store: Store, file: Path) -> None:
    """As it was read."""
    store.deliver(event(metric("甲"), metric("乙")))
    store.deliver(event(metric("丙"), revision=2, sha="2"))
    id_ = report().id

    with closing(Views(file)) as views:
        newest, first = views.reading(id_), views.reading(id_, 1)
        assert newest is not None
        assert first is not None
        assert names(views.figures_of(newest["reading"])) == ["丙"]
        assert names(views.figures_of(first["reading"])) == ["甲", "乙"]
        assert views.reading("f" * 20) is None


def test_a_failure_is_open_until_its_path_gives_a_report(store: Store, file: Path) -> None:
    """A report that came before it, or another file's, ends nothing."""
    later = event(metric("事项"), path="bad.txt").model_copy(update={"time": WHEN + timedelta(hours=1)})
    store.deliver(later.model_copy(update={"id": "before", "time": WHEN - timedelta(hours=1)}))
    store.deliver(failed())
    store.deliver(failed("other.txt"))

    def told() -> tuple[list[tuple[str, int]], int]:
        with closing(Views(file)) as views:
            return sorted((row["path"], row["is_open"]) for row in views.failures()), views.sizes()["open_failures"]

    assert told() == ([("bad.txt", 1), ("other.txt", 1)], 2)
    store.deliver(later)
    assert told() == ([("bad.txt", 0), ("other.txt", 1)], 1)


def test_failures_are_kept_once(store: Store, file: Path) -> None:
    """Each with its reason."""
    for one in (failed(), failed(), failed(round_=2)):
        store.deliver(one)

    with closing(Views(file)) as views:
        assert [(row["path"], row["code"]) for row in views.failures()] == [("bad.txt", "undecodable")] * 2


def test_a_rebuild_has_the_same_rows(store: Store, file: Path, tmp_path: Path) -> None:
    """From the JSON in the archive, older revisions among them."""
    reports = [
        report(metric("甲"), metric("乙")),
        report(metric("丙"), revision=2, sha="2"),
        report(metric("丁"), path="b.txt", place="吴川市"),
    ]
    for number, one in enumerate(reports):
        store.deliver(
            event(
                *one.metrics,
                path=one.source.path,
                revision=one.revision,
                sha=one.source.sha256[0],
                place=one.document.region,
            )
        )
        (tmp_path / "processed").mkdir(exist_ok=True)
        (tmp_path / "processed" / f"{number}.json").write_text(one.model_dump_json(indent=2), "utf-8")
    (tmp_path / "processed" / "broken.json").write_text("{", "utf-8")

    count, unread = rebuild(tmp_path / "again.sqlite", tmp_path / "processed")

    assert (count, [one.path for one in unread]) == (3, ["broken.json"])
    assert contents(tmp_path / "again.sqlite") == contents(file)
    assert sorted(path.name for path in tmp_path.glob("*again*")) == ["again.sqlite", "again.sqlite.lock"]


def test_one_process_writes(store: Store, file: Path, tmp_path: Path) -> None:
    """A second one, or a rebuild under it, is refused, and harms nothing."""
    store.deliver(event(metric("甲")))
    (tmp_path / "processed").mkdir()

    with pytest.raises(StoreInUse, match="is written by another process"):
        Store(file)
    with pytest.raises(StoreInUse):
        rebuild(file, tmp_path / "processed")
    with closing(Views(file)) as views:
        assert names(views.figures(Asked())) == ["甲"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_what_is_no_store_is_made_anew(content: bytes, file: Path) -> None:
    """It holds nothing that the record does not have."""
    file.parent.mkdir(parents=True)
    file.write_bytes(content)

    made = Store(file)
    made.deliver(event(metric("甲")))
    made.close()

    assert made.is_new
    with closing(Views(file)) as views:
        assert names(views.figures(Asked())) == ["甲"]


def test_another_version_is_made_anew_and_not_read(store: Store, file: Path) -> None:
    """A reader says what helps."""
    store.deliver(event(metric("甲")))
    store.close()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE about SET value = '0'")

    with pytest.raises(NoStore, match="of another version; zhibiao store rebuild makes it anew"):
        Views(file)
    again = Store(file)
    again.close()
    assert contents(file)["figures"] == []


def test_no_store_is_said(tmp_path: Path) -> None:
    """With what makes it."""
    with pytest.raises(NoStore, match="a service that runs, or zhibiao store rebuild, makes it"):
        Views(tmp_path / "store.sqlite")


def test_a_field_that_is_none_is_refused() -> None:
    """Before it comes near SQL."""
    with pytest.raises(ValueError, match="title is none of place, province"):
        Asked.of(title="x")


@pytest.mark.parametrize("is_told_first", [False, True], ids=["reports first", "withdrawal first"])
def test_what_was_taken_back_is_found_no_more(store: Store, file: Path, *, is_told_first: bool) -> None:
    """In whichever order the two streams are read; what comes as the next revision is found again."""
    first = event(metric("行政复议收到"))
    again = event(metric("行政复议收到", "13"), version="5")
    other = event(metric("行政复议审结"), path="b.txt")
    taken = withdrawn(first, again)
    for one in (taken, first, again, other) if is_told_first else (first, again, other, taken, taken):
        store.withdraw(one) if isinstance(one, WithdrawnEvent) else store.deliver(one)

    with closing(Views(file)) as views:
        assert names(views.figures(Asked.of("行政复议"))) == names(views.figures(Asked())) == ["行政复议审结"]
        assert views.sizes() == {"documents": 1, "figures": 1, "readings": 3, "failures": 0, "open_failures": 0}
        assert views.facets()["unit"] == [Count("件", 1)]
    store.deliver(event(metric("行政复议收到", "14"), revision=2, sha="2"))
    with closing(Views(file)) as views:
        assert [row["value"] for row in views.figures(Asked.of("收到"))] == ["14"]
        store.withdraw(taken)
        assert [row["value"] for row in views.figures(Asked.of("收到"))] == ["14"]


def withdrawn(*events: ReportEvent) -> WithdrawnEvent:
    data = events[0].data
    ids = tuple(event.id for event in events)
    return WithdrawnEvent.of(Withdrawal(id=data.id, path=data.source.path, revisions=(1,), events=ids), WHEN)


def test_documents_are_found_by_words_and_fields(tmp_path: Path) -> None:
    """All words have to stand in title, issuer, place or path, whichever of them."""
    with closing(Store(tmp_path / "s.sqlite")) as store:
        store.deliver(event(metric("案件"), path="2025/a.txt"))
        store.deliver(event(metric("案件"), path="b.txt", place="广州市"))
        store.deliver(event(metric("案件"), path="b.txt", place="广州市", revision=2, sha="1"))
    with closing(Views(tmp_path / "s.sqlite")) as views:
        found = {
            words: [row["path"] for row in views.documents(words=words)] for words in ("2025 湛江", "广州 法治", "甲")
        }
        assert found == {"2025 湛江": ["2025/a.txt"], "广州 法治": ["b.txt"], "甲": []}
        assert [row["path"] for row in views.documents(place="广州市", kind="rule_of_law")] == ["b.txt"]
        assert views.documents(kind="audit") == []
        assert views.document_values("place") == ["广州市", "湛江市"]
        assert [row["revision"] for row in views.readings_of(report(path="b.txt").id)] == [2, 1]
        for ask in (lambda: views.documents(title="x"), lambda: views.document_values("title")):
            with pytest.raises(ValueError, match=r"^title is none of kind, year, place, province$"):
                ask()
