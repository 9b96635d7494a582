"""Doctests are looked for where a file has some: to look through what the other modules define takes as long as to import them."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[Any], list[Any]]:
    """What looks for doctests in a file that has none is left out."""
    collectors = yield
    if any(isinstance(one, DoctestModule) for one in collectors) and b">>> " not in file_path.read_bytes():
        return [one for one in collectors if not isinstance(one, DoctestModule)]
    return collectors
