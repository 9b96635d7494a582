"""``zhibiao review``, as a user calls it."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
import redis
from click.testing import CliRunner, Result

from schemas import names
from zhibiao.cli import main
from zhibiao.commands.review import Figure, _command

TEXT = """湛江市政府工作报告
——2025年1月20日在湛江市第十四届人民代表大会第四次会议上
市长 王明
各位代表：
现在，我代表市人民政府，向大会作政府工作报告，请予审议。
一、2024年工作回顾
2024年，地区生产总值增长5.2%，城镇新增就业7.1万人，好人好事不计其数。
二、2025年工作安排
2025年的主要预期目标是：地区生产总值增长6%左右，城镇新增就业6万人以上。
"""
PATH = "湛江/2025.txt"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one work report, and no service."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ZHIBIAO_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "reports" / PATH
    file.parent.mkdir(parents=True)
    file.write_text(TEXT, "utf-8")
    return tmp_path / "reports"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def review(action: str, *arguments: str, document: str = PATH) -> Result:
    return run("review", action, document, "--folder", "reports", *arguments)


def exported(*arguments: str) -> dict[str, dict[str, str]]:
    result = run("export", "reports", "--jobs", "1", *arguments)
    assert result.exit_code == 0, result.stderr
    return {row["quote"]: row for row in csv.DictReader(io.StringIO(result.stdout))}


def record() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("state/reviews.jsonl").read_text("utf-8").splitlines()]


def cell_of_panel(series: str, year: str, status: str) -> dict[str, str]:
    run("panel", "work_report", "reports", "-o", "p.csv", "--jobs", "1")
    rows = csv.DictReader(io.StringIO(Path("p.csv").read_text("utf-8-sig"), newline=""))
    [row] = [row for row in rows if (row["series"], row["year"], row["status"]) == (series, year, status)]
    return row


def test_a_figure_is_reviewed_by_number_place_and_cell(folder: Path) -> None:
    """Under the path below the folder, the file's own path, or the id."""
    document = exported()["5.2%"]["id"]
    for done in (
        review("confirm", "--cell", "gdp_growth", "2024", "achieved", "--by", "wang"),
        review("correct", "--figure", "2", "--value", "72000", "--note", "公报", document=document),
        review("strike", "--at", "{start}:{end}".format(**exported()["6%"]), document=f"reports/{PATH}"),
    ):
        assert done.exit_code == 0, done.stderr

    found = exported()
    assert list(found) == ["5.2%", "7.1万人", "6万人"]
    told = [
        (row["value"], row["review"], row["read_value"], row["review_note"], row["reviewed_by"])
        for row in found.values()
    ]
    assert told == [
        ("5.2", "confirmed", "", "", "wang"),
        ("72000", "corrected", "71000", "公报", ""),
        ("60000", *[""] * 4),
    ]
    assert cell_of_panel("urban_new_jobs", "2024", "实绩")["value"] == "72000"
    assert cell_of_panel("gdp_growth", "2025", "目标")["state"] == "已剔除"
    assert exported("--with-struck")["6%"]["review"] == "struck"


@pytest.mark.parametrize("where", [("--quote", "不计其数"), ("--at", "{at}:{end}")])
def test_a_figure_that_was_not_read_is_added(where: tuple[str, str]) -> None:
    """With the sentence it stands in, from the file."""
    at = TEXT.index("不计其数")
    done = review(
        "add",
        where[0],
        where[1].format(at=at, end=at + 4),
        "--value",
        "99",
        "--unit",
        "件",
        "--indicator",
        "好事",
        "--period",
        "2024",
    )

    assert done.exit_code == 0, done.stderr
    row = exported()["不计其数"]
    assert (row["value"], row["unit"], row["year"], row["review"]) == ("99", "件", "2024", "added")
    assert row["sentence"] == TEXT.splitlines()[6]


def test_a_figure_is_added_to_a_report_of_the_archive_from_its_reading(tmp_path: Path) -> None:
    """The reading beside the JSON has the text; without it and without the file nobody does."""
    from worker.pipeline import read
    from worker.report_writer import Origin
    from worker.tools import load_tools

    data = TEXT.encode()
    found = read(data, Origin("0" * 20, "2025.txt", PATH, "0" * 64), load_tools(), lambda: 0.0)
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "2025.txt.json").write_text(found.report.model_dump_json(), "utf-8")
    call = ("review", "add", PATH, "--folder", "archive", "--quote", "不计其数", "--value", "9", "--indicator", "好事")

    without = run(*call)
    (tmp_path / "archive" / "2025.txt.reading.gz").write_bytes(found.reading.packed())
    done = run(*call)

    assert (without.exit_code, done.exit_code) == (1, 0), done.stderr
    assert "neither its file nor its reading" in without.stderr
    assert record()[0]["start"] == TEXT.index("不计其数")


