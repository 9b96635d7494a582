"""How tests are collected, which each of several processes does by itself, and how seldom it looks for cycles."""

import gc
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule

from worker.collecting import collect_less

pytest_plugins = ["tests.by_file"]

# As a worker does: what is imported and kept for thousands of tests would else be gone through again and again.
collect_less()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing of what is made meanwhile goes before the end: it is not looked through for what could, then or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[Any], list[Any]]:
    """Doctests are looked for where a file has some: to go through what the others define takes as long as to import it."""
    collectors = yield
    if any(isinstance(one, DoctestModule) for one in collectors) and b">>> " not in file_path.read_bytes():
        return [one for one in collectors if not isinstance(one, DoctestModule)]
    return collectors
