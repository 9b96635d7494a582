"""Indicators and places have a page each: what is known of them, and where it comes from."""

import re
from pathlib import Path

import pytest
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from exports.indicators import catalogue
from page import wording
from page.report.filling import Asked
from page.rooms.compare import View
from page.rooms.places import _above
from page.shown.finding import Search
from store.known import Place
from tests.unit.page.made_archive import client, metric, report


@pytest.fixture
def page(tmp_path: Path) -> TestClient:
    gdp = {"indicator_id": "economy.gdp"}
    requests = {"indicator_id": "disclosure.requests.received/enterprise"}
    return client(
        tmp_path,
        report(metric("地区生产总值", "5000000000", "元", **gdp), metric("旧事", "3", "件"), year="2023"),
        report(metric("全市生产总值", "6000000000", "元", "2024", **gdp), year="2024"),
        report(metric("企业申请", "4", "件", **requests), place="乙县", code=None, province="丁省"),
        report(metric("地区生产总值", "7", "亿元", **gdp), place="乙县", code=None, province="戊省", path="x.txt"),
    )


def test_indicators_with_figures_are_listed(page: TestClient) -> None:
    """By their names, wordings and ids; a part of a form's cell with the whole, and those without figures on demand."""
    text = page.get("/i").text

    assert 'href="/i/economy.gdp"' in text
    assert 'href="/i/disclosure.requests.received"' in text
    assert "agriculture.tea" not in text
    assert 'href="/i/economy.gdp"' in page.get("/i?q=国内生产总值").text
    assert 'href="/i/economy.gdp"' not in page.get("/i?q=茶叶").text
    assert 'href="/i/agriculture.tea"' in page.get("/i?q=茶叶&all=1").text


def test_an_indicator_says_what_is_known_of_it(page: TestClient) -> None:
    """How it is called, how much there is, its series, its figures."""
    text = page.get("/i/economy.gdp").text

    assert "3 个数字，2 个地区，2 个年份，3 份报告" in text
    assert "地区生产总值、全市生产总值" in text
    assert "50" in text
    assert re.findall(r'class="figure-value"><b>([^<]*)</b>', text.split("最近读到的")[1])[:3] == ["7", "60亿", "50亿"]
    assert "商业企业" in page.get("/i/disclosure.requests.received").text
    assert "商业企业" in page.get("/i/disclosure.requests.received%2Fenterprise").text
    assert page.get("/i/agriculture.tea").status_code == 200
    assert page.get("/i/奇事").headers["location"].startswith("/compare?i=")


def test_the_series_of_an_indicator_says_what_is_not_plain(page: TestClient, tmp_path: Path) -> None:
    """A level of government that is known, growth; not that a value is a value, or that nobody knows the level."""
    town = report(metric("垃圾分类", "3", "个", indicator_id="economy.gdp"), place="己镇", code=None, path="y.txt")

    assert "<h2>各地历年 · 地级</h2>" in page.get("/i/economy.gdp").text
    assert "<h2>各地历年</h2>" in client(tmp_path / "town", town).get("/i/economy.gdp").text


def test_a_place_has_its_reports_and_its_figures(page: TestClient) -> None:
    """By its code, by its name where only one has it."""
    text = page.get("/p/110100").text

    assert "2 份报告，3 个数字" in text
    assert [re.sub(r"\s+", " ", one) for one in re.findall(r'">(\S+ )<span class="soft small">元', text)] == [
        "50亿 ",
        "60亿 ",
    ]
    assert page.get("/p/甲市").text.count("<h1>甲市") == 1


def test_a_place_shows_its_last_years_and_what_has_a_figure_in_them(tmp_path: Path) -> None:
    """An indicator of older years alone has no row, a figure of no known year no place."""
    gdp = [
        metric("地区生产总值", f"{year}000000", "元", str(year), indicator_id="economy.gdp")
        for year in range(2017, 2024)
    ]
    tea = metric("茶叶产量", "9", "吨", "2017", indicator_id="agriculture.tea")
    undated = metric("地区生产总值", "9", "元", None, indicator_id="economy.gdp", at=9)
    text = client(tmp_path, report(*gdp, tea, undated, year="2023")).get("/p/110100").text

    assert 'href="/i/economy.gdp"' in text
    assert 'href="/i/agriculture.tea"' not in text
    assert [year for year in range(2016, 2025) if f">{year}<" in text] == list(range(2018, 2024))


