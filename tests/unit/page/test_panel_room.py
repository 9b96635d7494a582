"""The room Panel shows a codebook's cells with what stands behind each, and writes down what a person says of one."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from exports.folder import Archive
from page.coding.archive import Panels
from page.coding.books import shipped
from page.coding.saying import NotSaid, value_of
from panels.reviews import Reviews
from schemas.report import Report
from schemas.review import Review
from tests.unit.page.conftest import OURS, form_token
from tests.unit.page.made_archive import metric, report

GDP = {"indicator_id": "economy.gdp"}
RATE: dict[str, Any] = {**GDP, "measure": "rate_of_change", "change": "increase"}
JOBS = {"indicator_id": "employment.urban_new"}
CELL = "110000|2023|gdp_growth|achieved"


def province(*figures: Any, place: str = "甲省", code: str = "110000", **more: Any) -> Report:
    return report(*figures, place=place, code=code, province=place, **more)


@pytest.fixture
def page(client_over: Callable[..., TestClient], archive: Callable[..., None]) -> TestClient:
    archive(
        province(
            metric("地区生产总值增长", "5.3", "%", at=5, **RATE),
            metric("地区生产总值增长", "5", "%", "2024", at=25, status="planned", qualifier="about", **RATE),
            metric("地区生产总值", "120000000000", "元", at=45, **GDP),
        ),
        province(
            metric("地区生产总值增长", "4.1", "%", at=5, **RATE),
            metric("经济增长", "4.4", "%", "2021/2023", at=25, confidence=0.4, measure="yearly_mean"),
            metric("城镇新增就业", "7", "人", at=45, **JOBS),
            metric("城镇新增就业", "9", "人", at=65, **JOBS),
            place="乙省",
            code="120000",
        ),
    )
    return client_over()


def squares(text: str) -> dict[str, str]:
    """The text of each cell of the grid, by its name."""
    found = re.findall(r'<a class="(square[^"]*)"[^>]*data-cell="([^"]*)"[^>]*>(.*?)</a>', text, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", inner).split()) for _, name, inner in found}


def say(page: TestClient, cell: str, known: str = "", **said: str) -> Any:
    """Send the form of a cell, as the first of its kind on the page has it; ``known`` is a cell that has forms, CELL without it."""
    address = f"/panel/work_report?{urlencode({'c': cell})}"
    token = form_token(page, f"/panel/work_report?{urlencode({'c': known or CELL})}")
    text = page.get(address).text
    action = said.pop("action")
    fields: dict[str, str] = {}
    for form in re.findall(r'<form method="post"[^>]*class="say.*?</form>', text, re.DOTALL):
        given = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        if given["action"] == action:
            fields = given
            break
    return page.post(address, data={**fields, "action": action, "form_token": token, **said}, headers=OURS)


def held(tmp_path: Path) -> list[tuple[str, str | None, str | None]]:
    return [(one.action, one.series, one.value) for one in Reviews(tmp_path / "state" / "reviews.jsonl").read()]


def test_codebooks_that_come_along_and_ones_own(page: TestClient, tmp_path: Path) -> None:
    """One's own that cannot be used says why."""
    own = tmp_path / "state" / "codebooks"
    own.mkdir()
    (own / "mine.toml").write_text(
        'title = "我的"\n[[series]]\nkey = "g"\ntitle = "增"\nids = ["economy.gdp"]\n', "utf-8"
    )
    (own / "bad.toml").write_text('title = "坏"\n[[series]]\nkey = "g"\ntitle = "增"\nids = ["economy.gpd"]\n', "utf-8")
    text = page.get("/panel").text

    assert "政府工作报告：预期目标与完成情况" in text
    assert 'href="/panel/mine"' in text
    assert "bad.toml, line 5" in text
    assert "甲省" in page.get("/panel/mine").text
    assert "bad.toml, line 5" in page.get("/panel/bad").text
    assert page.get("/panel/none").status_code == 404
    assert page.get("/panel/..%2F..%2Fetc").status_code == 404


