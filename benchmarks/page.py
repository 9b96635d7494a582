"""How quick the page is, how large its files and its process are, and how it bears many readers while reports arrive.

    python -m benchmarks.page [--readers 50] [--reports 300]

Runs a service of its own in a temporary folder. From a drop in a real browser to the first lit figure in the report's room it
takes the median of several; then readers ask for rooms, each again as soon as it was answered, while the reports arrive.
"""

import argparse
import gzip
import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
ROOMS = ("/", "/?part=state", "/reports", "/figures?q=行政复议", "/stream")
LIMIT_S = 180.0
DROPS = 5


class Service:
    """``zhibiao up`` with its page on a free port."""

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, home / "service.log"
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            self.port = int(listening.getsockname()[1])
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
        environ |= {"ZHIBIAO_PAGE_PORT": str(self.port), "ZHIBIAO_LOG_FORMAT": "json"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "zhibiao", "up"], cwd=home, env=environ, stderr=log, start_new_session=True
            )
        self.until(lambda: self.ask("/health")[0] == 200, "the page answers")

    def ask(self, path: str) -> tuple[int, bytes]:
        """Status and body; 0 where nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path.replace("行政复议", "%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE"))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def until(self, look: Any, what: str) -> None:
        """Wait for it."""
        end = time.monotonic() + LIMIT_S
        while not look():
            if time.monotonic() > end:
                raise SystemExit(f"not within {LIMIT_S:g} s: {what}; see {self.log.read_text('utf-8')[-2000:]}")
            time.sleep(0.05)

    def page_memory_mb(self) -> float:
        """What the page's process holds, shared code included."""
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text, command = status.read_text(), (status.parent / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"PPid:\t{self.process.pid}\n" in text and command[-3:-1] == [b"-m", b"page"]:
                return int(text.split("VmRSS:")[1].split()[0]) / 1000
        raise SystemExit("the page has no process")


@contextmanager
def service() -> Iterator[Service]:
    """One that is stopped in the end."""
    with tempfile.TemporaryDirectory(prefix="zhibiao-page-") as folder:
        running = Service(Path(folder))
        try:
            yield running
        finally:
            running.process.terminate()
            running.process.wait()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--reports", type=int, default=300)
    chosen = parser.parse_args()
    print(f"files of the page, gzipped: {assets_kb():.1f} kB")
    with service() as running:
        print(f"process of the page, begun: {running.page_memory_mb():.0f} MB")
        to_link, to_figure = from_drop(running)
        print(f"from a drop to the link to its figures: {to_link * 1000:.0f} ms; to the first lit figure: {to_figure}")
        times, wrong = read_while_reports_arrive(running, chosen.readers, chosen.reports)
        quantiles = statistics.quantiles(times, n=100)
        print(
            f"{chosen.readers} readers while {chosen.reports} reports arrive: {len(times)} answers, "
            f"p50 {quantiles[49] * 1000:.0f} ms, p95 {quantiles[94] * 1000:.0f} ms, errors {wrong}"
        )
        print(f"process of the page, then: {running.page_memory_mb():.0f} MB")


def assets_kb() -> float:
    """All files that a browser may load from the page, as they travel."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in (ROOT / "page" / "static").iterdir()) / 1000


def from_drop(running: Service) -> tuple[float, str]:
    """Medians, as a browser sees it; the second in words, for a room may be missing."""
    from playwright.sync_api import sync_playwright

    links, figures, status = [], [], 200
    seed = sorted(SEEDS.glob("*.txt"))[1].read_bytes()
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = browser.new_page()
        for number in range(DROPS):
            page.goto(f"http://127.0.0.1:{running.port}/")
            content = seed + f"\n第{number}份。\n".encode()
            began = time.perf_counter()
            page.set_input_files(
                "#files-form input[name=files]", {"name": f"{number}.txt", "mimeType": "", "buffer": content}
            )
            link = page.locator(f'#files tr[data-path="{number}.txt"] .what a')
            link.wait_for()
            links.append(time.perf_counter() - began)
            with page.expect_navigation() as led:
                link.click()
            status = led.value.status if led.value else 0
            if status == 200:
                page.locator("mark").first.wait_for()
                figures.append(time.perf_counter() - began)
        browser.close()
    lit = f"{statistics.median(figures) * 1000:.0f} ms" if figures else f"its room answers {status}"
    return statistics.median(links), lit


def read_while_reports_arrive(running: Service, readers: int, reports: int) -> tuple[list[float], int]:
    """Seconds of each answer, and how many were none."""
    rooms = [room for room in ROOMS if running.ask(room)[0] == 200]
    times: list[float] = []
    wrong = [0]
    ended = threading.Event()

    def read(number: int) -> None:
        while not ended.is_set():
            began = time.perf_counter()
            status, _ = running.ask(rooms[number % len(rooms)])
            times.append(time.perf_counter() - began)
            wrong[0] += status != 200
            number += 1
            ended.wait(0.5)  # as long as nobody takes to look at it

    threads = [threading.Thread(target=read, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    drop(running.home, reports)
    filed = running.home / "processed"
    running.until(lambda: len(list(filed.glob("many-*.json"))) >= reports, f"{reports} reports are filed")
    ended.set()
    for thread in threads:
        thread.join()
    return times, wrong[0]


def drop(home: Path, reports: int) -> None:
    """So many files of new content, renamed into the inbox."""
    seeds = [seed.read_bytes() for seed in sorted(SEEDS.glob("*.txt"))]
    for number in range(reports):
        file = home / f"many-{number}.txt"
        file.write_bytes(seeds[number % len(seeds)] + f"\n第{number}件。\n".encode())
        file.rename(home / "inbox" / file.name)


if __name__ == "__main__":
    main()
