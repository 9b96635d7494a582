"""Places of a text and of the one that it was made from, both ways."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.offset_map import OffsetMap, alike
from worker.edits import Edit, Text

PIECES = st.lists(
    st.tuples(st.text("abc甲乙", max_size=4), st.none() | st.text("xy丙", max_size=3)), min_size=1, max_size=8
)


def edited(pieces: list[tuple[str, str | None]]) -> Text:
    """A text of pieces, those with another text beside them replaced by it."""
    starts = list(accumulate((len(was) for was, _ in pieces), initial=0))
    edits = [
        Edit(start, start + len(was), now) for start, (was, now) in zip(starts, pieces, strict=False) if now is not None
    ]
    return Text.of("".join(was for was, _ in pieces)).apply(edits, "made")


def read_by_a_consumer(text: Text) -> OffsetMap:
    return OffsetMap(*text.origin.arrays, len(text.raw))


@given(PIECES)
def test_the_changes_are_all_that_differs(pieces: list[tuple[str, str | None]]) -> None:
    """With them in the places that they name, the source is the new text."""
    text = edited(pieces)
    made, place = "", 0
    for start, end, now in read_by_a_consumer(text).changes(text.raw, text.now):
        assert start >= place
        made += text.raw[place:start] + now
        place = end

    assert made + text.raw[place:] == text.now


@given(PIECES, st.data())
def test_there_and_back_is_no_less(pieces: list[tuple[str, str | None]], data: st.DataObject) -> None:
    """What a place of the new text came from leads to a span that holds it."""
    text = edited(pieces)
    if not text.now:
        return
    places = read_by_a_consumer(text)
    start = data.draw(st.integers(0, len(text.now) - 1))
    end = data.draw(st.integers(start + 1, len(text.now)))

    first, last = places.now_span(*places.span(start, end))

    ends_come_from_somewhere = all(len(range(*places.span(at, at + 1))) for at in (start, end - 1))
    if ends_come_from_somewhere:  # what was put in has no place of its own to be found by
        assert first <= start < end <= last


@pytest.mark.parametrize(
    ("source", "now"),
    [
        ((0, 2), (0, 2)),  # a copy
        ((2, 5), (2, 3)),  # replaced as a whole
        ((3, 4), (2, 3)),  # a part of it: all of it
        ((5, 6), (3, 3)),  # taken away: where it would be
        ((4, 7), (2, 4)),  # from one into the next
        ((7, 7), (4, 4)),  # nothing
    ],
)
def test_where_a_span_of_the_source_went(source: tuple[int, int], now: tuple[int, int]) -> None:
    text = Text.of("ab123xcd").apply([Edit(2, 5, "N"), Edit(5, 6)])

    assert text.now == "abNcd"
    assert read_by_a_consumer(text).now_span(*source) == now


@pytest.mark.parametrize(("one", "other", "same"), [("", "", []), ("ab", "xy", []), ("abcd", "abXd", [(0, 2), (3, 4)])])
def test_alike(one: str, other: str, same: list[tuple[int, int]]) -> None:
    assert [*alike(one, other)] == same


def test_texts_of_two_lengths_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        list(alike("ab", "abc"))


@pytest.mark.parametrize(("place", "source"), [(0, 0), (1, 1), (2, 4), (3, 5), (4, 6)])
def test_an_empty_span_maps_to_an_empty_one(place: int, source: int) -> None:
    """At the start and at the end, too, and between what was replaced and what was not."""
    made = OffsetMap([0, 1, 2, 4], [0, 1, 4], [1, 3, 2], [True, False, True], 6)

    assert made.span(place, place) == (source, source)
    assert made.now_span(source, source) == (place, place)


def test_a_text_of_which_nothing_is_left_maps_to_its_start() -> None:
    made = OffsetMap([0], [], [], [], 3)

    assert (made.now_length, made.segments, made.span(0, 0), made.now_span(0, 3)) == (0, 0, (0, 0), (0, 0))
    assert [*made.changes("abc", "")] == [(0, 3, "")]
