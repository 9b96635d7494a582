"""Archives that two readers see differently are read in one way, by everyone, or refused."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable

import pytest

from tests.fixtures import packages
from worker.errors import BadReport
from worker.stages.decode import read

FIRST, SECOND = "办结案件111件。", "办结案件222件。"


def docx(text: str) -> bytes:
    return packages.docx(packages.paragraph(text))


def xlsx(text: str) -> bytes:
    return packages.xlsx({"A1": text})


def twice(write: Callable[[str], bytes], name: str, again: str) -> bytes:
    """The entry ``name`` of the first, and once more from the second as ``again``."""
    made = io.BytesIO(write(FIRST))
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(made, "a") as file,
        zipfile.ZipFile(io.BytesIO(write(SECOND))) as other,
    ):
        warnings.simplefilter("ignore")  # zipfile says that the name is there already
        file.writestr(again, other.read(name))
    return made.getvalue()


PARTS = [(docx, "word/document.xml"), (xlsx, "xl/worksheets/sheet1.xml")]
WRITERS = [docx, xlsx]


@pytest.mark.parametrize(("write", "name"), PARTS)
def test_of_two_entries_of_a_name_the_last_is_read(write: Callable[[str], bytes], name: str) -> None:
    text = read(twice(write, name, name)).text.raw
    assert SECOND in text
    assert FIRST not in text


@pytest.mark.parametrize("again", ["xl/worksheets/Sheet1.xml", "XL/worksheets/sheet1.xml"])
def test_names_that_differ_in_case_alone_are_refused(again: str) -> None:
    with pytest.raises(BadReport, match="differ in case alone") as caught:
        read(twice(xlsx, "xl/worksheets/sheet1.xml", again))
    assert caught.value.code == "damaged_archive"


@pytest.mark.parametrize("write", WRITERS)
def test_of_two_archives_in_a_file_the_last_is_read(write: Callable[[str], bytes]) -> None:
    """The last directory counts, with the data before it passed by."""
    text = read(write(FIRST) + write(SECOND)).text.raw
    assert SECOND in text
    assert FIRST not in text


@pytest.mark.parametrize("write", WRITERS)
def test_a_directory_in_the_comment_of_another_is_the_last(write: Callable[[str], bytes]) -> None:
    """A reader that looks for the first end of a directory would find the other."""
    outer, inner = bytearray(write(FIRST)), write(SECOND)
    outer[-2:] = struct.pack("<H", len(inner))  # the length of the comment
    text = read(bytes(outer) + inner).text.raw
    assert SECOND in text


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("before", [b"\0" * 100, b"MZ", "2023年，办结案件5件。\n".encode() * 20])
def test_what_does_not_begin_as_an_archive_is_none(write: Callable[[str], bytes], before: bytes) -> None:
    with pytest.raises(BadReport) as caught:
        read(before + write(FIRST))
    assert caught.value.code in ("unsupported_format", "undecodable")


@pytest.mark.parametrize(("write", "name"), PARTS)
def test_entries_that_overlap_are_refused(write: Callable[[str], bytes], name: str) -> None:
    """The entry that is read claims the bytes of the next one, too."""
    data = bytearray(twice(write, name, "more.xml"))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as file:
        start, size = file.start_dir, file.getinfo(name).compress_size
    at = data.index(name.encode(), start) - 46
    struct.pack_into("<L", data, at + 20, size + 400)
    with pytest.raises(BadReport, match="overlaps another") as caught:
        read(bytes(data))
    assert caught.value.code == "damaged_archive"


@pytest.mark.parametrize("write", WRITERS)
def test_an_old_workbook_with_an_archive_behind_it_is_refused(write: Callable[[str], bytes]) -> None:
    """The library would read the archive, which nobody has checked."""
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(24) + "Workbook".encode("utf-16-le") + bytes(2000)
    with pytest.raises(BadReport) as caught:
        read(old + write(FIRST))
    assert caught.value.code == "damaged_file"


def test_a_workbook_with_macros_is_read_without_them() -> None:
    made = io.BytesIO(xlsx(FIRST))
    with zipfile.ZipFile(made, "a") as file:
        file.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(1000))
    assert FIRST in read(made.getvalue()).text.raw
