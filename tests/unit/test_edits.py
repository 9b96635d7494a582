"""The map from the current text back to the raw one is exact, both ways, whatever was done in between."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.edits import Applied, Edit, Flaw, OffsetMap, Text

RAW = st.text(alphabet="abc鎮鎭123 \n", max_size=40)


@st.composite
def edits_of(draw: st.DrawFn, length: int) -> list[Edit]:
    """Disjoint edits of a text of some length, by start and then by length: replacements, deletions, insertions."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=12)))
    edits: list[Edit] = []
    for start, end in sorted(zip(cuts[::2], cuts[1::2], strict=False), key=lambda span: (span[0], -span[1])):
        if not edits or start >= edits[-1].end:
            edits.append(Edit(start, end, draw(st.text(alphabet="XYZ", max_size=3)), "test"))
    return edits


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[Text, list[tuple[str, int]]]:
    """A text after up to four rounds of edits, and its characters with the raw place of each that was kept."""
    raw = draw(RAW)
    text = Text.of(raw)
    trail = [(char, place) for place, char in enumerate(raw)]
    for _ in range(draw(st.integers(0, 4))):
        edits = draw(edits_of(len(text.now)))
        text = text.apply(edits)
        trail = _applied(trail, edits)
    return text, trail


def _applied(trail: list[tuple[str, int]], edits: list[Edit]) -> list[tuple[str, int]]:
    """Carry edits out on characters that know where they came from; -1 for those put in for others."""
    out: list[tuple[str, int]] = []
    place = 0
    for edit in edits:
        if edit.start < place:
            continue
        out += trail[place : edit.start]
        exact = len(edit.new) == 1 and edit.end - edit.start == 1
        out += [(char, trail[edit.start][1] if exact else -1) for char in edit.new]
        place = edit.end
    return out + trail[place:]


@given(edited_texts())
def test_every_kept_character_maps_to_itself(case: tuple[Text, list[tuple[str, int]]]) -> None:
    """A character that no edit touched is found at its own place; one in the place of one, at that one's."""
    text, trail = case

    assert text.now == "".join(char for char, _ in trail)
    for place, (char, raw_place) in enumerate(trail):
        if raw_place >= 0:
            assert text.span(place, place + 1) == (raw_place, raw_place + 1)
            if char not in "XYZ":
                assert text.raw[raw_place] == char


@given(edited_texts())
def test_the_way_forth_undoes_the_way_back(case: tuple[Text, list[tuple[str, int]]]) -> None:
    """A kept character's raw place leads to that character again."""
    text, trail = case

    for place, (_, raw_place) in enumerate(trail):
        if raw_place >= 0:
            assert text.origin.now_position(raw_place) == place


@given(edited_texts())
def test_spans_keep_their_order_and_lie_inside_the_raw_text(case: tuple[Text, list[tuple[str, int]]]) -> None:
    """Going on in the current text never goes back in the raw one."""
    text, _ = case
    spans = [text.span(place, place + 1) for place in range(len(text.now))]

    assert all(0 <= start <= end <= len(text.raw) for start, end in spans)
    assert all(before[0] <= after[0] and before[1] <= after[1] for before, after in pairwise(spans))


@given(edited_texts(), st.data())
def test_a_longer_span_covers_its_parts(case: tuple[Text, list[tuple[str, int]]], data: st.DataObject) -> None:
    """A span maps to the hull of what its characters map to."""
    text, _ = case
    start = data.draw(st.integers(0, len(text.now)))
    end = data.draw(st.integers(start, len(text.now)))
    parts = [text.span(place, place + 1) for place in range(start, end)]

    assert not parts or text.span(start, end) == (parts[0][0], parts[-1][1])


