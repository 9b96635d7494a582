"""Text that was read in a wrong encoding: what its bytes say, what lost ones may have been, where a stretch begins and ends."""

from worker.clean.fluency import fluency_of
from worker.clean.misreading import LONGEST_GAP, SAMPLE_CHARS, Misreading, find_misreadings
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


def test_how_sure_what_is_read_anew_is() -> None:
    """By the share of it that is lost."""
    tools = load_tools()
    wrong = misread(WRITTEN, "gbk", "latin-1")
    found = list(find_misreadings(wrong, script_of(tools.to_simplified), fluency_of(tools.jieba)))

    assert {(one.kind, one.confidence) for one in found if isinstance(one, Edit)} == {("charset", 1.0)}
    assert all(len(wrong[one.start : one.end]) <= 2 for one in found)