def test_reviews_are_listed_and_taken_back() -> None:
    """By the line that they stand in; without one the last."""
    for number in ("1", "2", "3"):
        review("strike", "--figure", number)
    listed = run("review", "list")
    assert [line.split(":")[0] for line in listed.stdout.splitlines()] == ["1", "2", "3"]

    review("correct", "--figure", "4", "--status", "planned", "--change", "decrease")
    assert "change=decrease status=planned" in run("review", "list").stdout
    assert run("review", "undo", "4").exit_code == 0

    assert run("review", "undo", "2").exit_code == 0
    assert run("review", "undo").exit_code == 0
    rows = json.loads(run("review", "list", "--json").stdout)["reviews"]

    assert [(row["line"], row["quote"]) for row in rows] == [(1, "5.2%")]
    assert None not in rows[0].values()
    assert run("review", "undo", "2").exit_code == 2
    assert run("review", "undo").exit_code == 0
    assert "nothing is there to take back" in run("review", "undo").stderr
    assert len(exported()) == 4


def test_orphans_are_listed_with_their_reason(folder: Path) -> None:
    """A figure that is gone, a document that is gone, a series that no codebook knows."""
    review("strike", "--figure", "1")
    review("confirm", "--figure", "2", "--cell", "wages", "2024", "achieved")
    other = folder / "b.txt"
    other.write_text(TEXT.replace("湛江市", "茂名市"), "utf-8")
    review("strike", "--figure", "1", document="b.txt")
    assert run("review", "list", "--orphans", "--folder", "reports").stdout.splitlines()[0].startswith("2: ")

    other.unlink()
    (folder / PATH).write_text(TEXT.replace("增长5.2%", "增长5.3%"), "utf-8")
    counted = run("review", "list", "--folder", "reports")
    assert (len(counted.stdout.splitlines()), counted.stderr.splitlines()) == (
        3,
        ["0 reviews hold", "3 fit nothing any more; --orphans says why"],
    )
    lines = run("review", "list", "--orphans", "--folder", "reports").stdout.splitlines()

    assert [line.split(" -- ")[1] for line in lines] == [
        "its figure is not there any more",
        "no codebook that comes along has the series wages; one of your own may",
        "its document is not below reports",
    ]
    (folder / PATH).write_text(TEXT.replace("湛江市", "茂名市"), "utf-8")
    [renamed, *_] = run("review", "list", "--orphans", "--folder", "reports").stdout.splitlines()
    assert "its document is now called 茂名市" in renamed
    (folder / PATH).write_text(TEXT.replace("增长5.2%", "增长5.3%"), "utf-8")
    result = run("export", "reports", "--jobs", "1")
    assert "1 reviews fit no figure any more; zhibiao review list --orphans shows them" in result.stderr
    assert "1 reviews are of documents that are not here" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (("confirm", "--figure", "9"), 2, "has 4 figures; a number from 1 to 4 would be right"),
        (("confirm", "--at", "1:3"), 1, "no figure stands at 1:3"),
        (("confirm",), 2, "which figure? give --at START:END, --figure NUMBER or --cell"),
        (("confirm", "--at", "5"), 2, "'5' is no place"),
        (("confirm", "--at", "5:5"), 2, "'5:5' is no place"),
        (
            ("confirm", "--cell", "wages", "2024", "achieved"),
            2,
            "no codebook that comes along has it; --codebook names yours",
        ),
        (
            ("confirm", "--cell", "grain_output", "2024", "achieved"),
            1,
            "no figure stands in grain_output 2024 achieved",
        ),
        (("correct", "--figure", "1"), 2, "correct comes with what is right"),
        (("correct", "--figure", "1", "--value", "viele"), 2, "value is 'viele'; a plain decimal, as 12800"),
        (
            ("correct", "--figure", "1", "--value", "5", "--period", "今年"),
            2,
            "period is '今年'; a time as 2025, 2025H1",
        ),
        (("correct", "--figure", "2", "--value", "7.2", "--unit", "万人"), 2, "the unit of a figure is without 万"),
        (("confirm", "--figure", "2", "--cell", "urban_new_jobs", "24", "achieved"), 2, "year is '24'; four digits"),
        (("add", "--quote", "城镇", "--value", "5", "--indicator", "x"), 2, "stands 2 times in the text"),
        (
            ("add", "--quote", "增长5.2%", "--value", "5", "--indicator", "x"),
            1,
            "5.2% was read; zhibiao review correct",
        ),
        (("add", "--at", "90000:90001", "--value", "5", "--indicator", "x"), 1, "nothing stands at 90000:90001"),
        (("add", "--value", "5", "--indicator", "x"), 2, "where does it stand?"),
        (("add", "--quote", "不计其数", "--value", "5"), 2, "add comes with a quote, a value and an indicator"),
    ],
)
def test_what_cannot_be_said_is_told_and_not_written(arguments: tuple[str, ...], status: int, complaint: str) -> None:
    """With what would be right."""
    result = review(*arguments)

    assert (result.exit_code, complaint in result.stderr) == (status, True), result.stderr
    assert not Path("state/reviews.jsonl").exists()