@given(RAW, st.data())
def test_one_map_after_another_is_their_composition(raw: str, data: st.DataObject) -> None:
    """Two rounds of edits map like the second and then the first."""
    first = OffsetMap.of_edits(len(raw), data.draw(edits_of(len(raw))))
    second = OffsetMap.of_edits(first.now_length, data.draw(edits_of(first.now_length)))
    both = first.then(second)

    assert both.now_length == second.now_length
    for place in range(both.now_length):
        assert both.span(place, place + 1) == first.span(*second.span(place, place + 1))


@given(edited_texts())
def test_a_raw_place_goes_to_the_first_whose_source_ends_behind_it(case: tuple[Text, list[tuple[str, int]]]) -> None:
    """``now_position``, told by looking at every character's span."""
    text, _ = case
    spans = [text.span(place, place + 1) for place in range(len(text.now))]

    for source in range(len(text.raw) + 1):
        expected = next((place for place, (_, end) in enumerate(spans) if end > source), len(spans))
        assert text.origin.now_position(source) == expected


@pytest.mark.parametrize(
    ("edits", "source", "expected"),
    [
        ([], 3, 3),
        ([Edit(2, 4)], 1, 1),
        ([Edit(2, 4)], 2, 2),
        ([Edit(2, 4)], 3, 2),
        ([Edit(2, 4)], 4, 2),
        ([Edit(2, 4, "XYZ")], 3, 2),
        ([Edit(2, 4, "XYZ")], 4, 5),
        ([Edit(0, 6)], 3, 0),
        ([Edit(4, 6)], 5, 4),
    ],
)
def test_where_a_raw_place_went(edits: list[Edit], source: int, expected: int) -> None:
    """To the first place that came from it, or from behind it where it is gone."""
    assert OffsetMap.of_edits(6, edits).now_position(source) == expected


@pytest.mark.parametrize(("place", "expected"), [(0, (0, 0)), (1, (1, 1)), (2, (1, 4)), (3, (4, 4)), (5, (6, 6))])
def test_an_empty_span_stays_empty_but_inside_a_replaced_segment(place: int, expected: tuple[int, int]) -> None:
    """``abcdef`` became ``aXYef``: between X and Y lies all that they stand for."""
    assert OffsetMap.of_edits(6, [Edit(1, 4, "XY")]).span(place, place) == expected


def test_edits_are_recorded_in_raw_places() -> None:
    """Each with what was there, what is there now, its kind and how sure it is."""
    text = Text.of("報(bào)告 33個").apply([Edit(1, 6)], "gloss").apply([Edit(2, 3, kind="spacing", confidence=0.9)])

    assert text.now == "報告33個"
    assert text.edits == (Applied(1, 6, "(bào)", "", "gloss", 1.0), Applied(7, 8, " ", "", "spacing", 0.9))
    assert text.span(2, 4) == (8, 10)


def test_of_overlapping_edits_the_first_and_longest_counts() -> None:
    """An edit inside another, or one that begins before it ends, is left out."""
    assert Text.of("abcdef").apply([Edit(2, 3, "y"), Edit(1, 4, "x"), Edit(3, 5, "z"), Edit(4, 5, "w")]).now == "axwf"


def test_flaws_are_kept_in_raw_places_and_spoil_what_touches_them() -> None:
    """A number inside, across or right beside damage is not to be used; one further off is."""
    text = Text.of("12 候?件 34").apply([Flaw(4, 5, "digit_lost", "a digit is lost")]).apply([Edit(2, 3)])

    assert text.flaws == (Flaw(4, 5, "digit_lost", "a digit is lost"),)
    assert [text.is_flawed(*span) for span in ((0, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 8))] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_conversion_keeps_every_place() -> None:
    """Only texts of the same length can take the place of one another."""
    text = Text.of("金石鎮(zhèn)").apply([Edit(3, 9)])

    assert text.with_same_length("金石镇").span(2, 3) == (2, 3)
    with pytest.raises(ValueError, match="a text of 3 characters cannot become one of 2 in place"):
        text.with_same_length("金石")
