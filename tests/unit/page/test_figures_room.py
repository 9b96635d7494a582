"""The room Figures shows what is asked for, says what left nothing, and gives all of it along as a file."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from exports.columns import NAMES
from page.rooms.figures import facets_of
from page.shown.figures import sentence_parts
from page.shown.finding import Search
from page.wording import of
from store.views import Asked, Count
from tests.unit.page.made_archive import client, metric, report


@pytest.fixture
def page(tmp_path: Path) -> TestClient:
    return client(
        tmp_path,
        report(
            metric("行政复议收到", "12", "件"),
            metric("行政复议审结", "9", "件", confidence=0.5),
            metric("就业", "5", "万人", "2024", status="planned"),
        ),
        report(metric("行政复议收到", "30", "件"), place="乙县", code="110121", kind="rule_of_law"),
    )


def values(text: str) -> list[str]:
    return re.findall(r'class="figure-value"><b>([^<]*)</b>', text)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["30", "5", "9", "12"]),
        ("q=行政复议", ["30", "9", "12"]),
        ("q=行政復議", ["30", "9", "12"]),
        ("q=政复&place=甲市", ["9", "12"]),
        ("place=甲市&place=乙县&q=收到", ["30", "12"]),
        ("status=planned", ["5"]),
        ("q=复议&confidence=0.8", ["30", "12"]),
        ("kind=rule_of_law&year=2023", ["30"]),
    ],
)
def test_what_is_asked_for_is_shown(asked: str, found: list[str], page: TestClient) -> None:
    """All of the conditions together; of several values of one field any."""
    answer = page.get(f"/figures?{asked}")

    assert answer.status_code == 200
    assert values(answer.text) == found
    assert f"{len(found)} 个数字" in answer.text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", {}),
        ("q=行政复议", {"q": "行政复议"}),
        ("place=甲市&place=乙县&q=收到", {"q": "收到", "place": "乙县 | 甲市"}),
        ("confidence=0.8", {"confidence": "≥ 0.8"}),
    ],
)
def test_files_have_the_rows_of_the_screen(asked: str, told: dict[str, str], page: TestClient) -> None:
    """In their order, with all columns of an export; the numbers as the report has them. A workbook says what was asked for."""
    shown = values(page.get(f"/figures?{asked}").text)

    rows = list(csv.DictReader(io.StringIO(page.get(f"/figures.csv?{asked}").content.decode("utf-8-sig"))))
    objects = page.get(f"/figures.json?{asked}").json()
    book = openpyxl.load_workbook(io.BytesIO(page.get(f"/figures.xlsx?{asked}").content))
    lines = list(book["数字"].iter_rows(min_row=2, values_only=True))

    assert [row["value"] for row in rows] == shown
    assert [row["value"] for row in objects] == shown
    assert [str(line[NAMES.index("value")]) for line in lines] == shown
    assert dict(book["说明"].iter_rows(min_row=3, values_only=True)) == {**told, "figures": str(len(shown))}
    assert {row["sentence"] for row in rows} == {row["sentence"] for row in objects}


def test_more_than_a_page_goes_on_and_the_file_has_all(tmp_path: Path) -> None:
    """The address of the next page has the conditions, too."""
    page = client(tmp_path, report(*(metric(f"事项{at}", str(at), "件", at=at * 10) for at in range(120))))
    seen: list[str] = []
    address = "/figures?unit=件"
    while address:
        text = page.get(address).text
        seen += values(text)
        following = re.search(r'rel="next" href="([^"]*)"', text)
        address = following[1].replace("&amp;", "&") if following else ""

    assert seen == [str(at) for at in range(119, -1, -1)]
    assert [row["value"] for row in page.get("/figures.json?unit=件").json()] == seen


def test_nothing_says_which_condition_did_it(page: TestClient) -> None:
    """With how many figures there would be without each, as links."""
    text = page.get("/figures?q=行政复议&place=甲市&status=planned").text

    assert values(text) == []
    lines = re.findall(r'<li><a href="([^"]*)">([^<]*)</a> <span class="soft">([^<]*)</span>', text)
    assert [(said, count) for _, said, count in lines] == [
        ("去掉搜索词“行政复议”", "1 个数字"),
        ("去掉状态“目标”", "2 个数字"),
        ("去掉地区“甲市”", "0 个数字"),
    ]
    assert values(page.get(lines[0][0].replace("&amp;", "&")).text) == ["5"]
    assert "/figures.csv" not in text


def test_a_facet_counts_and_its_other_values_can_be_chosen(page: TestClient) -> None:
    """A value that is chosen is let go by its link."""
    text = page.get("/figures?place=甲市").text
    choices = {
        name: (url.replace("&amp;", "&"), count)
        for url, name, count in re.findall(
            r'<li><a href="([^"]*)"[^>]*><span>([^<]*)</span><span class="number">([^<]*)</span>', text
        )
    }

    assert choices["甲市"][1] == "3"
    assert choices["乙县"][1] == "1"
    assert choices["目标"][1] == "1"
    assert values(page.get(choices["甲市"][0]).text) == ["30", "5", "9", "12"]
    assert values(page.get(choices["乙县"][0]).text) == ["30", "5", "9", "12"]
    assert values(page.get(choices["目标"][0]).text) == ["5"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202e反\x1b[31m"])
def test_words_of_strangers_are_text(hostile: str, tmp_path: Path) -> None:
    """In names, sentences, titles and in what is asked for."""
    page = client(tmp_path, report(metric(hostile, "7", "件", quote="7"), title=hostile, place=hostile, code=None))

    for asked in ({}, {"q": hostile}, {"place": hostile, "year": "1900"}, {"place": hostile}):
        text = page.get("/figures", params=asked).text
        seen = re.sub(r'<input type="hidden"[^<>]*>', "", text)
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "\u202e" not in seen
        assert "\x1b" not in seen


def test_numbers_that_are_part_of_others_are_not_marked() -> None:
    """Where the number stands twice nobody knows which is meant."""
    assert sentence_parts("收到5件，审结15件。", "15件") == ("收到5件，审结", "15件", "。")
    assert sentence_parts("增长1.5%，降5%。", "5%") == ("增长1.5%，降", "5%", "。")
    assert sentence_parts("收到5件，审结5件。", "5件") == ("收到5件，审结5件。", "", "")
    assert sentence_parts("收费0元，共2024笔", "0 元") == ("收费", "0元", "，共2024笔")


def test_each_of_two_equal_numbers_is_marked_at_its_own_place(tmp_path: Path) -> None:
    """Where one of them is no figure nobody knows, and none is."""
    said = {"sentence": "收到5件，审结5件。"}
    other = {"sentence": "立案7件，结案7件。"}
    page = client(
        tmp_path,
        report(metric("收到", "5", "件", at=2, **said), metric("审结", "5", "件", at=7, **said)),
        report(metric("立案", "7", "件", at=2, **other), place="乙市", code="110200"),
    )
    sentences = re.findall(r'figure-sentence">(.*?)</span>', page.get("/figures").text)

    assert sentences == ["立案7件，结案7件。", "收到5件，审结<mark>5件</mark>。", "收到<mark>5件</mark>，审结5件。"]


def test_without_a_store_it_says_what_helps(tmp_path: Path) -> None:
    """In the language that is asked for."""
    page = client(tmp_path, report())
    (tmp_path / "state" / "store.sqlite").unlink()
    answer = page.get("/figures?lang=en")

    assert answer.status_code == 503
    assert "zhibiao store rebuild" in answer.text
    assert "There is no store of figures yet." in answer.text


def test_formulas_of_strangers_are_no_formulas(tmp_path: Path) -> None:
    """In CSV an apostrophe stands before them, in a workbook they are text."""
    page = client(tmp_path, report(metric("=1+1", "7", "件")))

    assert "'=1+1" in page.get("/figures.csv").text
    book = openpyxl.load_workbook(io.BytesIO(page.get("/figures.xlsx").content))
    cell = book["数字"].cell(2, NAMES.index("indicator") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert json.loads(page.get("/figures.json").text)[0]["indicator"] == "=1+1"


def test_who_asks_for_nothing_is_shown_what_there_is_to_ask_for(page: TestClient) -> None:
    """Frequent places and years first, then what was read last, under its name; who asks is shown what is found."""
    text = page.get("/figures", params={"lang": "en"}).text
    start = text.partition('class="figures-start"')[2].partition("</div>")[0]

    for field, value in (("place", "甲市"), ("place", "乙县"), ("year", "2024")):
        (url,) = re.findall(rf'<a class="chip" href="([^"]*)">{value}</a>', start)
        assert url == f"/figures?{urlencode({field: value})}"
    assert text.index("figures-start") < text.index("The figures that were read last") < text.index("figure-value")
    for asked in ("place=甲市", "q=行政复议", "before=3"):
        assert "figures-start" not in page.get(f"/figures?{asked}").text


@pytest.mark.parametrize(("most", "status"), [(4, 200), (3, 413)])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_more_than_a_file_may_have_is_said_with_the_way_back(
    page: TestClient, monkeypatch: pytest.MonkeyPatch, kind: str, most: int, status: int
) -> None:
    """As many as that are given."""
    monkeypatch.setattr("page.rooms.figures.MOST", most)
    told = page.get(f"/figures.{kind}")

    assert told.status_code == status
    if status == 413:
        assert 'href="/figures"' in told.text
        assert f"{most}" in re.sub("<[^<>]*>", "", told.text)


@pytest.mark.parametrize(
    ("asked", "most", "count"), [("", 4, "4"), ("", 3, "4"), ("q=行政复议", 4, "3"), ("q=行政复议", 3, "3+")]
)
def test_only_a_search_is_counted_no_further_than_the_most(
    page: TestClient, monkeypatch: pytest.MonkeyPatch, asked: str, most: int, count: str
) -> None:
    monkeypatch.setattr("page.rooms.figures._MOST_COUNTED", most)
    told = re.search(r'class="found-count"[^>]*>[^<]*?([0-9+]+)', page.get(f"/figures?{asked}").text)

    assert told
    assert told[1] == count


def test_a_value_that_is_asked_for_stands_first_in_its_facet_and_once() -> None:
    """With 0 where no figure has it; six are seen at once, and a facet without values is none."""
    asked = Search(Asked.of(place=["庚市", "丁市"]))
    counts = {"place": [Count(f"{name}市", 1000 * at) for at, name in enumerate("甲乙丙戊己庚", 1)], "unit": []}
    (facet,) = facets_of(counts, asked, of("zh-Hans"))

    assert facet.name == "place"
    assert [(one.text, one.figures, one.is_chosen) for one in facet.seen] == [
        ("丁市", "0", True), ("庚市", "6,000", True), ("甲市", "1,000", False), ("乙市", "2,000", False),
        ("丙市", "3,000", False), ("戊市", "4,000", False),
    ]  # fmt: skip
    assert [(one.text, one.url) for one in (facet.seen[0], facet.seen[2], *facet.rest)] == [
        ("丁市", f"/figures?{urlencode({'place': '庚市'})}"),
        *(
            (name, f"/figures?{urlencode([('place', place) for place in sorted(['丁市', '庚市', name])])}")
            for name in ("甲市", "己市")
        ),
    ]


def test_one_condition_comes_or_goes_and_the_others_stay() -> None:
    """Each has a link that lets go of it alone; only the one threshold of the page is any."""
    search = Search.of(QueryParams("q=复议&place=甲市&place=乙市&confidence=0.8"))
    words, first, second, sure = ("q", "复议"), ("place", "乙市"), ("place", "甲市"), ("confidence", "0.8")

    def url(*pairs: tuple[str, str]) -> str:
        return f"/figures?{urlencode(pairs)}"

    assert search.url() == url(words, first, second, sure)
    assert [(one.field, one.value, one.without) for one in search.conditions()] == [
        ("q", "复议", url(first, second, sure)), ("place", "乙市", url(words, second, sure)),
        ("place", "甲市", url(words, first, sure)), ("confidence", "≥ 0.8", url(words, first, second)),
    ]  # fmt: skip
    assert search.toggled("place", "甲市") == url(words, first, sure)
    assert search.toggled("year", "2023") == url(words, first, second, ("year", "2023"), sure)
    assert search.surer() == url(words, first, second)
    assert Search.of(QueryParams("q=复议&confidence=0.7")).surer() == url(words, sure)
