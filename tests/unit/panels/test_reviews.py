"""The record of reviews: one writer at a time, nothing lost, and what is broken is told."""

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

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
