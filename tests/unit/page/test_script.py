"""Names of ours in traditional script, and where indicators come from in a reader's language."""

import re
import tomllib

import opencc
import pytest

from exports.indicators import catalogue
from page import wording
from page.script import simplified, traditional
from page.shown.sources import source_in
from tests.modules import ROOT

#: Right where a conversion by character or phrase is wrong, or could be.
NAMES = {
    "行政复议被纠错": "行政復議被糾錯",
    "养老金发放": "養老金發放",
    "高速公路通车里程": "高速公路通車里程",
    "上海市徐汇区": "上海市徐匯區",
    "河南省濮阳市范县": "河南省濮陽市范縣",
    "江西省余干县": "江西省餘干縣",
    "沈阳市": "瀋陽市",
    "台州市": "台州市",
    "云南省": "雲南省",
    "科尔沁左翼后旗": "科爾沁左翼後旗",
    "规范性文件": "規範性文件",
    "GDP": "GDP",
}


def test_names_are_written_as_in_taiwan() -> None:
    assert {name: traditional(name) for name in NAMES} == NAMES


def test_a_name_of_the_catalogue_comes_back_from_the_other_script() -> None:
    names = [name for one in catalogue().values() for name in (one.name, *one.wordings)]

    assert {name: back for name in names if (back := simplified(traditional(name))) != simplified(name)} == {}
    assert sum(name != traditional(name) for name in names) > len(names) / 2


def test_each_word_that_stands_by_itself_is_needed() -> None:
    """Without it, its name comes out wrong."""
    rows = tomllib.loads((ROOT / "page" / "data" / "traditional.toml").read_text("utf-8"))["word"]
    by_dictionary = opencc.OpenCC("s2tw").convert
    names = {row["simplified"]: row.get("name", row["simplified"]) for row in rows}

    assert [row for row in rows if not row["source"] or simplified(row["traditional"]) != row["simplified"]] == []
    assert {word for word, name in names.items() if by_dictionary(name) == traditional(name)} == set()
    ours = wording.of("zh-Hant")
    wrong = [by_dictionary(name) for name in names.values()]
    assert [key for key in sorted(ours.keys()) if any(one in ours(key) for one in wrong)] == []


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_each_source_of_the_catalogue_has_words_for_readers_of_chinese(language: str) -> None:
    """No English is left but names of files."""
    said = {one.source: source_in(wording.of(language), one.source) for one in catalogue().values()}
    files = re.compile("[报報]告 [^ ]+ 第 [0-9]+ 字$")

    assert {source: text for source, text in said.items() if re.search("[A-Za-z,;]", files.sub("", text))} == {}
    numbers = {source: re.findall("[0-9]+", source) for source in said}
    assert {text for source, text in said.items() if re.findall("[0-9]+", text) != numbers[source]} == set()


def test_each_words_of_sources_are_of_a_source() -> None:
    """And readers of English see them as the catalogue has them."""
    english = wording.of("en")
    sources = [one.source for one in catalogue().values()]
    starts = {key: english(key).partition("{")[0] for key in english.keys_of("source")}

    assert [key for key, start in starts.items() if not any(start in source for source in sources)] == []
    assert [source_in(english, source) for source in sources] == sources
