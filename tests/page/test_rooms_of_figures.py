"""Figures, Compare, Panel, Places and Indicators in a real browser, over an archive that is made for them."""

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from page.wording import LANGUAGES
from panels.reviews import Reviews
from schemas.report import Report
from store.rebuild import rebuild
from store.writing import FILE_NAME
from tests import forks
from tests.page.conftest import free_port
from tests.service_rig import ROOT
from tests.unit.page.made_archive import metric, report
from tests.waiting import LONG_S, eventually

GRAIN = "agriculture.grain.output"
GROWTH = {"indicator_id": "economy.gdp", "measure": "rate_of_change", "change": "increase"}
CELL = "110000|2023|gdp_growth|achieved"
ROOMS = (
    "/figures?q=粮食",
    "/figures?q=粮食&year=1999",
    "/compare?x=1",
    f"/compare?i={GRAIN}",
    "/panel?x=1",
    f"/panel/work_report?c={CELL}",
    "/i?x=1",
    f"/i/{GRAIN}?x=1",
    "/p?x=1",
    "/p/110000?x=1",
)
SERIOUS = ("serious", "critical")
OpenPage = Callable[..., Any]


def of_year(place: str, code: str, year: str, value: str, unit: str, rate: str) -> Report:
    grain = metric("粮食产量", value, unit, year, indicator_id=GRAIN, at=3)
    growth = metric("地区生产总值增长", rate, "%", year, at=33, **GROWTH)
    return report(grain, growth, place=place, code=code, province=place, year=year, path=f"{place}{year}.txt")


