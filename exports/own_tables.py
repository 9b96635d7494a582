"""Tables that these modules have written, known again, so that none is read as a report of its own folder."""

import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

#: Custom property of our workbooks; what another program saves again keeps it.
MARK = "zhibiao"
_FIRST_COLUMNS = (
    b"place,issuer,year,indicator,value,value_high,unit,",  # exports.columns
    b"province,city,place,region_code,level,year,period,",  # the same before 0.2.0
    b"place,region_code,year,series,title,status,state,",  # panels.long
    b"place,region_code,period,",  # exports.wide
)
_ROW = re.compile(
    rb'\[?\s*\{"(?:place": [^{}]*?"issuer": [^{}]*?"year": [^{}]*?"indicator": [^{}]*?"value|province": [^{}]*?"city": [^{}]*?"place)": '
)
_SHEETS = (("数字", "报告", "说明"), ("面板", "明细", "方法"))  # of workbooks without the mark
_HEAD = 65_536  # bytes that tell


def is_own(file: Path) -> bool:
    """Whether a file is a table that was exported, or a panel; False, too, for one that cannot be read."""
    look = _LOOKS.get(file.suffix.lower())
    try:
        return look is not None and look(file)
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError):  # RuntimeError: it is encrypted
        return False


def _csv(file: Path) -> bool:
    return _head(file).removeprefix(b"\xef\xbb\xbf").startswith(_FIRST_COLUMNS)


def begins_rows(head: bytes) -> bool:
    """Whether a file that begins so is a table in JSON."""
    return _ROW.match(head) is not None


def _json(file: Path) -> bool:
    return begins_rows(_head(file))


def _xlsx(file: Path) -> bool:
    with zipfile.ZipFile(file) as book:
        if "docProps/custom.xml" in book.namelist() and f'name="{MARK}"' in _part(book, "docProps/custom.xml"):
            return True
        sheets = re.findall(r'<sheet name="([^"]*)"', _part(book, "xl/workbook.xml"))
    return any(set(names) <= set(sheets) for names in _SHEETS)


def _part(book: zipfile.ZipFile, name: str) -> str:
    with book.open(name) as part:
        return part.read(_HEAD).decode("utf-8", "replace")


def _sqlite(file: Path) -> bool:
    head = _head(file)
    return any(b'CREATE TABLE figures ("%s"' % columns in head for columns in (b'place" TEXT, "issuer', b"province"))


def _parquet(file: Path) -> bool:
    with file.open("rb") as source:
        source.seek(max(0, file.stat().st_size - _HEAD))
        tail = source.read()
    return tail.endswith(b"PAR1") and b"indicator_id" in tail and b"pipeline_version" in tail


def _head(file: Path) -> bytes:
    with file.open("rb") as source:
        return source.read(_HEAD)


_LOOKS: dict[str, Callable[[Path], bool]] = {
    ".csv": _csv,
    **dict.fromkeys((".json", ".ndjson", ".jsonl"), _json),
    ".xlsx": _xlsx,
    **dict.fromkeys((".sqlite", ".db", ".sqlite3"), _sqlite),
    ".parquet": _parquet,
}
