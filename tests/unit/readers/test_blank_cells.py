"""Cells that say that there is no figure."""

import pytest

from worker.facts import load_facts
from worker.readers.cell_words import is_blank


@pytest.mark.parametrize("around", ["{}", " {} ", "\u3000{}\n", "\t{}"])
def test_every_mark_of_none_is_one_whatever_blanks_stand_around_it(around: str) -> None:
    marks = load_facts("tables")["blanks"]["marks"]

    assert [mark for mark in marks if not is_blank(around.format(mark))] == []


@pytest.mark.parametrize("text", ["", "   ", "\u3000\u3000", "— —", "無", "N o n e"])
def test_blanks_alone_and_marks_set_apart_are_none(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "—3", "无锡", "无人机", "12", "本年无此项支出。"])
def test_what_says_anything_else_is_not(text: str) -> None:
    assert not is_blank(text)