def test_what_is_no_level_is_told_beside_the_name_of_a_place_s_indicator(tmp_path: Path) -> None:
    growth = metric(
        "生产总值增长", "5", "%", indicator_id="economy.gdp", measure="rate_of_change", change="increase", at=9
    )
    text = (
        client(tmp_path, report(growth, metric("茶叶", "9", "吨", indicator_id="agriculture.tea")))
        .get("/p/110100?lang=en")
        .text
    )
    rows = dict(re.findall(r'<th scope="row"><a href="/i/([^"]*)">[^<]*</a>(.*?)</th>', text))

    assert rows == {
        "economy.gdp": f' <span class="chip">{wording.of("en")("measure.rate_of_change")}</span>',
        "agriculture.tea": "",
    }


def test_places_of_one_name_are_told_apart(page: TestClient) -> None:
    """A name that two have leads to both."""
    answer = page.get("/p/乙县")

    assert answer.status_code == 404
    links = re.findall(r'<li><a href="(/p/[^"]*)"', answer.text)
    assert len(links) == 2
    assert "企业" in page.get(links[0]).text or "企业" in page.get(links[1]).text
    assert {page.get(link).status_code for link in links} == {200}
    assert page.get("/p/无此地").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/figures?before=99999999999999999999999",
        "/figures?before=x&confidence=x&year=&place=",
        "/figures?q=%00%ff&unit=%27%22",
        "/compare?i=economy.gdp&m=none",
        "/compare?i=economy.gdp&u=x&l=y&p=z&y=w&r=v",
        "/compare?i=%00",
        "/i?q=%F0%9F%8F%9B",
        "/p/%00",
        "/panel/work_report?c=a%7Cb&from=99999999999&p=x&y=y",
    ],
)
def test_odd_addresses_are_borne(address: str, page: TestClient) -> None:
    """They find nothing, and say so."""
    assert page.get(address).status_code in (200, 404)


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize(
    "address",
    ["/figures", "/figures?q=x&year=1", "/compare", "/compare?i=economy.gdp", "/i", "/i/economy.gdp", "/p", "/p/110100", "/p/x"],
)  # fmt: skip
def test_rooms_speak_each_language(address: str, language: str, page: TestClient) -> None:
    """Nothing is missing, and nothing that a policy would refuse is in them."""
    answer = page.get(address, params={"lang": language} | dict(re.findall(r"([a-z]+)=([^&]*)", address)))

    assert answer.status_code in (200, 404)
    assert f'<html lang="{language}">' in answer.text
    assert not re.search(r'\sstyle="|\son[a-z]+="|<script|https?://(?!127)', answer.text)


def test_names_of_ours_stand_in_the_script_of_the_reader(tmp_path: Path) -> None:
    """Of indicators and places; what a report says is shown as it was read, and addresses ask in the store's script."""
    read = metric("地区生产总值", "5", "亿元", indicator_id="economy.gdp", sentence="汉台区地区生产总值5亿元。")
    page = client(tmp_path, report(read, place="汉台区", code="610702", province="陕西省"))
    seen = {address: page.get(address, params={"lang": "zh-Hant"} | more).text for address, more in (
        ("/p", {}), ("/p/610702", {}), ("/i", {"q": "地區生產總值"}), ("/i/economy.gdp", {}), ("/compare", {"i": "economy.gdp"}),
        ("/figures", {"q": "地區生產總值", "place": "汉台区"}), ("/reports", {}),
    )}  # fmt: skip

    assert {one for one in seen if ("地區生產總值" if one.startswith("/i") else "漢臺區") not in seen[one]} == set()
    assert 'value="地區生產總值"' in seen["/i"]
    assert 'value="地區生產總值"' in seen["/figures"]
    assert "陝西省" in seen["/figures"]
    assert "國家統計局 國民經濟和社會發展統計公報" in seen["/i/economy.gdp"]
    assert "汉台区地区生产总值" in re.sub("<[^>]*>", "", seen["/figures"])
    assert "漢臺區" not in page.get("/p?lang=zh-Hans").text


def test_the_list_tells_an_indicators_own_figures_from_those_of_its_parts(page: TestClient) -> None:
    """As the indicator's own room counts them, and in English one is one."""
    listed = re.findall(
        r'href="/i/([\w.]+)"[^>]*>[^<]*</a> <span class="soft small">([^<]*)<', page.get("/i?lang=en").text
    )

    assert dict(listed) == {"economy.gdp": "money · 3 figures", "disclosure.requests.received": "count · 1 of parts"}
    assert "0 figures, 0 places" in page.get("/i/disclosure.requests.received?lang=en").text
    assert (
        "1 figure, 1 place, 1 year, 1 report<" in page.get("/i/disclosure.requests.received%2Fenterprise?lang=en").text
    )


