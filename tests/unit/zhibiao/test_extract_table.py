"""The figures of one file as a table on a terminal: ``zhibiao extract --table``."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from schemas.report import Report
from zhibiao.cli import main

SEED = Path(__file__).parents[3] / "seeds" / "000_d871c5ee7e73f942.txt"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_table_is_for_people() -> None:
    """No JSON, no colour where it is piped, and the figures' heading."""
    result = CliRunner().invoke(main, ["extract", "--table", str(SEED)])

    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "figures\n" in result.stdout


@pytest.mark.parametrize("seed", sorted(SEED.parent.glob("*.txt")), ids=lambda seed: seed.name[:3])
@pytest.mark.parametrize("most", [80, 140])
def test_a_table_fits_the_screen_and_cuts_no_figure(seed: Path, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What, how much, when and how sure of each; the words it was read from where there is room."""
    monkeypatch.setenv("COLUMNS", str(most))

    printed = CliRunner().invoke(main, ["extract", "--table", str(seed)]).stdout.splitlines()
    report = Report.model_validate_json(CliRunner().invoke(main, ["extract", str(seed)]).stdout)

    assert max(map(cell_len, printed)) <= most
    (head,) = [place for place, line in enumerate(printed) if line.split()[:2] == ["#", "indicator"]]
    assert printed[head].split() == [
        "#",
        "indicator",
        "value",
        "unit",
        "period",
        "status",
        "sure",
        *["words"] * (most > 110),
    ]
    assert printed[head].index("#") == len(str(len(report.metrics))) - 1  # no room lost at the edge
    rows = [line.split() for line in printed[head + 1 :]]
    for number, metric in enumerate(report.metrics, 1):
        sure = f"{100 * (metric.confidence or 0):.0f}%"
        assert [
            row
            for row in rows
            if row[:1] == [str(number)] and sure in row and {metric.unit, metric.period or ""} - {""} <= {*row}
        ], metric
    assert ("words" in printed[head]) == (most > 110)


def test_the_table_of_a_report_in_traditional_script_is_printed_whole() -> None:
    """Its names in its own script are an object, and no line of the table."""
    text = "臺灣高雄市政府一百一十二年度法治政府建設報告\n\n2023年，全市共辦結行政複議案件12件。\n"

    result = CliRunner().invoke(main, ["extract", "--table", "-"], input=text.encode())

    assert result.exit_code == 0, result.exception
    assert "original" not in result.stdout
