"""Where each limit of a reader lies, and what a refusal says; what a reader of others may give, at its edges."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.report import ReportWarning
from worker.edits import Text
from worker.errors import BadReport, Exhausted
from worker.parts import Cell, Label
from worker.readers import crowded, office
from worker.readers.foreign import _nonsense
from worker.readers.reading import MOST_CELLS, MOST_TEXT, Reading, refuse_copies, refuse_long, refuse_many_cells
from worker.readers.tables import _counts_rows
from worker.stages.decode import read

TEXT = "甲县工作报告\n受理12件"
LENGTH = len(TEXT)


@pytest.mark.parametrize(
    ("refuse", "most", "said"),
    [
        (
            lambda number: refuse_long(number, "the file"),
            67_108_864,
            "the file makes more than 67108864 characters of text; split the file",
        ),
        (
            lambda number: refuse_copies(number, 7, "a page"),
            262_284,
            "a page of 7 bytes draws more than 262284 characters: the same text is drawn again and again",
        ),
        (
            lambda number: refuse_many_cells(number, "the file"),
            300_000,
            "the file has 300001 cells in its tables; 300000 are allowed, split the file",
        ),
    ],
)
def test_the_limit_is_allowed_and_one_more_is_not(refuse: Callable[[int], None], most: int, said: str) -> None:
    refuse(most)
    with pytest.raises(BadReport) as refused:
        refuse(most + 1)

    assert (refused.value.code, refused.value.stage, refused.value.message) == ("too_complex", "decode", said)
    assert (MOST_TEXT, MOST_CELLS) == (67_108_864, 300_000)


@pytest.mark.parametrize(
    ("text", "cells", "place"),
    [("1 2 3", 0, None), ("1 2 3 4", 0, "character 6"), ("1 2 3 4", 1, None), ("1 2 3 4 5", 1, "character 8"), ("", 0, None)],
)  # fmt: skip
def test_numbers_are_counted_beside_those_of_cells(
    text: str, cells: int, place: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowded, "MOST_NUMBERS", 3)
    if place is None:
        crowded.refuse_crowded_numbers(text, cells)
        return
    with pytest.raises(BadReport) as refused:
        crowded.refuse_crowded_numbers(text, cells)

    assert (refused.value.code, refused.value.place) == ("too_complex", place)
    assert refused.value.message == f"more than {3 + cells} numbers; 3 are allowed outside of tables, split the file"


def test_lines_that_are_not_blank_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowded, "MOST_LINES", 2)
    crowded.refuse_crowded_lines("甲\n\n \n乙  \n")
    with pytest.raises(BadReport) as refused:
        crowded.refuse_crowded_lines("甲\n\n乙\n \n丙")

    assert (refused.value.code, refused.value.place) == ("too_complex", "character 7")


def given(**changes: Any) -> Reading:
    return replace(Reading("image/png", None, Text.of(TEXT)), **changes)


CELL = Cell(0, LENGTH, ("甲",), ("乙",), "丙\n丁", 0)
WHOLE = ((0, LENGTH),)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"page_starts": (0, LENGTH)},
        {"left_out": WHOLE},
        {"left_out": ((3, 3),)},
        {"cells": (CELL,)},
        {"cells": (replace(CELL, caption=None),)},
        {"cells": (replace(CELL, column_at=WHOLE, row_at=WHOLE, caption_at=WHOLE * 2),)},
        {"labels": (Label("文号", "一号", 0, LENGTH),)},
        {"warnings": (ReportWarning(code="a", message="b"),)},
    ],
)
def test_what_a_reader_of_others_may_give(changes: dict[str, Any]) -> None:
    assert list(_nonsense(given(**changes), b"")) == []


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"page_starts": (-1,)}, "pages that begin at (-1,)"),
        ({"page_starts": (0, LENGTH + 1)}, f"pages that begin at (0, {LENGTH + 1})"),
        ({"page_starts": (3, 3)}, "pages that begin at (3, 3)"),
        ({"page_starts": (5, 3)}, "pages that begin at (5, 3)"),
        ({"page_starts": (True,)}, "pages that begin at (True,)"),
        *[
            ({"left_out": (place,)}, f"the place {place!r} left out of a text of {LENGTH} characters")
            for place in ((-1, 2), (0, LENGTH + 1), (3, 2), (0, 1, 2), (0.0, 1), [0, 1], (0, True))
        ],
        ({"warnings": ("a word",)}, "the warning 'a word'"),
        *[
            ({"cells": (cell,)}, f"{cell!r:.100} in a text of {LENGTH} characters")
            for cell in (
                replace(CELL, start=-1),
                replace(CELL, end=LENGTH + 1),
                replace(CELL, start=5, end=4),
                replace(CELL, start=0.0),  # type: ignore[arg-type]
                replace(CELL, end=True),
                replace(CELL, column=(3,)),  # type: ignore[arg-type]
                replace(CELL, row=(3,)),  # type: ignore[arg-type]
                replace(CELL, table=0.5),  # type: ignore[arg-type]
                replace(CELL, column_at=WHOLE * 2),
                replace(CELL, row_at=WHOLE * 2),
                replace(CELL, caption_at=WHOLE),
                replace(CELL, caption_at=WHOLE * 3),
                replace(CELL, column_at=((0, LENGTH + 1),)),
                "a word",
            )
        ],
        *[
            ({"labels": (label,)}, f"{label!r:.100} in a text of {LENGTH} characters")
            for label in (Label(3, "", 0, 1), Label("", 3, 0, 1), Label("", "", -1, 1))  # type: ignore[arg-type]
        ],
        ({"media_type": "picture"}, "the media type 'picture'"),
        ({"media_type": 3}, "the media type 3"),
        ({"text": TEXT}, "a text that is none"),
        ({"text": replace(Text.of(TEXT), raw=3)}, "a text that is none"),
        ({"text": replace(Text.of(TEXT), now=3)}, "a text that is none"),
        ({"encoding": "utf-8"}, "a text that is not the file's in utf-8"),
    ],
)
def test_what_it_may_not(changes: dict[str, Any], seen: str) -> None:
    assert list(_nonsense(given(**changes), b"")) == [seen]


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("<ul><li hidden>九<li>乙</ul>", "乙"),
        ("<dl><dt hidden>九<dd>乙</dl>", "乙"),
        ("<dl><dt hidden>九<dt>乙</dl>", "乙"),
        ("<dl><dd hidden>九<dd>乙</dl>", "乙"),
        ("<dl><dd hidden>九<dt>乙</dl>", "乙"),
        ("<table><tr hidden><td>九<tr><td>乙</table>", "乙"),
        ("<table><tr><td hidden>九<td>乙</table>", "乙"),
        ("<table><tr><td hidden>九<th>乙</table>", "乙"),
        ("<table><tr><th hidden>九<th>乙</table>", "乙"),
        ("<table><tr><th hidden>九<td>乙</table>", "乙"),
        ("<table><tr><td hidden>九<tr><td>乙</table>", "乙"),
        ("<table><tr><th hidden>九<tr><td>乙</table>", "乙"),
        ("<span hidden>九</span>乙", "乙"),
        ("<span style='color:#fff'>九</span>乙", "乙"),
        ("<font style='color:white'>九</font>乙", "乙"),
        ("<p style='color:white'>乙</p>", "乙"),
        ("<span style='color:#fff;background:#00f'>乙</span>", "乙"),
        ("<table><tr><td><span style='color:#fff'>乙</span></table>", "乙"),
    ],
)
def test_what_is_hidden_ends_where_the_next_begins(hidden: str, shown: str) -> None:
    found = read(f"<html><body><p>甲县二〇二三年工作报告。</p>{hidden}</body></html>".encode()).text.now

    assert "九" not in found
    assert shown in found


def test_rows_are_counted_from_one_and_are_more_than_one() -> None:
    counted: list[Sequence[str]] = [
        ("1", "2"),
        ("1", "2", "3"),
        ("1",),
        (),
        ("2", "3"),
        ("0", "1"),
        ("1", "3"),
        ("1", "1"),
    ]

    assert [_counts_rows(texts) for texts in counted] == [True, True, *[False] * 6]


@pytest.mark.parametrize(
    ("status", "makes", "code"),
    [(0, True, None), (1, True, "damaged_file"), (0, False, "damaged_file"), *[(-9, True, "killed"), (137, True, "killed")]],
)  # fmt: skip
def test_what_comes_of_a_conversion(
    status: int,
    makes: bool,  # noqa: FBT001
    code: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(command: Sequence[str], folder: str) -> int:
        assert (command[0], command[-1]) == ("soffice", f"{folder}/report.doc")
        assert command[1:-1] == [
            *(f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"),
            *("--convert-to", "docx", "--outdir", folder),
        ]
        assert Path(command[-1]).read_bytes() == b"\xd0\xcf\x11\xe0"
        if makes:
            Path(folder, "report.docx").write_bytes(b"PK")
        return status

    monkeypatch.setattr(office, "_run", run)
    if code is None:
        assert office._converted("soffice", b"\xd0\xcf\x11\xe0", ".doc") == b"PK"
        return
    with pytest.raises((BadReport, Exhausted)) as refused:
        office._converted("soffice", b"\xd0\xcf\x11\xe0", ".doc")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"{\\rtf1", "application/rtf"),
        (b"\xd0\xcf\x11\xe0", "application/msword"),
        (b"PK", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_without_libreoffice_the_refusal_names_the_format(
    head: bytes, media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.readers.office.shutil.which", lambda _name: None)
    with pytest.raises(BadReport) as refused:
        office.read(head)

    assert refused.value.code == "missing_reader"
    assert refused.value.message.startswith(f"reading {media_type} needs LibreOffice")


def test_libreoffice_gets_no_settings_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/somewhere")
    monkeypatch.setenv("ZHIBIAO_REDIS_URL", "redis://secret")

    assert office._environment("/folder") == {"PATH": "/somewhere", "HOME": "/folder", "LANG": "C.UTF-8"}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("甲&乙", "甲&乙"), ("甲&amp;乙", "甲&乙"), ("&#30002;", "甲"), ("&#x7532;", "甲"), ("&", "&")],
)
def test_an_ampersand_stands_for_itself_where_it_begins_no_reference(written: str, read_as: str) -> None:
    page = f"<html><body><p>甲县二〇二三年工作报告。</p><p>乙：{written}。</p></body></html>"

    assert f"乙：{read_as}。" in read(page.encode()).text.now