def archive(folder: Path) -> None:
    """Two provinces over years with a gap, one in 斤, one with a target; filed and in a store."""
    reports = [
        *(of_year("甲省", "110000", year, value, "吨", "5.3") for year, value in (("2019", "100"), ("2020", "110"), ("2023", "140"))),
        *(of_year("乙省", "120000", year, value, "斤", "4.1") for year, value in (("2020", "200000"), ("2021", "210000"), ("2023", "240000"))),
        report(metric("粮食产量", "150", "吨", "2024", indicator_id=GRAIN, status="planned"), place="甲省", code="110000",
               province="甲省", year="2023", path="计划.txt", kind="plan_execution"),
    ]  # fmt: skip
    (folder / "processed").mkdir()
    (folder / "state").mkdir()
    for one in reports:
        (folder / "processed" / f"{one.source.path}.json").write_text(one.model_dump_json(), "utf-8")
    rebuild(folder / "state" / FILE_NAME, folder / "processed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive(tmp_path)
    return tmp_path


@pytest.fixture
def at(folder: Path) -> Iterator[str]:
    """The address of a page over the archive, without a service: what is filed can be looked at all the same."""
    port = str(free_port())
    places = {name: str(folder / name) for name in ("inbox", "processed", "quarantine", "state")}
    environ = {
        **os.environ,
        "ZHIBIAO_PAGE_PORT": port,
        **{f"ZHIBIAO_{name.upper()}": place for name, place in places.items()},
    }
    with (folder / "page.log").open("wb") as log:
        process = forks.popen([sys.executable, "-m", "page"], cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        eventually(lambda: _answers(int(port)), what="the page answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(LONG_S)


def _answers(port: int) -> bool:
    import socket

    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except OSError:
        return False
    return True


def test_a_search_is_narrowed_let_go_and_taken_along(at: str, open_page: OpenPage) -> None:
    """From the bar of any room; a filter is a link, and the file has what the screen lists."""
    page = open_page(at, "/i")
    page.fill(".bar-search input", "粮食")
    page.press(".bar-search input", "Enter")
    page.wait_for_url("**/figures?q=*")
    assert page.locator(".figure").count() == 7
    page.click(".facets a:has-text('乙省')")
    page.wait_for_url("**place=*")
    assert page.locator(".figure").count() == 3
    assert page.locator(".figure mark").all_inner_texts() == ["240000斤", "210000斤", "200000斤"]

    with page.expect_download() as loaded:
        page.click(".downloads a:has-text('XLSX')")
    book = openpyxl.load_workbook(io.BytesIO(Path(loaded.value.path()).read_bytes()))
    header, *rows = book["数字"].iter_rows(values_only=True)
    shown = [
        float(text.replace(",", "").replace("万", "e4")) for text in page.locator(".figure-value b").all_inner_texts()
    ]
    assert [row[header.index("数值")] for row in rows] == shown

    page.click(".conditions a:has-text('乙省')")
    page.wait_for_url(lambda url: "place" not in url)
    assert page.locator(".figure").count() == 7


def test_a_comparison_with_gaps_targets_and_units(at: str, open_page: OpenPage) -> None:
    """Lines are broken at gaps, a target is hollow, 斤 are 吨, and the workbook is the table."""
    page = open_page(at, f"/compare?i={GRAIN}")
    rows = [re.split(r"\s*\t\s*", row) for row in page.locator(".compare-table tbody tr").all_inner_texts()]
    assert rows == [
        ["甲省", "100", "110", "·", "·", "140", "150"],
        ["乙省", "·", "100", "105", "·", "120", "·"],
    ]
    assert page.locator(".compare-table .is-planned .hollow").count() == 1
    assert [
        len(line.split())
        for line in page.eval_on_selector_all("polyline", "all => all.map(one => one.getAttribute('points'))")
    ] == [2, 2]
    fills = page.eval_on_selector_all(
        "figure:first-of-type .mark", "all => all.map(one => [one.classList.contains('is-planned'), getComputedStyle(one.querySelector('.dot')).fill])"
    )  # fmt: skip
    assert {fill for planned, fill in fills if planned}.isdisjoint({fill for planned, fill in fills if not planned})

    with page.expect_download() as loaded:
        page.click(".downloads a:has-text('XLSX')")
    book = openpyxl.load_workbook(io.BytesIO(Path(loaded.value.path()).read_bytes()))
    for line, row in zip(book["比较"].iter_rows(min_row=2, values_only=True), rows, strict=True):
        stated = [str(cell) for cell in line[3:] if cell is not None]
        assert [line[0], *stated] == [cell for cell in row if cell != "·"]


def test_each_dot_leads_to_its_sentence_and_its_report(at: str, open_page: OpenPage) -> None:
    """By a click, and by the keyboard; the words marked are those of the report."""
    page = open_page(at, f"/compare?i={GRAIN}")
    marks = page.locator(".mark")
    quotes = []
    for number in range(marks.count()):
        marks.nth(number).locator(".dot").click(force=True)
        card = page.locator(".source-card:target")
        card.wait_for(state="visible")
        quotes.append(card.locator("mark").inner_text())
        assert re.search(r"/r/[0-9a-f]{20}/1\?f=1$", card.locator("a.button").get_attribute("href"))
        card.locator(".close").click()
    assert set(quotes) == {"100吨", "110吨", "140吨", "150吨", "200000斤", "210000斤", "240000斤"}

    marks.first.focus()
    page.keyboard.press("Enter")
    page.locator(".source-card:target").wait_for(state="visible")


def test_a_cell_is_opened_corrected_and_taken_back_by_keys(at: str, folder: Path, open_page: OpenPage) -> None:
    """One key each, without the page being loaded again."""
    page = open_page(at, "/panel/work_report")
    page.evaluate("window.stays = true")
    cell = page.locator(f'[data-cell="{CELL}"]')
    cell.click()
    page.locator(".pane mark").wait_for()
    assert page.locator(".pane mark").inner_text() == "5.3%"

    page.keyboard.press("y")
    page.locator(f'[data-cell="{CELL}"] .tick').wait_for()
    page.keyboard.press("e")
    page.keyboard.type("5.35")
    page.keyboard.press("Enter")
    page.locator(f'[data-cell="{CELL}"]:has-text("5.35")').wait_for()
    page.keyboard.press("x")
    page.locator(f'[data-cell="{CELL}"].state-struck').wait_for()
    page.keyboard.press("u")
    page.locator(f'[data-cell="{CELL}"].state-stated').wait_for()
    assert cell.inner_text() == "5.3"
    page.keyboard.press("ArrowDown")
    page.locator(f".square[aria-current]:not([data-cell='{CELL}'])").wait_for()

    assert page.evaluate("window.stays") is True
    lines = (folder / "state" / "reviews.jsonl").read_text("utf-8").splitlines()
    assert [re.search(r'"action":"(\w+)"', line)[1] for line in lines] == ["confirm", "correct", "strike", "withdraw"]  # type: ignore[index]


def test_an_address_of_a_cell_shows_it(at: str, open_page: OpenPage) -> None:
    """The last column lies outside the grid's window until it is scrolled there."""
    page = open_page(at, "/panel/work_report")
    page.goto(page.locator(".square").last.evaluate("(one) => one.href"))

    page.wait_for_function("""() => {
      const cell = document.querySelector(".square[aria-current]").getBoundingClientRect();
      const grid = document.querySelector(".grid-scroll").getBoundingClientRect();
      return cell.left >= grid.left && cell.right <= grid.right && cell.top >= grid.top && cell.bottom <= grid.bottom;
    }""")


@pytest.mark.parametrize("width", [390, 1200])
def test_place_and_year_of_a_line_stay_in_sight(at: str, open_page: OpenPage, width: int) -> None:
    """However far the grid is scrolled, beside each other; most of a phone's screen is left to the figures."""
    page = open_page(at, "/panel/work_report")
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(".grid-scroll").evaluate("(one) => { one.scrollLeft = one.scrollWidth; }")

    left, place, between, right = page.evaluate("""() => {
      const of = (name) => document.querySelector(name).getBoundingClientRect();
      const [grid, place, year] = [of(".grid-scroll"), of(".grid th[scope=row]"), of(".grid td.year")];
      return [grid.left, place.left, year.left - place.right, year.right - grid.left];
    }""")
    assert (abs(place - left) < 2, abs(between) < 1, right < 0.4 * width) == (True, True, True)
    assert page.locator(".grid-scroll").evaluate("(one) => one.scrollLeft") > 0


def test_a_cell_is_reviewed_without_a_script(at: str, folder: Path, browser: Any) -> None:
    """Links and forms do the same by loading the page."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{at}/panel/work_report")
    page.click(f'[data-cell="{CELL}"]')
    page.click(".say-confirm button")
    page.wait_for_load_state()

    assert page.locator(f'[data-cell="{CELL}"] .tick').count() == 1
    assert [one.action for one in Reviews(folder / "state" / "reviews.jsonl").read()] == ["confirm"]
    page.goto(f"{at}/compare?i={GRAIN}")
    page.locator(".compare-table .point").first.click()
    assert page.locator(".source-card:target mark").is_visible()
    context.close()


@pytest.mark.slow_page
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_and_no_word_missing(at: str, open_page: OpenPage, language: str) -> None:
    """In each room, in each light."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page = open_page(at, "/p", color_scheme=scheme)
        for path in ROOMS:
            page.goto(f"{at}{path}&lang={language}")
            found = Axe().run(page).response["violations"]
            grave = [
                f"{one['id']}: {node['html']}" for one in found if one["impact"] in SERIOUS for node in one["nodes"]
            ]
            assert grave == [], (scheme, path)
            assert page.get_attribute("html", "lang") == language
            assert re.findall(r"\{\w+\}|\bUndefined\b", page.inner_text("main")) == []


def test_nothing_is_wider_than_a_telephone(at: str, open_page: OpenPage) -> None:
    """What is wide moves within its own frame."""
    page = open_page(at, "/p", viewport={"width": 390, "height": 844})
    for path in ROOMS:
        page.goto(f"{at}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
