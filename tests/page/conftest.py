"""A real browser before a real service: Redis, watcher, workers, store and page, over the seeds.

The browser is Chromium, of the system or of Playwright. Where there is none these tests are skipped with the line that
installs one; with ``ZHIBIAO_BROWSER=require`` they fail instead.
"""

import os
import shutil
import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest

from store.views import NoStore, Views
from store.writing import FILE_NAME
from tests.service_rig import ROOT, Home, running
from tests.waiting import LONG_S, eventually

INSTALL = "pip install playwright, and apt-get install chromium fonts-wqy-microhei or playwright install chromium"
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and put them first: what is first stays with one of several processes, and one
    browser and one service over the seeds serve them all."""
    here = str(Path(__file__).parent) + os.sep
    ours = [item for item in items if str(item.path).startswith(here)]
    for item in ours:
        item.add_marker("page")
    items[:] = ours + [item for item in items if not str(item.path).startswith(here)]


def without_browser(why: str) -> NoReturn:
    if os.environ.get("ZHIBIAO_BROWSER") == "require":
        pytest.fail(f"{why}: {INSTALL}", pytrace=False)
    pytest.skip(f"{why}: {INSTALL}")


# Not of the session: while Playwright runs, no other test of its process can have an event loop.
_KEPT = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """The browser goes after the last test of this folder that runs here."""
    try:
        return (yield)
    finally:
        if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
            _KEPT.close()
            _chromium.cache_clear()


@pytest.fixture(scope="module")
def browser() -> Any:
    """Chromium, without a window; a name that a stranger owns leads to this machine."""
    return _chromium()


@lru_cache(maxsize=1)
def _chromium() -> Any:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        without_browser("Playwright is not installed")
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    arguments = ["--host-resolver-rules=MAP evil.example 127.0.0.1", "--disable-gpu"]
    if os.getuid() == 0:
        arguments.append("--no-sandbox")
    playwright = _KEPT.enter_context(sync_playwright())
    try:
        chromium = playwright.chromium.launch(executable_path=found, args=arguments)
    except Error as error:
        _KEPT.close()
        without_browser(f"no Chromium can be started ({str(error).splitlines()[0]})")
    _KEPT.callback(chromium.close)
    return chromium


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Site:
    """A service with its page."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.port = int(home.environ["ZHIBIAO_PAGE_PORT"])
        self.at = f"http://127.0.0.1:{self.port}"

    def until_read(self, documents: int) -> None:
        """Wait until the store has so many documents."""
        eventually(lambda: self.documents() >= documents, what=f"{documents} documents in the store")

    def documents(self) -> int:
        """How many documents the store has."""
        try:
            views = Views(self.home.state / FILE_NAME)
        except NoStore:
            return 0
        try:
            return views.sizes()["documents"]
        finally:
            views.close()

    def until_served(self) -> None:
        """Wait until the page answers."""
        eventually(self._answers, what="the page answers")

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1.0).close()
        except OSError:
            return False
        return True


def serving(folder: Path, *, anew: Collection[str] = (), **settings: str) -> Iterator[Site]:
    """A service of its own with its page, stopped in the end; its parts are forks but for those that are begun ``anew``."""
    folder.mkdir(exist_ok=True)
    port = str(free_port())
    settings |= {"ZHIBIAO_PAGE": "true", "ZHIBIAO_STORE": "true", "ZHIBIAO_PAGE_PORT": port, "ZHIBIAO_WORKERS": "1"}
    with running(folder, anew=anew, **settings) as home:
        site = Site(home)
        site.until_served()
        yield site


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service that has read the seeds; the demo's watcher and workers are begun anew as well. Tests that change more than they look at have one of their own."""
    for site in serving(tmp_path_factory.mktemp("seeded"), anew=("store", "page")):
        for seed in SEEDS:
            site.home.rename_in(seed, seed.name)
        site.until_read(len(SEEDS))
        yield site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A service with an empty inbox, for one test."""
    yield from serving(tmp_path / "service")


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages, each in a browser of its own; what none of ours may ever do is found in the end.

    That is: ask another machine for anything, break the policy, write an error to the console.
    """
    with opening(browser) as (look, wrong):
        yield look
    assert wrong == []


@contextmanager
def opening(browser: Any) -> Iterator[tuple[Callable[..., Any], list[str]]]:
    """What opens pages, and what they did that none of ours may ever do."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def look(at: str, path: str = "/", **options: Any) -> Any:
        options = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(**options)
        context.set_default_timeout(LONG_S * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: wrong.extend(_foreign(at, request.url)))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda message: wrong.extend(_complaint(message)))
        page.goto(at + path)
        return page

    yield look, wrong
    for context in contexts:
        context.close()


def _foreign(at: str, url: str) -> Iterator[str]:
    if urlsplit(url).netloc != urlsplit(at).netloc and not url.startswith(("data:", "blob:", "about:")):
        yield f"foreign: {url}"


def _complaint(message: Any) -> Iterator[str]:
    # That a line was cut, or an answer a refusal, is what some tests are about.
    if message.type == "error" and "Failed to load resource" not in message.text and "net::" not in message.text:
        yield f"console: {message.text}"
