"""What other distributions add to this installation: entry points of two groups (docs/extending.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

READERS = "zhibiao.readers"
SINKS = "zhibiao.sinks"


@dataclass(frozen=True)
class Plugin:
    """An entry point: its ``name``, the distribution that it comes from with its version, and ``load``, which imports it.

    Nothing of it has been imported before ``load`` is called, which may raise anything.
    """

    name: str
    origin: str
    load: Callable[[], Any]


def installed(group: str) -> tuple[Plugin, ...]:
    """The entry points of a group, in the order of their names; reads the metadata of what is installed."""
    found = sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value))
    return tuple(
        Plugin(
            entry.name, f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown package", entry.load
        )
        for entry in found
    )
