"""GBK as bytes, glosses between characters, and the dictionary that settles what bytes leave open, each by itself."""

import math

import pytest

from worker.clean.fluency import ASCII, PUNCTUATION, Fluency
from worker.clean.gbk import LONGEST_RUN_CHARS, GbkReading, char_of, pair_of, realigned, swallowed_gloss, with_lead
from worker.clean.glosses import find_glosses, glossed_characters, is_reading, plain, with_reading
from worker.facts import load_facts

#: 　（一）工作报告 from its second byte on, but for the last character.
SHIFTED = "。ㄒ唬┕ぷ鞅ǜ"
SAID = "\u3000（一）工作报"
GLOSSED = {"bào": {"報"}}


def test_the_bytes_of_a_character() -> None:
    """Those of a half-width mark or digit are those of its form of full width."""
    pairs = {
        "甲": (0xBC, 0xD7), ",": (0xA3, 0xAC), "(": (0xA3, 0xA8), "%": (0xA3, 0xA5), "0": (0xA3, 0xB0), "9": (0xA3, 0xB9), "０": (0xA3, 0xB0), "〇": (0xA9, 0x96),
        "a": None, "@": None, "\n": None, "\ufffd": None, "\U00020000": None,
    }  # fmt: skip
    chars = {
        (0x81, 0x40): "丂", (0xFE, 0x4F): "﨩", (0xA1, 0xFE): "〓", (0xB0, 0xA1): "啊", (0x80, 0x40): None, (0x81, 0x3F): None, (0x81, 0x7F): None,
        (0x81, 0xFF): None, (0xFF, 0x40): None, (0xFE, 0xFE): None,
    }  # fmt: skip

    assert {char: pair_of(char) for char in pairs} == pairs
    assert {pair: char_of(*pair) for pair in chars} == chars
    assert (len(with_lead(0x81)), with_lead(0x81)[0], with_lead(0x81)[-1], with_lead(0x80)) == (190, "丂", "侢", "")
    assert [len(with_lead(lead)) for lead in (0xA9, 0xFE, 0xFF)] == [144, 16, 0]


#: A text behind a lost byte, where it starts, that byte -> the readings: what it says, its end, and the byte left over.
REALIGNED: dict[tuple[str, int, int], list[tuple[str, int, int | None]]] = {
    (f"{SHIFTED}@", 0, 0xA1): [(f"{SAID}窣", 8, None)],
    (f"甲{SHIFTED}@", 1, 0xA1): [(f"{SAID}窣", 9, None)],
    (f"{SHIFTED}~", 0, 0xA1): [(f"{SAID}竳", 8, None)],
    (f"{SHIFTED}?", 0, 0xA1): [(SAID, 8, 0xB8)],
    (f"{SHIFTED}?@", 0, 0xA1): [(SAID, 8, 0xB8), (f"{SAID}福緻", 9, None)],
    (f"{SHIFTED}\ufffd@", 0, 0xA1): [(SAID, 8, 0xB8)],
    **{(f"{SHIFTED}{end}", 0, 0xA1): [] for end in ("", "\x7f", ">", ",", "0甲", "甲")},
    ("，甲", 0, 0xB0): [],
    ("\U00020000?", 0, 0xB0): [],
    ("啊" * (LONGEST_RUN_CHARS - 1) + "?", 0, 0xB0): [("鞍" + "“" * (LONGEST_RUN_CHARS - 2), LONGEST_RUN_CHARS, 0xA1)],
    ("啊" * LONGEST_RUN_CHARS + "?", 0, 0xB0): [],
}


def test_a_text_that_was_cut_one_byte_off() -> None:
    """It ends at a byte below 0x80 that may be a second one, or at a mark that took a byte's place."""
    for (text, start, carry), readings in REALIGNED.items():
        assert list(realigned(text, start, carry, {})) == [
            GbkReading(out, end) if left is None else GbkReading(out, end, lost=True, carry=left)
            for out, end, left in readings
        ], text


def test_a_gloss_names_the_character_that_lost_a_byte() -> None:
    """With what may have been dropped before it, where that is asked: a pair that GBK does not have."""

    def said(*, dropped: bool) -> list[str]:
        found = realigned(f"{SHIFTED}?bào)甲", 0, 0xA1, GLOSSED, dropped=dropped)
        return [one.out.removeprefix(SAID) for one in found if one.end == len(SHIFTED) + 5 and not one.lost]

    assert said(dropped=True) == [f"{one}報" for one in "竴浮涪福袱弗甫抚羹"]
    assert said(dropped=False) == []
    assert len(list(realigned(f"{SHIFTED}?bào)甲", 0, 0xA1, GLOSSED))) == 10
    assert [one.out for one in realigned("?bào)甲", 0, 0x88, GLOSSED, dropped=False)] == ["報", "垼縝"]
    assert "報" in [one.out for one in realigned("?bào)甲", 0, 0x88, {}, dropped=False)]


