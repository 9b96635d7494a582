"""What holds for any text."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.metric import DECIMAL
from schemas.report import Document
from tests.growth import assert_linear
from worker.draft import Draft
from worker.edits import Flaw, Text
from worker.extract.language.reading_text import fold
from worker.extract.numbers.joined import with_steps
from worker.extract.numbers.numerals import NUMERALS
from worker.extract.numbers.scan import find_candidates
from worker.report_writer import metrics_of
from worker.stages.extract import extract
from worker.tools import load_tools

TOOLS = load_tools()
PIECES = [
    "3",
    "12",
    "1,234",
    "24",
    "800",
    "1.28",
    "０",
    "二",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "兆",
    "两",
    "半",
    "零",
    "壹",
    "拾",
    "余",
    "多",
    "几",
    "成",
    "倍",
    "番",
    "翻",
    "分之",
    "点",
    "至",
    "-",
    "—",
    "∶",
    ":",
    "/",
    "%",
    "‰",
    "元",
    "人",
    "件",
    "人次",
    "平方米",
    "年",
    "月",
    "日",
    "个",
    "个百分点",
    "第",
    "约",
    "近",
    "超",
    "以上",
    "左右",
    "同比",
    "增长",
    "下降",
    "到",
    "其中",
    "分别",
    "占",
    ",",
    "。",
    ";",
    "；",
    "、",
    "(",
    ")",
    "（",
    "“",
    "”",
    "《",
    "》",
    "\n",
    "截至",
    "2023年",
    "去年",
    "上半年",
    "行政复议",
    "受理",
    "办结",
    "率",
    "的",
    "和",
    "在",
    "一是",
    "市公安局",
    "配备",
    "〔2021〕4号",
    "IPv6",
    "?",
    "折",
    "打",
    "负",
    "零下",
    "±",
    "℃",
    "-3.2",
    "个多月",
    "个半小时",
    "小时",
    "分",
    "秒",
    "角",
    "$",
    "每",
    "级",
    "O",
    "l",
    " ",
    "8.3∶41.4∶50.3",
    "/10万",
    "三次产业结构",
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


def draft(text: str) -> Draft:
    return Draft(text.encode("utf-8", "replace"), "report.txt", text=Text.of(text), document=Document(period="2023"))


@settings(max_examples=200)
@given(TEXTS)
def test_no_text_is_refused(text: str) -> None:
    """Each figure quotes the text, in order, once, and each number has a reason."""
    read = extract(draft(text), TOOLS)
    metrics = metrics_of(read)
    ends = [0]
    for metric in metrics:
        assert text[metric.source.start : metric.source.end] == metric.source.quote
        assert metric.source.start >= ends[-1]
        assert metric.value
        assert metric.indicator is not None
        ends.append(metric.source.end)
    assert sum(number.kind == "metric" for number in read.numbers) == len(metrics)
    assert all(number.reason and re.fullmatch(r"class\.[a-z_]+", number.rule) for number in read.numbers)


@settings(max_examples=100)
@given(TEXTS)
def test_a_quote_reads_to_its_value_again(text: str) -> None:
    """The quote alone gives the value, unless the unit was shared or a score."""
    for metric in metrics_of(extract(draft(text), TOOLS)):
        quote = fold(metric.source.quote)
        again = with_steps(quote, list(find_candidates(quote, TOOLS.lexicon)))
        assert len(again) == 1
        value = again[0].value or ""
        if metric.change in ("increase", "decrease") and not again[0].high:
            value = value.removeprefix("-")  # a negative growth is a decrease
        assert (value, again[0].high) == (metric.value, metric.value_high)


ROWS = [
    case["text"]
    for case in tomllib.loads(Path(__file__).parents[2].joinpath("cases/figures.toml").read_text(encoding="utf-8"))[
        "case"
    ]
]
EDITS = st.lists(
    st.tuples(
        st.integers(0, 80),
        st.integers(0, 2),
        st.sampled_from(["", " ", "\n", "0", "l", "，", "、", "亿", "人", "�", "-"]),
    ),
    max_size=6,
)


@settings(max_examples=150)
@given(st.sampled_from(ROWS), EDITS)
def test_mutated_text_gives_plain_decimals_in_order(text: str, edits: list[tuple[int, int, str]]) -> None:
    """Whatever is cut out or put in: exact values from numerals that stand in the text, ranges upwards."""
    for place, length, new in edits:
        text = text[:place] + new + text[place + length :]
    ends = [0]
    for metric in metrics_of(extract(draft(text), TOOLS)):
        assert re.fullmatch(DECIMAL, metric.value)
        assert metric.value_high is None or Decimal(metric.value) < Decimal(metric.value_high)
        assert text[metric.source.start : metric.source.end] == metric.source.quote
        assert metric.source.start >= ends[-1]
        assert re.search(f"[0-9０-９{NUMERALS}半番]", metric.source.quote)  # 翻番 says its number by itself
        ends.append(metric.source.end)


@settings(max_examples=100)
@given(TEXTS, st.integers(0, 60), st.integers(0, 8))
def test_no_figure_touches_a_flaw(text: str, start: int, length: int) -> None:
    """Damage is never read."""
    start = min(start, len(text))
    end = min(start + length, len(text))
    flawed = draft(text).having(text=Text.of(text).apply([Flaw(start, end, "lost", "unreadable")]))
    for metric in metrics_of(extract(flawed, TOOLS)):
        assert metric.source.end < start or end < metric.source.start


@pytest.mark.growth
@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "万",
        "(",
        "）",
        "㐀",
        "一",
        "1,",
        "1,234",
        "1:",
        "第",
        "“",
        "分之",
        "1个、",
        "1个其中",
        "截至",
        "点五",
        "-3",
        "折",
        "3:",
        "1元1角",
        "每",
        "1 ",
    ],
)
def test_time_grows_with_length_only(piece: str) -> None:
    """Whatever the text."""
    assert_linear(lambda length: extract(draft(piece * (length // len(piece))), TOOLS), 16_000)


@pytest.mark.parametrize(
    "text",
    [
        "全市公共图书馆新增藏书和数字资源覆盖率",
        "县农业农村局组织开展《种子法》宣传活动参加农户",
        "新建5G基站及“一刻钟”便民生活圈累计投入资金",
    ],
)
def test_a_run_of_words_is_divided_as_in_its_text(text: str) -> None:
    found = TOOLS.words.cut(text)
    assert "".join(word.text for word in found) == text
    for first in range(len(found)):
        for last in range(first + 1, len(found) + 1):
            run = found[first:last]
            assert TOOLS.words.cut("".join(word.text for word in run)) == run
