"""The store says what it knows of places, indicators and names, and gives figures as every table has them."""

import pytest

from exports.columns import rows_of
from schemas.metric import MetricSource
from schemas.report import Relation, RelationMember
from store import known
from store.known import Turn, contradicted, indicators, named_figures, of_name, place, places, reports_of, turns
from store.tables import row_of
from store.views import Asked, Count, Views
from store.writing import Store
from tests.unit.store.made import event, metric


def test_rows_are_those_of_the_report(store: Store, views: Views) -> None:
    """Cell by cell, as an export has them."""
    said = event(
        metric(
            "甲", "12.50", "斤", qualifier="over", change="increase", section=("一", "二"), scope="全市", actor="局"
        ),
        metric("", "2/3", "", confidence=None, period=None, value_high="3/4", confidence_reasons=("+a", "-b")),
        metric("丙", "100", "%", measure="share", indicator_id="a.b", status="planned", period="..2025-06"),
    )
    store.deliver(said)

    assert [row_of(row) for row in views.every(Asked())] == list(rows_of(said.data))[::-1]


def test_what_a_report_does_not_say_is_none(store: Store, views: Views) -> None:
    """Nothing is counted by it either."""
    store.deliver(event(metric("甲", unit="", period="", scope="", actor="", indicator_id="")))

    [row] = views.figures(Asked())
    names = ("period", "year", "scope", "actor", "indicator_id", "value_high", "change", "page")
    assert [row[name] for name in names] == [None] * len(names)
    facets = views.facets()
    assert [facets[name] for name in ("year", "unit", "indicator_id")] == [[], [], []]


def test_no_more_values_of_a_field_are_told_than_people_look_at(store: Store, views: Views) -> None:
    store.deliver(event(*(metric("甲", indicator_id=f"a.{at:02}") for at in range(21))))

    for asked in (None, Asked.of(min_confidence=0.1)):
        assert views.facets(asked)["indicator_id"] == [Count(f"a.{at:02}", 1) for at in range(20)]


def test_of_several_values_one_is_enough(store: Store, views: Views) -> None:
    """And what is counted for a field does not know that field's own condition."""
    store.deliver(event(metric("甲"), metric("乙", unit="人"), metric("丙", unit="元")))
    store.deliver(event(metric("丁"), path="b.txt", place="吴川市"))
    asked = Asked.of(unit=["人", "件"], place="湛江市")

    assert [row["indicator"] for row in views.figures(asked)] == ["乙", "甲"]
    assert views.count(asked) == 2
    counts = views.facets(asked)
    assert counts["unit"] == [Count("人", 1), Count("件", 1), Count("元", 1)]
    assert counts["place"] == [Count("湛江市", 2), Count("吴川市", 1)]
    assert asked.values("unit") == ("人", "件")
    assert asked.without("unit", "人") == Asked.of(unit="件", place="湛江市")
    assert asked.without("unit") == Asked.of(place="湛江市")
    assert Asked.of(unit=[], place=None) == Asked()


def test_places_are_told_by_code_and_province(store: Store, views: Views) -> None:
    """Only newest readings count; a name leads to a place when one has it."""
    store.deliver(event(metric("甲", indicator_id="a.b"), metric("乙")))
    store.deliver(event(metric("甲"), revision=2, sha="2"))
    store.deliver(event(metric("丙", indicator_id="a.b"), path="b.txt", place="吴川市"))

    told = places(views)
    assert [(one.name, one.code, one.reports, one.figures) for one in told] == [
        ("吴川市", "440800", 1, 1),
        ("湛江市", "440800", 1, 1),
    ]
    found = place(views, "吴川市")
    assert found == told[0]
    assert place(views, "广州市") is None
    assert [row["path"] for row in reports_of(views, told[0])] == ["b.txt"]
    assert [row["indicator"] for row in named_figures(views, told[0])] == ["丙"]
    assert named_figures(views, told[1]) == []


def test_a_name_is_the_whole_name(store: Store, views: Views) -> None:
    """Of two characters or one, with marks in it or without."""
    store.deliver(
        event(metric("复议收到"), metric("行政复议收到"), metric("户", sentence="本市3户。"), metric("甲（乙）"))
    )

    assert [row["indicator"] for row in of_name(views, "复议收到")] == ["复议收到"]
    assert [row["indicator"] for row in of_name(views, "户")] == ["户"]
    assert [row["indicator"] for row in of_name(views, "甲（乙）")] == ["甲（乙）"]
    assert of_name(views, "复议") == []
    assert of_name(views, "！") == []


def test_ids_are_counted(store: Store, views: Views) -> None:
    """Of the newest figures, in the order of the ids."""
    store.deliver(
        event(metric("甲", indicator_id="b.c"), metric("乙", indicator_id="a.b"), metric("丙", indicator_id="b.c"))
    )

    assert indicators(views) == [Count("a.b", 1), Count("b.c", 2)]


@pytest.mark.parametrize("at_once", [1, 500])
def test_what_a_relation_contradicts_is_known(
    store: Store, views: Views, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """The figures of broken relations, not those of ones that hold; however many readings are asked for."""
    monkeypatch.setattr(known, "_AT_ONCE", at_once)
    said = event(*(metric(name) for name in "甲乙丙丁"))
    members = (RelationMember(metric=1, start=0, end=1), RelationMember(metric=None, start=0, end=1))
    held = (RelationMember(metric=2, start=0, end=1),)
    relations = tuple(
        Relation(kind="sum", members=some, formula="a = b", stated="1", computed="2", verdict=verdict)  # type: ignore[arg-type]
        for some, verdict in ((members, "contradicts"), (held, "holds"))
    )
    store.deliver(said.model_copy(update={"data": said.data.model_copy(update={"relations": relations})}))
    reading = views.figures(Asked())[0]["reading"]

    assert (reading, 1) in contradicted(views, [reading])
    assert (reading, 2) not in contradicted(views, [reading])
    assert contradicted(views, []) == frozenset()
    store.deliver(event(metric("戊"), path="b.txt"))
    assert contradicted(views, [reading + 1, reading]) == contradicted(views, [reading]) != frozenset()


@pytest.mark.parametrize("at_once", [1, 500])
def test_figures_of_one_number_in_one_sentence_have_their_turns(
    store: Store, views: Views, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """In reading order; those of other words, and of other sentences, do not count."""
    monkeypatch.setattr(known, "_AT_ONCE", at_once)
    said = "收到5件，审结5件，共12件。"
    places = [("收到", "5", 2), ("审结", "5", 7), ("共", "12", 13)]
    figures = [
        metric(name, value, sentence=said, source=MetricSource(start=at, end=at + 2, quote=f"{value}件"))
        for name, value, at in places
    ]
    store.deliver(event(*figures[::-1], metric("别处", "5", sentence="别处5件。")))
    rows = views.figures(Asked())
    found = turns(views, [row["sentence"] for row in rows])

    assert {row["indicator"]: found[row["figure"]] for row in rows} == {
        "收到": Turn(0, 2),
        "审结": Turn(1, 2),
        "共": Turn(0, 1),
        "别处": Turn(0, 1),
    }
