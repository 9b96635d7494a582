"""``zhibiao panel`` and ``zhibiao codebook``, as a user calls them."""

import csv
import io
import json
import os
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from zhibiao.cli import main

REPORT = """{place}政府工作报告
——{next}年1月20日在{place}第十四届人民代表大会第四次会议上
市长 王明
各位代表：
现在，我代表市人民政府，向大会作政府工作报告，请予审议。
一、{year}年工作回顾
{year}年，地区生产总值增长{growth}%，城镇新增就业{jobs}万人。
二、{next}年工作安排
{next}年经济社会发展的主要预期目标是：地区生产总值增长{target}%{tone}，城镇新增就业{goal}万人以上。
"""
PLACES = ("湛江市", "长沙市", "苏州市")
BOOK = """title = "t"
next_year = true
[[series]]
key = "growth"
title = "增长"
ids = ["economy.gdp"]
units = ["%"]
measures = ["rate_of_change"]
statuses = ["achieved", "planned"]
[[series]]
key = "jobs"
title = "城镇新增就业"
ids = ["employment.urban_new"]
units = ["人"]
statuses = ["achieved", "planned"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six work reports of three cities and two years, and a codebook."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ZHIBIAO_")]:
        monkeypatch.delenv(name)
    (tmp_path / "mine.toml").write_text(BOOK, "utf-8")
    for index, place in enumerate(PLACES):
        for year in (2023, 2024):
            file = tmp_path / "reports" / place / f"{year + 1}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            said = {"growth": 5 + index / 10, "jobs": year - 2000 + index, "target": 6 + index / 2, "goal": 30 + index}
            tone = "左右" if year == 2023 else "以上"
            file.write_text(REPORT.format(place=place, year=year, next=year + 1, tone=tone, **said), "utf-8")
    return tmp_path / "reports"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, *(["--jobs", "1"] if arguments[0] == "panel" else [])])


def cells(file: Path) -> dict[tuple[str, ...], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""))
    return {(row["place"], row["year"], row["series"], row["status"]): row for row in rows}


def test_every_planted_value_is_in_its_cell(tmp_path: Path) -> None:
    """With its tone, and what was reached beside what was planned."""
    result = run("panel", "mine.toml", "reports", "-o", "panel.csv")
    found = cells(tmp_path / "panel.csv")

    assert result.exit_code == 0, result.stderr
    assert "3 places, 3 years, 24 cells in panel.csv" in result.stderr
    for index, place in enumerate(PLACES):
        for year, tone in (("2024", "软"), ("2025", "硬")):
            planned = found[place, year, "growth", "目标"]
            assert (float(planned["value"]), planned["tone"], planned["state"]) == (6 + index / 2, tone, "已载明")
            assert float(found[place, year, "jobs", "目标"]["value"]) == (30 + index) * 10_000
        for year in ("2023", "2024"):
            reached = found[place, year, "growth", "实绩"]
            assert float(reached["value"]) == 5 + index / 10
            assert f"增长{5 + index / 10}%" in reached["sentence"]
            assert reached["path"] == f"{place}/{int(year) + 1}.txt"
            assert float(found[place, year, "jobs", "实绩"]["value"]) == (int(year) - 2000 + index) * 10_000


def test_a_workbook_says_the_same_and_every_cell_leads_to_its_line(tmp_path: Path) -> None:
    """The comment has the sentence, the link the line of the list, and the list the figure."""
    run("panel", "mine.toml", "reports", "-o", "panel.csv")
    run("panel", "mine.toml", "reports", "-o", "panel.xlsx")
    listed = cells(tmp_path / "panel.csv")
    book = openpyxl.load_workbook(tmp_path / "panel.xlsx")
    wide, long = book["面板"], book["明细"]

    assert book.sheetnames == ["面板", "明细", "待核", "来源", "方法"]
    assert long.max_row == len(listed) + 1
    checked = 0
    for row in wide.iter_rows(min_row=2):
        for cell in row[3:]:
            if cell.hyperlink is None:
                continue
            line = [found.value for found in long[int(cell.hyperlink.location.rpartition("!A")[2])]]
            entry = listed[line[0], line[2], line[3], line[5]]
            assert (row[0].value, row[2].value) == (line[0], line[2])
            assert str(cell.value) in (entry["value"], entry["state"]) or float(cell.value) == float(entry["value"])
            assert entry["sentence"] in cell.comment.text
            checked += 1
    assert checked == 24
    assert [row[7].value for row in book["来源"].iter_rows(min_row=2)] == ["采用"] * 6
    headings = [cell.value for sheet in book for cell in sheet[1]]
    assert [heading for heading in headings if not any("\u4e00" <= mark <= "\u9fff" for mark in heading)] == ["sha256"]


def test_a_review_is_respected_by_every_later_panel(tmp_path: Path) -> None:
    """From the record in the state folder, or the one that is named."""
    run("panel", "mine.toml", "reports", "-o", "panel.csv")
    cell = cells(tmp_path / "panel.csv")["湛江市", "2024", "growth", "实绩"]
    said = {"at": "2026-01-01", "action": "correct", "value": "5.9", "note": "公报", "by": "w"}
    said |= {"document": cell["id"], "series": "growth", "year": "2024", "status": "achieved", "quote": cell["quote"]}
    said |= {"start": int(cell["start"]), "end": int(cell["end"])}
    (tmp_path / "r.jsonl").write_text(json.dumps(said) + "\n", "utf-8")

    run("panel", "mine.toml", "reports", "-o", "again.csv", "--reviews", "r.jsonl")

    again = cells(tmp_path / "again.csv")["湛江市", "2024", "growth", "实绩"]
    assert (again["value"], again["marks"], again["note"]) == ("5.9", "已人工复核", "更正 w 2026-01-01 公报")


def test_a_review_that_fits_no_figure_is_among_the_doubts(tmp_path: Path) -> None:
    """With what it said, and of which file."""
    run("panel", "mine.toml", "reports", "-o", "panel.csv")
    cell = cells(tmp_path / "panel.csv")["湛江市", "2024", "growth", "实绩"]
    said = {"at": "2026-01-01", "action": "correct", "value": "5.9", "document": cell["id"], "path": cell["path"]}
    said |= {"start": int(cell["start"]), "end": int(cell["end"]), "quote": "5.555%"}
    (tmp_path / "r.jsonl").write_text(json.dumps(said) + "\n", "utf-8")

    result = run("panel", "mine.toml", "reports", "-o", "panel.xlsx", "--reviews", "r.jsonl")

    assert "1 reviews fit no figure any more; the sheet 待核 lists them" in result.stderr
    last = [cell.value for cell in list(openpyxl.load_workbook("panel.xlsx")["待核"].rows)[-1]]
    assert "此复核找不到对应的数字：更正 湛江市/2025.txt 5.555% 5.9" in last


def test_documents_csv_and_paths_say_whose_a_report_is(tmp_path: Path, folder: Path) -> None:
    """A row says more than the pattern."""
    (folder / "documents.csv").write_text("path,place,year\n湛江市/2025.txt,茂名市,2024\n", "utf-8")

    result = run("panel", "mine.toml", "reports", "-o", "panel.csv", "--path-pattern", r"(?P<place>长沙)市/")

    assert result.exit_code == 0, result.stderr
    assert {key[0] for key in cells(tmp_path / "panel.csv")} == {"湛江市", "茂名市", "长沙市", "苏州市"}


def test_a_draft_of_what_recurs_is_a_codebook(tmp_path: Path) -> None:
    """It can be used as it is."""
    drafted = run("codebook", "new", "reports", "--jobs", "1")
    (tmp_path / "draft.toml").write_text(drafted.stdout, "utf-8")
    result = run("panel", "draft.toml", "reports", "-o", "panel.csv")

    assert (drafted.exit_code, result.exit_code) == (0, 0), drafted.stderr + result.stderr
    assert 'ids = ["employment.urban_new"]' in drafted.stdout
    assert {row["value"] for row in cells(tmp_path / "panel.csv").values()} >= {"300000", "310000", "320000"}


def test_a_draft_says_for_which_year_plans_are(tmp_path: Path) -> None:
    """The year after, in work reports; the same year, in reports that give the year's own plan beside what was reached."""
    of_next = run("codebook", "new", "reports", "--jobs", "1").stdout
    for year in (2023, 2024):
        text = f"湛江市{year}年统计工作报告\n{year}年，全市城镇新增就业{year - 2000}万人，{year}年计划城镇新增就业9万人。\n"
        (tmp_path / "same").mkdir(exist_ok=True)
        (tmp_path / "same" / f"{year}.txt").write_text(text, "utf-8")
    of_same = run("codebook", "new", "same", "--jobs", "1").stdout

    assert "next_year = true" in of_next
    assert "next_year = false" in of_same
    assert 'statuses = ["achieved", "planned"]' in of_next


