"""``zhibiao export`` and ``zhibiao extract -o``, as a user calls them."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from exports.filters import Wanted
from schemas.ids import document_id
from zhibiao.cli import main
from zhibiao.commands.export import checked
from zhibiao.commands.extract import read
from zhibiao.wording import speak

ROOT = Path(__file__).parents[3]
TEXT = "{place}2023年法治政府建设年度报告\n2023年，全市共收到行政复议申请{number}件，审结{other}件。\n"


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three reports in folders, and a file that is none."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ZHIBIAO_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "reports"
    for place, number in (("湛江市", 1234), ("长沙市", 905), ("苏州市", 77)):
        file = folder / place / "2023.txt"
        file.parent.mkdir(parents=True)
        file.write_text(TEXT.format(place=place, number=number, other=number - 10), "utf-8")
    (folder / "bad.bin").write_bytes(b"\x7fELF" + bytes(200))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--jobs", "1"])


def table(text: str) -> list[tuple[str, ...]]:
    return [(row["place"], row["year"], row["value"], row["unit"]) for row in csv.DictReader(io.StringIO(text))]


PLANTED = [
    ("湛江市", "2023", "1234", "件"),
    ("湛江市", "2023", "1224", "件"),
    ("苏州市", "2023", "77", "件"),
    ("苏州市", "2023", "67", "件"),
    ("长沙市", "2023", "905", "件"),
    ("长沙市", "2023", "895", "件"),
]


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--kind", "foo", "'foo' is no kind of report; one of rule_of_law, government_work, "),
        ("--period", "20x3", "--period is '20x3'; a time as 2025, 2025H1, "),
    ],
)
def test_what_no_figure_could_ever_meet_is_wrong_usage(option: str, given: str, said: str) -> None:
    """Not an empty table: the figures are not to blame."""
    done = CliRunner().invoke(main, ["export", ".", option, given])

    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_a_kind_may_be_given_as_it_is_printed() -> None:
    assert checked(Wanted(kinds=("rule of law", "审计", "budget"))).kinds == ("rule_of_law", "audit", "budget")


def test_a_folder_of_reports_becomes_a_table() -> None:
    """Every planted value, in the order of the files; what is no report is named and disturbs nothing."""
    result = run("export", "reports")

    assert result.exit_code == 0
    assert sorted(table(result.stdout)) == sorted(PLANTED)
    assert "6 figures of 3 reports" in result.stderr
    assert "not read: bad.bin: " in result.stderr


def test_reports_without_a_wanted_figure_are_not_counted() -> None:
    """The table has none of theirs."""
    assert re.search(r"^\d+ figures of 1 reports", run("export", "reports", "--place", "长沙市").stderr)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("extract", "reports", "-o", "read"), ["3 份报告，写入 read", "4 个文件中有 1 个未能读取："]),
        (("export", "reports"), ["6 个数字，来自 3 份报告\n", "未能读取：bad.bin："]),
        (("export", "reports", "-o", "t.csv"), ["6 个数字，来自 3 份报告，写入 t.csv"]),
        (("export", "reports", "--period", "1999"), ["没有写出表格：6 个数字里没有一个符合：时期“1999”\n"]),
        (
            ("export", "reports", "--period", "1999", "--place", "X"),
            ["没有写出表格：6 个数字里没有一个符合：地区“X”；也没有一个符合：时期“1999”\n"],
        ),
        (
            ("panel", "work_report", "reports", "-o", "p.csv"),
            ["0 格，写入 p.csv", "未采用：湛江市/2023.txt：文种不同：法治政府建设\n"],
        ),
    ],
)
def test_what_came_of_it_is_said_in_chinese(
    arguments: tuple[str, ...], says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To who has a Chinese locale, as for the service."""
    monkeypatch.setenv("ZHIBIAO_LANG", "zh")
    try:
        told = run(*arguments).stderr
    finally:
        speak("en")

    assert [one for one in says if one not in told] == []


def test_read_once_and_make_many_tables(tmp_path: Path) -> None:
    """The reports lie as JSON in the same folders, as they would be filed; a file that cannot be read ends with 1."""
    first = run("extract", "reports", "-o", "read")
    files = sorted(file.relative_to(tmp_path / "read").as_posix() for file in (tmp_path / "read").rglob("*.json"))
    again = run("export", "read", "--place", "长沙市")

    assert (first.exit_code, first.stdout) == (1, "")
    assert "1 of 4 files could not be read:" in first.stderr
    assert files == ["湛江市/2023.txt.json", "苏州市/2023.txt.json", "长沙市/2023.txt.json"]
    assert table(again.stdout) == PLANTED[4:]
    data = (tmp_path / "reports" / "长沙市" / "2023.txt").read_bytes()
    ours = json.loads((tmp_path / "read" / "长沙市" / "2023.txt.json").read_text("utf-8"))
    alone = read(data, "长沙市/2023.txt").model_dump(mode="json")
    assert {**ours, "pipeline": None} == {**alone, "pipeline": None}


