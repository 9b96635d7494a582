"""The record of reviews: one writer at a time, nothing lost, and what is broken is told."""

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from panels import reviews
from panels.reviews import Review, Reviews, ReviewsError


def review(number: int = 0, **more: Any) -> Review:
    said = {
        "at": "2026-01-01T00:00:00Z",
        "action": "confirm",
        "document": "d",
        "series": "gdp",
        "year": "2025",
        "status": "achieved",
    }
    return Review(**{**said, "start": number, "end": number + 1, "quote": "五", **more})


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """In the order in which it came, Chinese as it is."""
    reviews = Reviews(tmp_path / "state" / "reviews.jsonl")
    reviews.add(review(1, note="看过"))
    reviews.add(review(2, action="correct", value="5.4"))

    assert reviews.read() == (review(1, note="看过"), review(2, action="correct", value="5.4"))
    assert "看过" in (tmp_path / "state" / "reviews.jsonl").read_text("utf-8")


def test_no_file_is_no_reviews(tmp_path: Path) -> None:
    """Nobody has reviewed anything yet."""
    assert Reviews(tmp_path / "reviews.jsonl").read() == ()


def test_the_last_review_of_a_figure_and_cell_holds(tmp_path: Path) -> None:
    """And can be taken back; that of another cell stays."""
    reviews = Reviews(tmp_path / "reviews.jsonl")
    for one in (
        review(1),
        review(1, action="strike"),
        review(2),
        review(1, series="other"),
        review(2, action="withdraw"),
    ):
        reviews.add(one)

    assert reviews.read() == (review(1, action="strike"), review(1, series="other"))


BROKEN = [
    json.dumps({**review().model_dump(), **wrong})
    for wrong in (
        {"action": "keep"},
        {"action": "correct"},
        {"value": "5.4"},
        {"action": "correct", "value": "about five"},
        {"action": "correct", "value": "1/0"},
        {"start": "x"},
        {"start": -1},
        {"year": "25"},
        {"status": "done"},
        {"status": "ongoing"},
        {"series": None},
        {"year": None},
        {"series": None, "year": None},
        {"unit": "人"},
        {"action": "correct", "value": "5", "unit": "万人"},
        {"action": "strike", "indicator": "就业"},
        {"action": "add", "value": "5"},
        {"action": "add", "indicator": "就业"},
        {"action": "correct", "value": "5", "value_high": "4"},
        {"action": "correct", "value_high": "4"},
        {"action": "correct", "indicator": "就业"},
        {"action": "correct", "value": "5", "period": "今年"},
        {"action": "correct", "value": "5", "measure": "much"},
    )
]


@pytest.mark.parametrize("line", ["{", "[]", "5", '{"at": "x"}', *BROKEN])
def test_a_line_that_is_no_review_is_told(line: str, tmp_path: Path) -> None:
    """With its number."""
    file = tmp_path / "reviews.jsonl"
    Reviews(file).add(review())
    file.write_text(file.read_text("utf-8") + line + "\n", "utf-8")

    with pytest.raises(ReviewsError, match=r"reviews\.jsonl, line 2: "):
        Reviews(file).read()


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    """And one with a byte order mark is read."""
    file = tmp_path / "reviews.jsonl"
    line = review(note="看过").model_dump_json() + "\n"
    file.write_bytes(line.encode("gbk"))
    with pytest.raises(ReviewsError, match="it is not UTF-8"):
        Reviews(file).read()

    file.write_bytes(b"\xef\xbb\xbf" + line.encode())
    assert Reviews(file).read() == (review(note="看过"),)


def test_a_line_that_was_being_written_is_left_out_and_harms_nothing(tmp_path: Path) -> None:
    """Its writer was killed before anybody was told; the next review takes its place."""
    file = tmp_path / "reviews.jsonl"
    Reviews(file).add(review(1))
    with file.open("a", encoding="utf-8") as out:
        out.write('{"at": "2026')

    assert Reviews(file).read() == (review(1),)
    Reviews(file).add(review(2))
    assert Reviews(file).read() == (review(1), review(2))


def test_of_a_long_record_the_end_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that was being written goes there as well; a line that is longer than what is looked at keeps every byte."""
    file = tmp_path / "reviews.jsonl"
    for number in range(9):
        Reviews(file).add(review(number))
    monkeypatch.setattr(reviews, "_LONGEST_LINE", 400)
    with file.open("a", encoding="utf-8") as out:
        out.write('{"at": "2026')
    Reviews(file).add(review(9))
    assert Reviews(file).read() == tuple(review(number) for number in range(10))

    with file.open("a", encoding="utf-8") as out:
        out.write("某" * 400)
    before = file.read_bytes()
    Reviews(file).add(review(10))
    assert file.read_bytes().startswith(before)


def test_a_last_line_without_an_end_that_is_a_review_is_kept(tmp_path: Path) -> None:
    """A person's editor has left the end out."""
    file = tmp_path / "reviews.jsonl"
    file.write_text(review(1).model_dump_json(), "utf-8")

    assert Reviews(file).read() == (review(1),)
    Reviews(file).add(review(2))
    assert Reviews(file).read() == (review(1), review(2))


def test_a_line_of_before_there_were_reviews_of_plain_figures_is_read() -> None:
    """Byte for byte as it was written then."""
    line = (Path(__file__).parents[2] / "golden" / "review.smallest.json").read_bytes()

    assert Review.model_validate_json(line).anchor[1:4] == ("gdp_growth", "2025", "achieved")


def figure(number: int, action: str = "confirm", **more: Any) -> Review:
    return review(number, action=action, **{"series": None, "year": None, "status": None, **more})


def test_reviews_of_a_figure_of_its_cells_and_of_what_is_added_are_apart(tmp_path: Path) -> None:
    """Each is taken back alone, by the number of its line."""
    reviews = Reviews(tmp_path / "reviews.jsonl")
    added = {"value": "1", "end": 9}
    every = (
        review(1),
        figure(1, "strike"),
        figure(1, "add", indicator="a", **added),
        figure(1, "add", indicator="b", **added),
    )
    for one in every:
        reviews.add(one)
    assert reviews.by_line() == dict(enumerate(every, 1))

    for line in (3, 2):
        reviews.add(every[line - 1].taken_back("2026-01-02T00:00:00Z"))

    assert reviews.by_line() == {1: every[0], 4: every[3]}


def test_a_correction_is_taken_back_and_takes_its_place(tmp_path: Path) -> None:
    """Whatever it says of the figure, it is of the same figure."""
    reviews = Reviews(tmp_path / "reviews.jsonl")
    said = figure(1, "correct", indicator="就业", status="planned")
    for one in (figure(1, "correct", value="5"), said):
        reviews.add(one)
    assert reviews.read() == (said,)

    reviews.add(said.taken_back("2026-01-02T00:00:00Z"))
    assert reviews.read() == ()


def test_the_bell_rings_after_the_line_is_there_and_its_silence_is_told(tmp_path: Path) -> None:
    """Nobody who hears it can find nothing."""
    file = tmp_path / "reviews.jsonl"
    heard: list[tuple[Review, ...]] = []

    def ring(_: Review) -> str:
        heard.append(Reviews(file).read())
        return "away"

    assert Reviews(file, ring).add(review(1)) == "away"
    assert heard == [(review(1),)]


def _write(file: Path, numbers: range) -> None:
    for number in numbers:
        Reviews(file).add(review(number))


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Two processes, and every line is whole."""
    file = tmp_path / "reviews.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(file, range(first, first + 40))) for first in (0, 40)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(one.start for one in Reviews(file).read()) == list(range(80))
