"""No page is sorted out of all figures, or looked for among all of them; and what is found by way of reports is all there is."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from store.asked import Asked, where
from store.known import named_figures, places
from store.views import Views
from store.writing import Store
from tests.unit.store.made import event, metric

FOR_A_PAGE = {
    "everything": Asked(),
    "what is sure": Asked.of(min_confidence=0.5),
    "a place": Asked.of(place="湛江市"),
    "a province": Asked.of(province="广东省"),
    "a kind": Asked.of(kind="rule_of_law"),
    "a year": Asked.of(year="2025"),
    "a unit": Asked.of(unit="亩"),
    "a status": Asked.of(status="achieved"),
    "a place, two years": Asked.of(place="吴川市", year=["2024", "2025"]),
    "a word of one character in a kind": Asked.of("复", kind="rule_of_law"),
}
OF_NONE = 10_000


@pytest.fixture
def filled(store: Store) -> Store:
    """Twelve documents of two places with three figures each; every second one has a later revision with two."""
    for number in range(12):
        path, place = f"{number}.txt", "吴川市" if number % 3 else "湛江市"
        figures = [metric(f"复议{number}之{at}", str(at), unit="亩" if at else "件") for at in range(3)]
        store.deliver(event(*figures, path=path, place=place))
    for number in range(0, 12, 2):
        path, place = f"{number}.txt", "吴川市" if number % 3 else "湛江市"
        figures = [metric(f"复议{number}之{at}改", str(at), confidence=0.1 + at / 2) for at in range(2)]
        store.deliver(event(*figures, path=path, place=place, revision=2, sha="2"))
    store.deliver(event(path="empty.txt"))
    return store


@pytest.fixture
def database(filled: Store) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(filled.file)) as opened:
        yield opened


@pytest.mark.parametrize("asked", FOR_A_PAGE.values(), ids=FOR_A_PAGE)
@pytest.mark.parametrize("before", [None, 7])
def test_a_page_comes_in_order_from_an_index(asked: Asked, before: int | None, database: sqlite3.Connection) -> None:
    found = where(database, asked)
    if before is not None:
        found = found.below(before)
    page = f"SELECT figure FROM {found.source} WHERE {found.sql} ORDER BY {found.last_first} LIMIT 50"  # noqa: S608 - our own words

    plan = [str(step[3]) for step in database.execute(f"EXPLAIN QUERY PLAN {page}", found.values)]

    assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step], plan
    assert plan[0].startswith("SEARCH readings" if found.by_reading else "SEARCH figures")


@pytest.mark.parametrize("asked", FOR_A_PAGE.values(), ids=FOR_A_PAGE)
def test_pages_by_whatever_they_go_hold_each_figure_once(asked: Asked, filled: Store, views: Views) -> None:
    """Of the newest readings, the last first; the same where the last figure of the page before is told as one that is none."""
    everything = sorted((row for one in views.documents() for row in views.figures_of(one["reading"])), key=number_of)
    wanted = [row["figure"] for row in reversed(everything) if meets(row, asked)]
    seen, before = list[int](), None
    while page := views.figures(asked, before, limit=4):
        seen += [row["figure"] for row in page]
        before = seen[-1]

    assert seen == wanted
    assert seen
    assert [row["figure"] for row in views.figures(asked, OF_NONE, limit=100)] == wanted
    assert views.figures(asked, 0) == []
    assert views.count(asked) == len(wanted)


def number_of(row: sqlite3.Row) -> int:
    return int(row["figure"])


def meets(row: sqlite3.Row, asked: Asked) -> bool:
    fields = all(row[name] in asked.values(name) for name in asked.names)
    return fields and asked.words in row["sentence_text"] and row["confidence"] >= asked.min_confidence


def test_named_figures_of_a_place_are_found_by_its_reports(store: Store, views: Views) -> None:
    for number, place in enumerate(("湛江市", "吴川市", "湛江市")):
        store.deliver(event(metric("甲", indicator_id=f"law.{number}"), metric("乙"), path=f"{number}", place=place))
    [of] = [place for place in places(views) if place.name == "湛江市"]

    assert [row["indicator_id"] for row in named_figures(views, of)] == ["law.0", "law.2"]


def test_a_name_that_its_sentence_lacks_is_found_as_well(store: Store, views: Views) -> None:
    """And one that the sentence has; neither where the reading is no longer the newest."""
    sentence = "受理行政复议案件１２件，其中审结９件。"
    store.deliver(event(metric("行政复议案件", sentence=sentence), metric("审结案件", sentence=sentence)))
    for words in ("行政复议案件", "审结案件", "案件12", "审结9"):
        assert [row["indicator"] for row in views.figures(Asked.of(words))] == ["审结案件", "行政复议案件"], words

    store.deliver(event(metric("调解"), revision=2, sha="3"))
    for words in ("行政复议案件", "审结案件", "案件12", "审结9"):
        assert views.figures(Asked.of(words)) == []
    assert views.rows("SELECT count(*) FROM search WHERE search MATCH '\"案件\"'")[0][0] == 0
