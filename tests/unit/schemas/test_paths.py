"""A file's name survives the wire, whatever bytes it is made of."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.paths import from_wire, to_wire


@pytest.mark.parametrize(
    ("path", "wire"),
    [
        (b"report.txt", "report.txt"),
        ("2023年/报告 一.txt".encode(), "2023年/报告 一.txt"),
        ("报告".encode("gbk"), "%B1%A8%B8%E6"),
        (b"100%.txt", "100%25.txt"),
        (b"%41", "%2541"),
        (b"a\nb\x1b[31m\x7f", "a%0Ab%1B[31m%7F"),
        ("a\u202egpj.txt".encode(), "a%E2%80%AEgpj.txt"),
        ("\u200b\u2028\u2029\u0085".encode(), "%E2%80%8B%E2%80%A8%E2%80%A9%C2%85"),
        ("镇〇〇1·（🈚）".encode(), "镇〇〇1·（🈚）"),
        (b"", ""),
    ],
)
def test_wire_form(path: bytes, wire: str) -> None:
    assert to_wire(path) == wire
    assert from_wire(wire) == path


@given(st.binary().filter(lambda path: b"\0" not in path))
def test_there_and_back_gives_the_same_bytes(path: bytes) -> None:
    wire = to_wire(path)

    assert from_wire(wire) == path
    assert to_wire(os.fsdecode(path)) == wire
    assert wire.encode("utf-8").decode("utf-8") == wire
    assert all(char.isprintable() for char in wire if char.isascii())


@given(st.binary(), st.binary())
def test_different_paths_stay_different(one: bytes, other: bytes) -> None:
    assert (to_wire(one) == to_wire(other)) == (one == other)
