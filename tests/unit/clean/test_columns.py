"""The width of a line, as the Unicode database has it for each of its characters."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from worker.clean.wraps import columns


@given(st.text())
def test_wide_characters_take_two_columns(text: str) -> None:
    wide = [char for char in text if unicodedata.east_asian_width(char) in "WFA"]
    assert columns(text) == columns(text) == len(text) + len(wide)
