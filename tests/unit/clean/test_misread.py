"""Text that was read in a wrong encoding: what its bytes say, what lost ones may have been, where a stretch begins and ends."""

from typing import ClassVar

import pytest

from worker.clean.fluency import Fluency, fluency_of
from worker.clean.misreading import (
    LONGEST_GAP,
    SAMPLE_CHARS,
    Misreading,
    _between,
    _encoded,
    _oddness_of,
    _open_sequence,
    _widened,
    find_misreadings,
)
from worker.clean.script import script_of
from worker.edits import Edit, Flaw
from worker.tools import load_tools


def misread(text: str, written: str = "utf-8", read: str = "gbk") -> str:
    return text.encode(written).decode(read, "replace")


#: Encodings, what was written -> what each of the parts is that both begin and end together.
PIECES = {
    ("gbk", "latin-1", "中国3"): ["中", "国", "3"], ("utf-8", "latin-1", "全县，3"): ["全", "县", "，", "3"], ("utf-8", "gbk", "全县、新县县"): ["全县", "、新", "县县"],
    ("utf-8", "cp1252", "€甲"): ["€", "甲"], ("big5", "gbk", "民"): ["民"], ("utf-8", "gbk", "ab"): ["a", "b"], ("utf-8", "gbk", ""): [],
}  # fmt: skip


def test_the_parts_that_both_encodings_begin_and_end_together() -> None:
    for (written, read, text), parts in PIECES.items():
        wrong = misread(text, written, read)
        found = list(Misreading(written, read).pieces(wrong, lambda word: 0))
        assert [new for _, _, new in found] == parts, text
        assert [start for start, _, _ in found] == [0, *(end for _, end, _ in found)][: len(found)]
        assert Misreading(written, read).undone(wrong, lambda word: 0) == text
    assert list(Misreading("gbk", "latin-1").pieces("ÖÐ¹", lambda word: 0)) == [(0, 2, "中"), (2, 3, "\ufffd")]
    assert list(Misreading("utf-8", "gbk").pieces("a\ufffdb\ufffd", lambda word: 0)) == [
        (0, 2, "a\ufffd"),
        (2, 4, "b\ufffd"),
    ]


#: What was written, and how often words are met -> whether the lost byte of its second character is known.
KNOWN: list[tuple[str, dict[str, int], bool]] = [
    ("工性作", {"工性": 5}, True), ("工性作", {"性作": 5}, True), ("工性作", {}, False), ("工性作", {"工性": 5, "工旧": 6}, False), ("工性作", {"工性": 7, "工旧": 6}, True),
    ("工性作", {"工性": 5, "旧作": 6}, False), ("工性作", {"工性": 5, "工旧": 5}, True), ("工倍作", {"工倍": 1}, True), ("工作一", {"作一": 9}, False),
]  # fmt: skip


def test_a_lost_byte_is_known_by_the_word_that_it_makes() -> None:
    """With the character before or behind; never where another makes a commoner one, and never of a numeral."""
    for text, counts, is_known in KNOWN:
        wrong = misread(text)
        assert "\ufffd" in wrong
        found = Misreading("utf-8", "gbk").undone(wrong, lambda word, counts=counts: counts.get(word, 0))  # type: ignore[misc]
        assert (found == text) is is_known, (text, counts)


def between(before: bytes, after: bytes, *words: str) -> bytes:
    """The byte between these, where these words are the only ones."""
    return _between(before, after, lambda word: int(word in words))


