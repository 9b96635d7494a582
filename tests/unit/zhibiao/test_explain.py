"""``zhibiao extract --explain``: a newcomer can say from what is printed why each field is as it is."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pydantic import ValidationError

from worker.extract.rule_list import catalogue
from zhibiao.cli import main
from zhibiao.commands.explain import FieldWhy, NumberWhy

TEXT = "2023年，全市受理案件300件，位居全省第3，落实“四个全面”。"
TABLE = """<html><body><h1>某市2023年统计表</h1><table>
<tr><th>指标</th><th>2022年</th><th>2023年</th></tr>
<tr><td>公开信息（条）</td><td>1,200</td><td>35*</td></tr></table></body></html>"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def explain(text: str | bytes, *options: str) -> Result:
    data = text.encode() if isinstance(text, str) else text
    return CliRunner().invoke(main, ["extract", "--explain", *options, "-"], input=data)


def numbers(text: str) -> list[list[str]]:
    """The lines of numbers: place, class, quote and reason."""
    return [line.split(None, 3) for line in explain(text).stdout.splitlines() if line[:1].isdigit()]


def fields(text: str) -> list[list[str]]:
    """The lines below figures, by their columns."""
    lines = [line for line in explain(text).stdout.splitlines() if line.startswith(" " * 8)]
    return [re.split("  +", line.strip()) for line in lines]


def test_every_number_has_its_class_and_the_reason() -> None:
    """Figures, and what is none."""
    assert numbers(TEXT) == [
        ["0", "date", "2023年", "a year"],
        ["12", "metric", "300件", "a number with a unit"],
        ["22", "ordinal", "3", "第 stands before it"],
        ["27", "name", "四个", "inside a quoted name or slogan"],
    ]


def test_a_figure_is_told_whole() -> None:
    """How much, where, and each field with its rule and its words."""
    lines = explain(TEXT).stdout.splitlines()
    start = lines.index("12      metric     300件            a number with a unit")

    assert [re.split(" +", line.strip(), maxsplit=1) for line in lines[start + 1 : start + 4]] == [
        ["figure", "1"],
        ["value", "300 件"],
        ["in", f"“{TEXT}”"],
    ]
    assert [line.split() for line in lines[start + 4 : start + 12]] == [
        ["indicator", "案件受理", "indicator.own_words", "“全市受理案件”"],
        ["period", "2023", "period.stated", "“2023年”"],
        ["status", "achieved", "status.achieved"],
        ["qualifier", "exact", "qualifier.exact"],
        ["change", "-", "change.no_change"],
        ["measure", "level", "measure.level"],
        ["scope", "全市", "scope.area_in_clause", "“全市”"],
        ["actor", "-", "actor.not_said"],
    ]
    assert [line.split()[0] for line in lines[start + 12 : start + 14]] == ["canonical", "confidence"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023年投入资金12.9万元。", "129000 元"),
        ("2023年培训干部30至50人次。", "30 to 50 人次"),
        ("2023年森林覆盖率62.5%。", "62.5 %"),
    ],
)
def test_the_value_is_the_published_one(text: str, value: str) -> None:
    """Multiplied out, and both ends of a range."""
    assert ["value", value] in fields(text)


@pytest.mark.parametrize(
    "name", ["新时代文明实践志愿服务示范站点", "公共法律服务实体平台标准化建设示范点", "法治文化阵地"]
)
def test_names_are_never_cut(name: str) -> None:
    """A name that is longer than its column pushes the rest on; a line stays one line, however long its words."""
    lines = explain(f"2023年，为进一步{'持续不断地' * 30}改进工作，全市建成{name}12个。").stdout.splitlines()
    told = next(line for line in lines if line.strip().startswith("indicator "))

    assert name in told.split()[1]
    assert "indicator.own_words" in told


@pytest.mark.parametrize(
    ("text", "behind"), [("全市有22个村居完善村规民约。", "村居"), ("印发3份工作提示函。", "工作提示函")]
)
def test_words_behind_the_number_are_among_those_gone_by(text: str, behind: str) -> None:
    """A name made of them could not be understood from the words in front alone."""
    name = next(line for line in fields(text) if line[0] == "indicator")

    assert behind in name[1]
    assert behind in name[3]


def test_words_behind_that_the_name_does_not_have_are_not() -> None:
    """They did not make it."""
    name = next(line for line in fields("全市制定规范性文件61件并公布。") if line[0] == "indicator")

    assert name[3] == "“全市制定规范性文件”"


