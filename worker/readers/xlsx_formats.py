"""Which cells of an XLSX are shown as per cent: 0.985 is stored, 98.5% is read by people."""

import posixpath
import re
from xml.etree.ElementTree import Element

from worker.readers.archive import Entries
from worker.readers.xml_tree import local, parse

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_BUILT_IN = {9, 10}  # 0% and 0.00% (ECMA-376 part 1, 18.8.30)
_MOST_DIGITS = 9  # int() refuses what strangers may write
_QUOTED = re.compile(r'"[^"]*"|\\.')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""\b([rs])=["']([A-Z]*\d+)["']""")


def percent_cells(entries: Entries) -> dict[str, set[tuple[int, int]]]:
    """Sheet name -> the cells shown as per cent, as row and column from 0.

    Raises:
        BadReport: ``damaged_file``, ``damaged_archive`` or ``too_complex``, as the entries and their XML are read.
    """
    if not {_WORKBOOK, _RELATIONS, _STYLES} <= entries.names:
        return {}
    styles = _percent_styles(parse(entries.read(_STYLES), _STYLES))
    if not styles:
        return {}
    return {name: _cells(entries.read(entry), styles) for name, entry in _sheets(entries) if entry in entries.names}


def column_number(letters: str) -> int:
    """A column's number, from 0.

    >>> column_number("A"), column_number("XFD")
    (0, 16383)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _percent_styles(root: Element) -> set[int]:
    formats = set(_BUILT_IN)
    for element in _named(root, "numFmt"):
        if "%" in _QUOTED.sub("", element.get("formatCode", "")):
            formats.add(_number(element.get("numFmtId", "0")))
    return {
        index
        for table in _named(root, "cellXfs")
        for index, style in enumerate(table)
        if _number(style.get("numFmtId", "0")) in formats
    }


def _sheets(entries: Entries) -> list[tuple[str, str]]:
    targets = {
        element.get("Id", ""): posixpath.normpath(posixpath.join("/xl", element.get("Target", ""))).lstrip("/")
        for element in _named(parse(entries.read(_RELATIONS), _RELATIONS), "Relationship")
    }
    return [
        (sheet.get("name", ""), targets.get(value, ""))
        for sheet in _named(parse(entries.read(_WORKBOOK), _WORKBOOK), "sheet")
        for key, value in sheet.attrib.items()
        if local(key) == "id"
    ]


def _cells(sheet: bytes, styles: set[int]) -> set[tuple[int, int]]:
    found = set()
    for match in _CELL.finditer(sheet):
        values = {name: value.decode() for name, value in _ATTRIBUTE.findall(match.group(1))}
        place = re.fullmatch(r"([A-Z]+)(\d+)", values.get(b"r", ""))
        style = values.get(b"s", "")
        if place and _number(style) in styles:
            found.add((_number(place.group(2)) - 1, column_number(place.group(1))))
    return found


def _number(text: str) -> int:
    """A number that a stranger has written; -1 for what is none."""
    return int(text.lstrip("0")[:_MOST_DIGITS] or "0") if text.isdecimal() else -1


def _named(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if local(element.tag) == name]