def test_a_candidate_goes_into_its_cell_by_the_command_that_is_offered(folder: Path) -> None:
    """The refusal has it whole, to be copied."""
    at = TEXT.index("5.2%")
    cell = ("--cell", "grain_output", "2024", "achieved")
    row = {"start": at, "end": at + 4}
    told = _command("confirm", Figure("a b.txt", Path("reports"), cell=("grain_output", "2024", "achieved")), row)

    assert told == f"zhibiao review confirm 'a b.txt' --at {at}:{at + 4} {' '.join(cell)} --folder reports"
    done = review("confirm", "--at", f"{at}:{at + 4}", *cell)
    assert done.exit_code == 0, done.stderr


def test_what_a_report_of_unknown_kind_has_is_a_candidate(folder: Path) -> None:
    """With the command that puts it there."""
    (folder / "c.txt").write_text("石桥县2024年发展概要\n2024年，全县城镇新增就业3100人。\n", "utf-8")
    told = review("confirm", "--cell", "urban_new_jobs", "2024", "achieved", document="c.txt")

    assert (told.exit_code, "(3100人); this puts it there: zhibiao review confirm c.txt" in told.stderr) == (1, True)


def test_a_review_says_what_was_read_there() -> None:
    """A number typed wrong is seen at once."""
    done = review("strike", "--figure", "2")

    assert "it was read as: 城镇新增就业 71000 人, 湛江市" in done.stderr


def test_a_document_that_is_not_there_is_told() -> None:
    """And what it may be called."""
    result = review("confirm", "--figure", "1", document="2025.txt")

    assert result.exit_code == 2
    assert "2025.txt: no such report below reports; its path below that folder, its id" in result.stderr


def test_a_review_stands_though_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis is away: that is said, and harms nothing."""
    monkeypatch.setenv("ZHIBIAO_REDIS_URL", "unix:///nowhere/redis.sock")
    done = review("confirm", "--figure", "1")

    assert done.exit_code == 0
    assert "nobody could be told, which harms nothing: " in done.stderr
    assert len(record()) == 1


def test_reviews_outlive_a_loss_of_redis(
    monkeypatch: pytest.MonkeyPatch, redis_url: str, redis_client: redis.Redis
) -> None:
    """The bell has rung, and what it said is lost; the record is a file."""
    monkeypatch.setenv("ZHIBIAO_REDIS_URL", redis_url)
    done = review("correct", "--figure", "1", "--value", "5.3")
    told = redis_client.xlen(names.DEFAULT.reviews_stream)
    redis_client.flushall()

    assert (told, "could not be told" in done.stderr) == (1, False)
    assert exported()["5.2%"]["value"] == "5.3"


def test_reviews_outlive_a_revision_and_follow_the_file_to_another_folder(folder: Path, tmp_path: Path) -> None:
    """The text has grown above them, another number of the sentence was corrected; the file lies under another path."""
    review("correct", "--figure", "2", "--value", "72000")
    review("strike", "--figure", "4")
    review("confirm", "--figure", "1")
    kept = {"7.1万人": "corrected", "6万人": "struck", "5.2%": "confirmed"}
    assert {quote: row["review"] for quote, row in exported("--with-struck").items() if row["review"]} == kept

    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "copy.txt").write_text(TEXT, "utf-8")
    moved = run("export", "elsewhere", "--jobs", "1", "--with-struck")
    rows = csv.DictReader(io.StringIO(moved.stdout))
    assert {row["quote"]: row["review"] for row in rows if row["review"]} == kept

    head, _, rest = TEXT.replace("增长5.2%", "增长5.3%").partition("各位代表：")
    (folder / PATH).write_text(f"{head}（本报告已作修订，以此为准。）\n各位代表：{rest}", "utf-8")
    del kept["5.2%"]
    assert {quote: row["review"] for quote, row in exported("--with-struck").items() if row["review"]} == kept
