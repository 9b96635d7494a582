"""Plain text: the encoding told, damage found, what is no text refused."""

import codecs
import random
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from worker.draft import Draft
from worker.edits import Flaw
from worker.errors import BadReport
from worker.readers import charset
from worker.readers.reading import Reading
from worker.stages.decode import decode, read
from worker.tools import load_tools

CASES = Path(__file__).parents[2] / "cases"
SENTENCE = "全市共受理行政复议申请761宗，立案受理623宗，办结1.28万件，按时办结率98.5%。\n"


def rows(name: str) -> list[Any]:
    table = tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]
    return [pytest.param(row, id=row["id"]) for row in table]


def flawed(reading: Reading) -> list[str]:
    return [reading.text.raw[flaw.start : flaw.end] for flaw in reading.text.flaws]


@pytest.mark.parametrize("row", rows("charsets.toml"))
def test_encoding_is_told(row: dict[str, str]) -> None:
    """The text comes back, and the reported codec gives the text that offsets count in."""
    data = row["text"].encode(row["encoded"])

    reading = read(data)

    assert (reading.encoding, reading.text.raw, reading.text.now) == (row["encoding"], row["text"], row["text"])
    assert (reading.media_type, reading.text.flaws) == ("text/plain", ())
    assert data.decode(row["encoding"]) == reading.text.raw


@pytest.mark.parametrize("row", rows("refusals.toml"))
def test_what_is_no_report_is_refused(row: dict[str, Any]) -> None:
    """With a stable code and a message that says what was seen and what would be right."""
    data = (bytes.fromhex(row["head"]) if "head" in row else row["text"].encode()) * row.get("times", 1)

    with pytest.raises(BadReport) as caught:
        read(data)

    assert (caught.value.code, caught.value.stage, caught.value.message) == (row["code"], "decode", row["message"])


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_refused(seed: int) -> None:
    """Whatever they are, they are no report."""
    with pytest.raises(BadReport) as caught:
        read(random.Random(seed).randbytes(3000))

    assert caught.value.code in ("undecodable", "unsupported_format")


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("公报.pdf", "damaged_file", "its name is that of a PDF, and its content is none"),
        ("A.DOCX", "damaged_file", "its name is that of a DOCX"),
        ("a.xlsx", "damaged_file", "its name is that of a XLSX"),
        ("a.txt", "undecodable", "in no encoding is this Chinese text"),
        ("pdf", "undecodable", "in no encoding is this Chinese text"),
    ],
)
def test_what_is_not_what_its_name_says_gets_no_advice_on_encodings(name: str, code: str, said: str) -> None:
    """Bytes that lost their head are to be got again, not saved as UTF-8."""
    with pytest.raises(BadReport, match=said) as caught:
        decode(Draft(random.Random(3).randbytes(3000), name), load_tools())

    assert (caught.value.code, caught.value.place) == (code, "byte 0")


def test_one_lost_byte_costs_one_run() -> None:
    """All text up to the next byte that is in step again is a flaw, the rest is whole."""
    data = (SENTENCE * 40).encode("gb18030")
    at = data.index("立案".encode("gb18030"), 1000)

    reading = read(data[:at] + data[at + 1 :])

    # The lost byte leaves a run of pairs out of step that look like Han up to the digits.
    assert reading.encoding == "gb18030"
    assert len(reading.text.flaws) == 1
    assert reading.text.raw.endswith((SENTENCE * 40)[-500:])
    start, end = reading.text.flaws[0].start, reading.text.flaws[0].end
    assert (SENTENCE * 40).startswith(reading.text.raw[:start])
    assert reading.text.raw[end:].startswith("623")


def test_a_unit_out_of_step_is_flawed() -> None:
    """Else 1.28万件 with a lost byte would be read as 1.28."""
    data = (SENTENCE * 40).encode("gb18030")
    at = data.index("万件".encode("gb18030"))

    text = read(data[:at] + data[at + 1 :]).text

    number = text.now.index("1.28")
    assert text.is_flawed(number, number + 4)


def test_broken_utf8_is_marked_where_it_is() -> None:
    """UTF-8 is in step again at the next character."""
    data = (SENTENCE * 40).encode()

    reading = read(data[:30] + b"\xff" + data[30:])

    assert reading.encoding == "utf-8"
    assert [(flaw.start, flaw.end, flaw.code) for flaw in reading.text.flaws] == [(10, 11, "decode_damage")]


def test_replacement_characters_of_an_earlier_reader_are_flaws() -> None:
    """They are valid UTF-8, and text lost for good all the same."""
    reading = read((SENTENCE * 10 + "办结\ufffd\ufffd件，锟斤拷锟斤拷2件。").encode())

    assert flawed(reading) == ["\ufffd\ufffd", "锟斤拷锟斤拷"]


def test_control_characters_are_taken_away() -> None:
    """But never between two digits, which they may part."""
    reading = read((SENTENCE * 20 + "办\x00结\x08 12\x0134 件").encode())

    assert reading.text.now.endswith("办结 12\x0134 件")
    at = reading.text.raw.index("\x01")
    assert reading.text.flaws == (Flaw(at, at + 1, "control_character", "control character U+0001 inside a number"),)


