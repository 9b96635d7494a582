"""Nothing is repaired where nothing is damaged, and no text takes more than its length in time."""

import os
from pathlib import Path

import pytest

from tests.growth import assert_linear
from worker.draft import Draft
from worker.edits import Text
from worker.stages.clean import clean
from worker.stages.convert import convert
from worker.stages.structure import structure
from worker.tools import load_tools

#: A folder of undamaged Chinese texts in UTF-8 or GB18030, as large as one likes; see docs/reading.md.
FOLDER = os.environ.get("ZHIBIAO_CLEAN_TEXTS")
REPAIRS = {"gloss", "gbk_misaligned", "charset"}
HOSTILE_CHARS = 12_000
_GLOSSED = "鎮(zhèn)建設(shè)報(bào)領(lǐng)導(dǎo)監(jiān)督時(shí)學(xué)習(xí)經(jīng)濟(jì)"


@pytest.mark.skipif(FOLDER is None, reason="ZHIBIAO_CLEAN_TEXTS names no folder")
def test_undamaged_texts_at_hand_are_not_repaired() -> None:
    """No gloss, torn byte or wrong encoding is found in any of them, with either kind of punctuation."""
    repaired = []
    for path in sorted(Path(FOLDER or ".").rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("gb18030", errors="replace")
        for form in (text, text.translate(str.maketrans("，（）：；？！", ",():;?!"))):
            draft = clean(Draft(b"", path.name, text=Text.of(form)), load_tools())
            repaired += [(path.name, edit.kind, edit.was) for edit in draft.text.edits if edit.kind in REPAIRS]

    assert repaired == []


@pytest.mark.growth
@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "鎮(",
        "鎮(zhè",
        "1",
        "1 ",
        " ",
        "政 ",
        "?。",
        "一、\n",
        "\n",
        "“《",
        "首页>",
        "时间:2021 来源:x ",
        "打印 ",
        "锛屽姞寮烘硶\ue043�",
        "ÖÐ¹ú",
        "市人民政府",
        "市县区",
        "ꎬ字字字",
        "\ue001字",
        "【标题】内容。\n",
        "—",
        "\ufffd1",
        "a\u0301",
        "12\n",
        "於是瞭解國家",
        "相关文章\n",
        "一二三四五",
        "东方市人民政府\n2021年1月6日\n",
        _GLOSSED + "候?qū)?人",
        _GLOSSED + "?。ㄒ唬?qiáng)\n",
    ],
)
def test_hostile_texts_take_time_by_their_length(unit: str) -> None:
    """Repetitions that a careless pattern would take hours over."""

    def read(length: int) -> None:
        raw = (unit * (length // len(unit) + 1))[:length]
        draft = Draft(b"", "a.txt", text=Text.of(raw))
        for stage in (clean, convert, structure):
            draft = stage(draft, load_tools())
        assert len(draft.text.now) <= len(raw)

    assert_linear(read, HOSTILE_CHARS)