def test_a_lost_byte_is_looked_for_between_its_neighbours() -> None:
    """Right beside it: the first byte of a character or two, and one character on either side."""
    work, one = "工".encode(), "性".encode()
    sex = (one[:1], one[2:])
    assert one[1] == 0x80

    assert between(b"", b"") == between(b"a", b"b") == between(b"\xe1", b"") == b"\xff"
    assert between(work + sex[0], sex[1], "工性") == between(sex[0], sex[1] + work, "性工") == b"\x80"
    assert between(work + b"\xff" + sex[0], sex[1], "工性") == between(sex[0], sex[1] + b"\xff" + work, "性工") == b""
    assert between(b"ab" + sex[0], sex[1], "b性") == between(sex[0], sex[1] + b"ab", "性a") == b"\x80"
    assert between(b"ab" + sex[0], sex[1], "ab性") == between(sex[0], sex[1] + b"ab", "性ab") == b""
    assert between(sex[0], b"") == b""
    assert between("倀".encode()[:2], work, "倀工") == between("倀".encode()[:2], b"a", "倀a") == b"\x80"


def test_a_blank_is_known_behind_another_one() -> None:
    blank = "\u3000".encode()

    assert [between(before + blank[:2], b"") for before in (b"", blank, "工".encode(), b"a")] == [
        b"\x80",
        b"\x80",
        b"",
        b"",
    ]


def test_which_bytes_begin_a_character_and_do_not_complete_it() -> None:
    leads = {
        b"\xe5": 1, b"\xe5\xb7": 2, b"a\xe2": 1, b"a\xe9": 1, b"\xe1": 0, b"\xea": 0, b"\xb7": 0, b"\xe5\x7f": 0, b"\xe5\xc0": 0, b"\xe5\x80": 2, b"\xe5\xbf": 2,
        b"\xe5\xb7\xa5": 0, b"": 0, b"a": 0,
    }  # fmt: skip

    assert {before: len(_open_sequence(before)) for before in leads} == leads


def test_marks_know_their_lost_byte_by_themselves() -> None:
    """A blank does behind another one or at the beginning."""
    for text in ("二。新", "工、一", "甲”乙", "——甲"):
        wrong = misread(text)
        assert Misreading("utf-8", "gbk").undone(wrong, lambda word: 0) == text


WRITTEN = "全县各级各部门认真落实工作部署，新建公路12公里，办结案件340件，群众满意度不断提高。"


def readings(text: str) -> tuple[str, list[str]]:
    """The text as it is mended, and what is noted."""
    tools = load_tools()
    found = list(find_misreadings(text, script_of(tools.to_simplified), fluency_of(tools.jieba)))
    noted = [f"{one.code}: {one.message}" for one in found if isinstance(one, Flaw)]
    for edit in sorted((one for one in found if isinstance(one, Edit)), key=lambda one: -one.start):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text, noted


def test_a_stretch_is_read_anew_where_that_reads_better() -> None:
    """And what lies between two of them, where it is short; numbers keep their places."""
    wrong = misread(WRITTEN, "gbk", "latin-1")

    assert readings(wrong) == (WRITTEN, [])
    assert readings(WRITTEN) == (WRITTEN, [])
    assert readings(f"{WRITTEN}\n{wrong}\n{WRITTEN}") == (f"{WRITTEN}\n{WRITTEN}\n{WRITTEN}", [])
    assert readings(f"{wrong}\n{misread('全县', 'gbk', 'latin-1')}\n{wrong}")[0] == f"{WRITTEN}\n全县\n{WRITTEN}"
    long = misread(WRITTEN * 9, "gbk", "latin-1")
    assert len(long) > SAMPLE_CHARS + LONGEST_GAP
    assert readings(long) == (WRITTEN * 9, [])


class Judge(Fluency):
    """Remembers how much it was asked about at once."""

    asked: ClassVar[list[int]] = []

    def score(self, text: str) -> float:
        self.asked.append(len(text))
        return super().score(text)


def test_only_the_beginning_of_much_text_is_judged() -> None:
    """240 characters of a stretch, 2000 of what lies between."""
    tools = load_tools()
    judge = Judge(tools.jieba.dt.FREQ, tools.jieba.dt.total)
    judge.asked.clear()
    list(find_misreadings(misread(WRITTEN * 9, "gbk", "latin-1"), script_of(tools.to_simplified), judge))
    assert max(judge.asked) == 240

    wrong = misread(WRITTEN * 60, "gbk", "latin-1")
    list(find_misreadings(f"{wrong}\n{WRITTEN * 60}\n{wrong}", script_of(tools.to_simplified), judge))
    assert max(judge.asked) == 2000 - 1  # the break of the line is not scored


