"""No figure is read otherwise, and no word of a data file is gone, without somebody having meant it: ``make golden``."""

import os
from pathlib import Path

import pytest

from benchmarks import golden, words
from benchmarks.annotated import Annotated


def kept(path: Path) -> list[str]:
    """Its lines; what damage has left in one may look like the end of a line elsewhere."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


@pytest.mark.parametrize("annotated", list(golden.reports()), ids=lambda one: f"{one.group} {one.name}")
def test_every_figure_is_read_as_before(annotated: Annotated) -> None:
    assert golden.figures(annotated) == kept(golden.figures_file(annotated))


@pytest.mark.parametrize("name", golden.READ_CASES)
def test_every_figure_of_the_cases_is_read_as_before(name: str) -> None:
    """In all its fields: a row of a file of cases looks at those that it is about."""
    assert golden.figures_of_cases(name) == kept(golden.cases_file(name))


@pytest.mark.skipif("ZHIBIAO_REPORTS" not in os.environ, reason="ZHIBIAO_REPORTS names no folder of reports")
def test_every_report_of_others_is_read_as_before() -> None:
    """By hashes; a report that is another file than the one kept, or not there, is left out."""
    found = golden.others(Path(os.environ["ZHIBIAO_REPORTS"]))
    known = [line.split(" ") for line in kept(golden.OTHERS)]
    same = [line for line in known if line[0] in found and found[line[0]].split(" ")[1] == line[1]]

    assert same
    assert [" ".join(line) for line in same] == [found[line[0]] for line in same]


@pytest.mark.parametrize("table", golden.tables())
def test_every_word_is_still_there(table: str) -> None:
    assert golden.words(table) == kept(golden.words_file(table))


def test_nothing_is_kept_of_what_is_not_there() -> None:
    """A file that no report and no table makes would never be compared."""
    made = {*map(golden.figures_file, golden.reports()), *map(golden.words_file, golden.tables())}
    made |= {*map(golden.cases_file, golden.READ_CASES), *map(golden.sentences_file, words.tables())}

    assert {path for folder in ("figures", "words", "sentences") for path in golden.GOLDEN.glob(f"{folder}/*")} == made
