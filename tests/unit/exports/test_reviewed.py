"""Figures as people have reviewed them: found again, corrected, left out, added."""

from typing import Any

import pytest

from exports.columns import NAMES, Row, rows_of
from exports.filters import Sieve, Wanted
from exports.reviewed import Record, Reviewing, _plain
from schemas.report import Report
from schemas.review import Review
from tests.unit.panels.made import growth, metric, report

JOBS = metric(
    "城镇新增就业", "71000", "人", at=20, quote="7.1万人", indicator_id="employment.urban_new", confidence=0.4
)
THIS = report(growth("5.2"), JOBS)


def said(action: Any, at: int = 20, quote: str = "7.1万人", **more: Any) -> Review:
    about = {"at": "2026-01-01", "document": THIS.id, "by": "w", "end": at + len(quote), **more}
    return Review(action=action, start=at, quote=quote, **about)


def rows(*reviews: Review, of: Report = THIS, **more: Any) -> list[Row]:
    return list(Reviewing(Record(reviews), **more).rows(of, rows_of(of), of.document.title))


def jobs(*reviews: Review) -> Row:
    [row] = [row for row in rows(*reviews, with_struck=True) if row["quote"] == "7.1万人"]
    return row


def told(row: Row) -> dict[str, Any]:
    """What a review has changed."""
    before = next(row for row in rows_of(THIS) if row["quote"] == "7.1万人")
    return {
        name: row[name] for name in NAMES if row[name] != before[name] and name not in ("reviewed_by", "reviewed_at")
    }


CELL: dict[str, Any] = {"series": "jobs", "year": "2025", "status": "achieved"}


@pytest.mark.parametrize(
    ("reviews", "changed"),
    [
        ((said("confirm", note="看过"),), {"review": "confirmed", "review_note": "看过"}),
        (
            (said("correct", value="72000"),),
            {"value": "72000", "base": "72000", "review": "corrected", "read_value": "71000"},
        ),
        (
            (said("correct", value="7.2", unit="吨", period="2024", indicator="粮食"),),
            {
                "year": "2024",
                "period": "2024",
                "indicator_id": None,
                "indicator": "粮食",
                "value": "7.2",
                "unit": "吨",
                "base": "7.2",
                "base_unit": "吨",
                "review": "corrected",
                "read_value": "71000",
                "read_as": "unit=人; indicator=城镇新增就业; period=2025; indicator_id=employment.urban_new",
            },
        ),
        (
            (said("correct", status="planned", measure="difference"),),
            {"status": "planned", "measure": "difference", "review": "corrected", "read_as": "measure=level; status=achieved"},
        ),
        (
            (said("correct", value="7", value_high="8"),),
            {"value": "7", "value_high": "8", "base": "7", "review": "corrected", "read_value": "71000", "read_as": "value_high="},
        ),
        ((said("strike"),), {"review": "struck"}),
        ((said("strike", **CELL),), {"review": "struck"}),
        ((said("confirm", **CELL), said("strike", **{**CELL, "series": "other"})), {"review": "confirmed"}),
        ((said("confirm"), said("strike", **CELL)), {"review": "confirmed"}),
        (
            (said("confirm"), said("correct", value="72000", **CELL)),
            {"value": "72000", "base": "72000", "review": "corrected", "read_value": "71000"},
        ),
        (
            (said("correct", value="72000", **CELL), said("strike")),
            {"review": "struck"},
        ),
    ],
)  # fmt: skip
def test_a_row_is_as_a_person_has_it(reviews: tuple[Review, ...], changed: dict[str, Any]) -> None:
    """With what was read beside what is right; the columns that follow follow."""
    assert told(jobs(*reviews)) == changed


def test_struck_figures_are_left_out_and_counted() -> None:
    """Unless they are wanted."""
    reviewing = Reviewing(Record([said("strike")]))
    left = list(reviewing.rows(THIS, rows_of(THIS), THIS.document.title))

    assert ([row["quote"] for row in left], reviewing.struck) == (["5.2%"], 1)


def test_an_added_figure_stands_at_its_place() -> None:
    """A row like any other, that says who has added it."""
    added = said(
        "add", 10, "八百吨", value="800", unit="吨", indicator="粮食产量", period="2025", sentence="产粮八百吨。"
    )
    found = rows(added)

    assert [row["quote"] for row in found] == ["5.2%", "八百吨", "7.1万人"]
    assert list(found[1]) == list(NAMES)
    said_of_it = ("place", "year", "indicator", "value", "unit", "sentence", "review", "reviewed_by", "confidence")
    assert [found[1][name] for name in said_of_it] == [
        "广东省", "2025", "粮食产量", "800", "吨", "产粮八百吨。", "added", "w", None,
    ]  # fmt: skip


