"""The inbox in a browser: dropping, steps, failures, and what is left without a script."""

import os
import re
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas import names
from tests.page.conftest import SEEDS, Site
from tests.waiting import eventually

OpenPage = Callable[..., Any]
CHOOSE = "#files-form input[name=files]"
READ = '#files td.status[data-state="filed"]'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def text() -> Callable[[int], str]:
    """Small reports of our own, each another one."""

    def make(number: int) -> str:
        return f"某市{2000 + number}年法治政府建设年度报告\n\n全市共受理行政复议申请{number + 100}件，审结{number + 90}件。\n"

    return make


def paths(page: Any) -> list[str]:
    """The files in the list."""
    return sorted(page.eval_on_selector_all("#files tr", "rows => rows.map(row => row.dataset.path)"))


def test_dropped_files_are_read_and_lead_to_their_figures(
    site: Site, open_page: OpenPage, tmp_path: Path, text: Callable[[int], str]
) -> None:
    files = [tmp_path / f"报告{number}.txt" for number in range(3)]
    for number, file in enumerate(files):
        file.write_text(text(number), "utf-8")
    page = open_page(site.at)
    assert page.is_visible("text=还没有文件")

    page.set_input_files(CHOOSE, files)
    page.locator(READ).nth(2).wait_for()

    assert paths(page) == sorted(file.name for file in files)
    page.wait_for_selector("#files .figures:has-text('2')")
    links = page.eval_on_selector_all("#files .what a", "links => links.map(link => link.getAttribute('href'))")
    assert all(re.fullmatch(r"/r/[0-9a-f]{20}/1", link) for link in links)
    page.wait_for_selector("text=某市2000年法治政府建设年度报告")
    assert page.is_visible("text=服务正常")


@pytest.mark.slow_page
def test_dropping_by_mouse_takes_files(site: Site, open_page: OpenPage, text: Callable[[int], str]) -> None:
    page = open_page(site.at)
    dropped = page.evaluate_handle(
        "text => { const all = new DataTransfer(); all.items.add(new File([text], '拖入.txt')); return all; }", text(7)
    )

    page.dispatch_event("#drop", "dragenter", {"dataTransfer": dropped})
    assert page.inner_text(".drop-title") == "松开即可收下"
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    page.wait_for_selector(READ)

    assert paths(page) == ["拖入.txt"]
    assert page.inner_text(".drop-title") == "把报告拖到这里"


@pytest.mark.slow_page
def test_a_folder_keeps_its_order_and_an_archive_becomes_one(
    site: Site, open_page: OpenPage, tmp_path: Path, text: Callable[[int], str]
) -> None:
    folder = tmp_path / "某省"
    (folder / "2023").mkdir(parents=True)
    (folder / "一.txt").write_text(text(1), "utf-8")
    (folder / "2023" / "二.txt").write_text(text(2), "utf-8")
    with zipfile.ZipFile(tmp_path / "打包.zip", "w") as archive:
        archive.writestr("三.txt", text(3))
        archive.writestr("../四.txt", text(4))
    page = open_page(site.at)

    page.set_input_files("#folder", folder)
    page.set_input_files(CHOOSE, tmp_path / "打包.zip")
    page.locator(READ).nth(2).wait_for()

    assert paths(page) == sorted(["打包/三.txt", "某省/2023/二.txt", "某省/一.txt"])
    page.wait_for_selector("#refused >> text=打包/../四.txt")


@pytest.mark.slow_page
def test_pasted_text_is_a_report(site: Site, open_page: OpenPage, text: Callable[[int], str]) -> None:
    page = open_page(site.at)

    page.click("text=粘贴文字")
    page.fill("textarea", text(5))
    page.click("text=收下这段文字")
    page.wait_for_selector("text=已收下 1 份")
    page.wait_for_selector(READ)

    assert [re.sub("-[0-9a-f]{8}", "-…", path) for path in paths(page)] == ["某市2005年法治政府建设年度报告-….txt"]