def test_the_codebooks_that_come_along_are_listed() -> None:
    """By the names that the command takes."""
    names = [line.partition(":")[0] for line in run("codebook", "list").stdout.splitlines()]

    assert names == ["disclosure", "rule_of_law", "work_report"]


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (
            ["panel", "absent.toml", "reports", "-o", "p.xlsx"],
            2,
            "absent.toml: No such file or directory; a file, or one of disclosure,",
        ),
        (["panel", "mine.toml", "absent", "-o", "p.xlsx"], 2, "absent: there is no such folder"),
        (
            ["panel", "mine.toml", "reports", "-o", "p.ods"],
            2,
            "p.ods: a name that ends in .xlsx or .csv would be right",
        ),
        (
            ["panel", "bad.toml", "reports", "-o", "p.csv"],
            1,
            "bad.toml, line 6: 'economy.gpd' is no id of the catalogue",
        ),
        (
            ["panel", "mine.toml", "reports", "-o", "p.csv", "--path-pattern", "("],
            2,
            "--path-pattern '(' is no regular expression",
        ),
        (
            ["panel", "mine.toml", "reports", "-o", "p.csv", "--path-pattern", "x"],
            2,
            "--path-pattern names none of place, year",
        ),
        (
            ["panel", "mine.toml", "reports", "-o", "p.csv", "--documents", "d.csv"],
            1,
            "d.csv, line 2: the year is '24'",
        ),
        (["panel", "mine.toml", "reports", "-o", "p.csv", "--reviews", "d.csv"], 1, "d.csv, line 1: it is no review"),
        (["codebook", "new", "absent"], 2, "absent: there is no such folder"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], status: int, complaint: str, tmp_path: Path) -> None:
    """In one line, and nothing is written."""
    (tmp_path / "bad.toml").write_text(BOOK.replace("economy.gdp", "economy.gpd"), "utf-8")
    (tmp_path / "d.csv").write_text("path,year\na.txt,24\n", "utf-8")

    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (status, "")
    assert complaint in result.stderr
    assert not list(tmp_path.glob("p.*")) + list(tmp_path.glob(".zhibiao*"))
