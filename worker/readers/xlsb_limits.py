"""What the records of an XLSB's sheets claim, looked at before calamine believes it and asks for the memory.

Records as [MS-XLSB] 2.1.4 has them: a type of one or two bytes, a length of one to four, seven bits each, and the content.
"""

import struct
from collections.abc import Iterator

from worker.readers.archive import Entries
from worker.readers.reading import refusal
from worker.readers.sheet_limits import MOST_PLACES
from worker.readers.xml_tree import XmlGauge, local, refuse_malformed

WORKBOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_ROW = 0  # BrtRowHdr, 2.4.741
_CELLS = range(1, 12)  # BrtCellBlank to BrtFmlaError, 2.1.7.61
_SHEET = 156  # BrtBundleSh, 2.4.311: four bytes of state, four of id, then the relation's name
_NAME_AT = 8


def refuse_wide(entries: Entries) -> None:
    """Refuse a workbook with a sheet that spans too much.

    Raises:
        BadReport: ``too_complex``; what :class:`Entries` raises.
    """
    targets = _targets(entries)
    for relation in _relations_of_sheets(entries.read(WORKBOOK)):
        target = targets.get(relation, "").lower()
        for name in sorted(name for name in entries.names if name.lower() == target):  # as calamine looks for it
            _refuse_wide(name, entries.read(name))


def _refuse_wide(name: str, content: bytes) -> None:
    rows = columns = 1
    for kind, start, length in _records(content):
        if length < 4 or (kind != _ROW and kind not in _CELLS):
            continue
        (number,) = struct.unpack_from("<I", content, start)
        if kind == _ROW:
            rows = max(rows, number + 1)
        else:
            columns = max(columns, number + 1)
        if rows * columns > MOST_PLACES:
            seen = f"{name} spans {rows} rows and {columns} columns"
            raise refusal("too_complex", f"{seen}; {MOST_PLACES} cells are allowed", name)


def _relations_of_sheets(content: bytes) -> Iterator[str]:
    for kind, start, length in _records(content):
        if kind == _SHEET and length >= _NAME_AT + 4:
            (characters,) = struct.unpack_from("<I", content, start + _NAME_AT)
            name = content[start + _NAME_AT + 4 : start + length][: 2 * characters]
            yield name.decode("utf-16-le", "replace")


def _targets(entries: Entries) -> dict[str, str]:
    if _RELATIONS not in entries.names:
        return {}
    found = _Targets()
    refuse_malformed(entries.read(_RELATIONS), _RELATIONS, found)
    return found.names


class _Targets(XmlGauge):
    """Told of each relation of the workbook: its name, and the entry that it leads to."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        if local(tag) == "Relationship":
            target = attributes.get("Target", "")
            self.names[attributes.get("Id", "")] = (
                target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            )

    def text(self, text: str) -> None:
        """Text, of which relations have none."""

    def end(self, _tag: str) -> None:
        """An end tag."""


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Type, place and length of each record, as far as they are whole."""
    at = 0
    while at < len(content):
        kind, at = _number(content, at, 2)
        length, at = _number(content, at, 4)
        if at + length > len(content):
            return
        yield kind, at, length
        at += length


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        if at >= len(content):
            break
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at
