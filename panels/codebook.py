"""Codebooks: TOML files that say which series a panel has, and how a figure of a report is known to belong to one."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from exports.units import base_of, measures
from panels.errors import CodebookError
from panels.series import DIRECTIONS, STATUSES, Series, all_measures

_MULTIPLIED = re.compile("[万亿].+")
_NEEDED = ("key", "title")
_BOOK: dict[str, type] = {"title": str, "kinds": list, "next_year": bool, "source": str, "series": list}
_RIGHT: dict[type, str] = {
    str: "text in quotes",
    list: 'a list, as ["rule_of_law"]; series are written as [[series]]',
    bool: "true or false",
}


@dataclass(frozen=True)
class Codebook:
    """``kinds``: the kinds of reports that it is for, all if empty. ``next_year``: whether their plans are for the year after."""

    title: str
    series: tuple[Series, ...]
    kinds: tuple[str, ...] = ()
    next_year: bool = False
    source: str = ""

    @property
    def plans(self) -> bool:
        """Whether any series has targets."""
        return any("planned" in series.statuses for series in self.series)


def load(file: Path, known_ids: frozenset[str] | None = None) -> Codebook:
    """The codebook in a file; ``known_ids`` are those of the catalogue, or None where nobody knows them.

    Raises:
        CodebookError: the file cannot be used; says the line, what stands there and what would be right.
        OSError: it cannot be read.
    """
    return parse(file.read_bytes(), file.name, known_ids)


def parse(data: bytes, name: str, known_ids: frozenset[str] | None = None) -> Codebook:
    """The codebook in a file's bytes.

    Raises:
        CodebookError: as :func:`load` does.
    """
    text, table = _table(data, name)
    where = _Lines(name, text)
    for key in table:
        if key not in _BOOK:
            raise CodebookError(name, where.of(key), f"{key!r} is no part of a codebook", f"one of {', '.join(_BOOK)}")
        if not isinstance(table[key], _BOOK[key]):
            seen = f"{key} is {table[key]!r}"
            raise CodebookError(name, where.of(key), seen, _RIGHT[_BOOK[key]])
    _only_text(
        table.get("kinds", []),
        lambda seen: CodebookError(name, where.of("kinds"), f"kinds has {seen!r}", "text in quotes"),
    )
    rows = table.get("series")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise CodebookError(name, 1, "there is no series", "[[series]] with a key and a title for each")
    series = tuple(_series(row, where, number, known_ids) for number, row in enumerate(rows))
    _apart(series, where)
    return Codebook(
        table.get("title", name),
        series,
        tuple(table.get("kinds", ())),
        table.get("next_year", False),
        table.get("source", ""),
    )


def _table(data: bytes, name: str) -> tuple[str, dict[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CodebookError(name, data[: error.start].count(b"\n") + 1, "it is not UTF-8", "save it as UTF-8") from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(
            name, _line_in(str(error)), f"it is not TOML: {error}", "https://toml.io shows how it is written"
        ) from None


def _line_in(message: str) -> int:
    _, _, after = message.partition("line ")
    digits = after[: len(after) - len(after.lstrip("0123456789"))]
    return int(digits) if digits else 1


@dataclass(frozen=True)
class _Lines:
    """Finds the line of what a message is about."""

    name: str
    text: str

    def of(self, key: str, number: int | None = None) -> int:
        """The line of a key, in the ``number``-th series where that is given."""
        starts = [at for at, line in enumerate(self.text.splitlines()) if line.strip().startswith("[[series]]")]
        first = starts[number] if number is not None and number < len(starts) else 0
        last = starts[number + 1] if number is not None and number + 1 < len(starts) else None
        for at, line in enumerate(self.text.splitlines()[first:last], first + 1):
            if line.split("=")[0].strip() == key:
                return at
        return first + 1


_GROUPS = ("words", "hints")
_KINDS: dict[str, type] = {"key": str, "title": str, "direction": str}


def _series(row: dict[str, Any], where: _Lines, number: int, known_ids: frozenset[str] | None) -> Series:
    def wrong(key: str, seen: str, right: str) -> CodebookError:
        return CodebookError(where.name, where.of(key, number), seen, right)

    names = [field.name for field in fields(Series)]
    for key, value in row.items():
        if key not in names:
            raise wrong(key, f"{key!r} is no part of a series", f"one of {', '.join(names)}")
        kind: type = _KINDS.get(key, list)
        if not isinstance(value, kind):
            raise wrong(key, f"{key} is {value!r}", "text in quotes" if key in _KINDS else 'a list, as ["%"]')
        if key not in (*_KINDS, *_GROUPS):
            _only_text(value, lambda seen: wrong(key, f"{key} has {seen!r}", "text in quotes"))  # noqa: B023 - called at once
    for key in _NEEDED:
        if not row.get(key):
            raise wrong("[[series]]", f"a series has no {key}", f'{key} = "..."')
    for key, allowed in (("measures", all_measures()), ("statuses", STATUSES)):
        for value in row.get(key, ()):
            if value not in allowed:
                raise wrong(key, f"{key} has {value!r}", f"one of {', '.join(allowed)}")
    if row.get("direction", "none") not in DIRECTIONS:
        raise wrong("direction", f"direction is {row['direction']!r}", f"one of {', '.join(DIRECTIONS)}")
    for id_ in row.get("ids", ()):
        if known_ids is not None and id_.partition("/")[0] not in known_ids:
            raise wrong(
                "ids", f"{id_!r} is no id of the catalogue", f"one of docs/indicators.md{_near(id_, known_ids)}"
            )
    for group in row.get("words", ()):
        if not isinstance(group, list) or not all(isinstance(word, str) for word in group):
            raise wrong(
                "words",
                f"words has {group!r}",
                'lists of words of which one has to be there, as [["能耗", "能源消耗"]]',
            )
    if not (row.get("ids") or row.get("names") or row.get("words")):
        raise wrong("key", f"nothing says which figures belong to {row['key']!r}", "ids, names or words")
    if multiplied := [unit for unit in row.get("units", ()) if _MULTIPLIED.fullmatch(unit) and measures(unit[1:])]:
        right = f"{multiplied[0][1:]}: 万 and 亿 are multiplied out in values"
        raise wrong("units", f"{multiplied[0]} is the unit of no figure", right)
    kinds = {base_of(unit) if measures(unit) else "" for unit in row.get("units", ())}
    if len(kinds) > 1:
        seen = f"{' and '.join(row['units'])} cannot be turned into each other"
        raise wrong("units", seen, "units of one kind; two series for two kinds")
    return Series(**{key: _frozen(value) for key, value in row.items()})


def _only_text(values: Any, wrong: Callable[[Any], CodebookError]) -> None:
    for value in values:
        if not isinstance(value, str):
            raise wrong(value)


def _near(id_: str, known_ids: frozenset[str]) -> str:
    near = sorted(
        known
        for known in known_ids
        if known.rpartition(".")[2] == id_.rpartition(".")[2] or known.startswith(f"{id_}.")
    )
    return f", perhaps {near[0]}" if near else ""


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _apart(series: tuple[Series, ...], where: _Lines) -> None:
    """Two series that the same figure would belong to are a mistake: it would be counted twice.

    Raises:
        CodebookError: two have one key, or one id with the same measure and unit.
    """
    seen: dict[tuple[object, ...], Series] = {}
    for number, one in enumerate(series):
        marks: list[tuple[object, ...]] = [("key", one.key)]
        marks += [(id_, measure, unit) for id_ in one.ids for measure in one.measures for unit in one.bases or ("",)]
        for mark in marks:
            if mark in seen:
                if mark[0] == "key":
                    raise CodebookError(
                        where.name, where.of("key", number), f"the key {one.key!r} is used twice", "a key for each"
                    )
                field = "ids"
                seen_as = f"{mark[0]!r} is in {seen[mark].key!r} and in {one.key!r}"
                raise CodebookError(where.name, where.of(field, number), seen_as, "each figure belongs to one series")
            seen[mark] = one
