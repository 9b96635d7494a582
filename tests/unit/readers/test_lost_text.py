"""Text that was destroyed before it was saved: what shows it, how much of it is too much, and what only looks like it."""

import pytest

from worker.errors import BadReport
from worker.readers.plain import read

PROSE = "全市共受理行政复议申请761宗，办结1.28万件，按时办结率98.5%。"


def flawed(text: str) -> list[str]:
    return flawed_bytes(text.encode())


def flawed_bytes(data: bytes) -> list[str]:
    reading = read(data)
    return [reading.text.raw[flaw.start : flaw.end] for flaw in reading.text.flaws]


@pytest.mark.parametrize(
    "lost",
    ["锟斤拷", "斤拷锟斤", "拷锟斤拷", "锟斤拷锟斤拷锟", "錕斤拷", "錕斤拷錕斤拷", "烫烫烫", "燙燙燙燙", "屯屯屯屯", "\ufffd", "\ufffd\ufffd"],
)  # fmt: skip
def test_what_an_editor_put_for_lost_text_is_a_flaw(lost: str) -> None:
    """Wherever the run begins: its first character may be gone."""
    assert flawed(f"{PROSE * 9}办结{lost}件。{PROSE}") == [lost]


@pytest.mark.parametrize(
    ("encoding", "lost"),
    [("utf-8", "\ufffd"), ("utf-8-sig", "\ufffd"), ("gb18030", None)],
)
def test_a_broken_byte_is_doubted_with_all_that_it_has_put_out_of_step(encoding: str, lost: str | None) -> None:
    """UTF-8 is in step with the next character; a pair of GBK takes the first byte of the next one, to the end of the run."""
    before, after = f"{PROSE * 9}办结".encode(encoding), "审结案件共十二万件,后来如此。".encode(encoding)
    if encoding == "utf-8-sig":
        after = after[3:]
    [flaw] = flawed_bytes(before + b"\xff" + after)

    assert (flaw == lost) if lost else (len(flaw) > 3 and "\ufffd" in flaw and not flaw.endswith(","))


@pytest.mark.parametrize("word", ["滚烫烫", "烫烫", "斤拷", "一斤", "拷贝", "屯屯", "三个屯屯屯", "锟铻"])
def test_words_of_the_same_characters_are_none(word: str) -> None:
    assert flawed(f"{PROSE * 9}{word}12件。") == []


def test_a_text_of_which_more_than_a_twentieth_is_lost_is_refused() -> None:
    """Less is a flaw, and the rest is read."""
    assert flawed("报" * 95 + "锟斤拷锟斤") == ["锟斤拷锟斤"]
    with pytest.raises(BadReport) as caught:
        read(("报" * 93 + "锟斤拷锟斤拷").encode())

    assert caught.value.code == "undecodable"
    assert caught.value.message == (
        "the text was lost when it was saved in another encoding (it reads '锟斤拷锟斤拷'); the file as it was before "
        "would be right"
    )
    assert caught.value.place == "character 93"


@pytest.mark.parametrize("mark", ["?", "？", "\ufffd"])
def test_a_text_that_is_mostly_question_marks_is_refused(mark: str) -> None:
    """Each kind of mark, and all three together: more of them than of letters and digits."""
    with pytest.raises(BadReport) as caught:
        read(f"2023年，受理{mark * 20}。".encode())

    assert (caught.value.code, caught.value.place) == ("undecodable", "character 8")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("问：1+1=? 2+2=? 3+3=? 答：2、4、6。" * 3, id="few"),
        pytest.param("是否公开？有无收费？是否受理？" * 9, id="a form"),
        pytest.param("（" * 20 + "全年办结12件。" + "？" * 9 + "）" * 20, id="more than letters but few of all"),
        pytest.param("一？二？三？四？五？六？七？八？九？十十", id="many of all but fewer than letters"),
    ],
)
def test_a_text_that_asks_is_none(text: str) -> None:
    assert read(text.encode()).text.raw == text


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x84", "\x86", "\x9f"])
def test_a_control_character_goes_unless_it_parts_digits(control: str) -> None:
    reading = read(f"{PROSE * 9}{control}共{control}计1{control}2件。".encode())

    assert reading.text.now == f"{PROSE * 9}共计1{control}2件。"
    assert [flaw.code for flaw in reading.text.flaws] == ["control_character"]


@pytest.mark.parametrize("kept", ["\t", "\n", "\x85"])
def test_what_parts_lines_and_cells_is_no_control_character(kept: str) -> None:
    assert read(f"{PROSE}{kept}{PROSE}".encode()).text.now == f"{PROSE}{kept}{PROSE}"


def test_one_control_character_of_a_hundred_is_bearable() -> None:
    assert read(("报" * 99 + "\x01").encode()).text.now == "报" * 99
    with pytest.raises(BadReport) as caught:
        read(("报" * 98 + "\x01\x02").encode())

    assert (caught.value.code, caught.value.place) == ("unsupported_format", "character 98")


def test_zeros_that_fill_up_the_end_are_not_counted() -> None:
    assert read((PROSE * 9 + "\0" * 50).encode()).text.now == PROSE * 9