@pytest.mark.parametrize("text", [TEXT, TABLE, "力争2024年新增就业1万人以上，同比增长5%。"])
def test_each_rule_named_is_told_in_words(text: str) -> None:
    """Once, and with what the page of rules says of it."""
    output = explain(text).stdout
    above, _, below = output.partition("\nThe rules named above")
    named = set(re.findall(r"\b[a-z]+\.[a-z_]+\b", "\n".join(re.findall("^ {8}[a-z]+ .*$", above, re.MULTILINE))))
    told = [line.split(None, 1) for line in below.splitlines() if line.startswith("  ")]
    says = {name: sentence for _, rules in catalogue() for name, sentence in rules}

    known = {name for name in named if name in says}
    assert known
    assert known <= {name for name, _ in told}
    assert len(told) == len({name for name, _ in told})
    assert all(says[name] in sentence for name, sentence in told)


def test_a_cell_that_gave_no_figure_does_not_claim_to_have_been_read() -> None:
    """Headers and cells that could not be read say so, and the warning is printed, too."""
    reasons = {quote: reason for _, _, quote, reason in numbers(TABLE)[1:]}

    assert reasons["1,200"] == "in a table, read by its headers"
    assert {reasons[quote] for quote in ("2022年", "2023年", "35")} == {
        "in a table, and no figure: a header, a label, a code, or a cell not read"
    }
    assert "warning: unread_cell: 35* is a cell of figures, and could not be read" in explain(TABLE).stdout


@pytest.mark.parametrize(
    "text", ["关于法治政府建设的报告\n\n各单位高度重视。", "<html><body><p>各单位。</p></body></html>"]
)
def test_a_report_without_numbers_says_so(text: str) -> None:
    """Rather than nothing at all."""
    assert explain(text).stdout == "warning: no_metrics: this report gives no figure\n"


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xff\xfe\x81" * 40])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    """With the reason on standard error."""
    result = explain(data)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("zhibiao: stdin: stage decode")


def test_traditional_script_is_quoted_as_the_file_has_it() -> None:
    """The place is the file's, the words are those that were read."""
    told = json.loads(explain("2022年，全市調解糾紛120件，辦結98件。", "--json").stdout)

    assert [number["quote"] for number in told] == ["2022年", "120件", "98件"]
    assert [number["figure"] for number in told] == [None, 1, 2]
    assert told[1]["sentence"] == "2022年，全市调解纠纷120件，办结98件。"


def test_programs_get_the_same_as_json() -> None:
    """Every key of every number; those of figures are empty elsewhere."""
    told = json.loads(explain(TEXT, "--json").stdout)

    assert [number["rule"] for number in told] == ["class.date", "class.measured", "class.ordinal", "class.name"]
    assert told[1]["fields"]["period"] == {"value": "2023", "rule": "period.stated", "words": "2023年"}
    assert (told[1]["start"], told[1]["end"], told[1]["quote"]) == (12, 16, "300件")
    assert (told[1]["value"], told[1]["value_high"], told[1]["unit"], told[1]["sentence"]) == ("300", None, "件", TEXT)
    others = [number for number in told if number["kind"] != "metric"]
    assert [(number["fields"], number["value"], number["sentence"]) for number in others] == [({}, None, None)] * 3


@pytest.mark.parametrize(
    ("text", "character", "shown"),
    [
        ("2023年，全市受理案件3\u200b0件。", "\u200b", "\\u200b"),
        ("2023年，全市受理\ue000案件30件。", "\ue000", "\\ue000"),
        ("2023年，全市受理案件3\u20660件。", "\u2066", "\\u2066"),
    ],
    ids=["in-a-quote", "in-a-name", "bidi"],
)
def test_nothing_in_a_report_acts_on_a_terminal(text: str, character: str, shown: str) -> None:
    """What hides or acts is shown as its escape, in quotes, names and sentences."""
    output = explain(text).stdout

    assert character not in output
    assert shown in output


def test_what_is_no_figure_is_told_on_a_line_of_its_own() -> None:
    """There is no value, no sentence and no field of it."""
    lines = explain("落实“四个全面”，位居全省第3。").stdout.splitlines()

    assert [line.split()[1] for line in lines[:2]] == ["name", "ordinal"]
    assert [line for line in lines if line.startswith(" " * 8)] == []


@pytest.mark.parametrize("kind", [FieldWhy(value="1", rule="r", words=""), NumberWhy.model_construct(start=0)])
def test_what_is_told_of_a_number_stays(kind: FieldWhy | NumberWhy) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        kind.rule = "other"
