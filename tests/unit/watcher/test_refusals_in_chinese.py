"""Why a file could not be read, as the worker says it in English, reaches readers of Chinese in Chinese."""

import ast
import re
from collections.abc import Iterator
from typing import get_args

import pytest

from tests.modules import ROOT
from watcher.running.in_chinese import Chinese, in_chinese
from worker.errors import BadReport
from worker.facts import load_facts
from worker.readers.reading import MOST_CELLS, refuse_copies, refuse_long, refuse_many_cells

LANGUAGES: tuple[Chinese, ...] = get_args(Chinese)
RAISED = {"refusal": 1, "BadReport": 2, "Exhausted": 2, "Unavailable": 2}
#: What stands in the places of a message is a name or a number.
FILLED = "7"
#: Parts of a message that are worked out before it is raised, and messages that are passed on.
WORKED_OUT = ("seen", "message", "_plain(error.message)")
#: Names of programs, formats and settings, and commands, which are the same in any language.
_AS_IT_IS = re.compile(
    r"`[^`]*`|ZHIBIAO_\w+|ocrmypdf[^，；]*|in\.pdf out\.pdf|--force-ocr|pip install '[^']*'|content\.xml|base64|XFD1048576|chi_sim"
    r"|(?<![A-Za-z])(PDF|DOCX|XLSX|XLS|ODS|OFD|HTML|MHTML|CSV|XML|ZIP|MIME|UTF-\d+|GB18030|Big5|LibreOffice|Office|python-calamine"
    r"|RIFF|WebP|WAV|AVI|PNG|JPEG|GIF|TIFF|DjVu|7z|RAR|gzip|bzip2|xz|Zstandard|tar|SQLite|ELF|MP4|HEIF|PostScript|CAJ"
    r"|PowerPoint|SYLK|DIF|decode|extract|publish|attempt)(?![A-Za-z])"
)


def in_english(text: str) -> list[str]:
    """Words that nobody has translated."""
    return re.findall(r"[A-Za-z]{3,}", _AS_IT_IS.sub(" ", text))


def messages() -> Iterator[str]:
    """All that the worker raises in so many words, with something in each place."""
    for file in sorted((ROOT / "worker").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                at = RAISED[node.func.id]
                text = spelt(node.args[at]) if len(node.args) > at else None
                if text:
                    yield text


def spelt(node: ast.expr) -> str | None:
    """The words of a string or a formatted one; None where some of them are worked out before."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            named = ast.unparse(part.value)
            if named in WORKED_OUT:
                return None
            readable = "a report in text, HTML, PDF, DOCX, XLSX, XLS, ODS or OFD would be right"
            parts.append(readable if "_READABLE" in named else "ocrmypdf" if named == "_OCR" else filled(named))
        else:
            parts.append(str(part.value))  # type: ignore[attr-defined]
    return "".join(parts)


def filled(named: str) -> str:
    """Of what may be empty, nothing."""
    return "" if named in ("at", "self._others(trace)") else "PNG image" if named == "found.name" else FILLED


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_of_a_refusal_is_said_in_chinese(language: Chinese) -> None:
    """A reason that is added to the code, or reworded, is missing here until the table has it."""
    said = [*messages()]

    assert len(said) > 40
    assert {text: shown for text in said if in_english(shown := in_chinese(text, language))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_that_are_put_together_are_said_in_chinese(language: Chinese) -> None:
    """With the file, the stage and the place before them, as failures have them; of any place."""
    reasons = []
    for refuse in (
        lambda: refuse_many_cells(MOST_CELLS + 1, "the page"),
        lambda: refuse_copies(10**9, 1, "the PDF"),
        lambda: refuse_long(10**9, "the strings that cells share"),
        lambda: refuse_long(10**9, "the numbering of paragraphs"),
    ):
        with pytest.raises(BadReport) as caught:
            refuse()
        reasons.append(caught.value)
    places = ("byte 512", "character 3", "page 4", "line 2, column 9")
    said = [
        f"2023年/甲: {BadReport('c', 'decode', one.message, place)}" for one in reasons for place in (None, *places)
    ]
    said += [f"quarantined (too_complex) 5 s ago: {text}" for text in said]
    said += [
        "stage decode: 300 numbers with their measures make an event of more than 9 bytes; at most 8 are allowed, split the file",
        "stage extract: 300 figures make an event of more than 9 bytes; at most 8 are allowed, split the file",
        "stage decode: more than 400000 numbers; 400000 are allowed outside of tables, split the file",
        "stage decode: this file holds: SYLK spreadsheet; open it in a spreadsheet program and save it anew as XLSX or CSV",
    ]

    shown = {text: in_chinese(text, language) for text in said}

    assert {text: one for text, one in shown.items() if in_english(one.replace("too_complex", ""))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_format_that_is_refused_has_a_name(language: Chinese) -> None:
    facts = load_facts("formats")
    groups = [group for group in facts.values() if isinstance(group, list)]
    names = {entry["name"] for group in groups for entry in group if entry.get("reader") in (None, "encrypted")}

    assert "PNG image" in names
    assert {name: shown for name in names if in_english(shown := in_chinese(name, language)) or shown == name} == {}


def test_what_a_library_said_stays_as_it_said_it() -> None:
    said = "a/1.pdf: stage decode: the PDF cannot be opened (Failed to load document); it may be cut off"

    assert (
        in_chinese(said, "zh-Hans") == "a/1.pdf：PDF 打不开（Failed to load document）；可能没有下载完整（decode 阶段）"
    )
    assert (
        in_chinese(said, "zh-Hant") == "a/1.pdf：PDF 開不了（Failed to load document）；可能沒有下載完整（decode 階段）"
    )
