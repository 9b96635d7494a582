"""The room of a report asked without a browser: which revision, from where, in which formats, and what is said where it is not."""

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from page.report.blocks import Line
from page.report.filling import percent
from page.report.room import Room
from page.rooms.report import SHELF, _links
from schemas.reading import Reading
from schemas.report import Report, ReportWarning
from tests.unit.page.made_large import file_away
from tests.unit.page.made_rooms import room_of

FIRST = "某市2023年度法治政府建设工作报告\n\n全市审结行政复议案件1234件，同比增长12.5%。举办培训12场。\n"
SECOND = FIRST.replace("1234", "1254").replace("举办培训12场", "新增人民调解员31人")


def revision(text: str, number: int, path: str = "2023/a.txt") -> tuple[Report, Reading]:
    room = room_of(text, "a.txt")
    source = room.report.source.model_copy(update={"path": path})
    changes = {"revision": number, "supersedes": number - 1 or None}
    return (
        room.report.model_copy(update={**changes, "source": source}),
        room.reading.model_copy(update={"revision": number}),
    )


@pytest.fixture
def filed(client_over: Callable[..., TestClient], tmp_path: Path) -> TestClient:
    """A page over two revisions of a document."""
    SHELF.clear()
    file_away(tmp_path, [revision(FIRST, 1), revision(SECOND, 2)])
    return client_over()


ID = "0" * 20


def test_the_newest_revision_is_shown_and_older_ones_say_so(filed: TestClient) -> None:
    newest, older = filed.get(f"/r/{ID}"), filed.get(f"/r/{ID}/1")

    assert (newest.status_code, older.status_code) == (200, 200)
    assert "1254件" in newest.text
    assert "1234件" not in newest.text
    assert "已有更新的一版" not in newest.text
    assert "1234件" in older.text
    assert "已有更新的一版" in older.text
    assert f'href="/r/{ID}/diff/1..2"' in newest.text


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "html"])
def test_each_revision_is_there_in_each_format(filed: TestClient, ending: str) -> None:
    newest, older = filed.get(f"/r/{ID}.{ending}"), filed.get(f"/r/{ID}/1.{ending}")

    assert (newest.status_code, older.status_code) == (200, 200)
    assert newest.content != older.content
    if ending == "json":
        assert [json.loads(one.text)["revision"] for one in (newest, older)] == [2, 1]


@pytest.mark.parametrize(
    "path",
    [
        f"/r/{'1' * 20}",
        f"/r/{ID}/3",
        f"/r/{ID}/x",
        f"/r/{ID}.exe",
        f"/r/{ID}/1.",
        f"/r/{ID}/1/figure/999",
        f"/r/{ID}/diff/1..3",
        f"/r/{ID}/diff/../..",
        "/r/..%2F..%2Fetc",
    ],
)
def test_what_is_not_there_is_not_found(filed: TestClient, path: str) -> None:
    assert filed.get(path).status_code == (200 if path.endswith("1.") else 404)


@pytest.mark.parametrize("sides", ["1..3", "2..9", "<b>..1"])
def test_readings_that_are_not_there_are_told_from_a_report_that_is_not(filed: TestClient, sides: str) -> None:
    there = filed.get(f"/r/{ID}/diff/{sides}?lang=en").text

    assert f"Report {ID} has no two readings {escape(sides)} to compare." in there
    assert "No report of the id" in filed.get(f"/r/{'9' * 20}/diff/{sides}?lang=en").text


def test_a_report_that_never_was_is_told_from_one_whose_file_is_gone(filed: TestClient, tmp_path: Path) -> None:
    never, gone = f"/r/{'9' * 20}/1?lang=en", f"/r/{ID}/1?lang=en"
    assert filed.get(gone).status_code == 200
    SHELF.clear()
    for file in (tmp_path / "processed").rglob("*.*"):
        file.unlink()

    assert "No report of the id" in filed.get(never).text
    assert "The store knows this report" in filed.get(gone).text


def test_a_report_whose_reading_is_gone_says_so(filed: TestClient, tmp_path: Path) -> None:
    for file in (tmp_path / "processed").rglob("*.reading.gz"):
        file.unlink()

    answer = filed.get(f"/r/{ID}")

    assert answer.status_code == 404
    assert "没有保存阅读记录" in answer.text