def test_a_failure_says_what_and_what_next_and_can_be_put_away_and_read_again(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.at)

    page.set_input_files(CHOOSE, {"name": "扫描件.png", "mimeType": "image/png", "buffer": PNG})
    page.wait_for_selector("text=不是能读的格式")
    page.click("#failures summary")
    assert "PNG" in page.inner_text("#failures details p")

    page.click("text=收起")
    assert not page.is_visible("text=不是能读的格式")
    page.reload()
    page.wait_for_selector("text=已收起 1 条")
    assert not page.is_visible("text=不是能读的格式")
    page.click("text=显示")
    page.click("text=再读一次")
    page.wait_for_url("**/?taken=1")
    page.wait_for_selector("text=不是能读的格式")  # it failed again, and is news again

    # The page has it from the worker's event; the watcher tells the step when it has heard of that.
    eventually(lambda: [step["round"] for step in _steps(site) if step["state"] == "quarantined"] == [1, 2])


def test_the_first_look_of_a_newcomer(site: Site, open_page: OpenPage) -> None:
    """One click, and there is something to see."""
    page = open_page(site.at)

    page.click("text=用五份示例试试")
    page.locator(READ).nth(4).wait_for()

    assert paths(page) == sorted(seed.name for seed in SEEDS)


@pytest.mark.slow_page
def test_without_a_script_the_forms_do_the_same(
    site: Site, open_page: OpenPage, tmp_path: Path, text: Callable[[int], str]
) -> None:
    file = tmp_path / "报告.txt"
    file.write_text(text(1), "utf-8")
    page = open_page(site.at, java_script_enabled=False)

    page.set_input_files(CHOOSE, file)
    page.click("text=送入")
    assert "已收下 1 份" in page.inner_text("main")
    eventually(lambda: page.reload() and page.locator("#files .what a").count())

    assert page.locator(".needs-script:visible").count() == 0


@pytest.mark.slow_page
def test_a_service_without_redis_says_so_and_takes_files(
    site: Site, open_page: OpenPage, text: Callable[[int], str]
) -> None:
    """They wait, and are read when it is back."""
    page = open_page(site.at)
    redis = next(line["pid"] for line in site.home.log() if line.get("part") == "redis")
    os.kill(redis, signal.SIGSTOP)
    try:
        page.reload()
        page.wait_for_selector("text=Redis 暂时连不上")
        page.set_input_files(CHOOSE, {"name": "报告.txt", "mimeType": "text/plain", "buffer": text(1).encode()})
        page.wait_for_selector("text=已送入 1 份")
    finally:
        os.kill(redis, signal.SIGCONT)
    page.wait_for_selector(READ)

    assert paths(page) == ["报告.txt"]


@pytest.mark.slow_page
def test_forty_files_through_kills_and_cuts_end_once_each(
    site: Site, open_page: OpenPage, tmp_path: Path, text: Callable[[int], str]
) -> None:
    """The page's process is killed three times and the line cut again and again: none double, none missing."""
    files = [tmp_path / f"{number:02}.txt" for number in range(40)]
    for number, file in enumerate(files):
        file.write_text(text(number), "utf-8")
    page = open_page(site.at)

    page.set_input_files(CHOOSE, files)
    for cut in range(12):
        page.context.set_offline(True)
        page.wait_for_timeout(300)
        page.context.set_offline(False)
        page.wait_for_timeout(1700)
        if cut % 4 == 1:
            os.kill(_pid_of_page(site), signal.SIGKILL)
    page.locator(READ).nth(39).wait_for()

    assert paths(page) == [file.name for file in files]
    assert page.locator("#files tr").count() == 40
    assert sorted(event["subject"] for event in site.home.events()) == [file.name for file in files]
    eventually(lambda: sorted(site.home.inbox.iterdir()) == [])


def _pid_of_page(site: Site) -> int:
    site.until_served()
    return int([line["pid"] for line in site.home.log() if line.get("part") == "page" and "pid" in line][-1])


def _steps(site: Site) -> list[dict[str, Any]]:
    return site.home.events(names.DEFAULT.files_stream)


def test_a_text_that_is_too_long_is_refused_before_it_is_sent(site: Site, open_page: OpenPage) -> None:
    """Whole characters, or half ones that are what is too much; the text stays in its field."""
    page = open_page(site.at)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.click(".paste summary")

    for text in ("'某县年报'.repeat(200000)", "'某县年报'.repeat(110000) + '\\ud800'.repeat(5000)"):
        page.evaluate(f"document.querySelector('#paste textarea').value = {text}")
        page.click("#paste button")
        page.wait_for_selector("#refused li:has-text('4 MB')")
        page.evaluate("document.querySelector('#refused ul').replaceChildren()")

    assert sent == []
    assert page.evaluate("document.querySelector('#paste textarea').value.length") == 445_000
