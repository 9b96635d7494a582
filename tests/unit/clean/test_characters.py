"""Characters that stand for others, each by the sign that tells it, and what is left as it stands."""

from collections.abc import Iterable

from worker.clean.characters import NEAR_CHARS, find_characters, find_wide
from worker.edits import Edit, Flaw

HAN = "甲乙丙丁戊己庚辛壬癸"


def mended(text: str, found: Iterable[Edit | Flaw]) -> str:
    for edit in sorted((one for one in found if isinstance(one, Edit)), key=lambda one: -one.start):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


#: What stands there -> what was meant.
MEANT = {
    # Radicals, compatibility ideographs at the bounds of their blocks, and what is none of them.
    "⺁甲⻳": "厂甲龟", "\u2f00\u2fd5\u2fd6": "一龠\u2fd6", "\uf900\ufa6d": "豈舘", "甲\ufa0e": "甲\ufa0e", "\U0002f800甲\U0002fa1d": "丽甲𪘀", "甲\ufb01": "甲\ufb01",
    # What cannot be seen, and accents that stand beside their letters.
    "甲\u200b乙\u00ad丙\ufeff\u202e": "甲乙丙", "甲cafe\u0301乙": "甲café乙", "甲a\u0324e\u0301": "甲a\u0324é",
    # A font's spaces, one for one, and its bullets.
    "甲\ue5e5\ue5e5乙": "甲  乙", "甲\uf020\uf0b7\uf0b7\uf0ff乙": "甲乙", "甲\uf01f\uf100": "甲\uf01f\uf100",
    # Marks of another language around a title.
    "«甲»乙": "《甲》乙", "«1»,甲": "«1»,甲", "«甲”»«乙）»«丙’»": "《甲”》《乙）》《丙’》", "甲«": "甲«",
    # Marks stored as the two bytes that they have in GB 2312, unless the text is in Yi.
    f"{HAN}\ua3ac甲": f"{HAN}，甲", f"{HAN}\ua3ac甲,": f"{HAN},甲,", f"{HAN}\ua3ac甲,，": f"{HAN}，甲,，", f"{HAN}\ua1b0甲,": f"{HAN}“甲,",
    f"{HAN}3\ua3ae5": f"{HAN}3.5", f"{HAN}\ua3ae5": f"{HAN}。5", f"{HAN}3\ua3ae": f"{HAN}3。", f"{HAN}\ua3ae。": f"{HAN}。", f"{HAN}\ua3ae": f"{HAN}。",
    f"{HAN}\ua3a1\ua3fe,": f"{HAN}!￣,", f"{HAN}\ua3fd,": HAN + "},", f"{HAN}\ua3fd": f"{HAN}｝", f"{HAN}\ua2a1": f"{HAN}\ua2a1",
    "\ua3ac甲乙": "\ua3ac甲乙", "\ua3ac甲乙丙": "，甲乙丙", "\ua3ac甲\ua320乙丙丁": "\ua3ac甲\ua320乙丙丁", "\ua3ac甲\ua320乙丙丁戊": "，甲\ua320乙丙丁戊",
}  # fmt: skip


def test_the_character_that_was_meant() -> None:
    assert {text: mended(text, find_characters(text)) for text in MEANT} == MEANT
    assert list(find_characters("cafe\u0301"[:4])) == []


def test_private_codes_of_a_traditional_text_are_those_of_hong_kong() -> None:
    """The first and the last of each area, a row's last byte below 0x7F and the one above it."""
    codes = {
        "\ue000\ue310": "𠕇秔", "\ue311\ueeb7": "𣻗𦉫", "\ue2e5\ue40c": "着衞", "\ue03e\ue03f": "冸鴴", "\ue09c\ue09d": "𠵍𨦼", "\ue350": "繧", "\uf6b0": "𠻘", "\ueeb8": None, "\uf6b1": None,
    }  # fmt: skip
    for private, meant in codes.items():
        found = mended(private, find_characters(private, traditional=True))
        assert found == (meant or private), ascii(private)
        assert mended(private, find_characters(private)) == private


def test_how_sure_a_character_is() -> None:
    found = [one for one in find_characters(f"⺁{HAN}\ua3ac«甲»e\u0301") if isinstance(one, Edit)]

    assert {(one.new, one.kind, one.confidence) for one in found} == {
        ("厂", "character", 1.0), ("，", "character", 0.95), ("《", "character", 0.9), ("》", "character", 0.9), ("é", "character", 1.0),
    }  # fmt: skip


def test_unreadable_characters_that_stand_near_are_noted_together() -> None:
    """Each group from its first to its last, with the code of the first."""
    near, far = "乙" * NEAR_CHARS, "乙" * (NEAR_CHARS + 1)
    text = f"甲\ue800{near}\ue801{far}\ue802\ue802{near}\ue803{near}\ue804甲"
    found = [(one.start, one.end, one.code, one.message) for one in find_characters(text) if isinstance(one, Flaw)]

    assert found == [
        (1, 15, "private_use", "a font's own character U+E800 cannot be read"),
        (28, 56, "private_use", "a font's own character U+E802 cannot be read"),
    ]


#: Forms of full width -> plain ones. A point and a hyphen between digits alone, a comma where it parts groups of three.
WIDE = {
    "０９ＡＺａｚ％": "09AZaz%", "１．５": "1.5", "１．甲": "1．甲", "甲．５": "甲．5", "2．5－6": "2.5-6", "甲－5": "甲－5", "5－": "5－", "（１）": "（1）",
    "１，２３４": "1,234", "１２，３４５，６７８": "12,345,678", "１２３４，５６７": "1234，567", "１２３，４５": "123，45", "１，２３４５": "1，2345", "１２３，４５６，": "123，456，", "，１２３，４５６": "，123，456",
    "１２，３４５，６７": "12，345，67", "１２３，456": "123，456",
}  # fmt: skip


def test_forms_of_full_width() -> None:
    assert {text: mended(text, find_wide(text)) for text in WIDE} == WIDE
    assert {(one.kind, one.end - one.start) for text in WIDE for one in find_wide(text)} == {("width", 1)}