def test_what_newer_rules_read_where_a_figure_was_added_is_that_figure() -> None:
    """It does not stand there twice, and has the person's name."""
    added = said("add", 21, ".1万人", value="71000", unit="人", indicator="新增就业人数")
    [_, row] = rows(added)

    assert (row["indicator"], row["review"], row["quote"]) == ("新增就业人数", "added", "7.1万人")


def other_bytes(*metrics: Any, title: str = "报告", path: str = "a.txt") -> Report:
    made = report(*metrics, path=path)
    document = made.document.model_copy(update={"title": title})
    return made.model_copy(update={"document": document, "source": made.source.model_copy(update={"sha256": "1" * 64})})


def test_a_review_outlives_a_revision_that_moves_its_sentence() -> None:
    """Not one that changes it: what is said there may be another thing."""
    review = said("correct", value="72000", sha256="0" * 64, title="报告", sentence=JOBS.sentence)
    moved = metric("城镇新增就业", "71000", "人", at=700, quote="7.1万人")
    reworded = metric("农村就业", "71000", "人", at=700, quote="7.1万人")

    assert [row["value"] for row in rows(review, of=other_bytes(moved))] == ["72000"]
    in_its_place = metric("农村就业", "71000", "人", at=20, quote="7.1万人")

    assert [row["value"] for row in rows(review, of=other_bytes(reworded))] == ["71000"]
    assert [row["value"] for row in rows(review, of=other_bytes(in_its_place))] == ["71000"]


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("粮食增产，城镇新增就业7.1万人。", "72000"),
        ("城镇新增就业7.1万人，增长3%。", "72000"),
        ("农村新增就业7.1万人。", "71000"),
        ("城镇新增就业，7.1万人。", "71000"),
        ("城镇新增就业7.1万人，农民工返乡就业7.1万人。", "71000"),
    ],
)
def test_a_revision_may_change_the_rest_of_the_sentence(sentence: str, value: str) -> None:
    """The words of the clause before the number say whether it is the same figure; two that may be it are none."""
    review = said("correct", value="72000", sha256="0" * 64, title="报告", sentence=JOBS.sentence)
    now = metric("城镇新增就业", "71000", "人", at=31, quote="7.1万人", sentence=sentence)

    assert [row["value"] for row in rows(review, of=other_bytes(now))] == [value]


def test_a_review_of_a_figure_that_is_read_no_more_goes_to_no_other_of_the_same_words() -> None:
    """Newer rules take it for none; the same number stands in another sentence."""
    review = said("correct", value="72000", sha256="0" * 64, title="报告", sentence=JOBS.sentence)
    other = report(metric("农村就业", "71000", "人", at=90, quote="7.1万人"))
    reviewing = Reviewing(Record([review]))

    assert [row["value"] for row in reviewing.rows(other, rows_of(other), "报告")] == ["71000"]
    assert reviewing.lost == [review]


def test_a_review_outlives_rules_that_take_more_to_the_number() -> None:
    """Of the same bytes, the one figure over the place is meant."""
    wider = report(metric("城镇新增就业", "71000", "人", at=19, quote="约7.1万人"))
    review = said("strike", sha256="0" * 64, title="报告")

    assert rows(review, of=wider) == []
    assert len(rows(review, of=other_bytes(*wider.metrics))) == 1


def test_another_document_under_the_same_path_of_another_folder_is_another() -> None:
    """Its id is the same; its bytes and its title are not."""
    review = said("strike", sha256="0" * 64, title="报告")
    record = Record([review])
    other = other_bytes(JOBS, title="另一份报告")

    assert (record.of(other, "另一份报告"), record.of(other, None), record.strangers()) == ([], [], [review])
    assert record.of(THIS, "报告") == [review]


def test_a_title_that_says_that_the_file_was_corrected_is_the_same_title() -> None:
    """A year in brackets is no such remark, nor is a word of it outside of them."""
    review = said("strike", sha256="0" * 64, title="某县普法工作通报(2024年)")
    same = ("某县普法工作通报(2024年)(修订)", "某县普法工作通报(2024年)【更正版】", "某县普法工作通报 (2024年)")
    others = ("某县普法工作通报(2023年)", "某县普法工作通报(2024年修订)", "某县普法工作更正通报(2024年)")
    kept = [title for title in same + others if Record([review]).of(other_bytes(JOBS, title=title), title)]

    assert kept == list(same)


