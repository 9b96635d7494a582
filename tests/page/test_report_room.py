"""The room of a report in a real browser: text and figures lead to each other, by mouse and by keys, and places are right."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.reading import Reading
from schemas.report import Report
from tests.fixtures import packages
from tests.page.conftest import SEEDS, Site
from tests.unit.page.made_large import made
from tests.unit.page.made_rooms import TABLES
from tests.waiting import eventually

OpenPage = Callable[..., Any]

#: Of each figure all that is lit for it, without what is read in its place: number -> text.
LIT = """() => {
  const found = {};
  for (const mark of document.querySelectorAll("mark[data-f]")) {
    const copy = mark.cloneNode(true);
    copy.querySelectorAll("ins").forEach((one) => one.remove());
    for (const number of mark.dataset.f.split(" ")) found[number] = (found[number] || "") + copy.textContent;
  }
  return found;
}"""
#: What the browser paints for each role, as text.
PAINTED = """() => Object.fromEntries([...CSS.highlights].map(([role, held]) => [role, [...held].map((range) => {
  const copy = range.cloneContents();
  copy.querySelectorAll("ins").forEach((one) => one.remove());
  return copy.textContent;
})]))"""
IN_SIGHT = """() => {
  const box = document.querySelector("mark.on").getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}"""


def kept(site: Site, name: str) -> tuple[Report, Reading]:
    """A report and its reading, once they are filed."""
    file = site.home.processed / f"{name}.json"
    beside = file.with_name(f"{name}.reading.gz")
    eventually(lambda: file.is_file() and beside.is_file(), what=f"{name} is filed")
    return Report.model_validate_json(file.read_bytes()), Reading.unpacked(beside.read_bytes())


def room(report: Report, query: str = "") -> str:
    return f"/r/{report.id}{query}"


def without_tags(quote: str) -> str:
    return re.sub(r"<[^>]*>", "", quote)


def chosen(page: Any, number: int) -> Any:
    """Wait for the card of a figure, and for what is painted with it."""
    page.wait_for_selector(f'.card-figure[data-number="{number}"]')
    return page.locator(".card-figure")


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, id=seed.stem[:3], marks=pytest.mark.slow_page if at else ()) for at, seed in enumerate(SEEDS)],
)
def test_every_figure_of_a_seed_is_lit(seeded: Site, open_page: OpenPage, seed: Path) -> None:
    report, _ = kept(seeded, seed.name)

    lit = open_page(seeded.at, room(report)).evaluate(LIT)

    assert lit == {str(number): metric.source.quote for number, metric in enumerate(report.metrics, 1)}
    assert len(lit) > 30


def test_what_was_cleaned_away_is_struck_through(seeded: Site, open_page: OpenPage) -> None:
    """Seed 003 was glossed throughout: 662 readings stand after their characters."""
    seed = next(seed for seed in SEEDS if seed.name.startswith("003"))
    report, reading = kept(seeded, seed.name)

    page = open_page(seeded.at, room(report))
    struck = page.locator(".paper del[title=拼音注音]")

    assert struck.count() == 662
    assert "line-through" in struck.first.evaluate("one => getComputedStyle(one).textDecorationLine")
    page.keyboard.press("o")
    page.wait_for_selector('.room[data-view="clean"]')
    assert not struck.first.is_visible()
    shown = page.evaluate(
        "[...document.querySelectorAll('.paper *')].map((one) => [...one.childNodes].filter((node) => node.nodeType === 3"
        " && one.checkVisibility({contentVisibilityAuto: false})).map((node) => node.data).join('')).join('')"
    )
    assert sorted("".join(reading.text.split())) == sorted("".join(shown.split()))


def test_a_click_in_the_text_selects_the_figure_and_back(seeded: Site, open_page: OpenPage) -> None:
    report, _ = kept(seeded, SEEDS[0].name)
    page = open_page(seeded.at, room(report))

    page.click("#f12")
    assert report.metrics[11].indicator in chosen(page, 12).inner_text()
    assert page.locator('.figures a[aria-current="true"]').get_attribute("data-f") == "12"
    assert "f=12" in page.url

    page.click('.figures a[data-f="20"]')
    chosen(page, 20)
    assert page.locator("mark.on").get_attribute("data-f") == "20"
    page.wait_for_function(IN_SIGHT)


def test_keys_go_through_the_figures(seeded: Site, open_page: OpenPage) -> None:
    report, _ = kept(seeded, SEEDS[1].name)
    doubtful = [number for number, metric in enumerate(report.metrics, 1) if (metric.confidence or 0) < 0.8]
    page = open_page(seeded.at, room(report))

    for number, key in ((1, "j"), (2, "j"), (3, "j"), (2, "k")):
        page.keyboard.press(key)
        chosen(page, number)
    page.keyboard.press("n")
    chosen(page, next(number for number in doubtful if number > 2))
    page.keyboard.press("Escape")
    page.wait_for_selector(".card-figure", state="detached")
    assert page.locator("mark.on").count() == 0
    page.keyboard.press("?")
    assert page.locator("dialog").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type(report.metrics[4].source.quote)
    page.wait_for_function(f"document.querySelectorAll('.figures a').length < {len(report.metrics)}")
    assert page.evaluate("document.activeElement.name") == "find"


def test_what_a_figure_was_read_by_is_painted_where_it_stands(seeded: Site, open_page: OpenPage) -> None:
    """Places count code points of the file, and glosses and conversions stand before most of them."""
    seed = next(seed for seed in SEEDS if seed.name.startswith("003"))
    report, reading = kept(seeded, seed.name)
    page = open_page(seeded.at, room(report))

    for number, (metric, figure) in enumerate(zip(report.metrics, reading.figures, strict=True), 1):
        page.keyboard.press("j")
        chosen(page, number)
        at = reading.text.index(metric.sentence, max(0, figure.end - len(metric.sentence)))
        start, end = reading.origin.span(at, at + len(metric.sentence))
        painted = page.evaluate(PAINTED)["sentence"][0]
        assert "".join(painted.split()) == "".join(reading.raw[start:end].replace("\n", "").split()), number


@pytest.fixture(scope="module")
def papers(seeded: Site) -> Site:
    """The seeds, and beside them a page with tables, a document, and a text with characters beyond the first plane."""
    table = [["项目", "2022年", "2023年"], ["受理案件（件）", "31", "42"], ["罚没收入（万元）", "9746.50", "120"]]
    document = packages.docx(
        packages.paragraph("某市2023年法治政府建设年度报告")
        + packages.paragraph("全市审结行政复议案件1234件，同比增长12.5%。")
        + packages.table(table)
    )
    beyond = "某市2023年法治政府建设年度报告\n\n全市𠮷村𠮷镇审结行政复议案件1234件，同比增长12.5%。𠜎镇举办培训12场。\n"
    for name, content in (
        ("tables.html", TABLES.encode()),
        ("document.docx", document),
        ("beyond.txt", beyond.encode()),
    ):
        source = seeded.home.folder / name
        source.write_bytes(content)
        seeded.home.rename_in(source, name)
    seeded.until_read(len(SEEDS) + 3)
    return seeded


@pytest.mark.parametrize("name", ["tables.html", "document.docx", "beyond.txt"])
def test_every_figure_of_other_formats_is_lit(papers: Site, open_page: OpenPage, name: str) -> None:
    report, _ = kept(papers, name)

    page = open_page(papers.at, room(report))

    lit = page.evaluate(LIT)
    assert lit == {str(number): without_tags(metric.source.quote) for number, metric in enumerate(report.metrics, 1)}
    assert lit
    for number, metric in enumerate(report.metrics, 1):
        page.keyboard.press("j")
        if "labels" not in [said.rule.partition(".")[2] for said in kept(papers, name)[1].figures[number - 1].decided]:
            chosen(page, number)
            assert without_tags(metric.source.quote) in page.evaluate(PAINTED)["sentence"][0]


@pytest.mark.parametrize("name", ["tables.html", "document.docx"])
def test_the_labels_of_a_cell_are_painted(papers: Site, open_page: OpenPage, name: str) -> None:
    """Its row, its column, and what gave the unit."""
    report, reading = kept(papers, name)
    number = next(at for at, metric in enumerate(report.metrics, 1) if metric.source.quote == "9746.50")
    cell = reading.cell_of(reading.figures[number - 1])
    unit = reading.figures[number - 1].unit
    assert cell
    assert unit

    page = open_page(papers.at, room(report, f"?f={number}"))
    chosen(page, number)
    painted = page.evaluate(PAINTED)

    assert painted["row"] == [reading.raw[start:end] for start, end in cell.row]
    assert painted["column"] == [reading.raw[start:end] for start, end in cell.column]
    assert painted["unit"] == [reading.raw[slice(*unit)]]


def test_without_script_every_link_asks_the_server(papers: Site, open_page: OpenPage) -> None:
    report, _ = kept(papers, SEEDS[0].name)
    page = open_page(papers.at, room(report), java_script_enabled=False)

    page.click("#f12")
    assert report.metrics[11].indicator in page.locator(".card-figure").inner_text()
    page.click('.tool[href*="view=clean"]')
    assert page.locator('.room[data-view="clean"]').count() == 1
    assert page.locator(".card-figure").count() == 1
    page.click('.tab[href*="tab=relations"]')
    assert page.locator(".sums li").count() == len(report.relations)


def test_a_number_that_was_not_taken_says_why(papers: Site, open_page: OpenPage) -> None:
    report, reading = kept(papers, SEEDS[0].name)
    page = open_page(papers.at, room(report))

    page.keyboard.press("r")
    page.click(".n >> nth=3")

    assert page.locator('[data-sheet="rejected"]').is_visible()
    assert page.locator(".rejected li").count() == len(reading.rejected)
    one = reading.rejected[3]
    assert page.evaluate(PAINTED)["spot"] == [reading.raw[one.start : one.end]]


def test_one_file_does_the_same_with_nothing_beside_it(papers: Site, open_page: OpenPage, tmp_path: Path) -> None:
    report, _ = kept(papers, SEEDS[0].name)
    page = open_page(papers.at, room(report))
    file = tmp_path / "r.html"
    file.write_bytes(page.request.get(f"{papers.at}/r/{report.id}.html").body())

    alone = page.context.new_page()
    alone.goto(file.as_uri())

    assert len(alone.evaluate(LIT)) == len(report.metrics)
    alone.keyboard.press("j")
    assert report.metrics[0].indicator in chosen(alone, 1).inner_text()
    assert "sentence" in alone.evaluate(PAINTED)


def test_the_data_is_beside_the_room(papers: Site, open_page: OpenPage) -> None:
    report, _ = kept(papers, SEEDS[0].name)
    page = open_page(papers.at, room(report))

    said = {ending: page.request.get(f"{papers.at}/r/{report.id}.{ending}") for ending in ("json", "csv", "xlsx")}

    assert json.loads(said["json"].text())["id"] == report.id
    assert len(said["csv"].text().splitlines()) == len(report.metrics) + 1
    assert said["xlsx"].body()[:2] == b"PK"


def test_a_report_of_twelve_thousand_figures_is_light(papers: Site, open_page: OpenPage) -> None:
    """Of 12 000 figures a browser lays out those that are looked at; a key, a click and a search reach all of them."""
    report, reading = made("large.txt")
    place = papers.home.processed / "large.txt"
    place.with_name("large.txt.json").write_text(report.model_dump_json(), "utf-8")
    place.with_name("large.txt.reading.gz").write_bytes(reading.packed())

    page = open_page(papers.at, f"/r/{report.id}/1")

    assert page.locator("mark[data-f]").count() == len(report.metrics) == 12_000
    assert page.locator(".figures a").count() == 400
    assert page.evaluate("document.querySelectorAll('*').length") < 30_000
    page.keyboard.press("k")
    chosen(page, 12_000)
    assert page.locator('.figures a[aria-current="true"]').get_attribute("data-f") == "12000"
    page.wait_for_function(IN_SIGHT)
    page.locator('mark[data-f="11990"]').click()
    chosen(page, 11_990)
    page.fill(".find [name=find]", "新增托位 110")
    page.wait_for_selector('.figures a[data-f="11"]')
    expected = sum(metric.indicator == "新增托位" and "110" in metric.value for metric in report.metrics)
    assert page.locator(".figures a").count() == min(400, expected)


def test_a_figure_is_reviewed_by_keys_and_taken_back(papers: Site, open_page: OpenPage) -> None:
    report, _ = kept(papers, SEEDS[2].name)
    page = open_page(papers.at, room(report, "?f=3"))
    chosen(page, 3)
    reviews = page.locator('[data-tab="reviews"] .count')
    before = int(reviews.inner_text())

    page.keyboard.press("y")
    page.wait_for_selector('mark[data-f="3"][data-review="confirmed"]')
    assert int(reviews.inner_text()) == before + 1
    page.keyboard.press("e")
    page.keyboard.type("4321")
    page.keyboard.press("Enter")
    page.wait_for_selector('.figures a[data-f="3"][data-review="corrected"]')
    page.wait_for_selector(".card-figure .value >> text=4,321")
    page.wait_for_selector('.figures a[data-f="3"] b >> text=4,321')
    page.keyboard.press("u")
    page.wait_for_selector(".reviewed", state="detached")
    page.locator('[data-tab="reviews"] .count', has_text=re.compile(rf"^{before}$")).wait_for()
    assert "4,321" not in page.inner_text('.figures a[data-f="3"]')

    actions = [json.loads(line)["action"] for line in (papers.home.state / "reviews.jsonl").read_text().splitlines()]
    assert actions[-3:] == ["confirm", "correct", "withdraw"]


def test_a_correction_that_cannot_be_says_why_in_sight(papers: Site, open_page: OpenPage) -> None:
    """Beside the button that was pressed, not where the card has been scrolled away."""
    report, _ = kept(papers, SEEDS[2].name)
    page = open_page(papers.at, room(report, "?f=4"))
    chosen(page, 4)
    page.keyboard.press("e")
    page.fill(".correct [name=period]", "2020年冬")
    page.locator(".correct [name=action]").click()

    page.wait_for_selector(".correct .said >> text=2020年冬")
    seen = page.evaluate(
        """() => { const said = document.querySelector(".said").getBoundingClientRect(),
                         card = document.querySelector("#chosen").getBoundingClientRect();
                  return said.top >= card.top && said.bottom <= card.bottom + 1; }"""
    )
    assert seen


def test_selected_text_becomes_a_figure(papers: Site, open_page: OpenPage) -> None:
    """Its place counts code points of the file, behind glosses and characters beyond the first plane, too."""
    for name in ("beyond.txt", next(seed.name for seed in SEEDS if seed.name.startswith("003"))):
        report, reading = kept(papers, name)
        number = next(at for at, one in enumerate(reading.rejected) if one.start > 30 or name == "beyond.txt")
        one = reading.rejected[number]
        page = open_page(papers.at, room(report))
        page.locator(f'.n[data-r="{number}"]').first.evaluate(
            "one => { const range = new Range(); range.selectNodeContents(one);"
            " getSelection().removeAllRanges(); getSelection().addRange(range); }"
        )
        page.keyboard.press("a")
        page.wait_for_selector(".add-figure")
        page.fill(".add-figure [name=indicator]", "某事项")
        page.fill(".add-figure [name=value]", "7")
        page.click(".add-figure .main")
        page.wait_for_selector("[data-added]")
        assert page.get_attribute("[data-added]", "data-added") == f"{one.start}-{one.end}"


def test_a_telephone_shows_text_and_figure(papers: Site, open_page: OpenPage) -> None:
    """Nothing is wider than the screen, and the chosen figure is not behind the panel."""
    report, _ = kept(papers, SEEDS[3].name)
    page = open_page(papers.at, room(report, "?f=20"), viewport={"width": 390, "height": 844})

    chosen(page, 20)
    page.wait_for_function(IN_SIGHT)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    below = page.evaluate("document.querySelector('mark.on').getBoundingClientRect().bottom")
    assert below <= page.evaluate("document.querySelector('.panel').getBoundingClientRect().top")


def test_on_a_telephone_the_figures_are_folded_until_one_is_asked_for(papers: Site, open_page: OpenPage) -> None:
    report, _ = kept(papers, SEEDS[1].name)
    page = open_page(papers.at, room(report), viewport={"width": 390, "height": 844})
    height = "document.querySelector('.panel').getBoundingClientRect().height"

    page.wait_for_selector(".panel.folded")
    assert page.evaluate(height) < 60
    page.click("mark[data-f] >> nth=0")
    page.wait_for_selector(".panel:not(.folded) .card-figure")
    page.click("[data-fold]")
    page.wait_for_selector(".panel.folded")
    page.click("[data-tab=rejected]")
    page.wait_for_selector(".panel:not(.folded) [data-sheet=rejected]")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_tab_and_what_is_opened_in_a_card_are_in_sight(papers: Site, open_page: OpenPage, language: str) -> None:
    report, _ = kept(papers, SEEDS[1].name)
    page = open_page(papers.at, room(report, f"?f=1&lang={language}"), viewport={"width": 1440, "height": 900})
    chosen(page, 1)

    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.tabs > *')].map((one) => one.getBoundingClientRect().right))"
    )
    assert right <= 1440
    assert page.evaluate("document.querySelector('.tabs').scrollWidth <= document.querySelector('.tabs').clientWidth")
    page.click(".why summary")
    page.wait_for_function("""() => {
      const row = document.querySelector(".why tr").getBoundingClientRect(), card = document.querySelector("#chosen").getBoundingClientRect();
      return row.top >= card.top && row.bottom <= card.bottom;
    }""")
