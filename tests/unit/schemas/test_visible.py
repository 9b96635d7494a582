"""What acts on a terminal, or hides there, is shown as its escape, whatever stands around it."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.visible import safe_json, visible

HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


@given(st.text())
def test_nothing_that_acts_is_left(text: str) -> None:
    assert not [char for char in visible(text) if unicodedata.category(char) in HIDDEN]
    shown = safe_json(json.dumps(text, ensure_ascii=False))
    assert not [char for char in shown if unicodedata.category(char) in HIDDEN]
    assert json.loads(shown) == text


@pytest.mark.parametrize("text", ["年报 2023.txt", "a\u3000b", "a\xa0b", "𠮷", "é"])
def test_what_only_looks_odd_stays(text: str) -> None:
    assert visible(text) == text
    assert safe_json(text) == text


@pytest.mark.parametrize(("char", "escape"), [("\x7f", "\\u007f"), ("\u200b", "\\u200b"), ("\u2028", "\\u2028")])
def test_what_hides_is_shown(char: str, escape: str) -> None:
    assert safe_json(f"年{char}报") == f"年{escape}报"


@pytest.mark.parametrize(
    ("char", "escape"),
    [
        ("\x07", "\\x07"),
        ("\n", "\\x0a"),
        ("\ud800", "\\ud800"),
        ("\x9f", "\\x9f"),
        ("\xad", "\\xad"),
        ("\u061c", "\\u061c"),
        ("\ufeff", "\\ufeff"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_an_escape_is_as_long_as_its_code_needs(char: str, escape: str) -> None:
    assert visible(f"年{char}报") == f"年{escape}报"