def test_how_sure_what_is_read_anew_is() -> None:
    """By the share of it that is lost."""
    tools = load_tools()
    wrong = misread(WRITTEN, "gbk", "latin-1")
    found = list(find_misreadings(wrong, script_of(tools.to_simplified), fluency_of(tools.jieba)))

    assert {(one.kind, one.confidence) for one in found if isinstance(one, Edit)} == {("charset", 1.0)}
    assert all(len(wrong[one.start : one.end]) <= 2 for one in found)


def of_windows(text: str) -> str:
    return misread(text, "gbk", "latin-1")


#: Digits keep two stretches apart; what is not odd enough to be a stretch lies between them.
APART = "1234567"
WRONG, SHORT, LETTERS = of_windows(WRITTEN), of_windows("全县"), "abcdefghijklmnopqrst"


@pytest.mark.parametrize(
    ("text", "now"),
    [
        (f"{SHORT} {APART} {WRONG}", f"全县 {APART} {WRITTEN}"),
        (f"{SHORT} {APART} {WRONG}\n{WRITTEN * 3}", f"{SHORT} {APART} {WRITTEN}\n{WRITTEN * 3}"),
        (f"{SHORT} {'x' * (len(WRONG) - 6)} {WRONG}", f"{SHORT} {'x' * (len(WRONG) - 6)} {WRITTEN}"),
        (f"{SHORT} {'x' * (len(WRONG) - 7)} {WRONG}", f"全县 {'x' * (len(WRONG) - 7)} {WRITTEN}"),
        (f"{WRONG}{LETTERS}{WRONG}", f"{WRITTEN}{LETTERS}{WRITTEN}"),
        (f"{WRITTEN * 3}\n{WRONG} {APART} {SHORT}", f"{WRITTEN * 3}\n{WRITTEN} {APART} 全县"),
        *(
            (
                f"{WRONG}\n{'x' * 16} {SHORT} {'x' * letters}\n{WRONG}\n{WRITTEN * 6}",
                f"{WRITTEN}\n{'x' * 16} {short} {'x' * letters}\n{WRITTEN}\n{WRITTEN * 6}",
            )
            for letters, short in ((16, "全县"), (17, SHORT))  # 40 characters, and 41
        ),
        (
            f"{WRONG}\n{APART} {SHORT} {APART}\n{misread('二。新、县', read='gb18030') * 3}",
            f"{WRITTEN}\n{APART} {SHORT} {APART}\n{'二。新、县' * 3}",
        ),
        (f"{WRONG * 3}\n{LETTERS * 2} {SHORT} {APART}\n{WRONG}", f"{WRITTEN * 3}\n{LETTERS * 2} 全县 {APART}\n{WRITTEN}"),
        (f"{WRONG * 3}\n{WRITTEN} {SHORT} {APART}\n{WRONG}", f"{WRITTEN * 3}\n{WRITTEN} {SHORT} {APART}\n{WRITTEN}"),
    ],
)  # fmt: skip
def test_what_lies_beside_a_stretch(text: str, now: str) -> None:
    """Read anew in a text most of which was misread, or between two of one kind; not what reads like Chinese, where it is long."""
    assert readings(text) == (now, [])