def test_what_an_address_says_is_cut_where_nobody_writes_more(page: TestClient) -> None:
    """Words of a search, values of fields, names."""
    long = QueryParams(dict.fromkeys(("q", "place", "i", "find"), "甲" * 500))
    asked = Search.of(long).asked

    assert [len(one) for one in (asked.words, *asked.values("place"))] == [400, 200]
    assert (len(View.of(long).indicator), len(Asked.of(long).find)) == (200, 100)
    shown = {
        address: re.findall("甲{9,}", page.get(f"{address}?q={'甲' * 500}").text) for address in ("/i", "/reports")
    }
    assert {address: {len(one) for one in found} for address, found in shown.items()} == {
        "/i": {200},
        "/reports": {100},
    }


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("", Asked()),
        ("f=3&view=clean&tab=warnings&rejected=1&find=%20甲%20&only=doubt&from=7", Asked(3, "clean", "warnings", rejected=True, find="甲", only_doubtful=True, start=7)),
        ("f=x&view=x&tab=x&rejected=2&only=x&from=-1", Asked()),
    ],
)  # fmt: skip
def test_what_of_a_report_is_asked_for_stands_in_its_address(address: str, asked: Asked) -> None:
    """And goes on standing there, but for what goes without saying."""
    assert Asked.of(QueryParams(address)) == asked
    assert Asked.of(QueryParams(asked.without())) == asked
    assert QueryParams(asked.without("f", "only", "from")).keys() & {"f", "only", "from"} == set()


def test_rooms_show_so_much_at_once_and_say_that_there_is_more(tmp_path: Path) -> None:
    """Reports fifty, indicators of a place 120 in six years, names of an indicator twelve and figures ten."""
    alike = [metric(f"叫法{at:02}", "9", "吨", indicator_id="a.b", at=at) for at in range(13)]
    others = [metric("事项", "3", "件", indicator_id=f"c.d{at}") for at in range(121)]
    full = [
        report(*alike, *others),
        *(report(path=f"{at:02}.txt", year="2022", code="110200", title=f"题{at:02}号") for at in range(50)),
    ]
    page = client(tmp_path, *full)

    first = page.get("/reports?kind=government_work").text
    [older] = re.findall(r'href="(/reports\?[^"]*before=[^"]*)"', first)
    assert "before=" not in page.get("/reports?q=题49号").text
    assert "kind=government_work&amp;before=2" in older
    pages = [first, page.get(older.replace("&amp;", "&")).text]
    assert [len(set(re.findall('href="(/r/[0-9a-f]+)', one))) for one in pages] == [50, 1]
    place = page.get("/p/110100").text
    assert place.count('href="/i/') == 120
    assert "另有 2 个指标" in place
    about, last = page.get("/i/a.b").text.split("最近读到的")
    assert [f"叫法{at:02}" in about.split("<dd>叫法00")[1].split("</dd>")[0] for at in (11, 12)] == [True, False]
    assert last.count('<li class="figure"') == 10


@pytest.mark.parametrize(
    ("province", "city", "above"),
    [
        ("丙省", "甲市", "丙省"),
        ("丙省", "丁市", "丙省 丁市"),
        ("丁市", "丁市", "丁市"),
        ("甲市", None, ""),
        (None, None, ""),
    ],
)
def test_what_is_above_a_place_is_said_once_and_never_itself(
    province: str | None, city: str | None, above: str
) -> None:
    place = Place("甲市", None, province, city, None, 1, 1, None, None)

    assert _above(place, wording.of("zh-Hans")) == above


def test_the_list_of_indicators_counts_all_and_has_the_most_read_first(page: TestClient, tmp_path: Path) -> None:
    """Of areas and in each of them, parts and wholes alike; whatever is searched for."""
    lead = f"Of {len(catalogue())} in the catalogue, {{}} have figures."
    assert lead.format(2) in page.get("/i?lang=en&q=生产总值").text
    assert lead.format(2) in page.get("/i?lang=en&all=1").text
    ids = ("a.part", "a.parted", "a.parted/x", "a.parted/y", *["b.most"] * 5)
    figures = [metric("事项", "3", "件", indicator_id=id_, at=at) for at, id_ in enumerate(ids)]
    other = client(tmp_path / "other", report(*figures))

    assert re.findall(r'<li><a href="/i/([^"]*)"', other.get("/i").text) == ["b.most", "a.parted", "a.part"]
    led_to = {
        id_: set(re.findall(r'href="/i/(a[^"?]*)"', other.get(f"/i/{id_}").text)) for id_ in ("a.part", "a.parted")
    }
    assert led_to == {"a.part": {"a.part"}, "a.parted": {"a.parted", "a.parted%2Fx", "a.parted%2Fy"}}
    assert "1 place, 1 year, 1 report<" in other.get("/i/b.most?lang=en").text