@pytest.mark.parametrize("site", ["", "gz", "sz-2"])
def test_reports_have_the_ids_of_their_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    """One file, many files and a table: what the service of that site publishes has the same."""
    monkeypatch.setenv("ZHIBIAO_SITE", site)
    run("extract", "reports/长沙市", "-o", "read")
    one = CliRunner().invoke(main, ["extract", "reports/长沙市/2023.txt"])
    exported = csv.DictReader(io.StringIO(run("export", "reports/长沙市").stdout))

    many = json.loads((tmp_path / "read" / "2023.txt.json").read_text("utf-8"))
    expected = document_id("2023.txt", site)
    assert {json.loads(one.stdout)["id"], many["id"], *(row["id"] for row in exported)} == {expected}


def test_a_file_with_its_json_beside_it_is_not_read_again(tmp_path: Path, reports: Path) -> None:
    """As in the archive of the service: what was published is what is in the table."""
    run("extract", "reports", "-o", "reports")
    (reports / "湛江市" / "2023.txt").write_text("全市共收到行政复议申请1件。", "utf-8")

    result = run("export", "reports", "--place", "湛江市", "-o", "out.csv")

    assert result.exit_code == 0
    assert table((tmp_path / "out.csv").read_text("utf-8-sig")) == PLANTED[:2]


def test_a_reading_beside_a_report_is_neither_read_nor_complained_of(reports: Path) -> None:
    """As in the service's archive."""
    (reports / "湛江市" / "2023.txt.reading.gz").write_bytes(b"\x1f\x8b\x08\x00")

    result = run("export", "reports")

    assert sorted(table(result.stdout)) == sorted(PLANTED)
    assert "reading.gz" not in result.stderr


def test_several_processes_read_the_same(tmp_path: Path) -> None:
    """In the same order."""
    command = [sys.executable, "-m", "zhibiao", "export", "reports", "--jobs", "2"]
    several = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=_environment())

    assert several.stdout == run("export", "reports").stdout


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.sqlite", "out.json", "wide.csv"])
def test_an_empty_table_says_why_and_takes_no_others_place(name: str, tmp_path: Path) -> None:
    """Which condition left nothing; what lay there stays."""
    (tmp_path / name).write_bytes(b"of last week")
    wide = ["--wide"] if name.startswith("wide") else []

    result = run("export", "reports", "--place", "湛江市", "--period", "1999", "-o", name, *wide)

    assert result.exit_code == 1
    assert "no table was written: of 6 figures none has period 1999" in result.stderr
    assert (tmp_path / name).read_bytes() == b"of last week"
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([name, "reports"])


@pytest.mark.parametrize(
    "command",
    [
        ("export", "empty"),
        ("panel", "rule_of_law", "empty", "-o", "p.xlsx"),
        ("codebook", "new", "empty"),
        ("extract", "empty", "-o", "read"),
    ],
)
def test_a_folder_without_reports_is_told(command: tuple[str, ...], tmp_path: Path) -> None:
    """With what would be right, whatever was to be made of it."""
    (tmp_path / "empty").mkdir()

    result = run(*command)

    assert result.exit_code == 1
    assert "empty: no report is there; files in HTML, PDF, DOCX, XLSX, OFD or text would be right" in result.stderr
    assert not (tmp_path / "p.xlsx").exists()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("t.csv", ()),
        ("t.xlsx", ()),
        ("t.json", ()),
        ("t.ndjson", ()),
        ("t.sqlite", ()),
        ("wide.csv", ("--wide",)),
        ("wide.xlsx", ("--wide",)),
    ],
)
def test_a_table_in_the_folder_of_its_reports_is_no_report(name: str, options: tuple[str, ...], reports: Path) -> None:
    """Whatever its format; it is told, and the next table is the same."""
    before = run("export", "reports")
    run("export", "reports", "-o", f"reports/{name}", *options)
    (reports / "documents.csv").write_text("path,place\n", "utf-8")

    after = run("export", "reports")
    extracted = run("extract", "reports", "-o", "read")

    assert after.stdout == before.stdout
    assert (
        f"{name}: a table that zhibiao wrote" in after.stderr or name == "t.json"
    )  # which is no report's JSON, and is said nothing of
    assert "1 of 4 files could not be read" in extracted.stderr