def test_a_reading_of_other_bytes_is_none(filed: TestClient, tmp_path: Path) -> None:
    """A file that was cut off and overtaken may leave the reading of another event."""
    held = sorted((tmp_path / "processed").rglob("*.reading.gz"))
    held[0].write_bytes(held[1].read_bytes())  # a.2.txt comes before a.txt

    assert filed.get(f"/r/{ID}/2").status_code == 404
    assert filed.get(f"/r/{ID}/1").status_code == 200


def test_a_file_that_lies_elsewhere_is_found(filed: TestClient, tmp_path: Path) -> None:
    """As one whose name was taken when it was filed."""
    for file in list((tmp_path / "processed" / "2023").iterdir()):
        file.rename(tmp_path / "processed" / file.name.replace("a.txt", "b.2.txt", 1))

    assert "1254件" in filed.get(f"/r/{ID}").text


def test_one_card_is_given_to_the_script(filed: TestClient) -> None:
    answer = filed.get(f"/r/{ID}/2/figure/1?lang=en")

    assert 'data-number="1"' in answer.text
    assert "1254件" in answer.text
    assert "<html" not in answer.text


def test_two_revisions_are_compared(filed: TestClient) -> None:
    answer = filed.get(f"/r/{ID}/diff/1..2?lang=en").text

    assert f'<a href="/r/{ID}/1?f=1#f1">1,234 件</a>' in answer
    assert f'<a href="/r/{ID}/2?f=1#f1">1,254 件</a>' in answer
    assert "人民调解员" in answer
    assert "12<del>3</del><ins>5</ins>4件" in answer


def test_a_revision_that_is_not_there_leads_to_the_newest(filed: TestClient) -> None:
    """The report is there, and is not called unknown."""
    answer = filed.get(f"/r/{ID}/9")

    assert answer.status_code == 404
    assert "这份报告没有这一版" in answer.text
    assert "没有这份报告" not in answer.text
    assert f'<a class="button" href="/r/{ID}">' in answer.text