def test_cells_say_what_is_stated_and_why_others_are_empty(page: TestClient) -> None:
    """A target with its tone; two values both; a candidate; nothing at all."""
    cells = squares(page.get("/panel/work_report").text)

    assert cells[CELL] == "5.3"
    assert cells["110000|2024|gdp_growth|planned"] == "≈5 软"
    assert cells["110000|2023|gdp|achieved"] == "1,200"
    assert cells["120000|2023|urban_new_jobs|achieved"] == "7 | 9"
    assert cells["120000|2024|gdp_growth|planned"] == "未载明 –"
    assert cells["110000|2023|urban_new_jobs|achieved"] == "未载明 –"


@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        ("zh-Hans", ["文种不同：政府信息公开年报", "文种不明"]),
        ("zh-Hant", ["文種不同：政府資訊公開年報", "文種不明"]),
        ("en", ["of another kind: disclosure report", "its kind is not known"]),
    ],
)
def test_reports_that_are_left_out_say_why_in_the_reader_s_language(
    page: TestClient, archive: Callable[..., None], language: str, reasons: list[str]
) -> None:
    archive(
        report(metric("申请", "3", "件"), kind="disclosure", path="公开.txt"),
        report(metric("路灯", "3", "盏"), kind=None, path="无名.txt"),
    )

    text = page.get(f"/panel/work_report?lang={language}").text.split("panel-left", 1)[1]

    assert [reason for reason in reasons if reason not in text] == []


@pytest.mark.parametrize(("query", "has_blank", "stated"), [("", True, 5), ("?y=2030", False, 0)])
def test_the_legend_has_every_sign_and_says_what_a_blank_is(
    page: TestClient, query: str, stated: int, *, has_blank: bool
) -> None:
    """A cell that no report should state has no square, and looks like none that was not stated."""
    text = page.get(f"/panel/work_report{query}").text

    shape = r'<li class="state-(\w+)"><span class="key" aria-hidden="true">(.?)</span>\S+ <b>(\d+)</b>'
    signs = re.findall(shape, text)
    dashes = sum(cell.endswith("–") for cell in squares(text).values())
    assert [int(count) for _, _, count in signs] == [stated, 0, 0, dashes, 0]
    shown = {state: sign for state, sign, _ in signs}
    assert shown == {"stated": "", "not_found": "?", "other": "≠", "not_stated": "–", "struck": "×"}
    assert bool(re.search(r'<td class="number"></td>', text)) == has_blank
    assert ("空白：没有应载明此项的报告" in text) == has_blank


def test_an_open_cell_has_its_sentence_and_leads_to_the_report(page: TestClient) -> None:
    """The number marked in it."""
    text = page.get(f"/panel/work_report?{urlencode({'c': CELL})}").text
    pane = text.split('id="pane"')[1]

    assert "甲省 · 2023" in pane
    assert "全年地区生产总值增长<mark>5.3%</mark>。" in pane
    assert re.search(r'href="/r/[0-9a-f]{20}/1\?f=1"', pane)
    assert text.count('aria-current="true"') >= 1
    assert re.findall(r'<li><a href="/r/[0-9a-f]{20}">([^<]*)</a> <span class="soft">2023</span>', pane) == ["甲省报告"]


