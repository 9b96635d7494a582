"""The monitoring of Compose in a real Prometheus over a real service: targets, alerts, and each query of the board.

Where there is no ``prometheus`` (Debian's package of that name has it and ``promtool``), this is skipped.
"""

import json
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.test_metrics import free_ports
from tests.service_rig import ROOT, running
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(
    not shutil.which("prometheus") or not shutil.which("promtool"), reason="there is no Prometheus here"
)

MONITORING = ROOT / "monitoring"
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
WORKERS = 2
BOARD = json.loads((MONITORING / "board.json").read_text("utf-8"))
QUERIES = sorted({target["expr"] for panel in BOARD["panels"] for target in panel["targets"]})
ALERTS = {
    rule["alert"] for rule in yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
}
#: What stays at nothing while there is no trouble.
QUIET = (
    "zhibiao_watcher_alarm > 0",
    "sum by (code) (increase(zhibiao_watcher_kept_back_files_total[1h]))",
    "sum by (error) (increase(zhibiao_worker_failed_attempts_total[1h]))",
)
#: What five reports have moved.
BUSY = (
    "60 * sum(rate(zhibiao_worker_figures_total[5m]))",
    "sum by (stage) (rate(zhibiao_worker_read_seconds_sum[15m])) / sum by (stage) (rate(zhibiao_worker_read_seconds_count[15m]))",
)
WELL = {
    'sum(up{job="zhibiao"})': 1 + WORKERS,
    "sum(zhibiao_worker_healthy)": WORKERS,
    "zhibiao_watcher_queue_length": 0,
    "zhibiao_watcher_outstanding": 0,
}


class Prometheus:
    """A server that answers at ``port``."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, what: str, **parameters: str) -> Any:
        """The data of an answer; None while there is none."""
        query = urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/api/v1/{what}?{query}", timeout=30) as reply:
                return json.loads(reply.read())["data"]
        except (urllib.error.URLError, ConnectionError):
            return None

    def result(self, expression: str) -> list[dict[str, Any]]:
        """The series that a query gives just now."""
        data = self.ask("query", query=expression)
        assert data is not None, f"refused: {expression}"
        found: list[dict[str, Any]] = data["result"]
        return found


def configured(folder: Path, port: int) -> Path:
    """The project's own configuration, with the places of this service where Compose's names stand, and asked oftener."""
    settings = yaml.safe_load((MONITORING / "prometheus.yml").read_text("utf-8"))
    settings["global"] = {"scrape_interval": "500ms", "evaluation_interval": "500ms"}
    (job,) = settings["scrape_configs"]
    del job["dns_sd_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{port + part}" for part in range(1 + WORKERS)]}]
    shutil.copy(MONITORING / "alerts.yml", folder)
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(settings), "utf-8")
    return file


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """One that has watched a service while it read all seeds."""
    folder = tmp_path_factory.mktemp("monitored")
    metrics, own = free_ports(1 + WORKERS), free_ports()
    (folder / "service").mkdir()
    file = configured(folder, metrics)
    command = ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}"]
    with (
        running(folder / "service", ZHIBIAO_METRICS_PORT=str(metrics), ZHIBIAO_WORKERS=str(WORKERS)) as home,
        (folder / "prometheus.log").open("wb") as log,
        subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{own}"], stdout=log, stderr=log) as process,
    ):
        server = Prometheus(own)
        try:
            eventually(lambda: len(up(server)) == 1 + WORKERS, what=lambda: (folder / "prometheus.log").read_text())
            for seed in SEEDS:
                home.rename_in(seed, seed.name)
            eventually(lambda: filed(server) == len(SEEDS), what=lambda: f"{filed(server)} are filed")
            yield server
        finally:
            process.terminate()


def up(server: Prometheus) -> list[str]:
    targets = (server.ask("targets") or {}).get("activeTargets", [])
    return [target["scrapeUrl"] for target in targets if target["health"] == "up"]


def filed(server: Prometheus) -> float:
    """How many reports are published, as the board has it."""
    found = server.result('sum by (state) (zhibiao_watcher_files{state="published"})')
    return float(found[0]["value"][1]) if found else 0


def test_its_own_tool_takes_the_files_as_compose_mounts_them() -> None:
    """Configuration and alerts, by the tool that the package brings."""
    done = subprocess.run(
        ["promtool", "check", "config", MONITORING / "prometheus.yml"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ALERTS)} rules found" in done.stdout


def test_every_alert_is_loaded_and_none_rings_for_a_service_that_is_well(prometheus: Prometheus) -> None:
    def rules() -> list[dict[str, Any]]:
        groups = prometheus.ask("rules")["groups"]
        return [rule for group in groups for rule in group["rules"]]

    eventually(lambda: all(rule["health"] != "unknown" for rule in rules()))

    assert {rule["name"] for rule in rules()} == ALERTS
    assert {rule["name"]: rule.get("lastError") for rule in rules() if rule["health"] != "ok"} == {}
    assert [rule["name"] for rule in rules() if rule["state"] != "inactive"] == []


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_the_board_gives_what_there_is(query: str, prometheus: Prometheus) -> None:
    """Series with the numbers of a service that has read five reports without any trouble."""
    if query in QUIET:
        assert {value for value in values(prometheus, query) if value} == set()
        return

    found = eventually(lambda: values(prometheus, query), what=f"no series for {query}")

    if query in WELL:
        eventually(lambda: values(prometheus, query) == [WELL[query]], what=lambda: str(values(prometheus, query)))
    elif query in BUSY:
        eventually(lambda: max(values(prometheus, query)) > 0, what=lambda: str(values(prometheus, query)))
    assert not any(map(isnan, found))


def test_the_tables_above_name_queries_of_the_board() -> None:
    """One that was reworded is looked at by its new words."""
    assert {*QUIET, *BUSY, *WELL} <= {*QUERIES}


def values(server: Prometheus, query: str) -> list[float]:
    return [float(one["value"][1]) for one in server.result(query)]