def test_long_lists_beside_the_text_have_an_end(
    client_over: Callable[..., TestClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a report of millions of characters; the tab has how many there are in all."""
    SHELF.clear()
    report, reading = revision(FIRST, 1)
    warned = tuple(ReportWarning(code="torn_number", message=f"no. {number}") for number in range(3))
    file_away(tmp_path, [(report.model_copy(update={"warnings": warned}), reading)])
    page = client_over()

    assert page.get(f"/r/{ID}?lang=en").text.count("no. ") == 3
    monkeypatch.setattr("page.report.filling.MOST_NOTED", 2)
    text = page.get(f"/r/{ID}?lang=en").text

    assert text.count("no. ") == 2
    assert "The first 2 of 3." in text
    assert 'Warnings <span class="count">3</span>' in text


def test_reports_are_listed_and_found_by_words(filed: TestClient, tmp_path: Path) -> None:
    other = room_of(FIRST.replace("某市", "湛江市"), "b.txt")
    file_away(tmp_path, [(other.report.model_copy(update={"id": "1" * 20}), other.reading)])

    everything = filed.get("/reports").text
    found = filed.get("/reports?q=湛江 法治").text
    nothing = filed.get("/reports?q=没有的词").text

    assert [f"/r/{id_}" in everything for id_ in (ID, "1" * 20)] == [True, True]
    assert [f"/r/{id_}" in found for id_ in (ID, "1" * 20)] == [False, True]
    assert "没有符合条件的报告" in nothing


def test_a_report_without_a_title_is_listed_by_its_file(filed: TestClient, tmp_path: Path) -> None:
    """As the inbox and its own room call it."""
    report, reading = revision("全市审结案件7件。\n", 1, "2022/丁/人口.csv")
    untitled = report.document.model_copy(update={"title": None})
    file_away(tmp_path, [(report.model_copy(update={"id": "2" * 20, "document": untitled}), reading)])

    assert f'<a href="/r/{"2" * 20}">人口.csv</a>' in filed.get("/reports").text


def test_what_is_said_below_a_title_has_no_end_left_open(filed: TestClient, tmp_path: Path) -> None:
    """Kind, path and revision with signs between them, and none where one of them is missing."""
    report, reading = revision("全市审结案件7件。\n", 1, "人口.csv")
    untitled = report.document.model_copy(update={"title": None, "kind": "budget"})
    file_away(tmp_path, [(report.model_copy(update={"id": "2" * 20, "document": untitled}), reading)])

    below = re.findall(r'<span class="small soft path">([^<]*)</span>', filed.get("/reports").text)

    assert below == ["预算报告", "法治政府建设报告 · 2023/a.txt · 第 2 版"]


def test_a_report_without_figures_is_told_in_the_list(filed: TestClient, tmp_path: Path) -> None:
    """Where 0 among other numbers is passed over."""
    report, reading = revision("没有数字的一页。\n", 1, "空.txt")
    file_away(tmp_path, [(report.model_copy(update={"id": "2" * 20, "metrics": ()}), reading)])

    page = filed.get("/reports").text

    assert page.count('<span class="chip warn">没有数字</span>') == 1


def test_a_damaged_report_is_told_from_a_whole_one(filed: TestClient, tmp_path: Path) -> None:
    """In the list of reports and among the latest files, with its figures, and in its own head; a warning of another kind is no damage."""
    report, reading = revision(FIRST, 1, "损.txt")
    lost = ReportWarning(code="decode_damage", message="bytes that are no gb18030", start=0, end=1)
    other = ReportWarning(code="issuer_disagrees", message="two issuers")
    damaged = report.model_copy(update={"id": "2" * 20, "warnings": (other, lost)})
    at_odds = revision(FIRST, 1, "争.txt")[0].model_copy(update={"id": "3" * 20, "warnings": (other,)})
    readings = [reading.model_copy(update={"id": one.id}) for one in (damaged, at_odds)]
    file_away(tmp_path, list(zip((damaged, at_odds), readings, strict=True)))

    sign = re.compile(r'<a class="chip warn" href="/r/(\d{20}).*\?tab=warnings" title="有 1 处读不了">有缺漏 1</a>')

    assert sign.findall(filed.get("/reports").text) == ["2" * 20]
    assert sign.findall(filed.get("/").text) == ["2" * 20]
    share = percent(1 / len(reading.raw))
    assert f"有读不了的地方，可能缺少数字： 1 处，占全文 {share}，见“警告”。" in filed.get(f"/r/{damaged.id}").text
    assert "有读不了的地方" not in filed.get(f"/r/{at_odds.id}").text


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_a_report_is_called_as_it_calls_itself(
    client_over: Callable[..., TestClient], tmp_path: Path, language: str
) -> None:
    """In its own script, in its head and where a figure of it is cited; whatever the page is written in."""
    SHELF.clear()
    room = room_of("澄湖鄉公所113年度施政報告\n\n全鄉辦理調解案件187件。\n", "a.txt")
    file_away(tmp_path, [(room.report, room.reading)])

    text = client_over().get(f"/r/{ID}?f=1&lang={language}").text

    assert "<h1>澄湖鄉公所113年度施政報告</h1>" in text
    assert "《澄湖鄉公所113年度施政報告》" in text


@pytest.mark.parametrize(("language", "is_folded"), [("zh-Hans", True), ("zh-Hant", True), ("en", False)])
def test_a_warning_shows_its_place_and_keeps_its_english_for_who_reads_it(
    client_over: Callable[..., TestClient], tmp_path: Path, language: str, *, is_folded: bool
) -> None:
    SHELF.clear()
    room = room_of("某市2023年财政报告\n\n全市支出1 234.5.6万元，收入3万元。\n", "a.txt")
    warned = ReportWarning(code="unread_number", message="1234.5.6 could not be read", start=15, end=23)
    report = room.report.model_copy(update={"warnings": (warned,)})
    file_away(tmp_path, [(report, room.reading)])

    text = client_over().get(f"/r/{ID}?tab=warnings&lang={language}").text
    listed = text.split('data-sheet="warnings"', 1)[1].split("</ul>", 1)[0]

    assert f"<b>{room.reading.raw[15:23]}</b>" in listed
    assert "1234.5.6 could not be read" in listed
    assert ("<details" in listed) == is_folded


def test_warnings_of_one_place_are_one_line(client_over: Callable[..., TestClient], tmp_path: Path) -> None:
    """With the others behind it; its place is all of theirs, a character of no letter by its number, as in the text."""
    SHELF.clear()
    room = room_of("某市2023年财政报告\n\n全市支出\ue308万元，收入3万元。\n", "a.txt")
    warned = (
        ReportWarning(code="private_use", message="a font's own character", start=15, end=18),
        ReportWarning(code="broken_sentence", message="a character is lost", start=17, end=20),
        ReportWarning(code="torn_number", message="digits in pieces (3 places)", start=20, end=22),
        ReportWarning(code="no_metrics", message="no figures"),
    )
    report = room.report.model_copy(update={"warnings": warned})
    file_away(tmp_path, [(report, room.reading)])

    text = client_over().get(f"/r/{ID}?tab=warnings&lang=en").text
    lines = text.split('data-sheet="warnings"', 1)[1].split("</ul>", 1)[0].split("<li>")[1:]

    assert 'Warnings <span class="count">3</span>' in text
    assert ['data-go="15-20"' in lines[0], 'data-go="20-22"' in lines[1], "data-go" in lines[2]] == [True, True, False]
    assert "[U+E308]" in lines[0]
    assert "1 more warning of this place" in lines[0]
    assert "3 places; this is the first" in lines[1]
    assert "2 places" in text.split("figures may be missing:", 1)[1][:20]


def test_a_service_without_a_store_says_what_makes_one(client: TestClient) -> None:
    assert "还没有数据库" in client.get("/reports").text
    assert client.get(f"/r/{ID}").status_code == 404


@pytest.mark.parametrize(
    ("begin", "anchors"),
    [((0, 1, 2, 3), [0, 1, 2, 3]), ((0, None, 3), [0, 0, 0, 3]), ((1, 2), [1, 1, 2, 2]), ((), [0, 0, 0, 0])],
)
def test_a_section_without_a_line_of_its_own_has_the_anchor_before_it(
    begin: tuple[int | None, ...], anchors: list[int]
) -> None:
    """Or the first that there is."""
    blocks = [Line(number, section=section) for number, section in enumerate(begin)]
    room = SimpleNamespace(blocks=blocks, report=SimpleNamespace(sections=range(4)))

    assert list(Room.anchors.func(room).values()) == anchors


@pytest.mark.parametrize(
    ("revision", "readings", "compared", "newest"),
    [
        (1, [], [], None),
        (1, [(1, "4")], [], None),
        (1, [(1, "5"), (1, "4"), (1, "3")], [("report.rereadings", "1@4..1@5")], None),
        (3, [(4, "5"), (3, "5"), (1, "4"), (2, "4")], [("report.since_last", "2..3"), ("report.differences", "3..4")], "/r/d"),
    ],
)  # fmt: skip
def test_a_report_leads_to_what_it_can_be_held_against(
    revision: int, readings: list[tuple[int, str]], compared: list[tuple[str, str]], newest: str | None
) -> None:
    """The revision before, an older reading of the same, and the newest one."""
    rows = [{"revision": number, "pipeline_version": version} for number, version in readings]
    links = _links("d", revision, rows)

    assert links.compare == tuple((key, f"/r/d/diff/{sides}") for key, sides in compared)
    assert links.newest == newest
    assert links.downloads == tuple(
        (name, f"/r/d/{revision}.{name.lower()}") for name in ("CSV", "XLSX", "JSON", "HTML")
    )


@pytest.mark.parametrize(
    "path", ["2/figure/0", "2/figure/9999", f"2/figure/{'9' * 5000}", "2/figure/x", "9/figure/1", "9/figures"]
)
def test_a_card_that_is_not_there_is_not_found(filed: TestClient, path: str) -> None:
    answer = filed.get(f"/r/{ID}/{path}")

    assert (answer.status_code, answer.content) == (404, b"")