def test_a_place_or_a_year_alone(page: TestClient) -> None:
    """And the files have just that."""
    address = "?p=120000&y=2023"
    cells = squares(page.get(f"/panel/work_report{address}").text)
    rows = list(csv.DictReader(io.StringIO(page.get(f"/panel/work_report.csv{address}").content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(page.get(f"/panel/work_report.xlsx{address}").content))

    assert {tuple(name.split("|")[:2]) for name in cells} == {("120000", "2023")}
    assert {(row["region_code"], row["year"]) for row in rows} == {("120000", "2023")}
    assert len(rows) == len(cells)
    assert [line[:3] for line in book["面板"].iter_rows(min_row=2, values_only=True)] == [("乙省", "120000", "2023")]
    method = {str(line[0]): line[1] for line in book["方法"].iter_rows(values_only=True)}
    assert (method["地区"], method["年份"]) == ("120000", "2023")


def test_a_cell_is_confirmed_corrected_struck_and_taken_back(page: TestClient, tmp_path: Path) -> None:
    """Each is one line of the record, and at once in the panel and its files."""
    assert say(page, CELL, action="confirm").status_code == 303
    assert held(tmp_path) == [("confirm", "gdp_growth", None)]
    assert squares(page.get("/panel/work_report").text)[CELL] == "5.3 ✓"

    answer = say(page, CELL, action="correct", value=" 5．35".replace("．", "."), note="看原件", by="甲")
    assert answer.headers["location"].endswith("#pane")
    assert held(tmp_path) == [("correct", "gdp_growth", "5.35")]
    text = page.get(f"/panel/work_report?{urlencode({'c': CELL})}").text
    assert squares(text)[CELL] == "5.35 ✓"
    assert "看原件" in text
    assert '<input type="hidden" name="by" value="甲">' in text
    rows = csv.DictReader(io.StringIO(page.get("/panel/work_report.csv").content.decode("utf-8-sig")))
    assert [row["value"] for row in rows if (row["region_code"], row["series"]) == ("110000", "gdp_growth")] == [
        "5.35",
        "5",
    ]

    say(page, CELL, action="strike")
    assert squares(page.get("/panel/work_report").text)[CELL] == "已剔除 ×"
    say(page, CELL, action="withdraw", by="乙")
    assert held(tmp_path) == []
    assert squares(page.get("/panel/work_report").text)[CELL] == "5.3"
    lines = (tmp_path / "state" / "reviews.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["confirm", "correct", "strike", "withdraw"]
    last = json.loads(lines[-1])
    assert last["by"] == "乙"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", last["at"])


def test_what_a_review_is_about_comes_from_the_panel(page: TestClient, tmp_path: Path) -> None:
    """A figure that the cell does not have, a number that is none, a cell that is not there: nothing is written."""
    for cell, said in (
        (CELL, {"action": "confirm", "start": "25"}),
        (CELL, {"action": "correct", "value": "五点三"}),
        (CELL, {"action": "correct", "value": "1/0"}),
        (CELL, {"action": "burn"}),
        (CELL, {"action": "withdraw"}),
        (CELL, {"action": "confirm", "start": "x"}),
        ("110000|2023|nothing|achieved", {"action": "confirm", "document": "0", "start": "5", "end": "9"}),
    ):
        answer = say(page, cell, **said)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert not (tmp_path / "state" / "reviews.jsonl").exists()


def test_no_stranger_writes_a_review(page: TestClient, tmp_path: Path) -> None:
    """Without the form's token, or from another site."""
    address = f"/panel/work_report?{urlencode({'c': CELL})}"
    token = form_token(page, address)

    assert page.post(address, data={"action": "confirm"}, headers=OURS).status_code == 403
    foreign = {"origin": "http://elsewhere.example", "sec-fetch-site": "cross-site"}
    assert page.post(address, data={"action": "confirm", "form_token": token}, headers=foreign).status_code == 403
    assert not (tmp_path / "state" / "reviews.jsonl").exists()


def test_a_review_that_nobody_can_be_told_of_is_written_and_said_in_the_log(
    page: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("page.rooms.panel._bell", lambda _service: lambda _review: "Redis is away")
    with capture_logs() as lines:
        assert say(page, CELL, action="confirm").status_code == 303
    assert len(held(tmp_path)) == 1
    assert lines == [
        {
            "event": "nobody could be told of a review, which harms nothing",
            "log_level": "warning",
            "why": "Redis is away",
        }
    ]


def test_a_report_that_comes_later_is_in_the_panel(page: TestClient, archive: Callable[..., None]) -> None:
    """It is made anew when the archive has changed, and kept when nothing has."""
    before = squares(page.get("/panel/work_report").text)
    archive(province(metric("地区生产总值增长", "6", "%", **RATE), place="丙省", code="130000"))
    after = squares(page.get("/panel/work_report").text)

    assert "130000|2023|gdp_growth|achieved" not in before
    assert after["130000|2023|gdp_growth|achieved"] == "6"


def test_a_panel_is_made_once_until_something_has_changed(
    tmp_path: Path, archive: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in the archive, what people say of figures, and what is said of documents; a large archive is not kept."""
    book = shipped()["work_report"]
    read: list[Path] = []

    class Read(Archive):
        def __init__(self, folder: Path) -> None:
            read.append(folder)
            super().__init__(folder)

    monkeypatch.setattr("page.coding.archive.Archive", Read)
    one = province(metric("地区生产总值增长", "5.3", "%", at=5, **RATE))
    archive(one)
    (tmp_path / "state").mkdir()
    panels = Panels(tmp_path / "processed", tmp_path / "state")

    made = [panels.of("a", book), panels.of("a", book)]
    archive(province(metric("地区生产总值增长", "6", "%", **RATE), place="丙省", code="130000"))
    made += [panels.of("a", book), panels.of("a", book)]
    assert (made[0] is made[1], made[1] is made[2], made[2] is made[3], len(read)) == (True, False, True, 2)
    assert [len(one.panel.sources) for one in made] == [1, 1, 2, 2]

    place = one.metrics[0].source
    of = {"series": "gdp_growth", "year": "2023", "status": "achieved", "start": place.start, "end": place.end}
    struck = Review(at="2026-01-05T07:00:00Z", action="strike", document=one.id, quote=place.quote, **of)
    (tmp_path / "state" / "reviews.jsonl").write_text(struck.model_dump_json() + "\n", "utf-8")
    said = panels.of("a", book)
    assert [found.review for found in said.panel.cells.values() if found.review] == [struck]
    (tmp_path / "processed" / "documents.csv").write_text(f"path,place\n{one.source.path},丁省\n", "utf-8")
    assert "丁省" in {found.place for found in panels.of("a", book).panel.cells.values()}
    assert len(read) == 2

    (tmp_path / "processed" / "broken.json").write_text("{", "utf-8")
    monkeypatch.setattr("page.coding.archive.MOST_BYTES", 10)
    assert [one.path for one in panels.of("a", book).unread] == ["broken.json"]
    panels.of("b", book)
    panels.of("a", book)
    assert len(read) == 5


def test_a_record_that_cannot_be_read_is_said(page: TestClient, tmp_path: Path) -> None:
    """With its line."""
    (tmp_path / "state" / "reviews.jsonl").write_text("{}\n", "utf-8")
    answer = page.get("/panel/work_report")

    assert answer.status_code == 422
    assert "reviews.jsonl, line 1" in answer.text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.5"),
        ("１２，３４５", "12345"),
        ("1.2万", "12000"),
        ("3 亿", "300000000"),
        ("−3", "-3"),
        ("2/3", "2/3"),
        ("-2/3", None),
        ("2/3万", None),
        ("5%", None),
        ("", None),
        ("1e5", None),
        ("0.10", "0.1"),
        ("1.5萬億", "1500000000000"),
        *(
            (f"2{power}", "2" + "0" * zeros)
            for power, zeros in (("万", 4), ("萬", 4), ("亿", 8), ("億", 8), ("万亿", 12))
        ),
    ],
)
def test_numbers_as_people_write_them(text: str, value: str | None) -> None:
    """What is none is refused."""
    if value is None:
        with pytest.raises(NotSaid):
            value_of(text)
    else:
        assert value_of(text) == value


def test_a_value_that_is_none_is_told_where_it_was_typed(page: TestClient) -> None:
    """And stays in its field, with the note."""
    text = say(page, CELL, action="correct", value="五点三", note="看原件").text
    form = text.split("say-correct", 1)[1].split("</form>")[0]

    assert (text.count('role="alert"'), 'role="alert"' in form) == (1, True)
    assert 'value="五点三" aria-invalid="true"' in form
    assert 'value="看原件"' in form
