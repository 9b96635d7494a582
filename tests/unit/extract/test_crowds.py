"""Figures without words are a table that lost its form, or no report; none of them is read."""

from schemas.report import Document, ReportWarning
from worker.draft import Draft
from worker.edits import Text
from worker.extract.kinds.crowds import CROWD
from worker.report_writer import metrics_of
from worker.stages.extract import extract
from worker.tools import load_tools

SENTENCE = "\n全市共调解纠纷513件。"


def draft(text: str) -> Draft:
    return Draft(text.encode(), "report.txt", text=Text.of(text), document=Document(period="2023"))


def test_a_crowd_is_one_warning_and_no_figure() -> None:
    """The sentence behind it is read as ever."""
    crowd = "12个、" * CROWD
    read = extract(draft(crowd + SENTENCE), load_tools())
    assert [(metric.indicator, metric.value) for metric in metrics_of(read)] == [("调解纠纷", "513")]
    assert read.warnings == (
        ReportWarning(
            code="crowded_figures",
            message="100 numbers with hardly a word between them; none of them was read as a figure",
            start=0,
            end=len(crowd) - 1,
        ),
    )


def test_each_crowd_has_its_warning() -> None:
    """A sentence parts two."""
    crowd = "12个、" * (CROWD + 1)
    gap = "。全市调解纠纷513件，都已办结。"
    read = extract(draft(crowd + gap + crowd), load_tools())
    assert [metric.value for metric in metrics_of(read)] == ["513"]
    assert [(warning.start, warning.end) for warning in read.warnings] == [
        (0, len(crowd) - 1),
        (len(crowd + gap), len(crowd + gap + crowd) - 1),
    ]


def test_one_less_is_no_crowd() -> None:
    """A long list is read."""
    read = extract(draft("12个、" * (CROWD - 1)), load_tools())
    assert len(metrics_of(read)) == CROWD - 1
    assert [warning.code for warning in read.warnings] == ["unnamed_figure"]


def test_words_make_it_a_list() -> None:
    """So many figures, each with its name, are read."""
    read = extract(draft("".join(f"第{place}村有12个，" for place in range(CROWD))), load_tools())
    assert (len(metrics_of(read)), read.warnings) == (CROWD, ())


def test_the_class_says_why() -> None:
    """As for every other number."""
    verdicts = {number.reason for number in extract(draft("12个、" * CROWD), load_tools()).numbers}
    assert verdicts == {"in a crowd of numbers with hardly a word between them"}