@pytest.mark.parametrize(
    ("word", "now", "is_noted"),
    [
        (f"{SHORT[:2]}{LETTERS}", f"全{LETTERS}", False),
        (f"{SHORT[:2]}Ï\ufffd{LETTERS[:7]}", f"全\ufffd\ufffd{LETTERS[:7]}", False),
        (f"{SHORT[:2]}Ï\ufffd{LETTERS[:6]}", None, True),
        (f"{SHORT[:2]}Ï\ufffd{LETTERS}", None, True),
        (of_windows("丿"), None, True),
        ("Ï\ufffdabc", None, True),
        ("Ï\ufffdab", None, False),
        (f"{SHORT[:2]}{LETTERS * 2}", f"全{LETTERS * 2}", False),
        ("\ufffdabc", None, False),
    ],
)
def test_a_word_between_two_stretches(word: str, now: str | None, *, is_noted: bool) -> None:
    """Read anew where that reads better, far better where some of it is lost, and noted where that may be."""
    noted = [f"misread: read in a wrong encoding, or not: {word[:20]}"] if is_noted else []

    assert readings(f"{WRONG}\n{APART} {word} {APART}\n{WRONG}") == (
        f"{WRITTEN}\n{APART} {now or word} {APART}\n{WRITTEN}", noted,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("odd", "now", "is_noted"),
    [
        (of_windows("三所乡"), "三所乡", False),
        (of_windows("汶泸沣"), "汶泸沣", False),
        (of_windows("丿亠仂仫"), None, True),
        ("éxèxùxâxêxîxôxûxéxèxùx", None, True),
        ("ぁぃぅぇぉかきくけこ", None, True),
        ("ÿÿÿÿÿÿÿÿ", None, True),
    ],
)
def test_a_short_stretch_is_read_like_the_others(odd: str, now: str | None, *, is_noted: bool) -> None:
    """Or noted, where that reads no better or loses more than a little; alone it is left as it is."""
    noted = [f"misread: read in a wrong encoding: {odd[:20]}"] if is_noted else []
    if odd != of_windows("三所乡"):
        assert readings(f"{odd}\n{WRITTEN * 3}") == (f"{odd}\n{WRITTEN * 3}", [])

    assert readings(f"{odd}\n{APART}\n{WRONG}\n{WRITTEN * 3}") == (
        f"{now or odd}\n{APART}\n{WRITTEN}\n{WRITTEN * 3}", noted,
    )  # fmt: skip


def test_a_stretch_reaches_to_the_ends_of_its_words() -> None:
    """As far as blanks and plain marks, and not into the one before."""
    text = "甲乙 丙丁é戊 己"

    assert [_widened(text, 5, 6, least) for least in (0, 4)] == [(3, 7), (4, 7)]
    assert _widened("丙é", 1, 2, 0) == (0, 2)
    assert [_widened(f"丙{mark}é{mark}丁", 2, 3, 0) for mark in "?@a "] == [(2, 3), (0, 5), (0, 5), (2, 3)]


def test_what_is_odd_in_a_report() -> None:
    """Other scripts' letters, rules, private characters, and ideographs that neither script uses much."""
    kinds = _oddness_of(script_of(load_tools().to_simplified))
    odd = "é\u0080\u04ff\u3040\u312f\u2500\u257f\ue000\uf8ff\ufffd锛亍\u9fff"
    usual = "a\x7f\u00a0·×°±²³\u0500\u303f\u3130\u24ff\u2580\uf900啊座國一\ua000\u4dff\uffff\U0001f600"

    assert {char: kinds[ord(char)] for char in odd + usual} == dict.fromkeys(odd, "o") | dict.fromkeys(usual, "-")
    assert [code in kinds for code in (0x61, 0x4E00, 0xFFFF, 0x1F600)] == [True, True, True, False]


def test_the_bytes_that_a_character_was_read_from() -> None:
    """Two at most; a Western program has those that Latin-1 leaves out from Windows."""
    bytes_of = {
        ("é", "latin-1"): b"\xe9", ("\x80", "latin-1"): b"\x80", ("€", "latin-1"): b"\x80", ("Œ", "latin-1"): b"\x8c", ("œ", "latin-1"): b"\x9c", ("Ā", "latin-1"): b"\xff",
        ("县", "latin-1"): b"\xff", ("县", "gb18030"): b"\xcf\xd8", ("😀", "gb18030"): b"\xff", ("县", "utf-8"): b"\xff", ("a", "utf-8"): b"a", ("€", "gb18030"): b"\xa2\xe3",
    }  # fmt: skip

    assert {key: _encoded(*key) for key in bytes_of} == bytes_of
