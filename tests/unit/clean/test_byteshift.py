"""Text cut one byte off, with a referee that says how fluent each reading is: which are tried, and which is taken."""

from collections.abc import Mapping

import pytest

from worker.clean.byteshift import MOST_PLACES, ByteShift, _shapes, find_byte_shifts
from worker.clean.fluency import Fluency
from worker.clean.gbk import GbkReading, char_of
from worker.clean.script import script_of
from worker.edits import Edit, Flaw
from worker.tools import load_tools

GLOSSED = "報(bào)告(gào)工(gōng)作(zuò)" * 2
SCRIPT = script_of(load_tools().to_simplified)
TORN = "the bytes of these characters were torn apart"
SAID = "\u3000（一）工作窣"


class Referee(Fluency):
    """Finds fluent what holds one of ``scores``; remembers what it was asked."""

    def __init__(self, scores: Mapping[str, float], words: tuple[str, ...]) -> None:
        super().__init__(dict.fromkeys(words, 1), 1)
        self.scores = scores
        self.asked: list[str] = []

    def score(self, text: str) -> float:
        self.asked.append(text)
        return max((score for words, score in self.scores.items() if words in text), default=-20.0)


def shifts(text: str, scores: Mapping[str, float] | None = None, words: tuple[str, ...] = ()) -> ByteShift:
    return ByteShift(text, SCRIPT, Referee(scores or {}, words))


def found(text: str, scores: Mapping[str, float] | None = None, words: tuple[str, ...] = ()) -> list[Edit | Flaw]:
    return list(shifts(text, scores, words).findings())


def cut(text: str) -> str:
    """What is left of a text whose first byte went; pairs that GBK does not have are dropped."""
    left, chars = text.encode("gbk")[1:], ""
    while left:
        size = 1 if left[0] < 0x80 else 2
        chars += left[:1].decode() if size == 1 else (len(left) > 1 and char_of(left[0], left[1])) or ""
        left = left[size:]
    return chars


