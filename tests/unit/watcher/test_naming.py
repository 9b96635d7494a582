"""Names in the archive."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.filing.targets import LONGEST_SUFFIX, NAME_MAX_BYTES, free_target, temporary

CASES = tomllib.loads((Path(__file__).parent / "naming.toml").read_text(encoding="utf-8"))["case"]


def spelt_out(path: str) -> bytes:
    """``3*报`` stands for 报报报."""
    return re.sub(r"(\d+)\*(.)", lambda match: match[2] * int(match[1]), path).encode()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_place(case: dict[str, Any]) -> None:
    taken = {spelt_out(path) for path in case["taken"]}
    blocked = {spelt_out(path) for path in case.get("blocked", [])}

    assert free_target(spelt_out(case["path"]), "c0ffee0011", taken.__contains__, blocked.__contains__) == spelt_out(
        case["place"]
    )


@given(
    st.binary(min_size=1, max_size=255).filter(lambda name: b"/" not in name and b"\0" not in name), st.integers(0, 9)
)
def test_every_name_finds_a_free_place_with_room_for_its_sidecar(name: bytes, times: int) -> None:
    taken: set[bytes] = set()
    for _ in range(times + 1):
        target = free_target(b"d/" + name, "c0ffee0011", taken.__contains__, lambda _path: False)
        taken.add(target)
        folder, _, last = target.partition(b"/")
        assert folder == b"d"
        assert 0 < len(last) <= NAME_MAX_BYTES - len(LONGEST_SUFFIX)
    assert len(taken) == times + 1


def test_temporary_names_are_hidden_and_stay_in_the_folder() -> None:
    assert temporary(b"2023/a.txt", 7) == b"2023/.zhibiao-7.part"