def test_form_feeds_part_pages() -> None:
    """As pdftotext writes them; one at the end begins no page."""
    reading = read("第一页\f第二页\n\f".encode())

    assert reading.page_starts == (0, 4)


def test_decode_fills_the_draft() -> None:
    """Each field of the reading goes where the later stages look for it."""
    draft = decode(Draft("立案623宗。".encode("gbk"), "a.txt"), load_tools())

    assert (draft.media_type, draft.encoding, draft.text.now) == ("text/plain", "gb18030", "立案623宗。")


def test_the_place_of_a_table_is_that_of_the_file() -> None:
    """Behind a character that is taken out."""
    raw = f"甲县\x01办件情况\n{SENTENCE * 9}地区  受理  办结\n东镇  41  39\n西镇  6  5\n"
    cells = read(raw.encode()).cells

    assert {cell.table for cell in cells} == {raw.index("地区")}
    assert [(raw[cell.start : cell.end], [raw[a:b] for a, b in (*cell.column_at, *cell.row_at)]) for cell in cells if cell.row] == [
        ("41", ["受理", "东镇"]), ("39", ["办结", "东镇"]), ("6", ["受理", "西镇"]), ("5", ["办结", "西镇"]),
    ]  # fmt: skip


def test_common_characters_are_those_of_the_first_levels() -> None:
    """3755 simplified ones of GB 2312, 5401 traditional ones of Big5, and punctuation, full-width forms among it."""

    beyond = "".join(map(chr, (*range(0x80, 0xD800), *range(0xF900, 0x10000))))
    simplified, traditional, core = (
        {char for char in beyond.encode(encoding, "ignore").decode(encoding) if first <= char.encode(encoding) <= last}
        for encoding, first, last in (
            ("gb2312", b"\xb0\xa1", b"\xd7\xfe"),
            ("big5", b"\xa4\x40", b"\xc6\xfe"),
            ("big5", b"\xa4\x40", b"\xc6\x7e"),
        )
    )
    assert (len(simplified), len(core)) == (3755, 5401)
    marks = {chr(code) for code in (*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F))}
    assert simplified | traditional | marks <= charset.common_characters()
    others = charset.common_characters() - simplified - traditional - marks
    assert {char for char in others if char.isalnum() or char < "\x80"} <= set("①②③④⑤㎡")
    assert others & {chr(code) for code in (0x2FFF, 0x3020, 0xFF00, 0xFF5F)} == set()


MARK = codecs.BOM_UTF8


@pytest.mark.parametrize(
    ("data", "why", "place"),
    [
        (MARK + "全市复㐀㐁".encode(), "", ""),
        (MARK + "全市㐀㐁".encode(), "common characters: utf-8-sig 0.50; 0.6 is needed); first bytes: ef bb bf", "byte 0"),
        (MARK + ("a" * 49 + "é").encode(), "", ""),
        (MARK + ("a" * 48 + "é").encode(), "common characters: utf-8-sig 0.00; 0.6 is needed", "byte 0"),
        (MARK + "全".encode() * 95 + b"\xff" * 5, "", ""),
        (MARK + "全".encode() * 94 + b"\xff" * 6, "6 of 100 characters are lost even as utf-8-sig", f"byte {3 + 94 * 3}"),
    ],
)  # fmt: skip
def test_how_much_of_a_text_has_to_be_common_or_whole(data: bytes, why: str, place: str) -> None:
    """Three in five of what is not ASCII, unless that is no more than one in fifty; 19 in 20 of all."""
    if not why:
        assert charset.decode_bytes(data).encoding == "utf-8-sig"
        return
    with pytest.raises(BadReport, match=re.escape(why)) as refused:
        charset.decode_bytes(data)
    assert (refused.value.code, refused.value.place) == ("undecodable", place)


@pytest.mark.parametrize(("zeros", "asked"), [(0, []), (2, []), (3, [("utf-8", "utf-16-le", "utf-16-be")])])
def test_letters_of_two_bytes_each_are_told_by_their_zeros(
    zeros: int, asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of sixteen bytes more than two."""
    found: list[Sequence[str]] = []
    plausible = charset._most_plausible

    def asking(data: bytes, encodings: Sequence[str]) -> charset.Decoded:
        found.append(encodings)
        return plausible(data, encodings)

    monkeypatch.setattr(charset, "_most_plausible", asking)
    data = b"\0" * zeros + b"a" * (16 - zeros)

    assert charset.decode_bytes(data) == charset.Decoded(data.decode(), "utf-8", 0)
    assert found == asked


def test_of_a_long_text_its_beginning_its_middle_and_its_end_are_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    assert charset._SAMPLE == 20_000
    monkeypatch.setattr(charset, "_SAMPLE", 2)

    assert [*charset._samples("abcdef")] == ["abcdef"]
    assert [*charset._samples("abcdefgh")] == ["ab", "ef", "gh"]