def test_what_enumerators_look_like_one_byte_off() -> None:
    """Those that leave the full stop alone are none."""
    assert _shapes() == {
        "。ㄒ唬": ["一"], "。ǘ": ["二", "二十"], "。ㄈ": ["三"], "。ㄋ模": ["四"], "。ㄎ澹": ["五"], "。ㄆ撸": ["七"], "。ò耍": ["八"], "。ň牛": ["九"],
        "。ㄊ": ["十", "十二", "十三", "十六"], "。ㄊ唬": ["十一"], "。ㄊ模": ["十四"], "。ㄊ澹": ["十五"], "。ㄊ撸": ["十七"], "。ㄊ耍": ["十八"], "。ㄊ牛": ["十九"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("right", "other", "as_it_is", "is_sure"),
    [
        (-6.0, -20.0, -20.0, True),
        (-6.01, -20.0, -20.0, False),
        (-5.5, -6.0, -20.0, True),
        (-5.5, -5.75, -20.0, False),
        (-5.5, -20.0, -6.5, True),
        (-5.5, -20.0, -6.25, False),
    ],
)
def test_a_reading_is_taken_where_it_leads(right: float, other: float, as_it_is: float, *, is_sure: bool) -> None:
    """It reads like words, better than the others, and far better than what stands there."""
    text = f"甲乙丙丁戊己?{cut(SAID)}，庚辛壬癸"
    end = text.index("，")
    scores = {SAID: right, SAID.replace("\u3000", "！"): other, cut(SAID)[:5]: as_it_is}

    assert found(text, scores) == (
        [Edit(6, end, SAID, "gbk_misaligned", 0.97)] if is_sure else [Flaw(5, end, "byte_damage", TORN)]
    )


def test_a_reading_is_weighed_with_its_neighbours() -> None:
    """Four characters before it, on its line and without their glosses, and three behind it, without marks for lost bytes."""
    said = SAID.replace("\u3000", "！")

    def first_asked(before: str, after: str) -> tuple[str, str]:
        shift = shifts(f"{before}?{cut(SAID)}{after}")
        list(shift.findings())
        [asked] = [one for one in shift._fluency.asked if said in one][:1]  # type: ignore[attr-defined]
        left, _, right = asked.partition(said)
        return left, right

    assert first_asked("甲乙丙丁戊己", "庚辛壬癸") == ("丙丁戊己", "庚辛壬")
    assert first_asked("甲\n乙", "庚\n辛") == ("乙", "庚")
    assert first_asked("甲乙", "") == ("甲乙", "")
    assert first_asked("甲乙丙丁(dīng)戊己", "庚（geng）?辛壬") == ("丙丁戊己", "庚辛壬")
    assert first_asked("国," * 3 + "國", ",:%") == ("，国，国", "，：％")
    assert first_asked("甲(jiǎ)" * 8, "(jiǎ)庚辛") == ("甲甲甲甲", "庚辛")


def test_marks_have_the_width_that_those_of_the_text_have() -> None:
    text = f"甲乙?{cut(SAID)}"

    def new(around: str) -> list[str]:
        return [one.new for one in found(text + around, {SAID: -5.0}) if isinstance(one, Edit)]

    assert new(",,，") == ["\u3000(一)工作窣"]
    assert new(",，") == new("") == [SAID]


def test_what_begins_a_line_has_no_indent() -> None:
    """A line begins where nothing but an indent is before, as far as that is looked back on."""
    said = "\u3000（工）作窣"
    text = f"{GLOSSED}\n?{cut(said)}"
    assert found(text, {said: -5.0}) == [Edit(len(GLOSSED) + 1, len(text), said[1:], "gbk_misaligned", 0.97)]
    opens = {
        "": True, " " * 40: True, " " * 41: False, "甲\n" + " " * 39: True, "甲\n" + " " * 40: False, "甲": False, "甲\n乙 ": False, "\u3000\n\u3000": True,
    }  # fmt: skip
    assert {before: shifts(f"{before}?")._opens_line(len(before)) for before in opens} == opens


@pytest.mark.parametrize(
    ("first", "is_tried"), [("\u3000", True), ("！", True), ("啊", True), ("鳌", True), ("仭", False), ("ⅰ", False)]
)
def test_what_may_stand_before_a_false_stop(first: str, *, is_tried: bool) -> None:
    """A mark or a blank, or else an ideograph of GB 2312."""
    said = f"{first}{SAID[1:]}"

    edits = [one for one in found(f"甲乙?{cut(SAID)}", {said: -5.0}) if isinstance(one, Edit)]
    assert [one.new for one in edits] == ([said] if is_tried else [])


def test_nothing_is_looked_for_without_a_sign_of_it() -> None:
    """A text that is glossed throughout, or what no report has behind a stop."""
    said = "！（一）窣"
    plain = f"甲?{cut('！，工作窣')}"

    assert found(plain, {"，工作窣": -5.0}) == []
    assert len(found(GLOSSED + plain, {"，工作窣": -5.0})) == 1
    assert len(found(f"甲?{cut(said)}", {said: -5.0})) == 1
    assert found(f"甲?{cut(said)[1:]}", {said: -5.0}) == []
    eight = "（八）工作窣"  # whose letter other texts have, too
    assert found(f"?{cut(chr(0x3000) + eight)}", {eight: -5.0}) == []
    assert len(found(f"?{cut(chr(0x3000) + eight)}\n?{cut(SAID)}", {eight: -5.0})) == 2
    assert list(find_byte_shifts(f"甲乙{cut(said)}", SCRIPT, Referee({}, ()))) == []
    assert len(list(find_byte_shifts(f"甲\ufffd{cut(said)}", SCRIPT, Referee({said: -5.0}, ())))) == 1


def test_a_text_with_too_many_places_is_given_up() -> None:
    """Each further one is noted by itself."""
    one = f"甲?{cut(SAID)}\n"
    notes = found(one * (MOST_PLACES + 2))

    assert len(notes) == MOST_PLACES + 2
    assert {note.end - note.start for note in notes[:MOST_PLACES]} == {len(one) - 1}
    assert [note.start - len(one) * (MOST_PLACES + at) for at, note in enumerate(notes[MOST_PLACES:])] == [0, 0]
    assert {note.end - note.start for note in notes[MOST_PLACES:]} == {3}


def test_a_place_inside_another_is_no_place() -> None:
    """One edit is made of both."""
    text = f"甲?{cut(SAID)[:-1]}?{cut(SAID)}"

    assert [one.start for one in found(text)] == sorted({one.start for one in found(text)})
    assert all(one.end <= other.start for one, other in zip(found(text), found(text)[1:], strict=False))


#: What stands before, the enumerator -> whether the sequence tells it.
SEQUENCES = [
    ("", "一", "一"), ("", "三", "三"), ("（一）甲\n", "二", "二"), ("（十九）甲\n", "二十", "二十"), ("（十）甲\n（十一）乙\n", "十二", "十二"), ("(十二)甲\n", "十三", "十三"),
    ("", "二", None), ("（三）甲\n", "二", None), ("（二十）甲\n", "二", None), ("甲（一）甲\n", "二", None), ("（一一）甲\n", "二", None), ("（十）甲\n", "十二", None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "numeral", "told"), SEQUENCES)
def test_an_enumerator_is_told_by_its_bytes_or_by_the_one_before(before: str, numeral: str, told: str | None) -> None:
    said = f"（{numeral}）工作窣"
    text = f"{before}?{cut(chr(0x3000) + said)}\n（十一）丙"

    [one] = found(text, {said: -5.0})
    assert isinstance(one, Edit) is (told is not None)
    if isinstance(one, Edit):
        assert (one.start, one.new) == (len(before), said)


def test_an_enumerator_that_was_told_tells_the_next() -> None:
    said = [f"（{numeral}）工作窣" for numeral in "一二三"]
    text = "\n".join(f"?{cut(chr(0x3000) + one)}" for one in said) + "\n,,"

    edits = [one for one in found(text, dict.fromkeys(said, -5.0)) if isinstance(one, Edit)]
    assert [one.new for one in edits] == ["(一)工作窣", "(二)工作窣", "(三)工作窣"]


def test_what_follows_an_enumerator() -> None:
    """Its bracket's second byte took the first of the next character, in a pair that GBK has or has not, or before a gloss."""

    def follows(text: str, start: int = 0) -> list[GbkReading]:
        return list(shifts(text)._after_bracket(start))

    assert follows("┕ぷ鞲@") == [GbkReading("工作窣", 4)]
    assert follows("甲┕ぷ鞲@", 1) == [GbkReading("工作窣", 5)]
    assert {one.out[0] for one in follows("×鞲@")} >= {"鳌", "稹"}
    assert {one.out[0] for one in follows("×鞲@")}.isdisjoint("啊膊")
    assert [one.out for one in follows("?bào)")] == [one.out for one in follows("\ufffdbào)")] != []
    assert {one.end for one in follows("?bào)")} == {5}
    assert {char_of(0xA9, one.out.encode("gbk")[0]) for one in follows("?bào)")} == {None}
    assert follows(f"{GLOSSED}?bào)", len(GLOSSED)) == []
    assert follows("") == follows("甲") == follows("?bao") == []


@pytest.mark.parametrize(
    ("text", "new", "length"),
    [
        ("監控?cái)z像頭", "攝", 6),
        ("監控\ufffd(cái）z像頭", "攝", 7),
        ("監控(kòng)?cái)z像頭", "攝", 6),
        ("監控（kòng）?cái)z像頭", "攝", 6),
        ("監控?cai)z像頭", "攝", 6),
        ("監控?bào)z像頭", None, 5),
        ("監控?cái)像頭", None, 5),
        ("膊?cái)z甲", None, 5),
        ("財(cái)財(cái)z财(cái)膊?cái)z甲", "苲", 6),
    ],
)
def test_a_gloss_inside_a_character(text: str, new: str | None, length: int) -> None:
    """The glossed character's first byte ends the one before it, its second begins the one behind the gloss.

    It has that reading, and is glossed elsewhere in the text or traditional.
    """
    text = f"{GLOSSED}{text}"
    start = text.index("?" if "?" in text else "\ufffd")
    [one] = found(text, {"监控摄像头": -5.0, "苲": -5.0})

    if new:
        assert one == Edit(start, start + length, new, "gbk_misaligned", 0.97)
    else:
        assert one == Flaw(start - 1, start + length, "byte_damage", TORN)


def test_a_gloss_inside_a_character_is_looked_for_in_a_glossed_text_behind_a_character() -> None:
    scores = {"监控摄像头": -5.0}

    assert found(f"{GLOSSED}監控?(cái)z像頭", scores) == []
    assert found("監控?cái)z像頭，甲?。ㄒ唬@", scores)[0].start > 5
    assert found(f"{GLOSSED}a?cái)z像頭", scores) == found(f"{GLOSSED}\n?cái)z像頭", scores) == []


def test_a_digit_that_went_with_a_byte_is_lost() -> None:
    """Where one word of three characters or more names the character before it."""
    text = f"{GLOSSED}取保候?qū)?人"
    start, end = text.index("?"), len(text) - 1
    torn = [Flaw(start - 1, end, "byte_damage", TORN)]

    assert found(text, {}, ("取保候审", "候审")) == [
        Edit(start, end, "審?", "gbk_misaligned", 0.8),
        Flaw(start, end, "digit_lost", "a digit or another ASCII character is lost here for good"),
    ]
    assert found(text, {}, ("候审",)) == found(text) == torn
    assert found(text, {}, ("取保候审", f"取保候{SCRIPT.characters('宠')}", f"保候{char_of(0x8C, 0x40)}")) == torn


def test_a_digit_may_be_lost_behind_an_enumerator() -> None:
    """Where nothing else reads without a loss, and the bytes leave no doubt of what stood before."""
    shifted = cut("\u3000（一）工作报告")
    end = len(shifted) + 2

    assert found(f"?{shifted}?5人", {}, ("作报告",))[0] == Edit(0, end, "（一）工作报告?", "gbk_misaligned", 0.8)
    assert found(f"?{shifted}?@", {}, ("作报告",)) == [Flaw(0, end + 1, "byte_damage", TORN)]
    assert found(f"甲?{shifted}?5人", {}, ("作报告",)) == [Flaw(0, end + 1, "byte_damage", TORN)]


def test_what_was_dropped_is_looked_for_behind_a_mark_alone() -> None:
    """Not behind an ideograph, of which there are too many."""
    text = f"{GLOSSED}甲?{cut(chr(0x3000) + '（一）工作报告')}?bào)甲"

    for first, is_found in (("！", True), ("啊", False)):
        edits = [one for one in found(text, {f"{first}（一）工作报福报": -5.0}) if isinstance(one, Edit)]
        assert bool(edits) is is_found


def test_what_has_no_reading_is_torn_up_to_its_stop() -> None:
    assert found("甲乙?。ㄒ") == [Flaw(1, 4, "byte_damage", TORN)]
    assert found("?。ㄒ") == [Flaw(0, 2, "byte_damage", TORN)]