@pytest.mark.parametrize("name", ["p.csv", "p.xlsx"])
def test_a_panel_in_the_folder_of_its_reports_is_no_report(name: str) -> None:
    """Made again, it is the same."""
    before = run("export", "reports").stdout
    assert run("panel", "rule_of_law", "reports", "-o", f"reports/{name}").exit_code == 0

    assert run("export", "reports").stdout == before


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["export", "absent"], 2, "absent: there is no such folder; name one with reports"),
        (["export", "reports", "-o", "table"], 2, "table: the name does not tell the format"),
        (
            ["export", "reports", "--format", "xlsx"],
            2,
            "xlsx is no text for standard output; -o FILE.xlsx would be right",
        ),
        (["export", "reports", "--format", "json", "--wide"], 2, "json is laid long only"),
        (["export", "reports", "-o", "no/such/folder.csv"], 1, "no/such/folder.csv: No such file or directory"),
        (
            ["extract", "reports/湛江市/2023.txt", "reports/长沙市/2023.txt", "-o", "read"],
            2,
            "two files would be written as",
        ),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], status: int, complaint: str, tmp_path: Path) -> None:
    """In one line, and nothing is written."""
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (status, "")
    assert complaint in result.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["reports"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["extract", "reports"], "several files, or a folder, need -o FOLDER"),
        (["extract", "reports", "-o", "read", "--table"], "-o writes reports as JSON"),
        (["export", "--status", "done"], "'done' is not one of"),
    ],
)
def test_wrong_usage(arguments: list[str], complaint: str) -> None:
    """Ends with 2."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert complaint in result.stderr


PAGE = (ROOT / "docs" / "exports.md").read_text("utf-8").partition("## Five lines for your tool")[2]
RECIPES = re.findall(r"^(\S+)\n\n```python\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)


def block(tool: str) -> str:
    """The recipe of the page for a tool."""
    [found] = re.findall(rf"^{tool}\n\n```\w*\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_page_has_a_recipe_of_five_lines_for_each_tool() -> None:
    """Or fewer: none needs more."""
    assert [tool for tool, _ in RECIPES] == ["pandas", "polars", "DuckDB"]
    assert all(tool in PAGE for tool in ("Excel", "R\n", "Datasette"))
    for recipe in (*(recipe for _, recipe in RECIPES), block("R"), block("Datasette")):
        assert len([line for line in recipe.splitlines() if line.strip()]) <= 5


@pytest.mark.parametrize(("tool", "recipe"), RECIPES)
def test_the_recipes_of_the_page_run(tool: str, recipe: str, tmp_path: Path) -> None:
    """On a table that the command wrote."""
    pytest.importorskip(tool.lower())
    run("export", "reports", "-o", f"figures.{'parquet' if 'parquet' in recipe else 'csv'}")

    done = subprocess.run([sys.executable, "-c", recipe], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert "湛江市" in done.stdout or "planned" in recipe


def test_the_recipe_for_excel_holds(tmp_path: Path) -> None:
    """Filters are on, and the sheet of reports leads to the files."""
    run("export", "reports", "-o", "figures.xlsx")
    book = openpyxl.load_workbook(tmp_path / "figures.xlsx")

    assert book["数字"].auto_filter.ref.startswith("A1:")
    assert all(row[0].hyperlink is not None for row in book["报告"].iter_rows(min_row=2))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no R here")
def test_the_recipe_for_r_runs(tmp_path: Path) -> None:
    """It counts the figures of each place and year."""
    run("export", "reports", "-o", "figures.csv")

    command = ["Rscript", "-e", block("R")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert re.search(r"湛江市\s+2023\s+2", done.stdout)


@pytest.mark.skipif(shutil.which("datasette") is None, reason="there is no Datasette here")
def test_the_recipe_for_datasette_runs(tmp_path: Path) -> None:
    """Its two commands as they stand on the page; the second is asked for one answer in place of serving."""
    export_, serve = block("Datasette").splitlines()
    assert run(*export_.split()[1:2], "reports", *export_.split()[2:]).exit_code == 0

    asked = [*serve.split(), "--get", "/figures/figures.json?_shape=array&place=湛江市"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert [row["value"] for row in json.loads(done.stdout)] == ["1234", "1224"]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_documents_csv_says_whose_a_report_is(reports: Path) -> None:
    """In every table, as in a panel; with the code of the place, and a row of no report is told."""
    (reports / "documents.csv").write_text("path,place,year\n湛江市/2023.txt,茂名,2022\n湛江/2023.txt,茂名,\n", "utf-8")

    result = run("export", "reports", "--place", "440900")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))

    assert {(row["place"], row["city"], row["region_code"], row["document_year"]) for row in rows} == {
        ("茂名市", "茂名市", "440900", "2022")
    }
    assert "documents.csv: no report has the path 湛江/2023.txt" in result.stderr


@pytest.mark.parametrize("command", [("export", "reports"), ("panel", "rule_of_law", "reports", "-o", "p.csv")])
def test_a_pattern_that_gives_no_year_is_told(command: tuple[str, ...]) -> None:
    """And no table is written."""
    result = run(*command, "--path-pattern", r"(?P<year>\d\d)\d\d\.txt")

    assert (result.exit_code, Path("p.csv").exists()) == (1, False)
    assert "the pattern gives the year '20'; four digits would be right" in result.stderr
