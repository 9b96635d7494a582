"""A store of one test, and the views of it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.views import Views
from store.writing import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "store.sqlite")) as opened:
        yield opened


@pytest.fixture
def views(store: Store) -> Iterator[Views]:
    with closing(Views(store.file)) as opened:
        yield opened
