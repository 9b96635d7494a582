"""Conversion to simplified script: as OpenCC does it, faster, and with what it leaves out."""

from dataclasses import replace
from pathlib import Path

import opencc
import pytest

from worker.clean.script import Script, script_of
from worker.draft import Draft
from worker.edits import Text
from worker.facts import load_facts
from worker.parts import Cell
from worker.stages.convert import convert
from worker.tools import load_tools

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def script() -> Script:
    return script_of(load_tools().to_simplified)


def _phrases() -> list[str]:
    path = Path(opencc.__file__).parent / "dictionary" / "TSPhrases.txt"
    return [line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_every_phrase_converts_as_opencc_does(script: Script) -> None:
    """The characters that convert by their neighbours are listed; 於 and the kept names are our own."""
    own = [*load_facts("script")["keep"], "於", "著"]
    differing = [
        phrase
        for phrase in _phrases()
        if script.convert(phrase) != load_tools().to_simplified(phrase) and not any(word in phrase for word in own)
    ]

    assert differing == []


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("著作權 顯著 著力構筑 沿著", "著作权 显著 着力构筑 沿着"),
        ("公眾衞生", "公众卫生"),
        ("乾安縣的乾部", "乾安县的干部"),
        ("乾隆年間的乾糧", "乾隆年间的干粮"),
        ("對於瞭解於潛鎮", "对于了解於潜镇"),
        ("批覆與答覆、反覆", "批复与答复、反复"),
        ("計畫與畫家", "计划与画家"),
    ],
)
def test_words_decide(script: Script, traditional: str, simplified: str) -> None:
    """What one character becomes may depend on its word; the length never changes."""
    assert script.convert(traditional) == simplified


@pytest.mark.parametrize("number", [0, 1, 2])
def test_simplified_seeds_stay_byte_for_byte(number: int) -> None:
    """Converting simplified text could only harm it."""
    raw = next((ROOT / "seeds").glob(f"{number:03d}_*.txt")).read_text(encoding="utf-8")
    draft = convert(Draft(b"", "a.txt", text=Text.of(raw)), load_tools())

    assert (draft.text.now, draft.script) == (raw, "simplified")


def test_a_traditional_seed_is_converted_like_opencc_does_it() -> None:
    """Character for character, on a whole report; 著 in none of the words that keep it becomes 着."""
    raw = next((ROOT / "seeds").glob("004_*.txt")).read_text(encoding="utf-8")
    draft = convert(Draft(b"", "a.txt", text=Text.of(raw)), load_tools())
    differing = {
        (ours, theirs)
        for ours, theirs in zip(draft.text.now, load_tools().to_simplified(raw), strict=True)
        if ours != theirs
    }

    assert draft.script == "traditional"
    assert differing <= {("着", "著"), ("卫", "衞")}


def test_the_words_of_a_table_are_converted_with_its_text() -> None:
    """Headers, labels and the caption; what is in simplified script stays, as a lack of a caption does."""
    text = "某縣辦理行政複議案件統計\n單位：萬元\n機關\t辦結數\n縣級機關\t12\n鄉鎮機關\t乾坤\n"
    labelled = Cell(
        27, 29, ("辦理情況", "辦結數"), ("縣級機關",), "統計表\n單位：萬元", 15, ((18, 21),), ((22, 26),), ((0, 12),)
    )
    plain = Cell(35, 37, ("办结数",), (), None)
    draft = convert(Draft(b"", "a.txt", text=Text.of(text), cells=(labelled, plain)), load_tools())

    assert (draft.script, draft.unconverted) == ("traditional", text)
    assert draft.text.now.startswith("某县办理行政复议案件统计\n单位：万元\n")
    assert draft.cells == (
        replace(labelled, column=("办理情况", "办结数"), row=("县级机关",), caption="统计表\n单位：万元"),
        plain,
    )


@pytest.mark.parametrize(
    ("text", "otherwise", "expected"),
    [
        ("全县工作", True, True),
        ("全县工作", False, False),
        ("堅持發展經濟", False, True),
        ("坚持发展经济", True, False),
    ],
)
def test_the_script_of_a_paragraph(script: Script, text: str, *, otherwise: bool, expected: bool) -> None:
    """Told by the characters that only one script has; too few of them tell nothing."""
    assert script.is_traditional(text, otherwise=otherwise) is expected
