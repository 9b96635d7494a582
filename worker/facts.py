"""Facts about language and typesetting, kept as data in ``worker/data/*.toml``, each with its source."""

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=64)
def load_facts(name: str) -> dict[str, Any]:
    """The tables of ``worker/data/<name>.toml``; read once per process, so treat them as read-only.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return tomllib.loads((resources.files("worker") / "data" / f"{name}.toml").read_text(encoding="utf-8"))