def test_the_same_bytes_are_the_same_document_wherever_they_lie() -> None:
    """The id goes by the folder that was named."""
    review = said("strike", sha256="0" * 64)
    elsewhere = report(JOBS, path="sub/a.txt")

    assert elsewhere.id != THIS.id
    assert rows(review, of=elsewhere) == []


@pytest.mark.parametrize(
    "review",
    [
        said("strike", quote="7.2万人"),
        said("strike", at=9000),
        said("add", at=90, quote="八百", value="8", indicator="x", sha256="0" * 64, title="报告"),
    ],
)
def test_what_fits_no_figure_is_told(review: Review) -> None:
    """Other words, another place; what was added to other bytes."""
    reviewing = Reviewing(Record([review]))
    of = other_bytes(JOBS) if review.action == "add" else THIS
    list(reviewing.rows(of, rows_of(of), of.document.title))

    assert (reviewing.lost, reviewing.record.strangers()) == ([review], [])


def test_a_persons_word_is_surer_than_any_rules() -> None:
    """What was confirmed passes a threshold of confidence that it would not have passed."""
    sieve = Sieve(Wanted(min_confidence=0.9))

    assert [row["quote"] for row in sieve.through(rows(said("confirm")))] == ["5.2%", "7.1万人"]
    assert [row["quote"] for row in sieve.through(rows())] == ["5.2%"]


@pytest.mark.parametrize("brackets", ["()", "（）", "[]", "【】", "〔〕"])
@pytest.mark.parametrize("word", ["修订", "修改", "修正", "更正", "订正", "勘误", "重发", "更新"])
def test_every_word_of_a_remark_in_every_bracket_is_left_out(word: str, brackets: str) -> None:
    assert _plain(f"某县年报{brackets[0]}{word}稿{brackets[1]}") == "某县年报"


@pytest.mark.parametrize(("places", "kept"), [((0, 25), 25), ((18, 40), 18), ((12, 28), 12), ((28, 12), 28)])
def test_of_the_same_words_the_nearest_are_meant(places: tuple[int, int], kept: int) -> None:
    """On either side; of two that are as near the first."""
    of = other_bytes(*(metric("城镇新增就业", "71000", "人", at=at, quote="7.1万人") for at in places))
    review = said("correct", value="72000", title="报告", sha256="0" * 64, sentence=JOBS.sentence)

    assert {row["start"]: row["value"] for row in rows(review, of=of)} == {
        at: "72000" if at == kept else "71000" for at in places
    }


@pytest.mark.parametrize(("by", "value"), [(4000, "72000"), (-4000, "72000"), (4001, "71000"), (-4001, "71000")])
def test_what_has_moved_further_is_another_figure(by: int, value: str) -> None:
    of = other_bytes(metric("城镇新增就业", "71000", "人", at=5000 + by, quote="7.1万人"))
    review = said("correct", 5000, value="72000", title="报告", sha256="0" * 64, sentence=JOBS.sentence)

    assert [row["value"] for row in rows(review, of=of)] == [value]


@pytest.mark.parametrize("mark", "，,；;。：:、")
def test_a_clause_ends_at_every_mark(mark: str) -> None:
    review = said("correct", value="72000", sha256="0" * 64, title="报告", sentence=JOBS.sentence)
    now = metric("城镇新增就业", "71000", "人", at=31, quote="7.1万人", sentence=f"稳中有进{mark} 城镇新增就业7.1万人")

    assert [row["value"] for row in rows(review, of=other_bytes(now))] == ["72000"]


def test_an_added_figure_says_what_a_person_left_out() -> None:
    """Its year is its period, its words are its sentence; without a status it was achieved, and its measure is a level."""
    least: dict[str, Any] = {"value": "800", "indicator": "粮食"}
    short = rows(said("add", 10, "八百吨", **least, **{**CELL, "year": "2024"}))[1]
    plain = rows(said("add", 10, "八百吨", **least))[1]
    more: dict[str, Any] = {
        "value_high": "900",
        "unit": "吨",
        "change": "increase",
        "measure": "share",
        "period": "2023",
    }
    long = rows(said("add", 10, "八百", sentence="八百。", **least, **more, **{**CELL, "status": "planned"}))[1]

    names = ("value_high", "unit", "change", "measure", "period", "status", "sentence")
    assert [short[name] for name in names] == [None, None, None, "level", "2024", "achieved", "八百吨"]
    assert [plain[name] for name in ("period", "status")] == [None, "achieved"]
    assert [long[name] for name in names] == ["900", "吨", "increase", "share", "2023", "planned", "八百。"]
