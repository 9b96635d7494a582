"""The codebooks that the room has: those that come along, and those that lie in ``codebooks`` below the state folder."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from exports.indicators import catalogue
from panels.codebook import Codebook, load, parse

OWN = "codebooks"  # in the state folder


@cache
def shipped() -> dict[str, Codebook]:
    """Those that come along, by name."""
    folder = files("panels") / "codebooks"
    entries = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): parse((folder / name).read_bytes(), name) for name in entries}


def names(state: Path) -> list[str]:
    """The names of all codebooks; one's own stand first, and in place of one that comes along."""
    own = sorted(file.stem for file in (state / OWN).glob("*.toml"))
    return [*own, *(name for name in shipped() if name not in own)]


def book(state: Path, name: str) -> Codebook | None:
    """The codebook of a name, or None where there is none.

    Raises:
        CodebookError: one's own cannot be used.
        OSError: it cannot be read.
    """
    if name not in names(state):
        return None
    file = state / OWN / f"{name}.toml"
    return load(file, frozenset(catalogue())) if file.is_file() else shipped()[name]
