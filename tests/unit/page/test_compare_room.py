"""Compare puts into one table what can be compared, leaves gaps, and says of the rest why it is left out."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from schemas.metric import Metric
from schemas.report import Report
from tests.unit.page.made_archive import client, contradiction, metric, report

GRAIN = "agriculture.grain.output"


def grain(value: str, year: str | None = "2023", unit: str = "吨", **more: Any) -> Metric:
    return metric("粮食产量", value, unit, year, indicator_id=GRAIN, **more)


def of_years(place: str, code: str, *figures: tuple[str, str], unit: str = "吨") -> list[Report]:
    return [
        report(grain(value, year, unit), place=place, code=code, year=year, path=f"{place}{year}.txt")
        for year, value in figures
    ]


def table(text: str) -> dict[str, list[str]]:
    """The rows of the table: what stands in each cell."""
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", text, re.DOTALL):
        name, *cells = re.split(r"</th>|</td>", row)
        found[_words(name)] = [_words(cell) for cell in cells if "<td" in cell]
    return found


def _words(html: str) -> str:
    hollow = re.sub(r'<span class="hollow"[^>]*></span>', "○", html)
    return " ".join(re.sub(r"<[^>]+>", " ", hollow).split())


@pytest.fixture
def page(tmp_path: Path) -> TestClient:
    return client(
        tmp_path,
        *of_years("甲市", "110100", ("2019", "100"), ("2020", "110"), ("2023", "140")),
        *of_years("乙市", "110200", ("2020", "200000"), ("2021", "210000"), ("2023", "240000"), unit="斤"),
        report(grain("150", "2024", status="planned"), place="甲市", year="2023", path="甲市计划.txt"),
        *of_years("丙县", "110321", ("2023", "7")),
    )


def test_places_and_years_with_gaps(page: TestClient) -> None:
    """Of the level that most places have; 斤 are 吨, a target is hollow, what nobody states stays a gap."""
    text = page.get(f"/compare?i={GRAIN}").text

    assert re.findall(r'<th scope="col" class="number">(\d+)</th>', text) == [str(year) for year in range(2019, 2025)]
    assert table(text) == {
        "甲市": ["100", "110", "·", "·", "140", "○150"],
        "乙市": ["·", "100", "105", "·", "120", "·"],
    }
    assert "单位：吨" in text


def test_each_number_opens_its_sentence_and_its_report(page: TestClient) -> None:
    """In the table and in the plots; the mark is the number as the report has it."""
    text = page.get(f"/compare?i={GRAIN}").text
    links = re.findall(r'href="#(s-[^"]+)"', text)
    cards = dict(re.findall(r'<aside class="source-card" id="([^"]+)"(.*?)</aside>', text, re.DOTALL))

    assert set(links) == set(cards)
    assert len(cards) == 7
    quotes = sorted(re.search(r"<mark>([^<]*)</mark>", card)[1] for card in cards.values())  # type: ignore[index]
    assert quotes == sorted(["100吨", "110吨", "140吨", "150吨", "200000斤", "210000斤", "240000斤"])
    assert all(re.search(r'href="/r/[0-9a-f]{20}/1\?f=1"', card) for card in cards.values())
    of_jin = next(card for card in cards.values() if "240000斤" in card)
    assert "= 120 吨" in _words(of_jin)


def test_a_gap_is_not_said_to_be_the_report_s(page: TestClient, tmp_path: Path) -> None:
    """A year of which there is no report is a gap as well; where there is none, the sign is not explained."""
    full = client(tmp_path / "full", *of_years("甲市", "110100", ("2022", "100"), ("2023", "110")))

    assert "没有报告，或报告未载明" in page.get(f"/compare?i={GRAIN}").text
    assert "报告未载明" not in full.get(f"/compare?i={GRAIN}").text


def test_lines_join_years_that_follow_each_other_only(page: TestClient) -> None:
    """And a target is joined to nothing."""
    text = page.get(f"/compare?i={GRAIN}").text
    lines = re.findall(r'<polyline points="([^"]*)"', text)

    assert [len(line.split()) for line in lines] == [2, 2]
    assert text.count('class="mark is-planned"') == 1


def test_a_place_with_targets_alone_is_drawn_and_named(tmp_path: Path) -> None:
    """Beside the last of them; the others beside what they reached last."""
    text = client(
        tmp_path,
        *of_years("甲市", "110100", ("2021", "100"), ("2022", "110"), ("2023", "140")),
        report(grain("500", "2023", status="planned"), place="乙市", code="110200", year="2022", path="乙一.txt"),
        report(grain("600", "2024", status="planned"), place="乙市", code="110200", year="2023", path="乙二.txt"),
        report(grain("700", "2024", status="planned"), place="甲市", code="110100", year="2023", path="甲.txt"),
    ).get(f"/compare?i={GRAIN}")

    assert text.status_code == 200
    assert table(text.text)["乙市"] == ["·", "·", "○500", "○600"]
    assert re.findall(r">(.市)</text>", text.text.split('id="rank"')[0]) == ["甲市", "乙市"]


def test_a_rank_of_the_year_that_most_places_have(page: TestClient) -> None:
    """The largest first; another year by its address."""
    text = page.get(f"/compare?i={GRAIN}").text
    other = page.get(f"/compare?i={GRAIN}&r=2020").text

    def ranked(html: str) -> list[str]:
        return re.findall(r'text-anchor="end">(.市)</text>', html.split('id="rank"')[1])

    assert "2023年各地" in text
    assert ranked(text) == ["甲市", "乙市"]
    assert "2020年各地" in other
    assert ranked(other) == ["甲市", "乙市"]


def test_other_levels_and_chosen_places(page: TestClient) -> None:
    """By their addresses; levels that are mixed are said."""
    county = page.get(f"/compare?i={GRAIN}&l=county").text
    both = page.get(f"/compare?i={GRAIN}&p=110321&p=110100&y=2023").text

    assert table(county) == {"丙县": ["7"]}
    assert table(both) == {"甲市": ["140"], "丙县": ["7"]}
    assert "层级不同" in both
    assert "层级不同" not in county


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (grain("8", scope="市直"), "只是其中一部分的数"),
        (grain("8", "2023H1"), "不是整年的数"),
        (grain("8", "2021/2023"), "不是整年的数"),
        (grain("8", None), "不是整年的数"),
        (grain("8", status="ongoing"), "不是实绩也不是目标"),
        (grain("8", "2025"), "年份晚于报告年份"),
    ],
)
def test_what_cannot_be_compared_is_left_out_with_the_reason(figure: Metric, reason: str, tmp_path: Path) -> None:
    """And with its sentence."""
    page = client(tmp_path, report(figure, grain("9"), year="2023"))
    text = page.get(f"/compare?i={GRAIN}").text

    assert table(text) == {"甲市": ["9"]}
    left = text.split('class="left-out"')[1]
    assert reason in left
    assert "<mark>8吨</mark>" in left


def test_quantities_are_kept_apart(tmp_path: Path) -> None:
    """A level, its growth, and units that do not convert, each in its own table; the one of most cells first."""
    page = client(
        tmp_path,
        report(
            grain("9"), metric("粮食产量", "3", "%", indicator_id=GRAIN, measure="rate_of_change", change="decrease")
        ),
        report(grain("8"), grain("5", unit="袋"), place="乙市", code="110200"),
    )

    assert table(page.get(f"/compare?i={GRAIN}").text) == {"甲市": ["9"], "乙市": ["8"]}
    assert table(page.get(f"/compare?i={GRAIN}&m=rate_of_change").text) == {"甲市": ["−3"]}
    assert table(page.get(f"/compare?i={GRAIN}&u=袋").text) == {"乙市": ["5"]}


def test_two_figures_of_a_cell_both_stand_in_it(tmp_path: Path) -> None:
    """Never a mean; one that says the same again is told in the card only, what contradicts is marked."""
    page = client(
        tmp_path,
        report(grain("9"), grain("12", at=20), grain("9", at=40, confidence=0.4), relations=(contradiction(1),)),
    )
    text = page.get(f"/compare?i={GRAIN}").text

    assert table(text) == {"甲市": ["9 12 ≠"]}
    assert "2 个不同的数值" in text
    assert "另有 1 处说的是同一个数" in text
    assert "与同一报告中的其他数字相矛盾" in text


def test_what_is_not_exact_is_shown_so(tmp_path: Path) -> None:
    """Bounds, ranges and what is not sure."""
    page = client(
        tmp_path,
        report(grain("9", qualifier="over"), path="a.txt"),
        report(grain("9", qualifier="about", confidence=0.4), place="乙市", code="110200", path="b.txt"),
        report(grain("9", value_high="11"), place="丙市", code="110300", path="c.txt"),
        report(grain("9", qualifier="under"), place="丁市", code="110400", path="d.txt"),
    )

    assert table(page.get(f"/compare?i={GRAIN}").text) == {
        "甲市": ["≥9"],
        "乙市": ["≈9 ?"],
        "丙市": ["9–11"],
        "丁市": ["≤9"],
    }


def test_the_workbook_is_the_table(page: TestClient) -> None:
    """Cell by cell; the figures that it is made of are beside it. CSV is the table, JSON the figures."""
    address = f"i={GRAIN}"
    shown = table(page.get(f"/compare?{address}").text)
    book = openpyxl.load_workbook(io.BytesIO(page.get(f"/compare.xlsx?{address}").content))
    header, *lines = book["比较"].iter_rows(values_only=True)
    rows = list(csv.reader(io.StringIO(page.get(f"/compare.csv?{address}").content.decode("utf-8-sig"))))

    assert header == ("地区", "区划代码", "单位", "2019", "2020", "2021", "2022", "2023", "2024目标", "2024")
    assert lines == [
        ("甲市", "110100", "吨", 100, 110, None, None, 140, 150, None),
        ("乙市", "110200", "吨", None, 100, 105, None, 120, None, None),
    ]
    for line in lines:
        stated = [cell.removeprefix("○") for cell in shown[str(line[0])] if cell != "·"]
        assert [str(cell) for cell in line[3:] if cell is not None] == stated
    assert [row[3:] for row in rows[1:]] == [["" if c is None else str(c) for c in line[3:]] for line in lines]
    assert len(list(book["数字"].iter_rows(min_row=2))) == 7
    assert list(book["说明"].iter_rows(min_row=3, values_only=True)) == [("indicator", GRAIN), ("unit", "吨")]
    assert [row["value"] for row in page.get(f"/compare.json?{address}").json()] == [
        "100", "110", "140", "150", "200000", "210000", "240000"
    ]  # fmt: skip


def test_names_lead_to_indicators(tmp_path: Path) -> None:
    """A name of the catalogue, another wording, the words of a report that have no id; else what is like it."""
    page = client(tmp_path, report(grain("9"), metric("办结奇事", "4", "件")))

    assert "粮食产量" in page.get("/compare?i=粮食总产量").text
    assert table(page.get("/compare?i=粮食总产量").text) == {"甲市": ["9"]}
    assert table(page.get("/compare?i=糧食總產量").text) == {"甲市": ["9"]}
    assert table(page.get("/compare?i=办结奇事").text) == {"甲市": ["4"]}
    none = page.get("/compare?i=粮食").text
    assert table(none) == {}
    assert f"/compare?i={GRAIN}" in none


def test_places_of_one_name_are_two_lines(tmp_path: Path) -> None:
    """By their code, or by the province above them."""
    page = client(
        tmp_path,
        report(grain("9"), place="朝阳区", code=None, province="子省", path="a.txt"),
        report(grain("8"), place="朝阳区", code=None, province="丑省", path="b.txt"),
    )

    text = page.get(f"/compare?i={GRAIN}").text
    assert len(re.findall(r"<tr><th scope=\"row\">", text)) == 2
    assert sorted(re.findall(r"<div><a class=\"point\"[^>]*>(\d+)</a>", text)) == ["8", "9"]


def test_the_rank_is_of_the_year_that_is_asked_for(tmp_path: Path) -> None:
    """Where another place was first; of a year that nobody can be ranked in, the last. No sign of targets where none are."""
    page = client(
        tmp_path,
        *of_years("甲市", "110100", ("2020", "1"), ("2022", "3"), ("2023", "4")),
        *of_years("乙市", "110200", ("2020", "2"), ("2023", "3")),
    )
    ranked = [
        re.findall(r'text-anchor="end">(.市)</text>', page.get(f"/compare?i={GRAIN}{year}").text.split('id="rank"')[1])
        for year in ("", "&r=2020", "&r=2022")
    ]

    assert ranked == [["甲市", "乙市"], ["乙市", "甲市"], ["甲市", "乙市"]]
    assert 'class="hollow"' not in page.get(f"/compare?i={GRAIN}").text


def test_a_place_without_a_code_has_none_in_the_file(tmp_path: Path) -> None:
    page = client(tmp_path, report(grain("9"), place="己市", code=None))
    rows = csv.DictReader(io.StringIO(page.get(f"/compare.csv?i={GRAIN}").content.decode("utf-8-sig")))

    assert [(row["place"], row["region_code"], row["2023 achieved"]) for row in rows] == [("己市", "", "9")]


def test_of_what_is_left_out_all_are_counted_and_twelve_shown(tmp_path: Path) -> None:
    parts = [grain(str(at), scope="市直", at=at) for at in range(10, 23)]
    text = client(tmp_path, report(*parts, grain("9"), year="2023")).get(f"/compare?i={GRAIN}&lang=en").text
    left = text.split('class="left-out"')[1]

    assert "13 figures" in left
    assert left.count('<li class="figure') == 12