@pytest.mark.parametrize(
    ("text", "place", "gloss"),
    [
        ("?bao)甲", 0, ("bao", 5)), ("\ufffd(bao)", 0, ("bao", 6)), ("\ufffdbào）甲", 0, ("bào", 5)), ("甲?ǜ)", 1, ("ǜ", 4)), ("?abcdefgh)", 0, ("abcdefgh", 10)),
        ("?abcdefghi)", 0, ("", 1)), ("?(bao)", 0, ("", 1)), ("?)", 0, ("", 1)), ("?bao", 0, ("", 1)), ("甲?b1)", 1, ("", 2)), ("?b o)", 0, ("", 1)), ("?BAO)", 0, ("", 1)),
    ],
)  # fmt: skip
def test_the_bracket_of_a_gloss_that_a_mark_swallowed(text: str, place: int, gloss: tuple[str, int]) -> None:
    assert swallowed_gloss(text, place) == gloss


FOUR = "報(bào)告(gào)工(gōng)作(zuò)"


def test_a_text_is_glossed_throughout_or_not_at_all() -> None:
    """Eight glosses of four characters; then those with a reading of their character go, and any that bears a tone."""

    def gone(text: str) -> list[str]:
        return [text[one.start : one.end] for one in find_glosses(text)]

    assert gone(FOUR * 2) == ["(bào)", "(gào)", "(gōng)", "(zuò)"] * 2
    assert gone(FOUR + "報(bào)告(gào)工(gōng)") == []
    assert gone("報(bào)告(gào)工(gōng)" * 3) == []
    more = "軟件(app)縣(xiàn)縣(xian)縣(bào)縣(bao)縣(xàx)縣 （xiàn）縣( x iàn )縣(xiàn)(xian) (xian)a(xiàn)縣  (xiàn)縣(xiànxiàn)"
    assert gone(FOUR * 2 + more)[8:] == [
        "(xiàn)", "(xian)", "(bào)", " （xiàn）", "( x iàn )", "(xiàn)", "(xian)", " (xian)",
    ]  # fmt: skip
    assert {one.kind for one in find_glosses(FOUR * 2)} == {"gloss"}
    assert glossed_characters(FOUR * 2 + "報(bao)抱(bào)") == {
        "bào": {"報", "抱"}, "gào": {"告"}, "gōng": {"工"}, "zuò": {"作"}, "bao": {"報"},
    }  # fmt: skip
    assert glossed_characters(FOUR) == glossed_characters("報(bào)告(gào)工(gōng)" * 3) == {}


def test_readings_with_and_without_a_tone() -> None:
    assert [is_reading("行", one) for one in ("xing", "hang", "xíng", "háng", "hǎng", "xin")] == [True] * 4 + [
        False
    ] * 2
    assert [plain(one) for one in ("lǘ", "ê", "ǹ", "ḿ", "zhōng", "lǚ", "é", "ě")] == [
        "lü",
        "ê",
        "n",
        "m",
        "zhong",
        "lü",
        "e",
        "e",
    ]
    assert set("报抱暴") <= set(with_reading("bào")) <= set(with_reading("bao"))
    assert with_reading("bàx") == ""
    assert all(map(pair_of, "".join(load_facts("readings")["readings"].values())))  # the text that was glossed was GBK


WORDS = {"甲": 10, "乙": 10, "甲乙": 40, "丙丁戊己庚辛": 20, "辛壬": 0}
TOTAL = 100


def test_the_likeliest_way_to_part_a_text_into_words() -> None:
    fluency = Fluency(WORDS, TOTAL)
    one, unknown = math.log(10 / TOTAL), math.log(0.02 / TOTAL)
    scores = {
        "": 0.0, "甲": one, "甲乙": math.log(40 / TOTAL) / 2, "乙甲": one, "甲甲乙": (one + math.log(40 / TOTAL)) / 3, "丙丁戊己庚辛": math.log(20 / TOTAL) / 6, "丙": unknown,
        "，": PUNCTUATION, "5": PUNCTUATION, "五": unknown, "\n": PUNCTUATION, "%": PUNCTUATION, "a": ASCII, ".": ASCII, "甲，": (one + PUNCTUATION) / 2, "辛壬": unknown,
    }  # fmt: skip

    assert {text: pytest.approx(fluency.score(text)) for text in scores} == scores
    assert (PUNCTUATION, ASCII) == (-5.0, -9.0)
    assert [fluency.count(word) for word in ("甲", "甲乙", "乙丙")] == [0, 40, 0]
    words = {
        "丁甲乙": "甲乙",
        "甲": "",
        "乙丙丁戊己庚辛": "丙丁戊己庚辛",
        "丙丁": "",
        "辛壬": "",
        "": "",
        "甲乙": "甲乙",
    }
    assert {text: fluency.longest_word_at_end(text) for text in words} == words
    assert fluency.gain("甲", "乙") == pytest.approx(math.log(40 / TOTAL) - 2 * one)
    assert fluency.gain("乙", "甲") == pytest.approx(0)
    assert fluency.gain("甲甲", "乙") == pytest.approx(math.log(40 / TOTAL) - 2 * one)
